"""Personal data at the door: by column, and by trace in text."""

import pandas as pd
import pytest

from conftest import lines, read_file
from wib_lib.errors import DeliveryError
from wib_lib.screening import person_columns, trace, traces

# 111222333 obeys the eleven-test: 9+8+7+12+10+8+9+6-3 = 66 = 6 x 11.
BSN = "111222333"
PEOPLE = {
    f"meldt zich, {BSN}": "BSN",
    "1112.22.333": "BSN",
    "bel 06-12345678": "telefoonnummer",
    "bel 06 12 34 56 78": "telefoonnummer",
    "+31 6 12345678": "telefoonnummer",
    "070-3123456": "telefoonnummer",
    "jan@voorbeeld.nl": "e-mailadres",
    "auto met kenteken 12-AB-CD": "kenteken",
    "AB-123-C gezien": "kenteken",
    "1-ABC-23": "kenteken",
    "Kerkstraat 12": "straat met huisnummer",
    "hoek Lange Beestenmarkt 4a": "straat met huisnummer",
    "2801 AB": "postcode met huisnummer",
    "gesproken met dhr. De Vries": "naam",
    "mevrouw J.M. van den Berg belde": "naam",
    "familie Jansen": "naam",
    "geb. 12-03-1988": "geboortedatum",
}
CLEAN = [
    "3 sloten vervangen in wijk 12",
    "Kerkstraat en omgeving",
    "extra ronde van 19 tot 23 uur, 2 personen",
    "22-42 voetjes geteld op 12-03-2018",
    "actie in week 3-4; 123456789 is geen nummer van iemand",
    "PL1500-2018000123",
    "budget 12.500 euro",
    "PKVW-certificaat 2018",
    "plein 40 woningen opgeknapt",
    "BU05130101",
    "",
]


@pytest.mark.parametrize(("text", "kind"), PEOPLE.items())
def test_a_trace_of_a_person_is_named(text, kind):
    assert trace(text) == kind


@pytest.mark.parametrize("text", CLEAN)
def test_ordinary_text_passes(text):
    assert trace(text) is None


def test_the_eleven_test_tells_numbers_apart():
    assert trace("111222334") is None  # sum 65
    assert trace("000000000") is None


def test_traces_keep_index_and_missing():
    text = pd.Series(["Kerkstraat 12", None, "schoon"], index=[7, 9, 11])
    found = traces(text)
    assert found.index.tolist() == [7, 9, 11]
    assert found.notna().tolist() == [True, False, False]
    assert traces(pd.Series([], dtype="str")).empty


@pytest.mark.parametrize(
    "name",
    "BSN|bsn_nummer|Burgerservicenummer|Voornaam|Achternaam verdachte|Naam slachtoffer|SlachtofferNaam|"
    "Geboortedatum|Huisnummer|Huisnr|Telefoon|Tel.nr|Mobiel nummer|E-mail|Kenteken|MO tekst|"
    "Vrije tekst|MO-toelichting|Adres|Rekeningnummer|verdachte_id".split("|"),
)
def test_columns_of_persons(name):
    assert person_columns([name]) == [name]


@pytest.mark.parametrize(
    "name",
    "Gemeentenaam_1|naam|Buurtnaam|Adressleutel|adres_pseudo|Straatsleutel|Omschrijving klasse|"
    "n_verdachten|Aantal verdachten|MO methode|toelichting|Postcode|Telling|hotelkamers".split("|"),
)
def test_columns_that_may_come_in(name):
    assert person_columns([name]) == []


def test_a_file_with_a_person_column_is_refused_without_its_content(tmp_path):
    text = lines("actie_id;gemeente_code;actie;Huisnummer;Naam bewoner", "1;513;brief;12;Jansen")
    with pytest.raises(DeliveryError) as refusal:
        read_file(tmp_path, "actieregister", text)
    said = str(refusal.value)
    assert "kolom 'Huisnummer'" in said
    assert "Naam bewoner" in said
    assert "Jansen" not in said
    assert said.startswith("levering.csv: ")


def test_text_that_names_someone_is_emptied_and_kept_nowhere(tmp_path):
    text = lines("actie_id;gemeente_code;actie;resultaat",
                 "1;513;brief;gesproken met mevrouw Pietersen, Kerkstraat 12",
                 "2;513;brief;40 bezoekers")  # fmt: skip
    checked = read_file(tmp_path, "actieregister", text).checked
    assert checked.accepted["resultaat"].isna().tolist() == [True, False]
    log = checked.emptied
    assert log[["rij", "kolom", "waarde", "toets"]].to_numpy().tolist() == [
        [2, "resultaat", "(afgeschermd)", "persoonsgegeven_in_tekst"]
    ]
    assert "Pietersen" not in log.to_csv() + checked.accepted.to_csv()


def test_a_required_text_that_names_someone_is_rejected_not_kept(tmp_path):
    text = lines("actie_id;gemeente_code;actie", "1;513;bezoek Kerkstraat 12", "2;513;brief")
    checked = read_file(tmp_path, "actieregister", text).checked
    assert "Kerkstraat" not in checked.accepted.to_csv() + checked.rejected.to_csv()
