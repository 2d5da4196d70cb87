"""The forecast that is given: per place and together, with interval and back-test."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.count_scores import Floats, interval
from wib_lib.dutch import number
from wib_lib.forecast.backtest import MODEL, PERIODS, Backtest, backtest, n_needed, n_possible
from wib_lib.forecast.model import Model, is_known_before
from wib_lib.forecast.panel import Panel
from wib_lib.forecast.replay import by_model, mean_year


@dataclass(frozen=True)
class Forecast:
    """
    What to expect in the next period; every number is indicative.

    Attributes
    ----------
    parts : DataFrame
        One row per known place, most expected first: `code`, `expected`, `low`, `high` (whole
        numbers: the interval holds the count itself), `mean_year` and `n_last` (counts per
        period over the last year, and in the last period).
    expected, low, high : float
        All burglaries together.
    elsewhere : float
        Part of `expected` outside the places of `parts`: without a place, or in a street where
        nothing happened before.
    first, last : date
        The days that it is about.
    test : Backtest
        How good such expectations were, and which method is given.
    """

    parts: pd.DataFrame
    expected: float
    low: float
    high: float
    elsewhere: float
    first: date
    last: date
    test: Backtest

    @property
    def reason(self) -> str:
        """The Dutch sentence that says what is shown, and why."""
        return self.test.reason


def forecast(
    panel: Panel | Missing,
    *,
    like: Forecast | Missing | None = None,
    model: Model | None = None,
    n_origins: int | None = None,
    share: float = 0.10,
    level: float = 0.95,
) -> Forecast | Missing:
    """
    Expect the period after the panel, with the back-test that says what that is worth.

    Parameters
    ----------
    panel : Panel or Missing
        From `fortnights` or `months`; what is missing stays so.
    like : Forecast, optional
        Of the same burglaries by larger places: its level is kept, so that streets and buurten
        add up to the same number.
    model : Model, optional
        Weights, fixed beforehand.
    n_origins : int, optional
        Periods of the back-test; as many as the history allows (26 to three years) without it.
    share : float
        Share of the dwellings that PAI, PEI and RRI are about.
    level : float
        Of all intervals.

    Returns
    -------
    Forecast or Missing
        Missing when the back-test cannot be done, or nothing happened in the first or the last
        year: an expectation that cannot be tested is not given.
    """
    if isinstance(panel, Missing):
        return panel
    n_origins = n_origins or n_possible(panel)
    needed = n_needed(panel, n_origins)
    if panel.n_periods < needed:
        return Missing(
            f"een verwachting met terugtoets vraagt {number(needed)} {PERIODS[panel.per_year]}; "
            f"geleverd zijn er {number(panel.n_periods)}"
        )
    for name, year in (
        ("eerste", slice(panel.per_year)),
        ("laatste", slice(-panel.per_year, None)),
    ):
        if not panel.counts[:, year].any():
            return Missing(f"in het {name} jaar van de reeks zijn hier geen woninginbraken geteld")
    model = model or Model()
    if isinstance(like, Forecast):
        model = replace(model, has_season=like.test.best == MODEL and like.test.model.has_season)
    test = backtest(panel, model, n_origins=n_origins, share=share, level=level)
    method = by_model(test.model) if test.best == MODEL else mean_year
    mean, elsewhere = method(panel, panel.n_periods)
    whole = float(mean.sum()) + elsewhere
    low, high = interval(whole, test.total_size, level=level)
    return Forecast(
        parts=_parts(panel, mean, test),
        expected=whole,
        low=float(low),
        high=float(high),
        elsewhere=elsewhere,
        first=panel.starts[-1],
        last=panel.end - timedelta(days=1),
        test=test,
    )


def _parts(panel: Panel, mean: Floats, test: Backtest) -> pd.DataFrame:
    low, high = interval(mean, test.size, level=test.level)
    table = pd.DataFrame(
        {
            "code": panel.codes,
            "expected": mean,
            "low": low.astype(int),
            "high": high.astype(int),
            "mean_year": mean_year(panel, panel.n_periods)[0],
            "n_last": panel.counts[:, -1].astype(int),
        }
    )[is_known_before(panel, panel.n_periods)]
    order = ["expected", "code"]
    return table.sort_values(order, ascending=[False, True]).reset_index(drop=True)
