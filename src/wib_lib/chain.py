"""The chain: four notebooks per area, run by papermill, exported to packs.

Per area 01 -> 02 -> 03 -> 04 and then the pack; areas run beside each other. A failing area
never stops the others. Nothing is written to `reports/` before everything that can be checked
without running a notebook has been checked, and a pack appears as a whole or not at all.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from traitlets.config import Config

from wib_lib.errors import RunError, WibError
from wib_lib.export import write_index
from wib_lib.pack import make_pack
from wib_lib.plan import PACK, Plan, declared, executed_path, notebook_path
from wib_lib.run import BANNER

START_TIMEOUT, CELL_TIMEOUT = 120, 600  # seconds; without them a broken kernel hangs a run
# One thread per kernel: areas run beside each other, and more threads only wait for each other.
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Outcome:
    """How one step of one area ended; `error` is one Dutch line, or None."""

    slug: str
    step: str
    seconds: float
    error: str | None = None


def run_chain(
    work: Plan, *, jobs: int, report: Callable[[Outcome | None, str, str], None]
) -> list[Outcome]:
    """
    Run all steps of all areas.

    Parameters
    ----------
    work : Plan
    jobs : int
        Processes side by side.
    report : callable
        Called as `report(None, slug, step)` when a step starts, with its outcome when it ends.

    Returns
    -------
    list of Outcome
        In the order in which steps ended.
    """
    outcomes: list[Outcome] = []
    started = datetime.now(UTC)
    todo = {slug: list(work.steps) for slug in work.params}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running: dict[Future[Outcome], str] = {}
        waiting = list(todo)
        while waiting or running:
            while waiting and len(running) < jobs:
                slug = waiting.pop(0)
                report(None, slug, todo[slug][0])
                running[pool.submit(do_step, work, slug, todo[slug].pop(0), started)] = slug
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                slug = running.pop(future)
                outcome = _outcome(future, slug, work.steps[-1 - len(todo[slug])])
                outcomes.append(outcome)
                report(outcome, slug, outcome.step)
                if outcome.error is None and todo[slug]:
                    waiting.insert(0, slug)
    return outcomes


def _outcome(future: Future[Outcome], slug: str, step: str) -> Outcome:
    """Take a step's outcome; a step that broke (a killed kernel, say) fails for its area only."""
    problem = future.exception()
    if problem is None:
        return future.result()
    return Outcome(slug, step, 0.0, f"{step}: onverwachte fout ({type(problem).__name__})")


def do_step(work: Plan, slug: str, step: str, started: datetime) -> Outcome:
    """Do one step of one area; what goes wrong comes back as one line, never as a traceback."""
    begun = time.perf_counter()
    try:
        if step == PACK:
            make_pack(work, slug, started)
        else:
            execute(work, slug, step)
    except WibError as problem:
        return Outcome(slug, step, time.perf_counter() - begun, str(problem))
    except OSError as problem:
        return Outcome(slug, step, time.perf_counter() - begun, f"{step}: {problem}")
    return Outcome(slug, step, time.perf_counter() - begun)


def execute(work: Plan, slug: str, notebook: str) -> Path:
    """
    Run one notebook for one area with papermill.

    The executed copy is kept in the analyst's layer, also when a cell failed.

    Raises
    ------
    RunError
        Naming notebook and cell, with the message of the failing cell.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    target = executed_path(work, slug, notebook)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.environ.update(THREADS)
    try:
        with TemporaryDirectory(prefix="wib-") as sockets, _errors_to(target.with_suffix(".log")):
            papermill.execute_notebook(
                str(notebook_path(work.project, notebook)),
                str(target),
                parameters=notebook_parameters(work, slug, notebook),
                cwd=str(work.project.root),
                kernel_name="python3",
                progress_bar=False,
                start_timeout=START_TIMEOUT,
                execution_timeout=CELL_TIMEOUT,
                config=_kernel_config(sockets),
            )
    except PapermillExecutionError as problem:
        known = {kind.__name__ for kind in _subclasses(WibError)}
        # The text of an unexpected error may quote a row of the delivery: it stays in the copy.
        copy = os.path.relpath(target, work.project.root)
        unexpected = f"onverwachte fout ({problem.ename}); zie {copy}"
        message = problem.evalue if problem.ename in known else unexpected
        # The index counts from 0 and counts papermill's own cell: this is the notebook's number.
        raise RunError(f"{notebook}, cel {problem.cell_index}: {message}") from None
    return target


def notebook_parameters(work: Plan, slug: str, notebook: str) -> dict[str, Any]:
    """Return exactly the declared parameters, with the values that hold for this run."""
    values = work.params[slug].model_dump(mode="json")
    place = os.path.relpath(work.dataset.folder, work.project.root)
    raw = work.project.root / "data" / "raw"
    name = work.dataset.name if work.dataset.folder.parent == raw else place
    values |= {"dataset": name, "audience": work.audience}
    return {key: values[key] for key in declared(work.project, notebook)}


def write_overview(work: Plan, outcomes: Sequence[Outcome]) -> Path:
    """
    Write the index over all areas, from the packs that are there.

    An area that failed in this run loses its old pack: a stale one would stand under a fresh
    index.
    """
    folder = work.project.reports(work.dataset.name, work.audience)
    failed = {
        o.slug: f"{o.step} is mislukt; zie de melding van de run" for o in outcomes if o.error
    }
    for slug in failed:
        shutil.rmtree(folder / slug, ignore_errors=True)
    areas = [
        _overview_row(work, folder, slug, failed.get(slug)) for slug in work.project.area_slugs
    ]
    target = folder / "index.html"
    folder.mkdir(parents=True, exist_ok=True)
    write_index(
        target,
        title="Aanpak woninginbraken: negen evaluaties",
        banner=BANNER if work.dataset.bronnen.fictief else None,
        dataset_label=work.dataset.bronnen.naam,
        audience=work.audience,
        areas=[area for area in areas if area],
    )
    return target


def _overview_row(work: Plan, folder: Path, slug: str, error: str | None) -> dict[str, Any] | None:
    name = str(work.project.area_layer(slug)[1]["gemeente"])
    if error:
        return {"slug": slug, "naam": name, "kerncijfers": {}, "ontbreekt": [], "fout": error}
    path = folder / slug / "kerncijfers.json"
    if not path.is_file():
        return None
    figures = json.loads(path.read_text(encoding="utf-8"))
    return {
        "slug": slug,
        "naam": name,
        "kerncijfers": figures,
        "ontbreekt": figures["ontbreekt"],
        "fout": None,
    }


@contextmanager
def _errors_to(path: Path) -> Iterator[None]:
    """
    Send the error stream of this process, which a kernel inherits, to a file.

    A kernel that is stopped may log a traceback of its own; the analyst's screen is not the place.
    """
    saved = os.dup(2)
    with path.open("wb") as log:
        sys.stderr.flush()
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)


def _kernel_config(folder: str) -> Config:
    """
    Talk to a kernel over sockets in `folder` where there are any: TCP is open to all users.

    The folder must be the kernel's own, or two kernels answer each other's messages.
    """
    if sys.platform == "win32":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def _subclasses(kind: type[WibError]) -> list[type[WibError]]:
    found = kind.__subclasses__()
    return [*found, *(deeper for sub in found for deeper in _subclasses(sub))]
