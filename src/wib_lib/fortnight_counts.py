"""The two weeks up to the peildatum as tables of counts, for the release.

Two weeks hold few burglaries: of a buurt mostly none, one or two. A buurt below the smallest count
that its readers may see is withheld whether it had any or not, so that its withheld neighbours
cannot be told apart, and ways of burglary are merged until each is large enough. So every cell
that is left may be shown, and none can be worked out from others.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import product

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.evidence import Evidence
from wib_lib.fortnight import METHOD, MOMENT, Covered, Fortnight, with_moment
from wib_lib.fortnight.counts import YEARS
from wib_lib.fortnight.span import N_DAYS

UNKNOWN = "onbekend"
NO_INCIDENTS = Missing("incidenten met een dag zijn niet geleverd")
KINDS = METHOD | MOMENT
MERGED = "+"  # between the categories or buurten that were merged into one


def code_of(days: Fortnight) -> str:
    """
    Write two weeks as the code of a period.

    Examples
    --------
    >>> from datetime import date
    >>> code_of(Fortnight(date(2018, 12, 16)))
    '2018-12-03/2018-12-16'
    """
    return f"{days.start}/{days.last}"


def years_code(days: Fortnight, covered: Covered) -> str:
    """
    Write the same days of earlier years together as the code of a period.

    Examples
    --------
    >>> from datetime import date
    >>> years_code(Fortnight(date(2018, 12, 16)), Covered(date(2015, 1, 1), date(2018, 12, 31)))
    '2018-12-03/2018-12-16 in 2015-2017'
    """
    years = [one.last.year for one in covered.same_days(days, years=YEARS)]
    return f"{code_of(days)} in {min(years)}-{max(years)}"


def is_fortnight(code: str) -> bool:
    """
    Tell a period of two weeks, or its years together, from one of months.

    Examples
    --------
    >>> is_fortnight("2018-12-03/2018-12-16"), is_fortnight("2017-07/2018-06"), is_fortnight("2018")
    (True, False, False)
    """
    return code[10:11] == "/"


def days_of(code: str) -> list[str]:
    """
    Return the days of a period of two weeks; none for years together.

    Examples
    --------
    >>> days_of("2018-12-03/2018-12-16")[-1], days_of("2018-12-03/2018-12-16 in 2015-2017")
    ('2018-12-16', [])
    """
    if not is_fortnight(code) or " " in code:
        return []
    first = pd.Timestamp(code[:10]).date()
    return [str(first + timedelta(days=step)) for step in range(N_DAYS)]


def part_overlap(own: Iterable[str], told: Iterable[str]) -> Fortnight | None:
    """
    Return two weeks told before that share some days, but not all, with one of our own.

    Examples
    --------
    >>> told = ["2018-12-03/2018-12-16"]
    >>> part_overlap(["2018-12-03/2018-12-16"], told), part_overlap(["2018-12-17/2018-12-30"], told)
    (None, None)
    >>> part_overlap(["2018-12-04/2018-12-17"], told).label
    '3 december 2018 tot en met 16 december 2018'
    """
    for code, other in product(sorted(own), sorted(told)):
        if code != other and set(days_of(code)) & set(days_of(other)):
            return Fortnight(date.fromisoformat(other[11:]))
    return None


def covered_by(evidence: Evidence) -> Covered | Missing:
    """Return the days that the incident files cover without a gap."""
    if not any(item.first and item.last for item in evidence.store.of_table("incidenten")):
        return NO_INCIDENTS
    return Covered(*evidence.incident_span)


def fortnight_of(evidence: Evidence) -> Fortnight | Missing:
    """
    Return the two weeks of a run: up to its peildatum, or to the last day that was delivered.

    Missing where these days, the two weeks before, or the same days of five years were not.
    """
    covered = covered_by(evidence)
    if isinstance(covered, Missing):
        return covered
    days = Fortnight(evidence.params.peildatum or covered.last)
    for one in (days, days.before, *(days.earlier(back) for back in range(1, YEARS + 1))):
        refusal = covered.refusal(one)
        if refusal is not None:
            return refusal
    return days


def spans(evidence: Evidence) -> list[Fortnight] | Missing:
    """Return the two weeks, those before, and the same days of the years before."""
    days = fortnight_of(evidence)
    if isinstance(days, Missing):
        return days
    return [days, days.before, *(days.earlier(back) for back in range(1, YEARS + 1))]


def inside(incidents: pd.DataFrame, days: Fortnight) -> pd.DataFrame:
    """Return the incidents of two weeks."""
    return incidents[incidents["day"].between(pd.Timestamp(days.start), pd.Timestamp(days.last))]


def totals(evidence: Evidence) -> dict[str, int] | Missing:
    """Count an area in its two weeks, those before and the same days of earlier years, by code."""
    order, incidents = spans(evidence), evidence.incidents
    if isinstance(order, Missing) or incidents is None:
        return order if isinstance(order, Missing) else NO_INCIDENTS
    return {code_of(days): len(inside(incidents, days)) for days in order}


def by_buurt(
    evidence: Evidence, buurten: Collection[str], *, back: int, minimum: int
) -> pd.DataFrame | Missing:
    """
    Count the buurten of an area in two weeks; all that are too small for their readers together.

    Parameters
    ----------
    evidence : Evidence
    buurten : collection of str
        Codes.
    back : int
        0 for the last two weeks, 1 for those before.
    minimum : int
        Smallest count that may be shown; with 1 every buurt is shown.

    Returns
    -------
    DataFrame or Missing
        Index: code, or the codes of the others joined by `+`; one column, the code of the
        period. It adds up to the area; without a buurt are `onbekend`.
    """
    order, incidents = spans(evidence), evidence.incidents
    if isinstance(order, Missing) or incidents is None:
        return order if isinstance(order, Missing) else NO_INCIDENTS
    places = inside(incidents, order[back])["buurt_code"]
    placed = places.where(places.isin(list(buurten))).fillna(UNKNOWN)
    counts = placed.value_counts().reindex([*sorted(buurten), UNKNOWN], fill_value=0)
    joined = _joined(counts, minimum)
    if len(joined) == 1:
        return Missing(f"in geen enkele buurt zijn er in twee weken {minimum} of meer")
    return pd.DataFrame({code_of(order[back]): joined}).rename_axis("category")


def _joined(counts: pd.Series, minimum: int) -> pd.Series:
    """Join what is below the minimum, zeros too, and more until the rest is none or enough."""
    if minimum <= 1:
        return counts
    order = counts.sort_values(ascending=False, kind="stable")
    n_kept = int((order >= minimum).sum())
    while n_kept and 0 < order.iloc[n_kept:].sum() < minimum:
        n_kept -= 1
    kept, rest = order.iloc[:n_kept], order.iloc[n_kept:]
    others = pd.Series({MERGED.join(sorted(rest.index)): int(rest.sum())})
    joined: pd.Series = pd.concat([kept, others]) if len(rest) else kept
    return joined


def by_kind(evidence: Evidence, column: str) -> pd.DataFrame | Missing:
    """
    Count the categories of a feature in the two weeks and in the same days of earlier years.

    Returns
    -------
    DataFrame or Missing
        Index: category; a column per code of a period.
    """
    order, incidents = spans(evidence), evidence.incidents
    covered = covered_by(evidence)
    if isinstance(order, Missing) or incidents is None or isinstance(covered, Missing):
        return order if isinstance(order, Missing) else NO_INCIDENTS
    now = with_moment(inside(incidents, order[0]))
    before = with_moment(pd.concat([inside(incidents, days) for days in order[2:]]))
    if now[column].isna().all() and before[column].isna().all():
        return Missing("incidenten met dit kenmerk zijn niet geleverd")
    counts = {
        code: rows[column].fillna(UNKNOWN).astype(str).value_counts()
        for code, rows in (
            (code_of(order[0]), now), (years_code(order[0], covered), before)
        )
    }  # fmt: skip
    return pd.DataFrame(counts).fillna(0).astype(int).rename_axis("category")
