"""The gate: what an export refuses, what a pack holds, and what the index makes of key figures."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from wib_lib import html, overview
from wib_lib.anchors import outlined
from wib_lib.errors import RunError
from wib_lib.export import css_text, export_html, write_index
from wib_lib.fragment import Fragment
from wib_lib.index import FILES, documents
from wib_lib.offline import requests

BANNER = 'Fictief: "niets" bestaat'


def shown(fragment: Fragment) -> Any:
    data, metadata = fragment._repr_mimebundle_()
    return new_output("display_data", data=data, metadata=metadata)


def code(*outputs: Any, tags: tuple[str, ...] = (), source: str = "geheime_code()") -> Any:
    cell = new_code_cell(source, execution_count=1, outputs=list(outputs))
    cell.metadata.tags = list(tags)
    return cell


HEAD = html.head("Gouda", subtitle="s", facts=[("Venster", "2018")], banner=None)


def export(folder: Path, *cells: Any, banner: str | None = BANNER) -> str:
    source, target = folder / "04_evaluation.ipynb", folder / "gouda" / "evaluatie.html"
    nbformat.write(new_notebook(cells=list(cells)), source)
    export_html(
        source,
        target,
        title="Gouda <1>",
        banner=banner,
        footer="wib 0.1 · werkgroep",
        links=[("Overzicht", "../index.html")],
    )
    return target.read_text(encoding="utf-8")


# ---- the gate

TABLE = '<div><table border="1" class="dataframe"><tr><td>Kerkstraat 1</td></tr></table></div>'
REFUSED = {
    "uitvoer van print": new_output("stream", name="stdout", text="Kerkstraat 1"),
    "een waarschuwing": new_output("stream", name="stderr", text="Kerkstraat 1"),
    "een losse tabel": new_output(
        "execute_result", data={"text/html": TABLE, "text/plain": "Kerkstraat 1"}
    ),
    "een losse figuur": new_output(
        "display_data", data={"image/png": "AA==", "text/plain": "<Figure>"}
    ),
    "een fout": new_output("error", ename="KeyError", evalue="Kerkstraat 1", traceback=[]),
    "losse uitvoer": new_output("execute_result", data={"text/plain": "'Kerkstraat 1'"}),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_anything_but_a_fragment_stops_the_export(tmp_path: Path, kind: str) -> None:
    with pytest.raises(RunError, match=f"04_evaluation.ipynb, cel 3: {kind}") as caught:
        export(tmp_path, new_markdown_cell("tekst"), code(shown(HEAD)), code(REFUSED[kind]))
    assert "Kerkstraat" not in str(caught.value)  # the message may reach a log
    assert not (tmp_path / "gouda").exists()


@pytest.mark.parametrize("kind", [kind for kind in REFUSED if kind != "een fout"])
def test_a_cell_for_the_notebook_only_may_show_anything_and_is_left_out(
    tmp_path: Path, kind: str
) -> None:
    text = export(tmp_path, code(shown(HEAD)), code(REFUSED[kind], tags=("alleen-notebook",)))
    assert "Kerkstraat" not in text


def test_an_error_counts_in_every_cell(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cel 2: een fout"):
        export(tmp_path, code(shown(HEAD)), code(REFUSED["een fout"], tags=("alleen-notebook",)))


def test_a_fragment_beside_a_print_does_not_save_the_cell(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cel 1: uitvoer van print"):
        export(tmp_path, code(shown(HEAD), REFUSED["uitvoer van print"]))


def test_a_notebook_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="toont niets"):
        export(tmp_path, code())


def test_a_second_main_title_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="meer dan een hoofdtitel"):
        export(tmp_path, code(shown(HEAD)), new_markdown_cell("# Nog een titel"))


@pytest.mark.parametrize(
    "text",
    [
        "![kaart](https://tegels.example/1.png)",
        '<script src="//cdn.example/a.js"></script>',
        '<p style="background: url(a.png)">a</p>',
    ],
)
def test_a_document_that_would_fetch_something_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RunError, match="vraagt een ander bestand op"):
        export(tmp_path, code(shown(HEAD)), new_markdown_cell(text))
    assert not (tmp_path / "gouda").exists()


def test_a_document_in_a_frame_is_searched_too(tmp_path: Path) -> None:
    inner = html.embed('<img src="https://tegels.example/1.png">', title="Kaart")
    with pytest.raises(RunError, match=r"tegels\.example"):
        export(tmp_path, code(shown(HEAD)), code(shown(inner)))


def test_a_failed_write_leaves_the_old_pack_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = export(tmp_path, code(shown(HEAD)))

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        export(tmp_path, code(shown(HEAD)), code(shown(html.paragraph("nieuw"))))
    folder = tmp_path / "gouda"
    assert [path.name for path in folder.iterdir()] == ["evaluatie.html"]
    assert (folder / "evaluatie.html").read_text(encoding="utf-8") == before


# ---- the pack


@pytest.fixture
def pack(tmp_path: Path) -> str:
    return export(
        tmp_path,
        new_markdown_cell("# Evaluatie", metadata={"tags": ["alleen-notebook"]}),
        code(shown(HEAD)),
        code(shown(html.answer(["Het doel is behaald."]))),
        new_markdown_cell("## Doelen & meer\n\nMet **nadruk**."),
        code(shown(html.paragraph("een alinea"))),
    )


def test_a_pack_holds_its_parts_and_no_code(pack: str) -> None:
    assert "geheime_code" not in pack
    assert pack.count("<h1") == 1
    assert "Evaluatie" not in pack
    assert "<strong>nadruk</strong>" in pack
    assert "anchor-link" not in pack
    assert "een alinea" in pack
    assert pack.index("Het doel is behaald.") < pack.index("nadruk") < pack.index("een alinea")


def test_a_pack_is_a_dutch_page_with_landmarks_and_contents(pack: str) -> None:
    assert '<html lang="nl">' in pack
    assert "<title>Gouda &lt;1&gt;</title>" in pack
    for part in ("<nav", "<main", "<footer", 'href="#inhoud"', 'id="inhoud"'):
        assert part in pack
    nav = pack[pack.index("<nav") : pack.index("</nav>")]
    targets = re.findall(r'href="#([^"]+)"', nav)
    assert targets == ["het-antwoord", "doelen-meer"]
    assert all(f'<h2 id="{target}">' in pack for target in targets)
    assert 'href="../index.html"' in nav


def test_a_pack_asks_for_nothing_and_forbids_it(pack: str) -> None:
    assert requests(pack) == []
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", pack)
    assert "default-src 'none'" in pack
    assert "mathjax" not in pack.lower()
    assert "require" not in pack.lower()


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_only_what_is_in_the_page_may_run(tmp_path: Path) -> None:
    frame = "<style>p { color: red }</style><script>\r\nvar a = '<p>';\r\n</script>"
    text = export(tmp_path, code(shown(HEAD)), code(shown(html.embed(frame, title="Kaart"))))
    (rules,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert "unsafe" not in rules
    assert "http" not in rules
    assert digest("p { color: red }") in rules  # of the document inside the frame
    assert digest("\nvar a = '<p>';\n") in rules  # a browser reads every line end as one sign
    own = re.findall(r"<script>(.*?)</script>", text.partition("</footer>")[2], re.DOTALL)
    assert [digest(script) in rules for script in own] == [True]
    assert text.count("wib-policy") == 0


def test_the_banner_is_on_the_page_and_on_every_sheet(tmp_path: Path, pack: str) -> None:
    assert "Fictief: &#34;niets&#34; bestaat</aside>" in pack
    assert r'@top-center { content: "Fictief: \22 niets\22  bestaat"' in pack
    assert "wib-strook" not in re.sub(
        r"<style>.*?</style>", "", export(tmp_path, code(shown(HEAD)), banner=None), flags=re.DOTALL
    )


def test_headings_that_repeat_get_their_own_place() -> None:
    found = outlined("<h2>Doel 2</h2><h2 class='a'>Doel 2</h2><h2>Doel</h2><h2>?</h2>")
    assert [heading["id"] for heading in found.headings] == ["doel-2", "doel-2-2", "doel", "deel"]
    assert found.top == ""


def test_a_text_cannot_leave_its_css_string() -> None:
    assert css_text('a"; } </style>') == r'"a\22 ; } \3c /style>"'


# ---- the index


def key_figures(n: int, **changes: Any) -> dict[str, Any]:
    return {
        "venster": {"start": "2018-01-01", "eind": "2018-12-31"},
        "aantal": {"venster": n, "voorafgaand": 2 * n, "pct": -50.0},
        "pogingen": {"venster": n // 4, "share": 0.25},
        "opheldering": {"venster": 9, "pct": 9.04},
        "per_1000_woningen": {"venster": 5.0, "laag": 4.0, "hoog": 6.0, "landelijk": 5.4},
        "doelen": [{"id": "d1", "oordeel": "behaald", "naam": "aantal"}],
        "reeks": {"labels": ["2017", "2018"], "aantal": [2 * n, n]},
    } | changes


def area(naam: str, figures: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {
        "slug": naam.lower(),
        "naam": naam,
        "kerncijfers": figures,
        "ontbreekt": [],
        "fout": None,
    }
    return base | more


def index(folder: Path, *areas: dict[str, Any]) -> str:
    target = folder / "index.html"
    write_index(
        target,
        title="Aanpak 2018",
        banner=BANNER,
        dataset_label="voorbeeld",
        audience="werkgroep",
        areas=areas,
    )
    return target.read_text(encoding="utf-8")


def body_rows(text: str) -> list[str]:
    table = text[text.index("<tbody") : text.index("</tbody>")]
    return re.findall(r"<tr\b[^>]*>(.*?)</tr>", table, flags=re.DOTALL)


def test_the_index_links_each_area_and_shows_its_four_figures(tmp_path: Path) -> None:
    documents = [("probleemanalyse", "gouda/probleemanalyse.html"), ("PDF", "gouda/evaluatie.pdf")]
    found = area("Gouda", key_figures(1200), ontbreekt=["Kosten"], documenten=documents)
    (row,) = body_rows(index(tmp_path, found))
    for page in ("evaluatie.html", "probleemanalyse.html", "evaluatie.pdf"):
        assert f'href="gouda/{page}"' in row
    for text in ("1.200", "−50,0 %", "25,0 %", "300", "9,0 %", "5,0", "landelijk 5,4", "2018"):
        assert text in row
    assert '<span class="wib-oordeel wib-ja"><span class="teken" aria-hidden="true">✓' in row
    assert "&lt;" not in row
    assert "behaald" in row
    assert "1 onderdeel" in row
    assert "<li>Kosten</li>" in row


def test_the_index_puts_all_lines_on_one_scale(tmp_path: Path) -> None:
    small, large = body_rows(
        index(tmp_path, area("Gouda", key_figures(100)), area("Delft", key_figures(200)))
    )
    # 34 high, 4 padding, highest 400: 400 at 4,0; 200 at 17,0; 100 at 23,5
    assert 'points="4.0,4.0 92.0,17.0"' in large
    assert 'points="4.0,17.0 92.0,23.5"' in small


def test_absent_figures_keep_sign_and_reason_and_sort_last(tmp_path: Path) -> None:
    figures = key_figures(
        100,
        opheldering={"venster": None, "pct": None, "onderdrukt": True},
        per_1000_woningen={"venster": None, "landelijk": None, "reden": {"venster": "geen CBS"}},
        doelen=[],
    )
    (row,) = body_rows(index(tmp_path, area("Gouda", figures)))
    assert 'title="onderdrukt: te klein aantal">x</span>' in row
    assert 'title="geen CBS">.</span>' in row
    assert row.count('data-waarde=""') == 3  # clearance, rate and goals
    assert "geen doel vastgelegd" in row
    assert "landelijk niet bekend" in row


def test_a_failed_area_has_its_reason_and_no_link(tmp_path: Path) -> None:
    text = index(
        tmp_path,
        area("Gouda", key_figures(100)),
        area("Delft", {}, fout="cel 3: <kolom> ontbreekt"),
    )
    row = body_rows(text)[1]
    assert "mislukt" in row
    assert "cel 3: &lt;kolom&gt; ontbreekt" in row
    assert "href" not in row
    assert "2, waarvan 1 zonder geldig pakket" in text


def test_a_stale_area_is_called_stale_and_not_failed(tmp_path: Path) -> None:
    stale = area("Delft", {}, fout="gegevens zijn gewijzigd", stand="verouderd")
    (row,) = body_rows(index(tmp_path, stale))
    assert "verouderd:</span> gegevens zijn gewijzigd" in row
    assert "mislukt" not in row


def test_what_is_about_all_areas_is_linked_above_them(tmp_path: Path) -> None:
    target = tmp_path / "index.html"
    region = [("samenvatting voor het RBO", "werkgroep/rbo_samenvatting.html")]
    write_index(
        target, title="t", banner=None, dataset_label="d", audience="werkgroep",
        areas=[area("Gouda", key_figures(1))], region=region,
    )  # fmt: skip
    text = target.read_text(encoding="utf-8")
    link = '<a href="werkgroep/rbo_samenvatting.html">samenvatting voor het RBO</a>'
    assert text.index(link) < text.index("<table")
    assert "wib-regio" not in re.sub(
        r"<style>.*?</style>", "", index(tmp_path, area("Gouda", key_figures(1))), flags=re.DOTALL
    )


def test_a_pack_links_only_the_documents_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "gouda"
    folder.mkdir()
    for name in ("tabellen.xlsx", "probleemanalyse.html", "iets_anders.html"):
        (folder / name).touch()
    assert documents(tmp_path, "gouda", FILES) == [
        ("probleemanalyse", "gouda/probleemanalyse.html"),
        ("Excel", "gouda/tabellen.xlsx"),
    ]


def test_the_index_asks_for_nothing_and_works_without_its_script(tmp_path: Path) -> None:
    text = index(tmp_path, area('G<b>"', key_figures(100)))
    assert requests(text) == []
    assert "<button" not in text[: text.index("<script>")]  # the script adds them
    assert "G<b>" not in text
    assert text.count("<h1") == 1
    assert '<html lang="nl">' in text
    assert "werkgroep en RBO (V1)" in text
    assert "wib-strook" in text


def test_the_sentences_count_falls_rises_and_goals() -> None:
    up = key_figures(1, aantal={"venster": 1, "pct": 3.0})
    unknown = key_figures(1, aantal={"venster": None, "pct": None, "reden": {"pct": "nieuw"}})
    unknown["doelen"] = [
        {"id": "a", "oordeel": "niet behaald"}, {"id": "b", "oordeel": "niet van toepassing"}
    ]  # fmt: skip
    areas = [area("A", key_figures(1)), area("B", up), area("C", unknown), area("D", {}, fout="x")]
    level = key_figures(1, aantal={"venster": 1, "pct": 0.0})
    areas += [area("E", up), area("F", level)]
    assert overview.sentences(areas) == [
        (
            "In 1 van de 6 gebieden daalde het aantal woninginbraken, in 2 steeg het, "
            "in 1 bleef het gelijk; voor 2 is dat niet bekend."
        ),
        "Van 5 doelen: 4 behaald en 1 niet behaald; 1 ander doel geldt voor een ander venster.",
    ]


def test_an_index_of_failures_only_is_still_written(tmp_path: Path) -> None:
    text = index(tmp_path, area("Delft", {}, fout="stuk"))
    assert "stuk" in text
    assert "voor 1 is dat niet bekend" in text


def test_index_says_when_the_dwellings_are_of_another_year(tmp_path: Path) -> None:
    same, other = (
        _index_of(tmp_path, {"venster": {"start": "2018-01-01", "eind": "2018-12-31"},
                             "woningen_jaar": year, "per_1000_woningen": {"venster": 5.0}})
        for year in (2018, 2022)
    )  # fmt: skip
    assert "woningen van 2022" in other
    assert "woningen van" not in same


def _index_of(folder: Path, figures: dict[str, Any]) -> str:
    area = {"slug": "a", "naam": "A", "kerncijfers": figures, "ontbreekt": [], "fout": None}
    target = folder / "index.html"
    write_index(
        target, title="t", banner=None, dataset_label="d", audience="werkgroep", areas=[area]
    )
    return target.read_text(encoding="utf-8")


@pytest.mark.parametrize(("before", "now", "shown"), [(20, 18, False), (20, 20, True)])
def test_index_gives_no_percentage_of_a_count_below_twenty(
    tmp_path: Path, before: int, now: int, shown: bool
) -> None:
    block = {"venster": now, "voorafgaand": before, "pct": -12.5}
    text = _index_of(tmp_path, {"aantal": block})
    assert ("−12,5 %" in text) is shown
    assert (f"was {before}" in text) is not shown
