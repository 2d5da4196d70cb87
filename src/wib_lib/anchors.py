"""Places in a document: numbers, stable ids, and links from sentence to figure to definition.

A reader who doubts a sentence must be one click away from the figures below it, and from there
from what the words mean. Ids follow from names and captions, never from the order: a link that
someone mailed still holds after the next run. Numbers follow from the order and are the same in
every form of a document.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import escape

DEFINED_IN = "04_evaluation"  # the document with the table of definitions
CLAIM, TERM = "uitspraak", "begrip"
KINDS = {"tabel": "Tabel", "figuur": "Figuur"}
# Where the figures of a claim stand: the first of these places that the document has.
SHOWN_IN: Mapping[str, tuple[str, ...]] = {
    "doelen": ("tabel-doelen-en-oordeel",),
    "verandering": (
        "figuur-de-maanden-van-het-venster-over-de-jaren-ervoor",
        "figuur-woninginbraken-per-twaalf-maanden",
    ),
    "vervolg": ("wat-ontbreekt-en-wie-het-kan-leveren",),
    "per_1000": ("tabel-dezelfde-maanden-vergeleken",),
    "acties": ("tabel-acties-naar-typering-en-waarop-zij-gericht-zijn",),
    "dekking": ("tabel-dekking", "wat-ontbreekt-en-wie-het-kan-leveren"),
    "concentratie": ("tabel-per-buurt", "figuur-woninginbraken-per-1-000-woningen-per-buurt"),
    "trend": (
        "figuur-trend-over-de-jaren-gecorrigeerd-voor-het-seizoen-waar-maanden-geleverd-zijn",
    ),
    "breekpunten": ("figuur-de-laatste-twaalf-maanden-steeds-een-maand-verder",),
    "hotspots": ("figuur-hotspots-in-het-venster-en-het-jaar-ervoor", "tabel-hotspots"),
    "verschoven": ("tabel-hotspots",),
    "top_buurten": ("tabel-concentratie",),
    "top_straten": ("tabel-concentratie",),
    "dagdelen": ("tabel-dagdelen",),
    "donker": ("figuur-deel-in-het-donker-per-maand-naast-het-deel-van-alle-uren-dat-donker-is",),
    "near_repeat": ("tabel-near-repeat",),
    "aansluiting": ("tabel-wat-geleverd-is-gelezen-aanvaard-afgekeurd-dubbel",),
    "kwaliteit": ("tabel-kwaliteit",),
    "herzien": ("tabel-gewijzigd-ten-opzichte-van-de-vorige-levering",),
}
# Terms of `report.definition_table` by the words of a caption or heading that rest on them.
TERMS = (
    ("woninginbraak", "woninginbra"),
    ("per 1.000 woningen", r"per 1\.000 woningen"),
    ("interval", "interval"),
    ("opgehelderd", "opgehelderd|opheldering"),
    ("hotspot", "hotspot"),
    ("near repeat", "near repeat"),
    ("dagdeel", "dagde(el|len)"),
    ("eerdere jaren", "vergeleken|verandering|jaren ervoor"),
    ("vergelijkingsgemeenten", "vergelijkingsgemeenten|niet meedoen"),
    ("gini (gegeneraliseerd)", "gini"),
)


@dataclass(frozen=True)
class Outline:
    """A body with its h2 headings: `top` ends with the head of the pack, `rest` follows."""

    top: str
    rest: str
    headings: list[dict[str, str]]


def outlined(body: str, documents: Mapping[str, str] | None = None) -> Outline:
    """
    Give headings, tables, figures and claims their place and their links.

    Parameters
    ----------
    body : str
        HTML made by `wib_lib.html`.
    documents : mapping, optional
        Notebook to the file of its document in the same folder.

    Examples
    --------
    >>> found = outlined("<header>a</header><h2>Het doel</h2><h2>Het doel</h2>")
    >>> found.headings
    [{'id': 'het-doel', 'text': 'Het doel'}, {'id': 'het-doel-2', 'text': 'Het doel'}]
    >>> found.rest
    '<h2 id="het-doel">Het doel</h2><h2 id="het-doel-2">Het doel</h2>'
    """
    files = documents or {}
    new = _fresh()
    headings: list[dict[str, str]] = []

    def heading(match: re.Match[str]) -> str:
        text = re.sub(r"<[^>]+>", "", match[1]).strip()
        headings.append({"id": new(html.unescape(text)), "text": text})
        return f'<h2 id="{headings[-1]["id"]}">{match[1]}</h2>'

    body = re.sub(r"<h2\b[^>]*>(.*?)</h2>", heading, body, flags=re.DOTALL)
    body, numbers = _numbered(body, new)
    places = numbers | {part["id"]: part["text"].partition(",")[0] for part in headings}
    body = _explained(_claimed(body, new, places, files), files)
    top, end, rest = body.partition("</header>")
    return Outline(top + end, rest, headings) if end else Outline("", body, headings)


def slug(text: str) -> str:
    """
    Write a text as an id.

    Examples
    --------
    >>> slug("Per 1.000 woningen, per buurt")
    'per-1-000-woningen-per-buurt'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _fresh() -> Callable[[str], str]:
    """Return a namer that gives every text an id that no earlier one has."""
    seen: Counter[str] = Counter()

    def name(text: str) -> str:
        base = slug(text) or "deel"
        seen[base] += 1
        return f"{base}-{seen[base]}" if seen[base] > 1 else base

    return name


def _numbered(body: str, new: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """Number tables and figures; return ids with what a link to them is called."""
    counts: Counter[str] = Counter()
    called: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        kind, name, caption = match["kind"], match["name"], match["caption"]
        counts[kind] += 1
        anchor = new(f"{kind} {html.unescape(name or caption)}")
        called[anchor] = f"{KINDS[kind]} {counts[kind]}"
        return (
            f'<figure class="wib-{kind}" id="{anchor}"{match["klasse"]}><figcaption>'
            f'<a class="wib-nummer" href="#{anchor}">{called[anchor]}</a> {caption}</figcaption>'
        )

    pattern = (
        r'<figure class="wib-(?P<kind>tabel|figuur)"(?: data-naam="(?P<name>[^"]*)")?'
        r'(?P<klasse>(?: data-klasse="[^"]*")?)>'
        r"<figcaption>(?P<caption>.*?)</figcaption>"
    )
    return re.sub(pattern, number, body, flags=re.DOTALL), called


def _claimed(
    body: str, new: Callable[[str], str], places: Mapping[str, str], files: Mapping[str, str]
) -> str:
    """Give claims an id, and a link to where their figures stand or to where they were stated."""

    def claim(match: re.Match[str]) -> str:
        key, origin, sentence = match["key"], match["origin"], match["sentence"]
        if origin:
            to = f"{files[origin]}#{slug(f'{CLAIM} {key}')}" if origin in files else ""
            words = "onderbouwing"
        else:
            place = next((name for name in SHOWN_IN.get(key, ()) if name in places), "")
            to, words = f"#{place}" * bool(place), places.get(place, "")
        link = f' <a class="wib-zie" href="{to}">{words}</a>' if to else ""
        sentence = sentence.replace(" %", "\u00a0%")  # a number keeps its unit on its line
        return f'<p class="wib-uitspraak" id="{new(f"{CLAIM} {key}")}">{sentence}{link}</p>'

    pattern = (
        r'<p data-uitspraak="(?P<key>[^"]*)"(?: data-uit="(?P<origin>[^"]*)")?>'
        r"(?P<sentence>.*?)</p>"
    )
    return re.sub(pattern, claim, body, flags=re.DOTALL)


def _explained(body: str, files: Mapping[str, str]) -> str:
    """Link every table and figure to the definitions its caption and headings rest on."""
    is_here = f'id="{slug(TERM)}-' in body
    if not is_here and DEFINED_IN not in files:
        return body
    address = "" if is_here else files[DEFINED_IN]

    def explain(match: re.Match[str]) -> str:
        end = "</thead>" if "</thead>" in match[0] else "</figcaption>"
        words = re.sub(r"<[^>]+>", " ", match[0].partition(end)[0]).lower()
        links = [
            f'<a href="{address}#{slug(f"{TERM} {term}")}">{escape(term)}</a>'
            for term, pattern in TERMS
            if re.search(pattern, words)
        ]
        if not links or f'id="{TERM}-' in match[0]:
            return match[0]
        below = f'<p class="wib-onder wib-begrippen">Wat betekent: {", ".join(links)}</p>'
        return match[0].removesuffix("</figure>") + below + "</figure>"

    figures = r'<figure class="wib-(?:tabel|figuur)".*?</figure>'
    return re.sub(figures, explain, body, flags=re.DOTALL)
