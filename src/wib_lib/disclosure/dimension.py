"""Dimensions: which codes are the exact sum of which other codes.

A gemeente is the sum of its wijken, a year of its months, all burglaries of attempts and
completed ones. One code may be a sum in several ways: Den Haag is Laak and the rest, and is its
wijken. The total over a whole dimension is the code `""`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from wib_lib.errors import TableError

TOTAL = ""
RESERVED = ";="  # part codes from each other in a key


@dataclass(frozen=True)
class Dimension:
    """
    A hierarchy of codes.

    Parameters
    ----------
    name : str
    sums : mapping of str to sequence of tuple of str
        Code to the ways in which it is an exact sum.
    is_overlapping : bool
        Codes overlap without nesting (windows that differ by a month): sums are split into their
        parts even when no table holds a part.

    Raises
    ------
    TableError
        When a code is part of itself, occurs twice in one sum, or cannot stand in a key.

    Examples
    --------
    >>> Dimension("poging", {"": [("poging", "voltooid")]}).codes
    ['', 'poging', 'voltooid']
    """

    name: str
    sums: Mapping[str, Sequence[tuple[str, ...]]]
    is_overlapping: bool = False

    def __post_init__(self) -> None:
        for total, parts in self.ways():
            if not parts or len(set(parts)) < len(parts):
                raise TableError(
                    f"{self.name}: elke som heeft delen, en elk deel één keer; gevonden bij "
                    f"{total or 'totaal'}: {', '.join(parts) or 'geen delen'}"
                )
        for code in (self.name, *self.codes):
            if any(sign in code for sign in RESERVED):
                raise TableError(
                    f"{self.name}: een code mag geen ; of = bevatten, gevonden: {code}"
                )
        self._refuse_circles()

    @property
    def codes(self) -> list[str]:
        """All codes, the total first."""
        found = {code for total, parts in self.ways() for code in (total, *parts)}
        return [TOTAL, *sorted(found - {TOTAL})]

    def ways(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every sum, as total and parts."""
        return [(total, tuple(parts)) for total, ways in self.sums.items() for parts in ways]

    def _refuse_circles(self) -> None:
        settled = set(self.codes) - set(self.sums)
        left = dict(self.sums)
        while left:
            ready = [code for code, ways in left.items() if all(map(settled.issuperset, ways))]
            if not ready:
                raise TableError(
                    f"{self.name}: deze codes zijn deel van zichzelf: {', '.join(left)}"
                )
            settled.update(ready)
            for code in ready:
                del left[code]


def nested(name: str, parents: Mapping[str, str]) -> Dimension:
    """
    Build a hierarchy from each code's parent.

    Parameters
    ----------
    name : str
    parents : mapping of str to str
        Code to the code it is a part of; `""` is the total. Every parent is the exact sum of all
        codes that name it.

    Examples
    --------
    >>> nested("gebied", {"WK184201": "GM1842", "WK184202": "GM1842"}).sums
    {'GM1842': [('WK184201', 'WK184202')]}
    """
    children: dict[str, list[str]] = {}
    for code in sorted(parents):
        children.setdefault(parents[code], []).append(code)
    return Dimension(name, {total: [tuple(parts)] for total, parts in children.items()})


def overlapping(name: str, members: Mapping[str, Collection[str]]) -> Dimension:
    """
    Split codes that overlap into pieces that do not, so that their differences are cells too.

    Two windows that differ by one month share a piece; what is outside it is one month each,
    and the difference of the two published windows is the difference of those months.

    Parameters
    ----------
    name : str
    members : mapping of str to collection of str
        Code to its smallest parts: a window to its months, Laak to its buurten.

    Examples
    --------
    >>> months = [f"2018-{month:02}" for month in range(1, 5)]
    >>> windows = overlapping("periode", {"Q1": months[:3], "feb-apr": months[1:]})
    >>> windows.sums["Q1"], windows.sums["feb-apr"]
    ([('2018-01', '2018-02+2018-03')], [('2018-02+2018-03', '2018-04')])
    """
    owners: dict[str, frozenset[str]] = {}
    for member in sorted({member for group in members.values() for member in group}):
        owners[member] = frozenset(code for code, group in members.items() if member in group)
    pieces: dict[frozenset[str], list[str]] = {}
    for member, codes in owners.items():
        pieces.setdefault(codes, []).append(member)
    names = {codes: _piece(group, members) for codes, group in pieces.items()}
    sums = {
        code: [tuple(sorted(names[codes] for codes in pieces if code in codes))]
        for code in members
        if code not in names.values()
    }
    return Dimension(name, sums, is_overlapping=True)


def _piece(group: list[str], members: Mapping[str, Collection[str]]) -> str:
    same = sorted(code for code, other in members.items() if set(other) == set(group))
    return same[0] if same else "+".join(group)
