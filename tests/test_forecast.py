"""Expected counts: estimated from what lay before, tested on what came, given only when earned."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from wib_lib.absent import Missing
from wib_lib.dutch import number, percent
from wib_lib.errors import TableError
from wib_lib.forecast import Forecast, Panel, algorithm_card, forecast, fortnights, months
from wib_lib.forecast.backtest import LIFT, MEAN, MODEL, backtest, n_needed
from wib_lib.forecast.model import Model, expect, season
from wib_lib.forecast.replay import by_model, last_period, last_year, mean_year, replay

FIRST, PEILDATUM = date(2013, 12, 23), date(2018, 12, 16)  # 130 fortnights


def counted(rows: pd.DataFrame, parts: pd.DataFrame | None, column: str, **days: date) -> Panel:
    covered = {"peildatum": PEILDATUM, "first": FIRST, "last": date(2019, 3, 31)} | days
    found = fortnights(rows, parts, column=column, **covered)
    assert isinstance(found, Panel)
    return found


def panel_of(counts: np.ndarray, dwellings: np.ndarray | None = None, **changes: object) -> Panel:
    n_places, n_periods = counts.shape
    start = PEILDATUM - timedelta(days=14 * n_periods - 1)
    starts = [start + timedelta(days=14 * step) for step in range(n_periods + 1)]
    made = Panel(
        codes=tuple(f"BU0513{place:04}" for place in range(n_places)),
        counts=counts.astype(float),
        starts=tuple(starts),
        end=starts[-1] + timedelta(days=14),
        dwellings=np.ones(n_places) if dwellings is None else dwellings.astype(float),
        per_year=26,
        is_complete=True,
        unplaced=np.zeros(n_periods),
    )
    return replace(made, **changes)


def seasonal(rng: np.random.Generator, *, n_places: int = 40, wave: float = 0.6) -> Panel:
    """Uneven places with a strong season; the level falls to half in the last two years."""
    share = rng.gamma(1.0, size=n_places)
    share /= share.sum()
    days = np.arange(130) * 14.0
    level = 25 * np.exp(wave * np.cos(2 * np.pi * days / 365.25)) * np.where(days < 1100, 1, 0.5)
    return panel_of(rng.poisson(np.outer(share, level)))


def noise(rng: np.random.Generator) -> Panel:
    """Equal places without season or change: nothing to know beyond the mean."""
    return panel_of(rng.poisson(30.0, (4, 130)))


# ---- the panel


def test_fortnights_end_on_the_peildatum_and_lose_nothing() -> None:
    day = pd.to_datetime(["2018-12-16", "2018-12-03", "2018-12-02", "2018-11-19", "2018-11-18",
                          "2018-12-17", "2018-12-10", "2018-12-11"])  # fmt: skip
    code = ["A", "A", "A", "B", "B", "A", None, "Z"]
    rows = pd.DataFrame({"day": day, "buurt_code": code})
    parts = pd.DataFrame({"code": ["B", "A"], "n_dwellings": [100, None]})
    found = counted(rows, parts, "buurt_code", first=date(2018, 11, 15))
    # 3-16 December holds two of A's and the two without a place, 19 November-2 December one each;
    # 18 November lies in a fortnight that is covered in part, 17 December after the peildatum.
    assert found.starts == (date(2018, 11, 19), date(2018, 12, 3), date(2018, 12, 17))
    assert found.counts.tolist() == [[1.0, 0.0], [1.0, 2.0]]
    assert found.unplaced.tolist() == [0.0, 2.0]
    # Dwellings that are not known are taken as those of the middle place.
    assert found.dwellings.tolist() == [100.0, 100.0]


def test_a_fortnight_has_fourteen_days_across_a_leap_day_and_a_year() -> None:
    rows = pd.DataFrame({"day": pd.to_datetime(["2016-02-29"]), "buurt_code": ["A"]})
    found = counted(rows, None, "buurt_code", peildatum=date(2016, 3, 6), first=date(2015, 12, 1))
    assert set(found.days) == {14.0}
    assert found.counts[0, -1] == 1


def test_streets_come_from_the_incidents_and_are_no_complete_list() -> None:
    rows = pd.DataFrame({"day": pd.to_datetime(["2018-12-16"] * 3), "straat_id": ["b", "a", None]})
    found = counted(rows, None, "straat_id")
    assert (found.codes, found.is_complete, found.unplaced[-1]) == (("a", "b"), False, 1.0)


def test_what_cannot_make_a_panel_is_refused() -> None:
    rows = pd.DataFrame({"day": pd.to_datetime(["2018-12-16"]), "buurt_code": ["A"]})
    with pytest.raises(TableError, match="incidents: column straat_id is missing"):
        counted(rows, None, "straat_id")


def test_a_delivery_that_does_not_reach_the_peildatum_gives_no_forecast() -> None:
    rows = pd.DataFrame({"day": pd.to_datetime(["2018-12-10"]), "buurt_code": ["A"]})
    short = fortnights(
        rows,
        None,
        column="buurt_code",
        peildatum=PEILDATUM,
        first=FIRST,
        last=date(2018, 12, 15),
    )
    assert forecast(short) == Missing(
        "de levering loopt tot en met 15 december 2018, niet tot 16 december 2018"
    )
    begun = forecast(counted(rows, None, "buurt_code", first=date(2018, 12, 4)))
    assert isinstance(begun, Missing)
    assert begun.reason.endswith("geleverd zijn er 0")


# ---- the model


def test_the_expectation_of_even_places_is_their_mean() -> None:
    # Twice two burglaries in every fortnight and place: level 4, no season, half each.
    mean, elsewhere = expect(panel_of(np.full((2, 130), 2)), 130, Model())
    assert mean.tolist() == pytest.approx([2.0, 2.0], rel=1e-3)
    assert elsewhere == 0.0


def test_small_numbers_are_drawn_to_the_mean_and_large_ones_are_not() -> None:
    rng = np.random.default_rng(3)
    few = panel_of(rng.poisson(0.05, (30, 60)))
    drawn, _ = expect(few, 60, Model())
    raw = few.counts.mean(axis=1)
    assert drawn.std() < 0.5 * raw.std()
    many = panel_of(np.repeat(np.arange(10, 40)[:, None], 60, axis=1))
    kept, _ = expect(many, 60, Model())
    np.testing.assert_allclose(kept, np.arange(10, 40), rtol=0.02)


def test_places_are_drawn_to_their_dwellings() -> None:
    rare = np.zeros((20, 60))
    rare[1, 10] = 1
    mean, _ = expect(panel_of(rare, np.tile([100, 300], 10)), 60, Model())
    # One burglary in twenty places says nothing of where: three times the dwellings, the triple.
    assert mean[3] / mean[2] == pytest.approx(3.0)
    assert mean[1] == pytest.approx(mean[3], rel=1e-6)


def test_the_season_is_found_and_averages_about_one() -> None:
    found = seasonal(np.random.default_rng(5))
    factor = season(found, found.counts.sum(axis=0), 130)
    middle = np.array([(start + timedelta(days=7)).month for start in found.starts])
    assert factor[middle == 12].mean() > 1.4
    assert factor[middle == 6].mean() < 0.7
    flat = noise(np.random.default_rng(5))
    np.testing.assert_allclose(season(flat, flat.counts.sum(axis=0), 130), 1.0, atol=0.06)


def test_the_season_is_where_a_general_optimiser_ends() -> None:
    found = seasonal(np.random.default_rng(5))
    total = found.counts.sum(axis=0)
    middle = np.array([start.toordinal() + 7 for start in found.starts]) / 365.2425
    turns = 2 * np.pi * np.outer(middle, [1, 2])
    waves = np.hstack([np.sin(turns), np.cos(turns)])
    years = middle - middle[-1]

    def loss(beta: np.ndarray) -> float:
        line = beta[0] + beta[1] * years[:-1] + waves[:-1] @ beta[2:]
        fit = (14 * np.exp(line) - total * line).sum()
        return float(fit + 0.5 * (beta[1] / 0.2) ** 2 + 0.5 * ((beta[2:] / 0.3) ** 2).sum())

    best = optimize.minimize(loss, np.zeros(6), method="BFGS", options={"gtol": 1e-7}).x
    np.testing.assert_allclose(season(found, total, 130), np.exp(waves @ best[2:]), rtol=1e-5)


def test_lift_moves_expectation_to_the_last_period_and_adds_nothing() -> None:
    counts = np.full((4, 60), 1)
    counts[2, -1] = 9
    plain, _ = expect(panel_of(counts), 60, Model())
    lifted, _ = expect(panel_of(counts), 60, Model(lift=0.2))
    assert lifted.sum() == pytest.approx(plain.sum())
    # Nine of the last twelve were in the third place: 0.8 of its own share and 0.2 of 9 / 12.
    assert lifted[2] == pytest.approx(0.8 * plain[2] + 0.2 * plain.sum() * 9 / 12)


def test_the_future_cannot_be_seen() -> None:
    found = seasonal(np.random.default_rng(6))
    after = found.counts.copy()
    after[:, 100:] += 50
    other = replace(found, counts=after)
    for method in (by_model(Model(lift=LIFT)), mean_year, last_period, last_year):
        assert method(found, 100)[0].tolist() == method(other, 100)[0].tolist()


def test_streets_not_hit_before_get_their_part_outside_the_known_ones() -> None:
    # One street always, and a new one in every fortnight of the last half year: half is elsewhere.
    counts = np.zeros((14, 60))
    counts[0] = 1
    counts[np.arange(1, 14), np.arange(47, 60)] = 1
    streets = panel_of(counts, is_complete=False)
    mean, elsewhere = expect(streets, 60, Model(has_season=False))
    total = counts[:, -26:].sum() / 26
    assert mean.sum() + elsewhere == pytest.approx(total)
    assert elsewhere == pytest.approx(total / 2)
    # Before the 50th fortnight ten streets were not known: nothing is expected there.
    early, _ = expect(streets, 50, Model())
    assert (early[4:] == 0).all()


def test_order_of_places_and_units_of_dwellings_do_not_matter() -> None:
    rng = np.random.default_rng(7)
    counts, homes = rng.poisson(0.5, (12, 70)), rng.integers(100, 900, 12)
    mean, _ = expect(panel_of(counts, homes), 70, Model(lift=LIFT))
    order = rng.permutation(12)
    again, _ = expect(panel_of(counts[order], homes[order] * 10), 70, Model(lift=LIFT))
    np.testing.assert_allclose(again, mean[order], rtol=1e-9)


# ---- the back-test and what is given


def test_the_model_is_given_where_there_is_a_season_to_know() -> None:
    found = forecast(seasonal(np.random.default_rng(10)))
    assert isinstance(found, Forecast)
    assert found.test.best == MODEL
    crps = found.test.differences.set_index("score").loc["crps"]
    assert crps["low"] < crps["difference"] < crps["high"] < 0
    assert "voorspelde het model beter dan het gemiddelde van 52 weken" in found.reason
    assert "getoond is de verwachting van het model" in found.reason
    assert (found.first, found.last) == (date(2018, 12, 17), date(2018, 12, 30))
    assert found.parts["expected"].sum() + found.elsewhere == pytest.approx(found.expected)
    assert found.low <= found.expected <= found.high


def test_the_mean_is_given_and_said_so_where_there_is_nothing_to_know() -> None:
    given = [forecast(noise(np.random.default_rng(seed))) for seed in range(8)]
    assert all(isinstance(one, Forecast) for one in given)
    means = [one for one in given if isinstance(one, Forecast) and one.test.best == MEAN]
    assert len(means) >= 7
    for one in means:
        assert "niet aantoonbaar beter" in one.reason
        assert "getoond is het gemiddelde van 52 weken" in one.reason
        np.testing.assert_allclose(one.parts["expected"], one.parts["mean_year"])


def test_the_interval_holds_about_its_share_of_what_came() -> None:
    found = forecast(seasonal(np.random.default_rng(12)))
    assert isinstance(found, Forecast)
    assert 0.88 <= found.test.score(MODEL, "total_covered") <= 1
    assert 0.93 <= found.test.score(MODEL, "covered") <= 1


def test_scores_are_the_means_of_the_origins_and_bias_is_expected_minus_counted() -> None:
    test = backtest(
        seasonal(np.random.default_rng(13)), Model(), n_origins=26, share=0.1, level=0.95
    )
    assert test.n_origins == 26
    own = test.origins[test.origins["method"].eq(MODEL)]
    assert test.score(MODEL, "crps") == pytest.approx(own["crps"].mean())
    assert test.score(MODEL, "bias") == pytest.approx((own["expected"] - own["n"]).mean())
    assert sorted(test.origins["method"].unique()) == ["gemiddelde", "laatste", "model"]
    last = test.scores.set_index("method")
    assert last.loc["laatste", "crps"] > last.loc["model", "crps"]


def test_lift_is_given_only_where_burglaries_do_follow_each_other() -> None:
    rng = np.random.default_rng(14)
    counts = np.zeros((60, 160), dtype=int)
    for at in range(160):
        counts[:, at] = rng.poisson(0.15 + 0.5 * (counts[:, at - 1] if at else 0))
    contagious = backtest(panel_of(counts), Model(), n_origins=26, share=0.1, level=0.95)
    assert contagious.model.lift == LIFT
    calm = rng.poisson(0.3, (60, 160))
    assert backtest(panel_of(calm), Model(), n_origins=26, share=0.1, level=0.95).model.lift == 0


def test_streets_keep_the_level_of_the_buurten() -> None:
    rng = np.random.default_rng(15)
    buurten = noise(rng)
    split = rng.multinomial(1, np.full(30, 1 / 30), int(buurten.counts.sum()))
    streets = np.zeros((30, 130))
    period = np.repeat(np.arange(130), buurten.counts.sum(axis=0).astype(int))
    np.add.at(streets, (split.argmax(axis=1), period), 1)
    whole = forecast(buurten)
    assert isinstance(whole, Forecast)
    parts = forecast(panel_of(streets, is_complete=False), like=whole)
    assert isinstance(parts, Forecast)
    assert parts.expected == pytest.approx(whole.expected)


def test_a_forecast_that_cannot_be_tested_is_not_given() -> None:
    short = forecast(panel_of(np.ones((3, 64))))
    assert isinstance(short, Missing)
    assert short.reason == (
        "een verwachting met terugtoets vraagt 65 perioden van twee weken; geleverd zijn er 64"
    )
    assert n_needed(panel_of(np.ones((3, 64))), 26) == 65
    quiet = np.ones((3, 100))
    quiet[:, -26:] = 0
    found = forecast(panel_of(quiet))
    assert isinstance(found, Missing)
    assert found.reason == "in het laatste jaar van de reeks zijn hier geen woninginbraken geteld"
    found = forecast(panel_of(quiet[:, ::-1]))
    assert isinstance(found, Missing)
    assert found.reason == "in het eerste jaar van de reeks zijn hier geen woninginbraken geteld"


def test_a_forecast_does_not_depend_on_row_order_and_leaves_its_input_alone() -> None:
    rng = np.random.default_rng(16)
    day = pd.Timestamp(FIRST) + pd.to_timedelta(rng.integers(0, 1820, 1500), unit="D")
    rows = pd.DataFrame({"day": day, "buurt_code": rng.choice(["A", "B", "C"], 1500)})
    parts = pd.DataFrame({"code": ["A", "B", "C"], "n_dwellings": [500, 700, 900]})
    copies = rows.copy(deep=True), parts.copy(deep=True)
    one, other = (
        forecast(counted(given, parts, "buurt_code"))
        for given in (rows, rows.sample(frac=1, random_state=1))
    )
    assert isinstance(one, Forecast)
    assert isinstance(other, Forecast)
    pd.testing.assert_frame_equal(one.parts, other.parts)
    pd.testing.assert_frame_equal(rows, copies[0])
    pd.testing.assert_frame_equal(parts, copies[1])


@pytest.mark.parametrize("is_complete", [True, False])
def test_however_few_there_are_every_number_is_a_number(is_complete: bool) -> None:
    rng = np.random.default_rng(17)
    n_given = 0
    for level in (0.003, 0.01, 0.05, 0.3) * 4:
        counts = rng.poisson(level, (int(rng.integers(1, 6)), 70))
        unplaced = rng.poisson(0.05, 70).astype(float)
        found = forecast(panel_of(counts, is_complete=is_complete, unplaced=unplaced))
        assert len(algorithm_card(found)) >= 10
        if isinstance(found, Forecast):
            n_given += 1
            assert np.isfinite(found.parts[["expected", "low", "high"]]).all(axis=None)
            assert np.isfinite([found.expected, found.low, found.high]).all()
            assert np.isfinite(found.test.scores[["crps", "log_score"]]).all(axis=None)
    assert n_given > 3


# ---- months of published counts


def monthly_table(n_months: int, codes: tuple[str, ...] = ("GM0513", "GM0503")) -> pd.DataFrame:
    rng = np.random.default_rng(20)
    start = pd.date_range("2014-01-01", periods=n_months, freq="MS")
    end = start + pd.offsets.MonthBegin(1)
    factor = 1 + 0.5 * np.cos(2 * np.pi * (start.month - 1) / 12)
    return pd.concat(
        pd.DataFrame(
            {
                "region_code": code,
                "start": start,
                "end": end,
                "n_burglaries": rng.poisson(60 * factor),
            }
        )
        for code in codes
    ).reset_index(drop=True)


def test_the_next_month_is_expected_from_months() -> None:
    panel = months(monthly_table(60), ["GM0503", "GM0513"])
    assert isinstance(panel, Panel)
    assert panel.codes == ("GM0503", "GM0513")
    assert panel.days[:3].tolist() == [31.0, 28.0, 31.0]
    found = forecast(panel)
    assert isinstance(found, Forecast)
    assert (found.first, found.last) == (date(2019, 1, 1), date(2019, 1, 31))
    assert found.test.best == MODEL
    # January has half as many again as the mean month of 60.
    assert found.parts["expected"].tolist() == pytest.approx([90, 90], rel=0.15)
    assert "gemiddelde van twaalf maanden" in found.reason


def test_months_before_a_gap_are_left_out_and_years_are_refused() -> None:
    table = monthly_table(60)
    gap = table[~(table["start"].eq("2015-03-01") & table["region_code"].eq("GM0513"))]
    kept = months(gap, ["GM0513", "GM0503"])
    assert isinstance(kept, Panel)
    assert kept.starts[0] == date(2015, 4, 1)
    year = pd.DataFrame(
        {
            "region_code": ["GM0513"],
            "start": pd.to_datetime(["2018-01-01"]),
            "end": pd.to_datetime(["2019-01-01"]),
            "n_burglaries": [250],
        }
    )
    assert forecast(months(year, ["GM0513"])) == Missing(
        "een verwachting per maand vraagt maandcijfers van elk gebied; die zijn niet geleverd"
    )


# ---- the card


def test_the_card_names_purpose_data_method_limits_and_oversight() -> None:
    found = forecast(seasonal(np.random.default_rng(10)))
    assert isinstance(found, Forecast)
    card = algorithm_card(found).set_index("term")["meaning"]
    assert {"Doel", "Gegevens", "Methode", "Beperkingen", "Toezicht", "Terugtoets"} <= set(
        card.index
    )
    assert "nationaliteit" in card["Geen gegevens over"]
    assert found.reason in card["Terugtoets"]
    assert card["Gaat over"] == "17 december 2018 tot en met 30 december 2018"
    assert card["Methode"].startswith("Getoond: de verwachting van het model. Het model: niveau")
    assert "hele plekken tot samen minstens 10 % van de plekken" in card["Aanwijzen van plekken"]
    refused = algorithm_card(Missing("incidenten zijn niet geleverd")).set_index("term")["meaning"]
    assert refused["Terugtoets"] == "Geen verwachting: incidenten zijn niet geleverd"


def test_the_card_says_on_how_many_dwellings_the_places_that_were_pointed_out_stood() -> None:
    # The largest place is taken whole: 40 of 100 dwellings for the 10 % that was asked for. It
    # holds as many of the burglaries as its rate per dwelling makes it, for model and mean alike.
    homes = np.array([40, 20, 20, 20])
    counts = np.random.default_rng(3).poisson(np.array([[40.0], [5], [5], [5]]), (4, 130))
    found = forecast(panel_of(counts, homes))
    assert isinstance(found, Forecast)
    assert found.test.score(MODEL, "share_size") == pytest.approx(0.4)
    share = found.test.score(MODEL, "share_n")
    assert found.test.score(MODEL, "pai") == pytest.approx(share / 0.4)
    card = algorithm_card(found).set_index("term")["meaning"]
    assert (
        "In de buurten met de hoogste verwachting, hele buurten tot samen minstens 10 % van de "
        f"woningen, viel gemiddeld: model {percent(100 * share, 0)} van de woninginbraken, op 40 % "
        f"van de woningen (PAI {number(share / 0.4, 1)}); gemiddelde van 52 weken"
    ) in card["Aanwijzen van plekken"]


@pytest.mark.parametrize(
    ("low", "middle", "high", "said"),
    [
        (-0.45, -0.3, -0.15, "3,0 % kleiner; 95%-interval 1,5 % tot 4,5 % kleiner"),
        (-0.45, -0.1, 0.15, "1,0 % kleiner; 95%-interval 4,5 % kleiner tot 1,5 % groter"),
        (0.15, 0.3, 0.45, "3,0 % groter; 95%-interval 1,5 % tot 4,5 % groter"),
    ],
)
def test_a_difference_in_error_is_said_in_words_and_never_as_a_negative_error(
    low: float, middle: float, high: float, said: str
) -> None:
    found = forecast(noise(np.random.default_rng(1)))
    assert isinstance(found, Forecast)
    scores = found.test.scores.assign(crps=10.0)
    differences = found.test.differences.assign(difference=middle, low=low, high=high)
    test = replace(found.test, scores=scores, differences=differences)
    assert f"(de fout was {said}): getoond is" in test.reason
    assert "−" not in test.reason


def test_where_the_mean_is_given_the_card_says_so_in_its_method() -> None:
    found = forecast(noise(np.random.default_rng(1)))
    assert isinstance(found, Forecast)
    assert found.test.best == MEAN
    method = algorithm_card(found).set_index("term").loc["Methode", "meaning"]
    assert method.startswith("Getoond: het gemiddelde van 52 weken. Het model: niveau")


def test_origins_use_the_width_of_their_own_past_errors() -> None:
    calm = noise(np.random.default_rng(21))
    wild = calm.counts.copy()
    wild[:, 104:] = np.random.default_rng(22).negative_binomial(1.0, 1 / 31, (4, 26))
    origins = range(104, 130)
    found = replay(replace(calm, counts=wild), mean_year, origins, share=0.5, level=0.95)
    # The first origin knows calm errors only; by the last the width has followed.
    assert found.origins["covered"].iloc[:6].mean() < found.origins["covered"].iloc[-12:].mean()
    assert found.size < 5
