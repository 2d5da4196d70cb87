"""Time and loss of disclosure control, as the number of linked cells grows.

Run with `python benchmarks/disclosure.py [BUURTEN...]` (buurten per wijk; default 10 20 40 100:
from 10^4 cells to 10^5). The system is that of a run: nine areas of ten wijken, six years, months
and quarters, attempts, cleared and the way in, with burglary-like counts from a fixed seed.
Prints a Markdown table; seconds are those of one core.
"""

import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from wib_lib.disclosure import Cube, Dimension, audit, nested, protect, system

SPLITS = {
    "poging": {"": [("poging", "voltooid")]},
    "opgehelderd": {"": [("ja", "nee")]},
    "wijze": {"": [("braak", "insluiping", "anders", "onbekend")]},
}
SHARES = {"poging": [0.35, 0.65], "opgehelderd": [0.1, 0.9], "wijze": [0.6, 0.2, 0.1, 0.1]}
YEARS = [str(year) for year in range(2013, 2019)]


def areas(n_buurten: int) -> dict[str, str]:
    """Return the parent of every area: nine areas, ten wijken each."""
    parents = {}
    for gemeente in range(9):
        parents[f"GM{gemeente}"] = ""
        for wijk in range(10):
            parents[f"WK{gemeente}{wijk}"] = f"GM{gemeente}"
            for buurt in range(n_buurten):
                parents[f"BU{gemeente}{wijk}{buurt:03}"] = f"WK{gemeente}{wijk}"
    return parents


def periods() -> dict[str, str]:
    """Return the parent of every month, quarter and year."""
    parents = dict.fromkeys(YEARS, "")
    for year in YEARS:
        for month in range(12):
            quarter = f"{year}-Q{month // 3 + 1}"
            parents |= {quarter: year, f"{year}-{month + 1:02}": quarter}
    return parents


def incidents(buurten: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """Draw the rows that are counted: levels differ between buurten as they do in practice."""
    level = rng.gamma(0.8, 6, len(buurten))
    counts = rng.poisson(level[:, None], (len(buurten), len(YEARS)))
    area = np.repeat(np.repeat(buurten, len(YEARS)), counts.ravel())
    year = np.repeat(np.tile(YEARS, len(buurten)), counts.ravel())
    month = [f"{y}-{m:02}" for y, m in zip(year, rng.integers(1, 13, len(year)), strict=True)]
    rows = pd.DataFrame({"gebied": area, "periode": month})
    for name, shares in SHARES.items():
        rows[name] = rng.choice(SPLITS[name][""][0], len(rows), p=shares)
    return rows


def counted(
    rows: pd.DataFrame,
    names: list[str],
    parents: dict[str, dict[str, str]],
    levels: list[list[str]],
) -> pd.DataFrame:
    """Count rows at every combination of codes of `levels`."""
    table = rows[names].assign(n=1)
    for name in names:
        up = parents.get(name)
        chains = {code: list(_upward(code, up)) for code in table[name].unique()}
        table[name] = table[name].map(chains)
        table = table.explode(name)
    full = pd.MultiIndex.from_product(levels, names=names)
    return table.groupby(names)["n"].sum().reindex(full, fill_value=0).reset_index()


def _upward(code: str, up: dict[str, str] | None) -> Iterator[str]:
    while code:
        yield code
        code = up[code] if up else ""
    yield ""


def tables(n_buurten: int) -> tuple[list[Cube], list[Dimension]]:
    """Return the tables and dimensions of a run."""
    tree = {"gebied": areas(n_buurten), "periode": periods()}
    rng = np.random.default_rng(2018)
    rows = incidents([code for code in tree["gebied"] if code.startswith("BU")], rng)
    everywhere = ["", *tree["gebied"]]
    wijken = [code for code in everywhere if not code.startswith("BU")]
    gemeenten = [code for code in wijken if not code.startswith("WK")]
    spans = [code for code in tree["periode"] if code not in YEARS]
    quarters = [code for code in spans if "Q" in code]
    plans = [
        ("buurten per jaar", ["gebied", "periode"], [everywhere, YEARS]),
        ("gemeenten per maand", ["gebied", "periode"], [gemeenten, spans]),
        (
            "pogingen per wijk",
            ["gebied", "periode", "poging"],
            [wijken, YEARS, SPLITS["poging"][""][0]],
        ),
        ("opheldering", ["gebied", "periode", "opgehelderd"], [wijken, YEARS, ["ja", "nee"]]),
        ("wijze", ["gebied", "periode", "wijze"], [gemeenten, quarters, SPLITS["wijze"][""][0]]),
        (
            "wijze per jaar",
            ["gebied", "periode", "wijze"],
            [gemeenten, YEARS, SPLITS["wijze"][""][0]],
        ),
    ]
    cubes = [
        Cube(title, "incidenten", tuple(names), counted(rows, names, tree, levels))
        for title, names, levels in plans
    ]
    dimensions = [nested(name, parents) for name, parents in tree.items()]
    dimensions += [Dimension(name, sums) for name, sums in SPLITS.items()]
    return cubes, dimensions


def main() -> None:
    """Print one row per size."""
    sizes = [int(size) for size in sys.argv[1:]] or [10, 20, 40, 100]
    print(
        "| cellen | sommen | koppelen s | beveiligen s | audit s | verborgen | behouden | te smal |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in sizes:
        cubes, dimensions = tables(size)
        times = [time.process_time()]
        linked = system(cubes, dimensions)
        times.append(time.process_time())
        protection = protect(linked, minimum=5)
        times.append(time.process_time())
        found = audit(linked, protection)
        times.append(time.process_time())
        took = " | ".join(f"{late - early:.1f}" for early, late in pairwise(times))
        print(
            f"| {len(linked.cells)} | {linked.relations.shape[0]} | {took} | {len(found)} | "
            f"{protection.share_kept:.1%} | {found['is_too_narrow'].sum()} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
