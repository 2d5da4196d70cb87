"""
The two real datasets beside the project, counted again with the csv module alone.

They are not part of the project and never copied into it: without `../shared` these tests skip.
"""

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from conftest import make_proef, released_to
from wib_lib import assessment
from wib_lib.absent import Missing, is_known
from wib_lib.ingest import ingest
from wib_lib.keyfile import key_file
from wib_lib.run import evidence_for

SHARED = Path(__file__).parents[2] / "shared"
DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"real data are not part of the project: {SHARED.name}/data is absent"
)

AREAS = {  # slug: gemeente code; of Den Haag only the two wijken of Laak
    "leidschendam-voorburg": "GM1916",
    "gouda": "GM0513",
    "waddinxveen": "GM0627",
    "bodegraven-reeuwijk": "GM1901",
    "delft": "GM0503",
    "rijswijk": "GM0603",
    "westland": "GM1783",
    "midden-delfland": "GM1842",
    "den-haag-laak": "GM0518",
}
WHOLE = [slug for slug in AREAS if slug != "den-haag-laak"]
LAAK = {"WK051838", "WK051839"}


def read_rows(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def slug_at(row):
    """Area of the approach in which a postcode point lies, or None."""
    if row["wk_code_2022"] in LAAK:
        return "den-haag-laak"
    return next((slug for slug in WHOLE if AREAS[slug] == row["gm_code_2022"]), None)


class Real:
    """A real dataset, ingested in a project of the test's own; delivered files stay in place."""

    def __init__(self, root, name):
        proef = make_proef(root / "project")
        self.project = proef.project
        self.dataset = self.project.dataset(str(DATA / name))
        params = self.project.params("gouda", self.dataset, {})
        self.store = ingest(self.dataset, self.project.processed(name), klassen=params.klassen)
        self.evidence = cache(self.evidence)
        self.key_file = cache(self.key_file)

    def evidence(self, slug):
        params = self.project.params(slug, self.dataset, {})
        return evidence_for(self.project, self.dataset, self.store, params)

    def figures(self, slug):
        return assessment.key_figures(released_to(self.evidence(slug)))

    def verdicts(self, slug):
        found = assessment.verdicts(self.evidence(slug), self.figures(slug))
        return {verdict.doel.id: verdict for verdict in found}

    def key_file(self, slug):
        evidence = self.evidence(slug)
        figures = assessment.key_figures(released_to(evidence))
        made = key_file(
            figures, assessment.verdicts(evidence, figures), assessment.effect(evidence)
        )
        return json.loads(json.dumps(made))


@pytest.fixture(scope="module")
def open_data(tmp_path_factory):
    return Real(tmp_path_factory.mktemp("open"), "open")


@pytest.fixture(scope="module")
def open_years(tmp_path_factory):
    return Real(tmp_path_factory.mktemp("open_jaren"), "open_jaren")


# --- open: Misdaad in Kaart, by postcode -----------------------------------------------------


@pytest.fixture(scope="module")
def counted():
    """Burglaries and attempts per area and year, by the csv module alone."""
    places = {row["postcode"]: slug_at(row) for row in read_rows(DATA / "open/pc4_gm2022.csv")}
    n, attempts = Counter(), Counter()
    for row in read_rows(DATA / "open/mik_nl_pc4_2023_2025.csv"):
        cell = places.get(row["Postcode"]), row["Datum"][6:]
        n[cell] += 1
        attempts[cell] += row["Soort"].startswith("Poging")
        n["NL", row["Datum"][6:]] += 1
    return n, attempts


@pytest.mark.parametrize("slug", AREAS)
def test_open_counts_of_the_area(open_data, counted, slug):
    n, attempts = counted
    figures = open_data.figures(slug)
    assert (figures.n, figures.n_before) == (n[slug, "2025"], n[slug, "2024"])
    assert figures.n_attempts == attempts[slug, "2025"]
    assert figures.n_attempts_before == attempts[slug, "2024"]
    assert figures.n > 0
    content = open_data.key_file(slug)
    assert content["venster"] == {"start": "2025-01-01", "eind": "2025-12-31"}
    assert content["aantal"]["venster"] == n[slug, "2025"]
    assert content["aantal"]["voorafgaand"] == n[slug, "2024"]
    assert content["pogingen"]["venster"] == attempts[slug, "2025"]
    change = 100 * (n[slug, "2025"] - n[slug, "2024"]) / n[slug, "2024"]
    assert content["aantal"]["pct"] == pytest.approx(change, abs=1e-6)


def test_open_country_counts_rows_without_gemeente_too(open_data, counted):
    n, _ = counted
    country = open_data.figures("gouda").benchmarks["landelijk"]
    assert (country.n, country.n_before) == (n["NL", "2025"], n["NL", "2024"])
    assert country.n == sum(count for (slug, year), count in n.items()
                            if year == "2025" and slug != "NL")  # fmt: skip


def test_open_nine_count_laak_and_not_den_haag(open_data, counted):
    n, _ = counted
    total = sum(open_data.figures(slug).n for slug in AREAS)
    assert total == sum(n[slug, "2025"] for slug in AREAS)
    hague = {row["postcode"] for row in read_rows(DATA / "open/pc4_gm2022.csv")
             if row["gm_code_2022"] == "GM0518"}  # fmt: skip
    whole = sum(row["Postcode"] in hague and row["Datum"].endswith("2025")
                for row in read_rows(DATA / "open/mik_nl_pc4_2023_2025.csv"))  # fmt: skip
    assert open_data.figures("den-haag-laak").n < whole / 5


def test_open_five_years_are_missing_with_the_reason(open_data):
    figures = open_data.figures("gouda")
    assert isinstance(figures.mean_before, Missing)
    for part in ("2020", "2021", "2022 niet geleverd", "2023 onvolledig geleverd"):
        assert part in figures.mean_before.reason
    content = open_data.key_file("gouda")
    assert content["aantal"]["gemiddelde_5_jaar"] is None
    assert "2022" in content["aantal"]["reden"]["gemiddelde_5_jaar"]
    assert content["effect"]["ratio"] is None
    assert content["effect"]["oordeel"] == "niet vast te stellen"


def test_open_goals_of_2018_do_not_apply_to_2025(open_data):
    assert {verdict.oordeel for verdict in open_data.verdicts("gouda").values()} == {
        "niet van toepassing"
    }


@pytest.mark.parametrize("slug", AREAS)
def test_open_dwellings_of_2022(open_data, slug):
    files = ("NLD_dist_attributes.csv", "NLD_muni_attributes.csv")
    homes = {row["code"]: row["dwelling_total"] for file in files
             for row in read_rows(DATA / "open" / file)}  # fmt: skip
    codes = sorted(LAAK) if slug == "den-haag-laak" else [AREAS[slug]]
    content = open_data.key_file(slug)
    assert content["woningen"] == sum(int(homes[code]) for code in codes)
    assert content["woningen_jaar"] == 2022
    rate = 1_000 * content["aantal"]["venster"] / content["woningen"]
    assert content["per_1000_woningen"]["venster"] == pytest.approx(rate, abs=1e-6)


def test_open_postcodes_agree_with_the_polygons(open_data):
    import geopandas as gpd
    import pandas as pd

    points = pd.DataFrame(read_rows(DATA / "open/pc4_gm2022.csv"))
    points["slug"] = [slug_at(row) for row in points.to_dict("records")]
    points = points[points["x_rd"].ne("")]
    where = gpd.points_from_xy(
        points["x_rd"].astype(float), points["y_rd"].astype(float), crs=28992
    )
    placed = gpd.GeoDataFrame(points[["postcode", "slug"]], geometry=where)
    shapes = open_data.store.table("gebieden")
    assert shapes is not None
    areas = gpd.read_parquet(open_data.store.folder / "tabellen" / "gebieden.parquet")
    for slug, gemeente in AREAS.items():
        codes = LAAK if slug == "den-haag-laak" else {gemeente}
        outline = areas[areas["code"].isin(codes)].union_all()
        inside = set(placed.loc[placed.within(outline), "postcode"])
        assert inside == set(placed.loc[placed["slug"].eq(slug), "postcode"]), slug
        assert inside


def test_open_every_row_is_accounted_for(open_data):
    for item in open_data.store.delivered:
        n_rows = item.n_accepted + item.n_rejected + item.n_duplicates
        assert item.n_read == n_rows
        if item.bestand.endswith(".csv"):
            assert item.n_read == len(read_rows(DATA / "open" / item.bestand))
    (incidents,) = (d for d in open_data.store.delivered if d.table == "incidenten")
    assert (incidents.n_rejected, incidents.n_duplicates) == (0, 0)


# --- open_jaren: registered burglaries, by gemeente and year ---------------------------------


@pytest.fixture(scope="module")
def yearly():
    """Registered burglaries (1.1.1) per gemeente and year, by the csv module alone."""
    return {
        (row["Gemeente"], int(row["Jaar"])): int(row["GeregistreerdeMisdrijven"])
        for row in read_rows(DATA / "open_jaren/politie_gemeente_jaar.csv", ";")
        if row["SoortMisdrijf"].strip() == "1.1.1"
    }


@pytest.mark.parametrize("slug", WHOLE)
def test_years_of_the_area(open_years, yearly, slug):
    code = AREAS[slug]
    before = [yearly[code, year] for year in range(2013, 2018)]
    content = open_years.key_file(slug)
    assert content["aantal"] == {
        "venster": yearly[code, 2018],
        "voorafgaand": yearly[code, 2017],
        "pct": pytest.approx(100 * (yearly[code, 2018] / yearly[code, 2017] - 1), abs=1e-6),
        "gemiddelde_5_jaar": pytest.approx(sum(before) / 5, abs=1e-6),
    }
    assert content["reeks"]["aantal"] == [*before, yearly[code, 2018]]
    assert content["reeks"]["labels"] == [str(year) for year in range(2013, 2019)]


def test_years_of_gouda_and_waddinxveen_as_published(open_years):
    # police table 47018NED, "Diefstal/inbraak woning", download of August 2026
    assert open_years.key_file("gouda")["reeks"]["aantal"] == [641, 583, 586, 639, 505, 366]
    assert open_years.key_file("waddinxveen")["reeks"]["aantal"] == [123, 123, 117, 211, 80, 72]


def test_years_of_laak_are_missing_with_the_reason(open_years):
    figures = open_years.figures("den-haag-laak")
    assert isinstance(figures.n, Missing)
    assert "niet dieper dan de gemeente" in figures.n.reason
    assert "Laak" in figures.n.reason
    assert "GM0518" in figures.n.reason
    content = open_years.key_file("den-haag-laak")
    assert content["aantal"]["venster"] is None
    assert "niet dieper dan de gemeente" in content["aantal"]["reden"]["venster"]
    assert content["per_1000_woningen"]["venster"] is None
    assert content["per_1000_woningen"]["onder_landelijk"] is None
    assert {goal["oordeel"] for goal in content["doelen"]} == {"niet vast te stellen"}


def test_years_give_the_verdicts(open_years):
    gouda, rijswijk = open_years.verdicts("gouda"), open_years.verdicts("rijswijk")
    # 366 against 639 - 10 % = 575,1; 10,7 per 1.000 against 5,3 of the country
    assert gouda["gouda-aantal-2018"].oordeel == "behaald"
    assert gouda["gouda-aantal-2018"].target == pytest.approx(575.1)
    assert gouda["gouda-landelijk-2018"].oordeel == "niet behaald"
    # 117 on 27.899 dwellings is 4,2 per 1.000, interval 3,5-5,0
    assert rijswijk["rijswijk-landelijk-2018"].oordeel == "behaald"
    assert rijswijk["rijswijk-aantal-2016"].oordeel == "niet van toepassing"


def test_years_benchmark_is_the_whole_country(open_years, yearly):
    country = open_years.figures("gouda").benchmarks["landelijk"]
    assert country.n == sum(n for (_, year), n in yearly.items() if year == 2018)
    assert abs(country.n - 42_887) <= 1  # national series of another download, 47022NED
    homes = sum(int(row["dwelling_total"]) for row in
                read_rows(DATA / "open_jaren/NLD_muni_attributes.csv"))  # fmt: skip
    assert country.rate == pytest.approx(1_000 * country.n / homes)


def test_years_region_is_the_fixed_list(open_years, yearly):
    evidence = open_years.evidence("gouda")
    unit = evidence.params.eenheid.gemeenten
    region = open_years.figures("gouda").benchmarks["regionaal"]
    assert region.n == sum(yearly[code, 2018] for code in unit)


@pytest.mark.parametrize("slug", AREAS)
def test_years_have_no_attempts_and_no_clearance(open_years, slug):
    figures = open_years.figures(slug)
    for value in (figures.n_attempts, figures.share_attempts, figures.n_cleared):
        assert isinstance(value, Missing)
        assert not is_known(value)
    content = open_years.key_file(slug)
    assert content["pogingen"]["venster"] is None
    assert content["pogingen"]["reden"]["venster"]
    assert content["opheldering"]["reden"]["venster"] == "opheldering is niet geleverd"


@pytest.mark.parametrize("slug", WHOLE)
def test_years_say_that_dwellings_are_of_2022(open_years, slug):
    content = open_years.key_file(slug)
    assert content["woningen_jaar"] == 2022
    goal = next(goal for goal in content["doelen"] if goal["indicator"] == "per_1000_woningen")
    assert "per 1.000 woningen van 2022, niet van het jaar zelf" in goal["bevindingen"]


def test_years_effect_is_worked_out_by_hand(open_years, yearly):
    """Ratio of ratios of Gouda against the gemeenten without an area, and without Leiden."""
    evidence = open_years.evidence("gouda")
    used = {*AREAS.values(), "GM0546"}
    others = [code for code in evidence.params.eenheid.gemeenten if code not in used]
    before, after = (sum(yearly[code, year] for code in others) for year in (2017, 2018))
    ratio = (yearly["GM0513", 2018] / yearly["GM0513", 2017]) / (after / before)
    assert assessment.effect(evidence).change.ratio == pytest.approx(ratio, rel=1e-12)
    assert len(others) == 17
