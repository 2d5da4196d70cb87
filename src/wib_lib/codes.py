"""Area codes of Statistics Netherlands (GM, WK, BU) and areas built from them.

A buurt code holds its wijk and its gemeente (BU05183819 lies in WK051838 and GM0518), so an
area can be matched at the deepest level that a delivery has. Codes are text: read as numbers
they lose their leading zeros. Letters occur in the last four places (BU0363NL01).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PATTERNS = {
    "gemeente": re.compile(r"GM\d{4}"),
    "wijk": re.compile(r"WK\d{4}[0-9A-Z]{2}"),
    "buurt": re.compile(r"BU\d{4}[0-9A-Z]{4}"),
}
# Official names beside the ones in daily use.
OTHER_NAMES = {"Den Haag": "'s-Gravenhage"}
PREFIXES = {"gemeente": ("GM", 4), "wijk": ("WK", 6), "buurt": ("BU", 8)}
DEEPEST_FIRST = ("buurt", "wijk", "gemeente")


def normalise(codes: pd.Series, level: str) -> pd.Series:
    """
    Bring codes to their full form; what cannot be a code of `level` becomes missing.

    Spaces go, a lost prefix and lost leading zeros come back (`"513 "` is GM0513).

    Parameters
    ----------
    codes : Series of str
    level : {"gemeente", "wijk", "buurt"}

    Examples
    --------
    >>> import pandas as pd
    >>> normalise(pd.Series(["513 ", "GM0627", "Gouda"]), "gemeente").tolist()
    ['GM0513', 'GM0627', nan]
    """
    prefix, width = PREFIXES[level]
    text = codes.astype("str").str.strip().str.upper().str.removeprefix(prefix)
    full = prefix + text.str.zfill(width)
    # At most three leading zeros can be lost (GM0003): "Laak" is a name, not BU0000LAAK.
    return full.where(text.str.len().ge(width - 3) & full.str.fullmatch(PATTERNS[level].pattern))


def normalise_names(names: pd.Series, gemeenten: Mapping[str, str]) -> pd.Series:
    """
    Turn names of gemeenten into codes, whatever the capitals, accents and spaces.

    Parameters
    ----------
    names : Series of str
    gemeenten : mapping of str to str
        Code by name.

    Examples
    --------
    >>> import pandas as pd
    >>> known = {"Den Haag": "GM0518", "Gouda": "GM0513"}
    >>> normalise_names(pd.Series(["'s-Gravenhage ", "GOUDA", "Laak"]), known).tolist()
    ['GM0518', 'GM0513', nan]
    """
    known = {_letters(name): code for name, code in gemeenten.items()}
    for name, other in OTHER_NAMES.items():
        if _letters(name) in known:
            known[_letters(other)] = known[_letters(name)]
    unique = {name: known.get(_letters(name)) for name in names.dropna().unique()}
    return names.map(unique).astype("str")


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", re.sub(r"^gemeente\b", "", plain.strip().lower()))


def normalise_region(codes: pd.Series) -> pd.Series:
    """
    Bring codes of any level to their full form: NL00, GM, WK or BU; a bare number is a gemeente.

    Examples
    --------
    >>> import pandas as pd
    >>> normalise_region(pd.Series(["NL00      ", "513", "WK051301", "?"])).tolist()
    ['NL00', 'GM0513', 'WK051301', nan]
    """
    text = codes.astype("str").str.strip().str.upper()
    known = "|".join(["NL00", *(pattern.pattern for pattern in PATTERNS.values())])
    bare = text.str.fullmatch(r"\d{1,4}").fillna(False).astype(bool)
    full = text.where(~bare, normalise(text.where(bare), "gemeente"))
    return full.where(full.str.fullmatch(known).fillna(False).astype(bool))


def parent(code: str, level: str) -> str:
    """
    Return the wijk or gemeente that holds a deeper code.

    Examples
    --------
    >>> parent("BU05183819", "wijk"), parent("BU05183819", "gemeente")
    ('WK051838', 'GM0518')
    """
    prefix, width = PREFIXES[level]
    return prefix + code[2 : 2 + width]


def level_of(code: str) -> str:
    """
    Name the level of a code; raise ValueError for anything else.

    Examples
    --------
    >>> level_of("WK051838")
    'wijk'
    """
    for level, pattern in PATTERNS.items():
        if pattern.fullmatch(code):
            return level
    raise ValueError(f"not a GM, WK or BU code: {code!r}")


@dataclass(frozen=True)
class Area:
    """
    A gemeente, or a part of one given by its buurten.

    Parameters
    ----------
    gemeente_code : str
        The gemeente that holds the area.
    buurt_codes, wijk_codes : tuple of str
        Empty for a whole gemeente. `wijk_codes` are the wijken that the buurten fill
        completely, so that a delivery without buurten can be matched too.

    Examples
    --------
    >>> import pandas as pd
    >>> laak = Area("GM0518", ("BU05183819",), ("WK051838",))
    >>> places = pd.DataFrame({"gemeente_code": ["GM0518"] * 2, "wijk_code": ["WK051838", "WK051801"]})
    >>> laak.covers(places).tolist()
    [True, False]
    """

    gemeente_code: str
    buurt_codes: tuple[str, ...] = ()
    wijk_codes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether the area is the whole gemeente."""
        return not self.buurt_codes

    @property
    def label(self) -> str:
        """Short identification for manifests: the gemeente code, or that and the wijken."""
        return "+".join((self.gemeente_code, *self.wijk_codes))

    def covers(self, places: pd.DataFrame) -> pd.Series:
        """
        Tell per row of `places` whether it lies in the area.

        Uses `buurt_code` where filled, else `wijk_code`, else (whole gemeente only)
        `gemeente_code`; a row of which the level is missing is outside a part of a gemeente.
        """
        if self.is_whole:
            return places["gemeente_code"].eq(self.gemeente_code).fillna(False).astype(bool)
        import pandas as pd

        inside = pd.Series(False, index=places.index)
        if "wijk_code" in places:
            inside |= places["wijk_code"].isin(self.wijk_codes)
        if "buurt_code" in places:
            known = places["buurt_code"].notna()
            inside = inside.where(~known, places["buurt_code"].isin(self.buurt_codes))
        return inside

    def may_hold(self, place: object) -> bool:
        """
        Tell whether what people wrote as a place may lie in the area.

        Examples
        --------
        >>> laak = Area("GM0518", ("BU05183819",), ("WK051838",))
        >>> laak.may_hold("BU05180101"), laak.may_hold("achterpaden"), laak.may_hold("GM0518")
        (False, True, True)
        """
        try:
            level = level_of(str(place))
        except ValueError:
            return True
        return level == "gemeente" or self.has(str(place))

    def has(self, code: str) -> bool:
        """Tell whether a single GM, WK or BU code lies in the area."""
        if self.is_whole:
            return parent(code, "gemeente") == self.gemeente_code
        known = {"gemeente": (), "wijk": self.wijk_codes, "buurt": self.buurt_codes}
        return code in known[level_of(code)]
