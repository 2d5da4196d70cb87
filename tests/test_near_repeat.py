"""Near repeat: the Knox test inside strata, its honesty on null data, and the risk windows."""

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, poisson

from conftest import Voorbeeld
from wib_lib.errors import TableError
from wib_lib.near_repeat import (
    DAYS,
    METRES,
    Events,
    days_label,
    knox,
    near_repeat,
    placed_events,
    raised_bands,
    risk_windows,
)
from wib_lib.near_repeat.events import NO_ADDRESS, NO_DAY, NO_POINT, ON_A_PILE

SHARED = Path(__file__).parents[2] / "shared"
GOLDEN = SHARED / "golden"
VANCOUVER = SHARED / "data" / "bench" / "break_enter_residential_2020.csv"
needs_golden = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the folder shared/ with golden cases is not beside this repository"
)


def events(
    x: Any, y: Any, day: Any, *, place: Any = None, period: Any = 0, area: Any = 0
) -> Events:
    n = len(x)
    full = [np.full(n, -1) if place is None else np.asarray(place)]
    full += [np.broadcast_to(values, n) for values in (period, area)]
    return Events(np.asarray(x, float), np.asarray(y, float), np.asarray(day, int), *full)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def grid(table: pd.DataFrame, column: str, n_days: int) -> np.ndarray:
    return table[column].to_numpy().reshape(-1, n_days)


# ---- the counts and their expectation


def test_four_events_by_hand() -> None:
    # On a line at 0, 50, 150 and 9000 m, days 0, 3, 10 and 3. Near: AB at 50 m; BC at exactly 100 m
    # and AC at 150 m in the second band. Lags: AB 3, AC 10, BC 7, AD 3, BD 0, CD 7: three of the
    # six pairs in days 0-6, three in 7-13. Expected: N_s x N_t / P.
    found = knox(
        events([0, 50, 150, 9_000], [0] * 4, [0, 3, 10, 3]),
        metres=[100, 200], days=[7, 14], n_permutations=0, rng=rng(),
    )  # fmt: skip
    assert grid(found, "n_pairs", 2).tolist() == [[0, 0], [1, 0], [0, 2]]
    assert grid(found, "expected", 2) == pytest.approx(
        np.array([[0, 0], [1 * 3 / 6, 1 * 3 / 6], [2 * 3 / 6, 2 * 3 / 6]]), rel=1e-12
    )
    assert found["ratio"].isna().tolist() == [True, True, False, False, False, False]


def test_the_same_address_is_a_band_of_its_own_whatever_the_point_says() -> None:
    # A and B share an address although their points lie 30 m apart; C stands on A's very point
    # without an address, D on the same point under another address: near, not the same place.
    found = knox(
        events([0, 30, 0, 0], [0] * 4, [0, 1, 2, 3], place=[5, 5, -1, 6]),
        metres=[100], days=[7], n_permutations=0, rng=rng(),
    )  # fmt: skip
    assert found["n_pairs"].tolist() == [1, 5]
    assert found[["metres_from", "metres_to"]].to_numpy().tolist() == [[0, 0], [0, 100]]


def small_strata() -> Events:
    made = rng(7)
    spots = made.integers(0, 300, (2, 9))
    day = [0, 4, 9, 11, 15, 19, 22, 24, 29]  # three days in each of three periods
    return events(*spots, day, period=np.repeat([0, 1, 2], 3), area=[0, 0, 0, 1, 1, 1, 0, 0, 0])


def test_expectation_is_the_mean_over_every_exchange_inside_strata() -> None:
    made = small_strata()
    metres, days = [100, 250], [6, 12]
    found = knox(made, metres=metres, days=days, n_permutations=0, rng=rng())
    counts = []
    for orders in itertools.product(itertools.permutations(range(3)), repeat=3):
        rows = np.concatenate([3 * k + np.array(order) for k, order in enumerate(orders)])
        cells = np.zeros((2, 2))
        for i, j in itertools.combinations(range(9), 2):
            gap = np.hypot(made.x[i] - made.x[j], made.y[i] - made.y[j])
            lag = abs(int(made.day[rows[i]]) - int(made.day[rows[j]]))
            if gap < 250 and lag < 12:
                cells[int(gap >= 100), int(lag >= 6)] += 1
        counts.append(cells)
    assert len(counts) == 216
    assert grid(found, "expected", 2)[1:] == pytest.approx(np.mean(counts, axis=0), rel=1e-12)
    assert (grid(found, "n_pairs", 2)[1:] == counts[0]).all()
    # and the simulated p against the exact one over all 216 exchanges
    exact = np.mean(np.array(counts) >= counts[0], axis=0)
    tested = knox(made, metres=metres, days=days, n_permutations=9_999, rng=rng())
    assert grid(tested, "p", 2)[1:] == pytest.approx(exact, abs=4 * 0.5 / 100)


def scattered(n: int = 300) -> dict[str, np.ndarray]:
    made = rng(3)
    day = made.integers(0, 360, n)
    return {
        "x": made.normal(0, 400, n),
        "y": made.normal(0, 400, n),
        "day": day,
        "place": made.integers(-1, 60, n),
        "period": day // 90,
        "area": made.integers(0, 2, n),
    }


def run(columns: dict[str, np.ndarray], **more: Any) -> pd.DataFrame:
    options = {"metres": METRES, "days": DAYS, "n_permutations": 99, "rng": rng(5)}
    return knox(Events(**columns), **(options | more))


def test_order_labels_place_and_time_of_origin_do_not_matter() -> None:
    columns = scattered()
    kept = {name: values.copy() for name, values in columns.items()}
    base = run(columns)
    order = rng(9).permutation(len(columns["x"]))
    moved = {name: values[order] for name, values in columns.items()}
    moved["x"] = moved["x"] + 80_000
    moved["day"] = moved["day"] + 17_000
    moved["place"] = np.where(moved["place"] < 0, -1, 500 - moved["place"])
    moved["period"], moved["area"] = 90 - moved["period"], 1 - moved["area"]
    again = run(moved)
    assert (again["n_pairs"] == base["n_pairs"]).all()
    assert again["expected"].to_numpy() == pytest.approx(base["expected"].to_numpy(), rel=1e-9)
    assert again["p"].to_numpy() == pytest.approx(base["p"].to_numpy(), abs=0.2)
    for name, values in columns.items():
        assert (values == kept[name]).all()


def test_the_seed_decides_and_ties_count() -> None:
    columns = scattered()
    pd.testing.assert_frame_equal(run(columns), run(columns))
    assert (run(columns)["p"] != run(columns, rng=rng(6))["p"]).any()
    # all on one day: every shuffle equals the observation, so every p is 1
    still = run(columns | {"day": np.zeros(300, int), "period": np.zeros(300, int)})
    assert (still["p"] == 1).all()
    assert (still["p_holm"] == 1).all()


def test_corrections_are_those_of_holm_and_of_benjamini_and_hochberg() -> None:
    from statsmodels.stats.multitest import multipletests

    found = run(scattered())
    for column, method in (("p_holm", "holm"), ("p_bh", "fdr_bh")):
        assert found[column].to_numpy() == pytest.approx(
            multipletests(found["p"], method=method)[1], rel=1e-12
        )


def test_number_of_shuffles_is_what_was_asked_for() -> None:
    columns = scattered()
    for n in (1, 31, 33, 100):
        steps = run(columns, n_permutations=n)["p"] * (n + 1)
        assert steps.to_numpy() == pytest.approx(np.round(steps.to_numpy()), abs=1e-9)
        assert steps.between(1, n + 1).all()
    assert "p" not in run(columns, n_permutations=0)


@pytest.mark.parametrize("bands", [{"metres": []}, {"metres": [0, 100]}, {"days": [14, 7]}])
def test_bands_must_ascend(bands: dict[str, list[float]]) -> None:
    with pytest.raises(TableError, match="de grenzen moeten oplopen vanaf boven 0"):
        run(scattered(), **bands)


def test_events_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(TableError, match="zonder coördinaat"):
        events([0, np.nan], [0, 0], [0, 1])
    with pytest.raises(TableError, match="hoogstens 32767 dagen"):
        events([0, 1], [0, 0], [0, 40_000])
    with pytest.raises(TableError, match="even lang"):
        Events(*[np.zeros(2)] * 5, np.zeros(3))


def test_no_close_pairs_give_a_table_of_zeros() -> None:
    found = run({name: values[:0] for name, values in scattered().items()})
    assert found["n_pairs"].sum() == 0
    assert (found["p"] == 1).all()


# ---- golden cases: NearRepeat and pointpats


def golden(case: str, file: str = "expected.json") -> Any:
    return json.loads((GOLDEN / case / file).read_text(encoding="utf-8"))


def at_points(rows: pd.DataFrame, day: Any, **more: Any) -> Events:
    """Events where one point is one address, as in the calculator."""
    _, place = np.unique(rows[["x", "y"]].to_numpy(), axis=0, return_inverse=True)
    return events(rows["x"], rows["y"], day, place=place.ravel(), **more)


def chicago() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "knox_nearrepeat" / "chicago_burglary_2014_2017_days.csv")


@needs_golden
def test_arson_of_the_near_repeat_calculator_with_open_last_bands() -> None:
    told = golden("knox_nearrepeat")["cases"]["arson_readme"]
    rows = pd.read_csv(GOLDEN / "knox_nearrepeat" / "chicago_arson_2016.csv", parse_dates=["date"])
    day = (rows["date"] - rows["date"].min()).dt.days
    found = knox(
        at_points(rows, day), metres=[201, 401, 601, np.inf], days=[1, 2, 3, np.inf],
        n_permutations=999, rng=rng(), metric="manhattan",
    )  # fmt: skip
    assert (grid(found, "n_pairs", 4) == told["observed"]).all()
    assert grid(found, "expected", 4) == pytest.approx(np.array(told["expected_exact"]), rel=1e-9)
    assert grid(found, "p", 4) == pytest.approx(np.array(told["p_R_999"]), abs=0.04)


@needs_golden
def test_four_years_of_chicago_without_strata() -> None:
    told = golden("knox_nearrepeat")["all_2014_2017"]
    rows = chicago()
    found = knox(
        at_points(rows, rows["t"]), metres=told["sds"][2:], days=told["tds"][1:],
        n_permutations=0, rng=rng(),
    )  # fmt: skip
    assert found["n_pairs"].sum() == np.sum(told["observed"])
    assert (grid(found, "n_pairs", 4) == told["observed"]).all()
    assert grid(found, "ratio", 4) == pytest.approx(np.array(told["knox_ratio_exact"]), rel=1e-9)


@needs_golden
def test_strata_of_a_quarter_and_pairs_across_their_edges() -> None:
    told = golden("knox_nearrepeat", "multi_year_bias.json")
    rows = chicago()
    period = (rows["t"] // 91).to_numpy()
    bands = {"metres": told["bands"]["s"][2:], "days": told["bands"]["t"][1:]}
    options = bands | {"n_permutations": 0, "rng": rng()}
    # the published ratios take pairs inside a stratum only: with the strata set far apart in time
    # no pair across an edge is soon
    apart = knox(at_points(rows, rows["t"] + 100 * period, period=period), **options)
    assert grid(apart, "ratio", 4) == pytest.approx(np.array(told["by_91d"]), rel=1e-9)
    # with the pairs across edges every close pair of the whole file counts
    whole = knox(at_points(rows, rows["t"], period=period), **options)
    pooled = golden("knox_nearrepeat")["all_2014_2017"]["observed"]
    assert (grid(whole, "n_pairs", 4) == pooled).all()
    assert (grid(whole, "ratio", 4)[:, 0] < grid(apart, "ratio", 4)[:, 0] * 1.05).all()


@needs_golden
def test_burkitt_of_pointpats() -> None:
    told = golden("knox_pointpats")
    rows = pd.read_csv(GOLDEN / "knox_pointpats" / "burkitt.csv")
    # "at most 20 and at most 5" as bands that are open on the right
    found = knox(
        events(rows["X"], rows["Y"], rows["T"]), metres=[np.nextafter(told["delta"], np.inf)],
        days=[told["tau"] + 1], n_permutations=999, rng=rng(),
    ).iloc[1]  # fmt: skip
    assert found["n_pairs"] == told["statistic"] == 13
    assert found["expected"] == pytest.approx(told["expected"][0][0], rel=1e-5)
    # pointpats' Poisson p is the chance of more than the count
    assert poisson.sf(13, found["expected"]) == pytest.approx(told["p_poisson"], abs=1e-5)
    assert found["p"] == pytest.approx(told["p_999_prototype"], abs=0.04)


# ---- honesty: false alarms on data in which nothing repeats


def two_quarters_of_town(made: np.random.Generator) -> dict[str, np.ndarray]:
    """Two years in one gemeente: the winters busier, and the trade moving from west to east."""
    day = np.concatenate(
        [made.integers(91 * k, 91 * (k + 1), n) for k, n in enumerate([110, 70, 60, 90] * 2)]
    )
    east = made.random(len(day)) < np.linspace(0.1, 0.9, 8)[day // 91]
    spots = made.normal(0, 250, (2, len(day)))
    zero = np.zeros(len(day), int)
    return {
        "x": spots[0] + np.where(east, 1_500, 0), "y": spots[1], "day": day,
        "place": zero - 1, "period": day // 91, "area": zero,
    }  # fmt: skip


def redrawn(columns: dict[str, np.ndarray], made: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw the dates anew inside each quarter, so that nothing can repeat."""
    day = columns["period"] * 91 + made.integers(0, 91, len(columns["day"]))
    return columns | {"day": day}


def test_false_alarms_are_five_per_cent_with_strata_and_far_more_without() -> None:
    made, n_draws = rng(20), 200
    town = two_quarters_of_town(made)
    alarms = {"strata": 0, "strata, any cell": 0, "none": 0, "none, any cell": 0}
    few = {"metres": [100, 200], "days": [7, 14], "n_permutations": 199}  # Holm needs 6 / 200 < .05
    for _ in range(n_draws):
        null = redrawn(town, made)
        whole = null | {"period": np.zeros_like(null["period"])}
        for name, columns in (("strata", null), ("none", whole)):
            found = run(columns, rng=made, **few)
            cell = found[found["metres_to"].eq(100) & found["days_to"].eq(7)]  # chosen beforehand
            alarms[name] += int(cell["p"].item() <= 0.05)
            alarms[f"{name}, any cell"] += int(found["p_holm"].le(0.05).any())
    low, high = binom.ppf([0.025, 0.975], n_draws, 0.05)
    assert low <= alarms["strata"] <= high
    assert alarms["strata, any cell"] <= high
    assert alarms["none"] > n_draws / 2
    assert alarms["none, any cell"] > n_draws / 2


# ---- incidents: what takes part, and the strata


def incidents(n: int = 240) -> pd.DataFrame:
    made = rng(11)
    return pd.DataFrame(
        {
            "day": pd.Timestamp("2018-01-01") + pd.to_timedelta(made.integers(0, 365, n), "D"),
            "gemeente_code": np.where(np.arange(n) % 2, "GM0513", "GM0503"),
            "buurt_code": "BU05130101",
            "rd_x": made.uniform(108_000, 112_000, n),
            "rd_y": made.uniform(446_000, 450_000, n),
            "adres_pseudo": [f"a{k}" for k in range(n)],
            "straat_id": [f"s{k % 60}" for k in range(n)],
            "geocode_kwaliteit": "adres",
        }
    )


def left_out(rows: pd.DataFrame) -> dict[str, int]:
    table = placed_events(rows).left_out
    return {str(reason): int(n) for reason, n in zip(table["reason"], table["n"], strict=True)}


def test_incidents_without_a_trusted_place_take_no_part_and_are_counted() -> None:
    rows = incidents()
    rows.loc[0, "day"] = pd.NaT
    rows.loc[[1, 2], "rd_x"] = np.nan
    rows.loc[[3, 4, 5], "geocode_kwaliteit"] = "straat"
    placed = placed_events(rows)
    assert left_out(rows) == {NO_DAY: 1, NO_POINT: 2, NO_ADDRESS: 3, ON_A_PILE: 0}
    assert len(placed.incidents) == len(placed.events.x) == 240 - 6
    assert placed.left_out["share"].sum() == pytest.approx(6 / 240, rel=1e-12)


def test_a_pile_of_addresses_on_one_point_is_no_near_repeat() -> None:
    rows = incidents()
    clean = near_repeat(rows, rng=rng())
    pile = rows.iloc[[0] * 25].assign(
        adres_pseudo=[f"p{k}" for k in range(25)], rd_x=110_000.0, rd_y=448_000.0,
        day=pd.Timestamp("2018-05-01") + pd.to_timedelta(np.arange(25) % 7, "D"),
    )  # fmt: skip
    one_address = pile.assign(adres_pseudo="politiebureau", rd_x=109_000.0)
    for heap in (pile, one_address):
        both = pd.concat([rows, heap], ignore_index=True)
        found = near_repeat(both, rng=rng())
        assert left_out(both)[ON_A_PILE] == 25
        assert (found.table["n_pairs"] == clean.table["n_pairs"]).all()
        assert (found.n_incidents, found.n_used) == (265, 240)
        # the same heap is a strong near repeat when nothing guards against it
        naive = knox(
            events(both["rd_x"], both["rd_y"], both["day"].dt.day_of_year),
            metres=METRES, days=DAYS, n_permutations=0, rng=rng(),
        )  # fmt: skip
        assert naive["n_pairs"].sum() > found.table["n_pairs"].sum() + 100


def test_an_empty_address_is_never_the_same_address() -> None:
    rows = incidents(60).assign(adres_pseudo=None, geocode_kwaliteit=None)
    rows.loc[1, ["rd_x", "rd_y", "day"]] = rows.loc[0, ["rd_x", "rd_y", "day"]]
    table = near_repeat(rows, rng=rng(), n_permutations=0).table
    assert table.loc[table["metres_to"].eq(0), "n_pairs"].sum() == 0
    assert table.loc[table["metres_to"].eq(100), "n_pairs"].iloc[0] >= 1


def test_strata_are_calendar_months_by_gemeente() -> None:
    rows = incidents()
    found = placed_events(rows).events
    quarter = rows["day"].dt.quarter
    pairs = set(zip(found.period.tolist(), quarter, strict=True))
    assert len(pairs) == 4
    assert len(np.unique(found.area)) == 2
    assert len(np.unique(placed_events(rows, months=1).events.period)) == 12
    with pytest.raises(TableError, match="een stratum is 1 tot 3 maanden lang, gevonden 12"):
        placed_events(rows, months=12)


def test_too_little_and_missing_columns_are_said() -> None:
    with pytest.raises(TableError, match="minstens twee incidenten op een adres nodig"):
        near_repeat(incidents().assign(rd_x=np.nan), rng=rng())
    with pytest.raises(TableError, match="column adres_pseudo is missing"):
        near_repeat(incidents().drop(columns="adres_pseudo"), rng=rng())


# ---- risk windows


def cells(p_holm: list[list[float]]) -> pd.DataFrame:
    """A result with bands same address, 100 m and 200 m by days 7, 14 and 30."""
    rows = [
        {"metres_from": low, "metres_to": high, "days_from": a, "days_to": b, "n_pairs": 30,
         "expected": 10.0, "ratio": 3.0, "p_holm": p}
        for (low, high), line in zip([(0, 0), (0, 100), (100, 200)], p_holm, strict=True)
        for (a, b), p in zip([(0, 7), (7, 14), (14, 30)], line, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_only_bands_that_join_up_from_day_zero_make_a_window() -> None:
    found = raised_bands(cells([[0.01, 0.02, 0.9], [0.05, 0.06, 0.01], [0.2, 0.01, 0.01]]))
    assert found[["near", "n_days"]].to_numpy().tolist() == [
        ["zelfde adres", 14],
        ["tot 100 m", 7],
    ]
    assert found["ratio"].tolist() == [60 / 20, 30 / 10]
    # fewer than expected is no raised risk, however sure
    assert raised_bands(cells([[0.01] * 3] * 3).assign(ratio=0.5)).empty


def test_risk_windows_by_hand() -> None:
    table = cells([[0.01, 0.01, 0.9], [0.01, 0.9, 0.9], [0.9] * 3])
    rows = pd.DataFrame(
        {
            "day": pd.to_datetime(
                ["2018-12-10", "2018-12-16", "2018-12-03", "2018-12-02", "2018-12-17"]
            ),
            "buurt_code": ["BU1", "BU1", "BU2", "BU3", "BU4"],
        }
    )
    found = risk_windows(table, rows, on=date(2018, 12, 16))
    # 10 Dec + 7 days: up to the 16th within 100 m, up to the 23rd at the address (14 days);
    # 16 Dec up to the 29th; 3 Dec up to the 16th at the address only; 2 Dec is over; 17 is not yet.
    assert found.table.to_numpy().tolist() == [
        ["BU1", 2, "tot 100 m", pd.Timestamp("2018-12-29")],
        ["BU2", 1, "zelfde adres", pd.Timestamp("2018-12-16")],
    ]
    assert found.caption.startswith("Indicatief: ")
    assert "zelfde adres 14 dagen en tot 100 m 7 dagen" in found.caption
    assert "zegt niet waardoor" in found.caption


def test_without_a_significant_band_there_is_no_list_and_it_says_why() -> None:
    rows = incidents()
    found = risk_windows(cells([[0.9] * 3] * 3), rows, on=date(2018, 12, 1))
    assert found.table.empty
    assert found.bands.empty
    assert "daarom is er geen lijst" in found.caption
    with pytest.raises(TableError, match="column p_holm is missing"):
        risk_windows(cells([[0.9] * 3] * 3).drop(columns="p_holm"), rows, on=date(2018, 12, 1))


def test_labels_are_dutch_and_closed_on_the_left() -> None:
    assert days_label(14, 30) == "14 t/m 29 dagen"
    assert days_label(60, np.inf) == "vanaf 60 dagen"


# ---- planted truth and real data


@pytest.fixture(scope="module")
def sample(voorbeeld: Voorbeeld) -> pd.DataFrame:
    rows = voorbeeld.store.table("incidenten")
    return rows.assign(day=rows["kennisname_dt"])


@pytest.mark.parametrize("code", ["GM0503", "GM0513", "GM0546", "GM0603", "GM1783", "GM1916"])
def test_planted_near_repeat_is_found(sample: pd.DataFrame, code: str) -> None:
    # planted: 12 % offspring within 150 m and 14 days, a quarter of it at the same address
    found = near_repeat(sample[sample["gemeente_code"].eq(code)], rng=rng())
    bands = raised_bands(found.table).set_index("near")
    assert {"zelfde adres", "tot 100 m"} <= set(bands.index)
    assert bands.loc["zelfde adres", "ratio"] > 3
    assert bands.loc["tot 100 m", "ratio"] > 1.5
    assert bands["n_days"].max() <= 14
    assert "200 tot 400 m" not in bands.index


def test_nothing_is_found_in_the_control_area(sample: pd.DataFrame, voorbeeld: Voorbeeld) -> None:
    control = voorbeeld.truth["geplant"]["near_repeat"]["controlegebied"]
    rows = sample[sample["gemeente_code"].eq(control)]
    found = near_repeat(rows, rng=rng())
    assert found.n_used > 600
    assert found.table["p_holm"].gt(0.05).all()
    assert risk_windows(found.table, found.placed.incidents, on=date(2018, 12, 16)).table.empty


def test_planted_piles_of_the_sample_take_no_part(
    sample: pd.DataFrame, voorbeeld: Voorbeeld
) -> None:
    counts = left_out(sample)
    planted = voorbeeld.truth["levering"]
    n_piled = planted["standaardadres"]["rijen"] + planted["stapel_op_punt"]["rijen"]
    assert counts[NO_DAY] == 0
    assert counts[NO_POINT] == sample["rd_x"].isna().sum()
    # those of them that are said to be exact; the others are left out for that reason already
    assert 0.8 * n_piled <= counts[ON_A_PILE] <= n_piled


@pytest.mark.skipif(not VANCOUVER.is_file(), reason="shared/data/bench is not beside this folder")
def test_vancouver_2020_runs_through_the_same_functions() -> None:
    rows = pd.read_csv(VANCOUVER)
    # points are hundred blocks, never dwellings: no address is known, nothing is the same address
    made = pd.DataFrame(
        {
            "day": pd.to_datetime(rows[["YEAR", "MONTH", "DAY"]]),
            "gemeente_code": "Vancouver",
            "buurt_code": rows["NEIGHBOURHOOD"],
            "rd_x": rows["X"].where(rows["X"] > 0),
            "rd_y": rows["Y"].where(rows["Y"] > 0),
            "adres_pseudo": None,
            "straat_id": rows["HUNDRED_BLOCK"],
            "geocode_kwaliteit": None,
        }
    )
    found = near_repeat(made, rng=rng())
    left = found.placed.left_out.set_index("reason")["n"]
    assert len(made) == 2_083
    assert found.n_used == 2_083 - left.sum()
    table = found.table.set_index(["metres_to", "days_to"])
    assert table.loc[0, "n_pairs"].sum() == 0
    assert 1.2 < table.loc[(100, 7), "ratio"] < 4
    assert table.loc[(100, 7), "p_holm"] <= 0.05
    assert 0.85 < table.loc[(400, 60), "ratio"] < 1.15
