"""The evaluation as a Word document, for what only people can write.

Everything is set in Word's built-in styles, by name, so that a template of a gemeente takes over
the looks when it is attached. Places to fill in are marked; where they stand follows from the
headings of the notebook.
"""

import base64
import io
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from wib_lib.blocks import (
    Answer,
    Block,
    Columns,
    Figure,
    Folded,
    Head,
    Heading,
    KeyFigures,
    Lacking,
    Note,
    Paragraph,
    Table,
)
from wib_lib.bundle import entry
from wib_lib.landing import land_file
from wib_lib.pdf import Running
from wib_lib.sheet_cells import is_number
from wib_lib.word_page import TEXT_WIDTH, contents, element, field, set_page, set_properties

# Heading, without its number, to what the projectleider adds below it.
TO_COMPLETE = {
    "Het probleem bij de start en nu": ("herkent u dit beeld; wat weten de wijkagent en de partners er nog van",),
    "Acties en maatregelen": ("welke maatregelen werkten in de praktijk, welke niet, en waaraan ziet u dat",),
    "Organisatie, overleg en communicatie": ("hoe de samenwerking verliep en wat bewoners is verteld",),
    "Successen en knelpunten": ("de successen, met een voorbeeld", "de knelpunten, en wat ervoor nodig is"),
    "Wat de verandering betekent": ("duiding: hoe de partners deze uitkomst verklaren, en hoe zeker zij zijn",),
    "Borging en vervolg": ("per maatregel: wordt dit regulier werk, wie is eigenaar en vanaf wanneer",
                           "vervolgvoorstellen aan de driehoek"),
}  # fmt: skip
HOW = (
    "Dit document is een werkversie: de cijfers, tabellen en figuren komen uit de evaluatie, de "
    "gemarkeerde plekken vult de projectleider in. Bewaar het eerst onder een eigen naam buiten "
    "deze map, want een nieuwe run maakt de map opnieuw. Het sjabloon van de gemeente koppelt u via "
    "Ontwikkelaars, Documentsjabloon, Toevoegen, met 'Documentstijlen automatisch bijwerken' aan. "
    "De inhoudsopgave werkt u bij met F9. Verwijder daarna deze alinea."
)
ANSWER = "Het antwoord"
LACKING = "Wat ontbreekt, en wie het kan leveren"  # as on the page
CELL_SIZE = 9  # points
FULL = 30  # characters of a text that a column makes room for


def write_word(
    blocks: Sequence[Block], target: Path, *, title: str, running: Running, as_of: date
) -> None:
    """
    Write a document to be completed in Word.

    Parameters
    ----------
    blocks : sequence of Block
        From `document.read_document`.
    target : Path
        Written whole or not at all; the same blocks give the same bytes.
    title : str
    running : Running
        What stands on every page.
    as_of : date
        Newest day of the data; the only date in the file's properties.
    """
    document = _Document(title, running, as_of)
    document.open(blocks)
    for block in _with_places(blocks):
        document.add(block)
    land_file(target, document.content(as_of))


def _with_places(blocks: Sequence[Block]) -> Iterator[Block | str]:
    """Yield the blocks, and at the end of a part that people complete what is asked of them."""
    asked: tuple[str, ...] = ()
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            yield from asked
            asked = TO_COMPLETE.get(block.text.lstrip("0123456789. "), ())
        yield block
    yield from asked


def _title(block: Block) -> str:
    """Return the heading of the highest level that a block opens with."""
    if isinstance(block, Heading):
        return block.text if block.level == 2 else ""
    return {Answer: ANSWER, Lacking: LACKING}.get(type(block), "")


class _Document:
    """A Word document that is filled from the top down."""

    def __init__(self, title: str, running: Running, as_of: date) -> None:
        import docx

        self.made = docx.Document()
        self.counts = {"Tabel": 0, "Figuur": 0}
        set_properties(self.made, title, running, as_of)
        set_page(self.made.sections[0], running)

    def open(self, blocks: Sequence[Block]) -> None:
        """Write title, facts, the line for who completes it, and the contents."""
        head = next((block for block in blocks if isinstance(block, Head)), None)
        self.made.add_paragraph(
            head.title if head else self.made.core_properties.title, style="Title"
        )
        if head:
            self.made.add_paragraph(head.subtitle, style="Subtitle")
            if head.banner:
                self.made.add_paragraph(head.banner, style="Intense Quote")
            self._grid(("Gegeven", "Inhoud"), [list(fact) for fact in head.facts])
        self.place(HOW)
        self.made.add_paragraph("Inhoud", style="TOC Heading")
        contents(self.made, list(filter(None, map(_title, blocks))))

    def add(self, block: Block | str, level: int = 1) -> None:
        """Write one block; a text alone is a place to fill in."""
        match block:
            case str():
                self.place(f"in te vullen door de projectleider: {block}")
            case Heading():
                self.made.add_heading(block.text, min(block.level - 1, 4))
            case Paragraph():
                self.made.add_paragraph(block.text)
            case Note():
                self.made.add_paragraph(block.text, style="Quote")
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)
            case Columns():
                for part in block.blocks:
                    self.add(part, level)
            case Folded():
                self.made.add_heading(block.summary, level + 1)
                for part in block.blocks:
                    self.add(part, level + 1)
            case _:
                self._summary(block, level)

    def _summary(self, block: Block, level: int) -> None:
        """Write a block that the pages lay out in a way of their own."""
        match block:
            case Answer():
                self.made.add_heading(ANSWER, level)
                for sentence in block.sentences:
                    self.made.add_paragraph(sentence)
            case KeyFigures():
                rows = [[item.label, item.value, "; ".join(item.lines)] for item in block.items]
                self._grid(("Kerncijfer", "Waarde", "Vergeleken"), rows)
            case Lacking():
                self.made.add_heading(LACKING, level)
                self._grid(("Wat", "Waarom", "Wie"), [list(item) for item in block.items])

    def place(self, text: str) -> None:
        """Mark a place to fill in."""
        from docx.enum.text import WD_COLOR_INDEX

        run = self.made.add_paragraph().add_run(f"[{text}]")
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def content(self, as_of: date) -> bytes:
        """Return the file; packed again, because python-docx dates its parts by the clock."""
        saved, packed = io.BytesIO(), io.BytesIO()
        self.made.save(saved)
        with ZipFile(saved) as parts, ZipFile(packed, "w") as archive:
            for name in parts.namelist():
                archive.writestr(entry(name, as_of), parts.read(name))
        return packed.getvalue()

    def _caption(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        line = self.made.add_paragraph(f"{kind} ", style="Caption")
        field(line, f"SEQ {kind} \\* ARABIC", str(self.counts[kind]))
        line.add_run(f": {text}")
        line.paragraph_format.keep_with_next = kind == "Tabel"

    def _table(self, block: Table) -> None:
        self._caption("Tabel", block.caption)
        columns = list(zip(*block.rows, strict=True))
        right = [
            bool(known) and all(map(is_number, known))
            for known in ([cell for cell in column if cell.value is not None] for column in columns)
        ]
        self._grid(block.labels, [[cell.shown for cell in row] for row in block.rows], right)
        source = f"Bron: {block.source}" if block.source else ""
        for line in filter(None, (block.note, block.signs, source)):
            self._small(line)

    def _figure(self, block: Figure) -> None:
        from docx.shared import Cm, Inches

        picture = io.BytesIO(base64.b64decode(block.png))
        width = min(Cm(TEXT_WIDTH), Inches(block.width))
        line = self.made.add_paragraph()
        shape = line.add_run().add_picture(picture, width=width)
        line.paragraph_format.keep_with_next = True
        shape._inline.docPr.set("descr", block.alt)
        self._caption("Figuur", block.caption)
        if block.source:
            self._small(f"Bron: {block.source}")

    def _small(self, text: str) -> None:
        from docx.shared import Pt

        self.made.add_paragraph().add_run(text).font.size = Pt(CELL_SIZE)

    def _grid(
        self, labels: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool] = ()
    ) -> None:
        """Write a table whose first row returns on every page, and whose rows stay whole."""
        made = self.made.add_table(1 + len(rows), len(labels), style="Table Grid")
        sides = [*right] or [False] * len(labels)
        widths = _widths([labels, *rows])
        for i, (row, texts) in enumerate(zip(made.rows, [labels, *rows], strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(element("cantSplit"))
            if i == 0:
                properties.append(element("tblHeader"))
            cells = zip(row.cells, texts, sides, widths, strict=True)
            for cell, text, is_right, width in cells:
                cell.width = width
                _fill(cell.paragraphs[0], text, is_bold=i == 0, is_right=is_right)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        self.made.add_paragraph()


def _widths(rows: Sequence[Sequence[str]]) -> list[Any]:
    """Divide the width of the text by what columns need: their longest word, or most of a text."""
    from docx.shared import Cm

    needs = [
        max(max((len(word) for text in column for word in text.split()), default=0) * 1.3 + 2,
            min(max(map(len, column)), FULL), 5)
        for column in zip(*rows, strict=True)
    ]  # fmt: skip
    return [Cm(TEXT_WIDTH * need / sum(needs)) for need in needs]


def _fill(line: Any, text: str, *, is_bold: bool, is_right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    run = line.add_run(text)
    run.font.size, run.bold = Pt(CELL_SIZE), is_bold or None
    line.paragraph_format.space_after = Pt(0)
    if is_right:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
