"""The gate before a pack: nothing leaves that has no class, is above its readers, or is unproven.

What is shown is refused when a table or figure has no privacy class or one that these readers may
not see, when a text seems to point at a person, and when the audit of the release is open. One
sentence names the document and the cell or text; what a text says is never repeated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from wib_lib.audiences import AUDIENCES, may_hold
from wib_lib.blocks import Block, Cell, Figure, Table
from wib_lib.errors import RunError
from wib_lib.export import is_notebook_only
from wib_lib.fragment import UNCLASSED, blocks_of, is_fragment
from wib_lib.screening import trace

PICTURE = "png"  # the only field that holds no text


def check_release(name: str, open_cells: Sequence[str]) -> None:
    """
    Refuse packs while a hidden count can be worked out.

    Raises
    ------
    RunError
        Naming the first such cell.
    """
    if open_cells:
        more = f" (en {len(open_cells) - 1} andere)" if len(open_cells) > 1 else ""
        raise RunError(
            f"{name}: de controle van de vrijgave is niet rond: de verborgen cel {open_cells[0]}"
            f"{more} is af te leiden; verhoog de drempel of laat een tabel weg."
        )


def check_document(book: Any, name: str, audience: str) -> None:
    """
    Refuse an executed notebook that shows what its readers may not have.

    Parameters
    ----------
    book : NotebookNode
    name : str
        Of the notebook, for the message.
    audience : str

    Raises
    ------
    RunError
    """
    for number, cell in enumerate(book.cells, start=1):
        if is_notebook_only(cell):
            continue
        place = f"{name}, cel {number}"
        if cell["cell_type"] == "markdown":
            _check_text(cell["source"], f"{place}, tekst")
        for output in cell.get("outputs", []):
            if is_fragment(output):
                check_blocks(blocks_of(output), place, audience)
                if UNCLASSED.search(output["data"]["text/html"]):
                    raise RunError(f"{place}: een kader heeft geen privacyklasse; {HOW}.")


HOW = "toon het met run.table, run.figure of run.show"


def check_blocks(parts: Sequence[Block], place: str, audience: str) -> None:
    """Refuse blocks without a class, above the audience, or with a text that names someone."""
    for part in parts:
        if isinstance(part, Table | Figure):
            what = "tabel" if isinstance(part, Table) else "figuur"
            if not part.klasse:
                raise RunError(
                    f"{place}: de {what} '{part.caption}' heeft geen privacyklasse; {HOW}."
                )
            if not may_hold(audience, part.klasse):
                raise RunError(
                    f"{place}: de {what} '{part.caption}' is {part.klasse} en mag niet in een "
                    f"pakket voor {AUDIENCES[audience]}."
                )
        if isinstance(part, Table):
            _check_cells(part, place)
            continue
        for text in _texts(part):
            _check_text(text, place)
        check_blocks(getattr(part, "blocks", ()), place, audience)


def _check_cells(table: Table, place: str) -> None:
    for text in (table.caption, table.source, table.note):
        _check_text(text, f"{place}, bij de tabel '{table.caption}'")
    for n, row in enumerate(table.rows, start=1):
        for label, cell in zip(table.labels, row, strict=True):
            where = f"{place}, tabel '{table.caption}', rij {n}, kolom '{label}'"
            _check_text(cell.shown if isinstance(cell, Cell) else "", where)


def _texts(part: Block) -> Iterator[str]:
    for field in fields(part):
        if field.name not in (PICTURE, "blocks"):
            yield from _strings(getattr(part, field.name))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, Block):
        yield from _texts(value)


def _check_text(text: str, where: str) -> None:
    kind = trace(text)
    if kind:
        raise RunError(
            f"{where}: de tekst lijkt een {kind} te bevatten; haal haar weg bij de bron, of "
            "verwoord haar zonder personen of adressen."
        )
