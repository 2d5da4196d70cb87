"""Expected counts of the next period, from where and when burglaries were.

Three factors, each estimated from periods before the one to be expected, none of which knows a
person or who lives somewhere:

- the **season**: two harmonics of the year, from all history, beside a straight trend that keeps
  a falling level from passing for season (penalised Poisson regression: with few burglaries the
  season is held near none);
- the **level**: burglaries per day with the season taken out, recent periods weighing most;
- the **share** of each place: its burglaries per dwelling, recent periods weighing most, drawn
  towards the mean of the area by as much as places differ less than chance makes them
  (gamma-Poisson empirical Bayes; Marshall 1991).

`lift` moves a part of the expectation to where the last period's burglaries were, which is what a
near-repeat effect amounts to at this scale (Johnson et al. 2007; Mohler et al. 2015).
"""

from dataclasses import dataclass

import numpy as np

from wib_lib.count_scores import Floats
from wib_lib.forecast.panel import Panel

N_WAVES = 2
PRIOR_WAVE, PRIOR_TREND = 0.3, 0.2  # standard deviations of log factors: per wave, per year
STEPS = 25  # of Newton's method; it stops far earlier
FLAT = 1e-9


@dataclass(frozen=True)
class Model:
    """
    The weights of the model, in years: after one half-life a burglary counts for half.

    The values are fixed beforehand, not fitted to the data at hand; see docs/methods/forecast.md.
    Without season the level is the mean of the last year, and only the shares are the model's.
    """

    level_half_life: float = 0.25
    share_half_life: float = 0.75
    lift: float = 0.0
    has_season: bool = True


def expect(panel: Panel, at: int, model: Model) -> tuple[Floats, float]:
    """
    Expect the counts of period `at` from the periods before it.

    Parameters
    ----------
    panel : Panel
    at : int
        Column to be expected, from 1; `panel.n_periods` is the period after the last.
    model : Model

    Returns
    -------
    expected : array of float
        Per place. 0 for a place that was not known before `at` where the list is not complete.
    elsewhere : float
        Expected outside those places: not placed, or in a place where nothing happened before.
    """
    placed = panel.counts[:, :at]
    total = placed.sum(axis=0) + panel.unplaced[:at]
    if model.has_season:
        level = _level(panel, total, at, model.level_half_life)
    else:
        level = float(total[-panel.per_year :].mean())
    outside = _share_outside(panel, at)
    weight = _weights(at, panel.per_year * model.share_half_life)
    share = _shares(placed, panel.dwellings * is_known_before(panel, at), weight)
    if model.lift and placed[:, -1].any():
        share = (1 - model.lift) * share + model.lift * placed[:, -1] / placed[:, -1].sum()
    return level * (1 - outside) * share, level * outside


def is_known_before(panel: Panel, at: int) -> np.ndarray:
    """Tell which places were known before period `at`: all of a complete list, else those hit."""
    if panel.is_complete:
        return np.ones(len(panel.codes), dtype=bool)
    return np.asarray(panel.counts[:, :at].any(axis=1))


def season(panel: Panel, total: Floats, at: int) -> Floats:
    """
    Seasonal factor of the periods up to and including `at`; 1 is an average day of the year.

    Parameters
    ----------
    panel : Panel
    total : array of float
        Counts of all places, of the periods before `at`.
    at : int
    """
    middle = (
        np.array([day.toordinal() for day in panel.starts[: at + 1]]) + panel.days[: at + 1] / 2
    )
    years = middle / 365.2425
    turns = 2 * np.pi * np.outer(years, np.arange(1, N_WAVES + 1))
    waves = np.hstack([np.sin(turns), np.cos(turns)])
    design = np.column_stack([np.ones(at + 1), years - years[-1], waves])
    penalty = np.array([0.0, PRIOR_TREND**-2, *[PRIOR_WAVE**-2] * waves.shape[1]])
    found = _penalised_poisson(design[:at], total, panel.days[:at], penalty)
    return np.asarray(np.exp(waves @ found[2:]))


def _level(panel: Panel, total: Floats, at: int, half_life: float) -> float:
    """Burglaries to be expected in period `at`, over all places."""
    factor = season(panel, total, at)
    weight = _weights(at, panel.per_year * half_life)
    exposure = panel.days[:at] * factor[:at]
    return float(weight @ total / (weight @ exposure) * panel.days[at] * factor[at])


def _shares(counts: Floats, size: Floats, weight: Floats) -> Floats:
    """Share of each place, its own history drawn towards its share of the dwellings."""
    even = size / size.sum()
    own, total = counts @ weight, float((counts @ weight).sum())
    if total == 0:
        return np.asarray(even)
    # Weighted counts scatter less than their size says: scaled, their variance is their mean.
    scale = total / float((counts @ weight**2).sum())
    own, hoped = scale * own, scale * total * even
    excess = float(((own - hoped) ** 2 - hoped)[size > 0].sum())
    shape = float((hoped**2).sum()) / max(excess, FLAT)
    drawn = even * (shape + own) / (shape + hoped)
    return np.asarray(drawn / drawn.sum())


def _share_outside(panel: Panel, at: int) -> float:
    """Share of the last half year's burglaries without a place, or in a place not hit before."""
    begin = max(0, at - panel.per_year // 2)
    placed = panel.counts[:, :at]
    outside = panel.unplaced[begin:at].sum()
    whole = placed[:, begin:].sum() + outside
    if not panel.is_complete:
        outside += (placed.any(axis=1) & ((placed > 0).argmax(axis=1) >= begin)).sum()
    return float(outside / whole) if whole else 0.0


def _weights(at: int, half_life: float) -> Floats:
    return np.asarray(0.5 ** (np.arange(at)[::-1] / half_life))


def _penalised_poisson(design: Floats, counts: Floats, days: Floats, penalty: Floats) -> Floats:
    """Newton's method for the log-linear Poisson model with a quadratic penalty."""
    found = np.zeros(design.shape[1])
    found[0] = np.log(max(counts.sum(), 0.5) / days.sum())
    for _ in range(STEPS):
        mean = days * np.exp(design @ found)
        slope = design.T @ (counts - mean) - penalty * found
        step = np.linalg.solve(design.T @ (design * mean[:, None]) + np.diag(penalty), slope)
        found = found + step
        if np.abs(step).max() < 1e-10:
            break
    return found
