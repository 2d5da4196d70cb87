"""Statistics Netherlands: key figures, inhabitants, boundaries and postcode points."""

from pathlib import Path

import pandas as pd

from wib_lib.checks import RowCheck, check_rows
from wib_lib.codes import DEEPEST_FIRST, level_of, parent
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.sources.files import read_table
from wib_lib.sources.reading import Context, Reading, check_table, pick
from wib_lib.tables import INWONERS, KERNCIJFERS, PC4, parse

# Columns of Kerncijfers wijken en buurten move every year: resolved by name stem, without the
# number behind it (Woningvoorraad_33 in 2013, Woningvoorraad_34 later).
KWB_STEMS = {
    "n_dwellings": "Woningvoorraad",
    "n_inhabitants": "AantalInwoners",
    "n_men": "Mannen",
    "n_women": "Vrouwen",
    "n_age_0_14": "k_0Tot15Jaar",
    "n_age_15_24": "k_15Tot25Jaar",
    "n_age_25_44": "k_25Tot45Jaar",
    "n_age_45_64": "k_45Tot65Jaar",
    "n_age_65_up": "k_65JaarOfOuder",
    "n_single_households": "Eenpersoonshuishoudens",
    "pct_owner": "Koopwoningen",
    "pct_rent": "HuurwoningenTotaal",
    "pct_social": "InBezitWoningcorporatie",
}
KWB_KEYS = ("WijkenEnBuurten", "RegioS")
RD_NEW = 28992


def read_kwb(bron: Bron, path: Path, context: Context) -> Reading:
    """Read Kerncijfers wijken en buurten of one year; '.' and blanks are missing, never 0."""
    del context
    frame = read_table(bron, path)
    frame.columns = frame.columns.str.replace(r"_\d+$", "", regex=True)
    key = next((name for name in KWB_KEYS if name in frame), KWB_KEYS[0])
    columns = {"code": key, "n_dwellings": KWB_STEMS["n_dwellings"]}
    columns |= {name: stem for name, stem in KWB_STEMS.items() if stem in frame}
    raw = pick(bron, frame, columns, KERNCIJFERS).replace({".": "", "*": ""})
    return _key_figures(raw, bron.jaar or bron.peildatum.year)


def read_tmap(bron: Bron, path: Path, context: Context) -> Reading:
    """Read the open attributes of wijken or gemeenten of 2022; all of the country."""
    del context
    columns = {
        "code": "code",
        "n_dwellings": "dwelling_total",
        "n_inhabitants": "population",
        "pct_owner": "dwelling_ownership",
    }
    raw = pick(bron, read_table(bron, path), columns, KERNCIJFERS).replace({"NA": ""})
    return _key_figures(raw, bron.jaar or bron.peildatum.year, covers_country=True)


def read_inhabitants(bron: Bron, path: Path, context: Context) -> Reading:
    """Read mean inhabitants per gemeente and year."""
    del context
    columns = {"code": "Gemeente", "year": "Jaar", "n_inhabitants": "GemiddeldAantalInwoners"}
    raw = pick(bron, read_table(bron, path), columns, INWONERS)
    return Reading(check_table(raw, parse(raw, INWONERS), INWONERS), covers_country=True)


def read_pc4(bron: Bron, path: Path, context: Context) -> Reading:
    """Read postcode points with the gemeente and wijk they lie in; a postcode is not an area."""
    del context
    columns = {"pc4": "postcode", "gemeente_code": "gm_code_2022", "wijk_code": "wk_code_2022"}
    raw = pick(bron, read_table(bron, path), columns, PC4)
    return Reading(check_table(raw, parse(raw, PC4), PC4))


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
    # PDOK names the code by its level, and gives the levels above it too.
    own = next((name for name in DEEPEST_FIRST if f"{name}code" in shapes), None)
    if own and "code" not in shapes:
        shapes = shapes.rename(columns={f"{own}code": "code", f"{own}naam": "naam"})
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


def _key_figures(raw: pd.DataFrame, year: int, *, covers_country: bool = False) -> Reading:
    typed = parse(raw, KERNCIJFERS)
    checked = check_table(raw, typed, KERNCIJFERS)
    checked.accepted["year"] = year
    return Reading(checked, covers_country=covers_country)
