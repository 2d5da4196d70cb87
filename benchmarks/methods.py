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
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial import cKDTree

from wib_lib.absent import Missing
from wib_lib.change_points import change_points
from wib_lib.count_scores import crps
from wib_lib.density import density
from wib_lib.forecast import Panel, forecast
from wib_lib.grid import Grid
from wib_lib.hot_times import CLOCK, hot_times
from wib_lib.hotspots import gi_star, hot_areas, within
from wib_lib.near_repeat import Events, knox
from wib_lib.trend import fit_trend

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


# ---- hot areas


def squares(side: int) -> pd.DataFrame:
    """`side` x `side` cells of 125 m with dwellings and burglaries at random."""
    rng = np.random.default_rng(SEED)
    rows, columns = np.divmod(np.arange(side * side), side)
    n_dwellings = rng.integers(10, 200, side * side)
    return pd.DataFrame(
        {
            "column": columns,
            "row": rows,
            "x": (columns + 0.5) * 125,
            "y": (rows + 0.5) * 125,
            "n_dwellings": n_dwellings,
            "n_burglaries": rng.poisson(0.01 * n_dwellings),
        }
    )


def gi_star_section() -> None:
    """Gi* on 11,025 cells, neighbours included (aim: 2 s), beside esda."""
    from esda.getisord import G_Local
    from libpysal.weights import DistanceBand

    cells = squares(105)
    x, y = cells["x"].to_numpy(), cells["y"].to_numpy()
    rate = (cells["n_burglaries"] / cells["n_dwellings"]).to_numpy()

    def by_esda() -> np.ndarray:
        band = DistanceBand(np.column_stack([x, y]), 190, binary=True, silence_warnings=True)
        return np.asarray(G_Local(rate, band, star=True, transform="B", permutations=0).Zs)

    np.testing.assert_allclose(gi_star(rate, within(x, y, 190)), by_esda(), rtol=1e-8)
    ours = seconds(lambda: gi_star(rate, within(x, y, 190)))
    whole = seconds(lambda: hot_areas(cells, within(x, y, 190)))
    other = seconds(by_esda)
    print("\n| Gi* with its neighbours, cells | ours, s | hot areas whole, s | esda, s | ratio |")
    print("|---|---|---|---|---|")
    print(f"| {len(cells):,} | {ours:.3f} | {whole:.3f} | {other:.2f} | {other / ours:.0f} |")


def density_section() -> None:
    """Density of 45,000 points on 10,000 cells (aim: 0.5 s), beside its definition."""
    from scipy.spatial.distance import cdist

    rng = np.random.default_rng(SEED)
    cells = squares(100)[["column", "row", "x", "y"]]
    points = pd.DataFrame(rng.uniform(0, 12_500, (45_000, 2)), columns=["rd_x", "rd_y"])
    print("\n| density of 45,000 points, radius | ours, s | pair by pair, s | ratio |")
    print("|---|---|---|---|")
    for radius in (200, 400, 800):

        def ours(radius: int = radius) -> np.ndarray:
            found = density(points, cells, bandwidth=radius, minimum=0, grid=Grid())
            return found["per_km2"].to_numpy()

        def pairs(radius: int = radius) -> np.ndarray:
            sums = [
                (np.clip(1 - cdist(part, points, "sqeuclidean") / radius**2, 0, None) ** 2).sum(1)
                for part in np.array_split(cells[["x", "y"]].to_numpy(), 100)
            ]
            return 3e6 / (np.pi * radius**2) * np.concatenate(sums)

        begin = time.perf_counter()
        expected = pairs()
        other = time.perf_counter() - begin
        np.testing.assert_allclose(ours(), expected, rtol=1e-8, atol=1e-8)
        spent = seconds(ours)
        print(f"| {radius} m | {spent:.3f} | {other:.1f} | {other / spent:.0f} |")


# ---- how often chance is taken for something


def months(rng: np.random.Generator, n: int, level: float, r: float, fall: float) -> pd.DataFrame:
    """Months with a trend of -10 % a year, a season, scatter of 14 % and autocorrelation `r`."""
    step = np.arange(n)
    shock = rng.normal(size=n)
    for month in range(1, n):
        shock[month] = r * shock[month - 1] + np.sqrt(1 - r**2) * shock[month]
    mean = level * np.exp(
        np.log(0.9) * step / 12 + 0.25 * np.cos(2 * np.pi * step / 12) + 0.14 * shock
    )
    start = pd.date_range("2013-01-01", periods=n, freq="MS")
    counts = rng.poisson(mean * np.where(step >= n // 2, 1 - fall, 1))
    return pd.DataFrame(
        {"start": start, "end": start + pd.offsets.MonthBegin(1), "n_burglaries": counts}
    )


def chance_section(n_draws: int = 200) -> None:
    """Share of intervals of the trend that cover it, and of series that get a break."""
    print(
        f"\n| {n_draws} series of 72 months | covers, plain | covers, widened | break where none | fall of 35 % found |"
    )
    print("|---|---|---|---|---|")  # fmt: skip
    for level in (30.0, 4_000.0):
        for r in (0.0, 0.3, 0.6):
            rng = np.random.default_rng(SEED)
            hits = np.zeros(4)
            for _ in range(n_draws):
                rows = months(rng, 72, level, r, 0.0)
                for k, serial in enumerate((False, True)):
                    found = fit_trend(rows, serial=serial)
                    hits[k] += found.low <= -10 <= found.high
                hits[2] += len(change_points(rows)) > 0
                broken = change_points(months(rng, 72, level, r, 0.35))["start"]
                hits[3] += bool((abs((broken - rows["start"][36]).dt.days) < 100).any())
            shares = " | ".join(f"{100 * hit / n_draws:.0f} %" for hit in hits)
            print(f"| {level:,.0f} a month, autocorrelation {r} | {shares} |")


def false_hot_section(n_draws: int = 200) -> None:
    """Share of maps that get a hot cell when burglary falls on dwellings at random."""
    print(f"\n| {n_draws} maps of 900 cells, burglaries | Gi* alone | with the exact test |")
    print("|---|---|---|")
    cells = squares(30)
    near = within(cells["x"].to_numpy(), cells["y"].to_numpy(), 190)
    risk = cells["n_dwellings"] / cells["n_dwellings"].sum()
    for n in (80, 300, 1_200):
        rng = np.random.default_rng(SEED)
        hits = np.zeros(2)
        for _ in range(n_draws):
            found = hot_areas(cells.assign(n_burglaries=rng.multinomial(n, risk)), near)
            hits += [((found["z"] > 0) & (found["p_bh"] <= 0.05)).any(), found["is_hot"].any()]
        print(f"| {n:,} | {100 * hits[0] / n_draws:.0f} % | {100 * hits[1] / n_draws:.0f} % |")


# ---- forecast with back-test


def area(n_places: int, *, years: int = 5, per_year: float = 500.0) -> Panel:
    """One area with uneven places, a season and a falling level, in fortnights."""
    rng = np.random.default_rng(SEED)
    n_periods = 26 * years
    end = date(2018, 12, 17)
    starts = [end - timedelta(days=14 * back) for back in range(n_periods, -1, -1)]
    turn = 2 * np.pi * np.array([start.toordinal() for start in starts[:-1]]) / 365.2425
    level = per_year / 26 * np.exp(0.3 * np.cos(turn) - 0.1 * np.arange(n_periods) / 26)
    share = rng.gamma(1.0, size=n_places)
    return Panel(
        codes=tuple(f"BU{place:08}" for place in range(n_places)),
        counts=rng.poisson(np.outer(share / share.sum(), level)).astype(float),
        starts=tuple(starts),
        end=end + timedelta(days=14),
        dwellings=rng.integers(100, 2_000, n_places).astype(float),
        per_year=26,
        is_complete=True,
        unplaced=np.zeros(n_periods),
    )


def forecast_section() -> None:
    """Forecast one area of growing size, back-test of three years included (aim: 100 in 3 s)."""
    print("| places, 5 years of fortnights | forecasts in the back-test | s |")
    print("|---|---|---|")
    for n_places in (10, 100, 1_000, 5_000):
        panel = area(n_places)
        found = forecast(panel)
        assert not isinstance(found, Missing)
        spent = seconds(lambda panel=panel: forecast(panel))  # type: ignore[misc]
        print(f"| {n_places:,} | {len(found.test.origins) * n_places:,} | {spent:.2f} |")


def crps_section() -> None:
    """Score negative-binomial forecasts: closed form beside the sum that defines the CRPS."""
    rng = np.random.default_rng(SEED)
    mean = rng.gamma(0.5, 2.0, 20_000) + 0.01
    seen = rng.poisson(mean)
    print("\n| CRPS of 20,000 forecasts, size | ours, s | definition summed, s | ratio |")
    print("|---|---|---|---|")
    for size in (2.0, 500.0):
        np.testing.assert_allclose(crps(seen, mean, size), summed(seen, mean, size), atol=1e-8)
        ours = seconds(lambda size=size: crps(seen, mean, size))  # type: ignore[misc]
        other = seconds(lambda size=size: summed(seen, mean, size))  # type: ignore[misc]
        print(f"| {size:g} | {ours:.4f} | {other:.3f} | {other / ours:.0f} |")


def summed(seen: np.ndarray, mean: np.ndarray, size: float) -> np.ndarray:
    """Sum the squared distance between the two step functions, up to where nothing is left."""
    chance = size / (size + mean)
    steps = np.arange(int(stats.nbinom.isf(1e-13, size, chance).max()) + int(seen.max()) + 1)
    below = stats.nbinom.cdf(steps, size, chance[:, None])
    return np.asarray(((below - (steps >= seen[:, None])) ** 2).sum(axis=1))


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
    "gi_star": gi_star_section,
    "density": density_section,
    "chance": chance_section,
    "false_hot": false_hot_section,
    "forecast": forecast_section,
    "crps": crps_section,
    "knox": knox_section,
    "growth": growth_section,
    "pointpats": pointpats_section,
    "hot_times": hot_times_section,
}


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    for name in sys.argv[1:] or SECTIONS:
        SECTIONS[name]()
