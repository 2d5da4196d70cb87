"""A papermill engine that gives each notebook a kernel of its own, with limits.

Papermill waits for ever for a kernel that hangs and says only that a kernel "died". This engine
bounds time and memory, and turns the end of a kernel into one sentence. What ends one notebook
never reaches another.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import uuid4

import psutil
from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from wib_lib.dutch import number
from wib_lib.errors import RunError
from wib_lib.kernels.fork import THREADS, short_folder
from wib_lib.kernels.provisioner import WarmProvisioner

ENGINE = "wib"
GB = 10**9
SAVE_EVERY = 5  # seconds between two copies of a notebook that still runs
CHECK_EVERY = 0.25  # seconds between two looks at a kernel's time and memory
SILENT = logging.getLogger("wib_lib.kernels")  # what goes wrong is raised; the screen stays clean
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


@dataclass(frozen=True)
class Limits:
    """
    What one notebook may use.

    Parameters
    ----------
    start, cell : int
    notebook : float
        Seconds for the start of the kernel, for each cell, and for all of the notebook.
    memory : int
        Bytes in use by the kernel. The default, four fifths of the machine's memory, ends a
        notebook that would else end other programs.
    """

    start: int = 120
    cell: int = 600
    notebook: float = 1_800
    memory: int = psutil.virtual_memory().total * 4 // 5


@dataclass(frozen=True)
class Launch:
    """
    How the kernel of one notebook starts.

    Parameters
    ----------
    root : Path
        Its working directory.
    log : Path
        File for what it writes to its standard output and error.
    address : Path, optional
        Socket of a fork server; without one the kernel is an ordinary process.
    limits : Limits
    """

    root: Path
    log: Path
    address: Path | None = None
    limits: Limits = Limits()


class Engine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Papermill's own engine, with the kernel of a `Launch`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, launch: Launch, **_: Any
    ) -> None:
        """
        Run all cells in a fresh kernel.

        Raises
        ------
        RunError
            When the kernel did not start, ended by itself, or passed a limit.
        """
        limits = launch.limits
        base = launch.address.parent if launch.address else short_folder()
        with TemporaryDirectory(prefix="wib-", dir=base) as folder, launch.log.open("wb") as log:
            client = PapermillNotebookClient(
                nb_man,
                kernel_name=kernel_name,
                startup_timeout=limits.start,
                timeout=limits.cell,
                shutdown_kernel="immediate",  # all output is in, and nothing is kept for a next notebook
                log=SILENT,
                config=_own_sockets(folder),
            )
            manager = client.create_kernel_manager()
            if launch.address:
                manager.provisioner = WarmProvisioner(
                    launch.address,
                    limits.start,
                    kernel_id=str(uuid4()),
                    kernel_spec=manager.kernel_spec,
                    parent=manager,
                )
            environment = dict(os.environ) | THREADS
            with _watched(manager, limits) as watch, _saved_seldom(nb_man):
                try:
                    client.execute(cwd=str(launch.root), env=environment, stdout=log, stderr=log)
                except (DeadKernelError, CellTimeoutError, RuntimeError) as problem:
                    raise RunError(
                        _told(nb_man, watch.reason or _reason(problem, limits))
                    ) from None
                finally:
                    ensure_event_loop().close()  # this thread's own, which nobody else closes


papermill_engines.register(ENGINE, Engine)


@contextmanager
def _saved_seldom(nb_man: NotebookExecutionManager) -> Iterator[None]:
    """Leave out most saves at the start and end of each cell: they took longer than the cells."""
    save = nb_man.save

    def seldom(**kwargs: Any) -> None:
        if (nb_man.now() - nb_man.last_save_time).total_seconds() >= SAVE_EVERY:
            save(**kwargs)

    nb_man.save = seldom
    try:
        yield
    finally:
        nb_man.save = save  # papermill saves once more at the end


class Watch(Thread):
    """Looks at one kernel until it is over, and kills it when it passes a limit."""

    def __init__(self, manager: KernelManager, limits: Limits) -> None:
        super().__init__(daemon=True)
        self.manager, self.limits = manager, limits
        self.deadline = monotonic() + limits.notebook
        self.over = Event()
        self.reason: str | None = None

    def run(self) -> None:
        """Look, four times a second."""
        while self.reason is None and not self.over.wait(CHECK_EVERY):
            pid = getattr(self.manager.provisioner, "pid", None)
            if pid is None:
                continue
            try:
                self.look(psutil.Process(pid))
            except psutil.NoSuchProcess:  # it ended by itself, which papermill notices
                return

    def look(self, kernel: psutil.Process) -> None:
        """Kill the kernel, with the processes that it started, when it passed a limit."""
        if monotonic() > self.deadline:
            self.reason = (
                f"gestopt omdat het notebook langer duurde dan {_duration(self.limits.notebook)}"
            )
        elif kernel.memory_info().rss > self.limits.memory:
            size = number(self.limits.memory / GB, 1)
            self.reason = f"gestopt omdat het notebook meer dan {size} GB geheugen gebruikte"
        if self.reason:
            for process in (kernel, *kernel.children(recursive=True)):
                process.kill()


@contextmanager
def _watched(manager: KernelManager, limits: Limits) -> Iterator[Watch]:
    watch = Watch(manager, limits)
    watch.start()
    try:
        yield watch
    finally:
        watch.over.set()
        watch.join()


def _own_sockets(folder: str) -> Config:
    """
    Talk to a kernel over sockets in `folder` where there are any: TCP is open to all users.

    The folder must be the kernel's own, or two kernels answer each other's messages. The file
    with the key to the kernel stands there too.
    """
    settings = {"connection_file": f"{folder}/kernel.json"}
    if sys.platform != "win32":
        settings |= {"transport": "ipc", "ip": f"{folder}/kernel"}
    return Config({"KernelManager": settings})


def _reason(problem: Exception, limits: Limits) -> str:
    """Say why a kernel ended; `_told` adds where to look."""
    if isinstance(problem, CellTimeoutError):
        return f"gestopt omdat deze cel langer duurde dan {_duration(limits.cell)}"
    if isinstance(problem, DeadKernelError):
        return "de kernel is onverwacht beëindigd"
    return f"de kernel startte niet binnen {_duration(limits.start)}"


def _told(nb_man: NotebookExecutionManager, reason: str) -> str:
    """Mark the cell that ran as failed, and name it by its number in the notebook."""
    started = [i for i, cell in enumerate(nb_man.nb.cells) if cell.metadata.papermill.start_time]
    if not started:
        return reason
    nb_man.cell_exception(nb_man.nb.cells[started[-1]], cell_index=started[-1])
    return f"cel {started[-1]}: {reason}"


def _duration(seconds: float) -> str:
    """
    Write a time limit.

    Examples
    --------
    >>> _duration(1_800), _duration(1.5)
    ('30 minuten', '1,5 seconden')
    """
    if seconds >= 120 and seconds % 60 == 0:
        return f"{number(seconds / 60)} minuten"
    return f"{number(seconds, 0 if seconds == int(seconds) else 1)} seconden"
