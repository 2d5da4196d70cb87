"""The parts of a pack, as data in and `Fragment` out.

Written for a mayor with ten minutes: answer first, figures that can be read in ten seconds, and
for whatever is not there the reason and the owner. Every text is escaped; a meaning never hangs
on colour alone (a verdict is a word and a sign, a figure has its content in words).
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from markupsafe import Markup

from wib_lib import blocks
from wib_lib.fragment import Fragment, join
from wib_lib.html_table import table
from wib_lib.palette import MARK, SOFT, theme
from wib_lib.sparks import gauge, spark

if TYPE_CHECKING:  # an index or a pack, made of what notebooks drew, needs no matplotlib
    from matplotlib.figure import Figure

__all__ = [
    "Fragment",
    "Tile",
    "absent",
    "answer",
    "claim",
    "columns",
    "details",
    "embed",
    "figure",
    "gauge",
    "head",
    "join",
    "note",
    "paragraph",
    "section",
    "spark",
    "styles",
    "table",
    "tiles",
    "verdict",
]

DPI = 150
PLACES = 6  # decimals of a place in a figure: far below a pixel, far above a rounding error
SCREEN = 110  # pixels for an inch: a little above the size on paper, as a screen is further away
FICTITIOUS = "FICTIEVE DATA"
VERDICTS = {
    "behaald": ("ja", "✓"),
    "niet behaald": ("nee", "✕"),
    "niet vast te stellen": ("open", "?"),
    "niet van toepassing": ("nvt", "–"),
}
MANY = 5  # a longer list of what is missing is set in two columns, to stay on the first page
TONES = {"info": "Toelichting", "warning": "Let op"}


@dataclass(frozen=True)
class Tile:
    """A key figure: `value` large, `lines` (change, benchmark) small, `spark` from `spark`."""

    label: str
    value: str
    lines: tuple[str, ...] = ()
    spark: str = ""


def styles() -> Fragment:
    """
    Return the style sheet, so that the parts look the same while working in Jupyter.

    For a cell with the tag `alleen-notebook`; a pack has the style sheet already.
    """
    css = (files("wib_lib") / "assets" / "pack.css").read_text(encoding="utf-8")
    return Fragment(f"<style>{css}</style>", "")


def verdict(word: str) -> Fragment:
    """
    Write a verdict as sign and word, for a cell of `table`.

    A fragment and not a `Markup`: pandas turns every kind of text into plain text.

    Raises
    ------
    ValueError
        When the word is not one of the four verdicts.

    Examples
    --------
    >>> print(verdict("behaald"))
    ✓ behaald
    """
    if word not in VERDICTS:
        raise ValueError(f"unknown verdict {word!r}; allowed are {', '.join(VERDICTS)}")
    name, sign = VERDICTS[word]
    html = Markup(
        '<span class="wib-oordeel wib-{}"><span class="teken" aria-hidden="true">{}</span> {}</span>'
    ).format(name, sign, word)
    return Fragment(str(html), f"{sign} {word}")


def head(
    title: str, *, subtitle: str, facts: Sequence[tuple[str, str]], banner: str | None
) -> Fragment:
    """
    Open a pack: the only h1, with the facts that say what was evaluated.

    Parameters
    ----------
    title, subtitle : str
    facts : sequence of (str, str)
        Name and value: area, window, reference date, class.
    banner : str or None
        A warning that belongs to every page, such as fictitious data.
    """
    pairs = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in facts
    )
    strip = Markup('<p class="wib-banier">{}</p>').format(banner) if banner else ""
    html = Markup(
        '<header class="wib-kop">{}<h1>{}</h1><p class="wib-ondertitel">{}</p><dl>{}</dl></header>'
    ).format(strip, title, subtitle, pairs)
    lines = [banner or "", title, subtitle, *(f"{name}: {value}" for name, value in facts)]
    block = blocks.Head(title, subtitle, tuple(facts), banner)
    return Fragment(str(html), "\n".join(line for line in lines if line), (block,))


def answer(sentences: Sequence[str], *, keys: Sequence[str] = ()) -> Fragment:
    r"""
    Give the answer first: goal, change against what was to be expected, what next.

    Parameters
    ----------
    sentences : sequence of str
    keys : sequence of str, optional
        Their keys as claims, one each; the document then links them to their figures.

    Examples
    --------
    >>> answer(["Het doel is behaald."]).text
    'Het antwoord\nHet doel is behaald.'
    """
    named = zip(sentences, keys, strict=True) if keys else ((text, "") for text in sentences)
    lines = Markup("").join(_sentence(text, key) for text, key in named)
    html = Markup('<section class="wib-antwoord"><h2>Het antwoord</h2>{}</section>').format(lines)
    text = "\n".join(["Het antwoord", *sentences])
    return Fragment(str(html), text, (blocks.Answer(tuple(sentences)),))


def tiles(items: Sequence[Tile]) -> Fragment:
    """Show key figures side by side."""
    cards = Markup("").join(
        Markup(
            '<div class="wib-tegel"><h3>{}</h3><div class="wib-cijfer"><strong>{}</strong>{}</div>'
            "{}</div>"
        ).format(
            tile.label,
            tile.value,
            tile.spark,
            Markup("").join(Markup("<p>{}</p>").format(line) for line in tile.lines),
        )
        for tile in items
    )
    html = Markup('<section class="wib-tegels" aria-label="Kerncijfers">{}</section>').format(cards)
    text = (f"{tile.label}: {'; '.join([tile.value, *tile.lines])}" for tile in items)
    figures = tuple(
        blocks.KeyFigure(tile.label, tile.value, tile.lines, str(tile.spark)) for tile in items
    )
    return Fragment(str(html), "\n".join(text), (blocks.KeyFigures(figures),))


def columns(*fragments: Fragment) -> Fragment:
    """Put fragments side by side, below each other on a narrow screen."""
    html = "".join(f"<div>{fragment.html}</div>" for fragment in fragments)
    both = join(*fragments)
    block = blocks.Columns(both.blocks)
    return Fragment(f'<div class="wib-naast">{html}</div>', both.text, (block,))


def figure(
    fig: Figure, *, caption: str, alt: str, source: str, fictitious: bool, place: str = ""
) -> Fragment:
    """
    Turn a matplotlib figure into an image inside the document, and close it.

    Parameters
    ----------
    fig : Figure
    caption : str
        What is shown; the finding belongs in the text.
    alt : str
        The content in words.
    source : str
        Who delivered the data.
    fictitious : bool
        Puts a mark inside the image, so that a cut-out copy keeps it.
    place : str
        Area, likewise inside the image.

    Raises
    ------
    ValueError
        When `alt` is blank.
    """
    if not alt.strip():
        raise ValueError(f"figure {caption!r} needs alt: its content in words")
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    if fictitious or place:
        _stamp(fig, place, FICTITIOUS if fictitious else "")
    buffer = io.BytesIO()
    with mpl.rc_context(theme()):  # fonts are looked up when drawing, not when plotting
        _settle(fig)
        fig.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    plt.close(fig)
    size = [float(inches) for inches in fig.get_size_inches()]
    width, height = (round(inches * SCREEN) for inches in size)
    picture = base64.b64encode(buffer.getvalue()).decode()
    html = Markup(
        '<figure class="wib-figuur"><figcaption>{}</figcaption><div class="wib-rol">'
        '<img src="data:image/png;base64,{}" alt="{}" width="{}" height="{}"></div>'
        '<p class="wib-onder">Bron: {}</p></figure>'
    ).format(caption, picture, alt, width, height, source)
    block = blocks.Figure(caption, alt, source, picture, size[0], size[1])
    return Fragment(str(html), f"Figuur: {caption}\n{alt}", (block,))


def _stamp(fig: Figure, place: str, mark: str) -> None:
    """Add a strip below the figure with area and mark, so that it covers nothing that was drawn."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    strip = 0.22
    width, height = fig.get_size_inches()
    fig.set_size_inches(width, height + strip)
    share = strip / (height + strip)
    engine = fig.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0, share, 1, 1 - share))
    else:
        fig.subplots_adjust(bottom=share + fig.subplotpars.bottom * (1 - share))
    style: dict[str, Any] = {"y": share * 0.2, "va": "bottom", "fontsize": 7.5}
    if place:
        fig.text(x=0.06 / width, s=place, ha="left", color=SOFT, **style)
    if mark:
        fig.text(x=1 - 0.06 / width, s=mark, ha="right", color=MARK, fontweight="bold", **style)


def _settle(fig: Figure) -> None:
    """
    Lay the figure out, once, at places that are the same each time it is made.

    The solver behind the constrained layout gives a place other last bits from one process to the
    next, and a few pixels of a line change with them.
    """
    engine = fig.get_layout_engine()
    if engine is None:
        return
    fig.set_dpi(DPI)  # text is measured as it will be drawn
    engine.execute(fig)
    fig.set_layout_engine("none")
    for ax in fig.axes:
        ax.set_position(np.round(ax.get_position(original=True).bounds, PLACES))


def embed(document: str, *, title: str, below: str = "", height: int = 480) -> Fragment:
    """
    Show a complete HTML document, such as a map, in a frame that can only run its own script.

    Parameters
    ----------
    document : str
    title : str
        What the frame shows, for readers who do not see it.
    below : str
        Where the same content stands for who cannot point at it.
    height : int
        In pixels. The frame is left out of a print: put a figure beside it.
    """
    html = Markup(
        '<figure class="wib-kader"><figcaption>{0}</figcaption><iframe sandbox="allow-scripts" '
        'title="{0}" height="{1}" srcdoc="{2}"></iframe>{3}</figure>'
    ).format(title, height, document, _under(below))
    return Fragment(str(html), f"Interactief: {title}")


def _under(text: str) -> Markup:
    return Markup('<p class="wib-onder">{}</p>').format(text) if text else Markup("")


def paragraph(text: str) -> Fragment:
    """Show one paragraph."""
    return Fragment(str(Markup("<p>{}</p>").format(text)), text, (blocks.Paragraph(text),))


def claim(text: str, *, key: str, origin: str = "") -> Fragment:
    """
    Show the sentence of a claim, which the document links to its figures.

    Parameters
    ----------
    text, key : str
        Of the claim.
    origin : str
        Notebook that stated it, when it is quoted.

    Examples
    --------
    >>> print(claim("Geen verschil.", key="verandering").html)
    <p data-uitspraak="verandering">Geen verschil.</p>
    """
    return Fragment(str(_sentence(text, key, origin)), text, (blocks.Paragraph(text),))


def _sentence(text: str, key: str, origin: str = "") -> Markup:
    if not key:
        return Markup("<p>{}</p>").format(text)
    source = Markup(' data-uit="{}"').format(origin) if origin else ""
    return Markup('<p data-uitspraak="{}"{}>{}</p>').format(key, source, text)


def section(title: str, *fragments: Fragment) -> Fragment:
    r"""
    Put fragments under a heading.

    Examples
    --------
    >>> section("Oordelen", paragraph("Geen verschil.")).text
    'Oordelen\n\nGeen verschil.'
    """
    heading = Fragment(str(Markup("<h2>{}</h2>").format(title)), title, (blocks.Heading(title),))
    return join(heading, *fragments)


def note(text: str, *, tone: Literal["info", "warning"] = "info") -> Fragment:
    """
    Set a remark apart from the text.

    Parameters
    ----------
    text : str
    tone : {"info", "warning"}

    Examples
    --------
    >>> note("Kleine aantallen.", tone="warning").text
    'Let op: Kleine aantallen.'
    """
    html = Markup('<p class="wib-noot wib-{}" role="note"><strong>{}</strong> {}</p>').format(
        tone, TONES[tone], text
    )
    return Fragment(str(html), f"{TONES[tone]}: {text}", (blocks.Note(tone, text),))


def absent(items: Sequence[tuple[str, str, str]]) -> Fragment:
    """
    List what is missing, why, and who can deliver it.

    Parameters
    ----------
    items : sequence of (what, reason, owner)
    """
    title = "Wat ontbreekt, en wie het kan leveren"
    rows = Markup("").join(
        Markup('<li><strong>{}</strong> <span>{}</span> <span class="wie">{}</span></li>').format(
            what, reason, owner
        )
        for what, reason, owner in items
    )
    body = Markup("<ul{}>{}</ul>").format(
        Markup(' class="veel"') if len(items) > MANY else "", rows
    )
    if not items:
        body = Markup("<p>Niets: alles is geleverd.</p>")
    html = Markup('<section class="wib-ontbreekt"><h2>{}</h2>{}</section>').format(title, body)
    text = "\n".join([title, *(" | ".join(item) for item in items)])
    return Fragment(str(html), text, (blocks.Lacking(tuple(items)),))


def details(summary: str, *fragments: Fragment) -> Fragment:
    """Fold fragments behind a line that opens them; a print shows them open."""
    inner = join(*fragments)
    html = Markup('<details class="wib-vouw"><summary>{}</summary>{}</details>').format(
        summary, Markup(inner.html)
    )
    block = blocks.Folded(summary, inner.blocks)
    return Fragment(str(html), f"{summary}\n{inner.text}", (block,))
