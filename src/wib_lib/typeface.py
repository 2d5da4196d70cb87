"""The fonts of what is printed: which they are, what they can show, how wide a text is.

Source Sans (Adobe, SIL Open Font License) comes with this package; DejaVu Sans comes with
matplotlib and lends the signs that Source Sans lacks. No font of the machine takes part, so a page
is the same everywhere.
"""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

HOUSE = files("wib_lib") / "assets" / "fonts"
REGULAR, BOLD = "SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf"
UNKNOWN = "\N{WHITE SQUARE}"


def folders() -> list[str]:
    """Return the folders of the fonts."""
    import matplotlib as mpl

    return [str(HOUSE), str(Path(mpl.get_data_path()) / "fonts" / "ttf")]


def displayable(text: str) -> str:
    r"""
    Replace what these fonts cannot show: PDF/UA asks a glyph for every character.

    Control characters go, a line break becomes a space, anything else becomes a white square.

    Examples
    --------
    >>> displayable("Café ≤ 5 ✕\x00"), displayable("中 a\nb")
    ('Café ≤ 5 ✕', '□ a b')
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_character, unicodedata.normalize("NFC", text)))


def width(text: str, *, bold: bool = False) -> float:
    """
    Measure a text on one line, in em.

    Examples
    --------
    >>> width("mmm") > width("iii")
    True
    """
    return sum(_advance(character, bold) for character in text)


@cache
def _character(character: str) -> str:
    if character in "\t\r\n":
        return " "
    if unicodedata.category(character).startswith("C"):
        return ""
    faces = (_face(REGULAR), _spare())
    return character if any(face.get_char_index(ord(character)) for face in faces) else UNKNOWN


@cache
def _advance(character: str, bold: bool) -> float:
    from matplotlib.ft2font import LoadFlags

    faces = (_face(BOLD if bold else REGULAR), _spare())
    face = next((face for face in faces if face.get_char_index(ord(character))), faces[-1])
    glyph = face.load_char(ord(character), flags=LoadFlags.NO_SCALE)
    return float(glyph.horiAdvance) / face.units_per_EM


@cache
def _face(name: str) -> "FT2Font":
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(HOUSE / name))


@cache
def _spare() -> "FT2Font":
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(Path(folders()[1]) / "DejaVuSans.ttf"))
