"""Counts behind published percentages, with the margin that rounding leaves.

Key figures of wijken and buurten give tenure, age and household type as whole percentages, and
totals that are rounded at random to a multiple of five. A count made from them is an estimate;
its margin is arithmetic, not chance, so every true count lies within it. Source: toelichting
Kerncijfers wijken en buurten (Statistics Netherlands).
"""

from dataclasses import dataclass
from math import ceil, floor


@dataclass(frozen=True)
class Rounded:
    """A count made from rounded figures, and the counts that those figures allow."""

    value: int
    low: int
    high: int

    def __add__(self, other: "Rounded") -> "Rounded":
        """Add counts of other areas; the margins add up too."""
        return Rounded(self.value + other.value, self.low + other.low, self.high + other.high)


def count_of_share(pct: float, total: int, *, pct_step: float = 1, total_step: int = 1) -> Rounded:
    """
    Count behind a percentage of a total.

    Parameters
    ----------
    pct : float
        Percentage as published, 0 to 100.
    total : int
        Total as published, from 0.
    pct_step : float
        What the percentage is rounded to, to the nearest: the truth is at most half a step away.
    total_step : int
        What the total is rounded to, at random: the truth is less than a step away. 1 is exact.

    Returns
    -------
    Rounded
        Bounds in whole numbers, outward, so that they hold the truth.

    Raises
    ------
    ValueError
        When `pct` is not 0 to 100, `total` is negative or a step is not above 0.

    Examples
    --------
    >>> count_of_share(40, 500, total_step=5)
    Rounded(value=200, low=195, high=205)
    """
    if not 0 <= pct <= 100:
        raise ValueError(f"pct must lie between 0 and 100, found {pct}")
    if total < 0:
        raise ValueError(f"total must be 0 or more, found {total}")
    if pct_step <= 0 or total_step <= 0:
        raise ValueError(f"steps must be above 0, found {pct_step} and {total_step}")
    least, most = max(pct - pct_step / 2, 0), min(pct + pct_step / 2, 100)
    fewest, largest = max(total - total_step + 1, 0), total + total_step - 1
    value = floor(pct * total / 100 + 0.5)
    return Rounded(value, floor(least * fewest / 100), ceil(most * largest / 100))
