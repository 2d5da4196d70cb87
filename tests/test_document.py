"""A document holds what the pack shows, in the same order, and nothing that the gate refuses."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from wib_lib import html
from wib_lib.blocks import Heading, Note, Paragraph
from wib_lib.document import markdown_blocks, read_document, tables
from wib_lib.errors import RunError
from wib_lib.fragment import Fragment


def cell(fragment: Fragment, *, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    data, metadata = fragment._repr_mimebundle_()
    made = new_code_cell("code()", outputs=[new_output("display_data", data, metadata=metadata)])
    made.metadata.tags = list(tags)
    return made


def written(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    path = folder / "05.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def test_texts_and_outputs_keep_their_order_and_researcher_cells_stay_out(tmp_path: Path) -> None:
    hidden = new_markdown_cell("# Vraag")
    hidden.metadata.tags = ["alleen-notebook"]
    path = written(
        tmp_path,
        hidden,
        cell(html.paragraph("Eerst.")),
        new_markdown_cell("## Waar\n\nPer *buurt*:\n\n- de eerste\n- de tweede"),
        cell(html.note("Klein.")),
        cell(html.paragraph("geheim"), tags=("alleen-notebook",)),
    )
    assert read_document(path) == (
        Paragraph("Eerst."),
        Heading("Waar"),
        Paragraph("Per buurt:"),
        Paragraph("de eerste"),
        Paragraph("de tweede"),
        Note("info", "Klein."),
    )


def test_an_output_that_the_gate_refuses_is_in_no_document(tmp_path: Path) -> None:
    output = new_output("stream", name="stdout", text="Kerkstraat 1")
    with pytest.raises(RunError, match="uitvoer van print"):
        read_document(written(tmp_path, new_code_cell("print()", outputs=[output])))


def test_tables_are_found_at_every_depth() -> None:
    frame = pd.DataFrame({"n": [1]})
    a, b, c = (html.table(frame, caption=name) for name in "abc")
    shown = html.join(a, html.columns(b, html.details("meer", c)))
    assert [table.caption for table in tables(shown.blocks)] == ["a", "b", "c"]


def test_code_and_links_in_a_text_are_read_as_text() -> None:
    assert markdown_blocks("Zie `params/` en [de bron](x).") == (
        Paragraph("Zie params/ en de bron."),
    )
    assert markdown_blocks("### Diep") == (Heading("Diep", 3),)
