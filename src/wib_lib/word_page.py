"""Page, properties and fields of a Word document, which python-docx has no words for.

A field shows what it was given until Word brings it up to date.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wib_lib.pdf import Running

TEXT_WIDTH = 16.0  # centimetres between the margins of A4


def set_properties(made: Any, title: str, running: Running, as_of: date) -> None:
    """Name no person and no machine; the language is Dutch throughout."""
    from docx.oxml.ns import qn

    about = made.core_properties
    about.title, about.subject, about.language = title, running.audience, "nl-NL"
    about.author = about.comments = about.last_modified_by = ""
    about.created = about.modified = datetime(as_of.year, as_of.month, as_of.day)
    made.styles["Normal"].font.name = "Calibri"
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-NL")


def set_page(section: Any, running: Running) -> None:
    """Set A4, and class, date and warning on every page."""
    from docx.shared import Cm

    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - TEXT_WIDTH) / 2)
    top = section.header.paragraphs[0]
    top.text = f"{running.area} · {running.date}"
    if running.banner:
        section.header.add_paragraph(running.banner, style="Header").runs[0].bold = True
    foot = section.footer.paragraphs[0]
    foot.text = f"{running.audience} · blad "
    field(foot, "PAGE", "1")
    foot.add_run(" van ")
    field(foot, "NUMPAGES", "1")


def contents(made: Any, titles: Sequence[str]) -> None:
    """Write a contents field, with the headings in it until Word brings it up to date."""
    from docx.enum.style import WD_STYLE_TYPE

    style = made.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    style.base_style = made.styles["Normal"]
    lines = [made.add_paragraph(style=style) for _ in titles]
    for line, title in zip(lines, titles, strict=True):
        line.paragraph_format.space_after = 0
        if line is lines[0]:
            field_start(line, 'TOC \\o "1-2" \\h \\z \\u')
        line.add_run(title)
    if lines:
        lines[-1].add_run()._r.append(element("fldChar", fldCharType="end"))


def field(line: Any, code: str, shown: str) -> None:
    """Write a field of Word with what it shows until it is brought up to date."""
    field_start(line, code)
    line.add_run(shown)
    line.add_run()._r.append(element("fldChar", fldCharType="end"))


def field_start(line: Any, code: str) -> None:
    """Open a field; what follows is shown until its end."""
    line.add_run()._r.append(element("fldChar", fldCharType="begin"))
    instruction = element("instrText")
    instruction.text = f" {code} "
    line.add_run()._r.append(instruction)
    line.add_run()._r.append(element("fldChar", fldCharType="separate"))


def element(name: str, **attributes: str) -> Any:
    """Make an element of WordprocessingML."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
