"""The index over the packs: one row per area, never a stale pack under it."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wib_lib.dutch import number
from wib_lib.export import write_index
from wib_lib.freshness import stale
from wib_lib.marking import FICTITIOUS as BANNER
from wib_lib.params import Params
from wib_lib.plan import NOTEBOOKS, PACK, Plan
from wib_lib.step import Outcome
from wib_lib.store import Store

STALE = "verouderd: gegevens, parameters of code zijn sindsdien gewijzigd; draai `wib run`"


def write_overview(work: Plan, outcomes: Sequence[Outcome]) -> Path:
    """
    Write the index over all areas, from the packs that are there and hold.

    An area that failed in this run, or whose pack rests on something that changed since, loses
    that pack: a stale one would stand under a fresh index.
    """
    folder = work.project.reports(work.dataset.name, work.audience)
    gone = {o.slug: f"{o.step} is mislukt; zie de melding van de run" for o in outcomes if o.error}
    others = _others(work, folder)
    gone |= dict.fromkeys(stale_areas(work, others), STALE)
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
        banner=BANNER if work.dataset.bronnen.fictief else None,
        dataset_label=work.dataset.bronnen.naam,
        audience=work.audience,
        areas=areas,
    )
    return target


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
    other = replace(work, params=params, steps=(*NOTEBOOKS, PACK))
    store = Store(work.project.processed(work.dataset.name))
    return {slug for slug, _ in stale(other, store)}


def _overview_row(folder: Path, slug: str, name: str, error: str | None) -> dict[str, Any] | None:
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
