"""A headless Chromium over its DevTools protocol: what a page asks for, says, and looks like."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-port=0",
    "--remote-allow-origins=*", "--disable-extensions", "--no-proxy-server",
)  # fmt: skip
PATIENCE = 60  # seconds; a busy machine is slow to start a browser
LOCAL = ("file:", "data:", "about:", "blob:")


def chromium() -> str | None:
    """Find a Chromium; None where there is none."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


@dataclass
class Browser:
    """One page at a time; `asked` and `said` are those of the page that is open."""

    socket: Any
    session: str = ""
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    _count: int = 0
    _loaded: bool = False

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and return its result; events that come in between are noted."""
        self._count += 1
        mine = self._count
        words = {"id": mine, "method": method, "params": params}
        self.socket.send(json.dumps(words | ({"sessionId": self.session} if self.session else {})))
        while (answer := self._next()).get("id") != mine:
            pass
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def open(self, page: Path, *, width: int = 1280, height: int = 900, scale: float = 1) -> None:
        """Open a file and wait until it and its frames are loaded and drawn."""
        self.asked.clear()
        self.said.clear()
        self._loaded = False
        size = {"width": width, "height": height, "deviceScaleFactor": scale}
        self.call("Emulation.setDeviceMetricsOverride", **size, mobile=width < 600)
        self.call("Page.navigate", url=page.resolve().as_uri())
        end = time.monotonic() + PATIENCE
        while not self._loaded and time.monotonic() < end:
            self._next()
        assert self._loaded, f"{page.name} was not loaded within {PATIENCE} s"
        self.wait()

    def wait(self) -> None:
        """Let the page and its frames draw and report."""
        self.run("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(1), 250)))")

    def run(self, script: str) -> Any:
        """Evaluate a script in the page and return its value; a promise is awaited."""
        found = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def violations(self, axe: str, *, without: tuple[str, ...] = ()) -> list[str]:
        """Run axe-core over the page, its frames aside: rule, and the first place that breaks it."""
        self.run(axe + "; 0")
        rules = json.dumps({rule: {"enabled": False} for rule in without})
        options = f"{{iframes: false, rules: {rules}}}"
        found = self.run(f"axe.run(document, {options}).then(r => r.violations)")
        return [
            f"{rule['id']} ({rule['help']}): {rule['nodes'][0]['html'][:160]} "
            f"[{rule['nodes'][0].get('failureSummary', '')[:200]}] x{len(rule['nodes'])}"
            for rule in found
        ]

    def picture(self, target: Path, *, whole: bool = True) -> None:
        """Write a PNG of the page."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        target.write_bytes(base64.b64decode(shot["data"]))

    def paper(self, target: Path) -> None:
        """Print the page on A4."""
        made = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        target.write_bytes(base64.b64decode(made["data"]))

    def _listen(self, session: str) -> None:
        for domain in ("Network", "Runtime", "Log"):
            self._count += 1
            words = {"id": self._count, "method": f"{domain}.enable", "sessionId": session}
            self.socket.send(json.dumps(words))

    def _next(self) -> Any:
        message = json.loads(self.socket.recv())
        method, params = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])
        elif method == "Runtime.consoleAPICalled":
            self.said.append(str([arg.get("value") for arg in params["args"]]))
        elif method == "Log.entryAdded":
            self.said.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.said.append(str(params["exceptionDetails"]["text"]))
        elif method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Target.attachedToTarget":  # a frame of its own: listen to it too
            self._listen(params["sessionId"])
        return message


@contextmanager
def browser(program: str) -> Iterator[Browser]:
    """Start a browser of the test's own, and end it."""
    import websocket  # comes with jupyter_server

    folder = Path(tempfile.mkdtemp(prefix="wib-chromium-"))
    started = subprocess.Popen(
        [program, *QUIET, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    socket = None
    try:
        port, path = _address(folder / "DevToolsActivePort", started)
        socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=PATIENCE)
        page = Browser(socket)
        target = page.call("Target.createTarget", url="about:blank")["targetId"]
        attached = page.call("Target.attachToTarget", targetId=target, flatten=True)
        page.session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            page.call(f"{domain}.enable")
        page.call(
            "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True
        )
        offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        page.call("Network.emulateNetworkConditions", offline=True, **offline)
        yield page
    finally:
        if socket is not None:
            socket.close()
        started.terminate()
        started.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _address(file: Path, started: "subprocess.Popen[bytes]") -> tuple[str, str]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and started.poll() is None:
        lines = file.read_text().split() if file.is_file() else []
        if len(lines) == 2:
            return lines[0], lines[1]
        time.sleep(0.05)
    raise RuntimeError("Chromium did not open its DevTools port")
