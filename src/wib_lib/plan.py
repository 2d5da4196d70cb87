"""
What a run will do: checked before any notebook starts and before `reports/` is touched.

Light to import: a run that finds nothing changed needs no tables and no statistics.
"""

import ast
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wib_lib.codes import Area
from wib_lib.errors import ParamError, RunError
from wib_lib.params import Params, check_audience, check_ground
from wib_lib.project import Dataset, Project
from wib_lib.release_step import ensure_release, release_areas, release_stands
from wib_lib.store import Store, delivery_key, summary

NOTEBOOKS = (
    "01_ingest",
    "02_problem_analysis",
    "03_trends_hotspots",
    "04_evaluation",
    "05_steering_information",
)
REGION_NOTEBOOKS = ("06_working_group", "07_rbo_summary")
PACK = "pakket"
EVERY = "alle"  # areas of the approach, and every other gemeente of the delivery
# What must have ended well before a step, for the same area.
NEEDS = {
    "01_ingest": (),
    "02_problem_analysis": ("01_ingest",),
    "03_trends_hotspots": ("01_ingest",),
    "04_evaluation": ("02_problem_analysis", "03_trends_hotspots"),
    "05_steering_information": ("01_ingest",),
    "06_working_group": (),
    "07_rbo_summary": (),
    PACK: (*NOTEBOOKS, *REGION_NOTEBOOKS),
}
# What is made over all areas of the approach goes by this name beside the names of the areas.
REGION, REGION_NAME = "werkgroep", "Werkgroep en RBO"
# What keeps the region's key figures, and the last step of an area that the region looks at.
GATHERS, GATHERED = "06_working_group", "04_evaluation"
# The steps of an area that the region rests on.
TO_REGION = NOTEBOOKS[: NOTEBOOKS.index(GATHERED) + 1]
# Audiences that may see areas side by side; what is for one driehoek is for that area alone.
REGION_AUDIENCES = ("openbaar", "werkgroep")
OF_ONE_AREA = ("gemeente", "gebied", "venster_start", "doelen")
Task = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """
    What a run will do: for which areas, with which parameters, which steps.

    With `has_word`, a pack also holds its evaluation for Word.
    """

    project: Project
    dataset: Dataset
    audience: str
    params: Mapping[str, Params]
    steps: tuple[str, ...]
    areas: Mapping[str, Area]
    overrides: Mapping[str, Any] = field(default_factory=dict)
    standing: tuple[str, ...] = ()  # areas outside this run whose results hold; see freshness
    has_word: bool = False

    def steps_of(self, slug: str) -> tuple[str, ...]:
        """Return the steps of one area, or of the region."""
        other = NOTEBOOKS if slug == REGION else REGION_NOTEBOOKS
        return tuple(step for step in self.steps if step not in other)

    @property
    def names(self) -> dict[str, str]:
        """What is run, by slug, as a reader knows it; the region last."""
        names = {slug: params.gemeente for slug, params in self.params.items()}
        return names | ({REGION: REGION_NAME} if GATHERS in self.steps else {})

    @property
    def tasks(self) -> list[Task]:
        """Every step of every area, then those of the region."""
        return [(slug, step) for slug in self.names for step in self.steps_of(slug)]

    def params_of(self, slug: str) -> Params:
        """Return the parameters of an area; of the region those of its first area."""
        if slug != REGION:
            return self.params[slug]
        return self.project.params(self.project.area_slugs[0], self.dataset, self.overrides)

    def parameters_of(self, slug: str) -> list[str]:
        """Name the parameters that a pack states: of the region those that all areas share."""
        own = OF_ONE_AREA if slug == REGION else ()
        return [name for name in Params.model_fields if name not in own]


def plan(
    project: Project,
    dataset: str,
    *,
    areas: Sequence[str] = (),
    audience: str = "werkgroep",
    until: str | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Plan:
    """
    Check parameters and goals; decide the steps.

    Parameters
    ----------
    project : Project
    dataset : str
        Name or path.
    areas : sequence of str
        Names or gemeente codes; those of the approach when empty. `alle` adds every other
        gemeente of the delivery. To know those, the delivery is read.
    audience : str
    until : str, optional
        Last notebook; a pack is made only without it.
    overrides : mapping, optional
        Parameters given with `-p`.

    Raises
    ------
    WibError
        One Dutch sentence for the first thing that cannot be used.
    """
    overrides = dict(overrides or {})
    check_audience(audience)
    every = (*NOTEBOOKS, *REGION_NOTEBOOKS)
    if until is not None and until not in every:
        raise ParamError(f"--until '{until}' is onbekend; toegestaan: {', '.join(every)}.")
    steps = every[: every.index(until) + 1] if until else (*every, PACK)
    for notebook in (step for step in steps if step in NOTEBOOKS):
        check_overrides(declared(project, notebook), overrides, notebook)
    delivery = project.dataset(dataset)
    if _goes_elsewhere(project, areas):
        read_delivery(plan(project, dataset, audience=audience, until=until, overrides=overrides))
        delivery = project.dataset(dataset)
    slugs = _slugs(project, delivery, areas)
    if audience not in REGION_AUDIENCES or not set(slugs) & set(project.area_slugs):
        steps = tuple(step for step in steps if step not in REGION_NOTEBOOKS)
    params = {slug: project.params(slug, delivery, overrides) for slug in slugs}
    for slug, values in params.items():
        check_ground(values, audience, f"params/{slug}.yaml")
    klassen = params[slugs[0]].klassen
    other = next((slug for slug in slugs if params[slug].klassen != klassen), None)
    if other:
        raise ParamError(
            f"params/{other}.yaml: sleutel 'klassen' geldt voor alle gebieden samen; zet haar in "
            "params/regio.yaml."
        )
    return Plan(project, delivery, audience, params, steps, project.areas(delivery), overrides)


def _goes_elsewhere(project: Project, names: Sequence[str]) -> bool:
    """Tell whether a name asks for more than the areas of the approach."""
    try:
        for name in names:
            project.slug_of(name)
    except RunError:
        return True
    return False


def _slugs(project: Project, delivery: Dataset, names: Sequence[str]) -> list[str]:
    if EVERY in names:
        return [*project.area_slugs, *delivery.elsewhere]
    found = [project.slug_of(name, delivery) for name in names] or project.area_slugs
    return list(dict.fromkeys(found))


def standing_tables(work: Plan) -> Store | None:
    """Return the checked tables when they rest on the delivery and the readers of now, or None."""
    folder = work.project.processed(work.dataset.name)
    key = delivery_key(work.dataset, **_reading(work))
    return Store(folder) if summary(folder).get("key") == key else None


def read_delivery(work: Plan) -> Store:
    """
    Return the checked tables of a run's delivery; read it when it or its readers changed.

    Raises
    ------
    DeliveryError
        One Dutch sentence for the first file that cannot be used.
    """
    store = standing_tables(work)
    if store is not None:
        return store
    from wib_lib.ingest import ingest

    folder = work.project.processed(work.dataset.name)
    return ingest(work.dataset, folder, **_reading(work))


def _reading(work: Plan) -> dict[str, Any]:
    """What decides, beside the delivery, how it is read."""
    params = next(iter(work.params.values()))
    return {"klassen": params.klassen, "gemeenten": params.eenheid.codes}


def counts_stand(work: Plan, store: Store) -> bool:
    """Tell whether the release of the police counts rests on what there is now."""
    params = release_areas(work.project, work.dataset, work.params, work.overrides)
    return release_stands(work.project, work.dataset, work.audience, params, store)


def release_counts(work: Plan, store: Store) -> None:
    """Work out what this audience may see of the police counts; see `wib_lib.release_step`."""
    params = release_areas(work.project, work.dataset, work.params, work.overrides)
    ensure_release(work.project, work.dataset, work.audience, params, store)


def check_windows(work: Plan, store: Store, slugs: Collection[str]) -> None:
    """
    Refuse an area or a window that the delivery does not have.

    Beside areas with a parameter file, gemeenten without one are not looked at: of the hundreds
    in a country one that was formed later must not stop the others. Its pack says what is missing.

    Raises
    ------
    ParamError
        One Dutch sentence, naming the file or the `-p` that sets it.
    """
    if not slugs:  # nothing to do: no tables are needed
        return
    from wib_lib import assessment
    from wib_lib.evidence import Evidence

    keys = ("venster_start", "venster_maanden", "peildatum")
    given = next((key for key in keys if key in work.overrides), None)
    own_slugs = set(slugs) & work.params.keys()
    for slug in own_slugs - work.dataset.elsewhere.keys() or own_slugs:
        values = work.params[slug]
        own = {values.gemeente: values.gebied.area}
        source = f"params/{slug}.yaml" if given is None else f"-p {given} {work.overrides[given]}"
        if given is None and slug in work.dataset.elsewhere:
            source = f"{work.dataset.name}/bronnen.yaml, parameters"
        assessment.check(Evidence(store, values, own | dict(work.areas) | own), source)


def declared(project: Project, notebook: str) -> list[str]:
    """
    Return the names in a notebook's parameters cell.

    Raises
    ------
    RunError
        When the notebook or its parameters cell is missing.
    """
    path = notebook_path(project, notebook)
    if not path.is_file():
        raise RunError(f"notebooks/{notebook}.ipynb ontbreekt.")
    names: list[str] = []
    try:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if "parameters" in cell["metadata"].get("tags", []):
                names += _assigned("".join(cell["source"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RunError(f"notebooks/{notebook}.ipynb is geen leesbaar notebook.") from None
    if not names:
        raise RunError(
            f"notebooks/{notebook}.ipynb heeft geen leesbare cel met de tag 'parameters'."
        )
    return names


def _assigned(source: str) -> list[str]:
    """Names that a cell gives a value; none when it is no Python."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return []
    plain = [target for line in lines if isinstance(line, ast.Assign) for target in line.targets]
    typed = [line.target for line in lines if isinstance(line, ast.AnnAssign)]
    return [target.id for target in [*plain, *typed] if isinstance(target, ast.Name)]


def check_overrides(names: Sequence[str], overrides: Mapping[str, Any], notebook: str) -> None:
    """Refuse a `-p` name that a notebook does not declare: papermill would only warn."""
    for key in overrides:
        if key not in names:
            raise ParamError(
                f"-p {key}: notebooks/{notebook}.ipynb kent deze parameter niet; "
                f"toegestaan: {', '.join(names)}."
            )


def notebook_path(project: Project, notebook: str) -> Path:
    """Path of a notebook of the chain."""
    return project.root / "notebooks" / f"{notebook}.ipynb"


def executed_path(work: Plan, slug: str, notebook: str) -> Path:
    """Path of the executed copy of a notebook."""
    folder = work.project.results(work.dataset.name, work.audience, slug)
    return folder / notebook / f"{notebook}.ipynb"
