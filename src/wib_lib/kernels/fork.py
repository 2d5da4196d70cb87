"""A fork server's life, seen from the run that uses it.

Light to import: the server is started first, and imports while the run still checks its input.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

# One thread per kernel: areas run beside each other, and more threads only wait for each other.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ARROW = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}  # or importing it starts a thread
BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as a kernel sets itself
LONGEST = 60  # characters of a folder for sockets: a whole path may have about a hundred
END_TIMEOUT = 2  # seconds; longer only when the server is still importing


def can_fork() -> bool:
    """Tell whether kernels can be forked; on macOS its own libraries make that unsafe."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def short_folder() -> str | None:
    """Return where sockets can lie: None for the temporary folder, unless its name is too long."""
    return "/tmp" if os.name != "nt" and len(gettempdir()) > LONGEST else None


@contextmanager
def fork_server(root: Path, modules: Iterable[str] = ()) -> Iterator[Path | None]:
    """
    Run a fork server for as long as the context lasts.

    Parameters
    ----------
    root : Path
        Root of the project, where notebooks run.
    modules : iterable of str
        Modules that the notebooks use: imported before the first one starts.

    Yields
    ------
    Path or None
        Socket on which it forks kernels; None where the system cannot fork.
    """
    if not can_fork():
        yield None
        return
    with TemporaryDirectory(
        prefix="wib-", dir=short_folder()
    ) as folder:  # readable for its owner only
        address = Path(folder) / "server"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen(128)  # a runner may ask before the imports are done
            server = _start(listener.fileno(), folder, root, modules)
        try:
            yield address
        finally:
            _stop(server)


def _start(
    descriptor: int, folder: str, root: Path, modules: Iterable[str]
) -> subprocess.Popen[bytes]:
    inherited = {key: value for key, value in os.environ.items() if key != "JPY_PARENT_PID"}
    return subprocess.Popen(
        [sys.executable, "-m", "wib_lib.kernels.server", str(descriptor), folder, *modules],
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
