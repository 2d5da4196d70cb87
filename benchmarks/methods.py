"""Speed of the analyses, beside the usual way to compute the same.

Run with `python benchmarks/methods.py [SECTION]...`; without a section all are run. Prints Markdown
tables. Where both ways must give the same, that is checked before a time is printed.
"""

import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from wib_lib.hot_times import CLOCK, hot_times
from wib_lib.near_repeat import Events, knox

SEED = 2018


def seconds(task: Callable[[], object], *, repeats: int = 3) -> float:
    """Return the median wall time of a task, after one call that is not counted."""
    task()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        task()
        times.append(time.perf_counter() - begin)
    return float(np.median(times))


# ---- near repeat

CHICAGO = "golden/knox_nearrepeat/chicago_burglary_2014_2017_days.csv"
METRES, DAYS = (100, 200, 300, 400), (8, 15, 22, 29)  # with the same address 20 cells
SOME_DAYS = 4 * 364


def town(n: int, *, quarters: bool) -> Events:
    """Burglaries of four years at random, as dense as in Chicago: some 38 others within 400 m."""
    rng = np.random.default_rng(SEED)
    side = 400 * np.sqrt(np.pi * n / 76)
    day, zero = rng.integers(0, SOME_DAYS, n), np.zeros(n, int)
    place = rng.integers(0, 10 * n, n)
    x, y = rng.uniform(0, side, (2, n))
    return Events(x, y, day, place, day // 91 if quarters else zero, zero)


def chicago(path: Path, *, quarters: bool) -> Events:
    """The 45,319 burglaries of the golden case; one point is one address."""
    rows = pd.read_csv(path)
    place = np.unique(rows[["x", "y"]].to_numpy(), axis=0, return_inverse=True)[1].ravel()
    day, zero = rows["t"].to_numpy(), np.zeros(len(rows), int)
    x, y = rows["x"].to_numpy(), rows["y"].to_numpy()
    return Events(x, y, day, place, day // 91 if quarters else zero, zero)


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock and of the processor, peak memory in GB, and the close pairs."""

    clock: float
    processor: float
    peak: float
    n_pairs: int


def tested(events: Events, n_permutations: int) -> Spent:
    """Run the test once to compile, then measure it."""

    def task(n: int = n_permutations) -> pd.DataFrame:
        rng = np.random.default_rng(SEED)
        return knox(events, metres=METRES, days=DAYS, n_permutations=n, rng=rng)

    task(min(n_permutations, 1))
    begin = time.perf_counter(), time.process_time()
    task()
    clock, processor = time.perf_counter() - begin[0], time.process_time() - begin[1]
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024**2
    tree = cKDTree(np.column_stack([events.x, events.y]))
    n_pairs = (int(tree.count_neighbors(tree, METRES[-1])) - len(events.x)) // 2
    return Spent(clock, processor, peak, n_pairs)


def alone(events: Events, n_permutations: int) -> Spent:
    """Measure in a process of its own, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(tested, events, n_permutations).result()


def knox_section() -> None:
    """Knox on 20 cells (aims: 1,800 events in 0.15 s; 45,319 in 5 s and 1 GB)."""
    real = Path(__file__).parents[2] / "shared" / CHICAGO
    cases = [("1,800 at random", town(1_800, quarters=False), town(1_800, quarters=True))]
    if real.is_file():
        both = [chicago(real, quarters=quarters) for quarters in (False, True)]
        cases.append(("45,319 of Chicago", both[0], both[1]))
    print("\n| Knox, 20 cells, 999 permutations, events | strata | s | of the processor | GB |")
    print("|---|---|---|---|---|")
    for name, whole, strata in cases:
        for label, events, n in (
            ("none", whole, 999),
            ("quarters", strata, 999),
            ("none, ratios only", whole, 0),
        ):
            spent = alone(events, n)
            row = f"{spent.clock:.3f} | {spent.processor:.3f} | {spent.peak:.2f}"
            print(f"| {name} | {label} | {row} |", flush=True)


def growth_section() -> None:
    """Time against the number of close pairs, 10^3 to 10^6 events in quarters."""
    print(
        "\n| Knox, 20 cells, 99 permutations, events | close pairs | s | of the processor |", end=""
    )
    print(" us a pair | GB |\n|---|---|---|---|---|---|")
    for n in (1_000, 10_000, 100_000, 1_000_000):
        spent = alone(town(n, quarters=True), 99)
        each = 1e6 * spent.processor / spent.n_pairs
        row = f"{spent.clock:.2f} | {spent.processor:.2f} | {each:.2f} | {spent.peak:.2f}"
        print(f"| {n:,} | {spent.n_pairs:,} | {row} |", flush=True)


def pointpats_section() -> None:
    """One cell beside pointpats: the same pairs, the same expectation, 99 permutations."""
    from pointpats.spacetime import Knox

    print("\n| Knox, one cell, 99 permutations, events | ours, s | pointpats, s | ratio |")
    print("|---|---|---|---|")
    for n in (500, 1_800, 11_702):
        events = town(n, quarters=False)
        spots, day = np.column_stack([events.x, events.y]), events.day[:, None].astype(float)
        unknown = Events(events.x, events.y, events.day, events.place * 0 - 1, events.period,
                         events.area)  # fmt: skip

        def ours(unknown: Events = unknown) -> pd.Series:
            far = [np.nextafter(400, np.inf)]  # pointpats counts what lies on the edge
            rng = np.random.default_rng(SEED)
            return knox(unknown, metres=far, days=[8], n_permutations=99, rng=rng).iloc[1]

        def theirs(spots: np.ndarray = spots, day: np.ndarray = day) -> Knox:
            np.random.seed(SEED)  # the only way to seed it
            return Knox(spots, day.copy(), 400, 7, permutations=99)  # it shuffles what it is given

        found, told = ours(), theirs()
        assert found["n_pairs"] == told.statistic_
        np.testing.assert_allclose(found["expected"], told.expected[0][0], rtol=1e-9)
        spent, spent_there = seconds(ours), seconds(theirs, repeats=1)
        print(
            f"| {n:,} | {spent:.4f} | {spent_there:.2f} | {spent_there / spent:.0f} |", flush=True
        )


# ---- hot times


def absences(n: int) -> pd.DataFrame:
    """Intervals of a minute to just below a day, over four years."""
    rng = np.random.default_rng(SEED)
    van = pd.Timestamp("2014-01-01") + pd.to_timedelta(rng.integers(1, SOME_DAYS * 1_440, n), "min")
    return pd.DataFrame(
        {"pleeg_van": van, "pleeg_tot": van + pd.to_timedelta(rng.integers(1, 1_380, n), "min")}
    )


def hour_by_hour(rows: pd.DataFrame) -> np.ndarray:
    """Walk through every interval hour by hour, on the clock of the place."""
    cells = np.zeros(168)
    hour = pd.Timedelta(hours=1)
    for van, tot in rows.itertuples(index=False):
        start, stop = (
            moment.tz_localize(CLOCK, ambiguous=early, nonexistent="shift_forward").tz_convert(
                "UTC"
            )
            for moment, early in ((van, True), (tot, False))
        )
        at = start
        while at < stop:
            following = min(at.floor("h") + hour, stop)
            local = at.tz_convert(CLOCK)
            cells[local.day_of_week * 24 + local.hour] += (following - at) / (stop - start)
            at = following
    return cells


def hot_times_section() -> None:
    """Aoristic weights (aim: 100,000 in 0.5 s), beside the interval walked hour by hour."""
    print("\n| aoristic, incidents | table, s | with 999 resamples, s | hour by hour, s | ratio |")
    print("|---|---|---|---|---|")
    for n in (2_000, 100_000):
        rows = absences(n)

        def ours(n_resamples: int, rows: pd.DataFrame = rows) -> np.ndarray:
            rng = np.random.default_rng(SEED)
            return hot_times(rows, rng=rng, n_resamples=n_resamples).n

        some = rows.iloc[:2_000]
        begin = time.perf_counter()
        walked = hour_by_hour(some)
        other = (time.perf_counter() - begin) * n / len(some)
        np.testing.assert_allclose(ours(1, some), walked, atol=1e-9)
        spent = seconds(lambda ours=ours: ours(1))  # type: ignore[misc]
        banded = seconds(lambda ours=ours: ours(999), repeats=1)  # type: ignore[misc]
        note = "" if n == len(some) else " (by 2,000)"
        print(f"| {n:,} | {spent:.3f} | {banded:.2f} | {other:.1f}{note} | {other / spent:.0f} |")


SECTIONS = {
    "knox": knox_section,
    "growth": growth_section,
    "pointpats": pointpats_section,
    "hot_times": hot_times_section,
}


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    for name in sys.argv[1:] or SECTIONS:
        SECTIONS[name]()
