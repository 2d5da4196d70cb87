"""An executed notebook as a document: its blocks in order, the cells that only a researcher
needs left out.

PDF, Word and Excel are written from this; the HTML of a pack shows the same cells.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import mistune
import nbformat

from wib_lib.blocks import Block, Columns, Folded, Heading, Paragraph, Table
from wib_lib.export import check_outputs, is_notebook_only
from wib_lib.fragment import blocks_of, is_fragment


def read_document(notebook: Path) -> tuple[Block, ...]:
    """
    Return the blocks of an executed notebook, texts and outputs in their order.

    Raises
    ------
    RunError
        When an output was not made for a pack, as for the HTML.
    """
    book = nbformat.read(notebook, as_version=4)
    check_outputs(book, notebook.name)
    return tuple(
        block for cell in book.cells if not is_notebook_only(cell) for block in _cell_blocks(cell)
    )


def tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    """Yield every table, also those side by side or folded."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Columns | Folded):
            yield from tables(block.blocks)


def _cell_blocks(cell: Mapping[str, Any]) -> Iterator[Block]:
    if cell["cell_type"] == "markdown":
        yield from markdown_blocks(cell["source"])
    for output in cell.get("outputs", []):
        if is_fragment(output):
            yield from blocks_of(output)


def markdown_blocks(source: str) -> tuple[Block, ...]:
    r"""
    Read headings and paragraphs; an item of a list becomes a paragraph.

    Examples
    --------
    >>> markdown_blocks("## Waar\n\nHet *hele* gebied,\nper buurt.")
    (Heading(text='Waar', level=2), Paragraph(text='Het hele gebied, per buurt.'))
    """
    parse = mistune.create_markdown(renderer="ast")
    return tuple(_markdown(parse(source)))


def _markdown(tokens: Any) -> Iterator[Block]:
    for token in tokens:
        if token["type"] == "heading":
            yield Heading(_text(token), token["attrs"]["level"])
        elif token["type"] in ("paragraph", "block_text"):
            yield Paragraph(_text(token))
        elif "children" in token:
            yield from _markdown(token["children"])


def _text(token: Mapping[str, Any]) -> str:
    if token["type"] in ("softbreak", "linebreak"):
        return " "
    return str(token.get("raw", "")) + "".join(map(_text, token.get("children", [])))
