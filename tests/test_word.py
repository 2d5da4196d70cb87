"""The Word document: everything the evaluation shows, in built-in styles, with places to complete."""

import base64
import hashlib
import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import docx
import pandas as pd
import pytest
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn

from conftest import REPO
from wib_lib import html
from wib_lib.absent import Suppressed
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
    Note,
    Paragraph,
)
from wib_lib.document import markdown_blocks, tables
from wib_lib.pdf import Running
from wib_lib.word import TO_COMPLETE, write_word

WARNING = "Fictieve voorbeelddata"
RUNNING = Running("Gouda", "peildatum 15 januari 2019", "werkgroep en RBO (V1)", WARNING)
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
        "0000000049454e44ae426082"
    )
).decode()


def evaluation() -> tuple[Block, ...]:
    frame = pd.DataFrame({"buurt": ["Noord", "Zuid"], "n": [1234, Suppressed(5)]})
    made = html.table(frame, caption="Per buurt", source="Politie", note="Reeksbreuk.")
    (table,) = tables(made.blocks)
    figure = Figure("Per maand", "Januari 3, februari 4.", "Politie", PIXEL, 8.0, 4.0)
    return (
        Head("Evaluatie Gouda", "na 12 maanden", (("Gebied", "Gouda"),), WARNING),
        Answer(("Behaald.",)),
        KeyFigures((KeyFigure("Aantal", "245", ("was 500", "−51,0 %")),)),
        table,
        Columns((figure, Note("info", "Klein."))),
        Lacking((("Buit", "niet geleverd", "Politie"),)),
        Heading("11 Successen en knelpunten"),
        Paragraph("Nog niets ontvangen."),
        Heading("Diep", 3),
        Paragraph("Dieper."),
        Heading("12 Wat de verandering betekent"),
        Folded("Meer", (table,)),
        Heading("14 Verantwoording"),
        Paragraph("Einde."),
    )


def opened(folder: Path, blocks: tuple[Block, ...] = evaluation()) -> Document:
    path = folder / "evaluatie.docx"
    write_word(blocks, path, title="Evaluatie Gouda", running=RUNNING, as_of=date(2019, 1, 15))
    return docx.Document(str(path))


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return opened(tmp_path)


def styled(document: Document, name: str) -> list[str]:
    return [line.text for line in document.paragraphs if line.style.name == name]


def places(document: Document) -> list[str]:
    return [
        run.text for line in document.paragraphs for run in line.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]  # fmt: skip


def test_headings_captions_and_tables_are_in_built_in_styles(document: Document) -> None:
    assert styled(document, "Title") == ["Evaluatie Gouda"]
    assert styled(document, "Heading 1") == [
        "Het antwoord", "Wat ontbreekt, en wie het kan leveren", "11 Successen en knelpunten",
        "12 Wat de verandering betekent", "14 Verantwoording",
    ]  # fmt: skip
    assert styled(document, "Heading 2") == ["Diep", "Meer"]
    assert styled(document, "Caption") == [
        "Tabel 1: Per buurt",
        "Figuur 1: Per maand",
        "Tabel 2: Per buurt",
    ]
    assert {table.style.name for table in document.tables} == {"Table Grid"}
    assert "fldChar" in document.element.xml
    assert " SEQ Tabel " in document.element.xml


def test_contents_is_a_field_that_already_shows_the_headings(document: Document) -> None:
    assert 'TOC \\o "1-2"' in document.element.xml
    assert styled(document, "toc 1") == styled(document, "Heading 1")


def test_a_table_shows_what_the_page_shows_and_repeats_its_header(document: Document) -> None:
    found = next(t for t in document.tables if t.cell(0, 0).text == "buurt")
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["buurt", "n"], ["Noord", "1.234"], ["Zuid", "x"],
    ]  # fmt: skip
    for table in document.tables:
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [
            i == 0 for i in range(len(table.rows))
        ]
    text = "\n".join(line.text for line in document.paragraphs)
    for line in (
        "Reeksbreuk.",
        "x = onderdrukt: te klein aantal (grens 5)",
        "Bron: Politie",
        "Klein.",
    ):
        assert line in text


def test_every_picture_says_in_words_what_it_shows(document: Document) -> None:
    pictures = list(document.element.iter(qn("wp:docPr")))
    assert [picture.get("descr") for picture in pictures] == ["Januari 3, februari 4."]
    (shape,) = document.inline_shapes
    assert shape.width.cm <= 16.0001  # 8 inches do not fit


def test_what_people_must_write_is_marked_where_it_belongs(document: Document) -> None:
    asked = [
        text
        for text in places(document)
        if text.startswith("[in te vullen door de projectleider: ")
    ]
    wanted = [*TO_COMPLETE["Successen en knelpunten"], *TO_COMPLETE["Wat de verandering betekent"]]
    assert asked == [f"[in te vullen door de projectleider: {text}]" for text in wanted]
    order = [line.text for line in document.paragraphs if line.style.name != "toc 1"]
    assert (
        order.index("Dieper.")
        < order.index(asked[0])
        < order.index("12 Wat de verandering betekent")
    )
    assert any("sjabloon" in text and "eigen naam" in text for text in places(document))


def test_a_last_part_gets_its_places_too(tmp_path: Path) -> None:
    found = opened(tmp_path, (Heading("13 Borging en vervolg"), Paragraph("Zes van negen.")))
    assert len(places(found)) == 1 + len(TO_COMPLETE["Borging en vervolg"])


def test_every_place_belongs_to_a_heading_of_the_evaluation() -> None:
    book = json.loads((REPO / "notebooks" / "04_evaluation.ipynb").read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
    headings = [
        block.text.lstrip("0123456789. ")
        for text in texts
        for block in markdown_blocks(text)
        if isinstance(block, Heading)
    ]
    assert set(TO_COMPLETE) <= set(headings)


def test_no_part_is_empty(document: Document) -> None:
    body = [item for item in document.element.body if item.tag != qn("w:sectPr")]
    levels = []
    for item in body:
        style = item.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = style.get(qn("w:val")) if style is not None else ""
        is_filled = item.tag == qn("w:tbl") or any(t.text for t in item.iter(qn("w:t")))
        if name.startswith("Heading"):
            levels.append(int(name[-1]))
        elif is_filled:
            levels.append(9)
    assert levels[-1] == 9
    for this, after in pairwise(levels):
        assert after > this or this == 9, "a heading without anything below it"


def test_class_and_warning_are_on_every_page(document: Document) -> None:
    (section,) = document.sections
    head = [line.text for line in section.header.paragraphs]
    assert head == ["Gouda · peildatum 15 januari 2019", WARNING]
    assert section.footer.paragraphs[0].text.startswith("werkgroep en RBO (V1) · blad ")
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)


def test_it_is_dutch_and_names_no_person_or_machine(document: Document) -> None:
    about = document.core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert (about.title, about.language) == ("Evaluatie Gouda", "nl-NL")
    assert about.created.date() == about.modified.date() == date(2019, 1, 15)
    languages = {item.get(qn("w:val")) for item in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"nl-NL"}


def test_the_same_blocks_give_the_same_bytes(tmp_path: Path) -> None:
    digests = []
    for _ in range(2):
        opened(tmp_path)
        digests.append(hashlib.sha256((tmp_path / "evaluatie.docx").read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    with ZipFile(tmp_path / "evaluatie.docx") as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(2019, 1, 15, 0, 0, 0)}


def test_delivered_text_stays_text(tmp_path: Path) -> None:
    text = "<w:p>&amp; { TOC } =1+1 \\ ]]>"
    found = opened(tmp_path, (Heading(text), Paragraph(text), Note("warning", text)))
    assert [line.text for line in found.paragraphs].count(text) == 4  # and in the contents
