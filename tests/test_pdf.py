"""A PDF holds what the document holds, is accessible, prints well, and is the same every time."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from wib_lib import html
from wib_lib.absent import Missing, Suppressed
from wib_lib.blocks import Block, Cell, Heading, Paragraph, Table
from wib_lib.errors import RunError
from wib_lib.pdf import SIZES, Running, write_pdf, write_two_pages
from wib_lib.pdf_table import SIZES as TABLE_SIZES
from wib_lib.pdf_table import set_table
from wib_lib.sparks import spark

RUNNING = Running(
    "Gouda", "peildatum 15 januari 2019", "werkgroep en RBO (V1), negen gemeenten", "Fictief!"
)
A4 = (595.28, 841.89)  # points: 210 by 297 mm
MARKUP = r"#panic() $x$ *vet* _schuin_ [haak] @noot \alpha <label> `code` // weg /* weg */ ~ -- ..."


def figure(text: str = "Tien, twaalf.") -> html.Fragment:
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot([10, 12])
    return html.figure(fig, caption="Per jaar", alt=text, source="Politie", fictitious=True)


def frame(n: int = 3) -> pd.DataFrame:
    return pd.DataFrame({"buurt": [f"Buurt {i}" for i in range(n)], "n": [*range(n)]})


def table(n: int = 3, caption: str = "Per buurt") -> html.Fragment:
    return html.table(frame(n), caption=caption, source="CBS", note="Noot.", row_header="buurt")


def whole() -> tuple[Block, ...]:
    """Return a document with a block of every kind."""
    tile = html.Tile("Aantal", "245", ("−51,0 %",), spark([3, 2], label="3 en 2"))
    shown = html.join(
        html.head(
            "Evaluatie Gouda", subtitle="Na 12 maanden", facts=[("Venster", "2018")], banner=None
        ),
        html.answer(["Van 2 doelen is 1 behaald."]),
        html.tiles([tile, html.Tile("Pogingen", "65")]),
        html.columns(figure(), figure("Elf, negen.")),
        html.absent([("4", "niet geleverd", "Gemeente")]),
        html.section("Waar", html.paragraph("Per buurt."), table()),
        html.details("Meer weten", html.note("Klein.", tone="warning"), table(2, "Nog een")),
    )
    return shown.blocks


def made(
    tmp_path: Path, blocks: tuple[Block, ...], write: Callable[..., None] = write_pdf
) -> PdfReader:
    target = tmp_path / "gouda" / "evaluatie.pdf"
    write(blocks, target, title="Evaluatie Gouda", running=RUNNING)
    return PdfReader(target)


def texts_of(pdf: PdfReader) -> list[str]:
    """Return the text of each page on one line."""
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def words(pdf: PdfReader) -> str:
    return " ".join(texts_of(pdf))


def test_a_pdf_is_tagged_titled_and_dutch_and_embeds_its_fonts(tmp_path: Path) -> None:
    pdf = made(tmp_path, whole())
    root = pdf.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"].value
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Evaluatie Gouda"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    fonts = [font for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    for font in fonts:
        [inner] = font.get_object()["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(
            inner.get_object()["/FontDescriptor"].get_object()
        )


def test_every_picture_has_its_content_in_words(tmp_path: Path) -> None:
    pdf = made(tmp_path, whole())
    found: list[str] = []

    def walk(node: object) -> None:
        for kid in node if isinstance(node, list) else [node]:
            part = kid.get_object() if hasattr(kid, "get_object") else kid
            if isinstance(part, list):
                walk(part)
            elif isinstance(part, DictionaryObject):
                found.extend([str(part["/Alt"])] if "/Alt" in part else [])
                walk(part.get("/K", []))

    walk(pdf.trailer["/Root"]["/StructTreeRoot"])
    assert sorted(found) == ["3 en 2", "Elf, negen.", "Tien, twaalf."]


def test_every_page_is_a4_and_carries_class_area_date_and_mark(tmp_path: Path) -> None:
    pdf = made(tmp_path, whole())
    for page in pdf.pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
            A4, abs=0.1
        )
        text = page.extract_text()
        for mark in (RUNNING.area, RUNNING.date, RUNNING.audience, "Fictief!"):
            assert mark in text


def test_every_text_of_every_block_is_there_and_numbered(tmp_path: Path) -> None:
    text = words(made(tmp_path, whole()))
    for part in (
        "Na 12 maanden", "Venster", "Het antwoord", "Van 2 doelen is 1 behaald.", "Aantal", "245",
        "−51,0 %", "Figuur 1. Per jaar", "Figuur 2. Per jaar", "Bron: Politie", "Wat ontbreekt",
        "niet geleverd", "Gemeente", "Waar", "Per buurt.", "Tabel 1. Per buurt", "Buurt 2", "Noot.",
        "Bron: CBS", "Meer weten", "Let op Klein.", "Tabel 2. Nog een",
    ):  # fmt: skip
        assert part in text, part


def test_the_answer_and_its_key_figures_have_the_second_page_to_themselves(tmp_path: Path) -> None:
    pdf = made(tmp_path, whole())
    first, second, third = (page.extract_text() for page in pdf.pages)
    assert "Inhoudsopgave" in first
    assert "Van 2 doelen" in second
    assert "Wat ontbreekt" in second
    assert "Per buurt." not in second
    assert "Per buurt." in third


def test_an_opening_that_is_too_long_takes_smaller_type(tmp_path: Path) -> None:
    tile = html.tiles([html.Tile("Aantal", "245")])
    lines = html.answer(["Een zin van gewone lengte, die op een regel van de pagina past."] * 46)
    long = html.join(lines, tile, html.section("Daarna", html.paragraph("Slot.")))
    pdf = made(tmp_path, long.blocks)
    assert "Slot." in pdf.pages[2].extract_text()
    assert type_size(pdf, "Een zin", page=1) < SIZES[0] * 1.12


def type_size(pdf: PdfReader, start: str, *, page: int) -> float:
    """Return the size in points in which a line that starts so is set."""
    sizes: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip().startswith(start[:3]):
            sizes.append(abs(size * tm[3] * cm[3]))

    pdf.pages[page].extract_text(visitor_text=visit)
    return min(sizes)


def test_what_was_delivered_never_becomes_markup(tmp_path: Path) -> None:
    data = pd.DataFrame({MARKUP: [MARKUP], "n": [Missing(MARKUP)]})
    shown = html.join(
        html.head(MARKUP, subtitle=MARKUP, facts=[(MARKUP, MARKUP)], banner=MARKUP),
        html.answer([MARKUP]),
        html.tiles([html.Tile(MARKUP, "1", (MARKUP,), spark([1, 2], label=MARKUP))]),
        html.absent([(MARKUP, MARKUP, MARKUP)]),
        html.section(MARKUP, html.paragraph(MARKUP), figure(MARKUP)),
        html.table(data, caption=MARKUP, source=MARKUP, note=MARKUP),
        html.details(MARKUP, html.note(MARKUP)),
    )
    target = tmp_path / "a.pdf"
    write_pdf(shown.blocks, target, title=MARKUP, running=Running(MARKUP, MARKUP, MARKUP, MARKUP))
    text = re.sub(r"\s", "", words(PdfReader(target)))
    # Head 3 (title is not repeated), answer 1, tile 2, absent 3, section 2, table 4 and why, fold 2;
    # the contents repeat 2 headings, and every page its marks.
    assert text.count(re.sub(r"\s", "", MARKUP)) > 18


def test_a_character_that_no_font_has_is_a_square_and_never_an_error(tmp_path: Path) -> None:
    strange = "Caf\u00e9 \u4e2d\u6587 \x00\u200b e\u0301 \U0001f3e0 slot"
    text = words(made(tmp_path, (Heading("Waar"), Paragraph(strange))))
    assert "Café □□ é □ slot" in text


def test_a_table_of_two_hundred_rows_repeats_its_header(tmp_path: Path) -> None:
    pdf = made(tmp_path, (Heading("Waar"), *table(200).blocks))
    texts = [text for text in texts_of(pdf) if "Buurt 1" in text]
    assert len(texts) > 3
    assert all("buurt n Buurt" in text for text in texts)
    assert sum(text.count("Tabel 1") for text in texts) == 1
    assert len(re.findall(r"Buurt \d+", words(pdf))) == 200


def test_a_heading_is_never_the_last_line_of_a_page(tmp_path: Path) -> None:
    for n_lines in range(36, 52, 3):
        blocks = (Heading("Eerst"), *[Paragraph("Regel.")] * n_lines, Heading("Laatst"))
        pdf = made(tmp_path, (*blocks, *table(4).blocks))
        [page] = [text for text in texts_of(pdf)[1:] if "Laatst" in text]
        assert "Tabel 1. Per buurt" in page
        assert "Buurt 0" in page


def test_a_level_that_is_skipped_is_mended_and_not_refused(tmp_path: Path) -> None:
    text = words(made(tmp_path, (Heading("Diep", 4), Heading("Hoog", 2), Heading("Dieper", 4))))
    assert "Dieper" in text


def test_the_same_blocks_give_the_same_bytes(tmp_path: Path) -> None:
    once, twice = tmp_path / "a" / "x.pdf", tmp_path / "b" / "y.pdf"
    blocks = whole()
    for target in (once, twice):
        write_pdf(blocks, target, title="Evaluatie", running=RUNNING)
    assert once.read_bytes() == twice.read_bytes()
    assert b"CreationDate" not in once.read_bytes()


def test_threads_set_documents_side_by_side(tmp_path: Path) -> None:
    blocks, targets = whole(), [tmp_path / f"{i}.pdf" for i in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = [
            pool.submit(write_pdf, blocks, target, title="Evaluatie", running=RUNNING)
            for target in targets
        ]
    assert [future.result() for future in made] == [None] * 4
    assert len({target.read_bytes() for target in targets}) == 1


def test_what_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.pdf"
    write_pdf(whole(), target, title="Evaluatie", running=RUNNING)
    before = target.read_bytes()
    monkeypatch.setattr("wib_lib.pdf.displayable", lambda text: text)
    with pytest.raises(RunError, match=r"^a\.pdf: de PDF kon niet worden opgemaakt") as caught:
        write_pdf((Paragraph("Kerkstraat \u4e2d"),), target, title="A", running=RUNNING)
    assert "Kerkstraat" not in str(caught.value)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def summary(n_rows: int, n_lines: int = 2) -> tuple[Block, ...]:
    return (
        *html.head(
            "RBO", subtitle="Negen gemeenten", facts=[("Venster", "2018")], banner=None
        ).blocks,
        *html.answer(["Van de negen gebieden daalde het aantal in zes."]).blocks,
        *table(n_rows, "De negen").blocks,
        *figure().blocks,
        *html.section(
            "Wat nu", *[html.paragraph("Een besluit over het vervolg.")] * n_lines
        ).blocks,
        *html.absent([("Kosten", "niet geleverd", "Gemeente")]).blocks,
    )


@pytest.mark.parametrize(("n_rows", "n_lines"), [(3, 1), (9, 3), (40, 20), (58, 22)])
def test_the_rbo_summary_takes_two_pages(tmp_path: Path, n_rows: int, n_lines: int) -> None:
    pdf = made(tmp_path, summary(n_rows, n_lines), write_two_pages)
    assert len(pdf.pages) == 2
    assert all(len(text) > 200 for text in texts_of(pdf))
    for part in (f"Buurt {n_rows - 1}", "niet geleverd", "Tabel 1. De negen", "Figuur 1. Per jaar"):
        assert part in words(pdf)


def test_a_summary_that_fits_only_in_smaller_type_takes_that(tmp_path: Path) -> None:
    short, long = (made(tmp_path, summary(n, 22), write_two_pages) for n in (9, 60))
    assert type_size(long, "Een besluit", page=1) < type_size(short, "Een besluit", page=1)
    assert type_size(long, "Een besluit", page=1) >= SIZES[-1] - 0.01


def test_a_summary_that_does_not_fit_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        RunError, match="past niet op twee pagina's A4, ook niet in letters van 8 punten"
    ):
        made(tmp_path, summary(300), write_two_pages)
    with pytest.raises(RunError, match="vult geen twee pagina's"):
        made(tmp_path, (Paragraph("Kort."),), write_two_pages)
    assert not list(tmp_path.rglob("*.pdf"))


def block_of(frame: pd.DataFrame, **how: object) -> Table:
    [block] = html.table(frame, caption="T", **how).blocks
    assert isinstance(block, Table)
    return block


def test_decimals_line_up_and_signs_keep_their_place() -> None:
    mixed = [
        Cell("1.234", 1234),
        Cell("2,25", 2.25),
        Cell("0,5", 0.5),
        Cell("x", None, "onderdrukt"),
    ]
    block = Table("T", ("n",), tuple((cell,) for cell in mixed), "", "", "", None)
    # The longest fraction has two digits: ",00" stands behind a whole number, "0" behind one digit.
    pads = [cell if isinstance(cell, str) else cell["pad"] for [cell] in set_table(block)["rows"]]
    assert pads == [",00", "2,25", "0", ",00"]


def test_numbers_stand_right_and_texts_left() -> None:
    data = pd.DataFrame({"a": ["x1", "x2"], "n": [1, Suppressed(5)], "ja": [True, False]})
    assert set_table(block_of(data))["numeric"] == [False, True, False]


def test_a_table_takes_smaller_type_and_then_a_page_on_its_side(tmp_path: Path) -> None:
    def of(n_columns: int) -> Table:
        return block_of(pd.DataFrame({f"kolom{i}": ["woninginbraak"] for i in range(n_columns)}))

    sizes = [(set_table(of(n))["size"], set_table(of(n))["is_wide"]) for n in range(3, 14)]
    upright = [size for size, is_wide in sizes if not is_wide]
    assert upright == sorted(upright, reverse=True)
    assert set(upright) == set(TABLE_SIZES)
    assert (TABLE_SIZES[0], True) in sizes
    pdf = made(tmp_path, (Heading("Ervoor"), Paragraph("Tekst."), Heading("Breed"), of(12)))
    widths = [round(float(page.mediabox.width)) for page in pdf.pages]
    assert widths == [595, 595, 842]
    assert "Breed" in pdf.pages[2].extract_text()
    assert not set_table(of(13), sideways=False)["is_wide"]


def test_every_column_gets_room_for_its_longest_word() -> None:
    data = pd.DataFrame(
        {"wie": ["Gouda"], "wat": ["een heel verhaal " * 30], "bij": ["samenwerkingsverband"]}
    )
    fit = set_table(block_of(data))
    assert fit["widths"] is not None
    assert fit["widths"][1] > fit["widths"][2] > fit["widths"][0] > 0
    assert not fit["is_tight"]
