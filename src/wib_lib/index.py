"""The index over the packs: one row per area, never a stale pack under it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wib_lib.export import write_index
from wib_lib.freshness import stale
from wib_lib.plan import NOTEBOOKS, PACK, Plan
from wib_lib.run import BANNER
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
    gone |= {slug: STALE for slug in _others(work, folder) if is_stale(work, slug)}
    for slug in gone:
        shutil.rmtree(folder / slug, ignore_errors=True)
    areas = [_overview_row(work, folder, slug, gone.get(slug)) for slug in work.project.area_slugs]
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


def _others(work: Plan, folder: Path) -> list[str]:
    """Areas that have a pack and took no part in this run."""
    slugs = [slug for slug in work.project.area_slugs if slug not in work.params]
    return [slug for slug in slugs if (folder / slug).is_dir()]


def is_stale(work: Plan, slug: str) -> bool:
    """Tell whether a pack of an earlier run rests on something that is different in this one."""
    params = work.project.params(slug, work.dataset, work.overrides)
    other = replace(work, params={slug: params}, steps=(*NOTEBOOKS, PACK))
    store = Store(work.project.processed(work.dataset.name))
    return bool(stale(other, store))


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
