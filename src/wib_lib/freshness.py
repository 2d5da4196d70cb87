"""Why a step of the chain runs again: what it was made from, held against what there is now.

When a step ends well it leaves a record: the digest of its notebook, of every library module that
the notebook's imports reach, of the packages' versions, of the parameters it looked at, of the
delivered rows it read, of the sentences it quoted, and of its own output. Nothing is declared by
hand: what was read is what counts. The next run repeats a step when one of these differs, and can
say which. A step without a whole record never counts as done.

The idea is that of verifying traces in build systems (Mokhov, Mitchell and Peyton Jones, 2018,
"Build systems à la carte").
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wib_lib.code import module_digests, notebook_digest, notebook_imports, reached, versions
from wib_lib.dutch import listing
from wib_lib.errors import RunError
from wib_lib.packfile import KEY_FILE, WORD_FILE
from wib_lib.plan import (
    GATHERED,
    PACK,
    REGION,
    REGION_NOTEBOOKS,
    TO_REGION,
    Plan,
    notebook_path,
)
from wib_lib.store import READ_FILE, Store, digest, file_hash, write_json

RECORD = "gemaakt.json"
CLAIMS = "claims.json"
# What a difference in each part of a record is called.
SAID = {
    "notebook": "het notebook is gewijzigd",
    "bibliotheek": "de bibliotheek is gewijzigd",
    "pakketten": "andere versie van een pakket",
    "parameters": "andere parameter",
    "gegevens": "andere gegevens",
    "uitspraken": "andere uitkomst van een eerdere stap",
    "uitvoer": "uitvoer ontbreekt of is beschadigd",
}
State = dict[str, dict[str, str]]


def step_folder(work: Plan, slug: str, step: str) -> Path:
    """Folder of a step's results in the analyst's layer."""
    return work.project.results(work.dataset.name, work.audience, slug) / step


def forget(work: Plan, slug: str, step: str) -> None:
    """Drop the record of a step that is about to run: until it ends well it is not done."""
    for name in (RECORD, READ_FILE):
        (step_folder(work, slug, step) / name).unlink(missing_ok=True)


def remember(work: Plan, slug: str, step: str, *, seconds: float, store: Store) -> None:
    """
    Leave the record of a step that ended well.

    Parameters
    ----------
    work : Plan
    slug, step : str
    seconds : float
        How long it took; the next run expects the same.
    store : Store

    Raises
    ------
    RunError
        When a notebook did not save what it read, as `run.save()` does.
    """
    folder = step_folder(work, slug, step)
    folder.mkdir(parents=True, exist_ok=True)
    state = (
        _code(work, step) | _used(work, slug, step, store) | {"uitvoer": _output(work, slug, step)}
    )
    write_json(folder / RECORD, {"seconden": round(seconds, 3)} | state)


def reasons(work: Plan, slug: str, step: str, store: Store) -> list[str]:
    """
    Say why a step has to run; an empty list when it is done.

    Parameters
    ----------
    work : Plan
    slug, step : str
    store : Store
        The delivery as it is now.

    Returns
    -------
    list of str
        Dutch phrases, such as `andere parameter: doelen`.
    """
    record = _record(work, slug, step)
    if record is None:
        return ["nog niet gedraaid"]
    earlier = _shown if step == PACK else _stated
    now = _code(work, step) | {
        "parameters": _parameters(work, slug, record["parameters"]),
        "gegevens": {read: store.state_of(read) for read in record["gegevens"]},
        "uitspraken": {name: earlier(work, slug, name) for name in record["uitspraken"]},
        "uitvoer": _output(work, slug, step),
    }
    is_area_pack = step == PACK and slug != REGION
    if is_area_pack and work.has_word and WORD_FILE not in now["uitvoer"]:
        return [f"gevraagd met --docx: {WORD_FILE}"]
    return [
        f"{said}: {listing(names)}" if part != "notebook" else said
        for part, said in SAID.items()
        if (names := changed(record[part], now[part]))
    ]


def stale(work: Plan, store: Store) -> set[tuple[str, str]]:
    """Return the steps, as area and name, that have a reason to run before anything runs."""
    return {task for task in work.tasks if reasons(work, *task, store)}


def standing(work: Plan, store: Store) -> tuple[str, ...]:
    """Return the areas of the approach that are not in this run and whose results hold."""
    found = []
    for slug in work.project.area_slugs:
        if slug not in work.params and _record(work, slug, GATHERED):
            params = work.project.params(slug, work.dataset, work.overrides)
            alone = replace(work, params={slug: params}, steps=TO_REGION)
            if not stale(alone, store):
                found.append(slug)
    return tuple(found)


def holds(work: Plan, slug: str) -> bool:
    """
    Tell whether an area's results may go into the region's packs.

    Of an area in this run a step that failed, or waits for one that did, has no record.
    """
    ran = slug in work.params and all(_record(work, slug, step) for step in TO_REGION)
    return ran or slug in work.standing


def expected_seconds(work: Plan, slug: str, step: str) -> float | None:
    """Return how long a step took the last time it ended well; None when it never did."""
    record = _record(work, slug, step)
    return float(record["seconden"]) if record else None


def made_of(work: Plan, slug: str) -> State:
    """
    Identify the notebooks, the code and the delivered rows that an area's pack rests on.

    Returns
    -------
    dict
        `notebook`, `bibliotheek` and `gegevens`: name to digest, over the notebooks and the pack.
    """
    states: list[Mapping[str, Any]] = [
        _record(work, slug, step) or {} for step in work.steps_of(slug) if step != PACK
    ]
    states.append(_code(work, PACK))
    return {
        part: dict(sorted(item for state in states for item in state.get(part, {}).items()))
        for part in ("notebook", "bibliotheek", "gegevens")
    }


def _record(work: Plan, slug: str, step: str) -> dict[str, Any] | None:
    path = step_folder(work, slug, step) / RECORD
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if set(SAID) <= set(record) else None


def changed(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name what differs between two states."""
    names = sorted(then.keys() | now.keys())
    return [name.removeprefix("wib_lib.") for name in names if then.get(name) != now.get(name)]


def _code(work: Plan, step: str) -> State:
    if step == PACK:
        notebook, modules = {}, frozenset({"wib_lib.pack"})
    else:
        path = notebook_path(work.project, step)
        notebook, modules = {step: notebook_digest(path)}, notebook_imports(path)
    return {
        "notebook": notebook,
        "bibliotheek": module_digests(reached(modules)),
        "pakketten": versions(),
    }


def _used(work: Plan, slug: str, step: str, store: Store) -> State:
    if step == PACK:
        earlier = [name for name in work.steps_of(slug) if name != PACK]
        return {
            "parameters": _parameters(work, slug, work.parameters_of(slug)),
            "gegevens": {"levering": store.state_of("levering")},
            "uitspraken": {name: _shown(work, slug, name) for name in earlier},
        }
    path = step_folder(work, slug, step) / READ_FILE
    if not path.is_file():
        raise RunError(f"{step}: het notebook eindigt niet met run.save(); voeg die cel weer toe.")
    read = json.loads(path.read_text(encoding="utf-8"))
    return {
        "parameters": _parameters(work, slug, read["parameters"]),
        "gegevens": read["gegevens"],
        "uitspraken": {name: _stated(work, slug, name) for name in read["uitspraken"]},
    }


def _parameters(work: Plan, slug: str, names: Any) -> dict[str, str]:
    """Identify the values of parameters; which areas there are is one of them."""
    values = work.params_of(slug).model_dump(mode="json", include=set(names))
    values["gebieden van de aanpak"] = sorted(work.areas.items())
    return {name: digest(repr(values[name])) for name in sorted(values)}


def _stated(work: Plan, slug: str, step: str) -> str:
    """Identify what an earlier step gives a later one: its sentences; an area to the region: all."""
    if slug == REGION and step not in REGION_NOTEBOOKS:
        return _given(work, step)
    return file_hash(step_folder(work, slug, step) / CLAIMS)


def _given(work: Plan, slug: str) -> str:
    """Identify the key figures and sentences of an area; empty when it has none that hold."""
    if not holds(work, slug):
        return ""
    files = [step_folder(work, slug, step) / CLAIMS for step in TO_REGION]
    files.append(step_folder(work, slug, GATHERED) / KEY_FILE)
    return digest(repr([file_hash(path) for path in files]))


def _shown(work: Plan, slug: str, step: str) -> str:
    """Identify all that an earlier step made, figures too: a pack shows it."""
    return digest(repr(_output(work, slug, step)))


def _output(work: Plan, slug: str, step: str) -> dict[str, str]:
    """Return the digest of every file that a step made."""
    folder = step_folder(work, slug, step)
    if step == PACK:
        folder = work.project.reports(work.dataset.name, work.audience) / slug
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in files
        if path.name != RECORD and path.suffix != ".log"
    }
