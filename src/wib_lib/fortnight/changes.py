"""Has the way of burglary changed? The mix of two weeks against the same days of earlier years.

Two weeks hold few burglaries, and a mix of few always looks different. A category gets a verdict
only from `MIN_KNOWN` burglaries of which the kind is known and `MIN_CATEGORY` of the category,
found or to be expected; below that "te weinig om te zeggen". The test is Fisher's exact one, given
how many there were in both, so that a change of level is no change of kind; Benjamini & Hochberg
(1995) over all categories, those too small for a verdict included: which ones are large enough is
itself a matter of chance.

Burglaries of one offender or one night are alike, which the test does not know: it is rather too
quick than too slow to see a change.
"""

from collections.abc import Mapping

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.disclosure import percentage
from wib_lib.fortnight.counts import YEARS
from wib_lib.fortnight.span import Covered, Fortnight
from wib_lib.tables import require_columns

METHOD = {"mo_toegang": "toegang", "mo_methode": "methode", "mo_binnenkomst": "binnenkomst"}
UNKNOWN = "onbekend"
MIN_KNOWN, MIN_CATEGORY = 10, 5
MORE, LESS, SAME = "vaker", "minder vaak", "geen verschil aan te tonen"
TOO_FEW, NOT_JUDGED = "te weinig om te zeggen", "niet beoordeeld"


def changes(
    incidents: pd.DataFrame,
    columns: Mapping[str, str],
    days: Fortnight,
    *,
    covered: Covered,
    years: int = YEARS,
    alpha: float = 0.05,
) -> pd.DataFrame | Missing:
    """
    Compare categories of the last two weeks with the same days of earlier years.

    Parameters
    ----------
    incidents : DataFrame
        With `day` and the columns.
    columns : mapping of str to str
        Column to Dutch name of the kind, such as `METHOD` or `MOMENT`.
    days : Fortnight
    covered : Covered
    years : int
    alpha : float
        False discovery rate over all categories that are judged.

    Returns
    -------
    DataFrame or Missing
        Per kind and category: `kind`, `category`, `n_now`, `n_before` (the two weeks before),
        `n_years` (the same days of all compared years together), `pct_now`, `pct_years` (Values,
        of what is known), `p`, `q` (NaN where not judged) and `verdict`. What is not known is a
        row that is not judged. `attrs["years"]` has the years compared with.
    """
    refusal = covered.refusal(days)
    if refusal is not None:
        return refusal
    same = covered.same_days(days, years=years)
    if not same:
        return Missing("dezelfde twee weken van eerdere jaren zijn niet geleverd")
    require_columns(incidents, ["day", *columns], name="incidents")
    from scipy.stats import false_discovery_control

    tables = [
        _counts(incidents, column, [[days], [days.before], same]).assign(kind=kind)
        for column, kind in columns.items()
    ]
    table = pd.concat([_tested(one) for one in tables], ignore_index=True)
    tested = table["p"].dropna()
    table["q"] = pd.Series(false_discovery_control(tested), tested.index, dtype=float)
    table["verdict"] = _verdicts(table, alpha)
    table.loc[table["verdict"].isin([TOO_FEW, NOT_JUDGED]), ["p", "q"]] = float("nan")
    table.attrs["years"] = [one.last.year for one in same]
    return table[["kind", "category", "n_now", "n_before", "n_years", "pct_now", "pct_years",
                  "p", "q", "verdict"]]  # fmt: skip


def _counts(incidents: pd.DataFrame, column: str, groups: list[list[Fortnight]]) -> pd.DataFrame:
    """Count the categories of a column in groups of fortnights; unknown last."""
    kind = incidents[column].fillna(UNKNOWN).astype(str)
    counted = {
        name: kind[_inside(incidents["day"], group)].value_counts()
        for name, group in zip(("n_now", "n_before", "n_years"), groups, strict=True)
    }
    table = pd.DataFrame(counted).fillna(0).astype(int).rename_axis("category").reset_index()
    table["is_unknown"] = table["category"].eq(UNKNOWN)
    order = ["is_unknown", "n_now", "n_years", "category"]
    return table.sort_values(order, ascending=[True, False, False, True])


def _inside(day: pd.Series, group: list[Fortnight]) -> pd.Series:
    inside = pd.Series(False, index=day.index)
    for one in group:
        inside |= day.between(pd.Timestamp(one.start), pd.Timestamp(one.last))
    return inside


def _tested(table: pd.DataFrame) -> pd.DataFrame:
    """Add shares of what is known and, with enough of them, the exact p of each category."""
    is_known = ~table["is_unknown"]
    now, before = (int(table.loc[is_known, name].sum()) for name in ("n_now", "n_years"))
    is_tested = is_known & (min(now, before) >= MIN_KNOWN)
    p = [
        _exact_p(n, now, earlier, before) if tested else float("nan")
        for n, earlier, tested in zip(table["n_now"], table["n_years"], is_tested, strict=True)
    ]
    return table.assign(
        p=p,
        gap=table["n_now"] / max(now, 1) - table["n_years"] / max(before, 1),
        most=table["n_now"].clip(lower=table["n_years"] * now / max(before, 1)),
        pct_now=_percentages(table["n_now"], now, is_known),
        pct_years=_percentages(table["n_years"], before, is_known),
    )


def _verdicts(table: pd.DataFrame, alpha: float) -> pd.Series:
    seen = table["q"] <= alpha
    verdict = pd.Series(SAME, index=table.index)
    verdict = verdict.mask(seen & (table["gap"] > 0), MORE).mask(seen & (table["gap"] < 0), LESS)
    verdict = verdict.mask(table["p"].isna() | (table["most"] < MIN_CATEGORY), TOO_FEW)
    return verdict.mask(table["is_unknown"], NOT_JUDGED)


def _exact_p(n: int, now: int, earlier: int, before: int) -> float:
    """Two-sided Fisher test of the category against the rest, now against earlier years."""
    table = [[n, now - n], [earlier, before - earlier]]
    from scipy.stats import fisher_exact

    return float(fisher_exact(table, alternative="two-sided").pvalue)


def _percentages(counts: pd.Series, whole: int, known: pd.Series) -> pd.Series:
    absent = Missing("niet bekend welke")
    values = [
        percentage(int(n), whole) if is_known else absent
        for n, is_known in zip(counts, known, strict=True)
    ]
    return pd.Series(values, index=counts.index, dtype=object)
