"""Speed of the analyses, beside the usual way to compute the same.

Run with `python benchmarks/methods.py [SECTION]...`; without a section all are run. Prints Markdown
tables. Where both ways must give the same, that is checked before a time is printed.
"""

import platform
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import stats

from wib_lib.absent import Missing
from wib_lib.change_points import change_points
from wib_lib.count_scores import crps
from wib_lib.density import density
from wib_lib.forecast import Panel, forecast
from wib_lib.grid import Grid
from wib_lib.hotspots import gi_star, hot_areas, within
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


SECTIONS = {
    "gi_star": gi_star_section,
    "density": density_section,
    "chance": chance_section,
    "false_hot": false_hot_section,
    "forecast": forecast_section,
    "crps": crps_section,
}


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    for name in sys.argv[1:] or SECTIONS:
        SECTIONS[name]()
