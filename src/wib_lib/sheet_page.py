"""A sheet of a spreadsheet that is filled from the top down: texts, links, marks, print settings.

What stands on every sheet, on screen and in print, is set here: class, warning, date.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wib_lib.palette import INK, MARK
from wib_lib.pdf import Running

LINE_LENGTH, LINE_HEIGHT = 95, 15  # characters of a line above or below a table; points
PRINTED_ACROSS = 100  # characters that fit A4 upright
RUNNING_LENGTH = 230  # Excel allows 255 in a header or footer, codes included
A4 = 9


@dataclass
class Looks:
    """Formats of one workbook, each made once."""

    book: Any
    made: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def __call__(self, **properties: Any) -> Any:
        """Return the format with these properties of xlsxwriter."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"font_color": INK, **properties})
        return self.made[key]


class Page:
    """A sheet that is filled from the top down."""

    def __init__(self, book: Any, name: str, looks: Looks, running: Running) -> None:
        self.sheet, self.looks, self.running, self.row = book.add_worksheet(name), looks, running, 0
        self.sheet.hide_gridlines(2)
        self.sheet.set_paper(A4)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.9)
        first = _plain(f"{running.area} · {running.date}", RUNNING_LENGTH // 2)
        second = _plain(running.banner or "", RUNNING_LENGTH // 2)
        self.sheet.set_header(f"&L{first}\n{second}&Rblad &P van &N")
        class_lines = textwrap.wrap(_plain(running.audience, RUNNING_LENGTH), LINE_LENGTH)
        self.sheet.set_footer("&L" + "\n".join(class_lines))

    def lines(self, text: str, length: int = LINE_LENGTH, **look: Any) -> None:
        """Write a text below what is there; it runs on over the empty cells beside it."""
        for line in textwrap.wrap(text, length):
            self.text(0, line, **look)
            self.row += 1

    def text(self, column: int, text: str, **look: Any) -> None:
        """Write a text in this row, that stays text when someone edits the cell."""
        if text.startswith(("=", "+", "-", "@", "'")):
            look["quote_prefix"] = True
        self.sheet.write_string(self.row, column, text, self.looks(**look))

    def heighten(self, texts: Sequence[str], widths: Sequence[float]) -> None:
        """Make this row as high as its longest text needs; not every program does so itself."""
        wrapped = (textwrap.wrap(t, int(w) - 3) for t, w in zip(texts, widths, strict=False))
        n_lines = max(map(len, wrapped), default=1)
        if n_lines > 1:
            self.sheet.set_row(self.row, LINE_HEIGHT * n_lines)

    def fit(self, width: float) -> None:
        """Print on the width of one page, on its side when the sheet is wide."""
        self.sheet.fit_to_pages(1, 0)
        if width > PRINTED_ACROSS:
            self.sheet.set_landscape()

    def link(self, column: int, name: str, text: str) -> None:
        """Write a link to a sheet."""
        place = name.replace("'", "''")
        look = self.looks(font_color="#1F5A99", underline=1, valign="top")
        self.sheet.write_url(self.row, column, f"internal:'{place}'!A1", look, text)

    def marks(self) -> None:
        """Say on the sheet itself for whom it is and whether it is real."""
        if self.running.banner:
            self.lines(self.running.banner, bold=True, font_color=MARK)
        self.lines(f"Bestemd voor: {self.running.audience}")


def _plain(text: str, room: int) -> str:
    """Keep a text out of Excel's codes for headers, and cut it where it would not fit."""
    return textwrap.shorten(text.replace("&", "&&"), room, placeholder="…")
