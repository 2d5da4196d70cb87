"""What earlier runs left to compare: key figures, manifest and sentences of every pack made.

A pack that is replaced is gone, and so are the sentences behind it. So every pack leaves a copy
of its two JSON files and its sentences in the analyst's layer, under the moment its run started:
`data/processed/<dataset>/runs/<run>/<audience>/<area>/`. A run makes only the packs for which
something changed; the state of a run is per area the newest pack that it or an earlier run made.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wib_lib.dutch import day, listing
from wib_lib.elsewhere import slugify
from wib_lib.errors import RunError
from wib_lib.landing import landing
from wib_lib.packfile import CLAIMS_FILE, KEY_FILE, MANIFEST, Pack, read_pack
from wib_lib.plan import Plan
from wib_lib.project import Project
from wib_lib.store import write_json

RUN_ID = "%Y-%m-%dT%H%M%SZ"  # a file name everywhere, and sorts by time
PREVIOUS, LAST = "vorige", "laatste"
KEPT = 20  # packs per area and audience
SHOWN_RUNS = 5  # in a message


@dataclass(frozen=True)
class Packs:
    """One side of a comparison: what it is called, and its packs by name of area."""

    label: str
    packs: Mapping[str, Pack]


def keep(
    work: Plan,
    slug: str,
    started: datetime,
    manifest: Mapping[str, Any],
    claims: Mapping[str, Any],
) -> Path:
    """
    Keep what a later pack of an area is compared with, and drop what is older than the last 20.

    Parameters
    ----------
    work : Plan
    slug : str
    started : datetime
        When the run began, with a time zone.
    manifest : mapping
        Whole: a pack's own has no digests of confidential tables.
    claims : mapping
        Notebook to its claims.
    """
    root = _root(work.project, work.dataset.name)
    target = root / started.astimezone(UTC).strftime(RUN_ID) / work.audience / slug
    made = work.project.reports(work.dataset.name, work.audience) / slug
    with landing(target) as fresh:
        shutil.copyfile(made / KEY_FILE, fresh / KEY_FILE)
        write_json(fresh / MANIFEST, dict(manifest))
        write_json(fresh / CLAIMS_FILE, dict(claims))
    for old in sorted(root.glob(f"*/{work.audience}/{slug}"))[:-KEPT]:
        shutil.rmtree(old)
        for folder in (old.parent, old.parent.parent):
            if not any(folder.iterdir()):
                folder.rmdir()
    return target


def find_packs(project: Project, said: str | None, *, dataset: str, audience: str) -> Packs:
    """
    Find one side of a comparison.

    Parameters
    ----------
    project : Project
    said : str or None
        A run, `vorige`, `laatste`, or a folder with packs or one pack; without it the packs in
        `reports/`.
    dataset, audience : str
        To which a run belongs; a folder tells its own.

    Raises
    ------
    RunError
        One Dutch sentence when there is nothing to compare, or a file is damaged.
    """
    runs = _runs(project, dataset, audience)
    names = list(runs)
    if said is None:
        folder = project.reports(dataset, audience)
        return Packs("de pakketten die er zijn", _in_folder(folder, project))
    if said == PREVIOUS and len(names) > 1:
        return _as_of(project, runs, names[-2])
    if said == LAST and names:
        return _as_of(project, runs, names[-1])
    if said in (PREVIOUS, LAST):
        raise RunError(
            f"er is nog geen {said} run van dataset '{dataset}' voor {audience} bewaard; draai "
            "`wib run` (opnieuw), of geef een map met pakketten."
        )
    if said in runs:
        return _as_of(project, runs, said)
    if Path(said).is_dir():
        folder = Path(said).resolve()
        return Packs(_shown(folder, project), _in_folder(folder, project))
    known = listing(names[-SHOWN_RUNS:]) or "geen"
    raise RunError(
        f"'{said}' is geen bewaarde run van dataset '{dataset}' voor {audience} en geen map; de "
        f"laatste runs: {known}. Toegestaan zijn ook {PREVIOUS} en {LAST}."
    )


def chosen(side: Packs, areas: Sequence[str]) -> Packs:
    """Keep the packs of some areas, by name or by the name of their folder; all without areas."""
    wanted = {slugify(name) for name in areas}
    found = {name: pack for name, pack in side.packs.items() if {slugify(name), pack.slug} & wanted}
    return Packs(side.label, found) if areas else side


def _root(project: Project, dataset: str) -> Path:
    return project.processed(dataset) / "runs"


def _runs(project: Project, dataset: str, audience: str) -> dict[str, dict[str, Path]]:
    """Return the kept packs by run, oldest first, and slug."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(_root(project, dataset).glob(f"*/{audience}/*")):
        if path.is_dir() and not path.name.startswith("."):
            found.setdefault(path.parts[-3], {})[path.name] = path
    return found


def _as_of(project: Project, runs: Mapping[str, Mapping[str, Path]], run: str) -> Packs:
    """Return per area the newest pack that a run or an earlier one made."""
    newest: dict[str, Path] = {}
    for name, packs in runs.items():
        if name <= run:
            newest |= packs
    started = datetime.strptime(run, RUN_ID)
    label = f"run van {day(started)}, {started:%H:%M} uur UTC ({run})"
    return Packs(label, _read_all(newest.values(), project))


def _in_folder(folder: Path, project: Project) -> dict[str, Pack]:
    """Read a folder that is a pack, or holds packs."""
    inside = sorted(path for path in folder.glob("*/") if not path.name.startswith("."))
    packs = [path for path in (folder, *inside) if _is_pack(path)]
    if not packs:
        raise RunError(
            f"in {_shown(folder, project)} staat geen pakket ({KEY_FILE} en {MANIFEST}); maak het "
            "met `wib run`, of geef de map van een doelgroep of een gebied."
        )
    return _read_all(packs, project)


def _is_pack(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (KEY_FILE, MANIFEST))


def _read_all(folders: Iterable[Path], project: Project) -> dict[str, Pack]:
    found: dict[str, Pack] = {}
    for folder in folders:
        pack = _read_pack(folder, project)
        if pack.name in found:
            raise RunError(
                f"{_shown(folder.parent, project)} heeft twee pakketten van {pack.name}; geef een "
                "map met van elk gebied een pakket."
            )
        found[pack.name] = pack
    return dict(sorted(found.items()))


def _read_pack(folder: Path, project: Project) -> Pack:
    """Read a pack, with its sentences and whole manifest from where they were kept."""
    pack = read_pack(folder, _shown(folder, project))
    if pack.started is None:
        return pack
    root = _root(project, pack.key_file["dataset"])
    kept = root / pack.started.strftime(RUN_ID) / pack.key_file["audience"] / folder.name
    if pack.claims is not None or not (kept / CLAIMS_FILE).is_file():
        return pack
    whole = read_pack(kept, _shown(kept, project))
    return replace(pack, manifest=whole.manifest, claims=whole.claims)


def _shown(path: Path, project: Project) -> str:
    """Name a path within the project; of one elsewhere only its end."""
    if path.is_relative_to(project.root):
        return path.relative_to(project.root).as_posix()
    return Path(*path.parts[-2:]).as_posix()
