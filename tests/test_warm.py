"""
Warm kernels beside ordinary ones: the same outputs, nothing shared, and no end but their own.

One fork server serves all tests of this file, as it serves all notebooks of a run.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest

from conftest import REPO, make_proef
from wib_lib.code import notebooks_reach
from wib_lib.errors import RunError
from wib_lib.kernels import fork, server
from wib_lib.kernels.engine import ENGINE, Launch, Limits
from wib_lib.kernels.provisioner import Forked
from wib_lib.plan import Plan, plan
from wib_lib.step import execute

pytestmark = pytest.mark.skipif(not fork.can_fork(), reason="dit systeem kent geen veilige fork")
USUAL, MB = Limits(), 10**6
GONE_WITHIN = 10  # seconds


@dataclass
class Bench:
    """A folder in which notebooks run, with a fork server."""

    root: Path
    address: Path | None

    def run(self, *sources: str, name: str = "proef", limits: Limits = USUAL) -> list[str]:
        """Run cells as one notebook; return the printed text of each."""
        book = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in sources],
            metadata={"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}},
        )
        launch = Launch(self.root, self.root / f"{name}.log", self.address, limits)
        papermill.execute_notebook(
            book, str(self.path(name)), engine_name=ENGINE, launch=launch, progress_bar=False
        )
        return self.printed(name)

    def path(self, name: str = "proef") -> Path:
        return self.root / f"{name}.ipynb"

    def printed(self, name: str = "proef") -> list[str]:
        book = nbformat.read(self.path(name), as_version=4)
        return ["".join(o.get("text", "") for o in cell.outputs) for cell in book.cells]

    @property
    def server(self) -> psutil.Process:
        """The one process that listens on the server's socket."""
        folder = str(self.address.parent)
        children = psutil.Process().children()
        return next(child for child in children if folder in child.cmdline())


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    root = tmp_path_factory.mktemp("warm")
    modules = notebooks_reach((REPO / "notebooks").glob("*.ipynb"))
    with fork.fork_server(root, modules) as address:
        yield Bench(root, address)
    assert not address.parent.exists()


def gone(condition: Callable[[], bool]) -> bool:
    """Wait until something is over."""
    until = time.monotonic() + GONE_WITHIN
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()


# --- the server ------------------------------------------------------------------------------


def test_kernels_come_from_a_server_with_one_thread(bench):
    (parent, modules), = [json.loads(text) for text in bench.run(
        "import json, os, sys\n"
        "print(json.dumps([os.getppid(), ['statsmodels' in sys.modules, 'folium' in sys.modules]]))"
    )]  # fmt: skip
    assert parent == bench.server.pid
    assert modules == [True, True]
    assert bench.server.num_threads() == 1
    assert bench.address.parent.stat().st_mode & 0o777 == 0o700


def test_no_process_and_no_file_stays_behind(bench):
    with pytest.raises(RunError):
        bench.run("import os, subprocess; print(subprocess.Popen(['sleep', '60']).pid)",
                  "os._exit(0)")  # fmt: skip
    child = int(bench.printed()[0])
    assert bench.server.children() == []
    assert gone(lambda: not psutil.pid_exists(child))
    assert [path.name for path in bench.address.parent.iterdir()] == ["server"]


def test_a_kernel_ends_when_its_connection_closes(bench):
    order = {"arguments": [], "cwd": str(bench.root), "env": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as link, (bench.root / "los.log").open("wb") as log:
        link.connect(str(bench.address))
        socket.send_fds(link, [json.dumps(order).encode() + b"\n"], [log.fileno()])
        kernel = Forked(link).pid
        assert psutil.Process(kernel).ppid() == bench.server.pid
    assert gone(lambda: not psutil.pid_exists(kernel))


def test_ordinary_kernel_where_fork_is_missing(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "fork")
    with fork.fork_server(tmp_path) as address:
        assert address is None


def test_ordinary_kernel_when_the_server_is_gone(bench):
    alone = replace(bench, address=bench.address.parent / "weg")
    (parent,) = alone.run("import os; print(os.getppid())", name="alleen")
    assert int(parent) == os.getpid()


# --- isolation -------------------------------------------------------------------------------

LOOK = """
import json, os, random, signal, sys, threading, warnings
import matplotlib, numpy, pandas
print(json.dumps({
    "module": hasattr(pandas, "gelekt"),
    "option": pandas.get_option("display.max_rows"),
    "library": hasattr(__import__("wib_lib.rates").rates, "gelekt"),
    "rcParams": matplotlib.rcParams["lines.linewidth"],
    "backend": matplotlib.get_backend(),
    "environ": {k: v for k, v in os.environ.items() if k not in ("JPY_PARENT_PID", "MPLBACKEND", "PYDEVD_USE_FRAME_EVAL")},
    "cwd": os.getcwd(),
    "path": sys.path,
    "threads": sorted(t.name for t in threading.enumerate() if "gelekt" in t.name),
    "files": sorted(f for d in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{d}")
                    and (f := os.readlink(f"/proc/self/fd/{d}")).startswith(os.getcwd())),
    "signal": str(signal.getsignal(signal.SIGUSR1)),
    "sigchld": str(signal.getsignal(signal.SIGCHLD)),
    "filters": len(warnings.filters),
    "main": sorted(name for name in vars(sys.modules["__main__"]) if "gelekt" in name),
    "umask": os.umask(0o022),
}))
print(random.random(), numpy.random.random())
"""
LEAK = """
import os, random, signal, sys, threading, time, warnings
import matplotlib, numpy, pandas, wib_lib.rates
pandas.gelekt = wib_lib.rates.gelekt = gelekt = True
pandas.set_option("display.max_rows", 7)
matplotlib.rcParams["lines.linewidth"] = 9
matplotlib.use("svg")
os.environ["GELEKT"] = "ja"
random.seed(1); numpy.random.seed(1)
os.makedirs("gelekt", exist_ok=True); os.chdir("gelekt")
sys.path.append("gelekt")
threading.Thread(target=time.sleep, args=(60,), name="gelekt", daemon=True).start()
opened = open("gelekt.txt", "w")
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
warnings.simplefilter("error", UserWarning)
os.umask(0o077)
"""
STATES = ("module option library rcParams backend environ cwd path threads files signal sigchld "
          "filters main umask").split()  # fmt: skip


@pytest.fixture(scope="module")
def looks(bench):
    """What a notebook sees: before another one leaked, in that one itself, and after it."""
    before, leaking, after = bench.run(LOOK), bench.run(LEAK, LOOK)[1:], bench.run(LOOK)
    ordinary = replace(bench, address=None).run(LOOK, name="gewoon")
    texts = {"before": before, "leaking": leaking, "after": after, "ordinary": ordinary}
    return {name: (json.loads(text[0].splitlines()[0]), text[0].splitlines()[1])
            for name, text in texts.items()}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_nothing_reaches_the_next_notebook(looks, state):
    assert looks["leaking"][0][state] != looks["before"][0][state], "the leak itself is seen"
    assert looks["after"][0][state] == looks["before"][0][state]


# Warning filters that a library sets when it is imported are there from the start; the file that
# is open is the log, which has the notebook's name.
@pytest.mark.parametrize("state", [name for name in STATES if name not in ("filters", "files")])
def test_a_notebook_sees_what_it_sees_in_an_ordinary_kernel(looks, state):
    assert looks["before"][0][state] == looks["ordinary"][0][state]


def test_every_notebook_draws_its_own_random_numbers(looks):
    drawn = [looks[name][1].split() for name in ("before", "after", "ordinary")]
    assert len({first for first, _ in drawn}) == len({second for _, second in drawn}) == 3


# --- the end of a notebook -------------------------------------------------------------------

HANG = "import time\nwhile True: time.sleep(0.1)"
STUBBORN = ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + HANG)  # fmt: skip
ENDS = {
    "killed": ("import os; os.kill(os.getpid(), 9)", Limits(), "cel 1: de kernel is onverwacht beëindigd"),
    "own exit": ("import os; os._exit(0)", Limits(), "cel 1: de kernel is onverwacht beëindigd"),
    "memory": ("import time\nrows = []\nwhile True: rows.append(b'x' * 20_000_000); time.sleep(0.01)",
               Limits(memory=800 * MB),
               "cel 1: gestopt omdat het notebook meer dan 0,8 GB geheugen gebruikte"),
    "hung cell": (HANG, Limits(cell=1),
                  "cel 1: gestopt omdat deze cel langer duurde dan 1 seconden"),
    "hung notebook": (STUBBORN, Limits(notebook=2.5),
                      "cel 1: gestopt omdat het notebook langer duurde dan 2,5 seconden"),
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_a_kernel_that_ends_takes_only_its_own_notebook(bench, end):
    source, limits, message = ENDS[end]
    with ThreadPoolExecutor(1) as pool:
        neighbour = pool.submit(
            bench.run, "import time; time.sleep(1.5)", "print(6 * 7)", name="buur"
        )
        with pytest.raises(RunError, match=f"^{re.escape(message)}$"):
            bench.run("print('eerste')", source, "print('nooit')", limits=limits)
        assert neighbour.result()[1] == "42\n"
    assert bench.printed()[0] == "eerste\n", "what was done before is kept"
    assert bench.printed()[2] == ""
    saved = nbformat.read(bench.path(), as_version=4)
    assert [cell.metadata.papermill.status for cell in saved.cells][:2] == ["completed", "failed"]
    assert bench.server.children() == []
    assert bench.run("print('weer')") == ["weer\n"]


def test_limits_hold_for_an_ordinary_kernel(bench):
    with pytest.raises(RunError, match="het notebook langer duurde dan 8 seconden"):
        replace(bench, address=None).run(STUBBORN, limits=Limits(notebook=8))


def test_a_kernel_that_does_not_start(bench, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import time; time.sleep(5)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    slow = replace(bench, address=None)
    with pytest.raises(RunError, match=r"^de kernel startte niet binnen 1 seconden$"):
        slow.run("1", limits=Limits(start=1))


# --- the end of a run ------------------------------------------------------------------------

RUNNER = """
import sys
from pathlib import Path
from test_warm import STUBBORN, Bench, fork
root = Path(sys.argv[1])
with fork.fork_server(root) as address:
    bench = Bench(root, address)
    print(bench.server.pid, flush=True)
    bench.run("import os; open('nieuw', 'w').write(str(os.getpid())); os.rename('nieuw', 'kernel')",
              STUBBORN)
"""


@pytest.mark.parametrize("is_warm", [True, False])
def test_a_long_temporary_folder_is_no_obstacle(tmp_path, monkeypatch, is_warm):
    """The name of a socket has its limit, about a hundred characters."""
    temporary = tmp_path / ("lang" * 20)
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with fork.fork_server(tmp_path) as address:
        Bench(tmp_path, address if is_warm else None).run("open('gedaan', 'w').close()")
    assert (tmp_path / "gedaan").is_file()


def test_no_process_and_no_folder_outlives_a_killed_runner(tmp_path, request):
    temporary = Path(tempfile.mkdtemp(dir="/tmp"))  # short enough for sockets
    request.addfinalizer(lambda: shutil.rmtree(temporary, ignore_errors=True))
    places = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tmp_path)], text=True, stdout=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": places},
    )  # fmt: skip
    with runner:
        server = int(runner.stdout.readline())
        while not (tmp_path / "kernel").is_file():
            assert runner.poll() is None
            time.sleep(0.05)
        assert list(temporary.iterdir()), "there is something to clean up"
        runner.kill()
    kernel = int((tmp_path / "kernel").read_text())
    assert gone(lambda: not psutil.pid_exists(server) and not psutil.pid_exists(kernel))
    assert gone(lambda: not list(temporary.iterdir()))


# --- the same outputs ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def work(voorbeeld, tmp_path_factory) -> Plan:
    proef = make_proef(tmp_path_factory.mktemp("gelijk") / "project")
    for name in ("data/raw/voorbeeld", "data/processed/voorbeeld"):
        shutil.copytree(voorbeeld.proef.root / name, proef.root / name)
    return plan(proef.project, "voorbeeld", areas=["gouda"])


def results(executed: Path) -> dict[str, str]:
    """Everything that a notebook left, without times."""
    found = {}
    for path in executed.parent.iterdir():
        found[path.name] = path.read_text(encoding="utf-8")
    book = nbformat.reads(found.pop(executed.name), as_version=4)
    found |= {f"cel {i}": json.dumps(cell.get("outputs")) for i, cell in enumerate(book.cells)}
    return found


@pytest.mark.parametrize("notebook", ["02_problem_analysis", "03_trends_hotspots"])
def test_same_outputs_warm_and_ordinary(bench, work, monkeypatch, notebook):
    monkeypatch.chdir(work.project.root)
    ordinary = results(execute(work, "gouda", notebook))
    warm = results(execute(work, "gouda", notebook, bench.address))
    assert any("text/html" in text for text in ordinary.values())
    assert "claims.json" in ordinary
    assert warm == ordinary


@pytest.mark.parametrize("is_gone", [False, True])
def test_no_imports_for_a_runner_that_is_gone(is_gone, monkeypatch):
    """A delivery that is refused is told at once, not after the imports for its notebooks."""
    imported = []
    monkeypatch.setattr(server, "import_module", imported.append)
    reads, writes = os.pipe()
    with open(reads) as stdin, open(writes, "w") as runner:
        monkeypatch.setattr(sys, "stdin", stdin)
        if is_gone:
            runner.close()
        server.preload(["wib_lib.rates"])
    assert imported == ([] if is_gone else [*server.STACK, "wib_lib.rates"])
