"""Forms out and in: what is sent can be filled in, and comes back as it was filled in."""

from datetime import date
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries

from conftest import REPO
from wib_lib import cli
from wib_lib.delivery import read_bronnen
from wib_lib.errors import ParamError, RunError
from wib_lib.forms import (
    FORMS,
    FormArea,
    form_areas,
    read_questionnaire,
    workbook,
    write_forms,
)
from wib_lib.project import Project
from wib_lib.screening import person_columns, trace
from wib_lib.sources import PROFILES, read_source
from wib_lib.sources.reading import Context
from wib_lib.tables import REGISTERS, heading

GOUDA = FormArea("gouda", "Gouda", "GM0513", "Gouda", 2018,
                 {"WK051301": "Binnenstad", "BU05130101": "Nieuwe Markt"})  # fmt: skip
LAAK = FormArea("den-haag-laak", "Den Haag (basisteam Laak)", "GM0518", "Den Haag", 2018)
NAMES = {"Gouda": "GM0513", "Delft": "GM0503", "Den Haag": "GM0518"}
COPIES = [(name, who) for name, form in FORMS.items() for who in form.respondents or ("",)]


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """All forms of Gouda, as bytes by file name."""
    folder = tmp_path_factory.mktemp("formulieren")
    return {path.stem: path.read_bytes() for path in write_forms(folder, [GOUDA])}


@pytest.fixture(autouse=True, scope="module")
def _short_forms():
    """Fewer empty rows: reading and writing them is most of the time of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "INPUT_ROWS", 15)
        yield


def stem(name, who=""):
    return f"{name}-{who}" if who else name


def book_of(sent, name):
    return openpyxl.load_workbook(BytesIO(sent[name]))


def header_row(sheet, table):
    """Find the row of headers by the first column's own label."""
    wanted = table.columns[0].header
    return next(
        row for row in range(1, 30) if str(sheet.cell(row, 1).value or "").startswith(wanted)
    )


def read_back(path, name, **more):
    described = {
        "soort": REGISTERS[name].name,
        "bestand": path.name,
        "profiel": name,
        "bronhouder": "Gemeente Gouda",
        "peildatum": "2019-01-15",
        "privacyklasse": REGISTERS[name].privacy,
    }
    content = {"naam": "Proef", "fictief": True, "bronnen": [described | more]}
    bron = read_bronnen(content, source="bronnen.yaml").bronnen[0]
    context = Context((), {}, NAMES)
    return read_source(bron, path, context, source="bronnen.yaml")


def fill(sent, name, path, rows, who=""):
    """Fill a form in, as a person would: from the first empty row below the headers."""
    book = book_of(sent, stem(name, who))
    sheet = book["Invullen"]
    top = header_row(sheet, REGISTERS[name])
    columns = {column.name: i for i, column in enumerate(REGISTERS[name].columns, start=1)}
    for row, given_row in enumerate(rows, start=top + 1):
        for field, value in given_row.items():
            sheet.cell(row, columns[field]).value = value
    book.save(path)
    return top


# ---- out


def test_every_register_that_people_fill_in_has_a_form():
    assert set(REGISTERS) - set(FORMS) == {"haltes", "meldingen"}  # lists, not forms
    assert set(FORMS) <= set(PROFILES)


@pytest.mark.parametrize("name", REGISTERS)
def test_no_two_columns_answer_to_one_header(name):
    """Only a period in one column feeds both its first and its last day."""
    table = REGISTERS[name]
    headers = [h for column in table.columns for h in column.headings]
    twice = {h for h in headers if headers.count(h) > 1}
    assert twice <= {"periode", "gepland"}
    labels = [heading(column.header) for column in table.columns]
    assert len(set(labels)) == len(labels)
    assert person_columns(column.header for column in table.columns) == []
    assert [c.name for c in table.columns if trace(c.example) or trace(c.meaning)] == []
    assert {column.check for column in table.columns if column.required}.isdisjoint({""})
    assert set(table.key) <= set(table.names)


def test_same_form_same_bytes(sent, tmp_path):
    again = {path.stem: path.read_bytes() for path in write_forms(tmp_path, [GOUDA])}
    assert again == sent
    assert set(sent) == {stem(*copy) for copy in COPIES}


@pytest.mark.parametrize(("name", "who"), COPIES)
def test_form_shows_everything_and_protects_its_headers(sent, name, who):
    book, table = book_of(sent, stem(name, who)), REGISTERS[name]
    assert book.sheetnames == ["Invullen", "Toelichting", "Keuzelijsten"]
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    sheet = book["Invullen"]
    assert not any(d.hidden for d in sheet.column_dimensions.values())
    assert not any(d.hidden for d in sheet.row_dimensions.values())
    top = header_row(sheet, table)
    headers = [sheet.cell(top, i + 1).value for i in range(len(table.columns))]
    wanted = [f"{c.header} *" if c.required and c.kind != "gemeente" else c.header
              for c in table.columns]  # fmt: skip
    assert headers == wanted
    above = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(2, top)}
    assert above["Gebied"] == "Gouda (GM0513)"
    assert (above["Formulier"], above["Jaar"]) == (name, 2018)
    assert sheet.protection.sheet
    assert sheet.cell(top, 1).protection.locked
    free = next(i for i, c in enumerate(table.columns, start=1) if c.name in ("gemeente_code",))
    assert not sheet.cell(top + 1, free).protection.locked
    assert sheet.freeze_panes == f"B{top + 1}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == f"${top}:${top}"
    empty = [sheet.cell(top + 1, i + 1).value for i in range(len(table.columns))]
    assert (not any(empty)) is (not who)  # examples stand in the explanation only


@pytest.mark.parametrize(("name", "who"), COPIES)
def test_every_column_has_help_a_check_and_a_dutch_message(sent, name, who):
    book, table = book_of(sent, stem(name, who)), REGISTERS[name]
    sheet = book["Invullen"]
    rules = {}
    for rule in sheet.data_validations.dataValidation:
        left, *_ = range_boundaries(str(rule.sqref))
        rules[table.columns[left - 1].name] = rule
    assert set(rules) == set(table.names)
    kinds = {"day": "date", "count": "whole", "number": "decimal", "euro": "decimal",
             "flag": "list", "guarded": "custom", "gemeente": "list", "region": "list",
             "place": "list"}  # fmt: skip
    for column in table.columns:
        rule = rules[column.name]
        assert rule.prompt
        assert len(rule.prompt) <= 255
        assert "vul in" in rule.error
        listed = column.kind == "word" and (column.choices or column.name == "antwoord")
        assert rule.type == ("list" if listed else kinds.get(column.kind)), column.name
        if rule.type == "list" and column.kind != "flag":
            where, area = rule.formula1.split("!")
            left, first, right, last = range_boundaries(area.replace("$", ""))
            lists = book[where]
            shown = [lists.cell(row, left).value for row in range(first, last + 1)]
            assert left == right
            assert all(shown)
            if column.choices:
                assert shown == list(column.shown.values())
    explained = {row[0].value: row for row in book["Toelichting"].iter_rows(min_row=6)}
    assert {column.header for column in table.columns} <= set(explained)
    text = [str(cell.value) for row in book["Toelichting"].iter_rows(max_row=5) for cell in row]
    assert any("burgerservicenummers" in line and table.privacy in line for line in text)


def test_places_and_measures_are_offered(sent):
    lists = book_of(sent, "maatregelen")["Keuzelijsten"]
    columns = {cell[1].value: [c.value for c in cell[2:] if c.value] for cell in lists.iter_cols()}
    assert columns["Keuzes bij 'Gebied'"] == ["BU05130101 Nieuwe Markt", "WK051301 Binnenstad"] or (
        columns["Keuzes bij 'Gebied'"] == ["WK051301 Binnenstad", "BU05130101 Nieuwe Markt"]
    )
    groups, shown = columns["Groep bij 'Maatregel'"], columns["Keuzes bij 'Maatregel'"]
    assert len(groups) == len(shown) > 50
    assert dict(zip(shown, groups, strict=True))["Flexcamera"] == "Domein: ogen en oren"


def test_without_known_places_the_column_is_free_text(tmp_path):
    write_forms(tmp_path, [LAAK], forms=["pkvw"])
    book = openpyxl.load_workbook(tmp_path / "den-haag-laak" / "pkvw.xlsx")
    rules = book["Invullen"].data_validations.dataValidation
    assert {rule.type for rule in rules if "B" in str(rule.sqref)} == {None}


def test_areas_come_from_the_project():
    found = {area.slug: area for area in form_areas(Project(REPO))}
    assert len(found) == 9
    laak = found["den-haag-laak"]
    assert (laak.gemeente_code, laak.gemeente, laak.year) == ("GM0518", "Den Haag", 2018)


def test_the_command_writes_the_forms_of_one_area(project, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(project.root)
    words = ["forms", "--gemeente", "Gouda", "--inleveren", "het meldpunt", str(tmp_path / "uit")]
    cli.cli.main(words, standalone_mode=False)
    assert "zonder (dataset 'voorbeeld' is niet ingelezen)" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "uit").iterdir()] == ["gouda"]
    book = openpyxl.load_workbook(tmp_path / "uit" / "gouda" / "kosten.xlsx")
    assert "het meldpunt" in [cell.value for row in book["Toelichting"] for cell in row]
    with pytest.raises(RunError, match="gebied 'Utrecht' is onbekend"):
        cli.cli.main(["forms", "--gemeente", "Utrecht", str(tmp_path)], standalone_mode=False)


def test_buurten_of_the_dataset_are_offered(voorbeeld):
    found = {area.slug: area for area in form_areas(voorbeeld.proef.project, (), voorbeeld.store)}
    assert len(found["gouda"].places) == 9 + 51
    assert all(name for name in found["gouda"].places.values())
    assert len(found["den-haag-laak"].places) == 2 + 7


# ---- questionnaire


def test_the_shipped_questions_are_marked_as_a_draft(sent):
    asked = read_questionnaire()
    assert asked.is_draft
    assert list(asked.strategieen) == [
        "probleemgericht", "informatiesturing", "burgerparticipatie"]  # fmt: skip
    sheet = book_of(sent, "b3w-gemeente")["Invullen"]
    assert "CONCEPT" in sheet.cell(1, 1).value


def test_own_questions_replace_the_draft(tmp_path):
    (tmp_path / "b3w.yaml").write_text(
        "versie: '2'\nstatus: vastgesteld\nantwoorden: {ja: 1, nee: 0}\n"
        "strategieen: {probleemgericht: [{id: X1, vraag: 'Werkt het?'}]}\n", encoding="utf-8"
    )  # fmt: skip
    asked = read_questionnaire(tmp_path)
    write_forms(tmp_path, [GOUDA], forms=["b3w"], questionnaire=asked)
    sheet = openpyxl.load_workbook(tmp_path / "gouda" / "b3w-basisteam.xlsx")["Invullen"]
    assert "CONCEPT" not in sheet.cell(1, 1).value
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {"X1", "Werkt het?", "basisteam"} <= set(cells)


TWICE = """\
versie: '2'
status: vastgesteld
antwoorden: {ja: 1, nee: 0}
strategieen:
  a: [{id: X, vraag: v}]
  b: [{id: X, vraag: w}]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("versie: '2'\n", "b3w.yaml: sleutel 'status'"),
        (TWICE, "vraag X staat er meer dan eens in"),
    ],
)  # fmt: skip
def test_wrong_questions_are_one_sentence(tmp_path, text, said):
    (tmp_path / "b3w.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParamError, match=said):
        read_questionnaire(tmp_path)


# ---- out and in: any mix of right and wrong rows comes back as filled in

BAD = object()
WRONG = {"count": "veel", "guarded": "weinig", "number": "hoog", "euro": "duur", "day": "binnenkort",
         "first_day": "ooit", "last_day": "ooit", "period": "vorig jaar", "flag": "misschien",
         "region": "het centrum", "gemeente": "Atlantis"}  # fmt: skip


def cells(column, i, *, sure=False):
    """Strategy of (cell, wanted): what is typed, and what must come back; BAD where it cannot."""
    right = {
        "count": st.integers(0, 5_000).map(lambda n: (n, n)),
        "guarded": st.one_of(st.integers(0, 50).map(lambda n: (n, n)), st.just(("<5", "<5"))),
        "number": st.integers(0, 60).map(lambda n: (n + 0.5, n + 0.5)),
        "euro": st.integers(0, 10**7).map(lambda n: (n / 100, n / 100)),
        "day": st.dates(date(2017, 1, 1), date(2019, 1, 1)).map(lambda d: (d, pd.Timestamp(d))),
        "period": st.integers(2015, 2019).map(lambda y: (y, str(y))),
        "flag": st.sampled_from([("Ja", True), ("nee", False), ("x", True), ("J", True)]),
        "text": st.sampled_from(["sloten vervangen", "dringend verzoek", "é"]).map(
            lambda t: (t, t)
        ),
        "place": st.sampled_from(
            [("BU05130101 Nieuwe Markt", "BU05130101"), ("Korte Akkeren",) * 2]
        ),
        "region": st.sampled_from([("BU05130101 Nieuwe Markt", "BU05130101"), ("WK051301",) * 2]),
        "gemeente": st.sampled_from([("GOUDA", "GM0513"), ("", "GM0513"), ("513", "GM0513")]),
        "code": st.just((f"k{i}", f"k{i}")),
    }
    right["first_day"] = right["last_day"] = right["day"]
    if column.kind == "word":
        words = list(column.shown.items()) or [("woord", "Woord")]
        good = st.sampled_from([(shown.upper(), code) for code, shown in words])
        return (
            st.one_of(good, st.just(("zomaar iets", BAD))) if column.choices and not sure else good
        )
    if column.name == "renovatieplan_jaar":
        return st.just((2019, 2019))
    good = right[column.kind]
    wrong = WRONG.get(column.kind)
    if wrong and not sure:
        return st.one_of(good, good, good, st.just((wrong, BAD)))
    return good


def rows_of(table):
    def row(i):
        return st.fixed_dictionaries({column.name: cells(column, i) for column in table.columns})

    return st.integers(1, 6).flatmap(lambda n: st.tuples(*[row(i) for i in range(n)]))


def same(found, wanted):
    if isinstance(wanted, float):
        return found == pytest.approx(wanted)
    return found == wanted


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=6, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(data=st.data())
def test_what_is_filled_in_comes_back(name, data, sent, tmp_path):
    table = REGISTERS[name]
    made = list(data.draw(rows_of(table)))
    sure = {column.name: cells(column, 99, sure=True) for column in table.columns}
    made.append(data.draw(st.fixed_dictionaries(sure)))  # a file has at least one right row
    path = tmp_path / f"{name}.xlsx"
    typed = [{field: cell for field, (cell, _) in row.items()} for row in made]
    who = (FORMS[name].respondents or ("",))[0]
    top = fill(sent, name, path, typed, who)
    checked = read_back(path, name).checked
    accepted, emptied = checked.accepted, checked.emptied
    n_printed = 13 - len(made) if who else 0  # questions that were not answered
    assert checked.n_read == len(made) + n_printed
    gone = {(row, field) for row, fields in zip(emptied["rij"], emptied["kolom"], strict=True)
            for field in fields.split(", ")}  # fmt: skip
    for i, row in enumerate(made):
        number = top + 1 + i
        broken = [f for f in table.required if row[f][1] is BAD]
        # A period that cannot be read is not replaced by the form's year.
        assert (number in set(checked.rejected["rij"])) is bool(broken), (broken, row)
        if number not in accepted.index:
            continue
        for field, (_, wanted) in row.items():
            value = accepted.at[number, field]
            if (number, field) in gone:
                assert pd.isna(value)
            elif wanted is BAD:
                raise AssertionError(f"{field} came back as {value!r} and no log says so")
            elif wanted == "<5":
                assert pd.isna(value)
                assert accepted.at[number, f"{field}_below"] == 5
            else:
                assert same(value, wanted), field
