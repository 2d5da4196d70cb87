"""Where burglaries are: counts and rates of the parts of an area, and how concentrated they are.

Rates per dwelling, because counts alone show where people live. Parts with few dwellings get no
rate: one burglary among six dwellings is no hot spot, and may point at a household.

With fewer burglaries than streets, most streets have none and the ordinary Gini is near .9 by
chance alone; the generalised one (Bernasco & Steenbeek 2017) takes off what cannot be otherwise,
and both it and the share of the top stand beside what chance gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.periods import Span
from wib_lib.tables import require_columns


def counts_by_part(
    incidents: pd.DataFrame, parts: pd.DataFrame, windows: Mapping[str, Span], *, column: str
) -> pd.DataFrame:
    """
    Count incidents per part of an area, for each window.

    Parameters
    ----------
    incidents : DataFrame
        With `day` and `column`, the code of the part; a missing code is counted as unknown.
    parts : DataFrame
        One row per part, `code` unique; parts without incidents keep a row with 0.
    windows : mapping of str to Span
        Result column to window, or other days.
    column : str

    Returns
    -------
    DataFrame
        `parts` plus one column per window. `attrs["n_unplaced"]` has, per window, the incidents
        whose code is missing or is none of the parts.
    """
    require_columns(incidents, ["day", column], name="incidents")
    require_columns(parts, ["code"], name="parts")
    result = parts.copy()
    unplaced = {}
    for name, window in windows.items():
        inside = incidents["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
        counts = incidents.loc[inside, column].value_counts()
        result[name] = result["code"].map(counts).fillna(0).astype(int)
        unplaced[name] = int(inside.sum()) - int(result[name].sum())
    result.attrs["n_unplaced"] = unplaced
    return result


def top_share(counts: pd.Series, *, n_top: int) -> float:
    """
    Share of all burglaries that fell in the `n_top` parts with the most.

    Raises
    ------
    ValueError
        When there are no burglaries.

    Examples
    --------
    >>> top_share(pd.Series([6, 2, 1, 1]), n_top=1)
    0.6
    """
    total = counts.sum()
    if total <= 0:
        raise ValueError("counts must have a sum above 0")
    return float(counts.nlargest(n_top).sum() / total)


def gini(counts: np.ndarray) -> np.ndarray:
    """
    Gini coefficient: 0 when every unit has the same count.

    Parameters
    ----------
    counts : array
        Counts per unit, along the last axis, with a sum above 0.

    Examples
    --------
    >>> gini(np.array([10, 8, 2, 0, 0, 0, 0, 0, 0, 0])).round(2).tolist()
    0.78
    """
    ordered = np.sort(np.asarray(counts, dtype=float), axis=-1)
    n = ordered.shape[-1]
    rank = np.arange(1, n + 1)
    found: np.ndarray = (ordered @ (2 * rank - n - 1)) / (n * ordered.sum(axis=-1))
    return found


def generalised_gini(counts: np.ndarray) -> np.ndarray:
    """
    Gini against the most even spread that whole burglaries allow (Bernasco & Steenbeek 2017).

    With c burglaries over n units it is max(1, n / c) (G - 1) + 1: the ordinary coefficient when
    c is n or more, and 0 for fewer burglaries that all fell in different units.

    Examples
    --------
    >>> generalised_gini(np.array([5, 2, 1, 0, 0, 0, 0, 0, 0, 0])).round(2).tolist()
    0.75
    """
    counts = np.asarray(counts, dtype=float)
    scale = np.maximum(1.0, counts.shape[-1] / counts.sum(axis=-1))
    found: np.ndarray = scale * (gini(counts) - 1) + 1
    return found


@dataclass(frozen=True)
class Concentration:
    """
    How concentrated burglaries are over units, and what chance alone gives.

    `top` is the share of burglaries in the `n_top` units with the most. `by_chance` are the mean
    and the middle 95 % of the same when every dwelling (or unit) runs the same risk; `p` is the
    chance to be as concentrated or more, (1 + #>=) / (1 + draws), ties counted.
    """

    n_units: int
    n_burglaries: int
    n_top: int
    top: float
    top_by_chance: tuple[float, float, float]
    top_p: float
    gini: float
    gini_by_chance: tuple[float, float, float]
    gini_p: float


def concentration(
    counts: pd.Series,
    rng: np.random.Generator,
    *,
    n_units: int,
    dwellings: pd.Series | None = None,
    share: float = 0.05,
    n_draws: int = 999,
) -> Concentration:
    """
    Measure concentration over streets or buurten beside a random benchmark.

    Parameters
    ----------
    counts : Series
        Burglaries per unit; units without any may be left out.
    rng : Generator
    n_units : int
        All units, those without burglaries included. A delivery names only streets that had one:
        over those alone anything is less concentrated than chance. The streets of all years
        together are a lower bound, with which concentration is understated.
    dwellings : Series, optional
        Dwellings per unit, in the order of `counts`: chance then falls on dwellings. Without it
        every unit runs the same risk, which long streets do not.
    share : float
        Part of the units that is the top, rounded up.
    n_draws : int

    Returns
    -------
    Concentration

    Raises
    ------
    ValueError
        When there are no burglaries, fewer units than counts, or dwellings for other units.
    """
    found = counts.to_numpy(float)
    if not found.sum() > 0:
        raise ValueError("counts must have a sum above 0")
    if n_units < len(found) or (dwellings is not None and len(dwellings) != n_units):
        raise ValueError(f"units and dwellings must fit {len(found)} counts, found {n_units} units")
    found = np.concatenate([found, np.zeros(n_units - len(found))])
    weight = np.ones(n_units) if dwellings is None else dwellings.to_numpy(float)
    drawn = rng.multinomial(int(found.sum()), weight / weight.sum(), size=n_draws)
    n_top = int(np.ceil(share * n_units - 1e-9))
    top, by_chance = _top(found, n_top), _top(drawn, n_top)
    own, spread = generalised_gini(found), generalised_gini(drawn)
    return Concentration(
        n_units=n_units,
        n_burglaries=int(found.sum()),
        n_top=n_top,
        top=float(top),
        top_by_chance=_middle(by_chance),
        top_p=_as_high(top, by_chance),
        gini=float(own),
        gini_by_chance=_middle(spread),
        gini_p=_as_high(own, spread),
    )


def _top(counts: np.ndarray, n_top: int) -> np.ndarray:
    largest = np.partition(counts, -n_top, axis=-1)[..., -n_top:]
    shares: np.ndarray = largest.sum(axis=-1) / counts.sum(axis=-1)
    return shares


def _middle(drawn: np.ndarray) -> tuple[float, float, float]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(drawn.mean()), float(low), float(high)


def _as_high(found: np.ndarray, drawn: np.ndarray) -> float:
    """Permutation p; a rounding error is no difference, so ties count."""
    return (1 + int((drawn >= found - 1e-12).sum())) / (1 + len(drawn))
