"""`bronnen.yaml` and `gebieden_2018.geojson`: what the delivery is, and its areas."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from os import SEEK_END
from pathlib import Path
from typing import Any

import shapely
import yaml

from wib_lib.sample.form_files import FormFile
from wib_lib.sample.places import Places
from wib_lib.sample.police_file import EARLIER, EARLIER_FILE
from wib_lib.sample.published import LAST_OLD_YEAR, LAST_YEAR, YEARS
from wib_lib.sample.records import MEASURED

POLICE = "Politie, eenheid Den Haag (fictief)"
END = b"]}"  # of the file of shapes
STATISTICS = "CBS (fictief)"
COLUMNS: dict[str, str | list[str]] = {
    "incident_id": "Registratienummer",
    "mk_code": "Maatschappelijke klasse",
    "poging_jn": "Poging",
    "aangifte_jn": "Aangifte",
    "kennisname_dt": "Datum kennisname",
    "pleeg_van": ["Begindatum", "Begintijd"],
    "pleeg_tot": ["Einddatum", "Eindtijd"],
    "gemeente_code": "Gemeentecode",
    "wijk_code": "Wijkcode",
    "buurt_code": "Buurtcode",
    "pc4": "PC4",
    "straat_id": "Straatsleutel",
    "adres_pseudo": "Adressleutel",
    "rd_x": "X",
    "rd_y": "Y",
    "geocode_kwaliteit": "Geocodering",
    "woningtype": "Woningtype",
    "corporatie_jn": "Corporatiewoning",
    "mo_binnenkomst": "MO binnenkomst",
    "mo_toegang": "MO toegang",
    "mo_methode": "MO methode",
    "mo_werktuig": "MO werktuig",
    "buit_categorie": "Buit",
    "heterdaad_jn": "Heterdaad",
    "opgehelderd_jn": "Opgehelderd",
    "opgehelderd_dt": "Datum opheldering",
    "n_verdachten": "Aantal verdachten",
}


class _Plain(yaml.SafeDumper):
    """Spell a value that occurs twice out twice: people read and copy this file."""

    def ignore_aliases(self, data: Any) -> bool:  # PyYAML asks this per value
        return True


def write_manifest(path: Path, forms: Sequence[FormFile], n_gemeenten: int | None = None) -> None:
    """
    Describe the delivery: which file feeds which table, from whom, until when.

    Parameters
    ----------
    path : Path
        `bronnen.yaml` in the folder of the dataset.
    forms : sequence of FormFile
        The forms that came back.
    n_gemeenten : int, optional
        Of a sample with more gemeenten than the ten. They have no parameter files, so the
        delivery says which window to evaluate.
    """
    more = f", {n_gemeenten} gemeenten" if n_gemeenten else ""
    incidents: dict[str, Any] = {
        **_source("incidenten", "incidenten.csv", "bvh", POLICE, MEASURED, "V3"),
        "codering": "cp1252",
        "scheiding": ";",
        "datumnotatie": "%d-%m-%Y",
        "periode": {"van": date(YEARS[0], 1, 1), "tot": date(YEARS[-1], 12, 31)},
        "kolommen": COLUMNS,
    }
    series, months = "landelijke_reeks", "misdrijven_gemeente_maand"
    table = _source(months, "politie_maand.csv", "politie_maand", POLICE, MEASURED)
    earlier = _source(months, EARLIER_FILE, "politie_maand", POLICE, EARLIER)
    sources = [
        incidents,
        *([table] if n_gemeenten else [earlier, table | {"vervangt": EARLIER_FILE}]),
        _source(series, "landelijke_reeks.csv", series, "Politie (fictief)", MEASURED),
        *(
            {
                **_source(
                    "kerncijfers_wijken", f"kwb_{year}.csv", "kwb", STATISTICS, date(year, 1, 1)
                ),
                "jaar": year,
            }
            for year in YEARS
        ),
        _source(
            "gebiedsovergang",
            "gebiedsovergang.csv",
            "gebiedsovergang",
            STATISTICS,
            date(LAST_OLD_YEAR + 1, 1, 1),
        ),
        _source("gebieden", "gebieden_2018.geojson", "cbs_gebieden", STATISTICS, date(2018, 1, 1)),
        _source("acties", "acties.csv", "actieregister", "Gemeenten (fictief)", MEASURED, "V1"),
        *(
            _source(form.profile, form.file, form.profile, form.owner, MEASURED, form.privacy)
            for form in forms
        ),
    ]
    content = {
        "naam": f"Voorbeelddata aanpak woninginbraken 2013-2018{more} (fictief)",
        "fictief": True,
        "parameters": {"venster_start": date(LAST_YEAR, 1, 1)} if n_gemeenten else {},
        "bronnen": sources,
    }
    text = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    path.write_bytes(text.encode("utf-8"))


def _source(
    table: str, file: str, profile: str, owner: str, day: date, privacy: str = "V0"
) -> dict[str, Any]:
    """Return what every source states."""
    return {
        "soort": table,
        "bestand": file,
        "profiel": profile,
        "bronhouder": owner,
        "peildatum": day,
        "privacyklasse": privacy,
    }


def write_shapes(path: Path, places: Places) -> int:
    """
    Write gemeenten, wijken and buurten as GeoJSON in RD New, on whole metres.

    Parameters
    ----------
    path : Path
        File to write.
    places : Places
        Buurten with their shapes; wijken and gemeenten are dissolved from them.

    Returns
    -------
    int
        Number of features.
    """
    features = _features(places)
    collection = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "features": features,
    }
    path.write_bytes(_text(collection).encode("utf-8"))
    return len(features)


def append_shapes(path: Path, places: Places) -> int:
    """Add the areas of other gemeenten to the file; return the number of features."""
    features = _features(places)
    with path.open("r+b") as stream:
        stream.seek(-len(END), SEEK_END)
        stream.write(f",{_text(features)[1:]}}}".encode())
    return len(features)


def _text(content: Any) -> str:
    """Spell JSON with a line for each feature."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace('{"type":"Feature",', '\n{"type":"Feature",')


def _features(places: Places) -> list[dict[str, Any]]:
    features = []
    for area in places.areas:
        rows = places.rows(gemeente=area.code)
        features.append(_feature(area.code, area.name, "gemeente", places.joined(rows)))
        for wijk in places.wijken(area.code):
            shape = places.joined(places.rows(wijk=wijk))
            features.append(_feature(wijk, places.wijk_name[wijk], "wijk", shape))
        for i in rows:
            features.append(_feature(places.code[i], places.name[i], "buurt", places.shape[i]))
    return features


def _feature(code: str, name: str, kind: str, shape: shapely.Geometry) -> dict[str, Any]:
    """Return one feature; every coordinate is already a whole metre."""
    parts = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
    rings = [
        [shapely.get_coordinates(ring).astype(int).tolist() for ring in (p.exterior, *p.interiors)]
        for p in parts
    ]
    geometry = {
        "type": shape.geom_type,
        "coordinates": rings if shape.geom_type == "MultiPolygon" else rings[0],
    }
    properties = {"code": code, "naam": name, "niveau": kind, "water": "NEE"}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
