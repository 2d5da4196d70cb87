"""A document of a pack on paper: PDF/UA-1 on A4, set by typst from the blocks.

Texts reach typst as JSON and are shown as strings, so that nothing delivered can become markup.
Fonts come with this package and with matplotlib, never from the machine, and no time is written:
the same blocks give the same bytes everywhere. All of it happens in this process, in memory.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from wib_lib import palette
from wib_lib.blocks import (
    Answer,
    Block,
    Columns,
    Figure,
    Folded,
    Head,
    Heading,
    KeyFigure,
    KeyFigures,
    Lacking,
    Table,
    to_json,
)
from wib_lib.errors import RunError
from wib_lib.landing import land_file
from wib_lib.pdf_table import set_table
from wib_lib.typeface import displayable, folders

if TYPE_CHECKING:
    import typst

ASSETS = files("wib_lib") / "assets"
SIZES = (9.5, 9.0, 8.5, 8.0)  # type in points, where a text must fit on its pages
ONE_AT_A_TIME = Lock()
COLOURS = ("INK", "SOFT", "LINE", "OWN", "MARK")


@dataclass(frozen=True)
class Running:
    """
    What stands on every page.

    Parameters
    ----------
    area, date : str
        What was evaluated, and the day its data were drawn.
    audience : str
        Class and recipients.
    banner : str or None
        A warning that belongs to every page, such as fictitious data.
    """

    area: str
    date: str
    audience: str
    banner: str | None = None


def write_pdf(blocks: Sequence[Block], target: Path, *, title: str, running: Running) -> None:
    """
    Write a document: title page with contents, the answer on one page, then the rest.

    Parameters
    ----------
    blocks : sequence of Block
        From `document.read_document`. What comes before the first heading is set on a page of its
        own, in smaller type where it would not fit.
    target : Path
        Written whole or not at all.
    title : str
        Of the document.
    running : Running

    Raises
    ------
    RunError
        When it cannot be set.
    """
    head, rest = _headed(blocks, title)
    start = next((i for i, block in enumerate(rest) if isinstance(block, Heading)), len(rest))
    with _setting(target):
        data = _data(head, title, running) | {
            "opening": list(_nodes(rest[:start])),
            "is_page": any(isinstance(block, KeyFigures) for block in rest[:start]),
            "blocks": _with_wide_pages(list(_nodes(rest[start:]))),
        }
        fits = (size for size in SIZES if _Job("document", data, size).pages() <= 1)
        made = _Job("document", data, next(fits, SIZES[0])).pdf()
    land_file(target, made)


def write_two_pages(blocks: Sequence[Block], target: Path, *, title: str, running: Running) -> None:
    """
    Write a summary on exactly two pages: smaller type, down to 8 points, where it is too long.

    A summary that fits on one page starts its second page at the heading in its middle.

    Raises
    ------
    RunError
        When it does not fit on two pages, or cannot fill more than one.
    """
    head, rest = _headed(blocks, title)
    with _setting(target):
        nodes = list(_nodes(rest, sideways=False))
        data = _data(head, title, running) | {"blocks": nodes}
        jobs = ((job, job.pages()) for job in (_Job("rbo", data, size) for size in SIZES))
        job, n_pages = next(((job, n) for job, n in jobs if n <= 2), (None, 0))
        if job is None:
            raise RunError(
                f"{target.name}: de samenvatting past niet op twee pagina's A4, ook niet in letters "
                f"van {SIZES[-1]:.0f} punten; kort de tekst of de tabellen in."
            )
        made = (job if n_pages == 2 else replace(job, cut=_middle(nodes, target))).pdf()
    land_file(target, made)


@dataclass(frozen=True)
class _Job:
    """One way to set a document: a template, its data, the type, the block that starts page two."""

    template: str
    data: dict[str, Any]
    size: float
    cut: int = 0

    def pages(self) -> int:
        """Return how many pages the part took that has to fit."""
        import typst

        return int(typst.query(selector="<pages>", field="value", one=True, **self._given()))

    def pdf(self) -> bytes:
        """Return the document."""
        import typst

        made = typst.compile(format="pdf", pdf_standards=["ua-1"], **self._given())
        assert isinstance(made, bytes)
        return made

    def _given(self) -> dict[str, Any]:
        names = {"main.typ": f"{self.template}.typ", "blocks.typ": "blocks.typ"}
        return {
            "input": {name: (ASSETS / "typst" / file).read_bytes() for name, file in names.items()},
            "font_paths": _fonts(),
            "sys_inputs": {
                "data": json.dumps(self.data),
                "size": str(self.size),
                "cut": str(self.cut),
            },
        }


@contextmanager
def _setting(target: Path) -> Iterator[None]:
    """
    Let one thread at a time set a document, and say in one sentence that it went wrong.

    FreeType and the types of typst are shared by the threads of a process, and packs are made side
    by side; typst uses every core by itself. Its own message may quote what was delivered.
    """
    try:
        with ONE_AT_A_TIME:
            yield
    except RuntimeError as problem:  # the base of typst's errors
        raise RunError(
            f"{target.name}: de PDF kon niet worden opgemaakt; meld dit aan de beheerder van wib_lib."
        ) from problem


def _headed(blocks: Sequence[Block], title: str) -> tuple[Head, Sequence[Block]]:
    first = blocks[0] if blocks else None
    return (first, blocks[1:]) if isinstance(first, Head) else (Head(title, "", (), None), blocks)


def _data(head: Head, title: str, running: Running) -> dict[str, Any]:
    colours = {name.lower(): getattr(palette, name) for name in COLOURS}
    given = asdict(running) | {
        "title": title,
        "subtitle": head.subtitle,
        "facts": [list(fact) for fact in head.facts],
        "colours": colours,
    }
    made: dict[str, Any] = _displayable(given)
    return made


def _nodes(
    blocks: Iterable[Block], level: int = 0, *, sideways: bool = True
) -> Iterator[dict[str, Any]]:
    """Write blocks as the templates read them; a heading is at most one level below the last."""
    for block in blocks:
        node = _displayable(to_json(block))
        match block:
            case Heading():
                level = min(block.level - 1, level + 1)
                node["level"] = level
            case Answer() | Lacking():
                level = 1
            case KeyFigures():
                node["items"] = [_displayable(_key_figure(item)) for item in block.items]
            case Table():
                node = _displayable(set_table(block, sideways=sideways))
            case Figure():
                node = _displayable(_figure(block))
            case Columns():
                node["blocks"] = list(_nodes(block.blocks, level, sideways=False))
            case Folded():
                node["level"] = level + 1
                node["blocks"] = list(_nodes(block.blocks, level + 1, sideways=False))
        yield node


def _with_wide_pages(nodes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Set a table that needs it on a page on its side, with the heading right above it."""
    made: list[dict[str, Any]] = []
    for node in nodes:
        if not node.get("is_wide"):
            made.append(node)
            continue
        on_page = [node]
        while made and made[-1]["kind"] == "heading":
            on_page.insert(0, made.pop())
        made.append({"kind": "wide", "blocks": on_page})
    return made


def _middle(nodes: Sequence[dict[str, Any]], target: Path) -> int:
    """Return the block at which a page can start: the heading nearest to the middle."""
    starts = [i for i, node in enumerate(nodes) if i and node["kind"] in ("heading", "lacking")]
    if not starts:
        raise RunError(
            f"{target.name}: de samenvatting vult geen twee pagina's; voeg een kop toe waar de "
            "tweede pagina kan beginnen."
        )
    return min(starts, key=lambda i: abs(i - len(nodes) / 2))


def _figure(block: Figure) -> dict[str, Any]:
    """Wrap the picture in SVG: typst decodes base64 there and keeps the pixels as they are."""
    width, height = (round(96 * inches, 2) for inches in (block.width, block.height))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><image '
        f'width="{width}" height="{height}" href="data:image/png;base64,{block.png}"/></svg>'
    )
    below = [f"Bron: {block.source}"] if block.source else []
    return {"kind": block.kind, "caption": block.caption, "alt": block.alt, "svg": svg,
            "width": block.width, "below": below}  # fmt: skip


def _key_figure(item: KeyFigure) -> dict[str, Any]:
    label = ElementTree.fromstring(item.svg).get("aria-label", "") if item.svg else ""
    svg = item.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return {"label": item.label, "value": item.value, "lines": list(item.lines), "svg": svg,
            "alt": label}  # fmt: skip


def _displayable(value: Any) -> Any:
    """Replace in every text what the fonts cannot show."""
    if isinstance(value, dict):
        return {name: _displayable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_displayable(part) for part in value]
    return displayable(value) if isinstance(value, str) else value


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders())
    )
