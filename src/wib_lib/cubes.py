"""The tables of police counts that packs show, each declared once.

A declaration says what a table counts, by which dimensions, and what kind of content it is to the
privacy matrix. From it the release works out which cells each audience may see, over all tables
and areas together; a notebook then looks cells up and counts nothing itself. A new table is one
function and one line in `TABLES`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from wib_lib import fortnight_counts
from wib_lib.absent import Missing, Value, is_known
from wib_lib.checklist.profile import by_category, n_repeats
from wib_lib.codes import Area, parent
from wib_lib.day_parts import SUMS, UNUSED, week_counts
from wib_lib.disclosure import merge_small
from wib_lib.evidence import Evidence
from wib_lib.goals import base_window
from wib_lib.hot_times import USED
from wib_lib.keyfigures import n_cleared
from wib_lib.periods import Window, add_months

MEASURE = "incidenten"
YES, NO, KNOWN, UNKNOWN = "ja", "nee", "bekend", "onbekend"
QUARTER = 3  # months: from here on a period is as long as the matrix allows whole
TOP = 10  # categories of one table
NO_PARTS = Missing("de levering plaatst woninginbraken niet in buurten")
NO_FEATURE = Missing("incidenten met dit kenmerk zijn niet geleverd")
Cells = list[dict[str, object]]


@dataclass(frozen=True)
class Declared:
    """
    One table of counts.

    Parameters
    ----------
    text : str
        What the analyst knows it by.
    kind : str
        Content kind of `wib_lib.audiences.MATRIX`, for rows that do not name their own.
    dimensions : tuple of str
    cells : callable
        From an area and the smallest count to rows with a code per dimension, `n`, and where
        they differ `kind`, `is_public` and `is_published`; or why there are none.
    """

    text: str
    kind: str
    dimensions: tuple[str, ...]
    cells: Callable[["Counted", int], Cells | Missing]


@dataclass(frozen=True)
class Counted:
    """An area on its way into the tables: its evidence, and what it is the sum of."""

    evidence: Evidence

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """Which parts the area and its wijken are the exact sum of; empty without buurten."""
        return part_sums(self.evidence)

    @cached_property
    def placed(self) -> Mapping[Window, Mapping[str, pd.DataFrame]]:
        """Incidents of the window and the ones before by place: buurt, wijk, and in none."""
        return {window: self._placed(window) for window in years(self.evidence)}

    def _placed(self, window: Window) -> dict[str, pd.DataFrame]:
        incidents = self.evidence.incidents
        assert incidents is not None
        first, last = pd.Timestamp(window.start), pd.Timestamp(window.last)
        narrow = incidents[["buurt_code", "poging_jn"]]
        inside = narrow[incidents["day"].between(first, last)]
        own = area_code(self.evidence.area)
        wijken = {code: parts for code, parts in self.parts.items() if code != own}
        buurten = [code for parts in wijken.values() for code in parts]
        groups = dict(tuple(inside.groupby("buurt_code")))
        found = {code: groups.get(code, inside.iloc[:0]) for code in buurten}
        found |= {code: inside[inside["buurt_code"].isin(parts)] for code, parts in wijken.items()}
        return found | {f"{own}-{UNKNOWN}": inside[~inside["buurt_code"].isin(buurten)]}


def period_code(window: Window) -> str:
    """
    Write a period as a code: a year, a month, or its first and last month.

    Examples
    --------
    >>> from datetime import date
    >>> period_code(Window(date(2018, 1, 1))), period_code(Window(date(2018, 1, 1), 1))
    ('2018', '2018-01')
    >>> period_code(Window(date(2017, 7, 1)))
    '2017-07/2018-06'
    """
    if window.is_calendar_year():
        return str(window.start.year)
    months = months_of(window)
    return months[0] if len(months) == 1 else f"{months[0]}/{months[-1]}"


def months_of(window: Window) -> list[str]:
    """Return the codes of the months of a window."""
    return [f"{add_months(window.start, step):%Y-%m}" for step in range(window.n_months)]


def window_of(code: str) -> Window:
    """
    Read back what `period_code` wrote.

    Examples
    --------
    >>> period_code(window_of("2017-07/2018-06"))
    '2017-07/2018-06'
    """
    first, _, last = code.partition("/")
    if len(first) == 4:
        return Window(pd.Timestamp(f"{first}-01-01").date())
    start, end = (pd.Timestamp(f"{month}-01").date() for month in (first, last or first))
    return Window(start, (end.year - start.year) * 12 + end.month - start.month + 1)


def area_code(area: Area) -> str:
    """
    Write an area as one code: a gemeente, or the parts that make it.

    Examples
    --------
    >>> area_code(Area("GM0513")), area_code(Area("GM0518", ("BU05183819",), ("WK051838",)))
    ('GM0513', 'GM0518+WK051838')
    """
    if area.is_whole:
        return area.gemeente_code
    return "+".join([area.gemeente_code, *(area.wijk_codes or area.buurt_codes)])


def years(evidence: Evidence) -> list[Window]:
    """Return the years before the window and the window, oldest first."""
    params = evidence.params
    return [params.window.earlier(back) for back in range(params.jaren_voor, -1, -1)]


def windows(evidence: Evidence) -> list[Window]:
    """Return the periods that packs sum over: the window, the years before, bases of goals."""
    bases = [base_window(goal) for goal in evidence.params.doelen if goal.basis is not None]
    return list(dict.fromkeys([*years(evidence), *bases]))


def pair(evidence: Evidence) -> tuple[Window, Window]:
    """Return the window and the one before, which most tables set side by side."""
    return evidence.params.window, evidence.params.window.earlier(1)


def _totals(counted: Counted, minimum: int) -> Cells | Missing:
    evidence = counted.evidence
    series = evidence.series
    if isinstance(series, Missing):
        return series
    code = area_code(evidence.area)
    first = pd.Timestamp(min(window.start for window in windows(evidence)))
    last = pd.Timestamp(evidence.params.window.end)
    rows = series.rows[series.rows["start"].ge(first) & series.rows["end"].le(last)]
    counts: dict[Window, Value] = {
        _span(start, end): int(n)
        for start, end, n in zip(rows["start"], rows["end"], rows["n_burglaries"], strict=True)
        if pd.notna(n)
    }
    public = {span for span in counts if evidence.is_open(code, span)}
    counts |= {window: series.total(window) for window in windows(evidence)}
    public |= {window for window in windows(evidence) if code in evidence.open_counts(window)}
    return [
        {
            "gebied": code,
            "periode": period_code(span),
            "n": n,
            "kind": "gemeente_jaar" if span.n_months >= QUARTER else "gemeente_maand",
            "is_public": series.is_public or span in public,
        }
        for span, n in counts.items()
        if is_known(n)
    ]


def _span(start: pd.Timestamp, end: pd.Timestamp) -> Window:
    return Window(start.date(), (end.year - start.year) * 12 + end.month - start.month)


def _attempts(counted: Counted, minimum: int) -> Cells | Missing:
    evidence = counted.evidence
    series = evidence.series
    if isinstance(series, Missing):
        return series
    cells: Cells = []
    for window in windows(evidence):
        n, known, attempts = (
            series.total(window, name) for name in ("n_burglaries", "n_kind_known", "n_attempts")
        )
        if is_known(n) and is_known(known) and is_known(attempts):
            counts = _by_attempt(int(n), int(known), int(attempts))
            cells += _crossed(area_code(evidence.area), window, "poging", counts)
    public = {"is_public": True} if series.is_public else {}
    return [cell | public for cell in cells] or Missing("pogingen zijn niet geleverd")


def _by_attempt(n: int, known: int, attempts: int) -> dict[str, int]:
    return {YES: attempts, NO: known - attempts, KNOWN: known, UNKNOWN: n - known}


def _crossed(gebied: str, window: Window, dimension: str, counts: Mapping[str, int]) -> Cells:
    """Cells of one area and window; how often a feature is not filled in tells of no burglary."""
    about = {"gebied": gebied, "periode": period_code(window)}
    quality = {code: {"kind": "kwaliteit"} for code in (KNOWN, UNKNOWN)}
    return [about | {dimension: code, "n": n} | quality.get(code, {}) for code, n in counts.items()]


def _cleared(counted: Counted, minimum: int) -> Cells | Missing:
    evidence = counted.evidence
    if evidence.incidents is None or isinstance(evidence.series, Missing):
        return Missing("opheldering is niet geleverd")
    cells: Cells = []
    found: Value = Missing("opheldering is niet geleverd")
    for window in pair(evidence):
        n = evidence.series.total(window)
        found = n_cleared(
            evidence.incidents,
            window,
            day="day",
            follow_up_days=evidence.follow_up_days,
        )
        if is_known(n) and is_known(found):
            counts = {YES: int(found), NO: int(n) - int(found)}
            cells += _crossed(area_code(evidence.area), window, "opgehelderd", counts)
    return cells or (found if isinstance(found, Missing) else NO_FEATURE)


def _parts(counted: Counted, minimum: int) -> Cells | Missing:
    evidence = counted.evidence
    if not counted.parts:
        return NO_PARTS
    cells: Cells = []
    for window in _delivered(evidence, years(evidence)):
        public = evidence.open_counts(window)
        kind = "deel_jaar" if window.n_months >= QUARTER else "deel_kenmerk"
        for code, rows in counted.placed[window].items():
            cell = {"gebied": code, "periode": period_code(window), "n": len(rows), "kind": kind}
            is_public = evidence.counts.is_public or code in public
            cells.append(cell | {"is_public": is_public} | _unplaced(code))
    return cells


def _delivered(evidence: Evidence, chosen: Iterable[Window]) -> list[Window]:
    """Keep the periods that the delivery covers: of another, no burglaries is not zero."""
    return [window for window in chosen if is_known(evidence.counts.total(window))]


def _wijk_attempts(counted: Counted, minimum: int) -> Cells | Missing:
    evidence = counted.evidence
    if not counted.parts:
        return NO_PARTS
    cells: Cells = []
    for window in pair(evidence):
        for code, rows in counted.placed[window].items():
            if code.startswith("BU"):
                continue
            known = rows["poging_jn"].dropna()
            counts = _by_attempt(len(rows), len(known), int(known.sum()))
            # Of so small a total every part is nearly known: none is shown.
            about = _unplaced(code) | ({"is_published": False} if len(rows) < minimum else {})
            cells += [cell | about for cell in _crossed(code, window, "poging", counts)]
    if not any(cell["n"] for cell in cells if cell["poging"] == KNOWN):
        return Missing("pogingen zijn niet geleverd")
    return cells


def _unplaced(code: str) -> dict[str, object]:
    return {"kind": "kwaliteit"} if code.endswith(UNKNOWN) else {}


def part_sums(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Say which parts an area and its wijken are the exact sum of; empty without buurten."""
    parts = evidence.parts(evidence.params.window.start.year)
    if parts is None:
        return {}
    wijken: dict[str, list[str]] = {}
    for code in sorted(parts["code"]):
        wijken.setdefault(parent(code, "wijk"), []).append(code)
    own = area_code(evidence.area)
    sums = {wijk: tuple(buurten) for wijk, buurten in wijken.items()}
    return sums | {own: (*wijken, f"{own}-{UNKNOWN}")}


def _kind(name: str, *columns: str) -> Declared:
    """Declare counts by category, small ones merged so that the total stays true."""

    def cells(counted: Counted, minimum: int) -> Cells | Missing:
        evidence = counted.evidence
        incidents = evidence.incidents
        if incidents is None or any(incidents[column].isna().all() for column in columns):
            return NO_FEATURE
        spans = {period_code(window): window for window in pair(evidence)}
        counts = by_category(incidents, list(columns), spans)
        return _merged(counts, minimum, name, area_code(evidence.area))

    return Declared(name.replace("_", " "), "werkwijze", ("gebied", "periode", name), cells)


def _merged(counts: pd.DataFrame, minimum: int, dimension: str, prefix: str) -> Cells | Missing:
    """Give counts by category (rows) and period (columns) as cells, small categories merged."""
    counts = counts[counts.sum(axis=1) > 0]
    merged = merge_small(counts, minimum=minimum, top=TOP)
    if merged.empty:
        return Missing(f"te weinig feiten om te tonen (minder dan {minimum} per categorie)")
    rest = "+".join(sorted(counts.index.difference(merged.index)))
    merged.index = [name if name in counts.index else rest for name in merged.index]
    return _by_category(merged, dimension, prefix)


def _by_category(counts: pd.DataFrame, dimension: str, prefix: str) -> Cells:
    own = prefix.partition("/")[0]
    return [
        {"gebied": own, "periode": period, dimension: f"{prefix}/{name}", "n": int(n)}
        for period in counts
        for name, n in counts[period].items()
    ]


def _fortnights(counted: Counted, minimum: int) -> Cells | Missing:
    found = fortnight_counts.totals(counted.evidence)
    if isinstance(found, Missing):
        return found
    own = {"gebied": area_code(counted.evidence.area), "kind": "gemeente_twee_weken"}
    return [own | {"periode": code, "n": n} for code, n in found.items()]


def _fortnight_parts(name: str, back: int) -> Declared:
    """Declare two weeks by buurt, the small ones together."""

    def cells(counted: Counted, minimum: int) -> Cells | Missing:
        own = area_code(counted.evidence.area)
        buurten = [code for place, ones in counted.parts.items() if place != own for code in ones]
        if not buurten:
            return NO_PARTS
        found = fortnight_counts.by_buurt(counted.evidence, buurten, back=back, minimum=minimum)
        if isinstance(found, Missing):
            return found
        return _by_category(found, FORTNIGHT_PART, f"{own}/{name}")

    return Declared(
        "twee weken per buurt", "deel_kenmerk", (*PLACE_AND_TIME, FORTNIGHT_PART), cells
    )


def _fortnight_kind(name: str, column: str) -> Declared:
    """Declare the two weeks by category, beside the same days of earlier years."""

    def cells(counted: Counted, minimum: int) -> Cells | Missing:
        counts = fortnight_counts.by_kind(counted.evidence, column)
        if isinstance(counts, Missing):
            return counts
        own = area_code(counted.evidence.area)
        return _merged(counts, minimum, FORTNIGHT_PART, f"{own}/{name}")

    text = f"twee weken, {fortnight_counts.KINDS[column]}"
    return Declared(text, "deel_kenmerk", (*PLACE_AND_TIME, FORTNIGHT_PART), cells)


def _repeats(counted: Counted, minimum: int) -> Cells | Missing:
    evidence = counted.evidence
    incidents, window = evidence.incidents, evidence.params.window
    if incidents is None or incidents["adres_pseudo"].isna().all():
        return NO_FEATURE
    n = evidence.counts.total(window)
    if not is_known(n):
        return Missing("het venster is niet geleverd")
    again = n_repeats(incidents, window)
    return _crossed(area_code(evidence.area), window, "herhaling", {YES: again, NO: int(n) - again})


def _times(counted: Counted, minimum: int) -> Cells | Missing:
    evidence = counted.evidence
    incidents = evidence.incidents
    if incidents is None or incidents["pleeg_tot"].isna().all():
        return Missing("van geen enkel feit zijn begin en eind geleverd")
    cells: Cells = []
    own = area_code(evidence.area)
    for window in _delivered(evidence, pair(evidence)):
        inside = incidents["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
        counts = week_counts(incidents[inside])
        about = {"gebied": own, "periode": period_code(window)}
        for code, n in counts.items():
            quality = {"kind": "kwaliteit"} if code in (USED, UNUSED) else {}
            cells.append(about | {"tijd": code, "n": n} | quality)
    return cells or Missing("het venster is niet geleverd")


PLACE_AND_TIME = ("gebied", "periode")
FORTNIGHT = "twee_weken"
FORTNIGHT_PARTS = ("twee_weken_buurt", "vorige_twee_weken_buurt")
FORTNIGHT_KINDS = {f"{FORTNIGHT}_{column}": column for column in fortnight_counts.KINDS}
FORTNIGHT_PART = "twee_weken_deel"  # one dimension for all that two weeks are divided by
TABLES: Mapping[str, Declared] = {
    "aantallen": Declared("aantallen", "gemeente_jaar", PLACE_AND_TIME, _totals),
    "pogingen": Declared("pogingen", "gemeente_kenmerk", (*PLACE_AND_TIME, "poging"), _attempts),
    "opheldering": Declared(
        "opheldering", "gemeente_kenmerk", (*PLACE_AND_TIME, "opgehelderd"), _cleared
    ),
    "delen": Declared("wijken en buurten", "deel_jaar", PLACE_AND_TIME, _parts),
    "pogingen_per_wijk": Declared(
        "pogingen per wijk", "deel_kenmerk", (*PLACE_AND_TIME, "poging"), _wijk_attempts
    ),
    "kwetsbaarheden": _kind("toegang", "mo_toegang", "mo_methode"),
    "binnenkomst": _kind("binnenkomst", "mo_binnenkomst"),
    "woningtype": _kind("woningtype", "woningtype"),
    "herhaling": Declared("herhaling", "herhaling", (*PLACE_AND_TIME, "herhaling"), _repeats),
    "tijden": Declared("dagdelen", "werkwijze", (*PLACE_AND_TIME, "tijd"), _times),
    FORTNIGHT: Declared("twee weken", "deel_kenmerk", PLACE_AND_TIME, _fortnights),
    **{name: _fortnight_parts(name, back) for back, name in enumerate(FORTNIGHT_PARTS)},
    **{name: _fortnight_kind(name, column) for name, column in FORTNIGHT_KINDS.items()},
}
# Tables of which every cell may be shown as it is, by merging what is small: they hide nothing, so
# they are no part of the system of sums. No table shows the same days by the same features.
APART = frozenset({FORTNIGHT, *FORTNIGHT_PARTS, *FORTNIGHT_KINDS})
# Those of them that divide two weeks, into ways, moments or buurten.
DIVIDED = (*FORTNIGHT_PARTS, *FORTNIGHT_KINDS)
# Tables of which the nine areas together are shown too.
TOGETHER = ("aantallen", "pogingen", "opheldering")
NINE = "negen"
# What a feature divides an area's incidents into, whatever the area.
FEATURES: Mapping[str, Mapping[str, Iterable[tuple[str, ...]]]] = {
    "poging": {"": [(KNOWN, UNKNOWN)], KNOWN: [(YES, NO)]},
    "opgehelderd": {"": [(YES, NO)]},
    "herhaling": {"": [(YES, NO)]},
    "tijd": SUMS,
}
