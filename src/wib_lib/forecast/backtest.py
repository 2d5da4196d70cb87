"""The contest that decides what is given: the model, or the mean of the last 52 weeks.

The near-repeat lift is decided first, on the origins before the scored ones, so that the scores
are those of a model that was chosen without them.
"""

from dataclasses import dataclass, replace

import pandas as pd

from wib_lib.count_scores import paired_difference
from wib_lib.dutch import number, percent
from wib_lib.forecast.model import Model
from wib_lib.forecast.panel import Panel
from wib_lib.forecast.replay import (
    Expect,
    Replay,
    by_model,
    last_period,
    mean_year,
    replay,
    warm_up,
)

LIFT = 0.05
MIN_ORIGINS, MAX_YEARS = 26, 3
MODEL, MEAN, LAST = "model", "gemiddelde", "laatste"
LABELS = {
    26: {MODEL: "model", MEAN: "gemiddelde van 52 weken", LAST: "laatste twee weken"},
    12: {MODEL: "model", MEAN: "gemiddelde van twaalf maanden", LAST: "laatste maand"},
}
PERIODS = {26: "perioden van twee weken", 12: "maanden"}
MEASURES = ["crps", "log_score", "pai", "pai_for", "pei", "rri", "share_n", "share_size",
            "covered", "total_crps", "total_covered"]  # fmt: skip


@dataclass(frozen=True)
class Backtest:
    """
    How the methods did at the same origins.

    Attributes
    ----------
    origins : DataFrame
        A row per method and origin: `method`, and the columns of `Replay.origins`.
    scores : DataFrame
        A row per method: `method`, `label`, the mean over the origins of every measure of
        `MEASURES`, and `bias` (expected minus counted, all places together).
    differences : DataFrame
        Model minus mean, paired per origin: `score` (crps, log_score), `difference`, `low`,
        `high`. Below 0 the model is better.
    best : str
        `MODEL` when the interval of its CRPS difference lies below 0, else `MEAN`.
    model : Model
        With its lift, or with 0 where that did not help.
    size, total_size : float
        Width of the next forecast of `best`.
    share, level : float
        Share of the dwellings that PAI, PEI and RRI are at least about (whole places: `share_size`
        of `scores` is what they held); level of the intervals.
    share_of : str
        What `share` is a share of: "woningen", or "plekken" where dwellings are not known.
    per_year : int
    """

    origins: pd.DataFrame
    scores: pd.DataFrame
    differences: pd.DataFrame
    best: str
    model: Model
    size: float
    total_size: float
    share: float
    level: float
    share_of: str
    per_year: int

    @property
    def n_origins(self) -> int:
        """Number of periods that were forecast again."""
        return len(self.origins) // len(self.scores)

    def score(self, method: str, measure: str) -> float:
        """Return one cell of `scores`."""
        return float(self.scores.loc[self.scores["method"].eq(method), measure].iloc[0])

    @property
    def mean_label(self) -> str:
        """What the mean is called."""
        return LABELS[self.per_year][MEAN]

    @property
    def shown(self) -> str:
        """What is given."""
        return "de verwachting van het model" if self.best == MODEL else f"het {self.mean_label}"

    @property
    def verdict(self) -> str:
        """How the model did against the mean."""
        return "beter" if self.best == MODEL else "niet aantoonbaar beter"

    @property
    def reason(self) -> str:
        """The Dutch sentence that says what is shown, and why."""
        crps = self.differences.iloc[0]
        pct, low, high = (
            100 * float(crps[name]) / self.score(MEAN, "crps")
            for name in ("difference", "low", "high")
        )
        return (
            f"Over {number(self.n_origins)} {PERIODS[self.per_year]} voorspelde het model "
            f"{self.verdict} dan het {self.mean_label} (de fout was {_larger(pct)}; "
            f"{number(100 * self.level)}%-interval {_between(low, high)}): getoond is {self.shown}. "
            "Alle verwachtingen zijn indicatief."
        )


def backtest(panel: Panel, model: Model, *, n_origins: int, share: float, level: float) -> Backtest:
    """
    Let model, mean and last period forecast the last `n_origins` periods.

    Parameters
    ----------
    panel : Panel
        With at least `n_needed` periods.
    model : Model
        Its lift is replaced by what the origins before favour.
    n_origins : int
    share, level : float
        See `Backtest`.

    Returns
    -------
    Backtest
    """
    origins = range(panel.n_periods - n_origins, panel.n_periods)
    chosen = _with_lift(panel, model, origins, level)
    methods: dict[str, Expect] = {MODEL: by_model(chosen), MEAN: mean_year, LAST: last_period}
    replays = {
        name: replay(panel, method, origins, share=share, level=level)
        for name, method in methods.items()
    }
    differences = _differences(replays[MODEL], replays[MEAN], level)
    best = MODEL if differences["high"].iloc[0] < 0 else MEAN
    table = pd.concat([found.origins.assign(method=name) for name, found in replays.items()])
    return Backtest(
        origins=table.reset_index(drop=True),
        scores=_scores(table, LABELS[panel.per_year]),
        differences=differences,
        best=best,
        model=chosen,
        size=replays[best].size,
        total_size=replays[best].total_size,
        share=share,
        level=level,
        share_of="woningen" if panel.has_dwellings else "plekken",
        per_year=panel.per_year,
    )


def n_needed(panel: Panel, n_origins: int) -> int:
    """Periods without which the back-test cannot be done: a year, the warm-up, the origins."""
    return panel.per_year + warm_up(panel) + n_origins


def n_possible(panel: Panel) -> int:
    """
    Origins that the history allows: whole years where it can, so that every season counts once.

    At least `MIN_ORIGINS`, whatever the history.
    """
    years = min(MAX_YEARS, (panel.n_periods - n_needed(panel, 0)) // panel.per_year)
    return max(MIN_ORIGINS, years * panel.per_year)


def _larger(pct: float) -> str:
    return f"{percent(abs(pct))} {'kleiner' if pct < 0 else 'groter'}"


def _between(low: float, high: float) -> str:
    """
    Write an interval of a change with its direction in words.

    Examples
    --------
    >>> _between(-4.5, -1.5), _between(-4.5, 1.5)
    ('1,5 % tot 4,5 % kleiner', '4,5 % kleiner tot 1,5 % groter')
    """
    if low < 0 <= high:
        return f"{_larger(low)} tot {_larger(high)}"
    near, far = sorted((low, high), key=abs)
    return f"{percent(abs(near))} tot {_larger(far)}"


def _with_lift(panel: Panel, model: Model, origins: range, level: float) -> Model:
    """Give the model its lift when that was better at the origins before the scored ones."""
    plain = replace(model, lift=0.0)
    if origins.start < n_needed(panel, len(origins)):
        return plain
    before = range(origins.start - len(origins), origins.start)
    lifted = replace(model, lift=LIFT)
    scores = [
        replay(panel, by_model(one), before, share=1.0, level=level).origins["crps"]
        for one in (lifted, plain)
    ]
    return lifted if paired_difference(*scores, level=level)[2] < 0 else plain


def _differences(model: Replay, mean: Replay, level: float) -> pd.DataFrame:
    found = {
        score: paired_difference(model.origins[score], mean.origins[score], level=level)
        for score in ("crps", "log_score")
    }
    table = pd.DataFrame.from_dict(found, orient="index", columns=["difference", "low", "high"])
    return table.rename_axis("score").reset_index()


def _scores(origins: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    with_bias = origins.assign(bias=origins["expected"] - origins["n"])
    means = with_bias.groupby("method", sort=False)[[*MEASURES, "bias"]].mean().reset_index()
    means.insert(1, "label", means["method"].map(labels))
    return means
