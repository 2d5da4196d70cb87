"""Police deliveries per incident: extracts and the public map.

"Woninginbraak" is police code 1.1.1, diefstal/inbraak woning, attempts included: the
maatschappelijke klassen A20, A30, B20 and B30. Sheds and garages are 1.1.2 and stay out.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from wib_lib.checks import RowCheck
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.sources.areas import MARGIN_M
from wib_lib.sources.files import read_table
from wib_lib.sources.places import place_checks
from wib_lib.sources.reading import Context, Reading, check_table, listed, pick
from wib_lib.tables import INCIDENTEN, Notation, parse

BURGLARY = "1.1.1"
MAP_KINDS = {"Poging tot woninginbraak": "ja", "Woninginbraak": "nee"}


def read_bvh(bron: Bron, path: Path, context: Context) -> Reading:
    """Read an incident extract; `kolommen` in `bronnen.yaml` maps any extract to the contract."""
    headers = {name for parts in bron.kolommen.values() for name in listed(parts)}
    raw = pick(bron, read_table(bron, path, headers), bron.kolommen, INCIDENTEN)
    typed = parse(raw, INCIDENTEN, context.notation(bron))
    scope = [_selected_classes(context.klassen)] if "mk_code" in raw else []
    buurt, outside = _located(typed, context)
    extra = [
        _known_gemeente(context),
        _in_period(bron),
        _times_in_order(),
        *place_checks("coordinaat", ["rd_x", "rd_y"], _xy, empties=True),
        _within_boundaries(outside),
    ]
    checked = check_table(raw, typed, INCIDENTEN, scope=scope, extra=extra)
    for rows in (checked.accepted, checked.doubles):
        rows["buurt_punt"] = buurt.reindex(rows.index).where(rows["rd_x"].notna())
        exact = rows[["rd_x", "rd_y"]]
        rows[["rd_x", "rd_y"]] = (exact / bron.afronding_m).round() * bron.afronding_m
        rows["punt_nr"] = _point_number(exact, rows)
    if bron.periode:
        return Reading(checked, bron.periode.van, bron.periode.tot)
    return Reading(checked, *_span(checked.accepted["kennisname_dt"]))


def read_misdaad_in_kaart(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read the police's public map: postcode, day, attempt or completed; the whole country.

    The map has no identifier: equal rows are separate burglaries, so the row number serves as
    one. A postcode without a known gemeente keeps its row, for the national count.
    """
    if "pc4" not in context.tables:
        raise DeliveryError(
            f"{bron.bestand}: zonder postcodetabel is de gemeente niet te bepalen; voeg een bron "
            "met profiel pc4 toe aan bronnen.yaml."
        )
    columns = {"pc4": "Postcode", "kennisname_dt": "Datum", "poging_jn": "Soort"}
    derived = ("incident_id", "gemeente_code")
    raw = pick(bron, read_table(bron, path), columns, INCIDENTEN, derived=derived)
    raw["poging_jn"] = raw["poging_jn"].replace(MAP_KINDS)
    typed = parse(raw, INCIDENTEN, Notation(("%d-%m-%Y",)))
    typed["incident_id"] = [f"{bron.bestand}:{row}" for row in raw.index]
    places = context.tables["pc4"].set_index("pc4")
    for column in ("gemeente_code", "wijk_code"):
        typed[column] = typed["pc4"].map(places[column])
    checked = check_table(
        raw, typed, INCIDENTEN, extra=[_in_period(bron)], optional=["gemeente_code"]
    )
    return Reading(checked, *_span(checked.accepted["kennisname_dt"]), covers_country=True)


def _selected_classes(klassen: Sequence[str]) -> RowCheck:
    chosen = list(klassen)
    rule = f"maatschappelijke klasse {', '.join(chosen)} (politiecode {BURGLARY})"
    return RowCheck(
        "buiten_delictselectie", ("mk_code",), rule, lambda rows: rows["mk_code"].isin(chosen)
    )


def _known_gemeente(context: Context) -> RowCheck:
    known = context.known_gemeenten()
    return RowCheck(
        "gemeente_onbekend",
        ("gemeente_code",),
        "de gemeente staat in de kerncijfers van deze levering",
        lambda rows: rows["gemeente_code"].isin(known) | (not known),
    )


def _in_period(bron: Bron) -> RowCheck:
    first = pd.Timestamp(bron.periode.van) if bron.periode else pd.Timestamp.min
    last = pd.Timestamp(bron.periode.tot if bron.periode else bron.peildatum)
    return RowCheck(
        "buiten_leverperiode",
        ("kennisname_dt",),
        "de kennisname ligt in de periode van de levering",
        lambda rows: rows["kennisname_dt"].between(first, last),
    )


def _times_in_order() -> RowCheck:
    return RowCheck(
        "pleegtijd_omgekeerd",
        ("pleeg_van", "pleeg_tot"),
        "het begin ligt niet na het eind",
        lambda rows: ~(rows["pleeg_van"] > rows["pleeg_tot"]),
        empties=True,
    )


def _xy(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return rows["rd_x"], rows["rd_y"]


def _point_number(exact: pd.DataFrame, rounded: pd.DataFrame) -> pd.Series:
    """Number the exact points within each rounded one: a pile is still seen after rounding."""
    cell = [rounded["rd_x"], rounded["rd_y"]]
    points = exact.set_axis(["x", "y"], axis=1).assign(cell_x=cell[0], cell_y=cell[1]).dropna()
    distinct = points.drop_duplicates().sort_values(["x", "y"])
    number = distinct.groupby(["cell_x", "cell_y"]).cumcount().rename("number")
    numbered = points.merge(distinct.assign(number=number), how="left", validate="many_to_one")
    found = pd.Series(numbered["number"].to_numpy(float), points.index)
    return found.reindex(rounded.index)


def _within_boundaries(outside: pd.Series) -> RowCheck:
    return RowCheck(
        "coordinaat_buiten_gebieden",
        ("rd_x", "rd_y"),
        "de plaats ligt binnen de geleverde grenzen",
        lambda rows: ~outside.reindex(rows.index) | rows["rd_x"].isna(),
        empties=True,
    )


def _located(rows: pd.DataFrame, context: Context) -> tuple[pd.Series, pd.Series]:
    """
    Find the buurt in which a point lies, before it is rounded.

    Returns
    -------
    Series of str, Series of bool
        The buurt, missing without boundaries; and whether the point lies outside all boundaries
        although those of its gemeente were delivered.
    """
    buurt = pd.Series(None, rows.index, dtype="str")
    outside = pd.Series(False, rows.index)
    shapes = context.tables.get("gebieden")
    placed = rows["rd_x"].notna() & rows["rd_y"].notna()
    if shapes is None or not shapes["niveau"].eq("buurt").any() or not placed.any():
        return buurt, outside
    import geopandas as gpd
    import shapely

    newest = shapes["year"].eq(shapes["year"].max())
    buurten = gpd.GeoDataFrame(shapes[newest & shapes["niveau"].eq("buurt")])
    points = shapely.points(rows.loc[placed, ["rd_x", "rd_y"]].to_numpy(dtype=float))
    point, shape = buurten.sindex.query(points, predicate="intersects")
    found = pd.Series(buurten["code"].to_numpy()[shape], rows.index[placed][point])
    # A point on a border touches both buurten: the first by code, so that it is always the same.
    buurt = found.groupby(level=0).min().reindex(rows.index).astype("str")
    mapped = rows["gemeente_code"].isin(buurten["gemeente_code"])
    lost = (buurt.isna() & mapped)[placed].to_numpy()
    near, _ = buurten.sindex.query(points[lost], predicate="dwithin", distance=MARGIN_M)
    away = rows.index[placed][lost].delete(np.unique(near))
    outside.loc[away] = True
    return buurt, outside


def _span(days: pd.Series) -> tuple[date | None, date | None]:
    return (days.min().date(), days.max().date()) if len(days) else (None, None)
