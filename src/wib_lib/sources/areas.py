"""Boundaries of gemeenten, wijken and buurten, from the map files of CBS and PDOK."""

from pathlib import Path

import pandas as pd

from wib_lib.checks import RowCheck, check_rows
from wib_lib.codes import level_of, parent
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.sources.reading import Context, Reading

RD_NEW = 28992


def read_areas(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read boundaries of gemeenten, wijken and buurten in EPSG:28992, from any layer of the file.

    Raises
    ------
    DeliveryError
        When the file is no map, has no codes, or does not state its coordinate system.
    """
    del context
    import geopandas as gpd
    import pyogrio

    try:
        layers = [name for name, geometry in pyogrio.list_layers(path) if geometry]
        parts = [gpd.read_file(path, layer=layer) for layer in layers]
    except (pyogrio.errors.DataSourceError, UnicodeDecodeError):
        layers, parts = [], []
    if not layers:
        raise DeliveryError(
            f"{bron.bestand}: dit is geen leesbaar kaartbestand (GeoPackage of GeoJSON)."
        ) from None
    shapes = [_area_frame(bron, part) for part in parts]
    typed = gpd.GeoDataFrame(pd.concat(shapes, ignore_index=True), crs=RD_NEW)
    typed.index = pd.RangeIndex(1, len(typed) + 1)
    raw = pd.DataFrame({"code": typed["code"].fillna(""), "naam": typed["naam"].fillna("")})
    checks = [
        RowCheck("gebied_onbekend", ("code",), "een GM-, WK- of BU-code",
                 lambda rows: rows["gemeente_code"].notna()),
        RowCheck("vorm_ongeldig", ("code",), "een gesloten vlak zonder kruisende grenzen",
                 lambda rows: rows.geometry.is_valid & ~rows.geometry.is_empty),
    ]  # fmt: skip
    return Reading(check_rows(typed, raw, checks, key=("code",)))


def _area_frame(bron: Bron, part: pd.DataFrame) -> pd.DataFrame:
    import geopandas as gpd

    shapes = gpd.GeoDataFrame(part)
    named = {"name": "naam", "statnaam": "naam", "statcode": "code"}
    shapes = shapes.rename(columns={old: new for old, new in named.items() if old in shapes})
    for column in ("code", "naam"):
        if column not in shapes:
            raise DeliveryError(
                f"{bron.bestand}: kolom '{column}' ontbreekt; aanwezig: {', '.join(part.columns)}."
            )
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
    shapes = shapes.to_crs(RD_NEW)
    shapes["code"] = shapes["code"].astype("str").str.strip().fillna("")
    shapes["niveau"] = [_level(code) for code in shapes["code"]]
    shapes["gemeente_code"] = [
        parent(code, "gemeente") if isinstance(level, str) else None
        for code, level in zip(shapes["code"], shapes["niveau"], strict=True)
    ]
    return pd.DataFrame(shapes[["code", "naam", "niveau", "gemeente_code", "geometry"]])


def _level(code: str) -> str | None:
    try:
        return level_of(code)
    except ValueError:
        return None
