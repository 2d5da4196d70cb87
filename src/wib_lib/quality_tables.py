"""Tables behind the findings about a delivery, screened for small counts; places are not among them."""

import pandas as pd

from wib_lib import dutch
from wib_lib.absent import Missing, Suppressed
from wib_lib.data_quality import Quality
from wib_lib.disclosure import percentage, screened_part
from wib_lib.tables import INCIDENTEN


def filled_grid(quality: Quality | Missing, *, minimum: int) -> pd.DataFrame | Missing:
    """
    Share filled per field (rows, by their meaning) and month (columns), for a figure.

    A month with fewer incidents than `minimum` is `Suppressed`; fields that were not delivered
    stay as rows without a figure.
    """
    if isinstance(quality, Missing):
        return quality
    rows = quality.filled
    share = rows["share_filled"].astype(object).where(rows["n"].gt(0), Missing("geen incidenten"))
    share = share.mask(rows["n"].between(1, minimum - 1), Suppressed(minimum))
    wide = rows.assign(share=share).pivot(index="column", columns="month", values="share")
    wide = wide.reindex(rows["column"].unique())
    return wide.set_axis([_meaning(name) for name in wide.index])


def filled_words(quality: Quality | Missing, *, most: int = 8) -> str:
    """Put the figure into words: the delivered fields that are filled least."""
    if isinstance(quality, Missing):
        return quality.reason
    sums = quality.filled.groupby("column", sort=False)[["n", "n_filled"]].sum()
    share = (sums["n_filled"] / sums["n"])[sums["n"] >= 10].sort_values(kind="stable").head(most)
    words = [f"{_meaning(name)} {dutch.percent(100 * s, 0)}" for name, s in share.items()]
    return f"Minst gevuld: {'; '.join(words)}." if words else "Geen velden geleverd."


def unknown_table(quality: Quality | Missing, *, minimum: int) -> pd.DataFrame | Missing:
    """Share unknown per classification and year, in per cents."""
    if isinstance(quality, Missing):
        return quality
    if quality.unknown.empty:
        return Missing("geen van de indelende velden is geleverd")
    unknown = quality.unknown
    pct = _percentages(unknown["n_unknown"], unknown["n"], minimum)
    wide = unknown.assign(pct=pct).pivot(index="column", columns="year", values="pct")
    wide = wide.reindex(unknown["column"].unique())
    wide.columns = pd.Index([str(year) for year in wide.columns])
    wide.insert(0, "Veld", [_meaning(name) for name in wide.index])
    return wide.reset_index(drop=True)


def delay_table(quality: Quality | Missing, *, minimum: int) -> pd.DataFrame | Missing:
    """Days between offence and kennisname per year; shares in per cents."""
    if isinstance(quality, Missing):
        return quality
    delay = quality.delay
    if delay.empty:
        return Missing("de pleegtijd is niet geleverd")
    labels = {
        "n_over_7": "Meer dan 7 dagen (%)",
        "n_over_30": "Meer dan 30 dagen (%)",
        "n_later_month": "In een latere maand (%)",
        "n_later_year": "In een later jaar (%)",
    }
    shown = pd.DataFrame(
        {"Jaar": delay["year"].astype(str), "Mediaan in dagen": delay["median_days"]}
    )
    n_of = delay["n"] - delay["n_before"]
    for name, label in labels.items():
        shown[label] = _percentages(delay[name], n_of, minimum)
    return shown


def _percentages(n: pd.Series, n_of: pd.Series, minimum: int) -> pd.Series:
    """Write shares in per cents; small parts, or small remainders, are withheld."""
    found = [
        percentage(screened_part(part, whole, minimum=minimum), whole)
        for part, whole in zip(n.astype(int), n_of.astype(int), strict=True)
    ]
    return pd.Series(found, n.index, dtype="object")


def _meaning(column: object) -> str:
    return INCIDENTEN[str(column)].meaning
