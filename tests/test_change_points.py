"""Change points: the month of a break found, nothing found where there is none."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import binom

from wib_lib.change_points import APART, change_points, known_events
from wib_lib.errors import TableError
from wib_lib.params import Reeksbreuk

ROOT = Path(__file__).parents[1]
OPEN = ROOT.parent / "shared" / "data" / "open"


def months_from(first: str, counts: object, *, n: int) -> pd.DataFrame:
    start = pd.date_range(first, periods=n, freq="MS")
    return pd.DataFrame(
        {"start": start, "end": start + pd.offsets.MonthBegin(1), "n_burglaries": counts}
    )


def course(n: int, *, level: float = 500.0, at: int = 0, factor: float = 1.0) -> np.ndarray:
    """Expected counts: 10 % fewer a year, a season, and another level from month `at`."""
    step = np.arange(n)
    mean = level * np.exp(-0.1 * step / 12 + 0.25 * np.cos(2 * np.pi * step / 12))
    return mean * np.where((at > 0) & (step >= at), factor, 1.0)


@pytest.fixture
def broken() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return months_from("2013-01-01", rng.poisson(course(72, at=40, factor=0.6)), n=72)


def test_the_month_of_a_break_is_found_and_the_counts_are_those_around_it(
    broken: pd.DataFrame,
) -> None:
    found = change_points(broken)
    assert found["start"].tolist() == [pd.Timestamp("2016-05-01")]
    row, n = found.iloc[0], broken["n_burglaries"].to_numpy()
    assert [row["n_before"], row["n_after"]] == [n[28:40].sum(), n[40:52].sum()]
    # Twelve months against twelve, trend and all: 0.6 x exp(-0.1) = 0.543.
    assert row["change"].low < 100 * (0.6 * np.exp(-0.1) - 1) < row["change"].high < 0
    assert found.attrs["candidate"] == row["start"]


def test_two_breaks_are_at_least_a_year_apart() -> None:
    mean = course(96, level=2000.0, at=30, factor=0.6)
    mean[60:] *= 1.9
    rng = np.random.default_rng(2)
    found = change_points(months_from("2013-01-01", rng.poisson(mean), n=96))
    assert found["start"].tolist() == [pd.Timestamp("2015-07-01"), pd.Timestamp("2018-01-01")]
    gaps = found["start"].diff().dropna().dt.days
    assert (gaps > 30 * APART).all()


def test_the_best_single_break_is_that_of_trying_every_month(broken: pd.DataFrame) -> None:
    # Two separate lines per part by least squares on the log counts, weighted by the counts.
    n = broken["n_burglaries"].to_numpy(float)
    step = np.arange(72)
    season = np.exp(0.25 * np.cos(2 * np.pi * step / 12))
    y = np.log(n / (broken["end"] - broken["start"]).dt.days / season)

    def misfit(part: slice) -> float:
        line = np.polyfit(step[part], y[part], 1, w=np.sqrt(n[part]))
        return float((n[part] * (y[part] - np.polyval(line, step[part])) ** 2).sum())

    costs = {k: misfit(slice(0, k)) + misfit(slice(k, 72)) for k in range(12, 61)}
    best = min(costs, key=costs.__getitem__)
    assert change_points(broken).attrs["candidate"] == broken["start"].iloc[best]


def test_every_month_is_a_candidate() -> None:
    # The default of ruptures tries every fifth month and would give 30 for 28.
    for at in (28, 29, 31):
        mean = np.random.default_rng(at).poisson(course(72, level=3000.0, at=at, factor=0.5))
        found = change_points(months_from("2013-01-01", mean, n=72))
        assert found["start"].tolist() == [pd.date_range("2013-01-01", periods=72, freq="MS")[at]]


def test_a_series_without_break_seldom_has_one() -> None:
    # 60 series, scattered 3.5 times Poisson: at 5 % at most 9 may have one (99.9 %). The long
    # run, with autocorrelation too, is in benchmarks/methods.py.
    rng = np.random.default_rng(4)
    n_false = 0
    for _ in range(60):
        frailty = rng.gamma(12, 1 / 12, 60)
        counts = rng.poisson(course(60, level=40.0) * frailty)
        n_false += len(change_points(months_from("2013-01-01", counts, n=60))) > 0
    assert n_false <= binom.ppf(0.999, 60, 0.05)


def test_units_and_input_do_not_matter(broken: pd.DataFrame) -> None:
    copy = broken.copy(deep=True)
    found = change_points(broken.assign(n_dwellings=7_000))
    pd.testing.assert_frame_equal(broken, copy)
    assert found["start"].tolist() == change_points(broken)["start"].tolist()
    # A break that only follows the number of dwellings is none per dwelling.
    doubled = broken.assign(n_dwellings=np.where(np.arange(72) >= 40, 600, 1_000))
    assert change_points(doubled).empty


def test_a_known_event_nearby_is_named(broken: pd.DataFrame) -> None:
    near = [(date(2016, 7, 1), "nieuwe registratie"), (date(2018, 7, 1), "iets anders")]
    assert change_points(broken, events=near)["event"].tolist() == ["nieuwe registratie"]
    assert change_points(broken, events=near[1:])["event"].tolist() == [""]


def test_known_events_are_the_breaks_of_the_police_and_the_pandemic() -> None:
    region = yaml.safe_load((ROOT / "params" / "regio.yaml").read_text(encoding="utf-8"))
    found = known_events([Reeksbreuk(**item) for item in region["reeksbreuken"]])
    days = [day for day, _ in found]
    assert days == [date(2010, 1, 1), date(2018, 7, 1), date(2020, 3, 1), date(2022, 1, 1)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows.head(23), "at least 24 complete months .* found 23 of 23"),
        (lambda rows: rows.drop(index=30), "months that follow each other"),
        (lambda rows: rows.assign(n_burglaries=0), "no burglaries at all"),
        (lambda rows: rows.drop(columns="end"), "column end is missing"),
    ],
)
def test_months_that_do_not_serve_are_refused(
    broken: pd.DataFrame, change: object, message: str
) -> None:
    with pytest.raises(TableError, match=f"months: .*{message}|months: {message}"):
        change_points(change(broken))  # type: ignore[operator]


@pytest.mark.skipif(not OPEN.is_dir(), reason="the real data in shared/ is not beside this")
def test_the_best_month_of_the_national_series_is_that_of_the_first_lockdown() -> None:
    rows = pd.read_csv(OPEN / "wib_nl_monthly.csv")
    months = months_from("2012-01-01", rows["wib_nl"].to_numpy(), n=144)
    found = change_points(months, events=known_events([]))
    assert found.attrs["candidate"] == pd.Timestamp("2020-03-01")
