"""Golden cases of the forecast: scores, PAI and 26 rolling fortnights of real burglaries."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from wib_lib.capture import capture_curve, captured
from wib_lib.count_scores import crps, dawid_sebastiani, log_score, paired_difference
from wib_lib.forecast import Panel, fortnights
from wib_lib.forecast.model import Model
from wib_lib.forecast.replay import by_model, last_period, last_year, mean_year, replay

GOLDEN = Path(__file__).parents[2] / "shared" / "golden"
pytestmark = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the folder shared/ with golden cases is not beside this repository"
)


def golden(case: str) -> dict[str, Any]:
    return json.loads((GOLDEN / case / "expected.json").read_text(encoding="utf-8"))


# ---- scores: R surveillance 1.20.3 scores(), 1e-6


@pytest.mark.parametrize(
    ("name", "score"), [("logs", log_score), ("rps", crps), ("dss", dawid_sebastiani)]
)
def test_scores_are_those_of_r(name: str, score: Callable[..., Any]) -> None:
    table = pd.read_csv(GOLDEN / "count_scores" / "surveillance_scores.csv")
    assert len(table) == 20
    poisson = score(table["x"], table["mu"])
    np.testing.assert_allclose(poisson, table[f"pois_{name}"], rtol=1e-6)
    wide = score(table["x"], table["mu"], 2.0)
    np.testing.assert_allclose(wide, table[f"nb2_{name}"], rtol=1e-6)


# ---- PAI, PEI, RRI: R ptools pai(), 1e-9


def test_the_toy_example_is_that_of_ptools() -> None:
    toy = golden("pai")["toy"]
    curve = capture_curve(toy["obs"], toy["pred"])
    for name in ("PAI", "PEI", "RRI"):
        np.testing.assert_allclose(curve[name.lower()], toy[name], rtol=1e-9)


def test_real_cells_are_ranked_and_captured_as_by_ptools() -> None:
    cells = pd.read_csv(GOLDEN / "gistar" / "chicago_1km_gistar_spdep.csv")
    curve = capture_curve(cells["n2017"], cells["n2016"])
    for row in golden("pai")["chicago_top"]:
        found = curve.iloc[row["CumArea"] - 1]
        assert (found["n"], found["expected"]) == (row["CumCount"], row["CumPred"])
        for name in ("PAI", "PEI", "RRI"):
            assert found[name.lower()] == pytest.approx(row[name], rel=1e-9)


def test_a_share_of_the_cells_gives_the_printed_pai() -> None:
    # "top 1/5/10/20% PAI 3.835, 3.064, 2.595, 2.101"
    cells = pd.read_csv(GOLDEN / "gistar" / "chicago_1km_gistar_spdep.csv")
    found = [
        captured(cells["n2017"], cells["n2016"], share=share)["pai"]
        for share in (0.01, 0.05, 0.10, 0.20)
    ]
    assert found == pytest.approx([3.835, 3.064, 2.595, 2.101], abs=5e-4)


# ---- 26 rolling fortnights of 2017: the golden takes Poisson scores of plain baselines


@pytest.fixture(scope="module")
def chicago() -> Panel:
    rows = pd.read_csv(GOLDEN / "forecast_baseline" / "chicago_500m_cell_day.csv")
    first = date(2014, 1, 1)
    day = pd.Timestamp(first) + pd.to_timedelta(rows["t"], unit="D")
    incidents = pd.DataFrame({"day": day, "cell": rows["cell"]})
    cells = pd.DataFrame({"code": range(golden("forecast_baseline")["n_cells"])})
    # Day 1096 is 1 January 2017; 26 fortnights from there end on 30 December.
    last = date(2017, 12, 31)
    panel = fortnights(
        incidents, cells, column="cell", peildatum=date(2017, 12, 30), first=first, last=last
    )
    assert isinstance(panel, Panel)
    return panel


BASELINES = {
    "last 52 weeks /26": mean_year,
    "last 2 weeks": last_period,
    "same 2 weeks last year": last_year,
}


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_of_the_back_test_are_the_golden_ones(chicago: Panel, name: str) -> None:
    expected = next(r for r in golden("forecast_baseline")["table"] if r["model"] == name)
    found: dict[str, list[float]] = {key: [] for key in ("crps", "logs", "bias", "pai1", "pai5",
                                                         "pei5", "hit5", "pai20", "hit20")}  # fmt: skip
    for at in range(chicago.n_periods - 26, chicago.n_periods):
        seen, (hoped, elsewhere) = chicago.counts[:, at], BASELINES[name](chicago, at)
        assert elsewhere == 0
        top = {share: captured(seen, hoped, share=share / 100) for share in (1, 5, 20)}
        found["crps"].append(crps(seen, hoped).mean())
        found["logs"].append(log_score(seen, hoped).mean())
        found["bias"].append(hoped.sum() - seen.sum())
        found["pei5"].append(top[5]["pei"])
        for share in (1, 5, 20):
            found[f"pai{share}"].append(top[share]["pai"])
        for share in (5, 20):
            found[f"hit{share}"].append(top[share]["share_n"])
    for key, values in found.items():
        assert np.mean(values) == pytest.approx(expected[key], abs=1e-6), key


def test_the_tie_rule_alone_makes_last_two_weeks_look_bad_or_good(chicago: Panel) -> None:
    expected = golden("forecast_baseline")["tie_rule_pai5"]
    origins = range(chicago.n_periods - 26, chicago.n_periods)
    found = replay(chicago, last_period, origins, share=0.05, level=0.95).origins
    assert found["pai"].mean() == pytest.approx(expected["pessimistic"], abs=1e-6)
    assert found["pai_for"].mean() == pytest.approx(expected["optimistic"], abs=1e-6)


def test_the_model_beats_every_model_of_the_golden_table(chicago: Panel) -> None:
    origins = range(chicago.n_periods - 26, chicago.n_periods)
    found = replay(chicago, by_model(Model()), origins, share=0.05, level=0.95).origins
    table = golden("forecast_baseline")["table"]
    assert found["crps"].mean() < min(row["crps"] for row in table)
    assert found["log_score"].mean() < min(row["logs"] for row in table)
    mean = replay(chicago, mean_year, origins, share=0.05, level=0.95).origins
    assert paired_difference(found["crps"], mean["crps"])[2] < 0
    assert 0.85 < found["total_covered"].mean() <= 1
