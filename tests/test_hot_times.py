"""Hot times: aoristic hours in Dutch clock time, bands, parts of the day, sun and darkness."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import Voorbeeld
from wib_lib.dark_hours import dark_hours
from wib_lib.errors import TableError
from wib_lib.hot_times import (
    CLOCK,
    DEFAULT,
    MISSING,
    TURNED,
    USED,
    WIDE,
    HotTimes,
    hot_times,
    hour_weights,
    usable_times,
)
from wib_lib.sample.hours import ABSENCE
from wib_lib.sun import SUNRISE, degrees, sun_times

SHARED = Path(__file__).parents[2] / "shared"
AORISTIC = SHARED / "golden" / "aoristic"
VANCOUVER = SHARED / "data" / "bench" / "break_enter_residential_2020.csv"
needs_golden = pytest.mark.skipif(
    not AORISTIC.is_dir(),
    reason="the folder shared/ with golden cases is not beside this repository",
)
DE_BILT = (52.10, 5.18)
LONG = pd.Timedelta(days=400)


def incidents(*intervals: tuple[str | None, str | None]) -> pd.DataFrame:
    van, tot = zip(*intervals, strict=True)
    made = {"pleeg_van": pd.to_datetime(van, format="ISO8601")}
    return pd.DataFrame(made | {"pleeg_tot": pd.to_datetime(tot, format="ISO8601")})


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def weights(*intervals: tuple[str | None, str | None], clock: str = CLOCK) -> np.ndarray:
    times = usable_times(incidents(*intervals), longest=LONG, clock=clock)
    return hour_weights(times.start, times.stop, clock=clock).toarray()


def scattered(n: int = 400) -> pd.DataFrame:
    made = rng(4)
    van = pd.Timestamp("2018-01-01") + pd.to_timedelta(made.integers(1, 525_000, n), "min")
    return pd.DataFrame(
        {"pleeg_van": van, "pleeg_tot": van + pd.to_timedelta(made.integers(1, 1_400, n), "min")}
    )


# ---- weights


def test_an_interval_by_hand() -> None:
    # Monday 10:55 to 11:55 is 60 minutes: 5 in hour 10, 55 in hour 11. Sunday 23:30 to Monday 01:15
    # is 105 minutes: 30, 60 and 15. The end is open: 08:00 to 09:00 is wholly in hour 8.
    found = weights(
        ("2018-01-01 10:55", "2018-01-01 11:55"),
        ("2018-01-07 23:30", "2018-01-08 01:15"),
        ("2018-01-02 08:00", "2018-01-02 09:00"),
    )
    assert found[0, [10, 11]] == pytest.approx([5 / 60, 55 / 60], rel=1e-12)
    assert found[1, [167, 0, 1]] == pytest.approx([30 / 105, 60 / 105, 15 / 105], rel=1e-12)
    assert found[2, 24 + 8] == 1
    assert (found > 0).sum(axis=1).tolist() == [2, 3, 1]


def test_the_days_of_23_and_25_hours() -> None:
    # 25 March 2018, 01:30 to 03:30 lasts one hour: half before 2, none from 2 to 3, half after 3.
    # 28 October, 01:30 to 03:30 lasts three: half an hour, two hours from 2 to 3, half an hour.
    spring, autumn = weights(
        ("2018-03-25 01:30", "2018-03-25 03:30"), ("2018-10-28 01:30", "2018-10-28 03:30")
    )
    sunday = 6 * 24
    assert spring[sunday + 1 : sunday + 4] == pytest.approx([1 / 2, 0, 1 / 2], rel=1e-12)
    assert autumn[sunday + 1 : sunday + 4] == pytest.approx([1 / 6, 4 / 6, 1 / 6], rel=1e-12)
    # whole days: 23 and 25 hours of equal weight, 2 o'clock missing or double
    short, long = weights(("2018-03-25", "2018-03-26"), ("2018-10-28", "2018-10-29"))
    assert short[sunday:].tolist() == pytest.approx([1 / 23] * 2 + [0] + [1 / 23] * 21)
    assert long[sunday:].tolist() == pytest.approx([1 / 25] * 2 + [2 / 25] + [1 / 25] * 21)


def test_a_time_that_does_not_exist_or_comes_twice_is_taken_widely() -> None:
    times = usable_times(
        incidents(
            ("2018-03-25 02:30", "2018-03-25 04:00"),  # there is no 2:30: from 3:00
            ("2018-10-28 02:30", "2018-10-28 02:30"),  # either half past two, or between them
        )
    )
    assert (times.stop - times.start).tolist() == [3_600, 3_600]


def test_weights_equal_a_count_minute_by_minute() -> None:
    rows = scattered(60)
    found = hot_times(rows, rng=rng(), n_resamples=2)
    cells = np.zeros(168)
    for van, tot in rows.itertuples(index=False):
        minutes = pd.date_range(
            van.tz_localize(CLOCK, ambiguous=True), tot.tz_localize(CLOCK, ambiguous=False),
            freq="min", inclusive="left",
        )  # fmt: skip
        np.add.at(cells, minutes.day_of_week * 24 + minutes.hour, 1 / len(minutes))
    assert found.n == pytest.approx(cells, abs=1e-9)


def test_weights_sum_to_the_incidents_used_in_every_table() -> None:
    rows = scattered()
    found = hot_times(rows, rng=rng())
    n_used = int(found.times.account.set_index("reason").loc[USED, "n"])
    assert n_used == len(found.times.start) == len(rows)
    for table in (found.by_cell(), found.by_hour(), found.by_weekday(), found.by_dagdeel()):
        assert table["n"].sum() == pytest.approx(n_used, rel=1e-12)
        assert table["share"].sum() == pytest.approx(1, rel=1e-12)
        assert (table["low"] <= table["n"]).all()
        assert (table["n"] <= table["high"]).all()


def test_order_does_not_matter_and_the_input_stays() -> None:
    rows = scattered()
    kept = rows.copy()
    one = hot_times(rows, rng=rng())
    other = hot_times(rows.iloc[::-1], rng=rng())
    assert other.n == pytest.approx(one.n, abs=1e-12)
    # a week later, in weeks without a change of the clock, nothing changes
    may = rows[rows["pleeg_van"].dt.month.between(5, 8)]
    later = hot_times(may + timedelta(days=7), rng=rng())
    assert later.n == pytest.approx(hot_times(may, rng=rng()).n, abs=1e-12)
    pd.testing.assert_frame_equal(rows, kept)


# ---- what is used


def test_every_incident_is_accounted_for_once() -> None:
    rows = incidents(
        ("2018-06-01 10:00", "2018-06-01 12:00"),  # used
        ("2018-06-01 10:00", "2018-06-01 10:00"),  # used, one moment
        ("2018-06-01 08:00", "2018-06-01 23:59"),  # used, ends on the edge of the day
        ("2018-06-01 10:00", "2018-06-02 10:00"),  # 24 hours
        ("2018-06-01 10:00", "2018-06-02 09:59"),  # used: just below
        (None, "2018-06-02 09:59"),
        ("2018-06-01 10:00", None),
        ("2018-06-01 10:00", "2018-06-01 09:00"),
        ("2018-06-01 00:00", "2018-06-01 00:00"),
        ("2018-06-01 00:00", "2018-06-01 23:59"),
        ("2018-03-24 10:00", "2018-03-25 10:30"),  # 24.5 hours by the clock, 23.5 in time: used
    )
    times = usable_times(rows)
    found = dict(zip(times.account["reason"], times.account["n"], strict=True))
    assert found == {USED: 5, WIDE: 1, MISSING: 2, TURNED: 1, DEFAULT: 2}
    assert times.account["share"].sum() == pytest.approx(1, rel=1e-12)
    assert times.n_on_edge == 1
    made = hot_times(rows, rng=rng())
    assert made.n.sum() == pytest.approx(5, rel=1e-12)
    assert made.by_hour().loc[10, "n_hard"] == made.n_hard.sum() == 1


def test_nothing_known_gives_zeros_and_not_an_error() -> None:
    rows = incidents((None, "2018-06-01 12:00"))
    assert hot_times(rows, rng=rng()).by_hour()["n"].sum() == 0
    dark = dark_hours(rows, latitude=52.1, longitude=5.2, rng=rng())
    assert dark["n"].sum() == 0
    assert dark["share_dark"].isna().all()


def test_missing_columns_are_said() -> None:
    with pytest.raises(TableError, match="column pleeg_tot is missing"):
        hot_times(scattered().drop(columns="pleeg_tot"), rng=rng())


# ---- bands and parts of the day


def test_bands_hold_what_chance_moves() -> None:
    # 400 burglaries, each at 14:30 on a Monday: the count of the hour varies as a Poisson count
    rows = incidents(*[("2018-06-04 14:30", "2018-06-04 14:30")] * 400)
    row = hot_times(rows, rng=rng(), n_resamples=4_999).by_hour().loc[14]
    assert row["n"] == 400
    assert (row["low"], row["high"]) == pytest.approx((400 - 1.96 * 20, 400 + 1.96 * 20), abs=2.5)
    assert (row["low"], row["high"]) != (400, 400)


def test_the_seed_decides_the_bands_only() -> None:
    rows = scattered(100)
    one, again, other = (hot_times(rows, rng=rng(seed)) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.by_cell(), again.by_cell())
    assert (one.by_hour()["high"] != other.by_hour()["high"]).any()
    assert (one.n == other.n).all()


def test_parts_of_the_day_print_their_hours_and_compare_per_hour() -> None:
    # two at night (23:00-24:00 and 05:00-06:00), one in the afternoon
    rows = incidents(
        ("2018-06-04 23:00", "2018-06-05 00:00"),
        ("2018-06-04 05:00", "2018-06-04 06:00"),
        ("2018-06-04 12:00", "2018-06-04 13:00"),
    )
    table = hot_times(rows, rng=rng()).by_dagdeel()
    assert table["dagdeel"].tolist()[0] == "nacht (22 tot 6 uur)"
    assert table["n_hours"].tolist() == [8, 6, 6, 4]
    assert table["n"].tolist() == pytest.approx([2, 0, 1, 0], abs=1e-12)
    # two thirds of the burglaries in a third of the hours: twice the mean
    assert table["per_hour"].tolist() == pytest.approx([2, 0, 4 / 3, 0], abs=1e-12)
    halves = hot_times(rows, rng=rng()).by_dagdeel({"dag": (6, 24), "vroeg": (0, 6)})
    assert halves["n"].tolist() == pytest.approx([2, 1], abs=1e-12)


@pytest.mark.parametrize(
    ("dagdelen", "message"),
    [
        ({"nacht": (22, 6), "dag": (5, 22)}, "dag .5 tot 22 uur. valt .* over een ander"),
        ({"nacht": (22, 6), "dag": (7, 22)}, "het uur van 6 tot 7 valt in geen dagdeel"),
        ({"dag": (0, 25)}, "valt buiten de dag"),
    ],
)
def test_parts_of_the_day_must_join_up(dagdelen: Any, message: str) -> None:
    with pytest.raises(TableError, match=message):
        hot_times(scattered(5), rng=rng()).by_dagdeel(dagdelen)


# ---- golden: R's aoristic


def golden() -> dict[str, Any]:
    return json.loads((AORISTIC / "expected.json").read_text(encoding="utf-8"))


def new_york() -> pd.DataFrame:
    rows = pd.read_csv(AORISTIC / "nyburg.csv", parse_dates=["start", "end"])
    # that package puts an interval without an end, or with one before its begin, in its first hour
    known = rows["end"].ge(rows["start"])
    return pd.DataFrame(
        {"pleeg_van": rows["start"], "pleeg_tot": rows["end"].where(known, rows["start"])}
    )


def as_written(moments: pd.Series) -> np.ndarray:
    """Seconds on a clock that is never changed, as that package reads times."""
    return moments.dt.as_unit("s").astype("int64").to_numpy()


@needs_golden
def test_new_york_equals_r() -> None:
    rows = new_york()
    found = hour_weights(
        as_written(rows["pleeg_van"]), as_written(rows["pleeg_tot"]), clock="UTC"
    ).sum(axis=0)
    assert found == pytest.approx(np.array(golden()["ny_hour_of_week"]), abs=1e-9)


@needs_golden
def test_new_york_on_its_own_clock_differs_only_where_the_clock_was_changed() -> None:
    rows = new_york()
    times = usable_times(rows, clock="America/New_York")
    local = hour_weights(times.start, times.stop, clock="America/New_York").toarray()
    plain = usable_times(rows, clock="UTC")
    other = hour_weights(plain.start, plain.stop, clock="UTC").toarray()
    differs = np.abs(local - other).max(axis=1) > 1e-12
    assert differs.sum() == 1  # 9 March 19:00 to 10 March 2019 11:40, shorter than a day
    assert (times.stop - times.start)[differs].item() == 15 * 3_600 + 40 * 60


@needs_golden
def test_eight_micro_cases_of_r() -> None:
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    cases = golden()["micro_cases"]
    assert len(cases) == 8
    for case in cases:
        start, end = case["start"], case["end"]
        if end == "NaT" or end < start:
            end = start
        row = weights((start, end))[0]
        assert row.sum() == pytest.approx(1, rel=1e-12)
        told = case["weights"]
        if isinstance(told, str):  # "62 hours, each 0.0161290322"
            n_hours, weight = int(told.split()[0]), float(told.split()[-1])
            assert np.sort(row)[-n_hours:] == pytest.approx(np.full(n_hours, weight), abs=1e-9)
        else:
            spots = {days[k // 24] + f" {k % 24:02d}": row[k] for k in np.flatnonzero(row)}
            assert spots == pytest.approx(told, abs=1e-9)


# ---- the sun

# AIP Netherlands, GEN 2.7, 2019: at 52 N 5 E, from 15 minutes before sunrise to 15 minutes after
# sunset, UTC; the 1st, 10th and 20th of January to June.
DAYLIGHT = {
    1: "0733 1554 0705 1642 0612 1734 0501 1828 0356 1919 0311 2005",
    10: "0730 1605 0650 1659 0552 1750 0440 1844 0340 1934 0306 2013",
    20: "0722 1621 0631 1718 0529 1808 0418 1901 0325 1949 0305 2018",
}
# Hvězdářská ročenka 2025: begin and end of civil twilight at 50 N 15 E, Central European time.
TWILIGHT = {
    "2025-01-01": "0720 1647", "2025-01-21": "0711 1712", "2025-03-02": "0609 1816",
    "2025-03-22": "0526 1849", "2025-04-21": "0420 1939", "2025-05-21": "0326 2029",
    "2025-06-20": "0306 2057", "2025-07-30": "0348 2024", "2025-09-08": "0453 1902",
    "2025-10-28": "0610 1717", "2025-11-27": "0654 1641",
}  # fmt: skip


def minutes_apart(found: pd.Timestamp, day: pd.Timestamp, clock: str, *, ahead: int = 0) -> float:
    told = day + pd.Timedelta(hours=int(clock[:2]), minutes=int(clock[2:]) - ahead)
    return abs((found.tz_localize(None) - told).total_seconds()) / 60


def test_sunrise_and_sunset_of_the_dutch_aviation_almanac_to_the_minute() -> None:
    for day_of_month, line in DAYLIGHT.items():
        for month, (dawn, dusk) in enumerate(zip(*[iter(line.split())] * 2, strict=True), 1):
            day = pd.Timestamp(2019, month, day_of_month)
            found = sun_times(pd.DatetimeIndex([day]), 52, 5, altitude=SUNRISE).iloc[0]
            assert minutes_apart(found["up"], day, dawn, ahead=-15) < 1
            assert minutes_apart(found["down"], day, dusk, ahead=15) < 1


def test_civil_twilight_of_an_astronomical_almanac_to_the_minute() -> None:
    for text, line in TWILIGHT.items():
        day = pd.Timestamp(text)
        found = sun_times(pd.DatetimeIndex([day]), 50, 15).iloc[0]
        for name, clock in zip(("up", "down"), line.split(), strict=True):
            assert minutes_apart(found[name], day, clock, ahead=60) < 1


def test_sunset_in_de_bilt_as_the_newspaper_had_it() -> None:
    # De Telegraaf, 11 December 2019: "In De Bilt is dat vandaag om 16:28 uur."
    day = pd.Timestamp("2019-12-11")
    found = sun_times(pd.DatetimeIndex([day]), *DE_BILT, altitude=SUNRISE).iloc[0]
    assert minutes_apart(found["down"], day, "1628", ahead=60) < 1


def test_the_sun_does_not_always_pass_the_altitude() -> None:
    june = pd.DatetimeIndex(["2018-06-21"])
    assert sun_times(june, 69, 20, altitude=SUNRISE).isna().all(axis=None)
    assert sun_times(june, *DE_BILT, altitude=-18).isna().all(axis=None)  # no real night in June
    assert sun_times(june, *DE_BILT).notna().all(axis=None)


def test_the_east_is_earlier_than_the_west_by_four_minutes_a_degree() -> None:
    days = pd.date_range("2018-01-01", "2018-12-31", freq="20D")
    gap = sun_times(days, 52, 4)["up"] - sun_times(days, 52, 5)["up"]
    assert gap.dt.total_seconds().to_numpy() == pytest.approx(np.full(len(days), 240), abs=3)


def test_the_origin_of_the_dutch_grid_is_amersfoort() -> None:
    # Onze Lieve Vrouwetoren: 52 9' 18.62" N, 5 23' 13.94" E (Kadaster, RDNAPTRANS)
    assert degrees(155_000, 463_000) == pytest.approx((52.155172, 5.387206), abs=5e-5)


# ---- darkness


def dark(*intervals: tuple[str | None, str | None]) -> pd.DataFrame:
    place = {"latitude": DE_BILT[0], "longitude": DE_BILT[1]}
    return dark_hours(incidents(*intervals), rng=rng(), **place).set_index("month")


def test_share_in_the_dark_by_hand() -> None:
    # Civil twilight on 1 January 2018 in De Bilt ends at 17:18. From 16:18 to 18:18 is half dark;
    # 23:00 to 23:30 wholly; 12:00 to 13:00 not; 18:00 is a moment in the dark.
    day = sun_times(pd.DatetimeIndex(["2018-01-01"]), *DE_BILT).iloc[0]["down"]
    dusk = day.tz_convert(CLOCK).tz_localize(None)
    assert dusk.strftime("%H:%M") in {"17:17", "17:18", "17:19"}
    van, tot = dusk - timedelta(hours=1), dusk + timedelta(hours=1)
    table = dark(
        (str(van), str(tot)),
        ("2018-01-01 23:00", "2018-01-01 23:30"),
        ("2018-01-01 12:00", "2018-01-01 13:00"),
        ("2018-01-01 18:00", "2018-01-01 18:00"),
    )
    assert table.loc[1, "n"] == table.loc[0, "n"] == 4
    assert table.loc[1, "n_dark"] == pytest.approx(0.5 + 1 + 0 + 1, abs=1e-3)
    assert table.loc[1, "share_dark"] == pytest.approx(2.5 / 4, abs=1e-3)
    assert table.loc[[2, 12], "share_dark"].isna().all()
    assert table.loc[1, "low"] < 2.5 / 4 < table.loc[1, "high"]


def test_dark_share_of_time_follows_the_season_and_half_the_year_lies_between() -> None:
    rows = [(f"2018-{month:02d}-15 12:00", f"2018-{month:02d}-15 13:00") for month in range(1, 13)]
    share = dark(*rows)["share_of_time"]
    assert share[12] == share.max()
    assert share[6] == share[1:].min()
    # minute by minute over a year, from the sun's times of each day: the definition again
    days = pd.date_range("2017-12-31", "2019-01-01")
    found = sun_times(days, *DE_BILT)
    length = (found["down"] - found["up"]).dt.total_seconds()[1:-1]
    assert share[0] == pytest.approx(1 - length.sum() / (365 * 86_400), abs=1e-3)


def test_burglaries_at_any_time_are_as_dark_as_the_hours_are() -> None:
    made = rng(8)
    van = pd.Timestamp("2018-01-01") + pd.to_timedelta(made.integers(0, 525_600, 20_000), "min")
    rows = pd.DataFrame({"pleeg_van": van, "pleeg_tot": van + timedelta(hours=3)})
    table = dark_hours(rows, latitude=52.1, longitude=5.18, rng=rng(), n_resamples=199)
    inside = table["share_of_time"].between(table["low"] - 0.02, table["high"] + 0.02)
    assert inside.all()


def test_where_the_sun_stays_up_the_share_is_refused() -> None:
    with pytest.raises(TableError, match="op 69 graden wordt het niet elke dag licht en donker"):
        dark_hours(scattered(5), latitude=69, longitude=20, rng=rng())


# ---- planted truth and real data


@pytest.fixture(scope="module")
def planted(voorbeeld: Voorbeeld) -> HotTimes:
    return hot_times(voorbeeld.store.table("incidenten"), rng=rng(), n_resamples=199)


def test_planted_hot_hours_are_found(planted: HotTimes) -> None:
    # what the kinds of absence give, drawn anew and counted by the minute of a day
    made = rng(2)
    total = np.zeros(24)
    for share, (left, spread), (away, spread_away) in ABSENCE.values():
        start = made.normal(left, spread, 4_000)
        length = np.clip(made.normal(away, spread_away, 4_000), 0.05, 23.9)
        spots = start[:, None] + length[:, None] * (np.arange(50) + 0.5) / 50
        total += share * np.bincount((spots % 24).astype(int).ravel(), minlength=24) / spots.size
    found = planted.by_hour()["share"].to_numpy()
    # the rest, holidays of one to fourteen days, is nearly all 24 hours or longer
    assert found == pytest.approx(total / total.sum(), abs=0.006)
    table = planted.by_dagdeel().set_index("dagdeel")
    assert table["per_hour"].idxmax() == "avond (18 tot 22 uur)"
    assert 0.12 < table.loc["nacht (22 tot 6 uur)", "share"] < 0.18
    assert table.loc[["middag (12 tot 18 uur)", "avond (18 tot 22 uur)"], "share"].sum() > 0.6


def test_planted_busy_days_are_found_and_the_calm_ones_are_not_hot(planted: HotTimes) -> None:
    # planted: Friday and Saturday 1.15, the other days 0.9 to 1.0 (sum 7.1)
    table = planted.by_weekday()
    mean = planted.n.sum() / 7
    assert table.loc[table["low"] > mean, "weekday"].tolist() == [4, 5]


def test_account_of_the_sample_is_the_planted_one(planted: HotTimes, voorbeeld: Voorbeeld) -> None:
    account = planted.times.account.set_index("reason")
    rows = voorbeeld.store.table("incidenten")
    assert account["n"].sum() == len(rows)
    told = voorbeeld.truth["bestanden"]["incidenten.csv"]
    n_emptied = told["leeggemaakt"]["pleegtijd_omgekeerd"]
    assert account.loc[MISSING, "n"] == told["zonder_begin"] + n_emptied
    assert account.loc[DEFAULT, "share"] == pytest.approx(0.015, abs=0.004)
    assert account.loc[WIDE, "share"] == pytest.approx(0.11, abs=0.02)


@pytest.mark.skipif(not VANCOUVER.is_file(), reason="shared/data/bench is not beside this folder")
def test_vancouver_2020_runs_through_the_same_functions() -> None:
    rows = pd.read_csv(VANCOUVER)
    parts = rows[["YEAR", "MONTH", "DAY", "HOUR", "MINUTE"]].rename(columns=str.lower)
    moment = pd.to_datetime(parts)
    made = pd.DataFrame({"pleeg_van": moment, "pleeg_tot": moment})
    found = hot_times(made, rng=rng(), clock="America/Vancouver")
    account = found.times.account.set_index("reason")["n"]
    assert account.sum() == 2_083
    assert account[DEFAULT] == (moment == moment.dt.normalize()).sum() > 0
    table = found.by_hour()
    # one moment each: every hour is a plain count
    kept = moment[moment != moment.dt.normalize()]
    assert table["n"].tolist() == pytest.approx(
        np.bincount(kept.dt.hour, minlength=24).tolist(), abs=1
    )
    assert table["n_hard"].sum() >= account[USED] - 1
