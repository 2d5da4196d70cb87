"""Incident extracts as they come: words of their own, times at the edge, another kind of file."""

from datetime import date

import pandas as pd
import pytest
import xlsxwriter

from conftest import KLASSEN, counts, lines, read_file
from wib_lib.delivery import read_bronnen
from wib_lib.errors import DeliveryError
from wib_lib.sources import read_source
from wib_lib.sources.reading import Context

MAPPING = {
    "incident_id": "Nr",
    "mk_code": "Klasse",
    "kennisname_dt": "Bekend",
    "gemeente_code": "Gemeente",
    "poging_jn": "Fase",
    "pleeg_van": ["Begin", "Van"],
    "pleeg_tot": ["Eind", "Tot"],
    "mo_binnenkomst": "Wijze",
}
HEADER = "Nr;Klasse;Bekend;Gemeente;Fase;Begin;Van;Eind;Tot;Wijze"
WORDS = {"poging_jn": {"Poging": "ja", "Voltooid": "nee", "Onbekend": ""}}
ROW = "P1;A20;05-03-2018;GM0513;Voltooid;;;;;"


def row(**changes):
    """Change cells of a row that has no flaw."""
    cells = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True)) | changes
    return ";".join(cells.values())


def read(folder, *rows, **more):
    more = {"kolommen": MAPPING, "waarden": WORDS} | more
    return read_file(folder, "bvh", lines(HEADER, *rows), peildatum="2019-12-31", **more).checked


# --- words -----------------------------------------------------------------------------------


def test_own_words_are_translated_whatever_capitals_and_spaces(tmp_path):
    rows = [row(Nr=f"P{n}", Fase=word) for n, word in
            enumerate(["Poging", " poging ", "VOLTOOID", "onbekend", ""])]  # fmt: skip
    found = read(tmp_path, *rows).accepted["poging_jn"]
    assert found.astype(object).where(found.notna(), None).tolist() == [
        True, True, False, None, None]  # fmt: skip


def test_completed_attempted_and_unknown_add_up(tmp_path):
    words = ["Poging"] * 3 + ["Voltooid"] * 4 + ["Onbekend"] * 2
    checked = read(tmp_path, *(row(Nr=f"P{n}", Fase=word) for n, word in enumerate(words)))
    kinds = checked.accepted["poging_jn"]
    assert (int(kinds.sum()), int((~kinds).sum()), int(kinds.isna().sum())) == (3, 4, 2)
    assert counts(checked.emptied) == {}  # unknown is an answer, no flaw


def test_a_word_that_means_nothing_is_emptied_and_counted(tmp_path):
    checked = read(tmp_path, row(Fase="misschien"))
    assert counts(checked.emptied) == {"poging_jn_onleesbaar": 1}
    assert len(checked.accepted) == 1


def test_words_for_a_field_that_is_not_read_are_refused(tmp_path):
    with pytest.raises(DeliveryError, match="'waarden' noemt veld 'woningtype', dat niet onder"):
        read(tmp_path, ROW, waarden={"woningtype": {"F": "flat"}})


def test_the_way_in_is_a_closed_list(tmp_path):
    words = ["Braak", "insluiping", "Babbeltruc", "onbekend", "verbreking", "", "door het raam"]
    checked = read(tmp_path, *(row(Nr=f"P{n}", Wijze=word) for n, word in enumerate(words)))
    assert checked.accepted["mo_binnenkomst"].fillna("").tolist() == [
        "braak", "insluiping", "babbeltruc", "onbekend", "braak", "", ""]  # fmt: skip
    assert counts(checked.emptied) == {"mo_binnenkomst_onleesbaar": 1}


# --- classes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["A10", "A11", "B10", "A21", "B72", "F15", ""])
def test_what_is_no_burglary_is_set_apart(tmp_path, code):
    # Requirements 7.1: A10 and B10 are thefts from cars, A11 from boats; B72 robbery is 1.4.7.
    checked = read(tmp_path, ROW, row(Nr="P2", Klasse=code))
    assert counts(checked.rejected) == {"buiten_delictselectie": 1}
    assert checked.accepted["incident_id"].tolist() == ["P1"]


@pytest.mark.parametrize("code", KLASSEN)
def test_every_class_of_burglary_counts(tmp_path, code):
    assert len(read(tmp_path, row(Klasse=code)).accepted) == 1


# --- times -----------------------------------------------------------------------------------


def times(checked):
    return checked.accepted[["pleeg_van", "pleeg_tot"]].iloc[0].tolist()


def test_one_moment_is_a_hard_time(tmp_path):
    moment = {"Begin": "04-03-2018", "Van": "14:05", "Eind": "04-03-2018", "Tot": "14:05"}
    checked = read(tmp_path, row(**moment))
    assert times(checked) == [pd.Timestamp("2018-03-04 14:05")] * 2
    assert counts(checked.emptied) == {}


@pytest.mark.parametrize("day", ["25-03-2018", "28-10-2018"])  # 23 and 25 hours
def test_days_on_which_the_clock_moves(tmp_path, day):
    span = {"Begin": day, "Van": "01:30", "Eind": day, "Tot": "03:30"}
    van, tot = times(read(tmp_path, row(**span)))
    assert (van.hour, tot.hour) == (1, 3)  # the clock on the wall: what the registration says
    assert counts(read(tmp_path, row(**span)).emptied) == {}


def test_an_open_begin_is_kept_as_unknown(tmp_path):
    assert times(read(tmp_path, row(Eind="04-03-2018", Tot="07:00"))) == [
        pd.NaT, pd.Timestamp("2018-03-04 07:00")]  # fmt: skip


def test_a_burglary_of_the_last_days_that_is_known_next_year(tmp_path):
    span = {"Begin": "30-12-2018", "Van": "09:00", "Eind": "02-01-2019", "Tot": "17:00"}
    checked = read(tmp_path, row(Bekend="02-01-2019", **span))
    found = checked.accepted.iloc[0]
    assert found["kennisname_dt"].year == 2019
    assert (found["pleeg_van"].year, found["pleeg_tot"].year) == (2018, 2019)
    outside = read(tmp_path, ROW, row(Nr="P2", Bekend="02-01-2019", **span),
                   periode={"van": date(2018, 1, 1), "tot": date(2018, 12, 31)})  # fmt: skip
    assert counts(outside.rejected) == {"buiten_leverperiode": 1}


# --- other files and names -------------------------------------------------------------------


def test_a_workbook_reads_as_the_text_file(tmp_path):
    rows = [row(Nr="P1", Begin="04-03-2018", Van="14:05"), row(Nr="P2", Klasse="A21")]
    book = xlsxwriter.Workbook(tmp_path / "extract.xlsx")
    sheet = book.add_worksheet("Extract")
    for place, text in enumerate([HEADER, *rows]):
        sheet.write_row(place, 0, text.split(";"))
    book.close()
    more = {"kolommen": MAPPING, "waarden": WORDS, "peildatum": "2019-12-31"}
    other = read_file(tmp_path, "bvh", None, bestand="extract.xlsx", **more).checked
    here = read(tmp_path, *rows)
    pd.testing.assert_frame_equal(here.accepted, other.accepted)
    assert counts(here.rejected) == counts(other.rejected)


@pytest.mark.parametrize("name", ["'s-Gravenhage", "Den Haag", "DEN HAAG ", "gemeente Den Haag"])
def test_a_gemeente_by_name(tmp_path, name):
    (tmp_path / "e.csv").write_text(lines(HEADER, row(Gemeente=name)), encoding="utf-8")
    described = {"soort": "incidenten", "bestand": "e.csv", "profiel": "bvh", "bronhouder": "P",
                 "peildatum": "2019-12-31", "privacyklasse": "V3", "kolommen": MAPPING}  # fmt: skip
    content = {"naam": "Proef", "fictief": True, "bronnen": [described]}
    bron = read_bronnen(content, source="bronnen.yaml").bronnen[0]
    context = Context(KLASSEN, gemeenten={"Den Haag": "GM0518"})
    reading = read_source(bron, tmp_path / "e.csv", context, source="bronnen.yaml")
    assert reading.checked.accepted["gemeente_code"].tolist() == ["GM0518"]


@pytest.mark.parametrize("flaw", ["", "quote", "blank", "carriage"])
def test_the_quick_way_and_the_careful_way_read_the_same(tmp_path, flaw):
    rows = [row(Nr="P1"), row(Nr="P2", Klasse="A21"), ";" * 9, row(Nr=" P3 ", Wijze="ë")]
    plain = read(tmp_path, *rows)
    if flaw == "quote":
        rows[0] = rows[0].replace("P1", '"P1"')
    if flaw == "blank":
        rows.append("")
    if flaw == "carriage":
        rows = [text + "\r" for text in rows]
    other = read(tmp_path, *rows)
    pd.testing.assert_frame_equal(other.accepted, plain.accepted)
    assert other.rejected["rij"].tolist() == plain.rejected["rij"].tolist() == [3]
    assert other.emptied["rij"].tolist() == [5]  # the bare row is no row, but it is counted
