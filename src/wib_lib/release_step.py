"""The release on disk: made before notebooks run, re-used when nothing changed, and its ledger.

`data/processed/<dataset>/vrijgave/<audience>/<area>.json` is all that a notebook gets of police
counts; the count of a hidden cell is not in it. `grootboek/<audience>/` keeps what packs showed
and hid, hidden counts too: it stays with the analyst. An entry is named by its content, so that
the same pack made twice is one entry.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wib_lib.code import module_digests, reached
from wib_lib.params import Params
from wib_lib.project import Dataset, Project
from wib_lib.store import RELEASES, Store, digest, file_hash, write_json

if TYPE_CHECKING:  # a run that finds nothing changed needs no statistics
    from wib_lib.evidence import Evidence
    from wib_lib.release import Published, Release

STATE = "stand.json"
LEDGER = "grootboek"
HIDDEN = "verborgen"  # folder with the counts of hidden cells, for the ledger alone
# Parameters that decide what is counted and shown; of goals only the period of the base.
USED = ("gemeente", "gebied", "venster_start", "venster_maanden", "jaren_voor", "klassen",
        "periodetoewijzing", "peildatum", "drempels", "vergelijking", "eenheid")  # fmt: skip
SHORT = 16  # characters of a digest in a file name


def own_key(params: Params, audience: str) -> str:
    """Identify the parameters that an area's release rests on."""
    values = params.model_dump(mode="json", include={*USED, "doelen"})  # looks at none of them
    bases = [goal["basis"]["periode"] for goal in values.pop("doelen") if goal["basis"]]
    return digest(repr([audience, sorted(values.items()), bases]))


def release_areas(
    project: Project,
    dataset: Dataset,
    params: Mapping[str, Params],
    overrides: Mapping[str, Any],
) -> dict[str, Params]:
    """
    Return the areas that are released together: those of the approach, and what is run beside.

    An area that takes no part in the run follows its own file for what only it can say.
    """
    shared = {k: v for k, v in overrides.items() if k not in ("gemeente", "gebied", "doelen")}
    others = {slug: project.params(slug, dataset, shared)
              for slug in project.area_slugs if slug not in params}  # fmt: skip
    return {**others, **params}


def release_stands(
    project: Project, dataset: Dataset, audience: str, params: Mapping[str, Params], store: Store
) -> bool:
    """Tell whether the release of an audience is there and rests on what there is now."""
    key = _key(store, audience, params, project, dataset)
    folder = release_folder(project, dataset.name, audience)
    return _holds(folder, key, _entries(project, dataset.name), params)


def ensure_release(
    project: Project, dataset: Dataset, audience: str, params: Mapping[str, Params], store: Store
) -> None:
    """
    Make the release of an audience, unless what it rests on is what it was.

    Parameters
    ----------
    project : Project
    dataset : Dataset
    audience : str
    params : mapping of str to Params
        By slug, see `release_areas`.
    store : Store
        The whole delivery.
    """
    folder = release_folder(project, dataset.name, audience)
    key = _key(store, audience, params, project, dataset)
    entries = _entries(project, dataset.name)
    if _holds(folder, key, entries, params):
        return
    (folder / STATE).unlink(missing_ok=True)  # until all is written, nothing is
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HIDDEN).mkdir(exist_ok=True)
    for slug, content in compute(project, dataset, audience, params, store).items():
        own = own_key(params[slug], audience) if slug in params else ""
        write_json(folder / HIDDEN / f"{slug}.json", content.pop("hidden_counts"))
        write_json(folder / f"{slug}.json", content | {"sleutel": own})
    write_json(folder / STATE, {"sleutel": key, "grootboek": entries, "bestanden": _files(folder)})


def compute(
    project: Project, dataset: Dataset, audience: str, params: Mapping[str, Params], store: Store
) -> dict[str, dict[str, Any]]:
    """Work the release out; per slug what its file holds, and for the ledger what it hides."""
    from wib_lib.release import release

    evidences = (
        (slug, evidence_for(project, dataset, store.apart(), values))
        for slug, values in params.items()
    )
    ledger = read_ledger(project, dataset.name)
    found = release(evidences, audience, ledger, approach=project.area_slugs)
    return {slug: asdict(one) for slug, one in found.items()}


def evidence_for(project: Project, dataset: Dataset, store: Store, params: Params) -> "Evidence":
    """Bind tables and parameters, with all areas of the approach known by name."""
    from wib_lib.evidence import Evidence

    own = {params.gemeente: params.gebied.area}
    return Evidence(store, params, own | project.areas(dataset) | own)


def load_release(
    project: Project, dataset: Dataset, audience: str, slug: str, params: Params
) -> "Release":
    """
    Return an area's release for a notebook.

    A notebook that is opened by hand with other parameters than the last run gets its release
    worked out on the spot; it is not saved.
    """
    content = _saved(project, dataset, audience, slug)
    if content.get("sleutel") != own_key(params, audience):
        chosen = release_areas(project, dataset, {slug: params}, {})
        content = _computed(project, dataset, audience, chosen)[slug]
    return _release(content)


def region_release(project: Project, dataset: Dataset, audience: str) -> "Release":
    """Return the release of the areas of the approach together."""
    from wib_lib.release import REGION, Release

    content = _saved(project, dataset, audience, REGION)
    if not content:
        chosen = release_areas(project, dataset, {}, {})
        content = _computed(project, dataset, audience, chosen).get(REGION, {})
    if not content:  # the areas have no counts in common
        return Release(audience, 1, {}, {})
    return _release(content)


def n_findings(project: Project, dataset: Dataset, audience: str, slug: str) -> int:
    """Count what could not be protected in the saved release of an area."""
    return len(_saved(project, dataset, audience, slug).get("findings", ()))


def _saved(project: Project, dataset: Dataset, audience: str, slug: str) -> dict[str, Any]:
    path = release_folder(project, dataset.name, audience) / f"{slug}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _computed(
    project: Project, dataset: Dataset, audience: str, params: Mapping[str, Params]
) -> dict[str, dict[str, Any]]:
    return compute(project, dataset, audience, params, Store(project.processed(dataset.name)))


def _release(content: Mapping[str, Any]) -> "Release":
    from wib_lib.release import Release

    names = {field.name for field in fields(Release)} - {"hidden_counts"}
    return Release(**{name: content[name] for name in names})


def release_folder(project: Project, dataset: str, audience: str) -> Path:
    """Folder of an audience's released counts, in the analyst's layer."""
    return project.processed(dataset) / RELEASES / audience


def publish(project: Project, dataset: str, audience: str, slug: str) -> None:
    """Enter in the ledger what a pack that is made now shows and hides."""
    folder = release_folder(project, dataset, audience)
    if audience == "analist" or not (folder / f"{slug}.json").is_file():
        return
    target = _ledger(project, dataset) / audience / _entry(folder, slug)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_json(target, _entered(folder, slug))


def read_ledger(project: Project, dataset: str) -> "Published":
    """Return what all packs so far showed and hid."""
    import pandas as pd

    from wib_lib.disclosure.ledger import COLUMNS
    from wib_lib.release import Published

    rows: dict[str, list[pd.DataFrame]] = {}
    fortnights: dict[str, set[str]] = {}
    for name in _entries(project, dataset):
        audience, _, file = name.partition("/")
        slug = file.rpartition("-")[0]
        said = json.loads((_ledger(project, dataset) / name).read_text(encoding="utf-8"))
        fortnights.setdefault(slug, set()).update(_divided_periods(said["getoond"]))
        for status, noted in (("shown", said["getoond"]), ("primary", said["verborgen"])):
            cells = {key: n for key, n in noted.items() if not _is_apart(key)}
            frame = pd.DataFrame({"key": list(cells), "n": pd.array(list(cells.values()), "Int64")})
            area = slug if audience == "driehoek" else ""
            about = {"run": file, "audience": audience, "area": area, "status": status}
            rows.setdefault(slug, []).append(frame.assign(**about)[COLUMNS])
    entries = {slug: pd.concat(found) for slug, found in rows.items()}
    return Published(entries, fortnights)


def _is_apart(key: str) -> bool:
    """Tell a cell that is no part of the system of sums; see `wib_lib.cubes.APART`."""
    from wib_lib.disclosure.cells import codes_of
    from wib_lib.fortnight_counts import is_fortnight

    return is_fortnight(codes_of(key)[1].get("periode", ""))


def _divided_periods(keys: Iterable[str]) -> set[str]:
    """Return the codes of the two weeks that cells divide into ways, moments or buurten."""
    from wib_lib.cubes import FORTNIGHT_PART
    from wib_lib.disclosure.cells import codes_of

    codes = [codes_of(key)[1] for key in keys if _is_apart(key)]
    return {code["periode"] for code in codes if FORTNIGHT_PART in code}


def _entered(folder: Path, slug: str) -> dict[str, Any]:
    cells = json.loads((folder / f"{slug}.json").read_text(encoding="utf-8"))["cells"]
    hidden = json.loads((folder / HIDDEN / f"{slug}.json").read_text(encoding="utf-8"))
    return {"getoond": {k: n for k, n in cells.items() if n is not None}, "verborgen": hidden}


def _entry(folder: Path, slug: str) -> str:
    return f"{slug}-{digest(repr(_entered(folder, slug)))[:SHORT]}.json"


def _ledger(project: Project, dataset: str) -> Path:
    return project.processed(dataset) / LEDGER


def _entries(project: Project, dataset: str) -> list[str]:
    folder = _ledger(project, dataset)
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*.json"))


def _files(folder: Path) -> dict[str, str]:
    found = sorted([*folder.glob("*.json"), *(folder / HIDDEN).glob("*.json")])
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in found
            if path.name != STATE}  # fmt: skip


def _key(
    store: Store, audience: str, params: Mapping[str, Params], project: Project, dataset: Dataset
) -> str:
    code = module_digests(reached(["wib_lib.release"]))
    areas = sorted(project.areas(dataset).items())
    own = sorted((slug, own_key(values, audience)) for slug, values in params.items())
    return digest(repr([store.key, sorted(code.items()), areas, own]))


def _holds(folder: Path, key: str, entries: list[str], params: Mapping[str, Params]) -> bool:
    """Tell whether a release is there, whole, of the same make; its own packs change nothing."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if state.get("sleutel") != key or state.get("bestanden") != _files(folder):
        return False
    known, now = set(state["grootboek"]), set(entries)
    if known == now:
        return True
    slugs = [name.removesuffix(".json") for name in state["bestanden"] if "/" not in name]
    own = {f"{folder.name}/{_entry(folder, slug)}" for slug in slugs}
    return known <= now <= known | own
