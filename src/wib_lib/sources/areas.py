"""Boundaries of gemeenten, wijken and buurten, from the map files of CBS and PDOK."""

from pathlib import Path
from typing import Any

import pandas as pd

from wib_lib.checks import RowCheck, check_rows
from wib_lib.codes import level_of, parent
from wib_lib.delivery import Bron
from wib_lib.dutch import number
from wib_lib.errors import DeliveryError
from wib_lib.sources.places import place_checks
from wib_lib.sources.reading import Context, Reading, gemeenten_named

RD_NEW = 28992
# Code and name by edition: cartographic files, then PDOK and CBS, deepest level first.
CODES = ("code", "statcode", "buurtcode", "bu_code", "wijkcode", "wk_code", "gemeentecode",
         "gm_code")  # fmt: skip
NAMES = ("naam", "name", "statnaam", "buurtnaam", "bu_naam", "wijknaam", "wk_naam",
         "gemeentenaam", "gm_naam")  # fmt: skip
WATER = ("water", "h2o")  # JA or NEE, J or N; of shapefiles up to 2018 and of PDOK
# Generalised boundaries of two levels may differ by this much.
MARGIN_M = 100


def read_areas(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read boundaries of one year in EPSG:28992, from any layer of the file.

    Water is marked, because nobody lives there: it gets no rate and is on no map. A buurt that
    does not lie in its own wijk or gemeente is refused: its code or its shape is wrong.

    Raises
    ------
    DeliveryError
        When the file is no map, has no codes, or does not state its coordinate system.
    """
    del context
    import geopandas as gpd

    shapes = [_area_frame(bron, part) for part in _layers(bron, path)]
    typed = gpd.GeoDataFrame(pd.concat(shapes, ignore_index=True), crs=RD_NEW)
    typed.index = pd.RangeIndex(1, len(typed) + 1)
    typed["year"] = bron.jaar or bron.peildatum.year
    raw = pd.DataFrame({"code": typed["code"].fillna(""), "naam": typed["naam"].fillna("")})
    checks = [
        RowCheck("gebied_onbekend", ("code",), "een GM-, WK- of BU-code",
                 lambda rows: rows["gemeente_code"].notna()),
        RowCheck("vorm_ongeldig", ("code",), "een gesloten vlak zonder kruisende grenzen",
                 lambda rows: rows.geometry.is_valid & ~rows.geometry.is_empty),
        *place_checks("gebied", ["code"], _corner_and_inside, empties=False),
        RowCheck("gebied_buiten_eigen_wijk_of_gemeente", ("code",),
                 "het gebied ligt in de wijk en de gemeente van zijn code", _in_parents),
    ]  # fmt: skip
    checked = check_rows(typed, raw, checks, key=("code",))
    n_water = int(checked.accepted["is_water"].sum())
    told = f"Aantal gebieden die alleen uit water bestaan: {number(n_water)}; zij staan niet op kaarten."
    named = gemeenten_named(raw["code"], raw["naam"])
    return Reading(checked, notes=(told,) if n_water else (), gemeenten=named)


def _layers(bron: Bron, path: Path) -> list[pd.DataFrame]:
    import geopandas as gpd
    import pyogrio

    try:
        layers = [name for name, geometry in pyogrio.list_layers(path) if geometry]
        parts = [gpd.read_file(path, layer=layer) for layer in layers]
    except (pyogrio.errors.DataSourceError, UnicodeDecodeError):
        parts = []
    if not parts:
        raise DeliveryError(
            f"{bron.bestand}: dit is geen leesbaar kaartbestand (GeoPackage, GeoJSON of shapefile)."
        )
    return parts


def _area_frame(bron: Bron, part: pd.DataFrame) -> pd.DataFrame:
    import geopandas as gpd

    shapes = gpd.GeoDataFrame(part)
    lower = {str(name).lower(): name for name in part.columns}
    for column, names in (("code", CODES), ("naam", NAMES)):
        found = next((lower[name] for name in names if name in lower), None)
        if found is None:
            raise DeliveryError(
                f"{bron.bestand}: kolom '{column}' ontbreekt; aanwezig: {', '.join(part.columns)}."
            )
        shapes[column] = shapes[found].astype("str").str.strip().fillna("")
    water = next((lower[name] for name in WATER if name in lower), None)
    shapes["is_water"] = (
        False if water is None else part[water].astype("str").str.upper().str[:1].eq("J")
    )
    shapes = _in_rd(bron, shapes)
    shapes["niveau"] = [_level(code) for code in shapes["code"]]
    shapes["gemeente_code"] = [
        parent(code, "gemeente") if isinstance(level, str) else None
        for code, level in zip(shapes["code"], shapes["niveau"], strict=True)
    ]
    return pd.DataFrame(shapes[["code", "naam", "niveau", "gemeente_code", "is_water", "geometry"]])


def _in_rd(bron: Bron, shapes: Any) -> Any:
    if shapes.crs is None:
        raise DeliveryError(
            f"{bron.bestand}: het coördinatenstelsel ontbreekt; lever de kaart in EPSG:28992."
        )
    in_metres = shapes.crs.is_geographic and abs(shapes.total_bounds).max() > 360
    if in_metres:
        raise DeliveryError(
            f"{bron.bestand}: de coördinaten zijn geen graden, maar het bestand noemt geen "
            "coördinatenstelsel; lever de kaart in EPSG:28992 met dat stelsel erin."
        )
    return shapes.to_crs(RD_NEW)


def _level(code: str) -> str | None:
    try:
        return level_of(code)
    except ValueError:
        return None


def _corner_and_inside(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return a place of every shape: a corner in 0, 0 betrays the shape, else a point within."""
    bounds = rows.geometry.bounds
    from_zero = bounds["minx"].eq(0) & bounds["miny"].eq(0)
    inside = rows.geometry.representative_point()
    return inside.x.mask(from_zero, 0.0), inside.y.mask(from_zero, 0.0)


def _in_parents(rows: pd.DataFrame) -> pd.Series:
    """Tell whether a point of every shape lies in the delivered wijk and gemeente of its code."""
    import geopandas as gpd

    ok = pd.Series(True, index=rows.index)
    points = rows.geometry.representative_point()
    for level, deeper in (("gemeente", ("wijk", "buurt")), ("wijk", ("buurt",))):
        children = rows[rows["niveau"].isin(deeper)]
        holders = rows[rows["niveau"].eq(level)].drop_duplicates("code").set_index("code").geometry
        codes = children["code"].map(lambda code, level=level: parent(code, level))
        codes = codes[codes.isin(holders.index)]
        own = gpd.GeoSeries(holders.reindex(codes).to_numpy(), index=codes.index, crs=RD_NEW)
        ok.loc[codes.index] &= points.loc[codes.index].distance(own).le(MARGIN_M)
    return ok
