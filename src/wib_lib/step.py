"""One step of one area or of the region: a notebook run by papermill, or the pack of what they showed.

A step that ends well leaves a record of what it was made from; one that fails leaves none, and
its message is one line. A step can be done by any process that sees the project's folders.
"""

import os
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wib_lib.errors import RunError, WibError
from wib_lib.freshness import forget, holds, remember
from wib_lib.plan import PACK, REGION, Plan, declared, executed_path, notebook_path
from wib_lib.store import Store

# The first steps start side by side: a package that two threads import at once may be half made.
IMPORTING = threading.Lock()


@dataclass(frozen=True)
class Outcome:
    """
    How one step of one area ended.

    Parameters
    ----------
    slug, step : str
    seconds : float
    error : str or None
        One Dutch line when it failed.
    why : tuple of str
        Why it ran; empty when nothing changed and it did not run.
    """

    slug: str
    step: str
    seconds: float
    error: str | None = None
    why: tuple[str, ...] = ()

    @property
    def was_done(self) -> bool:
        """Tell whether the results of an earlier run still hold."""
        return self.error is None and not self.why


def do_step(
    work: Plan,
    slug: str,
    step: str,
    why: tuple[str, ...],
    started: datetime,
    server: Path | None = None,
) -> Outcome:
    """
    Do one step of one area; what goes wrong comes back as one line, never as a traceback.

    Parameters
    ----------
    work : Plan
    slug, step : str
    why : tuple of str
        Reasons to run it.
    started : datetime
        When the run began.
    server : Path, optional
        Socket of a fork server on this machine; without one, kernels are ordinary processes.
    """
    begun = time.perf_counter()
    error = None
    try:
        forget(work, slug, step)
        if step == PACK:
            with IMPORTING:
                from wib_lib.pack import make_pack

            make_pack(work, slug, started)
        else:
            execute(work, slug, step, server)
        store = Store(work.project.processed(work.dataset.name))
        remember(work, slug, step, seconds=time.perf_counter() - begun, store=store)
    except WibError as problem:
        error = str(problem)
    except OSError as problem:
        error = f"{step}: lezen of schrijven lukte niet ({problem.strerror or problem})"
    return Outcome(slug, step, time.perf_counter() - begun, error, why)


def broken(slug: str, step: str, problem: BaseException) -> Outcome:
    """Return the outcome of a step that raised; an unexpected text may quote a delivery's row."""
    said = (
        str(problem)
        if isinstance(problem, WibError)
        else f"onverwachte fout ({type(problem).__name__})"
    )
    return Outcome(slug, step, 0.0, f"{step}: {said}", ("mislukt",))


def execute(work: Plan, slug: str, notebook: str, server: Path | None = None) -> Path:
    """
    Run one notebook for one area with papermill.

    The executed copy is kept in the analyst's layer, also when a cell failed.

    Raises
    ------
    RunError
        Naming notebook and cell, with the message of the failing cell or the limit it passed.
    """
    with IMPORTING:
        import papermill
        from papermill.exceptions import PapermillExecutionError

        import wib_lib.pack  # noqa: F401 - slow to import: better now, beside the first kernel
        from wib_lib.kernels.engine import ENGINE, Launch

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
    values = work.params_of(slug).model_dump(mode="json")
    place = os.path.relpath(work.dataset.folder, work.project.root)
    raw = work.project.root / "data" / "raw"
    name = work.dataset.name if work.dataset.folder.parent == raw else place
    values |= {"dataset": name, "audience": work.audience}
    if slug == REGION:
        values["gebieden"] = [area for area in work.project.area_slugs if holds(work, area)]
    return {key: values[key] for key in declared(work.project, notebook)}


def _copy(work: Plan, executed: Path) -> str:
    return os.path.relpath(executed, work.project.root)


def _subclasses(kind: type[WibError]) -> list[type[WibError]]:
    found = kind.__subclasses__()
    return [*found, *(deeper for sub in found for deeper in _subclasses(sub))]
