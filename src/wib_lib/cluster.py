"""The same chain on other machines: steps go to the workers of a `dask.distributed` scheduler.

A step reads and writes the project's own folders, so every worker must see them through a shared
file system, at the client's path or at its own `WIB_ROOT`. Before work starts each worker is asked
what it has, and one that would make other results is refused: its code, its packages (a step's
record holds their versions) and the delivery must be the client's. A step leaves its record only
when it ended well, so that doing it again after a worker was lost is safe. See docs/cluster.md.
"""

import asyncio
import os
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib import import_module
from logging import CRITICAL, getLogger
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import ParamSpec, TypeVar, cast

import dask
from distributed import Client, KilledWorker, LocalCluster, Worker, WorkerPlugin, get_worker
from distributed import Future as Answer
from distributed.client import ClosedClientError
from distributed.core import rpc
from distributed.security import Security

import wib_lib
from wib_lib.code import module_digests, notebooks_reach, reached, versions
from wib_lib.dutch import listing, number
from wib_lib.errors import RunError
from wib_lib.freshness import changed
from wib_lib.kernels.fork import fork_server
from wib_lib.landing import DRAFT
from wib_lib.plan import PACK, Plan, notebook_path
from wib_lib.project import Project
from wib_lib.step import Outcome, broken, do_step
from wib_lib.store import summary

LOCAL = "lokaal"
ROOT = "WIB_ROOT"
PLUGIN = "wib"
CONNECT = 10  # seconds to reach a scheduler
PATIENCE = 120.0  # seconds without any worker
LOOK_EVERY = 1.0  # seconds between two looks at whether there are workers
N_NAMED = 3  # of what differs, how many a message names
# Loggers with a level of their own; what they tell of a lost connection comes with a traceback.
LOUD = ("distributed", "distributed.client", "tornado.application")

P = ParamSpec("P")
T = TypeVar("T")


class ClusterError(BrokenExecutor, RunError):
    """No step can be done any more; what was done is kept."""


@contextmanager
def cluster(
    address: str, work: Plan, jobs: int | None = None, *, patience: float = PATIENCE
) -> Iterator[tuple[Executor, int]]:
    """
    Connect to a cluster whose workers can do this run.

    Parameters
    ----------
    address : str
        Of a scheduler, such as `tcp://10.0.0.5:8786`, or `lokaal` for worker processes here.
    work : Plan
    jobs : int, optional
        Steps side by side: as many workers are started (`lokaal`) or waited for.
    patience : float
        Seconds to wait for workers, at the start and whenever none is left.

    Yields
    ------
    Executor, int
        Does `do_at_worker`, and the number of steps that it does side by side. Its futures raise
        `ClusterError` when the scheduler or the last worker is gone.

    Raises
    ------
    RunError
        When the scheduler does not answer, no worker comes, or a worker differs from the client.
    """
    folder = work.project.processed(work.dataset.name)
    with ExitStack() as stack:
        mark = stack.enter_context(TemporaryDirectory(prefix=DRAFT, dir=folder))
        client = stack.enter_context(_connected(address, jobs))
        with suppress(Exception):  # what a run that was killed left behind
            client.unregister_worker_plugin(PLUGIN)
        n_threads = _await_workers(client, jobs or 1, patience)
        wanted = Wanted(work, Path(mark).name, summary(folder)["key"], _loaded(), versions())
        _refuse_others(client, wanted)
        stack.callback(_without_trace, client)
        client.register_plugin(Here(wanted), name=PLUGIN)
        executor = _Remote(client, max(n_threads, jobs or 1), patience)
        stack.callback(executor.shutdown, wait=False)
        yield executor, executor.n_side_by_side


def do_at_worker(
    work: Plan, slug: str, step: str, why: tuple[str, ...], started: datetime
) -> Outcome:
    """
    Do one step in a worker; see `wib_lib.step.do_step`.

    Not even an unexpected error is raised: its text may quote a row of the delivery, and a worker
    writes to its log what a task raises.
    """
    here = cast(Here, get_worker().plugins[PLUGIN])
    try:
        return do_step(moved(work), slug, step, why, started, here.server)
    except Exception as problem:
        return broken(slug, step, problem)


def moved(work: Plan) -> Plan:
    """Return a plan with the project where this process sees it: `WIB_ROOT`, or as it is."""
    root = Path(os.environ.get(ROOT, work.project.root))
    folder = work.dataset.folder
    if folder.is_relative_to(work.project.root):
        folder = root / folder.relative_to(work.project.root)
    return replace(work, project=Project(root), dataset=replace(work.dataset, folder=folder))


@dataclass(frozen=True)
class Wanted:
    """
    What a worker must have: the client's folders, delivery, code and packages.

    Parameters
    ----------
    work : Plan
    mark : str
        Name of a folder that the client made for this run beside the delivery's tables.
    key : str
        Of the delivery.
    library, packages : dict of str to str
        Digest per module; version per package.
    """

    work: Plan
    mark: str
    key: str
    library: dict[str, str]
    packages: dict[str, str]

    def missed(self) -> str:
        """Say what this process lacks; empty when it can do the run."""
        project = moved(self.work).project
        folder = project.processed(self.work.dataset.name)
        library, packages = _loaded(), versions()
        if other := changed(self.packages, packages):
            said = [
                f"{name} ({packages.get(name, 'ontbreekt')} in plaats van "
                f"{self.packages.get(name, 'geen')})"
                for name in other
            ]
            return (
                f"andere versie van een pakket: {_some(said)}; maak overal dezelfde omgeving uit "
                "requirements.lock."
            )
        if other := changed(self.library, library):
            return (
                f"de bibliotheek verschilt van die hier: {_some(other)}; zet overal dezelfde "
                "commit en start de werker opnieuw."
            )
        if not (folder / self.mark).is_dir():
            return (
                f"de map {project.root} is niet die van deze run; koppel daar dezelfde gedeelde "
                f"map, of noem haar plaats in {ROOT}."
            )
        if summary(folder).get("key") != self.key:
            return f"dataset '{folder.name}' is daar een andere levering; koppel dezelfde map."
        return ""


class Here(WorkerPlugin):
    """
    What a worker keeps for as long as a run lasts: a fork server of its own.

    Parameters
    ----------
    wanted : Wanted
    """

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.server: Path | None = None

    def setup(self, worker: Worker) -> None:
        """Start the fork server; a worker that came later and differs leaves the cluster."""
        self.stack = ExitStack()
        if missed := self.wanted.missed():
            getLogger("distributed.worker").error("wib: %s", missed)
            worker.loop.add_callback(worker.close_gracefully)
            return
        work = moved(self.wanted.work)
        steps = [step for step in work.steps if step != PACK]
        modules = notebooks_reach(notebook_path(work.project, step) for step in steps)
        self.server = self.stack.enter_context(fork_server(work.project.root, modules))

    def teardown(self, worker: Worker) -> None:
        """End the fork server with its kernels, and so the steps that nobody waits for."""
        self.stack.close()


class _Remote(ThreadPoolExecutor):
    """Hands each call to a worker; a thread here waits for it and knows when to give up."""

    def __init__(self, client: Client, n_side_by_side: int, patience: float) -> None:
        super().__init__(n_side_by_side)
        self.client, self.patience = client, patience
        self.n_side_by_side = n_side_by_side

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do a call at some worker."""
        return super().submit(self._ask, fn, *args, **kwargs)

    def _ask(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return self._await(self.client.submit(fn, *args, **kwargs, pure=False))
        except KilledWorker as problem:
            raise RunError(
                f"de werker viel {problem.allowed_failures + 1} keer weg tijdens deze stap; kijk in "
                "het log van de werkers (vaak is het geheugen te klein)"
            ) from None
        except (CancelledError, ClosedClientError, OSError):  # dask drops what it waited for
            raise ClusterError(_lost("de verbinding met de scheduler is verbroken")) from None

    def _await(self, future: "Answer[T]") -> T:
        last_seen = monotonic()
        while True:
            with suppress(TimeoutError):
                return future.result(timeout=LOOK_EVERY)
            if self.client.status != "running":
                raise CancelledError
            if self.client.nthreads():
                last_seen = monotonic()
            elif monotonic() - last_seen > self.patience:
                raise ClusterError(_lost(f"al {_seconds(self.patience)} is er geen werker meer"))


@contextmanager
def _connected(address: str, jobs: int | None) -> Iterator[Client]:
    for name in LOUD:  # what goes wrong is raised as a sentence
        getLogger(name).setLevel(CRITICAL)
    if address == LOCAL:
        with (
            TemporaryDirectory(prefix="wib-") as scratch,
            dask.config.set({"temporary-directory": scratch}),
            LocalCluster(
                n_workers=jobs or os.cpu_count(),
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=CRITICAL,
            ) as local,
            Client(local, set_as_default=False) as client,
        ):
            yield client
        return
    try:
        asyncio.run(asyncio.wait_for(_knock(address), CONNECT))
    except Exception:  # whatever it is that does or does not answer there
        raise RunError(
            f"--scheduler '{address}': er antwoordt geen scheduler binnen {_seconds(CONNECT)}; "
            f"geef een adres als tcp://10.0.0.5:8786, of {LOCAL}."
        ) from None
    with Client(address, timeout=CONNECT, set_as_default=False) as client:
        yield client


async def _knock(address: str) -> None:
    """Ask a scheduler who it is; a client that nobody answers would wait for ever."""
    link = rpc(address, connection_args=Security().get_connection_args("client"))
    try:
        await link.identity()
    finally:
        await link.close_rpc()


def _await_workers(client: Client, wanted: int, patience: float) -> int:
    """Wait until there are as many threads as wanted; with fewer, work starts all the same."""
    until = monotonic() + patience
    n: int
    while (n := sum(client.nthreads().values())) < wanted and monotonic() < until:
        sleep(0.1)
    if not n:
        raise RunError(
            f"bij de scheduler meldde zich binnen {_seconds(patience)} geen werker; start werkers "
            "(zie docs/cluster.md) en kijk in hun log."
        )
    return n


def _refuse_others(client: Client, wanted: Wanted) -> None:
    """Ask every worker what it lacks."""
    answers = client.run(wanted.missed, on_error="return")
    for address, answer in answers.items():
        if isinstance(answer, BaseException):  # the question itself needs the library
            said = (
                f"kan het werk niet lezen ({type(answer).__name__}); installeer daar wib_lib en "
                "dezelfde omgeving."
            )
            raise RunError(f"werker {address}: {said}")
        if answer:
            raise RunError(f"werker {address}: {answer}")


def _without_trace(client: Client) -> None:
    """End the fork servers; a worker or scheduler that is gone has ended its own."""
    with suppress(Exception):
        client.unregister_worker_plugin(PLUGIN)


@cache
def _loaded() -> dict[str, str]:
    """
    Return the digest of every module, as this process has it in memory.

    A worker may be older than a change of the code: all modules are imported when first asked,
    and the answer is kept.
    """
    names = [f"wib_lib.{module.name}" for module in pkgutil.iter_modules(wib_lib.__path__)]
    for name in names:
        import_module(name)
    return module_digests(reached(names))


def _some(names: list[str]) -> str:
    """
    Name the first few.

    Examples
    --------
    >>> _some(["a", "b", "c", "d", "e"])
    'a, b, c en nog 2'
    """
    if len(names) <= N_NAMED:
        return listing(names)
    return f"{', '.join(names[:N_NAMED])} en nog {len(names) - N_NAMED}"


def _seconds(value: float) -> str:
    return f"{number(value)} seconden"


def _lost(reason: str) -> str:
    return f"{reason}; wat klaar is blijft bewaard, en dezelfde opdracht doet alleen de rest."
