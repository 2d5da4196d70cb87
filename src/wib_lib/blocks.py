"""What a part of a pack is, apart from how it looks: the source of every form but HTML.

A `Fragment` shows itself as HTML and carries the same content as blocks. PDF, Word and Excel are
built from blocks, so that no form can hold a figure that another lacks. Blocks are plain data and
survive the trip through an executed notebook as JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Literal


@dataclass(frozen=True)
class Block:
    """Base of all blocks; `kind` names the block in JSON."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True)
class Head(Block):
    """Opening of a document: its title, and the facts that say what was evaluated."""

    kind: ClassVar[str] = "head"
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    banner: str | None


@dataclass(frozen=True)
class Heading(Block):
    """A heading; level 2 is the highest below the title."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph(Block):
    """One paragraph of plain text."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Answer(Block):
    """The answer first, one paragraph per sentence."""

    kind: ClassVar[str] = "answer"
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class KeyFigure(Block):
    """A figure to be read at a glance, with the lines below it and a small graphic, SVG, beside it."""

    kind: ClassVar[str] = "key_figure"
    label: str
    value: str
    lines: tuple[str, ...]
    svg: str = ""


@dataclass(frozen=True)
class KeyFigures(Block):
    """Key figures side by side."""

    kind: ClassVar[str] = "key_figures"
    items: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Cell(Block):
    """
    A cell of a table.

    Parameters
    ----------
    shown : str
        As written in a document; `x` or `.` for what is not there.
    value : int, float, str, bool or None
        The value itself, dates as ISO text; None for what is not there.
    why : str
        Why it is not there, else empty.
    """

    kind: ClassVar[str] = "cell"
    shown: str
    value: int | float | str | bool | None
    why: str = ""


@dataclass(frozen=True)
class Table(Block):
    """
    A table: one label per column, one cell per column in each row.

    Parameters
    ----------
    name : str
        Short name without spaces, unique in its document; empty when nobody gave one.
    row_header : int or None
        Column that names the row.
    signs : str
        What the signs of absence in this table mean.
    klasse : str
        Privacy class of its content; a pack takes no table without one.
    """

    kind: ClassVar[str] = "table"
    caption: str
    labels: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str
    note: str
    signs: str
    row_header: int | None
    name: str = ""
    klasse: str = ""


@dataclass(frozen=True)
class Figure(Block):
    """
    A picture as base64 of a PNG, with its content in words; width and height in inches.

    `klasse` is the privacy class of its content; a pack takes no figure without one.
    """

    kind: ClassVar[str] = "figure"
    caption: str
    alt: str
    source: str
    png: str
    width: float
    height: float
    klasse: str = ""


@dataclass(frozen=True)
class Note(Block):
    """A remark apart from the text."""

    kind: ClassVar[str] = "note"
    tone: Literal["info", "warning"]
    text: str


@dataclass(frozen=True)
class Lacking(Block):
    """What is missing, why, and who can deliver it."""

    kind: ClassVar[str] = "lacking"
    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Columns(Block):
    """Blocks side by side where there is room."""

    kind: ClassVar[str] = "columns"
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Folded(Block):
    """Blocks behind a line that opens them; on paper they are open."""

    kind: ClassVar[str] = "folded"
    summary: str
    blocks: tuple[Block, ...]


KINDS: dict[str, type[Block]] = {
    kind.kind: kind
    for kind in (Head, Heading, Paragraph, Answer, KeyFigure, KeyFigures, Cell, Table, Figure,
                 Note, Lacking, Columns, Folded)
}  # fmt: skip


def to_json(value: Any) -> Any:
    """
    Write blocks as plain lists and mappings.

    Examples
    --------
    >>> to_json(Paragraph("Geen verschil."))
    {'kind': 'paragraph', 'text': 'Geen verschil.'}
    """
    if is_dataclass(value) and isinstance(value, Block):
        parts = {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
        return {"kind": value.kind, **parts}
    return [to_json(item) for item in value] if isinstance(value, tuple) else value


def from_json(value: Any) -> Any:
    """
    Read what `to_json` wrote.

    Raises
    ------
    KeyError
        For a kind that is not known.

    Examples
    --------
    >>> from_json(to_json((Heading("Waar"), Note("info", "Klein."))))
    (Heading(text='Waar', level=2), Note(tone='info', text='Klein.'))
    """
    if isinstance(value, Mapping):
        parts = {name: from_json(part) for name, part in value.items() if name != "kind"}
        return KINDS[value["kind"]](**parts)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(from_json(item) for item in value)
    return value
