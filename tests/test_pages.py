"""
Pages as a reader's browser shows them: nothing asked, nothing said, nothing out of reach.

A real run of one area, its pages opened in a headless Chromium without a network. Rules of
access come from axe-core; what it cannot judge (sorting, searching, links, the small screen) is
done as a reader would do it, by keyboard.
"""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from browser import LOCAL, Browser, browser, chromium
from conftest import make_proef
from test_chain import wib
from test_diff import Bench
from test_differences import KEY_FILE, edited
from test_export import area, index, key_figures
from wib_lib.export import export_html
from wib_lib.html import VERDICTS
from wib_lib.marking import FICTITIOUS
from wib_lib.plan import executed_path, plan

AREA = "gouda"
DOCUMENTS = ("evaluatie", "probleemanalyse", "trends_hotspots", "gegevens")
PAGES = ("index", *DOCUMENTS, "verschillen")
A4 = (595, 842)  # points
PHONE, DESK = 360, 1280


@pytest.fixture(scope="module")
def pages(voorbeeld, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Run the chain for one area, compare two runs, and return every kind of page by name."""
    proef = make_proef(tmp_path_factory.mktemp("paginas") / "project")
    for name in ("data/raw/voorbeeld", "data/processed/voorbeeld"):
        shutil.copytree(voorbeeld.proef.root / name, proef.root / name)
    done = wib(proef.root, "run", "--jobs", "1", "--gemeente", AREA)
    assert done.returncode == 0, done.stderr
    reports = proef.root / "reports" / "voorbeeld" / "werkgroep"
    found = {"index": reports / "index.html"}
    found |= {name: reports / AREA / f"{name}.html" for name in DOCUMENTS}
    work = plan(proef.project, "voorbeeld", areas=[AREA])
    export_html(
        executed_path(work, AREA, "01_ingest"),
        found["gegevens"],
        title="Gegevens Gouda",
        banner=FICTITIOUS,
        footer="Gouda",
        links=[("Overzicht", "../index.html")],
        documents={"04_evaluation": "evaluatie.html"},
    )
    bench = Bench(make_proef(tmp_path_factory.mktemp("verschil") / "project"))
    bench.pack(0)
    bench.pack(1, edited(KEY_FILE, aantal={"venster": 251}))
    assert wib(bench.proef.root, "diff").returncode == 0
    return found | {"verschillen": bench.written / "verschillen.html"}


@pytest.fixture(scope="module")
def reader() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium found: the pages are not rendered")
    with browser(program) as page:
        yield page


@pytest.fixture(scope="module")
def axe() -> str:
    import axe_core_python

    return (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


# ---- every page, on a desk and on a telephone


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_says_nothing_and_can_be_used_by_all(
    pages: dict[str, Path], reader: Browser, axe: str, name: str, width: int
) -> None:
    reader.open(pages[name], width=width)
    reader.run("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    reader.run("document.querySelector('iframe')?.scrollIntoView()")
    reader.wait()
    assert [url for url in reader.asked if not url.startswith(LOCAL)] == []
    assert [url for url in reader.asked if url.startswith("file:")] == [pages[name].as_uri()]
    assert reader.said == []
    assert reader.violations(axe) == []
    assert reader.run("document.documentElement.scrollWidth") <= width  # no sideways scrolling


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_map_can_be_used_by_all(
    pages: dict[str, Path], reader: Browser, axe: str, tmp_path: Path, width: int
) -> None:
    text = pages["trends_hotspots"].read_text(encoding="utf-8")
    (inner,) = re.findall(r'srcdoc="([^"]*)"', text)
    frame = tmp_path / "frame.html"
    frame.write_text(unescape(inner), encoding="utf-8")
    reader.open(frame, width=width, height=480)
    assert (reader.said, reader.asked) == ([], [frame.as_uri()])
    assert reader.violations(axe, without=("page-has-heading-one",)) == []  # that of its page
    assert reader.run("document.querySelectorAll('path.leaflet-interactive').length") > 10
    assert reader.run("document.querySelector('.leaflet-container').tabIndex") == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_on_a4(
    pages: dict[str, Path], reader: Browser, tmp_path: Path, name: str
) -> None:
    from pypdf import PdfReader

    reader.open(pages[name])
    reader.paper(tmp_path / "page.pdf")
    for sheet in PdfReader(tmp_path / "page.pdf").pages:
        size = sorted(round(float(side)) for side in (sheet.mediabox.width, sheet.mediabox.height))
        assert size == pytest.approx(sorted(A4), abs=1)
        assert len(sheet.extract_text().strip()) > 60  # no empty sheet


def test_nine_areas_fit_on_one_sheet(reader: Browser, tmp_path: Path) -> None:
    from pypdf import PdfReader

    goals = [{"id": word, "oordeel": word, "naam": "aantal woninginbraken"} for word in VERDICTS]
    beside = {"ontbreekt": ["1A"] * 20, "documenten": [("PDF", "p"), ("Excel", "e")]}
    names = ["Leidschendam-Voorburg", *(f"Gebied {n}" for n in range(8))]
    rows = [area(name, key_figures(1200, doelen=goals[:2]), **beside) for name in names]
    index(tmp_path, *rows)
    reader.open(tmp_path / "index.html")
    reader.paper(tmp_path / "index.pdf")
    assert len(PdfReader(tmp_path / "index.pdf").pages) == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_without_script(pages: dict[str, Path], name: str) -> None:
    text = pages[name].read_text(encoding="utf-8")
    visible = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "<button" not in visible
    assert text.count("<h1") == 1
    assert "style=" not in re.sub(r'srcdoc="[^"]*"', "", visible)  # the policy would refuse it


# ---- links


class Places(HTMLParser):
    """Ids and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(re.sub(r'srcdoc="[^"]*"', "", text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if tag == "a" else []


def places(page: Path) -> Places:
    return Places(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_every_link_arrives_and_every_place_is_one(pages: dict[str, Path], name: str) -> None:
    here = places(pages[name])
    assert len(here.ids) == len(set(here.ids))
    for link in here.links:
        file, _, anchor = link.partition("#")
        page = (pages[name].parent / file).resolve() if file else pages[name]
        assert page.is_file(), link
        assert not anchor or anchor in places(page).ids, link


def test_from_the_answer_to_its_figure_to_its_definition(pages: dict[str, Path]) -> None:
    text = pages["evaluatie"].read_text(encoding="utf-8")
    (figure,) = re.findall(r'id="uitspraak-doelen">.*?<a class="wib-zie" href="#([^"]+)"', text)
    (table,) = re.findall(rf'<figure class="wib-tabel" id="{figure}".*?</figure>', text, re.DOTALL)
    assert 'href="#begrip-interval"' in table
    assert re.search(r'<tr id="begrip-interval">.*?95 %', text, re.DOTALL)


# ---- by keyboard


def press(reader: Browser, key: str, code: int, text: str = "") -> None:
    for kind in ("keyDown", "keyUp"):
        reader.call(
            "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
            **({"text": text} if kind == "keyDown" and text else {}),
        )  # fmt: skip


def column(reader: Browser, table: str, number: int) -> list[str]:
    script = f"[...document.querySelector('{table}').tBodies[0].rows].map(r => r.cells[{number}]"
    return list(reader.run(script + ".textContent.trim())"))


def test_a_table_sorts_by_keyboard_and_comes_back(pages: dict[str, Path], reader: Browser) -> None:
    reader.open(pages["probleemanalyse"])
    table = "#tabel-per-buurt table"
    reader.run("location.hash = '#tabel-per-buurt'; document.querySelector('details').open = true")
    reader.run(f"document.querySelector('{table}').closest('details').open = true")
    head = f"document.querySelectorAll('{table} thead th')[1]"
    written = column(reader, table, 1)
    reader.run(f"{head}.querySelector('button').focus()")
    seen = []
    for _ in range(3):
        press(reader, "Enter", 13, "\r")
        seen.append((reader.run(f"{head}.getAttribute('aria-sort')"), column(reader, table, 1)))
    as_number = [float(text.replace(".", "").replace(",", ".")) for text in written if text != "x"]
    (up, rising), (down, falling), (back, again) = seen
    assert (up, down, back) == ("ascending", "descending", None)
    n = len(as_number)
    assert [float(t.replace(".", "").replace(",", ".")) for t in rising[:n]] == sorted(as_number)
    assert falling[:n] == rising[:n][::-1] or sorted(falling[:n]) == sorted(rising[:n])
    assert set(rising[n:]) | set(falling[n:]) <= {"x", "."}  # what is not there goes last
    assert again == written


def test_the_index_finds_an_area(pages: dict[str, Path], reader: Browser) -> None:
    reader.open(pages["index"])
    shown = "[...document.querySelectorAll('#gebieden tbody tr')].filter(r => !r.hidden).length"
    reader.run("document.getElementById('zoek').focus()")
    for letter in "zzz":
        press(reader, letter, ord(letter.upper()), letter)
    assert (reader.run(shown), reader.run("document.querySelector('[role=status]').textContent")) == (
        0, "0 van 1 gebieden",
    )  # fmt: skip
    reader.run("document.getElementById('zoek').select()")
    for letter in "gou":
        press(reader, letter, ord(letter.upper()), letter)
    assert reader.run(shown) == 1


def test_the_first_stop_skips_to_the_content(pages: dict[str, Path], reader: Browser) -> None:
    reader.open(pages["evaluatie"])
    press(reader, "Tab", 9)
    assert reader.run("document.activeElement.getAttribute('href')") == "#inhoud"


# ---- the policy


def test_what_was_not_in_the_page_does_not_run(
    pages: dict[str, Path], reader: Browser, tmp_path: Path
) -> None:
    text = pages["evaluatie"].read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(text.replace("</main>", "<script>window.bad = 1</script></main>"), "utf-8")
    reader.open(bad)
    assert reader.run("window.bad") is None
    assert any("Content Security Policy" in line for line in reader.said)


def test_the_map_obeys_the_policy_of_its_page(
    pages: dict[str, Path], reader: Browser, tmp_path: Path
) -> None:
    text = pages["trends_hotspots"].read_text(encoding="utf-8")
    assert text.count("<iframe") == 1
    bad = tmp_path / "bad.html"
    bad.write_text(text.replace("L.control.scale(", "L.control.scale(  ", 1), encoding="utf-8")
    reader.open(bad)
    reader.run("document.querySelector('iframe').scrollIntoView()")
    reader.wait()
    assert any("Content Security Policy" in line for line in reader.said)
