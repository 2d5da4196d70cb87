"""Places in a document: numbers by order, ids by name, links that arrive."""

import re

import pandas as pd
import pytest

from wib_lib import html
from wib_lib.anchors import SHOWN_IN, TERMS, outlined, slug
from wib_lib.fragment import Fragment
from wib_lib.html_table import FOLD_AFTER

FILES = {"02_problem_analysis": "probleemanalyse.html", "04_evaluation": "evaluatie.html"}


def table(caption: str, name: str = "", n: int = 1) -> Fragment:
    frame = pd.DataFrame({"Buurt": ["A"] * n, "Per 1.000 woningen": range(n)})
    return html.table(frame, caption=caption, name=name)


def definitions() -> Fragment:
    frame = pd.DataFrame({"Begrip": [term for term, _ in TERMS], "Betekenis": "zo"})
    return html.table(frame, caption="Begrippen", row_header="Begrip", anchor="begrip")


def body(*parts: Fragment, documents: dict[str, str] | None = None) -> str:
    found = outlined("\n".join(part.html for part in parts), documents)
    return found.top + found.rest


def ids(text: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', text)


def test_tables_are_numbered_in_order_and_keep_their_id_when_one_comes_before() -> None:
    first, second = table("Per buurt", "per_buurt"), table("Hoe")
    assert (
        'id="tabel-per-buurt"><figcaption><a class="wib-nummer" href="#tabel-per-buurt">Tabel 1'
        in (body(first, second))
    )
    later = body(table("Nieuw"), first, second)
    assert "Tabel 2</a> Per buurt" in later
    assert [name for name in ids(later) if name.startswith("tabel")] == [
        "tabel-nieuw", "tabel-per-buurt", "tabel-hoe",
    ]  # fmt: skip


def test_no_two_places_have_one_id() -> None:
    parts = (table("Doel"), table("Doel"), html.section("Tabel doel"), html.claim("a", key="k"))
    found = ids(body(*parts, html.claim("b", key="k")))
    assert len(found) == len(set(found)) == 5


def test_a_claim_leads_to_its_figures_and_those_to_the_definitions() -> None:
    key, (place, *_) = "concentratie", SHOWN_IN["concentratie"]
    text = body(html.answer(["Veel in vijf."], keys=[key]), table("x", "per_buurt"), definitions())
    assert (
        f'id="uitspraak-{key}">Veel in vijf. <a class="wib-zie" href="#{place}">Tabel 1</a>' in text
    )
    assert 'href="#begrip-per-1-000-woningen">per 1.000 woningen</a>' in text
    assert 'id="begrip-per-1-000-woningen"' in text


def test_a_claim_without_its_table_has_no_link_that_leads_nowhere() -> None:
    assert "wib-zie" not in body(html.claim("Niets.", key="concentratie"))
    assert "wib-zie" not in body(html.claim("Niets.", key="onbekend"))


def test_a_quoted_claim_leads_to_the_document_that_stated_it() -> None:
    quoted = html.claim("Zo.", key="herhaling", origin="02_problem_analysis")
    assert 'href="probleemanalyse.html#uitspraak-herhaling"' in body(quoted, documents=FILES)
    assert "href" not in body(quoted)


def test_definitions_are_sought_in_the_evaluation_when_they_are_not_here() -> None:
    assert 'href="evaluatie.html#begrip-per-1-000-woningen"' in body(table("x"), documents=FILES)
    assert "wib-begrippen" not in body(table("x"))


@pytest.mark.parametrize("n", [1, FOLD_AFTER + 1])
def test_nothing_is_lost_on_the_way(n: int) -> None:
    part = table('Doel & "meer" <b>', n=n)
    before, after = (re.sub(r"<[^>]+>|\s", "", text) for text in (part.html, body(part)))
    assert after == "Tabel1" + before


def test_a_slug_has_letters_digits_and_lines_only() -> None:
    assert slug("Één buurt: 1.000 & meer") == "een-buurt-1-000-meer"


def test_every_place_of_a_claim_is_a_slug() -> None:
    assert all(slug(place) == place for places in SHOWN_IN.values() for place in places)
