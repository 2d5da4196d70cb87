"""Boundaries and points: every way a place can be wrong has its own name."""

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from conftest import counts, lines, read_file
from wib_lib.errors import DeliveryError

RD = 28992
GPKG = Path(__file__).parents[2] / "shared" / "data" / "open" / "nl_2022_rd.gpkg"


def shapes(*rows, columns=("code", "naam"), crs=RD):
    """Return a map of (code, name, ..., geometry)."""
    frame = pd.DataFrame([row[:-1] for row in rows], columns=list(columns))
    return gpd.GeoDataFrame(frame, geometry=[row[-1] for row in rows], crs=crs)


def square(x, y, side=1_000.0):
    return box(x, y, x + side, y + side)


@pytest.fixture
def read_map(tmp_path):
    def read(frame, name="kaart.gpkg", **more):
        path = tmp_path / name
        layers = frame if isinstance(frame, dict) else {"gebieden": frame}
        for layer, part in layers.items():
            extra = {"layer": layer} if name.endswith("gpkg") else {}
            part.to_file(path, **extra)
        return read_file(tmp_path, "cbs_gebieden", None, bestand=name, **more)

    return read


GOUDA = ("GM0513", "Gouda", square(108_000, 447_000))
WIJK = ("WK051301", "Wijk 01", square(108_000, 447_000))
BUURT = ("BU05130101", "Korte Akkeren", square(108_000, 447_000, 500))


# --- kinds of file ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kaart.gpkg", "kaart.geojson", "kaart.shp"])
def test_every_kind_of_map_gives_the_same_areas(read_map, name):
    checked = read_map(shapes(GOUDA, WIJK, BUURT), name, jaar=2018).checked
    rows = checked.accepted
    assert rows[["code", "niveau", "gemeente_code", "is_water", "year"]].values.tolist() == [
        ["GM0513", "gemeente", "GM0513", False, 2018],
        ["WK051301", "wijk", "GM0513", False, 2018],
        ["BU05130101", "buurt", "GM0513", False, 2018],
    ]
    assert rows.geometry.area.round().tolist() == [1_000_000, 1_000_000, 250_000]
    assert rows.crs.to_epsg() == RD


def test_a_zipped_shapefile(tmp_path):
    shapes(GOUDA, BUURT).to_file(tmp_path / "k.shp")
    with zipfile.ZipFile(tmp_path / "k.zip", "w") as packed:
        for part in sorted(tmp_path.glob("k.*")):
            if part.suffix != ".zip":
                packed.write(part, part.name)
    checked = read_file(tmp_path, "cbs_gebieden", None, bestand="k.zip").checked
    assert checked.accepted["code"].tolist() == ["GM0513", "BU05130101"]


def test_names_of_pdok_and_water(read_map):
    columns = ("buurtcode", "buurtnaam", "wijkcode", "gemeentecode", "water")
    buurten = shapes(
        ("BU05130101", "Korte Akkeren", "WK051301", "GM0513", "NEE", BUURT[-1]),
        ("BU05130197", "Reeuwijkse Plassen", "WK051301", "GM0513", "JA",
         square(108_500, 447_500, 500)),
        columns=columns,
    )  # fmt: skip
    gemeenten = shapes(("GM0513", "Gouda", "NEE", GOUDA[-1]),
                       columns=("gemeentecode", "gemeentenaam", "water"))  # fmt: skip
    reading = read_map({"buurten": buurten, "gemeenten": gemeenten})
    rows = reading.checked.accepted.set_index("code")
    assert rows["is_water"].to_dict() == {
        "BU05130101": False,
        "BU05130197": True,
        "GM0513": False,
    }
    assert rows.loc["BU05130101", "naam"] == "Korte Akkeren"
    assert reading.notes == (
        "Aantal gebieden die alleen uit water bestaan: 1; zij staan niet op kaarten.",
    )


def test_degrees_with_their_system_are_turned_into_metres(read_map):
    checked = read_map(shapes(GOUDA).to_crs(4326), "kaart.geojson").checked
    middle = checked.accepted.geometry.iloc[0].centroid
    assert (middle.x, middle.y) == pytest.approx((108_500, 447_500), abs=1)


# --- places that cannot be -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("geometry", "check"),
    [
        (square(447_000, 108_000), "gebied_assen_verwisseld"),
        (square(0, 0), "gebied_nulpunt"),
        (square(4.7, 52.0, 0.01), "gebied_in_graden"),
        (square(52.0, 4.7, 0.01), "gebied_in_graden"),
        (square(400_000, 447_000), "gebied_buiten_nederland"),
    ],
)
def test_an_area_that_lies_nowhere(read_map, geometry, check):
    checked = read_map(shapes(GOUDA, ("GM0512", "Elders", geometry))).checked
    assert checked.accepted["code"].tolist() == ["GM0513"]
    assert counts(checked.rejected) == {check: 1}


def test_a_buurt_outside_its_own_wijk_or_gemeente(read_map):
    frame = shapes(
        GOUDA,
        WIJK,
        BUURT,
        ("BU05130102", "verdwaald", square(120_000, 447_000)),
        ("WK051302", "ook verdwaald", square(108_000, 460_000)),
        ("BU06270101", "gemeente niet geleverd", square(105_000, 450_000)),
        ("BU05130103", "net over de grens", square(109_050, 447_000, 10)),
    )
    checked = read_map(frame).checked
    assert counts(checked.rejected) == {"gebied_buiten_eigen_wijk_of_gemeente": 2}
    assert {"BU06270101", "BU05130103"} <= set(checked.accepted["code"])


def test_a_double_area_and_a_file_without_system(read_map, tmp_path):
    checked = read_map(shapes(GOUDA, GOUDA)).checked
    assert len(checked.duplicates) == 1
    read_map(shapes(GOUDA), "los.shp")
    (tmp_path / "los.prj").unlink()
    with pytest.raises(DeliveryError, match="het coördinatenstelsel ontbreekt"):
        read_file(tmp_path, "cbs_gebieden", None, bestand="los.shp")


@pytest.mark.skipif(not GPKG.is_file(), reason="real data are not part of the project")
def test_the_real_map_of_2022_is_accepted_whole():
    reading = read_file(GPKG.parent, "cbs_gebieden", None, bestand=GPKG.name, jaar=2022)
    levels = reading.checked.accepted["niveau"].value_counts()
    assert (levels["wijk"], levels["gemeente"]) == (3_340, 345)  # README of the data
    assert len(reading.checked.rejected) == 0


# --- points of incidents ---------------------------------------------------------------------

MAPPING = {"incident_id": "id", "kennisname_dt": "dag", "gemeente_code": "gm", "rd_x": "x",
           "rd_y": "y"}  # fmt: skip


def read_points(folder, *points, tables=None):
    rows = [f"P{n};01-03-2018;GM0513;{x};{y}" for n, (x, y) in enumerate(points)]
    data = lines("id;dag;gm;x;y", *rows)
    return read_file(folder, "bvh", data, kolommen=MAPPING, tables=tables).checked


@pytest.mark.parametrize(
    ("point", "check"),
    [
        ((0, 0), "coordinaat_nulpunt"),
        ((155_000, 463_000), "coordinaat_oorsprong"),
        (("4,71", "52,01"), "coordinaat_in_graden"),
        (("52,01", "4,71"), "coordinaat_in_graden"),
        ((447_000, 108_000), "coordinaat_assen_verwisseld"),
        ((400_000, 447_000), "coordinaat_buiten_nederland"),
        ((-5, 447_000), "coordinaat_buiten_nederland"),
    ],
)
def test_an_impossible_point_is_emptied_under_its_own_name(tmp_path, point, check):
    checked = read_points(tmp_path, (108_000, 447_000), point)
    assert counts(checked.emptied) == {check: 1}
    assert len(checked.accepted) == 2  # the burglary stays
    assert checked.accepted["rd_x"].isna().tolist() == [False, True]


@pytest.fixture
def gouda(read_map):
    return {"gebieden": read_map(shapes(GOUDA, BUURT)).checked.accepted}


def test_a_point_outside_the_delivered_boundaries(tmp_path, gouda):
    inside, near, away = (108_250, 447_250), (108_550, 447_250), (112_000, 447_250)
    checked = read_points(tmp_path, inside, near, away, (0, 0), tables=gouda)
    assert counts(checked.emptied) == {"coordinaat_buiten_gebieden": 1, "coordinaat_nulpunt": 1}
    assert checked.accepted["rd_x"].isna().tolist() == [False, False, True, True]
    assert checked.accepted["buurt_punt"].fillna("").tolist() == ["BU05130101", "", "", ""]


def test_boundaries_of_another_gemeente_say_nothing(tmp_path, gouda):
    gouda["gebieden"]["gemeente_code"] = "GM0627"
    assert counts(read_points(tmp_path, (112_000, 447_250), tables=gouda).emptied) == {}


def test_a_point_with_one_coordinate_is_no_flaw_here(tmp_path):
    checked = read_points(tmp_path, (108_000, ""), ("", ""))
    assert counts(checked.emptied) == {}
