"""How much of what happened fell in the places that were pointed out beforehand.

Places are ranked by what was expected per dwelling (or per place, where dwellings are not known)
and taken whole, from the top, until they hold at least a fixed share of the dwellings. PAI is the
share of burglaries captured over the share of dwellings (Chainey, Tompson & Uhlig 2008); PEI is
PAI over the best PAI that any ranking could have had on as many dwellings (Hunt 2016); RRI is expected over observed
in those places (Levine 2008).

Places that are expected to have equally many are tied, and who wins a tie decides: "the last two
weeks" as a forecast has PAI 1.5 or 4.3 on the same data. Here a tie goes against the method: of
tied places those with the fewest burglaries come first. The optimistic figure is given beside it.
"""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from wib_lib.count_scores import Floats

Ties = Literal["against", "for"]
ROUNDING = 1e-12  # of a share that was summed


def capture_curve(
    observed: ArrayLike, expected: ArrayLike, size: ArrayLike = 1.0, *, ties: Ties = "against"
) -> pd.DataFrame:
    """
    Rank places and accumulate what they captured.

    Parameters
    ----------
    observed : array of int
        Counts, one per place.
    expected : array of float
        What was expected there.
    size : array of float
        Dwellings (or street length, or 1) per place, above 0.
    ties : {"against", "for"}
        Among equal expectations per dwelling, fewest or most burglaries first.

    Returns
    -------
    DataFrame
        One row per place in order of rank: `place` (its position), `n`, `expected` and `size`
        cumulated, `share_n`, `share_size`, `pai`, `pei`, `rri`; NaN where nothing was observed
        to divide by.

    Raises
    ------
    ValueError
        When a size is not above 0.

    Examples
    --------
    >>> curve = capture_curve([6, 7, 3, 2, 1, 0], [8, 4, 4, 2, 1, 0])
    >>> curve["pai"].round(3).tolist()
    [1.895, 1.421, 1.684, 1.421, 1.2, 1.0]
    """
    values = _checked(observed, expected, size)
    order, n, hoped, held = _cumulated(*values, ties)
    best, best_held = _best(values[0], values[2])
    found = pd.DataFrame({"place": order.astype(int), "n": n, "expected": hoped, "size": held})
    found["share_n"] = n / (n[-1] or np.nan)
    found["share_size"] = held / held[-1]
    found["pai"] = found["share_n"] / found["share_size"]
    found["pei"] = n / np.interp(held, best_held, best) if n[-1] else np.nan
    found["rri"] = found["expected"] / found["n"].where(found["n"] > 0)
    return found


def captured(
    observed: ArrayLike, expected: ArrayLike, size: ArrayLike = 1.0, *, share: float
) -> dict[str, float]:
    """
    PAI, PEI, RRI and hit share of the places that hold at least `share` of the dwellings.

    Parameters
    ----------
    observed, expected, size
        As for `capture_curve`.
    share : float
        Between 0 and 1.

    Returns
    -------
    dict
        `pai`, `pai_for` (ties in favour), `pei`, `rri`, `share_n`, `share_size` (what the whole
        places really hold).

    Examples
    --------
    >>> found = captured([0, 3, 1, 0], [1, 1, 1, 0], share=0.25)
    >>> found["pai"], found["pai_for"], found["share_size"]
    (0.0, 3.0, 0.25)
    """
    values = _checked(observed, expected, size)
    found, lucky = (_top(_cumulated(*values, ties), share) for ties in ("against", "for"))
    n, hoped, part = found
    best, best_held = _best(values[0], values[2])
    most = float(np.interp(part, best_held / best_held[-1], best))
    whole = float(values[0].sum()) or np.nan
    return {
        "pai": n / whole / part,
        "pai_for": lucky[0] / whole / lucky[2],
        "pei": n / most if most else np.nan,
        "rri": hoped / n if n else np.nan,
        "share_n": n / whole,
        "share_size": part,
    }


def _checked(*values: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Bring observed, expected and size to arrays of one shape."""
    observed, expected, size = np.broadcast_arrays(
        *(np.asarray(value, dtype=float) for value in values)
    )
    if (size <= 0).any():
        raise ValueError("size must be above 0 for every place")
    return observed, expected, size


def _cumulated(observed: Floats, expected: Floats, size: Floats, ties: str) -> Floats:
    """Order of rank, and observed, expected and size cumulated in that order, as four rows."""
    sign = 1 if ties == "against" else -1
    order = np.lexsort((sign * observed / size, -expected / size))
    return np.vstack([order, *(np.cumsum(values[order]) for values in (observed, expected, size))])


def _best(observed: Floats, size: Floats) -> tuple[Floats, Floats]:
    """What the best ranking captures, and the size it then holds, from nothing on."""
    _, best, _, held = _cumulated(observed, observed, size, "for")
    return np.append(0.0, best), np.append(0.0, held)


def _top(cumulated: Floats, share: float) -> tuple[float, float, float]:
    """Observed, expected and share of the size of the whole places that reach `share`."""
    _, n, hoped, held = cumulated
    held = held / held[-1]
    at = int(np.searchsorted(held, share - ROUNDING))
    return float(n[at]), float(hoped[at]), float(held[at])
