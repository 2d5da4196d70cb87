"""The sample's planted truths: the hotspot that moves is found, the control areas stay as they are."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wib_lib.absent import is_known
from wib_lib.change_points import change_points
from wib_lib.concentration import concentration, counts_by_part
from wib_lib.grid import Grid, count_in_cells, dwelling_cells, spread_dwellings
from wib_lib.hotspot_moves import ALIKE, LESS, MORE, changed_parts, compare_periods
from wib_lib.hotspots import hot_areas, touching, within
from wib_lib.part_trend import trend_by_part
from wib_lib.periods import Window
from wib_lib.run import evidence_for
from wib_lib.trend import fit_trend

AREAS = {
    "GM1916": "leidschendam-voorburg", "GM0513": "gouda", "GM0627": "waddinxveen",
    "GM1901": "bodegraven-reeuwijk", "GM0503": "delft", "GM0603": "rijswijk",
    "GM1783": "westland", "GM1842": "midden-delfland", "GM0518": "den-haag-laak",
}  # fmt: skip
PERIODS = {"first": Window(date(2016, 1, 1), 24), "second": Window(date(2018, 1, 1))}
YEARS = {f"n{year}": Window(date(year, 1, 1)) for year in range(2013, 2019)}
GRID = Grid()


@pytest.fixture(scope="module")
def evidence(voorbeeld):
    """Evidence by gemeente."""
    project, found = voorbeeld.proef.project, {}
    for code, slug in AREAS.items():
        params = project.params(slug, voorbeeld.dataset, {})
        found[code] = evidence_for(project, voorbeeld.dataset, voorbeeld.store, params)
    return found


@pytest.fixture(scope="module")
def homes():
    """The sample's address points: what a delivery of BAG or CBS squares would hold."""
    from wib_lib.sample.addresses import build_addresses
    from wib_lib.sample.places import build_places

    rng = np.random.default_rng(2018)
    places = build_places(rng)
    points = build_addresses(rng, places)
    gemeente = np.array(places.gemeente)[points.buurt]
    buurt = np.array(places.code)[points.buurt]
    return pd.DataFrame({"x": points.x, "y": points.y, "gemeente": gemeente, "buurt": buurt})


def hot_cells(evidence, homes, code):
    """Hot cells of both periods, with the buurten that they lie in."""
    own = homes[homes["gemeente"] == code]
    cells = dwelling_cells(own, grid=GRID)
    counted = count_in_cells(evidence[code].incidents, cells, PERIODS, grid=GRID)
    weights = within(counted["x"].to_numpy(), counted["y"].to_numpy(), 1.5 * GRID.size)
    found = [hot_areas(counted, weights, count=name) for name in PERIODS]
    spots = pd.DataFrame(GRID.cells(own["x"], own["y"]), columns=["column", "row"])
    of_buurt = spots.assign(buurt=own["buurt"].to_numpy())
    named = [
        of_buurt.merge(cells.loc[cells["is_hot"], ["column", "row"]])["buurt"].value_counts()
        for cells in found
    ]
    return found, named


def changes(evidence, code):
    parts = counts_by_part(
        evidence[code].incidents, evidence[code].parts(2018)[["code"]], PERIODS, column="buurt_code"
    )
    return changed_parts(parts, "first", "second").set_index("code")["change"]


def test_the_hotspot_is_found_on_the_grid_before_and_after_its_move(voorbeeld, evidence, homes):
    truth = voorbeeld.truth["geplant"]["hotspot"]
    (before, after), (first, second) = hot_cells(evidence, homes, truth["gemeente"])
    assert first.idxmax() == truth["eerst"]["buurt"]
    assert second.idxmax() == truth["daarna"]["buurt"]
    assert truth["eerst"]["buurt"] not in second
    assert truth["daarna"]["buurt"] not in first
    moved = compare_periods(before, after, counts=tuple(PERIODS))
    assert moved.jaccard == 0
    planted = homes[homes["buurt"].isin([truth["eerst"]["buurt"], truth["daarna"]["buurt"]])]
    middles = planted.groupby("buurt")[["x", "y"]].mean()
    assert is_known(moved.apart_m)
    assert moved.apart_m == pytest.approx(np.hypot(*middles.diff().iloc[1]), rel=0.35)


def test_the_move_is_found_in_buurten_and_no_move_in_the_control_areas(voorbeeld, evidence):
    truth = voorbeeld.truth["geplant"]
    spot = truth["hotspot"]
    found = changes(evidence, spot["gemeente"])
    assert found[found != ALIKE].to_dict() == {
        spot["eerst"]["buurt"]: LESS,
        spot["daarna"]["buurt"]: MORE,
    }
    for code in set(truth["controle"]) & set(AREAS):
        assert changes(evidence, code).eq(ALIKE).all(), code


def test_the_trend_of_the_planted_buurten_deviates_and_that_of_no_control_buurt(
    voorbeeld, evidence
):
    truth = voorbeeld.truth["geplant"]
    spot = truth["hotspot"]
    for code in (spot["gemeente"], *sorted(set(truth["controle"]) & set(AREAS))):
        own = evidence[code]
        counts = counts_by_part(
            own.incidents, own.parts(2018)[["code"]], YEARS, column="buurt_code"
        )
        area = fit_trend(own.counts.rows.sort_values("start"), serial=True)
        found = trend_by_part(counts, list(YEARS), area)
        deviating = set(found.loc[found["oordeel"].str.contains("gunstiger"), "code"])
        planted = {spot["eerst"]["buurt"], spot["daarna"]["buurt"]}
        assert deviating == (planted if code == spot["gemeente"] else set()), code


def test_the_arrest_of_the_gang_and_the_effect_are_breaks(voorbeeld, evidence):
    gang = voorbeeld.truth["geplant"]["regressie_naar_het_gemiddelde"]
    rows = evidence[gang["gemeente"]].counts.rows.sort_values("start", ignore_index=True)
    assert (
        pd.Timestamp(gang["jaar"], gang["maanden"][0], 1) in change_points(rows)["start"].tolist()
    )
    effect = voorbeeld.truth["geplant"]["effect"]
    rows = evidence[effect["gemeente"]].counts.rows.sort_values("start", ignore_index=True)
    assert change_points(rows)["start"].tolist() == [pd.Timestamp(effect["jaar"], 1, 1)]


def test_streets_and_spread_dwellings_work_on_what_is_delivered(voorbeeld, evidence):
    own = evidence["GM0503"]
    year = own.incidents[own.incidents["day"].dt.year == 2018]
    n_streets = own.incidents["straat_id"].nunique()
    found = concentration(
        year["straat_id"].value_counts(), np.random.default_rng(1), n_units=n_streets
    )
    # A twelfth of the year fell in one buurt: more than chance over streets gives.
    assert found.gini_p <= 0.01
    assert found.gini > found.gini_by_chance[2]
    parts = own.parts(2018)
    cells = dwelling_cells(spread_dwellings(parts))
    spread = cells["n_dwellings"].sum() + cells.attrs["n_dwellings_left_out"]
    assert spread == pytest.approx(parts["n_dwellings"].sum())
    counted = count_in_cells(own.incidents, cells, PERIODS)
    assert counted["second"].sum() > 0.9 * len(year)
    kept = parts[parts["n_dwellings"] >= 10].reset_index(drop=True)
    in_parts = counts_by_part(own.incidents, kept, PERIODS, column="buurt_code")
    hot = hot_areas(in_parts, touching(kept["geometry"]), count="second")
    planted = voorbeeld.truth["geplant"]["hotspot"]["daarna"]["buurt"]
    assert planted in hot.loc[hot["is_hot"], "code"].tolist()
