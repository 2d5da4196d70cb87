"""Where kernels come from: a fork server per run, or ordinary processes where fork is missing."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from wib_lib.kernels.server import NUMBER

# One thread per kernel: areas run beside each other, and more threads only wait for each other.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ARROW = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}  # or importing it starts a thread
BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as a kernel sets itself
END_TIMEOUT = 10  # seconds


def can_fork() -> bool:
    """Tell whether kernels can be forked; on macOS its own libraries make that unsafe."""
    return hasattr(os, "fork") and sys.platform != "darwin"


@contextmanager
def fork_server(root: Path) -> Iterator[Path | None]:
    """
    Run a fork server for as long as the context lasts.

    Parameters
    ----------
    root : Path
        Root of the project, where notebooks run.

    Yields
    ------
    Path or None
        Socket on which it forks kernels; None where the system cannot fork.
    """
    if not can_fork():
        yield None
        return
    with TemporaryDirectory(prefix="wib-") as folder:  # readable for its owner only
        address = Path(folder) / "server"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen(128)  # a runner may ask before the imports are done
            server = _start(listener.fileno(), folder, root)
        try:
            yield address
        finally:
            _stop(server)


def _start(descriptor: int, folder: str, root: Path) -> subprocess.Popen[bytes]:
    inherited = {key: value for key, value in os.environ.items() if key != "JPY_PARENT_PID"}
    return subprocess.Popen(
        [sys.executable, "-m", "wib_lib.kernels.server", str(descriptor), folder],
        cwd=root,
        env=BACKEND | inherited | THREADS | ARROW,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[descriptor],
        start_new_session=True,  # Ctrl+C is for the runner, which then closes this
    )


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Close the server's standard input: it ends its kernels, its folder and itself."""
    assert server.stdin
    server.stdin.close()
    try:
        server.wait(END_TIMEOUT)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


class Forked:
    """A kernel that the server forked, as far as a provisioner needs a `Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, link: socket.socket) -> None:
        self.link, self.returncode = link, cast("int | None", None)
        self.pid = self._number()
        link.setblocking(False)

    def _number(self) -> int:
        data = self.link.recv(NUMBER.size)
        if not data:
            raise EOFError
        return int(NUMBER.unpack(data)[0])

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        if self.returncode is None:
            try:
                self.returncode = self._number()
            except BlockingIOError:
                return None
            except (EOFError, ConnectionError):  # the server is gone; so must the kernel be
                self.returncode = -signal.SIGKILL
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.link.close()
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit code of a kernel that `poll` saw end."""
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """
    Starts kernels from a fork server; everything after the start is as for a local process.

    When the server is gone, or does not answer, the kernel is an ordinary one.
    """

    def __init__(self, address: Path, timeout: float, **traits: Any) -> None:
        super().__init__(**traits)
        self.address, self.timeout = address, timeout

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel with the arguments of a command for an ordinary one."""
        try:
            forked = self._fork(cmd, **kwargs)
        except (OSError, EOFError):
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cast(Any, forked)
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    def _fork(self, cmd: list[str], **how: Any) -> Forked:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        order = {"arguments": arguments, "cwd": how["cwd"], "env": how["env"]}
        data = json.dumps(order).encode() + b"\n"
        link = socket.socket(socket.AF_UNIX)
        try:
            link.settimeout(self.timeout)
            link.connect(str(self.address))
            n_sent = socket.send_fds(link, [data], [how["stderr"].fileno()])
            link.sendall(data[n_sent:])
            return Forked(link)
        except BaseException:
            link.close()
            raise
