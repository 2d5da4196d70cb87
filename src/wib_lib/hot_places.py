"""Where burglaries were in one area: hot buurten, whether they moved, how concentrated it is.

Buurten come from the release. Streets, the grid and the smoothed picture are counted from rows,
and only for readers who may see a place below the buurt; what is drawn of them is which cells are
hot, never a count. What is hot says nothing about why.
"""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from wib_lib import chance, cubes
from wib_lib.absent import Missing, NotGiven, Value, is_known
from wib_lib.audiences import NO, rule
from wib_lib.concentration import Concentration, concentration
from wib_lib.density import density
from wib_lib.dutch import interval, number, percent
from wib_lib.errors import TableError
from wib_lib.evidence import Evidence, Sealed, opened
from wib_lib.grid import Grid, count_in_cells, dwelling_cells, spread_dwellings
from wib_lib.hotspot_moves import ALIKE, Overlap, changed_parts, compare_periods, moves
from wib_lib.hotspots import hot_areas, touching, within
from wib_lib.periods import Window
from wib_lib.registered_hotspots import compare_registered, registered_parts
from wib_lib.released import Released
from wib_lib.store import NOWHERE

NOT_FOR = NotGiven("niet bestemd voor deze lezers")
PUBLIC, ANALYST = "openbaar", "analist"
BANDWIDTH = 400.0  # metres; twice the least that may be drawn
PER_KM2 = (5.0, 10.0, 20.0, 40.0, 80.0)  # fixed, so that pictures can be laid side by side
CALM = "geen hotspot"
LEAST = 5  # burglaries of a buurt that is called hot
NOW, BEFORE, EARLIER = "n_now", "n_before", "n_earlier"
GRID = (
    "Op het raster zijn de woningen gelijk over hun buurt verdeeld, omdat adressen niet geleverd zijn: "
    "naast een park lijkt een vierkant warmer dan het is."
)
SMOOTHED = (
    "De vlekkenkaart is een beeld en geen toets; waar weinig bij elkaar ligt, is niets getekend."
)
HOT: dict[str, Any] = {
    "caption": "Buurten die een hotspot zijn of waren, of een ander deel van het gebied dragen",
    "labels": {"naam": "Buurt", "state": "Hotspot", NOW: "Venster", BEFORE: "Jaar ervoor",
               EARLIER: "Twee jaren ervoor samen", "expected": "Venster, naar rato verwacht",
               "change": "Deel van het gebied"},
    "formats": {NOW: number, BEFORE: number, EARLIER: number,
                "expected": partial(number, decimals=1)},
    "row_header": "naam",
}  # fmt: skip
SPREAD: dict[str, Any] = {
    "caption": "Hoe geconcentreerd: het deel in de top, naast wat toeval geeft",
    "labels": {"unit": "Eenheid", "n_units": "Aantal", "n_top": "In de top",
               "top": "Aandeel van de top", "top_chance": "Bij toeval",
               "gini": "Gini (gegeneraliseerd)", "gini_chance": "Bij toeval", "p": "Kans bij toeval (p)"},
    "formats": {"n_units": number, "n_top": number, "top": percent,
                "gini": partial(number, decimals=2), "p": partial(number, decimals=3)},
    "row_header": "unit",
}  # fmt: skip
REGISTERED: dict[str, Any] = {
    "caption": "Geregistreerde hotspots naast waar de woninginbraken waren",
    "labels": {"source": "Bron", "n_parts": "Buurten", "n_burglaries": "Woninginbraken",
               "share_burglaries": "Deel van de woninginbraken", "share_dwellings":
               "Deel van de woningen", "pai": "Verhouding", "jaccard": "Overlap met eigen analyse",
               "jaccard_expected": "Overlap bij toeval"},
    "formats": {"n_parts": number, "n_burglaries": number,
                "share_burglaries": percent, "share_dwellings": percent,
                "pai": partial(number, decimals=1), "jaccard": partial(number, decimals=2),
                "jaccard_expected": partial(number, decimals=2)},
    "row_header": "source",
    "source": ("woninginbraken", "hotspots"),
}  # fmt: skip


def hot_parts(evidence: Released, parts: pd.DataFrame | Missing) -> pd.DataFrame | Missing:
    """
    Find the hot buurten of the window and of the year before, and the buurten that changed.

    Parameters
    ----------
    evidence : Released
    parts : DataFrame or Missing
        As from `wib_lib.problem.by_part`.

    Returns
    -------
    GeoDataFrame or Missing
        The buurten with enough dwellings: `code`, `naam`, `n_now`, `n_before`, `n_dwellings`,
        `geometry`, `is_hot`, `was_hot`, `state` (gebleven, weg, nieuw or geen hotspot),
        `n_earlier` (both years before: one year is too few to see a change), `expected`, `p_bh`,
        `change`. `attrs`: `overlap` compares the hot buurten of the window and the year before,
        `least_dwellings` is what a buurt must have to take part.
    """
    kept = _complete(evidence, parts)
    if isinstance(kept, Missing):
        return kept
    window = evidence.params.window.earlier(2)
    earlier = [evidence.n("delen", window, code) for code in kept["code"]]
    known = [int(n) for n in earlier if is_known(n)]
    kept[EARLIER] = kept[BEFORE] + (known if len(known) == len(kept) else 0)
    try:
        now, before = (_hot(kept, name) for name in (NOW, BEFORE))
        changed = changed_parts(kept, EARLIER, NOW)
    except TableError:
        return NotGiven("er zijn te weinig woninginbraken om buurten te vergelijken")
    state = moves(before["is_hot"], now["is_hot"]).replace("", CALM)
    result = changed.assign(is_hot=now["is_hot"], was_hot=before["is_hot"], state=state)
    result.attrs["overlap"] = compare_periods(before, now, counts=(BEFORE, NOW))
    result.attrs["least_dwellings"] = evidence.params.minimum_woningen
    return result


def _hot(parts: pd.DataFrame, count: str) -> pd.DataFrame:
    """Find hot buurten; a quiet or nearly empty buurt beside a hot one is not hot itself."""
    found = hot_areas(parts, touching(parts["geometry"]), count=count)
    mean = 1_000 * found[count].sum() / found["n_dwellings"].sum()
    is_own = found["rate"].gt(mean) & found[count].ge(LEAST)
    middle = parts["geometry"].centroid
    return found.assign(is_hot=found["is_hot"] & is_own, x=middle.x, y=middle.y)


def _complete(evidence: Released, parts: pd.DataFrame | Missing) -> pd.DataFrame | Missing:
    """Keep the buurten with enough dwellings; every count must be shown."""
    if isinstance(parts, Missing):
        return parts
    if "geometry" not in parts:
        return Missing("grenzen zijn niet geleverd")
    counts = [n for name in (NOW, BEFORE) for n in parts[name]]
    absent = next((n for n in counts if not is_known(n)), None)
    if absent is not None:
        return absent if isinstance(absent, Missing) else NotGiven("een aantal is onderdrukt")
    enough = parts["n_dwellings"].fillna(0).ge(evidence.params.minimum_woningen)
    if enough.sum() < 3:
        return NotGiven("er zijn te weinig buurten met genoeg woningen")
    kept = parts[enough].sort_values("code").reset_index(drop=True)
    return kept.astype({NOW: "int64", BEFORE: "int64"})


def noted(hot: pd.DataFrame | Missing) -> pd.DataFrame | Missing:
    """Return the buurten that are or were hot, or changed, for a table."""
    if isinstance(hot, Missing):
        return hot
    found = hot[hot["state"].ne(CALM) | hot["change"].ne(ALIKE)]
    if found.empty:
        return NotGiven("geen enkele buurt springt eruit")
    return pd.DataFrame(found.drop(columns="geometry")).sort_values(NOW, ascending=False)


def overlap_of(hot: pd.DataFrame | Missing) -> Overlap | Missing:
    """Return how the hot buurten of both years compare."""
    return hot if isinstance(hot, Missing) else hot.attrs["overlap"]


def may_see_places(audience: str) -> bool:
    """Tell whether readers may see a place below the buurt."""
    return rule("plek", audience) != NO


def spread(
    evidence: Released, parts: pd.DataFrame | Missing, rows: Evidence | Sealed
) -> pd.DataFrame | Missing:
    """
    Measure concentration over buurten and, for readers who may see them, over streets.

    Returns
    -------
    DataFrame or Missing
        `unit`, `n_units`, `n_top`, `top` (per cent), `top_chance`, `gini`, `gini_chance`, `p`,
        and `top_high`, the upper end of what chance gives.
    """
    kept = _complete(evidence, parts)
    if isinstance(kept, Missing):
        return kept
    if not kept[NOW].sum():
        return NotGiven("in het venster zijn geen woninginbraken")
    buurten = concentration(
        kept[NOW], chance.generator(), n_units=len(kept), dwellings=kept["n_dwellings"]
    )
    found = [_spread("buurten, toeval per woning", buurten)]
    streets = _streets(evidence, rows)
    if not isinstance(streets, Missing):
        found.append(_spread("straten, toeval per straat", streets))
    return pd.DataFrame(found, dtype=object)


def _streets(evidence: Released, rows: Evidence | Sealed) -> Concentration | Missing:
    if not may_see_places(evidence.cells.audience):
        return NOT_FOR
    incidents = opened(rows).incidents
    if incidents is None or incidents["straat_id"].isna().all():
        return Missing("straten zijn niet geleverd")
    inside = incidents[_during(incidents, evidence.params.window)]
    counts = inside["straat_id"].value_counts()
    if not len(counts):
        return NotGiven("in het venster is van geen woninginbraak de straat bekend")
    # Streets of all years together: a lower bound, with which concentration is understated.
    n_streets = int(incidents["straat_id"].nunique())
    return concentration(counts, chance.generator(), n_units=n_streets)


def _spread(unit: str, found: Concentration) -> dict[str, object]:
    low, high = (100 * bound for bound in found.top_by_chance[1:])
    return {
        "unit": unit,
        "n_units": found.n_units,
        "n_top": found.n_top,
        "top": 100 * found.top,
        "top_chance": f"{interval(low, high)} %",
        "gini": found.gini,
        "gini_chance": interval(*found.gini_by_chance[1:], 2),
        "p": found.gini_p,
        "top_low": low,
        "top_high": high,
    }


def registered(
    evidence: Released, hot: pd.DataFrame | Missing, rows: Evidence | Sealed
) -> pd.DataFrame | Missing:
    """
    Set the registered hotspots, as buurten and wijken, beside the burglaries that they held.

    Returns
    -------
    DataFrame or Missing
        As from `compare_registered`, shares in per cents.
    """
    if isinstance(hot, Missing):
        return hot
    if evidence.cells.audience == PUBLIC:
        return NOT_FOR
    register = opened(rows).store.table("hotspots", [evidence.area.gemeente_code, NOWHERE])
    if register is None or register.empty:
        return Missing("het register van Gebiedsscan of Hotspotmonitor is niet geleverd")
    named = registered_parts(register, hot, evidence.params.window)
    if not len(named.columns):
        return NotGiven("van geen hotspot staat de bron in het register")
    sets = {str(name): named[name].to_numpy() for name in named}
    table = compare_registered(hot, sets, count=NOW, own=hot["is_hot"].to_numpy())
    for name in ("share_burglaries", "share_dwellings"):
        table[name] = [100 * v if is_known(v) else v for v in table[name]]
    own = NotGiven("is de eigen analyse")
    for name in ("jaccard", "jaccard_expected"):
        cells: list[Value] = [v if not pd.isna(v) else own for v in table[name]]
        table[name] = pd.Series(cells, dtype=object)
    return table


def hot_grid(evidence: Released, rows: Evidence | Sealed) -> pd.DataFrame | Missing:
    """
    Find hot cells of 125 m, with dwellings spread evenly over their buurt as a makeshift.

    Returns
    -------
    GeoDataFrame or Missing
        One row per kind of cell: `state` (gebleven, weg, nieuw) and `geometry`. `attrs`:
        `n_hot`, `n_cells`, `n_outside` (burglaries in no cell that is kept) and `overlap`.
    """
    if evidence.cells.audience != ANALYST:
        return NOT_FOR
    gridded = _gridded(evidence, rows)
    if isinstance(gridded, Missing):
        return gridded
    cells, incidents = gridded
    spans = dict(zip((NOW, BEFORE), cubes.pair(evidence), strict=True))
    counted = count_in_cells(incidents, cells, spans)
    weights = within(counted["x"].to_numpy(), counted["y"].to_numpy(), 1.5 * Grid().size)
    try:
        now, before = (hot_areas(counted, weights, count=name) for name in (NOW, BEFORE))
    except TableError:
        return NotGiven("er zijn te weinig woninginbraken voor een raster")
    state = moves(before["is_hot"], now["is_hot"])
    result = _squares(counted.assign(state=state)[state.ne("")], "state")
    result.attrs = {
        "n_hot": int(now["is_hot"].sum()),
        "n_cells": len(counted),
        "n_outside": counted.attrs["n_outside"][NOW],
        "overlap": compare_periods(before, now, counts=(BEFORE, NOW)),
    }
    return result


def smoothed(evidence: Released, rows: Evidence | Sealed) -> pd.DataFrame | Missing:
    """
    Smooth the burglaries of the window for a picture, masked where there are few.

    Returns
    -------
    GeoDataFrame or Missing
        One row per class that occurs: `number` (position in the fixed classes) and `geometry`.
    """
    if not may_see_places(evidence.cells.audience):
        return NOT_FOR
    gridded = _gridded(evidence, rows)
    if isinstance(gridded, Missing):
        return gridded
    cells, incidents = gridded
    inside = incidents[_during(incidents, evidence.params.window)]
    least = max(evidence.cells.minimum, int(evidence.params.drempels.werkgroep))
    found = density(inside, cells, bandwidth=BANDWIDTH, minimum=least)
    shown = found[found["per_km2"].notna()]
    if shown.empty:
        return NotGiven("nergens liggen genoeg woninginbraken bij elkaar")
    years = evidence.params.window.n_months / 12
    number_of = np.searchsorted(PER_KM2, shown["per_km2"] / years, side="right")
    return _squares(shown.assign(number=number_of), "number")


def _during(incidents: pd.DataFrame, window: Window) -> pd.Series:
    return incidents["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))


def _gridded(
    evidence: Released, rows: Evidence | Sealed
) -> tuple[pd.DataFrame, pd.DataFrame] | Missing:
    """Cells of the grid with enough dwellings, and incidents with a place in it."""
    cells = _cells(evidence)
    incidents = opened(rows).incidents
    if isinstance(cells, Missing):
        return cells
    if incidents is None or incidents["rd_x"].isna().all():
        return Missing("coördinaten zijn niet geleverd")
    return cells, incidents


def _cells(evidence: Released) -> pd.DataFrame | Missing:
    """Cells of the grid with enough dwellings."""
    parts = evidence.parts(evidence.params.window.start.year)
    if parts is None:
        return cubes.NO_PARTS
    if "geometry" not in parts:
        return Missing("grenzen zijn niet geleverd")
    try:
        return dwelling_cells(spread_dwellings(parts), minimum=evidence.params.minimum_woningen)
    except TableError:
        return Missing("woningen per buurt zijn niet geleverd")


def _squares(cells: pd.DataFrame, by: str) -> pd.DataFrame:
    """Join cells of one kind to one shape."""
    import geopandas as gpd
    import shapely

    half = Grid().size / 2
    x, y = cells["x"].to_numpy(), cells["y"].to_numpy()
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    frame = gpd.GeoDataFrame(cells[[by]].reset_index(drop=True), geometry=boxes, crs="EPSG:28992")
    joined: pd.DataFrame = frame.dissolve(by=by).reset_index()
    return joined
