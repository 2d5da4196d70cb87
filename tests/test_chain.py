"""
A real run for two areas: one that succeeds and one whose notebook breaks.

The run is done once, by the command, in a project of its own; every test looks at what it left.
"""

import csv
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import nbformat
import openpyxl
import pytest
from pypdf import PdfReader

from conftest import Proef, make_proef, readable
from test_sheets import check
from wib_lib.disclosure.cells import codes_of
from wib_lib.document import read_document, tables
from wib_lib.index import write_overview
from wib_lib.pack import DOCUMENTS as DOCUMENTS_OF
from wib_lib.plan import NOTEBOOKS, REGION, REGION_NOTEBOOKS, plan
from wib_lib.sheets import named
from wib_lib.step import Outcome
from wib_lib.store import Store

GOOD, BAD, OLD = "gouda", "waddinxveen", "delft"
PACK = {
    "evaluatie.html",
    "evaluatie.pdf",
    "probleemanalyse.html",
    "sturingsinformatie.html",
    "trends_hotspots.html",
    "tabellen.xlsx",
    "kerncijfers.json",
    "manifest.json",
}
DOCUMENTS = sorted(name for name in PACK if name.endswith(".html"))
NUMBER = (int, float)


@dataclass
class Ran:
    """What the run left behind."""

    proef: Proef
    code: int
    out: str
    err: str
    secret: str  # an address pseudonym that the broken notebook put in its error
    cell: int  # number of the broken cell in the notebook as it stands in notebooks/

    @property
    def reports(self) -> Path:
        return self.proef.root / "reports" / "voorbeeld" / "werkgroep"

    @property
    def pack(self) -> Path:
        return self.reports / GOOD

    def results(self, slug: str) -> Path:
        return self.proef.root / "data/processed/voorbeeld/uitkomsten/werkgroep" / slug

    def json(self, name: str) -> dict:
        return json.loads((self.pack / name).read_text(encoding="utf-8"))


def wib(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from wib_lib.cli import main; main()", *words],
        cwd=root, capture_output=True, text=True, timeout=600, check=False,
        env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip


def break_for_one_area(root: Path) -> int:
    """Let 01_ingest fail for one area, with an error that quotes a row; return the cell's number."""
    path = root / "notebooks" / "01_ingest.ipynb"
    book = nbformat.read(path, as_version=4)
    at = next(i for i, cell in enumerate(book.cells) if "open_run(" in cell.source) + 1
    cell = nbformat.v4.new_code_cell(
        "from wib_lib.evidence import opened\n"
        'rows = opened(run.rows).store.table("incidenten")\n'
        f'assert run.slug != "{BAD}", "stuk bij " + rows["adres_pseudo"].dropna().iloc[0]'
    )
    book.cells.insert(at, cell)
    nbformat.write(book, path)
    return at + 1


@pytest.fixture(scope="module")
def ran(voorbeeld, tmp_path_factory) -> Ran:
    proef = make_proef(tmp_path_factory.mktemp("keten") / "project")
    for name in ("data/raw/voorbeeld", "data/processed/voorbeeld"):
        shutil.copytree(voorbeeld.proef.root / name, proef.root / name)
    cell = break_for_one_area(proef.root)
    for slug in (BAD, OLD):  # packs of an earlier run
        folder = proef.root / "reports" / "voorbeeld" / "werkgroep" / slug
        folder.mkdir(parents=True)
        (folder / "evaluatie.html").write_text("oud", encoding="utf-8")
    words = ["run", "--jobs", "1", "--gemeente", "Waddinxveen", "--gemeente", GOOD]
    done = wib(proef.root, *words)
    secret = voorbeeld.store.table("incidenten")["adres_pseudo"].dropna().iloc[0]
    return Ran(proef, done.returncode, done.stdout, done.stderr, secret, cell)


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, readable(path)


# --- the run as a whole ----------------------------------------------------------------------


def test_exit_code_and_messages(ran):
    assert ran.code == 1
    assert "Traceback" not in ran.err + ran.out
    written = ran.err.splitlines()
    assert len(written) == 1, written
    assert written[0].startswith(f"Mislukt: Waddinxveen: 01_ingest, cel {ran.cell}: ")
    assert "AssertionError" in written[0]
    kept = re.search(r"data/processed/\S+\.ipynb", written[0])
    assert kept, "the analyst is told where to look"
    assert ran.secret in (ran.proef.root / kept[0]).read_text(encoding="utf-8")
    assert "Gouda" not in ran.err
    assert "Pakketten: reports/voorbeeld/werkgroep/index.html" in ran.out
    for step in (*NOTEBOOKS, "pakket"):
        assert re.search(rf"Gouda: {step} \d", ran.out)
    assert "Waddinxveen: 02_problem_analysis" not in ran.out  # nothing after the failure


def test_only_what_belongs_under_reports(ran):
    there = {"index.html", "pakket.zip", GOOD, REGION}
    assert {path.name for path in ran.reports.iterdir()} == there
    assert {path.name for path in ran.pack.iterdir()} == PACK
    assert [path.name for path in (ran.proef.root / "reports").iterdir()] == ["voorbeeld"]
    assert not list((ran.proef.root / "reports").rglob(".*"))
    assert not list((ran.proef.root / "data" / "processed").glob(".*"))


def test_packs_that_do_not_hold_are_not_under_a_fresh_index(ran):
    """One failed in this run; of the other nobody knows what it was made from."""
    assert not (ran.reports / BAD).exists()
    assert not (ran.reports / OLD).exists()


def test_index_names_both(ran):
    text = (ran.reports / "index.html").read_text(encoding="utf-8")
    rows = re.findall(r"<tr\b.*?</tr>", text, re.DOTALL)
    (bad,) = [row for row in rows if "Waddinxveen" in row]
    assert "mislukt" in bad.lower()
    assert "01_ingest" in bad
    assert "href" not in bad
    (good,) = [row for row in rows if ">Gouda<" in row]
    assert "mislukt" not in good.lower()
    assert f'href="{GOOD}/evaluatie.html"' in good
    assert str(ran.json("kerncijfers.json")["aantal"]["venster"]) in good
    (old,) = [row for row in rows if "Delft" in row]
    assert "verouderd:" in old
    assert "mislukt" not in old
    assert "href" not in old
    assert "waarvan 2 zonder geldig pakket" in text


def test_index_does_not_repeat_what_an_error_quoted_from_a_row(ran):
    assert len(ran.secret) == 16
    assert ran.secret not in (ran.reports / "index.html").read_text(encoding="utf-8")
    assert ran.secret not in ran.out + ran.err


def test_executed_copies_are_kept(ran):
    for notebook in NOTEBOOKS:
        path = ran.results(GOOD) / notebook / f"{notebook}.ipynb"
        book = nbformat.read(path, as_version=4)
        code = [cell for cell in book.cells if cell.cell_type == "code"]
        assert all(cell.execution_count for cell in code), notebook
        assert not [o for cell in code for o in cell.outputs if o.output_type == "error"]
        assert (path.parent / "claims.json").is_file()
    broken = nbformat.read(ran.results(BAD) / "01_ingest" / "01_ingest.ipynb", as_version=4)
    assert [o.ename for cell in broken.cells for o in cell.get("outputs", [])
            if o.output_type == "error"] == ["AssertionError"]  # fmt: skip
    assert not (ran.results(BAD) / "02_problem_analysis").exists()


def test_exactly_the_declared_parameters_are_injected(ran):
    path = ran.results(GOOD) / "04_evaluation" / "04_evaluation.ipynb"
    book = nbformat.read(path, as_version=4)
    given = book.metadata["papermill"]["parameters"]
    assert set(given) == {"gemeente", "dataset", "audience", "gebied", "venster_start",
                          "venster_maanden", "doelen", "periodetoewijzing",
                          "betrouwbaarheid", "peildatum"}  # fmt: skip
    assert (given["gemeente"], given["dataset"], given["audience"]) == (
        "Gouda",
        "voorbeeld",
        "werkgroep",
    )
    assert (given["venster_start"], given["venster_maanden"]) == ("2018-01-01", 12)


# --- the documents ---------------------------------------------------------------------------


class Page(HTMLParser):
    """Collect what a browser would fetch, what a reader may follow, and the visible tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name == "srcdoc":
                inner = Page(value or "")
                self.fetched += inner.fetched
                self.tags += inner.tags
            elif tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in ("src", "srcset", "href", "data", "poster", "background", "action"):
                self.fetched.append(value or "")


def documents(ran):
    region = sorted((ran.reports / REGION).glob("*.html"))
    return [ran.reports / "index.html", *(ran.pack / name for name in DOCUMENTS), *region]


def test_every_page_carries_the_fictitious_banner(ran):
    banner = "Fictieve voorbeelddata: geen enkel cijfer op deze pagina is echt"
    for path in documents(ran):
        text = path.read_text(encoding="utf-8")
        styles = "".join(re.findall(r"<style.*?</style>", text, re.DOTALL))
        assert banner in styles, path.name  # in the margin of every printed page
        assert banner in re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL), path.name


def test_nothing_is_fetched(ran):
    for path in documents(ran):
        text = path.read_text(encoding="utf-8")
        page = Page(text)
        assert [a for a in page.fetched if not a.startswith(("data:", "#"))] == [], path.name
        assert not re.search(r"url\(\s*[\"']?(?!data:|#)[\w/.]", re.sub(r"<script.*?</script>", "",
                             text, flags=re.DOTALL)), path.name  # fmt: skip
        assert "@import" not in text
        assert not re.search(r"tile\.openstreetmap|cdn\.|unpkg|googleapis|jsdelivr", text)


def test_links_between_documents_lead_somewhere(ran):
    for path in documents(ran):
        for link in Page(path.read_text(encoding="utf-8")).links:
            if not link.startswith(("#", "http")):
                assert (path.parent / link.partition("#")[0]).is_file(), f"{path.name}: {link}"


def test_no_code_and_no_notebook_parts(ran):
    for path in documents(ran):
        text = path.read_text(encoding="utf-8")
        for sign in ("open_run", "from wib_lib", "run.claim", "papermill", "alleen-notebook",
                     "In&nbsp;[", "Bewaard:", "Traceback", "injected-parameters"):  # fmt: skip
            assert sign not in text, f"{path.name}: {sign}"


def test_no_absolute_path_of_the_machine(ran):
    home = str(Path.home())
    places = [
        str(ran.proef.root),
        "/tmp/",
        "/home/",
        "/Users/",
        "C:\\",
        f"{home}/",
        "site-packages",
    ]
    for path, text in texts(ran.reports):
        for place in places:
            assert place not in text, f"{path.name}: {place}"


def test_documents_say_what_they_are_about(ran):
    for name in DOCUMENTS:
        text = (ran.pack / name).read_text(encoding="utf-8")
        assert text.count("<h1") == 1
        assert "Gouda" in text
        assert "werkgroep en RBO (V1)" in text
        assert '<html lang="nl"' in text
        hidden = r"<script.*?</script>|<style.*?</style>|\s(?:srcdoc|src)=\"[^\"]*\""
        assert "None" not in re.sub(hidden, "", text, flags=re.DOTALL)


# --- the sheets and the bundle ---------------------------------------------------------------


def test_every_table_of_the_documents_is_on_a_sheet_with_the_same_figures(ran):
    shown = [
        table
        for notebook in DOCUMENTS_OF
        if notebook in NOTEBOOKS
        for table in tables(read_document(ran.results(GOOD) / notebook / f"{notebook}.ipynb"))
    ]
    book = openpyxl.load_workbook(ran.pack / "tabellen.xlsx")
    sheets = [sheet.name for sheet in named({"": shown})]
    assert book.sheetnames == ["Inhoud", *sheets]
    n_numbers = [check(book[name], table) for name, table in zip(sheets, shown, strict=True)]
    assert len(shown) > 10
    assert sum(n_numbers) > 300


def test_the_bundle_holds_the_packs_that_hold_and_says_which_do_not(ran):
    with ZipFile(ran.reports / "pakket.zip") as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    inside = {f"{GOOD}/{name}" for name in PACK}
    inside |= {f"{REGION}/{path.name}" for path in (ran.reports / REGION).iterdir()}
    assert set(content) == {"index.html", "LEESMIJ.txt", "controlegetallen.txt", *inside}
    for name in (name for name in inside if not name.endswith("manifest.json")):
        assert content[name] == (ran.reports / name).read_bytes()
    made = json.loads(content[f"{GOOD}/manifest.json"])
    times = {"gestart", "gereed"}
    assert made == {k: v for k, v in ran.json("manifest.json").items() if k not in times}
    said = content["LEESMIJ.txt"].decode()
    assert "- Waddinxveen: 01_ingest is mislukt" in said
    assert "Fictieve voorbeelddata" in said
    assert "bijlage" not in said, "every file is explained"


# --- key figures and manifest ----------------------------------------------------------------

SCHEMA = {  # design.md section 6: fixed keys, and what may stand behind them
    "gemeente": {"naam": str, "gebied": str},
    "dataset": str,
    "fictief": bool,
    "audience": str,
    "venster": {"start": str, "eind": str},
    "aantal": {"venster": NUMBER, "voorafgaand": NUMBER, "pct": NUMBER, "gemiddelde_5_jaar": NUMBER},
    "pogingen": {"venster": NUMBER, "share": NUMBER},
    "opheldering": {"venster": NUMBER, "pct": NUMBER},
    "woningen": NUMBER,
    "per_1000_woningen": {
        "venster": NUMBER,
        "laag": NUMBER,
        "hoog": NUMBER,
        "landelijk": NUMBER,
        "onder_landelijk": bool,
    },
    "effect": {
        "ratio": NUMBER,
        "laag": NUMBER,
        "hoog": NUMBER,
        "kleinste_aantoonbare_daling_pct": NUMBER,
        "oordeel": str,
    },
}  # fmt: skip
GOAL = {
    "id": str,
    "oordeel": str,
    "doelwaarde": NUMBER,
    "gerealiseerd": NUMBER,
    "bevindingen": list,
}


def check_types(content, schema, where=""):
    for key, wanted in schema.items():
        assert key in content, f"{where}{key}"
        value = content[key]
        if isinstance(wanted, dict):
            check_types(value, wanted, f"{where}{key}.")
        elif value is None:  # a figure that is not there says why
            assert content.get("onderdrukt") is True or key in content.get("reden", {}), key
        else:
            assert isinstance(value, wanted), f"{where}{key}"
            assert isinstance(value, bool) is (wanted is bool), f"{where}{key}"


def test_key_figures_have_their_keys_and_types(ran):
    content = ran.json("kerncijfers.json")
    check_types(content, SCHEMA)
    assert len(content["doelen"]) == 2
    for goal in content["doelen"]:
        check_types(goal, GOAL)
        assert goal["oordeel"] in {"behaald", "niet behaald", "niet vast te stellen",
                                   "niet van toepassing"}  # fmt: skip


def test_the_schema_check_itself_can_fail():
    block = {"venster": None, "pct": 1.0}
    with pytest.raises(AssertionError):
        check_types({"opheldering": block}, {"opheldering": {"venster": NUMBER}})
    check_types({"opheldering": block | {"onderdrukt": True}}, {"opheldering": {"venster": NUMBER}})
    check_types({"o": block | {"reden": {"venster": "x"}}}, {"o": {"venster": NUMBER}})


def test_key_figures_equal_the_truth(ran, voorbeeld):
    content, years = ran.json("kerncijfers.json"), voorbeeld.truth["incidenten"]["GM0513"]
    assert content["gemeente"] == {"naam": "Gouda", "gebied": "GM0513"}
    assert (content["dataset"], content["fictief"], content["audience"]) == (
        "voorbeeld",
        True,
        "werkgroep",
    )
    assert content["venster"] == {"start": "2018-01-01", "eind": "2018-12-31"}
    n, before = years["2018"]["totaal"], years["2017"]["totaal"]
    mean = sum(years[str(year)]["totaal"] for year in range(2013, 2018)) / 5
    assert content["aantal"] == {
        "venster": n,
        "voorafgaand": before,
        "pct": pytest.approx(100 * (n - before) / before, abs=1e-6),
        "gemiddelde_5_jaar": pytest.approx(mean, abs=1e-6),
    }
    assert content["pogingen"]["venster"] == years["2018"]["pogingen"]
    homes = voorbeeld.truth["woningen"]["GM0513"]["2018"]
    assert content["woningen"] == homes
    assert content["per_1000_woningen"]["venster"] == pytest.approx(1_000 * n / homes, abs=1e-6)
    national = 1_000 * 42_887 / voorbeeld.truth["woningen"]["NL00"]["2018"]
    assert content["per_1000_woningen"]["landelijk"] == pytest.approx(national, abs=1e-6)
    assert content["effect"]["oordeel"] == "gunstiger dan de vergelijking"


def test_documents_show_the_figures_of_the_key_file(ran):
    content = ran.json("kerncijfers.json")
    text = (ran.pack / "evaluatie.html").read_text(encoding="utf-8")
    rate = f"{content['per_1000_woningen']['venster']:.1f}".replace(".", ",")
    for figure in (str(content["aantal"]["venster"]), rate, content["doelen"][0]["oordeel"]):
        assert figure in text


def test_the_pdf_holds_every_table_and_figure_of_the_page(ran):
    pdf = PdfReader(ran.pack / "evaluatie.pdf")
    text = without_spaces("".join(page.extract_text() for page in pdf.pages))
    page = (ran.pack / "evaluatie.html").read_text(encoding="utf-8")
    blocks = read_document(ran.results(GOOD) / "04_evaluation" / "04_evaluation.ipynb")
    found = [*tables(blocks)]
    assert len(found) == page.count('class="wib-tabel"') > 5
    for table in found:
        cells = [cell.shown for row in table.rows for cell in row]
        for shown in (table.caption, *table.labels, *cells, table.note, table.source):
            assert without_spaces(shown) in text, shown
    assert sum(len(page.images) for page in pdf.pages) == page.count('class="wib-figuur"') > 2
    beside = readable(ran.pack / "evaluatie.pdf")
    for alt in re.findall(r'<img [^>]*alt="([^"]+)"', page):
        assert html.unescape(alt) in beside
    for mark in ("Fictieve voorbeelddata", "werkgroep en RBO (V1)"):
        assert all(mark in page.extract_text() for page in pdf.pages)


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def kept_manifest(ran):
    """The analyst's own copy of a pack's manifest."""
    folder = ran.proef.root / "data/processed/voorbeeld/runs"
    (path,) = folder.glob(f"*/werkgroep/{GOOD}/manifest.json")
    return json.loads(path.read_text(encoding="utf-8"))


def test_manifest_traces_every_input(ran):
    content = kept_manifest(ran)
    raw = ran.proef.root / "data" / "raw" / "voorbeeld"
    hashes = {item["bestand"]: item["sha256"] for item in content["invoer"]}
    on_disk = {p.name for p in raw.iterdir()} - {"bronnen.yaml", "waarheid.json"}
    assert set(hashes) == on_disk
    for name, digest in hashes.items():
        assert hashlib.sha256((raw / name).read_bytes()).hexdigest() == digest
    for item in content["invoer"]:
        assert item["gelezen"] == item["aanvaard"] + item["afgekeurd"] + item["dubbel"]
    assert content["commit"] is None  # a project outside git says so
    assert {"gewijzigd", "parameters", "pakketten", "seed", "onderdrukt"} <= set(content)
    assert content["parameters"]["venster_start"] == "2018-01-01"
    assert content["pakketten"]["pandas"]
    assert None not in content["pakketten"].values()
    assert datetime.fromisoformat(content["gestart"]) <= datetime.fromisoformat(content["gereed"])
    assert content["kerncijfers_onderdrukt"] == []  # Gouda cleared 5 of 245: at the limit, shown


def test_manifest_tells_what_a_pack_was_made_of(ran):
    made = kept_manifest(ran)["gemaakt_van"]
    assert set(made["notebooks"]) == set(NOTEBOOKS)
    for notebook in NOTEBOOKS:
        record = json.loads((ran.results(GOOD) / notebook / "gemaakt.json").read_text("utf-8"))
        for part, name in (
            ("notebook", "notebooks"),
            *(2 * (x,) for x in ("bibliotheek", "gegevens")),
        ):
            for key, digest in record[part].items():
                assert digest.startswith(made[name][key])
                assert len(made[name][key]) == (12 if digest else 0)  # "": not delivered
    assert {"wib_lib.pack", "wib_lib.export", "wib_lib.effect"} <= set(made["bibliotheek"])
    assert "incidenten/GM0513" in made["gegevens"]
    assert made["gebieden"]["Gouda"] == "GM0513"


def test_a_pack_leaves_what_a_later_one_is_compared_with(ran, identifiers):
    kept, region = sorted((ran.proef.root / "data/processed/voorbeeld/runs").glob("*/werkgroep/*"))
    assert (kept.name, region.name) == (GOOD, REGION)
    assert {path.name for path in kept.iterdir()} == {
        "kerncijfers.json",
        "manifest.json",
        "uitspraken.json",
    }
    assert (kept / "kerncijfers.json").read_bytes() == (ran.pack / "kerncijfers.json").read_bytes()
    whole, told = kept_manifest(ran), ran.json("manifest.json")
    assert told.pop("gepubliceerd") is True
    assert {name for name in whole if whole[name] != told[name]} == {"invoer", "gemaakt_van"}
    claims = json.loads((kept / "uitspraken.json").read_text(encoding="utf-8"))
    assert set(claims) == set(NOTEBOOKS) - {"01_ingest"}  # what a pack shows, and no more
    for path, text in texts(kept):
        assert found_in(text, identifiers) == set(), path.name
    done = wib(ran.proef.root, "diff", "laatste")
    assert done.returncode == 0, done.stderr
    assert "De twee runs zijn gelijk: in 2 gebieden" in done.stdout  # Gouda, and the region


# --- privacy ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def identifiers(voorbeeld):
    """Everything in the sample that points at one incident, address, street or place."""
    with (voorbeeld.dataset.folder / "incidenten.csv").open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    points = {(row["X"], row["Y"]) for row in rows if row["X"]}
    plain = {tuple(value.replace(",", ".") for value in point) for point in points}
    return {
        "number": {row["Registratienummer"].strip() for row in rows} - {""},
        "key": {row[name] for row in rows for name in ("Straatsleutel", "Adressleutel")} - {""},
        "point": {(x.removesuffix(".0"), y.removesuffix(".0")) for x, y in plain} - {("0", "0")},
    }


def found_in(text, identifiers):
    """Return the identifiers that stand in a text, by exact value."""
    numbers = set(re.findall(r"PL1500-\d{10}", text)) & identifiers["number"]
    keys = set(re.findall(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])", text)) & identifiers["key"]
    pair = r"(?<![\d.,])(\d{5,6}(?:[.,]\d)?)\D{1,12}?(\d{6}(?:[.,]\d)?)(?![\d])"
    found = {(x.replace(",", "."), y.replace(",", ".")) for x, y in re.findall(pair, text)}
    points = {(x.removesuffix(".0"), y.removesuffix(".0")) for x, y in found} & identifiers["point"]
    return numbers | keys | points


def test_the_search_finds_what_is_there(identifiers, voorbeeld):
    """The search itself, on the file in which all of it stands, as CSV, JSON and repr."""
    assert len(identifiers["key"]) > 1_000
    rows = voorbeeld.store.table("incidenten").head(50)
    text = rows[["incident_id", "adres_pseudo", "straat_id"]].to_json()
    assert len(found_in(text, identifiers)) > 100
    spot = next(iter(sorted(identifiers["point"])))
    for written in ("{};{}", '{{"x": {}, "y": {}}}', "POINT ({} {})", "[{}, {}]"):
        assert found_in(written.format(*spot), identifiers) == {spot}
    raw = (voorbeeld.dataset.folder / "incidenten.csv").read_text(encoding="cp1252")
    assert len(found_in(raw, identifiers)) > 10_000


def test_no_identifier_in_any_file_of_the_pack(ran, identifiers):
    for path, text in texts(ran.pack):
        assert found_in(text, identifiers) == set(), path.name


def test_no_identifier_in_executed_notebooks(ran, identifiers):
    for notebook in NOTEBOOKS:
        path = ran.results(GOOD) / notebook / f"{notebook}.ipynb"
        assert found_in(path.read_text(encoding="utf-8"), identifiers) == set(), notebook


def test_no_identifier_in_saved_results(ran, identifiers):
    for path, text in texts(ran.results(GOOD)):
        assert found_in(text, identifiers) == set(), path.name


def test_no_incident_lies_on_the_screen_map(ran, voorbeeld):
    """Points in degrees: no vertex or marker of the map falls on an incident (to 0,1 m)."""
    import geopandas as gpd

    rows = voorbeeld.store.table("incidenten").dropna(subset=["rd_x", "rd_y"])
    rows = rows[rows["gemeente_code"].eq("GM0513")]
    where = gpd.points_from_xy(rows["rd_x"].astype(float), rows["rd_y"].astype(float), crs=28992)
    degrees = gpd.GeoSeries(where).to_crs(4326)
    spots = {(round(p.x, 5), round(p.y, 5)) for p in degrees}
    shapes = gpd.GeoSeries(voorbeeld.store.areas("GM0513").geometry).to_crs(4326)
    vertices = shapes.get_coordinates().round(5)
    outline = set(zip(vertices["x"], vertices["y"], strict=True))
    text = (ran.pack / "trends_hotspots.html").read_text(encoding="utf-8")
    pairs = re.findall(r"\[\s*(\d\.\d{3,}),\s*(5\d\.\d{3,})\s*\]", text)
    shown = {(round(float(x), 5), round(float(y), 5)) for x, y in pairs}
    assert len(shown) > 100  # the map is there
    assert (shown & spots) <= outline  # only where a boundary happens to run


# --- the region ------------------------------------------------------------------------------


REGION_PACK = {
    "werkgroep.html",
    "werkgroep.pdf",
    "rbo_samenvatting.html",
    "rbo_samenvatting.pdf",
    "tabellen.xlsx",
    "kerncijfers.json",
    "manifest.json",
}


def test_the_region_is_made_of_what_holds_and_names_the_rest(ran):
    folder = ran.reports / REGION
    assert {path.name for path in folder.iterdir()} == REGION_PACK
    figures = json.loads((folder / "kerncijfers.json").read_text(encoding="utf-8"))
    assert figures["gebieden"] == ["Gouda"]
    assert figures["gemeente"]["naam"] == "De 9 gebieden samen"
    assert len(figures["ontbreekt"]) == 8
    assert figures["aantal"]["venster"] is None
    assert "Waddinxveen" in figures["aantal"]["reden"]["venster"]
    count = str(ran.json("kerncijfers.json")["aantal"]["venster"])
    for name in ("werkgroep.html", "rbo_samenvatting.html"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "Van 1 van de 9 gebieden zijn er uitkomsten die gelden; niet van" in text
        assert f">{count}<" in text
        assert "1 van de 9" in text


def test_the_region_says_by_what_it_was_made(ran):
    made = json.loads((ran.reports / REGION / "manifest.json").read_text(encoding="utf-8"))
    assert made["gemeente"] == "Werkgroep en RBO"
    assert set(made["gemaakt_van"]["notebooks"]) == set(REGION_NOTEBOOKS)
    assert {"gemeente", "gebied", "doelen", "venster_start"}.isdisjoint(made["parameters"])
    assert made["parameters"]["betrouwbaarheid"] == 0.95


def test_no_identifier_in_what_the_region_shows_or_keeps(ran, identifiers):
    for folder in (ran.reports / REGION, ran.results(REGION)):
        found = list(texts(folder))
        assert found
        for path, text in found:
            assert found_in(text, identifiers) == set(), path.name


# --- by hand, after the run ------------------------------------------------------------------


def test_plain_papermill_works_after_the_run(ran, tmp_path):
    target = tmp_path / "out.ipynb"
    before = ran.json("kerncijfers.json")
    done = subprocess.run(
        [sys.executable, "-m", "papermill", "notebooks/04_evaluation.ipynb", str(target),
         "-f", "params/gouda.yaml"],
        cwd=ran.proef.root, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "unknown parameter" not in done.stderr
    book = nbformat.read(target, as_version=4)
    assert not [
        o for cell in book.cells for o in cell.get("outputs", []) if o.output_type == "error"
    ]
    assert book.metadata["papermill"]["exception"] is None
    saved = ran.results(GOOD) / "04_evaluation" / "kerncijfers.json"
    assert json.loads(saved.read_text(encoding="utf-8")) == before


def test_index_is_rebuilt_from_the_packs_that_are_there(ran, tmp_path):
    """A later run of another area keeps the areas whose packs still hold."""
    root = tmp_path / "project"
    shutil.copytree(ran.proef.root, root)
    work = plan(Proef(root).project, "voorbeeld", areas=[BAD])
    index = write_overview(work, [])
    rows = re.findall(r"<tr\b.*?</tr>", index.read_text(encoding="utf-8"), re.DOTALL)
    assert [row for row in rows if ">Gouda<" in row]
    assert not [row for row in rows if "Waddinxveen" in row]
    assert (index.parent / GOOD).is_dir()
    assert not (index.parent / REGION).exists()  # nobody looked whether it holds
    failed = Outcome(GOOD, "04_evaluation", 1.0, "04_evaluation, cel 3: stuk")
    text = write_overview(work, [failed]).read_text(encoding="utf-8")
    assert not (index.parent / GOOD).exists()
    (row,) = [row for row in re.findall(r"<tr\b.*?</tr>", text, re.DOTALL) if "Gouda" in row]
    assert "mislukt" in row
    assert "04_evaluation" in row


# --- what may not leave ----------------------------------------------------------------------


def html_rows(path: Path) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", path.read_text(encoding="utf-8"), re.DOTALL)
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()
         for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]  # fmt: skip


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def block_rows(path: Path) -> list[list[str]]:
    return [
        [cell.shown for cell in row] for table in tables(read_document(path)) for row in table.rows
    ]


def sheet_rows(path: Path | BytesIO) -> list[list[str]]:
    """Return the rows of all sheets; empty cells behind a row are not of the table."""
    rows = (
        row for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True)
    )
    return [[str(value) for value in row if value is not None] for row in rows]


def bundled_rows(path: Path) -> list[list[str]]:
    with ZipFile(path) as archive:
        return sheet_rows(BytesIO(archive.read(f"{GOOD}/tabellen.xlsx")))


# The forms in which a table leaves its notebook: a new kind of file is one line here.
FORMS = {
    "pack": lambda ran: html_rows(ran.pack / "probleemanalyse.html"),
    "sheet": lambda ran: sheet_rows(ran.pack / "tabellen.xlsx"),
    "bundle": lambda ran: bundled_rows(ran.reports / "pakket.zip"),
    "table": lambda ran: csv_rows(ran.results(GOOD) / "02_problem_analysis" / "per_wijk.csv"),
    "copy": lambda ran: block_rows(
        ran.results(GOOD) / "02_problem_analysis" / "02_problem_analysis.ipynb"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_suppressed_cell_is_hidden_in_every_form(ran, form):
    hidden = {codes_of(key)[1]["gebied"] for key in ran.json("manifest.json")["onderdrukt"]
              if "periode=2018;poging=ja" in key}  # fmt: skip
    shapes = Store(ran.proef.project.processed("voorbeeld")).areas("GM0513")
    names = dict(zip(shapes["code"], shapes["naam"], strict=True))
    wijken = {names[code] for code in hidden if code.startswith("WK")}
    assert wijken
    rows = {row[0]: row for row in FORMS[form](ran) if len(row) == 5 and row[0] in names.values()}
    assert wijken <= rows.keys()
    for name, row in rows.items():
        assert (row[2] == "x") is (name in wijken), name


def test_the_manifest_names_hidden_cells_without_their_counts(ran):
    manifest = ran.json("manifest.json")
    assert all(
        isinstance(key, str) and key.startswith("incidenten;") for key in manifest["onderdrukt"]
    )
    folder = ran.proef.root / "data/processed/voorbeeld/vrijgave/werkgroep/verborgen"
    counts = json.loads((folder / f"{GOOD}.json").read_text(encoding="utf-8"))
    by_count = sorted(manifest["onderdrukt"], key=lambda key: (counts[key], key))
    for name in ("onderdrukt", "bevindingen"):
        assert manifest[name] == sorted(manifest[name]), "an order by count would tell the counts"
    assert by_count != manifest["onderdrukt"]
    assert 0 < manifest["getoond_pct"] < 100
    assert manifest["grondslag"].startswith("Wpg art. 22")


def test_no_digest_by_which_a_small_table_can_be_guessed(ran):
    """Who guesses the counts of a form can check the guess by its digest, so a pack has none."""
    told, whole = ran.json("manifest.json"), kept_manifest(ran)
    with_digest = {item["bestand"] for item in told["invoer"] if "sha256" in item}
    assert with_digest == {f["bestand"] for f in whole["invoer"] if f["privacyklasse"] == "V0"}
    parts = told["gemaakt_van"]["gegevens"]
    assert {"kerncijfers/GM0513", "kerncijfers_indeling/GM0513", "beschrijving"} <= parts.keys()
    tables = {name.partition("/")[0] for name, digest in parts.items() if digest}
    assert not tables & {"verdachten", "pga", "incidenten", "opheldering", "overleg", "levering"}
    assert {"verdachten/GM0513", "pga/GM0513", "levering"} <= whole["gemaakt_van"][
        "gegevens"
    ].keys()


def test_no_row_of_the_delivery_reaches_a_pack_or_a_copy(ran):
    """Pseudonyms, numbers and streets of Gouda's incidents, in packs, copies and release."""
    rows = Store(ran.proef.project.processed("voorbeeld")).table("incidenten", ["GM0513"])
    planted = [*rows["adres_pseudo"].dropna().head(200), *rows["incident_id"].head(200)]
    planted = [str(value) for value in planted if len(str(value)) > 5]
    assert len(planted) > 200
    folders = [ran.reports, ran.results(GOOD), ran.proef.root / "data/processed/voorbeeld/vrijgave"]
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in {".html", ".json", ".csv", ".ipynb"}:
                text = path.read_text(encoding="utf-8")
                found = [value for value in planted if value in text]
                assert not found, path
