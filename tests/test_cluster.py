"""The chain over dask.distributed: a real scheduler and real workers, on this machine."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from conftest import Proef, make_proef
from wib_lib.errors import RunError
from wib_lib.plan import NOTEBOOKS, Plan, plan

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")

SRC = Path(__file__).parents[1] / "src"
QUIET = {"DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "0", "PYTHONWARNINGS": "ignore"}
AREAS = ("--gemeente", "gouda", "--gemeente", "delft")


def wait_for(wanted: Callable[[], Any], seconds: float = 120) -> Any:
    """Wait until something is there, and return it."""
    until = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)
    return found


@dataclass
class Cluster:
    """A scheduler of the test's own; every process that it starts ends with the test."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, module: str, *words: str, **env: str) -> psutil.Process:
        log = self.folder / f"{len(self.processes)}.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *words],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
                env=os.environ | QUIET | {"TMPDIR": str(self.folder)} | env,
            )  # fmt: skip
        self.processes.append(process)
        return psutil.Process(process.pid)

    def scheduler(self, **env: str) -> psutil.Process:
        file = self.folder / "scheduler.json"
        words = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
        process = self.start("dask_scheduler", *words, **env)
        wait_for(lambda: file.is_file() and file.stat().st_size)
        self.address = str(json.loads(file.read_text())["address"])
        return process

    def worker(self, **env: str) -> psutil.Process:
        return self.start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", **env)

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def started(folder: Path, **env: str) -> Iterator[Cluster]:
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        cluster.scheduler(**env)
        yield cluster
    finally:
        cluster.end()


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from wib_lib.cli import main; main()", *words]


def wib(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("run", *words), cwd=root, capture_output=True, text=True, timeout=400, check=False
    )


def copy_of(voorbeeld: Any, root: Path) -> Proef:
    """Copy the sample, read already."""
    proef = make_proef(root)
    for name in ("data/raw/voorbeeld", "data/processed/voorbeeld"):
        shutil.copytree(voorbeeld.proef.root / name, proef.root / name)
    return proef


def results(root: Path) -> Path:
    return root / "data/processed/voorbeeld/uitkomsten/werkgroep"


def kernels_of(worker: psutil.Process) -> list[psutil.Process]:
    """Return the kernels that a worker's fork server has at work now."""
    return [kernel for server in worker.children() for kernel in server.children()]


# --- the same packs, though a worker is lost ---------------------------------------------------


@dataclass
class Both:
    """A run on this machine, and one on a cluster that lost a worker half-way."""

    here: Path
    there: Path
    done: subprocess.CompletedProcess[str]
    killed: list[psutil.Process]  # the lost worker with all that it had started
    left: psutil.Process


@pytest.fixture(scope="module")
def both(voorbeeld, tmp_path_factory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("cluster")
    here, there = folder / "hier", folder / "daar"
    for root in (here, there):
        copy_of(voorbeeld, root)
    shutil.rmtree(there / "data/processed")  # a run on a cluster reads the delivery itself
    (folder / "koppeling").symlink_to(there)  # the same folder, mounted elsewhere
    local = wib(here, "--jobs", "2", *AREAS)
    assert local.returncode == 0, local.stderr
    with started(folder / "dask") as cluster:
        lost = cluster.worker()
        left = cluster.worker(WIB_ROOT=str(folder / "koppeling"))
        words = command("run", "--jobs", "2", "--scheduler", cluster.address, *AREAS)
        run = subprocess.Popen(
            words, cwd=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with run:
            wait_for(lambda: list(results(there).glob("*/01_ingest/gemaakt.json")))
            wait_for(lambda: kernels_of(lost))
            killed = [lost, *lost.children(recursive=True)]
            lost.kill()
            out, err = run.communicate(timeout=300)
        yield Both(
            here, there, subprocess.CompletedProcess(words, run.returncode, out, err), killed, left
        )


def test_a_run_completes_though_a_worker_was_killed(both):
    assert (both.done.returncode, both.done.stderr) == (0, "")
    for slug in ("gouda", "delft"):
        for step in (*NOTEBOOKS, "pakket"):
            assert (results(both.there) / slug / step / "gemaakt.json").is_file()
    assert len(both.killed) > 2, "a fork server and a kernel were lost with it"


def test_a_killed_worker_leaves_no_process(both):
    wait_for(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE
                             for process in both.killed), 10)  # fmt: skip


def test_the_other_worker_is_left_as_it_was(both):
    assert both.left.is_running()
    wait_for(lambda: not both.left.children(), 10)


def test_no_mark_of_the_cluster_in_the_project(both):
    folder = both.there / "data/processed/voorbeeld"
    here = both.here / "data/processed/voorbeeld"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in here.iterdir()
    )


def without_times(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+Z]+|\b\d{1,2}:\d\d(:\d\d)?\b", "", text)


@pytest.mark.parametrize("slug", ["gouda", "delft", "werkgroep"])
def test_packs_are_those_of_a_run_on_one_machine(both, slug):
    places = [root / "reports/voorbeeld/werkgroep" / slug for root in (both.here, both.there)]
    names = [sorted(path.name for path in place.iterdir()) for place in places]
    assert names[0] == names[1]
    assert "kerncijfers.json" in names[0]
    assert {"evaluatie.html", "werkgroep.html"} & set(names[0])
    for name in names[0]:
        if name.endswith((".html", "kerncijfers.json")):
            here, there = (without_times((place / name).read_text("utf-8")) for place in places)
            assert here == there, name


@pytest.mark.parametrize("slug", ["gouda", "delft"])
def test_claims_and_records_are_those_of_a_run_on_one_machine(both, slug):
    for step in NOTEBOOKS:
        places = [results(root) / slug / step for root in (both.here, both.there)]
        claims = [(place / "claims.json").read_text("utf-8") for place in places]
        assert claims[0] == claims[1]
        records = [json.loads((place / "gemaakt.json").read_text("utf-8")) for place in places]
        for part in ("notebook", "bibliotheek", "pakketten", "parameters", "gegevens"):
            assert records[0][part] == records[1][part], (step, part)


def test_nothing_is_left_to_do_and_no_cluster_is_needed_for_that(both):
    done = wib(both.there, "--scheduler", "tcp://127.0.0.1:1", "--why", *AREAS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("niets gewijzigd") == 2 * 6 + 3


# --- who may work ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Iterator[Cluster]:
    """Start a scheduler without workers; a step may lose no worker at all."""
    never = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with started(tmp_path_factory.mktemp("poort") / "dask", **never) as cluster:
        yield cluster


@pytest.fixture
def work(project) -> Plan:
    levering = project.small()
    project.ingest(levering)
    return plan(project.project, "klein", areas=["gouda"])


@pytest.fixture
def own(dask) -> Iterator[Callable[..., psutil.Process]]:
    """Start workers that end with the test, and are gone before the next."""
    with ExitStack() as stack:

        def start(**env: str) -> psutil.Process:
            worker = dask.worker(**env)
            stack.callback(dask.processes[-1].wait, 20)
            stack.callback(dask.processes[-1].kill)
            return worker

        yield start


def enter(dask: Cluster, work: Plan, patience: float = 60.0) -> Any:
    from wib_lib.cluster import cluster

    return cluster(dask.address, work, patience=patience)


def other_package(folder: Path) -> dict[str, str]:
    about = folder / "anders-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: anders\nVersion: 1.0\n")
    return {"PYTHONPATH": os.pathsep.join([str(SRC), str(folder)])}


def other_code(folder: Path) -> dict[str, str]:
    shutil.copytree(SRC, folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "src/wib_lib/trend.py").open("a") as stream:
        stream.write("\n# one line more\n")
    return {"PYTHONPATH": str(folder / "src")}


def other_folder(folder: Path) -> dict[str, str]:
    return {"WIB_ROOT": str(folder), "PYTHONPATH": str(SRC)}


OTHERS = {
    other_package: r"andere versie van een pakket: anders \(1\.0 in plaats van geen\)",
    other_code: r"de bibliotheek verschilt van die hier: trend; zet overal dezelfde commit",
    other_folder: r"de map .* is niet die van deze run; .* WIB_ROOT\.",
}


@pytest.mark.parametrize("differ", OTHERS, ids=lambda differ: differ.__name__)
def test_a_worker_that_differs_is_refused_by_name(dask, own, work, tmp_path, differ):
    folder = tmp_path / "anders"
    folder.mkdir()
    own(**differ(folder))
    with pytest.raises(RunError, match=rf"^werker tcp://127\.0\.0\.1:\d+: {OTHERS[differ]}"):
        enter(dask, work).__enter__()


def test_a_worker_that_comes_later_and_differs_leaves(dask, own, work, tmp_path):
    own()
    with enter(dask, work) as (executor, n_jobs):
        assert n_jobs == 1
        late = own(**other_folder(tmp_path))
        wait_for(lambda: not late.is_running() or late.status() == psutil.STATUS_ZOMBIE, 60)
        assert executor.submit(pow, 2, 10).result() == 1024


@pytest.mark.parametrize("name", ["batched", "client", "comm.tcp", "core"])
def test_an_analyst_does_not_see_the_log_of_a_lost_connection(dask, own, work, name):
    """A message that is under way when the scheduler goes is logged, with a traceback."""
    own()
    with enter(dask, work):
        assert not logging.getLogger(f"distributed.{name}").isEnabledFor(logging.ERROR)


def test_no_worker(dask, work):
    with pytest.raises(RunError, match="binnen 1 seconden geen werker; start werkers"):
        enter(dask, work, patience=1).__enter__()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "onzin"])
def test_wrong_address_is_one_sentence_and_soon(project, address):
    from wib_lib import cluster

    project.ingest(project.small())
    work = plan(project.project, "klein", areas=["gouda"])
    begun = time.monotonic()
    with pytest.raises(RunError, match=f"^--scheduler '{address}': er antwoordt geen scheduler"):
        cluster.cluster(address, work).__enter__()
    assert time.monotonic() - begun < 2 * cluster.CONNECT
    assert not list(work.project.processed("klein").glob(".nieuw-*"))


# --- what is lost ------------------------------------------------------------------------------


def test_a_step_that_ends_its_workers_fails_alone(dask, own, work):
    own(), own()
    with enter(dask, work) as (executor, _):
        problem = executor.submit(os._exit, 1).exception(60)
        assert isinstance(problem, RunError)
        assert str(problem).startswith("de werker viel 1 keer weg tijdens deze stap")
        assert executor.submit(pow, 2, 10).result(60) == 1024


def test_the_last_worker_is_lost(dask, own, work):
    worker = own()
    with enter(dask, work) as (executor, _):
        executor.patience = 1
        assert executor.submit(pow, 2, 10).result(60) == 1024
        worker.kill()
        wait_for(lambda: not executor.client.nthreads())
        problem = executor.submit(pow, 2, 10).exception(60)
    assert isinstance(problem, RunError)
    assert str(problem).startswith("al 1 seconden is er geen werker meer; wat klaar is blijft")


def test_the_scheduler_is_lost(voorbeeld, tmp_path):
    root = copy_of(voorbeeld, tmp_path / "project").root
    with started(tmp_path / "dask") as cluster:
        worker = cluster.worker()
        words = command("run", "--scheduler", cluster.address, *AREAS, "--until", NOTEBOOKS[1])
        run = subprocess.Popen(
            words, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with run:
            (done,) = wait_for(lambda: list(results(root).glob("*/01_ingest/gemaakt.json")))
            cluster.processes[0].kill()
            _, err = run.communicate(timeout=60)
        assert run.returncode == 1
        assert err == ("Fout: de verbinding met de scheduler is verbroken; wat klaar is blijft "
                       "bewaard, en dezelfde opdracht doet alleen de rest.\n")  # fmt: skip
        assert done.is_file()
        wait_for(lambda: not worker.is_running() or not worker.children(), 30)
