"""The chain: four notebooks per area, run by papermill, exported to packs.

Per area 01 -> 02 -> 03 -> 04 and then the pack; areas run beside each other. A failing area
never stops the others. Nothing is written to `reports/` before everything that can be checked
without running a notebook has been checked, and a pack appears as a whole or not at all.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wib_lib.errors import RunError, WibError
from wib_lib.export import write_index
from wib_lib.kernels.engine import ENGINE, Launch
from wib_lib.pack import make_pack
from wib_lib.plan import PACK, Plan, declared, executed_path, notebook_path
from wib_lib.run import BANNER


@dataclass(frozen=True)
class Outcome:
    """How one step of one area ended; `error` is one Dutch line, or None."""

    slug: str
    step: str
    seconds: float
    error: str | None = None


def run_chain(
    work: Plan,
    *,
    jobs: int,
    report: Callable[[Outcome | None, str, str], None],
    server: Path | None = None,
) -> list[Outcome]:
    """
    Run all steps of all areas.

    Parameters
    ----------
    work : Plan
    jobs : int
        Notebooks side by side, each in a kernel, which is a process of its own.
    report : callable
        Called as `report(None, slug, step)` when a step starts, with its outcome when it ends.
    server : Path, optional
        Socket of a fork server (`wib_lib.kernels.fork`); without one, kernels start slower.

    Returns
    -------
    list of Outcome
        In the order in which steps ended.
    """
    outcomes: list[Outcome] = []
    started = datetime.now(UTC)
    todo = {slug: list(work.steps) for slug in work.params}
    pool = ThreadPoolExecutor(jobs)  # the work itself is done in kernels
    try:
        running: dict[Future[Outcome], str] = {}
        waiting = list(todo)
        while waiting or running:
            while waiting and len(running) < jobs:
                slug = waiting.pop(0)
                report(None, slug, todo[slug][0])
                step = todo[slug].pop(0)
                running[pool.submit(do_step, work, slug, step, started, server)] = slug
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                slug = running.pop(future)
                outcome = _outcome(future, slug, work.steps[-1 - len(todo[slug])])
                outcomes.append(outcome)
                report(outcome, slug, outcome.step)
                if outcome.error is None and todo[slug]:
                    waiting.insert(0, slug)
    finally:
        pool.shutdown(wait=False)  # after Ctrl+C nobody waits; the server ends its kernels
    return outcomes


def _outcome(future: Future[Outcome], slug: str, step: str) -> Outcome:
    """Take a step's outcome; a step that broke (a killed kernel, say) fails for its area only."""
    problem = future.exception()
    if problem is None:
        return future.result()
    return Outcome(slug, step, 0.0, f"{step}: onverwachte fout ({type(problem).__name__})")


def do_step(
    work: Plan, slug: str, step: str, started: datetime, server: Path | None = None
) -> Outcome:
    """
    Do one step of one area; what goes wrong comes back as one line, never as a traceback.

    Parameters
    ----------
    work : Plan
    slug, step : str
    started : datetime
        When the run began.
    server : Path, optional
        Socket of a fork server on this machine; without one, kernels are ordinary processes.
    """
    begun = time.perf_counter()
    try:
        if step == PACK:
            make_pack(work, slug, started)
        else:
            execute(work, slug, step, server)
    except WibError as problem:
        return Outcome(slug, step, time.perf_counter() - begun, str(problem))
    except OSError as problem:
        return Outcome(slug, step, time.perf_counter() - begun, f"{step}: {problem}")
    return Outcome(slug, step, time.perf_counter() - begun)


def execute(work: Plan, slug: str, notebook: str, server: Path | None = None) -> Path:
    """
    Run one notebook for one area with papermill.

    The executed copy is kept in the analyst's layer, also when a cell failed.

    Raises
    ------
    RunError
        Naming notebook and cell, with the message of the failing cell or the limit it passed.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    target = executed_path(work, slug, notebook)
    target.parent.mkdir(parents=True, exist_ok=True)
    launch = Launch(work.project.root, target.with_suffix(".log"), server)
    try:
        papermill.execute_notebook(
            str(notebook_path(work.project, notebook)),
            str(target),
            parameters=notebook_parameters(work, slug, notebook),
            kernel_name="python3",
            progress_bar=False,
            engine_name=ENGINE,
            launch=launch,
        )
    except RunError as problem:
        raise RunError(f"{notebook}, {problem}; zie {_copy(work, target)}") from None
    except PapermillExecutionError as problem:
        known = {kind.__name__ for kind in _subclasses(WibError)}
        # The text of an unexpected error may quote a row of the delivery: it stays in the copy.
        unexpected = f"onverwachte fout ({problem.ename}); zie {_copy(work, target)}"
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


def _copy(work: Plan, executed: Path) -> str:
    return os.path.relpath(executed, work.project.root)


def _subclasses(kind: type[WibError]) -> list[type[WibError]]:
    found = kind.__subclasses__()
    return [*found, *(deeper for sub in found for deeper in _subclasses(sub))]
