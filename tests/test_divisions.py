"""Area tables at the door, and what they change for an area of the approach."""

import re

import pandas as pd
import pytest

from conftest import counts, lines, read_file
from wib_lib import boundaries
from wib_lib.absent import is_known
from wib_lib.errors import DeliveryError, ParamError
from wib_lib.evidence import Evidence
from wib_lib.run import evidence_for
from wib_lib.store import IN_DIVISION

PAIRS = "code_oud;jaar_oud;code_nieuw;jaar_nieuw;n_woningen"
BEFORE = lines(
    "PC6;Huisnummer;Buurt2015;Wijk2015;Gemeente2015",
    "2801AA;1;5130101;51301;513",
    "2801AA;2;5130101;51301;513",
    "2801AB;1;5130101;51301;513",
    "2801AB;9;5130102;51301;513",
)
AFTER = lines(
    "PC6;Huisnummer;Buurt2018;Wijk2018;Gemeente2018",
    "2801AA;1;5130101;51301;513",
    "2801AA;2;5130103;51301;513",
    "2801AB;1;5130103;51301;513",
    "2801AC;1;5130103;51301;513",
)


def test_pairs_are_read_and_bad_rows_refused(tmp_path):
    text = lines(
        PAIRS,
        "BU05130101;2015;BU05130102;2016;1.200",
        "BU05130101;2015;BU05130102;2016;1.200",
        "5130103;2015;BU05130104;2016;0",
        "BU05130105;2015;BU05130106;2016;0",
        "BU05130105;2015;BU05130107;2016;0",
        "BU05130108;2016;BU05130109;2016;5",
        "Laak;2016;BU05130109;2017;5",
        "BU05130110;2016;BU05130111;2017;",
    )
    checked = read_file(tmp_path, "gebiedsovergang", text).checked
    kept = checked.accepted[["code_from", "code_to", "n_dwellings"]]
    assert kept.to_numpy().tolist() == [
        ["BU05130101", "BU05130102", 1200], ["BU05130103", "BU05130104", 0]]  # fmt: skip
    assert counts(checked.rejected) == {
        "verdeling_onbekend": 2, "jaren_omgekeerd": 1, "buurt_onbekend": 1, "aantal_onleesbaar": 1,
    }  # fmt: skip
    assert counts(checked.duplicates) == {"dubbel": 1}


def test_two_years_of_addresses_become_pairs_and_no_address_is_kept(project):
    made = project.small()
    doubled = AFTER + "2801AA;1;5130101;51301;513\n"
    made.add("adressen_buurt", "na.csv", "cbs_pc6_huisnummer", doubled, jaar=2018)
    quoted = BEFORE.replace("PC6;Huisnummer", '"PC6";"Huisnummer"').replace("\n", "\r\n")
    made.add("adressen_buurt", "voor.csv", "cbs_pc6_huisnummer", quoted, jaar=2015)
    store = project.ingest(made.save())
    table = store.table("overgangen")
    # 2801AB 9 and 2801AC 1 are in one year only; of the other three, two went to 0103.
    found = table[["code_from", "year_from", "code_to", "year_to", "n_dwellings"]]
    assert found.to_numpy().tolist() == [
        ["BU05130101", 2015, "BU05130101", 2018, 1], ["BU05130101", 2015, "BU05130103", 2018, 2],
    ]  # fmt: skip
    for path in store.folder.rglob("*.*"):
        text = pd.read_parquet(path).to_csv() if path.suffix == ".parquet" else path.read_text()
        assert not re.search(r"2801\s?A[ABC]", text), path.name
    assert {"pc6", "huisnummer"}.isdisjoint(table)


def test_refused_and_doubled_addresses_are_counted_without_the_address(tmp_path):
    text = AFTER + lines("2801AA;1;5130101;51301;513", ";4;5130101;51301;513", "2801AD;7;x;;")
    checked = read_file(tmp_path, "cbs_pc6_huisnummer", text, jaar=2018).checked
    assert counts(checked.rejected) == {"pc6_ontbreekt": 1, "buurt_onbekend": 1}
    assert counts(checked.duplicates) == {"dubbel": 1}
    assert set(checked.rejected["waarde"]) | set(checked.duplicates["waarde"]) == {"", "x"}


@pytest.mark.parametrize(
    ("text", "jaar", "message"),
    [
        (AFTER, 2017, r"hetzelfde jaar te noemen; gevonden: Buurt2018 en 2017"),
        (AFTER, None, r"gevonden: Buurt2018 en geen jaar"),
        (AFTER.replace("Buurt2018", "Buurt"), 2018, r"gevonden: geen kolom en 2018"),
        (AFTER.replace("PC6", "Postcode"), 2018, r"kolom 'PC6' \(voor pc6\) ontbreekt"),
        (AFTER + "2801AA;1;2;3;4;5;6\n", 2018, r"rij 6 heeft meer velden dan de kop"),
    ],
)
def test_a_file_of_addresses_that_cannot_be_used(tmp_path, text, jaar, message):
    more = {"jaar": jaar} if jaar else {}
    with pytest.raises(DeliveryError, match=message):
        read_file(tmp_path, "cbs_pc6_huisnummer", text, **more)


def test_buurten_of_a_basisteam_have_their_dates(tmp_path):
    text = lines(
        "basisteam;buurt_code;van;tot",
        "Laak;BU05183819;01-01-2013;",
        "Laak;BU05184201;01-01-2019;",
        "Laak;BU05184202;01-01-2019;01-01-2019",
        "Laak;BU05184203;;",
    )
    checked = read_file(tmp_path, "gebieden_basisteam", text).checked
    assert checked.accepted["buurt_code"].tolist() == ["BU05183819", "BU05184201"]
    assert checked.accepted["tot"].isna().all()
    assert counts(checked.rejected) == {"periode_omgekeerd": 1, "van_onleesbaar": 1}


# --- the sample: two buurten of Laak were one until 2015 -------------------------------------


@pytest.fixture(scope="module")
def laak(voorbeeld) -> Evidence:
    project = voorbeeld.proef.project
    params = project.params("den-haag-laak", voorbeeld.dataset, {})
    return evidence_for(project, voorbeeld.dataset, voorbeeld.store, params)


@pytest.mark.parametrize("year", range(2013, 2019))
def test_dwellings_of_older_years_are_kept_to_the_unit(voorbeeld, laak, year):
    told = {code: years[str(year)] for code, years in voorbeeld.truth["indeling"]["nieuw"].items()}
    found = laak.dwellings(told, year)
    assert (found.n, found.year) == (sum(told.values()), year)
    assert found.source == "CBS (fictief)" + (" (berekend)" if year <= 2015 else "")
    for code, n in told.items():
        assert laak.dwellings([code], year).n == pytest.approx(n, rel=0.05 if year <= 2015 else 0)


@pytest.mark.parametrize("year", [2013, 2018])
def test_every_buurt_of_every_year_has_its_dwellings(voorbeeld, laak, year):
    parts = laak.parts(year)
    assert len(parts) == 7
    assert parts["n_dwellings"].sum() == voorbeeld.truth["woningen"]["laak"][str(year)]
    computed = set(parts.loc[parts["is_computed"], "code"])
    assert computed == (set(voorbeeld.truth["indeling"]["nieuw"]) if year == 2013 else set())


def test_without_an_overgang_the_older_year_is_not_there(laak, voorbeeld, monkeypatch):
    table = laak.store.table

    def without(name, gemeenten=None):
        return None if name in (IN_DIVISION, "overgangen") else table(name, gemeenten)

    monkeypatch.setattr(laak.store, "table", without)
    plain = Evidence(laak.store, laak.params, laak.other_areas)
    assert plain.dwellings(voorbeeld.truth["indeling"]["nieuw"], 2013).year == 2016
    assert is_known(plain.area_dwellings(2013).n)
    assert boundaries.computed(plain) is None


def test_the_pack_says_which_figures_were_computed(voorbeeld, laak):
    assert boundaries.computed(laak).sentence == (
        "De buurtindeling is veranderd: de kerncijfers van 2013, 2014 en 2015 zijn voor 2 buurten "
        "berekend naar de nieuwe indeling, naar rato van woningen."
    )
    project = voorbeeld.proef.project
    gouda = project.params("gouda", voorbeeld.dataset, {})
    evidence = evidence_for(project, voorbeeld.dataset, voorbeeld.store, gouda)
    assert boundaries.notes(evidence) == []


def test_an_old_buurt_that_leads_nowhere_is_reported(project):
    made = project.small()
    old = (made.folder / "kwb_2018.csv").read_text() + "BU05130199;Gouda     ;20;7;.\n"
    made.add("kerncijfers_wijken", "kwb_2015.csv", "kwb", old, jaar=2015)
    pairs = lines(PAIRS, "BU05130101;2015;BU05130101;2018;500")
    made.add("gebiedsovergang", "overgang.csv", "gebiedsovergang", pairs)
    store = project.ingest(made.save())
    params = project.project.params("gouda", made.dataset(), {})
    claim = boundaries.computed(evidence_for(project.project, made.dataset(), store, params))
    assert claim.sentence == (
        "De buurtindeling is veranderd: 1 oude buurt heeft in de geleverde overgang geen opvolger."
    )


# --- how long an area is what it is ----------------------------------------------------------


def params_of(voorbeeld, slug, **changes):
    return voorbeeld.proef.project.params(slug, voorbeeld.dataset, changes)


def test_a_window_within_validity_has_nothing_to_say(voorbeeld):
    assert boundaries.outside_validity(params_of(voorbeeld, "den-haag-laak")) is None
    gouda = params_of(voorbeeld, "gouda", venster_start="2030-01-01")
    assert boundaries.outside_validity(gouda) is None


@pytest.mark.parametrize(
    ("start", "window"),
    [("2018-02-01", "februari 2018 tot en met januari 2019"), ("2019-01-01", "2019")],
)
def test_a_window_past_validity_is_said_and_not_refused(voorbeeld, start, window):
    claim = boundaries.outside_validity(params_of(voorbeeld, "den-haag-laak", venster_start=start))
    assert claim.sentence == (
        "De buurtlijst van Den Haag (basisteam Laak) geldt tot en met 31 december 2018 (sinds "
        "1 januari 2019 horen ook Ypenburg en Leidschenveen bij het basisteam); het venster "
        f"{window} ligt daar niet helemaal binnen, en de lijst is met opzet gelijk gehouden, zodat "
        "de jaren vergelijkbaar zijn."
    )


def test_a_window_before_validity_is_said_too(voorbeeld):
    area = {"gemeentecode": "GM0513", "geldig_van": "2018-03-01", "geldig_tot": "2020-12-31"}
    claim = boundaries.outside_validity(params_of(voorbeeld, "gouda", gebied=area))
    assert (
        "geldt vanaf 1 maart 2018 tot en met 31 december 2020; het venster 2018" in claim.sentence
    )


def test_validity_runs_forward(voorbeeld):
    area = {"gemeentecode": "GM0513", "geldig_van": "2019-01-01", "geldig_tot": "2018-12-31"}
    with pytest.raises(ParamError, match="'geldig_tot' ligt voor 'geldig_van'"):
        params_of(voorbeeld, "gouda", gebied=area)
