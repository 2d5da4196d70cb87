"""The index over the packs: one row per area, never a stale pack under it."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wib_lib.bundle import Contents, write_bundles
from wib_lib.dutch import number
from wib_lib.export import write_index
from wib_lib.freshness import reasons, stale
from wib_lib.marking import FICTITIOUS, marking
from wib_lib.pack import as_of, at_date
from wib_lib.params import Params
from wib_lib.pdf import Running
from wib_lib.plan import NOTEBOOKS, PACK, REGION, REGION_NAME, REGION_NOTEBOOKS, Plan
from wib_lib.step import Outcome
from wib_lib.store import Store

STALE = "gegevens, parameters of code zijn sindsdien gewijzigd; draai `wib run`"
# What a pack may hold beside its evaluation, and the pack of the region: linked when it is there.
FILES = (
    ("probleemanalyse.html", "probleemanalyse"),
    ("trends_hotspots.html", "trends en hotspots"),
    ("sturingsinformatie.html", "sturingsinformatie"),
    ("evaluatie.pdf", "PDF"),
    ("evaluatie.docx", "Word"),
    ("tabellen.xlsx", "Excel"),
)
REGION_FILES = (
    ("werkgroep.html", "werkgroep: de gebieden vergeleken"),
    ("werkgroep.pdf", "PDF"),
    ("rbo_samenvatting.html", "samenvatting voor het RBO"),
    ("rbo_samenvatting.pdf", "PDF"),
    ("tabellen.xlsx", "Excel"),
)


def write_overview(work: Plan, outcomes: Sequence[Outcome]) -> Path:
    """
    Write the index over all areas, from the packs that are there and hold.

    An area that failed in this run, or whose pack rests on something that changed since, loses
    that pack: a stale one would stand under a fresh index.
    """
    folder = work.project.reports(work.dataset.name, work.audience)
    gone = {
        o.slug: ("mislukt", f"{o.step} is mislukt; zie de melding van de run")
        for o in outcomes
        if o.error
    }
    others = _others(work, folder)
    gone |= dict.fromkeys(stale_areas(work, others), ("verouderd", STALE))
    if not _region_holds(work, outcomes):
        gone[REGION] = ("verouderd", STALE)
    for slug in gone:
        shutil.rmtree(folder / slug, ignore_errors=True)
    names = {slug: params.gemeente for slug, params in {**work.params, **others}.items()}
    elsewhere = sorted(work.dataset.elsewhere)
    order = [*work.project.area_slugs, *elsewhere]
    rows = [_overview_row(folder, s, names[s], gone.get(s)) for s in order if s in names]
    areas = [row for row in rows if row]
    title = f"Aanpak woninginbraken: {number(len(areas))} evaluatie{'s' * (len(areas) != 1)}"
    target = folder / "index.html"
    folder.mkdir(parents=True, exist_ok=True)
    write_index(
        target,
        title=title,
        banner=FICTITIOUS if work.dataset.bronnen.fictief else None,
        dataset_label=work.dataset.bronnen.naam,
        audience=work.audience,
        areas=areas,
        region=documents(folder, REGION, REGION_FILES),
    )
    marks = marking(work.audience, work.params_of(REGION), fictitious=work.dataset.bronnen.fictief)
    about = Running(title, at_date(work), marks.label, marks.banner)
    write_bundles(folder, work.audience, _contents(folder, areas), about, as_of(work))
    return target


def _contents(folder: Path, areas: Sequence[Mapping[str, Any]]) -> Contents:
    """Say which packs hold, and why others are not there."""
    packs = {area["slug"]: area["naam"] for area in areas if not area["fout"]}
    if (folder / REGION).is_dir():
        packs[REGION] = REGION_NAME
    return Contents(packs, {area["naam"]: area["fout"] for area in areas if area["fout"]})


def documents(folder: Path, slug: str, files: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return name and address of the files that a pack holds, in the order given."""
    return [(name, f"{slug}/{file}") for file, name in files if (folder / slug / file).is_file()]


def _others(work: Plan, folder: Path) -> dict[str, Params]:
    """Areas that have a pack and took no part in this run."""
    slugs = {*work.project.area_slugs, *work.dataset.elsewhere} - work.params.keys()
    return {
        slug: work.project.params(slug, work.dataset, work.overrides)
        for slug in sorted(slugs)
        if (folder / slug).is_dir()
    }


def stale_areas(work: Plan, params: Mapping[str, Params]) -> set[str]:
    """Return the areas whose pack of an earlier run rests on something different in this one."""
    other = replace(work, params=params, steps=(*NOTEBOOKS, PACK), has_word=False)
    store = Store(work.project.processed(work.dataset.name))
    return {slug for slug, _ in stale(other, store)}


def _region_holds(work: Plan, outcomes: Sequence[Outcome]) -> bool:
    """Tell whether the pack of the region rests on what the areas say now."""
    if any((o.slug, o.step) == (REGION, PACK) and not o.error for o in outcomes):
        return True
    store = Store(work.project.processed(work.dataset.name))
    whole = replace(work, steps=(*NOTEBOOKS, *REGION_NOTEBOOKS, PACK))
    return not any(reasons(whole, REGION, step, store) for step in whole.steps_of(REGION))


def _overview_row(
    folder: Path, slug: str, name: str, gone: tuple[str, str] | None
) -> dict[str, Any] | None:
    row: dict[str, Any] = {
        "slug": slug,
        "naam": name,
        "kerncijfers": {},
        "ontbreekt": [],
        "fout": None,
    }
    if gone:
        return row | {"stand": gone[0], "fout": gone[1]}
    path = folder / slug / "kerncijfers.json"
    if not path.is_file():
        return None
    figures = json.loads(path.read_text(encoding="utf-8"))
    found = {"kerncijfers": figures, "ontbreekt": figures["ontbreekt"]}
    return row | found | {"documenten": documents(folder, slug, FILES)}
