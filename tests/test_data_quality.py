"""Checks of an extract: what is planted is found, what is clean is left alone."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wib_lib.data_quality import LEVEL, assess
from wib_lib.data_quality.filling import (
    completeness,
    completeness_findings,
    is_unknown,
    unknown_findings,
    unknown_shares,
)
from wib_lib.data_quality.finding import chance_above, chance_below, runs
from wib_lib.data_quality.piles import (
    misplaced,
    misplaced_findings,
    pile_findings,
    pile_tables,
    piles,
    precision,
    precision_findings,
    tail,
)
from wib_lib.data_quality.registration import (
    delay_findings,
    heap_findings,
    heaps,
    registration_delay,
)
from wib_lib.data_quality.shifts import count_steps, share_steps, shift_findings, steps
from wib_lib.data_quality.silence import silent_months
from wib_lib.errors import TableError
from wib_lib.tables import INCIDENTEN

MONTHS = pd.period_range("2013-01", periods=72, freq="M")
SEASON = np.array([1.30, 1.12, 1.02, 0.80, 0.83, 0.76, 0.89, 0.97, 0.81, 0.97, 1.14, 1.39])


def level_of(months: int, mean: float, fall: float = 0.9) -> np.ndarray:
    """Return an expectation per month with the national season, falling every year."""
    k = np.arange(months)
    return mean * SEASON[k % 12] * fall ** (k / 12)


def clean_extract(rng: np.random.Generator, mean: float = 40.0) -> pd.DataFrame:
    """Draw an extract of six years without flaws: season, fall, honest times, some repeats."""
    n = rng.poisson(level_of(len(MONTHS), mean))
    days = [
        month.start_time + pd.Timedelta(days=int(rng.integers(month.days_in_month)))
        for month, count in zip(MONTHS, n, strict=True)
        for _ in range(count)
    ]
    size = len(days)
    minutes = rng.integers(0, 24 * 60, size) // 15 * 15
    end = pd.Series(days) + pd.to_timedelta(minutes, unit="min")
    delay = np.minimum(rng.geometric(0.6, size) - 1, 25)
    # One in six incidents is at an address that was burgled before.
    address = rng.integers(0, 10**6, size)
    again = np.flatnonzero(rng.random(size) < 1 / 6)
    address[again[again > 0]] = address[[rng.integers(k) for k in again[again > 0]]]
    frame = pd.DataFrame({column.name: pd.Series([None] * size) for column in INCIDENTEN.columns})
    return frame.assign(
        incident_id=[f"p{k}" for k in range(size)],
        kennisname_dt=end.dt.normalize() + pd.to_timedelta(delay, unit="D"),
        gemeente_code=rng.choice(["GM0513", "GM0503"], size),
        pleeg_tot=end,
        pleeg_van=end - pd.to_timedelta(rng.integers(1, 40, size) * 15, unit="min"),
        poging_jn=pd.array(rng.random(size) < 0.25, dtype="boolean"),
        woningtype=rng.choice(["hoekwoning", "onbekend", "appartement"], size, p=[0.6, 0.05, 0.35]),
        adres_pseudo=[f"a{k}" for k in address],
        straat_id=[f"s{k // 2000}" for k in address],
        rd_x=address % 1000 + 0.5,
        rd_y=address // 1000 + 0.5,
        geocode_kwaliteit="adres",
        buurt_code="BU05130101",
    )


DELIVERED = [
    "pleeg_van", "pleeg_tot", "poging_jn", "woningtype", "adres_pseudo", "straat_id", "rd_x",
    "rd_y", "geocode_kwaliteit", "buurt_code",
]  # fmt: skip


@pytest.fixture(scope="module")
def extract() -> pd.DataFrame:
    return clean_extract(np.random.default_rng(7))


# ---- false alarms: clean deliveries, all checks together


def test_clean_deliveries_give_hardly_any_finding() -> None:
    rng = np.random.default_rng(2018)
    n_runs, alarms = 60, []
    for _ in range(n_runs):
        found = assess(clean_extract(rng), MONTHS, delivered=DELIVERED).findings
        alarms.append([item.kind for item in found if item.kind != "not_delivered"])
    n_alarms = sum(map(bool, alarms))
    # Nine checks infer, each bounded at LEVEL: at most 9 % of deliveries in expectation.
    assert n_alarms <= stats.binom.ppf(0.999, n_runs, 9 * LEVEL), alarms


def test_assess_leaves_its_input_alone_and_order_does_not_matter(extract: pd.DataFrame) -> None:
    before = extract.copy(deep=True)
    one = assess(extract, MONTHS, delivered=DELIVERED)
    other = assess(extract.sample(frac=1, random_state=1), MONTHS, delivered=DELIVERED)
    pd.testing.assert_frame_equal(extract, before)
    assert one.findings == other.findings
    pd.testing.assert_frame_equal(one.filled, other.filled)


def test_assess_names_a_missing_column(extract: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="column pc4 is missing"):
        assess(extract.drop(columns="pc4"), MONTHS, delivered=DELIVERED)


# ---- filled


def test_completeness_by_hand_and_months_outside_are_missing() -> None:
    rows = pd.DataFrame(
        {
            "kennisname_dt": pd.to_datetime(
                ["2018-01-03", "2018-01-09", "2018-01-30", "2018-03-01"]
            ),
            "poging_jn": pd.array([True, False, None, False], dtype="boolean"),
            "buit_categorie": [None, "geld", None, None],
            "pc4": ["2801", None, "2801", "2801"],
        }
    )
    months = pd.period_range("2018-01", "2018-03", freq="M")
    table = completeness(rows, months, delivered=["poging_jn", "buit_categorie", "pc4"])
    share = table.set_index(["column", "month"])["share_filled"].unstack()
    # January: 2 of 3 postcodes; February has no incidents, so no share, which is not 0.
    assert share.loc["pc4"].tolist() == pytest.approx([2 / 3, np.nan, 1], nan_ok=True)
    # Loot: the attempt of 3 January cannot have any, so 1 of 2.
    assert share.loc["buit_categorie"].tolist() == pytest.approx([1 / 2, np.nan, 0], nan_ok=True)
    assert share.loc["woningtype"].isna().all()
    filled = rows.groupby(rows["kennisname_dt"].dt.to_period("M"))["pc4"].count()
    counted = table[table["column"].eq("pc4")].set_index("month")["n_filled"]
    assert counted[filled.index].tolist() == filled.tolist()


def test_not_delivered_is_told_apart_from_empty(extract: pd.DataFrame) -> None:
    delivered = ["pc4", "woningtype"]
    table = completeness(extract, MONTHS, delivered=delivered)
    found = completeness_findings(table, delivered=delivered)
    kinds = {item.column: item.kind for item in found}
    assert kinds["pc4"] == "all_empty"
    assert kinds["mo_methode"] == "not_delivered"
    assert "woningtype" not in kinds


def test_a_field_that_fell_out_is_found_with_its_months(extract: pd.DataFrame) -> None:
    fell_out = extract["kennisname_dt"].between("2015-03-01", "2015-04-30")
    rows = extract.assign(woningtype=extract["woningtype"].mask(fell_out))
    table = completeness(rows, MONTHS, delivered=["woningtype"])
    (found,) = (f for f in completeness_findings(table, delivered=["woningtype"]) if f.n)
    assert (found.kind, found.first, found.last) == (
        "empty_months",
        date(2015, 3, 1),
        date(2015, 4, 1),
    )
    assert found.n == found.n_of == fell_out.sum()


def test_a_rare_field_may_be_empty_for_months(extract: pd.DataFrame) -> None:
    rare = extract["woningtype"].where(np.arange(len(extract)) % 30 == 0)
    table = completeness(extract.assign(woningtype=rare), MONTHS, delivered=["woningtype"])
    assert table.loc[table["column"].eq("woningtype"), "n_filled"].eq(0).any()
    assert not [f for f in completeness_findings(table, delivered=["woningtype"]) if f.n]


def test_unknown_words_and_empty_count_as_unknown() -> None:
    rows = pd.DataFrame({"woningtype": ["Onbekend ", "N.v.t.", None, "hoekwoning"]})
    assert is_unknown(rows, "woningtype").tolist() == [True, True, True, False]


def test_unknown_share_per_year_and_its_finding() -> None:
    day = pd.to_datetime(["2017-05-01"] * 100 + ["2018-05-01"] * 100)
    words = ["onbekend"] * 10 + ["hoekwoning"] * 90 + [None] * 30 + ["hoekwoning"] * 70
    rows = pd.DataFrame({"kennisname_dt": day, "woningtype": words})
    table = unknown_shares(rows, delivered=["woningtype", "mo_methode"])
    assert table["share_unknown"].tolist() == [0.10, 0.30]
    assert set(table["column"]) == {"woningtype"}
    (found,) = unknown_findings(table)
    assert (found.n, found.n_of) == (40, 200)
    # By definition: the binomial probability of 40 or more of 200 at one in ten.
    wanted = sum(stats.binom.pmf(k, 200, 0.1) for k in range(40, 201))
    assert found.p == pytest.approx(wanted, rel=1e-8)
    assert not unknown_findings(table, limit=0.2)
    with pytest.raises(TableError, match="column kennisname_dt is missing"):
        unknown_shares(rows[["woningtype"]], delivered=["woningtype"])


# ---- registration


def test_delay_by_hand() -> None:
    rows = pd.DataFrame(
        {
            "kennisname_dt": pd.to_datetime(["2018-01-02", "2018-02-20", "2018-03-01", "2018-03-01", "2018-04-01", "2018-05-20"]),
            "pleeg_van": pd.to_datetime([None, "2018-01-10 08:00", "2018-02-28 09:00", None, "2018-04-03 00:00", None]),
            "pleeg_tot": pd.to_datetime(["2017-12-31 23:00", None, "2018-03-01 10:00", None, "2018-04-03 00:00", "2018-05-10 09:00"]),
        }
    )  # fmt: skip
    (row,) = registration_delay(rows).to_dict("records")
    # Days: 2 (over the year), 41 (from the begin, for there is no end), 0; unknown; 2 days before; 10.
    assert row == {
        "year": 2018, "n": 5, "n_before": 1, "median_days": 6.0, "n_over_7": 2, "n_over_30": 1,
        "n_later_month": 2, "n_later_year": 1,
    }  # fmt: skip
    assert [item.kind for item in delay_findings(registration_delay(rows))] == ["before_offence"]


def test_late_registration_is_found_when_demonstrably_above_the_limit(
    extract: pd.DataFrame,
) -> None:
    assert not delay_findings(registration_delay(extract))
    slow = np.arange(len(extract)) % 20 == 0
    known = extract["kennisname_dt"].mask(slow, extract["kennisname_dt"] + timedelta(days=40))
    (found,) = delay_findings(registration_delay(extract.assign(kennisname_dt=known)))
    assert (found.kind, found.n, found.n_of) == ("late", slow.sum(), len(extract))


def kinds_of_heaps(rows: pd.DataFrame) -> set[tuple[str, str, str]]:
    return {(f.kind, f.column, f.what) for f in heap_findings(heaps(rows, MONTHS))}


def test_midnight_and_end_of_day_defaults_are_found(extract: pd.DataFrame) -> None:
    assert not kinds_of_heaps(extract)
    day, chosen = extract["pleeg_tot"].dt.normalize(), np.arange(len(extract)) % 25
    end = (
        extract["pleeg_tot"].mask(chosen == 0, day).mask(chosen == 1, day + timedelta(minutes=1439))
    )
    begin = extract["pleeg_van"].mask(chosen == 0, day)
    assert kinds_of_heaps(extract.assign(pleeg_tot=end, pleeg_van=begin)) == {
        ("time_heap", "pleeg_tot", "23:59"),
        ("time_heap", "pleeg_van", "00:00 tot 00:00"),
        ("time_heap", "pleeg_van", "00:00"),
        ("time_heap", "pleeg_tot", "00:00"),
    }


def test_whole_hours_are_found(extract: pd.DataFrame) -> None:
    rounded = kinds_of_heaps(extract.assign(pleeg_tot=extract["pleeg_tot"].dt.floor("h")))
    assert ("time_heap", "pleeg_tot", "heel uur") in rounded


def test_a_closed_weekend_is_a_gap_and_its_monday_a_heap(extract: pd.DataFrame) -> None:
    known = extract["kennisname_dt"]
    shift = known.dt.day_of_week.map({5: 2, 6: 1}).fillna(0)
    found = kinds_of_heaps(extract.assign(kennisname_dt=known + pd.to_timedelta(shift, unit="D")))
    assert found == {
        ("weekday_heap", "kennisname_dt", "0"),
        ("weekday_gap", "kennisname_dt", "5"),
        ("weekday_gap", "kennisname_dt", "6"),
    }


def test_first_of_the_month_is_held_against_its_share_of_the_days(extract: pd.DataFrame) -> None:
    table = heaps(extract, MONTHS).set_index(["kind", "column"])
    # 72 months in the 2191 days of 2013 to 2018.
    expected = table.loc[("first_day_heap", "pleeg_van"), "expected"]
    assert float(expected) == pytest.approx(72 / 2191, abs=1e-12)
    chosen = np.arange(len(extract)) % 10 == 0
    first = extract["pleeg_van"].dt.to_period("M").dt.start_time
    rows = extract.assign(pleeg_van=extract["pleeg_van"].mask(chosen, first))
    assert ("first_day_heap", "pleeg_van", "1") in kinds_of_heaps(rows)


def test_published_whipple_style_bound() -> None:
    """The exact binomial tails are those of scipy's `binomtest`, another code for the same."""
    for n, n_of, share in ((30, 100, 0.2), (3, 100, 0.1), (0, 10, 0.5), (10, 10, 0.5)):
        above = stats.binomtest(n, n_of, share, alternative="greater").pvalue
        below = stats.binomtest(n, n_of, share, alternative="less").pvalue
        assert chance_above(n, n_of, share) == pytest.approx(above, rel=1e-8)
        assert chance_below(n, n_of, share) == pytest.approx(below, rel=1e-8)


# ---- level shifts


def counts_of(n: np.ndarray, n_of: np.ndarray | None = None) -> pd.DataFrame:
    months = pd.period_range("2013-01", periods=len(n), freq="M")
    return pd.DataFrame({"month": months, "n": n, "n_of": n if n_of is None else n_of})


@pytest.mark.parametrize("spread", [1.0, 2.0])
def test_false_alarms_of_counts_stay_below_their_level(spread: float) -> None:
    rng = np.random.default_rng(11)
    mean, n_runs, level = level_of(72, 40), 1500, 0.05
    size = mean / (spread - 1) if spread > 1 else None
    alarms = 0
    for _ in range(n_runs):
        rate = mean if size is None else rng.gamma(size, mean / size)
        alarms += bool(count_steps(counts_of(rng.poisson(rate)), level=level, margin=1.0))
    assert alarms <= stats.binom.ppf(0.999, n_runs, level)
    assert alarms > 0


def test_false_alarms_of_shares_stay_below_their_level() -> None:
    rng = np.random.default_rng(12)
    n_of, n_runs, level = rng.poisson(level_of(72, 40)), 1500, 0.05
    alarms = sum(
        bool(share_steps(counts_of(rng.binomial(n_of, 0.15), n_of), "x", level=level, margin=0))
        for _ in range(n_runs)
    )
    assert alarms <= stats.binom.ppf(0.999, n_runs, level)


@pytest.mark.parametrize(("to", "power"), [(0.35, 0.8), (0.6, 0.99)])
def test_power_for_a_step_in_an_unknown_share(to: float, power: float) -> None:
    rng = np.random.default_rng(13)
    n_of, n_runs, found = rng.poisson(level_of(72, 40)), 200, 0
    share = np.where(np.arange(72) < 40, 0.1, to)
    for _ in range(n_runs):
        steps_found = share_steps(counts_of(rng.binomial(n_of, share), n_of), "x")
        found += any(abs((f.first - date(2016, 5, 1)).days) <= 62 for f in steps_found)
    assert found / n_runs >= power


def test_a_step_of_counts_stands_at_its_month_with_the_same_months_before() -> None:
    n = np.rint(level_of(72, 40, fall=1.0) * np.where(np.arange(72) < 45, 1, 2))
    (found,) = count_steps(counts_of(n))
    assert found.first == date(2016, 10, 1)
    # 12 months from October 2016, and the same months a year before.
    assert (found.n, found.numbers["before"]) == (n[45:57].sum(), n[33:45].sum())


def test_a_slow_wave_of_counts_is_no_step() -> None:
    rng = np.random.default_rng(19)
    k = np.arange(72)
    wave = 40 * SEASON[k % 12] * np.exp(0.25 * np.sin(k / 72 * 3 * np.pi))
    alarms = sum(bool(count_steps(counts_of(rng.poisson(wave)))) for _ in range(300))
    assert alarms <= stats.binom.ppf(0.999, 300, LEVEL)


@pytest.mark.parametrize(("ratio", "power"), [(2.0, 0.75), (0.3, 0.75), (3.0, 0.98)])
def test_power_for_a_step_in_counts(ratio: float, power: float) -> None:
    rng = np.random.default_rng(20)
    mean = level_of(72, 40) * np.where(np.arange(72) < 40, 1, ratio)
    found = sum(bool(count_steps(counts_of(rng.poisson(mean)))) for _ in range(200))
    assert found / 200 >= power


def test_a_temporary_step_is_found_at_both_ends() -> None:
    n_of = np.full(72, 60)
    n = np.where((np.arange(72) >= 30) & (np.arange(72) < 42), 40, 6)
    found = share_steps(counts_of(n, n_of), "x")
    assert {f.first for f in found} == {date(2015, 7, 1), date(2016, 7, 1)}
    assert {round(f.numbers["before"], 2) for f in found} == {0.10, 0.67}


def test_the_t_value_of_a_step_is_that_of_weighted_regression() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(14)
    n, k = 60, 25
    weights = rng.uniform(50, 150, n)
    month = np.arange(n) % 12 + 1
    y = rng.normal(0, 0.3, n) + 1.0 * (np.arange(n) >= k)
    (found, *_) = steps(y, weights, month)
    time = np.linspace(-1, 1, n)
    dummies = (month[:, None] == np.arange(1, 13)).astype(float)
    after = np.arange(n) >= found.position
    fit = sm.WLS(y, np.column_stack([dummies, time, time**2, after]), weights=weights).fit()
    assert fit.scale > 1  # above what counting alone gives, so no floor
    assert found.height == pytest.approx(fit.params[-1], rel=1e-8)
    # 60 - 2 x 6 + 1 = 49 places are tried.
    assert found.p == pytest.approx(min(1, 49 * fit.pvalues[-1]), rel=1e-6)


def test_a_short_series_is_not_judged() -> None:
    assert not count_steps(counts_of(np.r_[np.full(11, 5), np.full(11, 500)]))


def test_all_series_share_one_level() -> None:
    rng = np.random.default_rng(15)
    n_of = np.full(72, 60)
    step = counts_of(rng.binomial(n_of, np.where(np.arange(72) < 36, 0.1, 0.4)), n_of)
    flat = counts_of(rng.binomial(n_of, 0.1), n_of)
    (alone,) = shift_findings({"a": step})
    (among,) = shift_findings({"a": step} | {f"b{k}": flat for k in range(9)})
    assert among.p == pytest.approx(10 * alone.p)


# ---- months with no delivery


def placed(rng: np.random.Generator, means: dict[str, float]) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"gemeente_code": code, "kennisname_dt": np.repeat(MONTHS.start_time, n)})
        for code, mean in means.items()
        for n in [rng.poisson(level_of(72, mean))]
    ]
    return pd.concat(parts, ignore_index=True)


def test_silent_months_are_found_in_a_large_gemeente_and_not_in_a_small_one() -> None:
    rows = placed(np.random.default_rng(16), {"GM0513": 45, "GM1842": 4, "GM0503": 40})
    gone = rows["kennisname_dt"].between("2016-05-01", "2016-06-30")
    kept = rows[~(gone & rows["gemeente_code"].ne("GM0503"))]
    (found,) = silent_months(kept, MONTHS)
    assert (found.gemeente_code, found.first, found.last) == (
        "GM0513",
        date(2016, 5, 1),
        date(2016, 6, 1),
    )
    true = level_of(72, 45)[40:42].sum()
    assert found.numbers["expected"] == pytest.approx(true, rel=0.25)
    with pytest.raises(TableError, match="gemeente_code"):
        silent_months(rows[["kennisname_dt"]], MONTHS)


def test_poisson_zero_by_hand() -> None:
    rows = placed(np.random.default_rng(17), {"GM0513": 45})
    rows = rows[rows["kennisname_dt"].ne(datetime(2016, 5, 1))]
    (found,) = silent_months(rows, MONTHS)
    # exp(-expected) over the 72 months looked at, at most: more spread makes zero likelier.
    assert found.p >= 72 * np.exp(-found.numbers["expected"])
    assert found.p <= LEVEL


def test_runs_join_consecutive_months() -> None:
    months = pd.PeriodIndex(["2018-01", "2017-12", "2018-03"], freq="M")
    assert runs(months) == [(date(2017, 12, 1), date(2018, 1, 1)), (date(2018, 3, 1),) * 2]


# ---- piles


def test_tail_by_hand() -> None:
    # 100 places, 30 with two or more, 4 with three: counts up to 2 are reached by twenty places.
    found = tail(pd.Series([1] * 70 + [2] * 26 + [3] * 4))
    assert found is not None
    assert (found.count, found.n_places) == (2, 30)
    assert found.expected(2) == 30
    assert found.expected(4) == pytest.approx(30 * found.share_on**2)
    assert found.share_on >= 30 / 100
    assert tail(pd.Series([1] * 19)) is None


def test_a_default_address_is_found_and_repeat_victims_are_not(extract: pd.DataFrame) -> None:
    assert extract["adres_pseudo"].value_counts().iloc[0] >= 3
    assert not pile_findings(pile_tables(extract), len(extract))
    rows = extract.copy()
    rows.loc[rows.index[::100], "adres_pseudo"] = "bureau"
    table = pile_tables(rows)["address_pile"]
    assert table["adres_pseudo"].tolist() == ["bureau"]
    assert table["n"].tolist() == [len(extract.index[::100])]


def test_a_pile_of_addresses_on_a_point_is_found_and_one_address_is_not(
    extract: pd.DataFrame,
) -> None:
    rows = extract.copy()
    some = rows.index[::150]
    rows.loc[some, ["rd_x", "rd_y"]] = 5.0
    found = pile_tables(rows)
    assert found["point_pile"]["n"].tolist() == [len(some)]
    assert found["address_pile"].empty
    same = rows.copy()
    same.loc[some, "adres_pseudo"] = "flat"  # one address on one point: a pile of the address
    assert pile_tables(same)["point_pile"].empty
    rows.loc[some, "geocode_kwaliteit"] = "straat"  # says itself that it is not the address
    assert pile_tables(rows)["point_pile"].empty


def test_streets_of_unequal_size_are_no_piles() -> None:
    rng = np.random.default_rng(18)
    alarms = 0
    for _ in range(200):
        street = rng.poisson(rng.gamma(1.2, 4, 400))
        rows = pd.DataFrame({"straat_id": np.repeat(np.arange(400), street)})
        alarms += len(piles(rows, ["straat_id"])) > 0
    assert alarms <= stats.binom.ppf(0.999, 200, LEVEL)


def test_piles_need_their_column() -> None:
    with pytest.raises(TableError, match="adres_pseudo"):
        piles(pd.DataFrame({"rd_x": [1.0]}), ["adres_pseudo"])


def test_precision_is_judged_where_it_is_stated(extract: pd.DataFrame) -> None:
    assert not precision_findings(precision(extract))
    assert not precision_findings(precision(extract.assign(geocode_kwaliteit=None)))
    coarse = extract["geocode_kwaliteit"].mask(np.arange(len(extract)) % 4 == 0, "straat")
    table = precision(extract.assign(geocode_kwaliteit=coarse))
    assert table.groupby("year")["share"].sum().tolist() == pytest.approx([1.0] * 6)
    (found,) = precision_findings(table)
    assert found.n / found.n_of == pytest.approx(0.25, abs=0.001)


def test_misplaced_by_hand() -> None:
    rows = pd.DataFrame(
        {"gemeente_code": ["GM0513"] * 5, "buurt_code": ["BU1", "BU1", "BU2", None, "BU1"]}
    )
    table = misplaced(rows, pd.Series(["BU1", "BU2", "", "BU1", None]))
    # Three have both; the second lies elsewhere and the third in no buurt.
    assert table.to_dict("records") == [
        {"gemeente_code": "GM0513", "n": 3, "n_differs": 2, "n_outside": 1}
    ]
    (found,) = misplaced_findings(table)
    assert found.p == pytest.approx(1 - 0.99**3 - 3 * 0.01 * 0.99**2)
