"""What a notebook over all areas opens: their packs' figures, beside what `Run` has for one area."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from wib_lib import html, region, region_forms
from wib_lib.absent import Missing, Value
from wib_lib.assessment import counted_together
from wib_lib.codes import Area
from wib_lib.dutch import day, number
from wib_lib.dutch import window as window_label
from wib_lib.errors import RunError
from wib_lib.evidence import opened
from wib_lib.freshness import standing
from wib_lib.packfile import KEY_FILE
from wib_lib.params import check_audience
from wib_lib.plan import GATHERED, REGION, REGION_NAME, TO_REGION, plan
from wib_lib.project import Project
from wib_lib.release import Release
from wib_lib.release_step import region_release
from wib_lib.run import COUNTS, Run
from wib_lib.store import Store

CLOSED = Missing("staat niet in een openbaar pakket")
OWNER = "de projectleiders van de gemeenten"


@dataclass
class RegionRun(Run):
    """
    One notebook's view of all areas of the approach.

    Parameters
    ----------
    holding : sequence of str
        Slugs of the areas whose results hold; the others are named, not shown.
    """

    holding: Sequence[str] = ()

    @property
    def place(self) -> str:
        """What a figure is of."""
        return REGION_NAME

    @cached_property
    def release(self) -> Release:
        """What this audience may see of the areas' police counts together."""
        return region_release(self.project, self.dataset, self.audience)

    @cached_property
    def areas(self) -> dict[str, Area]:
        """All areas of the approach by name, in the region's order."""
        return self.project.areas(self.dataset)

    @cached_property
    def members(self) -> list[region.Member]:
        """All areas with what their packs state."""
        slugs = zip(self.areas, self.project.area_slugs, strict=True)
        return [
            region.Member(
                name, self._key_file(slug) if slug in self.holding else None, self.minimum
            )
            for name, slug in slugs
        ]

    @cached_property
    def whole(self) -> region.Member:
        """The areas added up."""
        name = f"De {number(len(self.members))} gebieden samen"
        return region.total(self.members, name=name, level=self.params.betrouwbaarheid)

    @cached_property
    def benchmarks(self) -> list[region.Member]:
        """Country, police region and guests."""
        return region.benchmarks(self.members)

    def counted(self) -> Value:
        """Count the burglaries of all areas at once, to hold their sum against."""
        if self.whole.window is None:
            return Missing("de gebieden hebben verschillende vensters")
        return counted_together(opened(self.rows), self.whole.window)

    def form(self, table: str) -> pd.DataFrame | Missing:
        """Return a form of all areas; what is no open data stays out of a public pack."""
        if self.audience == "openbaar":
            return CLOSED
        return region_forms.form(self.store, table, self.areas)

    def said(self) -> dict[str, dict[str, Mapping[str, str]]]:
        """Return the sentences of every area that holds, by its name and notebook."""
        names = dict(zip(self.project.area_slugs, self.areas, strict=True))
        return {
            names[slug]: {step: self._sentences(slug, step) for step in TO_REGION}
            for slug in self.project.area_slugs
            if slug in self.holding
        }

    def lacking(self, what: str, why: Missing, owner: str = OWNER) -> html.Fragment:
        """Say that something is not there and why, and whom to ask for a form."""
        if why == region_forms.FROM_NOBODY:
            return super().lacking(what, why, owner)
        return html.note(f"{what}: {why.reason}.")

    def head(self, title: str) -> html.Fragment:
        """Open the pack: title, areas, window, reference date, class, fictitious or not."""
        window = self.whole.window
        n, n_shown = len(self.members), len(self.holding)
        facts = [
            ("Gebieden", number(n) if n == n_shown else f"{n_shown} van de {n}"),
            ("Venster", window_label(window) if window else "verschilt per gebied"),
            ("Gegevens", self.dataset.bronnen.naam),
            ("Peildatum", day(max(item.peildatum for item in self.store.described))),
            *self.marking.facts,
        ]
        return html.head(
            title,
            subtitle="Aanpak woninginbraken, evaluaties na 12 maanden naast elkaar",
            facts=facts,
            banner=self.marking.banner,
        )

    def source_of(self, table: str) -> str:
        """Name the packs of the areas, or the forms where a table was made from those."""
        return "de pakketten van de gebieden" if table == COUNTS else "formulieren van de gemeenten"

    def read(self) -> dict[str, Any]:
        """Return on what the results rest; the areas that lack are part of it."""
        found = super().read()
        return found | {"uitspraken": [*found["uitspraken"], *self.project.area_slugs]}

    def key_file(self) -> dict[str, Any]:
        """Return the key figures of the areas together, and which areas are in it."""
        lacking = [m.name for m in self.members if m.figures is None]
        return {
            **(self.whole.figures or {}),
            "gebieden": [m.name for m in self.members if m.figures is not None],
            "ontbreekt": [f"{name}: {region.NO_RESULTS}" for name in lacking],
        }

    def key_file_head(self) -> dict[str, Any]:
        """Return the part of the key figures that says what was put together."""
        n = len(self.members)
        place = {"naam": self.whole.name, "gebied": "1 gebied" if n == 1 else f"{n} gebieden"}
        return super().key_file_head() | {"gemeente": place}

    def _key_file(self, slug: str) -> Mapping[str, Any]:
        path = self.project.results(self.dataset.name, self.audience, slug) / GATHERED / KEY_FILE
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _sentences(self, slug: str, step: str) -> Mapping[str, str]:
        path = self.project.results(self.dataset.name, self.audience, slug) / step / "claims.json"
        saved = json.loads(path.read_text(encoding="utf-8"))
        return {item["key"]: item["sentence"] for item in saved}


def open_region(
    notebook: str,
    *,
    dataset: str,
    audience: str,
    gebieden: Sequence[str] | None = None,
    betrouwbaarheid: float | None = None,
) -> RegionRun:
    """
    Open all areas of a dataset in a notebook.

    Parameters
    ----------
    notebook : str
        Name of the notebook that calls, without suffix.
    dataset : str
        Name in `data/raw/`, or a path.
    audience : str
    gebieden : sequence of str, optional
        Slugs of the areas whose results hold, as the runner knows them; without it they are
        looked up.
    betrouwbaarheid : float, optional
        Level of the intervals, when it differs from the parameter files.

    Raises
    ------
    WibError
        One Dutch sentence when something cannot be used, or no area has results that hold.
    """
    check_audience(audience)
    project = Project.find()
    given = {} if betrouwbaarheid is None else {"betrouwbaarheid": betrouwbaarheid}
    delivery = project.dataset(dataset)
    if gebieden is None:
        nobody = replace(plan(project, dataset, audience=audience, overrides=given), params={})
        gebieden = standing(nobody, Store(project.processed(delivery.name)))
    if not gebieden:
        raise RunError(
            "geen enkel gebied heeft uitkomsten die gelden; draai eerst "
            f"`wib run --dataset {delivery.name}`."
        )
    params = project.params(project.area_slugs[0], delivery, given)
    return RegionRun(notebook, project, delivery, params, audience, REGION, holding=gebieden)
