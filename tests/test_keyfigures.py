"""Key figures: numbers from a hand-made series, and reasons where there is no number."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from conftest import withheld
from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.keyfigures import (
    Benchmark,
    Dwellings,
    KeyFigures,
    change,
    key_figures,
    n_cleared,
    rate,
)
from wib_lib.periods import Window
from wib_lib.rates import burglary_rate, poisson_interval
from wib_lib.series import Series

YEAR = Window(date(2018, 1, 1))
WEG = Missing("weg")

# ---- change


def test_change_by_hand() -> None:
    # 2,085 to 1,743 is a fall of 342 / 2,085 = 16.40 %.
    assert change(2_085, 1_743) == pytest.approx(-100 * 342 / 2_085, rel=1e-12)
    assert change(50, 75) == pytest.approx(50, rel=1e-12)
    assert change(7, 0) == -100


def test_a_change_and_its_way_back_multiply_to_one() -> None:
    for before, after in [(639, 504), (3, 1_000), (12.4, 11.74)]:
        there, back = change(before, after), change(after, before)
        assert (1 + there / 100) * (1 + back / 100) == pytest.approx(1, rel=1e-12)
        assert change(7 * before, 7 * after) == pytest.approx(there, rel=1e-10)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (0, 3, Missing("uitgangspunt is 0")),
        (WEG, 3, WEG),
        (3, WEG, WEG),
        (Suppressed(5), 3, Suppressed(5)),
        (Suppressed(5), WEG, WEG),
    ],
)
def test_a_change_that_does_not_exist_says_why(before: Value, after: Value, reason: Value) -> None:
    assert change(before, after) == reason


@pytest.mark.parametrize(
    ("before", "after", "printed"), [(639, 504, -21), (211, 189, -10.4), (2_646, 2_898, 9.5)]
)
def test_change_as_printed_in_the_sources(before: int, after: int, printed: float) -> None:
    # Gouda 2016-2017 (gouda.nl), Rijswijk 2015-2016 (-10.4), Den Haag 2014-2015 (+9.5).
    assert change(before, after) == pytest.approx(printed, abs=0.5 if printed == -21 else 0.05)


# ---- rate


def test_rate_by_hand_and_like_the_table_of_areas() -> None:
    found = rate(250, Dwellings(32_000, 2018, "CBS"), level=0.9)
    # 250 per 32,000 dwellings is 7.8125 per 1,000.
    assert found.value == pytest.approx(7.8125, rel=1e-12)
    table = burglary_rate(pd.DataFrame({"n_burglaries": [250], "n_dwellings": [32_000]}), level=0.9)
    bounds = table[["rate_low", "rate_high"]].iloc[0].tolist()
    assert [found.low, found.high] == pytest.approx(bounds, rel=1e-12)
    assert found.dwellings == Dwellings(32_000, 2018, "CBS")


def test_no_burglaries_have_a_rate_of_zero_with_an_upper_bound() -> None:
    found = rate(0, Dwellings(1_000))
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(poisson_interval(0)[1], rel=1e-12)


@pytest.mark.parametrize(
    ("n", "dwellings", "reason"),
    [
        (WEG, 100, WEG),
        (5, WEG, WEG),
        (Suppressed(5), 100, Suppressed(5)),
        (5, 0, Missing("geen woningen")),
        (5, -1, Missing("geen woningen")),
    ],
)
def test_a_rate_that_does_not_exist_says_why(n: Value, dwellings: Value, reason: Value) -> None:
    found = rate(n, Dwellings(dwellings))
    assert found.value == found.low == found.high == reason


@pytest.mark.parametrize(
    ("n", "dwellings", "printed"), [(49_209, 7_686_178, 6.40), (42_887, 7_740_984, 5.54)]
)
def test_rate_as_published_for_the_country(n: int, dwellings: int, printed: float) -> None:
    # Police table 47022NED over CBS 82550NED, 2017 and 2018 (requirements 7.3).
    assert rate(n, Dwellings(dwellings)).value == pytest.approx(printed, abs=0.005)


# ---- clearance


@pytest.fixture
def incidents() -> pd.DataFrame:
    """2017: cleared after 1, 40 and 400 days from the year's end; 2018: after 1 and 40 days."""
    ends = {2017: pd.Timestamp("2017-12-31"), 2018: pd.Timestamp("2018-12-31")}
    rows = [(2017, 1), (2017, 40), (2017, 400), (2017, None), (2018, 1), (2018, 40), (2018, None)]
    return pd.DataFrame(
        {
            "day": [pd.Timestamp(f"{year}-06-15") for year, _ in rows],
            "opgehelderd_jn": pd.array([d is not None for _, d in rows], dtype="boolean"),
            "opgehelderd_dt": pd.to_datetime(
                [None if d is None else ends[year] + pd.Timedelta(days=d) for year, d in rows]
            ),
        }
    )


@pytest.mark.parametrize(
    ("follow_up", "in_2017", "in_2018"), [(0, 0, 0), (1, 1, 1), (39, 1, 1), (40, 2, 2), (400, 3, 2)]
)
def test_clearance_counts_what_was_known_after_equally_long(
    incidents: pd.DataFrame, follow_up: int, in_2017: int, in_2018: int
) -> None:
    options = {"day": "day", "follow_up_days": follow_up}
    assert n_cleared(incidents, YEAR.earlier(1), **options) == in_2017
    assert n_cleared(incidents, YEAR, **options) == in_2018


def test_clearance_by_counting_one_by_one() -> None:
    rng = np.random.default_rng(9)
    day = pd.Timestamp("2017-01-01") + pd.to_timedelta(rng.integers(0, 730, 300), unit="D")
    wait = pd.to_timedelta(rng.integers(0, 600, 300), unit="D")
    cleared = rng.random(300) < 0.3
    frame = pd.DataFrame(
        {"day": day, "opgehelderd_jn": pd.array(cleared, dtype="boolean"),
         "opgehelderd_dt": pd.Series(day + wait).where(cleared)}
    )  # fmt: skip
    expected = sum(
        flag and d.year == 2017 and (d + w).date() <= date(2018, 3, 1)
        for flag, d, w in zip(cleared, day, wait, strict=True)
    )
    before = frame.copy(deep=True)
    found = n_cleared(frame, YEAR.earlier(1), day="day", follow_up_days=60)
    assert found == expected
    shuffled = frame.sample(frac=1, random_state=1)
    assert n_cleared(shuffled, YEAR.earlier(1), day="day", follow_up_days=60) == expected
    pd.testing.assert_frame_equal(frame, before)


def test_clearance_that_was_not_delivered_is_missing_not_zero(incidents: pd.DataFrame) -> None:
    options = {"day": "day", "follow_up_days": 30}
    absent = Missing("opheldering is niet geleverd")
    assert n_cleared(incidents.drop(columns="opgehelderd_jn"), YEAR, **options) == absent
    empty = incidents.assign(opgehelderd_jn=pd.array([None] * 7, dtype="boolean"))
    assert n_cleared(empty, YEAR, **options) == absent
    undated = incidents.assign(opgehelderd_dt=pd.NaT)
    assert n_cleared(undated, YEAR, **options) == Missing(
        "bij opgehelderde zaken ontbreekt de datum van opheldering"
    )


def test_clearance_of_a_window_without_flags_is_missing_not_zero(incidents: pd.DataFrame) -> None:
    flags = incidents["opgehelderd_jn"].mask(incidents["day"].dt.year == 2017)
    found = n_cleared(
        incidents.assign(opgehelderd_jn=flags), YEAR.earlier(1), day="day", follow_up_days=30
    )
    assert isinstance(found, Missing)


# ---- together

COUNTS = {2013: 300, 2014: 280, 2015: 260, 2016: 240, 2017: 200, 2018: 150}
ATTEMPTS = {2017: 60, 2018: 30}


def series(*, is_public: bool, attempts: dict[int, int] = ATTEMPTS, **counts: int) -> Series:
    """Yearly counts; of every burglary in 2017 and 2018 except ten the kind is known."""
    by_year = COUNTS | {int(year.removeprefix("y")): n for year, n in counts.items()}
    start = pd.to_datetime([f"{year}-01-01" for year in by_year])
    frame = pd.DataFrame(
        {
            "start": start,
            "end": start + pd.offsets.YearBegin(1),
            "n_burglaries": list(by_year.values()),
            "n_attempts": pd.array([attempts.get(year) for year in by_year], dtype="Int64"),
            "n_kind_known": pd.array(
                [by_year[year] - 10 if year in attempts else None for year in by_year],
                dtype="Int64",
            ),
        }
    )
    return Series(frame, "test", is_public)


def figures(found: Series | Missing, **changes: object) -> KeyFigures:
    options: dict[str, object] = {
        "years": 5,
        "dwellings": Dwellings(30_000, 2018),
        "dwellings_before": Dwellings(25_000, 2017),
        "cleared": (12, 20),
    }
    return key_figures(found, YEAR, **(options | changes))


def test_key_figures_by_hand() -> None:
    found = figures(series(is_public=False))
    assert (found.n, found.n_before, found.pct_change) == (150, 200, -25)
    # Mean of 200, 240, 260, 280, 300 is 256; 150 is 106 / 256 below it.
    assert found.mean_before == 256
    assert found.pct_mean == pytest.approx(-100 * 106 / 256, rel=1e-12)
    assert [n for _, n in found.earlier] == [200, 240, 260, 280, 300]
    # Of 140 and 190 the kind is known.
    assert (found.n_attempts, found.n_attempts_before, found.n_kind_known) == (30, 60, 140)
    assert found.share_attempts == pytest.approx(30 / 140, rel=1e-12)
    assert found.share_attempts_before == pytest.approx(60 / 190, rel=1e-12)
    assert (found.n_cleared, found.pct_cleared) == (12, 8)
    assert (found.n_cleared_before, found.pct_cleared_before) == (20, 10)
    assert (found.rate.value, found.rate_before.value) == (5, 8)


def test_key_figures_do_not_depend_on_the_order_of_the_series() -> None:
    given = series(is_public=False)
    before = given.rows.copy(deep=True)
    shuffled = Series(given.rows.iloc[::-1], given.source, given.is_public)
    assert figures(shuffled) == figures(given)
    pd.testing.assert_frame_equal(given.rows, before)


def test_benchmarks_are_found_by_the_name_that_goals_use() -> None:
    country = Benchmark("landelijk", "Nederland", 42_887, 49_209, -12.8, 5.54, "politie")
    assert figures(series(is_public=True), benchmarks=[country]).benchmarks == {
        "landelijk": country
    }


def test_what_the_release_hides_stays_hidden_with_all_that_follows() -> None:
    hidden = Suppressed(5)
    given = withheld(series(is_public=False), 2018, n_attempts=5)
    found = figures(given, cleared=(hidden, 20))
    assert found.n_attempts == found.share_attempts == hidden
    assert found.n_cleared == found.pct_cleared == hidden
    assert found.n_attempts_before == 60
    assert found.n == 150


def test_zero_burglaries_are_a_number() -> None:
    found = figures(series(is_public=False, y2018=0, attempts={}), cleared=(0, 20))
    assert (found.n, found.pct_change, found.rate.value) == (0, -100, 0)
    assert found.pct_cleared == Missing("minder dan 10 woninginbraken")


def test_attempts_that_were_not_delivered_are_missing() -> None:
    found = figures(series(is_public=True, attempts={}))
    assert found.n_attempts == found.share_attempts == Missing("pogingen zijn niet geleverd")
    assert found.n_kind_known == Missing("niet geleverd")


def test_without_a_series_every_figure_gives_its_reason() -> None:
    gone = Missing("van Laak is niets geleverd")
    found = figures(gone, cleared=(gone, gone))
    values = [found.n, found.n_before, found.pct_change, found.n_attempts, found.share_attempts,
              found.n_cleared, found.pct_cleared, found.rate.value, found.rate_before.low]  # fmt: skip
    assert all(value == gone for value in values)
    assert found.mean_before == Missing("niet te geven: van Laak is niets geleverd")
    assert all(value == gone for _, value in found.earlier)


def test_a_missing_year_leaves_the_mean_missing_and_the_change_known() -> None:
    given = series(is_public=True)
    found = figures(Series(given.rows[given.rows["start"].dt.year > 2013], "test"))
    assert found.pct_change == -25
    assert found.mean_before == Missing("niet te geven: 2013 niet geleverd")
    assert found.pct_mean == found.mean_before


def test_clearance_of_a_year_that_was_not_delivered_is_missing() -> None:
    given = series(is_public=False)
    only = Series(given.rows[given.rows["start"].dt.year == 2018], "test", is_public=False)
    for cleared_before in (0, 3):
        found = figures(only, cleared=(12, cleared_before))
        assert not is_known(found.n_cleared_before)
