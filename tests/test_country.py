"""The sample on the scale of the country: the ten stay, the parts make the whole."""

import csv
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from conftest import KLASSEN, REPO, make_proef
from wib_lib.errors import RunError
from wib_lib.ingest import ingest
from wib_lib.sample import write_sample
from wib_lib.sample.country import COUNTRY, build_country, country_months
from wib_lib.sample.published import AREA_CODES, AREAS, GEMEENTEN, NATIONAL, YEARS, level

N = 29  # the eenheid and two invented gemeenten
# sha256 over the names and bytes of the files of `wib sample` (workbooks apart: their bytes are
# those of the package that writes them): another number of gemeenten must not move a draw.
DIGEST = "21e412707bae3e65919aa306f5670f5fe055c641507dcf24875f3d3e7f5c2074"
REAL = REPO.parent / "shared" / "data" / "open"


@pytest.fixture(scope="module")
def ten(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ten") / "voorbeeld"
    write_sample(folder)
    return folder


@pytest.fixture(scope="module")
def more(tmp_path_factory) -> Path:
    """Write a sample of `N` gemeenten in a project of its own."""
    proef = make_proef(tmp_path_factory.mktemp("more") / "project")
    folder = proef.root / "data" / "raw" / f"voorbeeld-{N}"
    write_sample(folder, n_gemeenten=N)
    return folder


@pytest.fixture(scope="module")
def truth(more):
    return json.loads((more / "waarheid.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def store(more):
    from wib_lib.project import Project

    project = Project(more.parents[2])
    return ingest(project.dataset(more.name), project.processed(more.name), klassen=KLASSEN)


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix != ".xlsx":
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def burglaries(folder: Path) -> dict[tuple[str, str], int]:
    """Read the police table plainly: region and period to burglaries."""
    with (folder / "politie_maand.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["WijkenEnBuurten"].strip(), row["Perioden"]): int(
                row["GeregistreerdeMisdrijven_1"]
            )
            for row in csv.DictReader(stream, delimiter=";")
            if row["SoortMisdrijf"] == "1.1.1 "
        }


def test_without_a_number_the_sample_is_what_it_was(ten):
    assert digest(ten) == DIGEST


def test_rows_of_the_ten_stay_and_others_follow(ten, more):
    for name in ("incidenten.csv", *(f"kwb_{year}.csv" for year in YEARS)):
        assert (more / name).read_bytes().startswith((ten / name).read_bytes())
    for name in ("acties.csv", "gebiedsovergang.csv"):
        assert (more / name).read_bytes() == (ten / name).read_bytes()
    few, many = (json.loads((f / "gebieden_2018.geojson").read_text("utf-8")) for f in (ten, more))
    assert many["features"][: len(few["features"])] == few["features"]
    before, after = burglaries(ten), burglaries(more)
    own = {key for key in before if key[0] in AREA_CODES and key[0] != "GM0518"}
    assert len(own) == 9 * 6 * 13
    assert all(before[key] == after[key] for key in own)


def test_same_seed_same_bytes_other_seed_other_gemeenten(more, tmp_path):
    write_sample(tmp_path / "again", n_gemeenten=N)
    assert digest(tmp_path / "again") == digest(more)
    assert build_country(N, 1).levels != build_country(N, 2018).levels


def test_the_first_are_the_same_whatever_the_number():
    few, all_of_them = build_country(N, 2018), build_country(COUNTRY, 2018)
    assert all_of_them.areas[: N - 10] == few.areas
    assert len(all_of_them.areas) == COUNTRY - len(AREA_CODES)


def test_codes_and_names_are_valid_and_nobody_elses():
    country = build_country(COUNTRY, 2018)
    areas = [*AREAS, *country.areas]
    assert all(re.fullmatch(r"GM\d{4}", area.code) for area in areas)
    assert len({area.code for area in areas}) == len({area.name for area in areas}) == COUNTRY
    invented = [area for area in areas if area.code not in GEMEENTEN]
    assert len(invented) == COUNTRY - 27
    assert min(area.code for area in invented) > "GM2000"  # CBS gave out none above that
    if not REAL.is_dir():
        pytest.skip("the real names are in ../shared, which is not here")
    names = set()
    for file, column in (
        ("NLD_muni_attributes.csv", "name"),
        ("gemeente_2017_attributes.csv", "gm_naam"),
    ):
        with (REAL / file).open(encoding="utf-8", newline="") as stream:
            names |= {row[column] for row in csv.DictReader(stream)}
    assert len(names) > 380
    assert not names & {area.name for area in invented}


def test_gemeenten_do_not_lie_over_each_other_and_within_the_country(more):
    import shapely

    features = json.loads((more / "gebieden_2018.geojson").read_text("utf-8"))["features"]
    shapes = [
        shapely.geometry.shape(item["geometry"])
        for item in features
        if item["properties"]["niveau"] == "gemeente"
    ]
    assert len(shapes) == N
    assert shapely.union_all(shapes).area == pytest.approx(sum(shape.area for shape in shapes))
    x, y, step, columns = 125_000, 305_000, 10_000, 15
    last = build_country(COUNTRY, 2018).areas[-1].centre
    assert last == (x + step * ((COUNTRY - 11) % columns), y + step * ((COUNTRY - 11) // columns))
    assert last[1] < 619_000  # the north of the country, EPSG:28992


def test_levels_make_the_country(more):
    """By definition: published country minus eenheid, times the load, is what is invented."""
    country = build_country(COUNTRY, 2018)
    invented = np.array([v for code, v in country.levels.items() if code not in GEMEENTEN])
    for year, total in zip(YEARS, invented.sum(axis=0), strict=True):
        rest = NATIONAL[year] - sum(level(code, year) for code in GEMEENTEN)
        assert total == pytest.approx(1.738 * rest, abs=1)
    all_years = invented.sum() + sum(sum(country.levels[code]) for code in country.levels
                                     if code in GEMEENTEN)  # fmt: skip
    assert 580_000 < all_years + 16_500 < 620_000  # the ten have some 16.500


def test_the_country_is_the_sum_of_its_parts(more, truth):
    table = burglaries(more)
    codes = {code for code, _ in table} - {"NL00"}
    assert len(codes) == N
    homes = {code: years["2018"] for code, years in truth["woningen"].items() if code in codes}
    assert set(homes) == codes
    rest = 1 - sum(homes.values()) / 7_740_984
    assert 0 < rest < 1
    first = {code: table[code, "2016MM01"] for code in codes}
    assert table["NL00", "2016MM01"] >= sum(first.values()) > 0
    months = {code: np.full((6, 12), n) for code, n in first.items()}
    published = np.full((6, 12), 5_000)
    found = country_months({"NL00": published, **months}, homes)["NL00"]
    assert int(found[0, 0]) == sum(first.values()) + round(5_000 * rest)
    # With all dwellings accounted for nothing of the published level is left.
    whole = country_months({"NL00": published, "GM0001": published + 7}, {"GM0001": 7_740_984})
    assert (whole["NL00"] == published + 7).all()


def test_the_series_of_the_country_is_that_of_the_table(more):
    with (more / "landelijke_reeks.csv").open(encoding="utf-8", newline="") as stream:
        series = {row["date"][:7]: int(row["wib_nl"]) for row in csv.DictReader(stream)}
    table = burglaries(more)
    for (code, period), n in table.items():
        if code == "NL00" and "MM" in period:
            assert series[period.replace("MM", "-")] == n
    assert sum(day.startswith("2012") for day in series) == 12


def test_the_reader_finds_every_row_as_it_was_meant(store, truth):
    (file,) = [item for item in store.delivered if item.table == "incidenten"]
    account = truth["bestanden"]["incidenten.csv"]
    assert file.n_read == account["gelezen"]
    assert file.n_accepted == account["geaccepteerd"]
    assert file.rejected == account["afgekeurd"]
    assert file.emptied == account["leeggemaakt"]
    assert file.n_duplicates == account["dubbel"]
    rows = store.table("incidenten")
    found = Counter(
        zip(rows["gemeente_code"], rows["kennisname_dt"].dt.year.astype(str), strict=True)
    )
    meant = {
        (code, year): n["totaal"]
        for code, years in truth["incidenten"].items()
        for year, n in years.items()
    }
    assert dict(found) == {key: n for key, n in meant.items() if n}
    assert len({code for code, _ in found}) == N
    assert rows["buurt_code"].eq(rows["buurt_punt"]).mean() > 0.9  # points lie in their buurten


def test_police_months_are_the_incidents(store):
    rows = store.table("incidenten")
    own = Counter(rows["gemeente_code"])
    counts = store.table("aantallen")
    table = counts.groupby("region_code")["n_burglaries"].sum()
    for code in ("GM0484", "GM3001", "GM3002", "GM0513"):
        assert table[code] == own[code] > 0


@pytest.mark.parametrize("number", [10, 0, -3, COUNTRY + 1])
def test_a_number_that_cannot_be_made_is_refused(tmp_path, number):
    with pytest.raises(
        RunError, match=f"--gemeenten {number}: kies een aantal van 11 tot en met 342"
    ):
        write_sample(tmp_path / "voorbeeld", n_gemeenten=number)
    assert not any(tmp_path.iterdir())
