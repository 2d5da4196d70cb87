"""Where and when in the pack tables: what the sample planted is found, by each audience's rules."""

import numpy as np
import pandas as pd
import pytest

from conftest import released_to
from wib_lib import courses, hot_hours, hot_places, nearby, pattern_charts, pattern_claims, problem
from wib_lib.absent import Missing, Suppressed, is_known
from wib_lib.day_parts import DAYS, SUMS, UNUSED, systematic, week_counts
from wib_lib.dutch import number
from wib_lib.errors import TableError
from wib_lib.evidence import Sealed
from wib_lib.history import rolling_year, trend_over
from wib_lib.hot_times import DAGDELEN, USED, hot_times
from wib_lib.hotspot_moves import ALIKE, LESS, MORE, NEW, Overlap
from wib_lib.run import evidence_for

SLUGS = {"GM0503": "delft", "GM0513": "gouda", "GM1901": "bodegraven-reeuwijk"}


@pytest.fixture(scope="module")
def rows(voorbeeld):
    """Rows of three areas: the hotspot that moves, the effect, and the control of near repeat."""
    project = voorbeeld.proef.project
    return {
        slug: evidence_for(
            project, voorbeeld.dataset, voorbeeld.store, project.params(slug, voorbeeld.dataset, {})
        )
        for slug in SLUGS.values()
    }


@pytest.fixture(scope="module")
def seen(rows):
    """The same areas as the working group may see them."""
    return {slug: released_to(evidence) for slug, evidence in rows.items()}


@pytest.fixture(scope="module")
def delft_analist(rows):
    return released_to(rows["delft"], "analist")


def own_trend(evidence):
    return trend_over(evidence.counts, evidence.params.window, years=5, level=0.95)


# --- where ------------------------------------------------------------------------------------


def test_the_hotspot_that_moved_is_new_and_the_control_area_has_none(voorbeeld, seen):
    spot = voorbeeld.truth["geplant"]["hotspot"]
    found = hot_places.hot_parts(seen["delft"], problem.by_part(seen["delft"])).set_index("code")
    assert found.loc[spot["daarna"]["buurt"], "state"] == NEW
    changed = found.loc[found["change"].ne(ALIKE), "change"].to_dict()
    assert changed == {spot["daarna"]["buurt"]: MORE, spot["eerst"]["buurt"]: LESS}
    control = hot_places.hot_parts(
        seen["bodegraven-reeuwijk"], problem.by_part(seen["bodegraven-reeuwijk"])
    )
    assert control["change"].eq(ALIKE).all()
    assert not control["is_hot"].any()
    assert isinstance(hot_places.noted(control), Missing)


def test_a_hot_buurt_is_hot_itself(seen):
    found = hot_places.hot_parts(seen["delft"], problem.by_part(seen["delft"]))
    mean = found["n_now"].sum() / found["n_dwellings"].sum()
    hot = found[found["is_hot"]]
    assert len(hot)
    assert (hot["n_now"] / hot["n_dwellings"] > mean).all()
    assert (hot["n_now"] >= hot_places.LEAST).all()


def test_the_order_of_buurten_changes_nothing(seen):
    parts = problem.by_part(seen["delft"])
    kept = parts.copy()
    found = hot_places.hot_parts(seen["delft"], parts)
    again = hot_places.hot_parts(seen["delft"], parts.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(again))
    pd.testing.assert_frame_equal(pd.DataFrame(parts), pd.DataFrame(kept))


def test_places_below_the_buurt_stay_with_those_who_may_see_them(rows, seen, delft_analist):
    parts = problem.by_part(seen["delft"])
    for audience in ("openbaar", "werkgroep"):
        evidence = released_to(rows["delft"], audience)
        assert hot_places.smoothed(evidence, rows["delft"]) == hot_places.NOT_FOR
        assert hot_places.hot_grid(evidence, rows["delft"]) == hot_places.NOT_FOR
        assert hot_hours.hours(evidence, rows["delft"]).by_cell == hot_hours.NOT_FOR
    table = hot_places.spread(seen["delft"], parts, rows["delft"])
    assert table["unit"].tolist() == ["buurten, toeval per woning"]
    whole = hot_places.spread(delft_analist, parts, rows["delft"])
    assert whole["unit"].str.startswith("straten").tolist() == [False, True]
    assert (whole["p"] <= 0.01).all()


def test_the_grid_and_the_picture_find_the_planted_buurt(voorbeeld, rows, delft_analist):
    spot = voorbeeld.truth["geplant"]["hotspot"]["daarna"]["buurt"]
    parts = problem.by_part(delft_analist)
    planted = parts.loc[parts["code"].eq(spot), "geometry"].iloc[0]
    grid = hot_places.hot_grid(delft_analist, Sealed(rows["delft"]))
    new = grid.loc[grid["state"].eq(NEW), "geometry"].iloc[0]
    assert new.intersection(planted).area > 0.5 * new.area
    smoothed = hot_places.smoothed(delft_analist, rows["delft"])
    densest = smoothed.loc[smoothed["number"].idxmax(), "geometry"]
    assert densest.intersects(planted)
    assert set(smoothed.columns) == {"number", "geometry"}  # a picture holds no count


# --- through time -----------------------------------------------------------------------------


def test_the_own_trend_stands_beside_region_and_country(seen):
    own = own_trend(seen["gouda"])
    table = courses.area_trends(seen["gouda"], own).set_index("label")
    assert table.index[0] == "Gouda"
    assert table.loc["Gouda", "pct"] == own.pct_per_year
    assert is_known(table.loc["eenheid Den Haag", "pct"])
    assert is_known(table.loc["Nederland", "pct_homes"])
    # Dwellings grew, so that per dwelling it fell faster.
    assert table.loc["Gouda", "pct_homes"] < table.loc["Gouda", "pct"]


def test_part_of_a_gemeente_has_the_dwellings_of_its_own_pack(voorbeeld, seen):
    project = voorbeeld.proef.project
    params = project.params("den-haag-laak", voorbeeld.dataset, {})
    laak = evidence_for(project, voorbeeld.dataset, voorbeeld.store, params)
    homes = {year: laak.area_dwellings(year).n for year in range(2013, 2019)}
    series = seen["gouda"].series_of(params.gemeente, laak.area)
    expected = trend_over(series, params.window, years=5, level=0.95, dwellings=homes)
    table = courses.area_trends(seen["gouda"], own_trend(seen["gouda"])).set_index("label")
    assert table.loc[params.gemeente, "pct_homes"] == pytest.approx(expected.pct_per_year)


def test_a_trend_from_months_beside_trends_from_years_says_so(seen):
    table = courses.area_trends(seen["gouda"], own_trend(seen["gouda"]))
    assert table["based"].tolist() == ["maanden"] + ["jaren"] * (len(table) - 1)
    assert "uit maanden gerekend, de andere uit jaren" in courses.areas_shown(table)["note"]
    assert "note" not in courses.areas_shown(table.assign(based="jaren"))
    assert courses.areas_shown(Missing("niet geleverd")) == courses.AREAS


def test_the_course_of_the_planted_buurten_deviates(voorbeeld, seen):
    spot = voorbeeld.truth["geplant"]["hotspot"]
    table = courses.parts_trend(seen["delft"], own_trend(seen["delft"]))
    assert set(table.loc[table["deviates"], "code"]) == {
        spot["eerst"]["buurt"],
        spot["daarna"]["buurt"],
    }


def test_buurten_that_differ_by_chance_alone_get_no_table(seen):
    assert courses.parts_trend(seen["gouda"], own_trend(seen["gouda"])) == courses.ALIKE


def test_the_planted_effect_is_a_break(voorbeeld, seen):
    effect = voorbeeld.truth["geplant"]["effect"]
    found = courses.breaks(seen["gouda"])
    assert found["start"].tolist() == [pd.Timestamp(effect["jaar"], 1, 1)]
    assert "breekpunt" in pattern_claims.breaks(found).sentence


def test_seasons_are_whole_and_the_running_one_stands_apart(voorbeeld, seen):
    table = courses.seasons(seen["gouda"], own_trend(seen["gouda"])).set_index("label")
    months = seen["gouda"].counts.rows.set_index("start")["n_burglaries"]
    # October 2017 to March 2018; of 2018/19 the delivery has October to December.
    assert table.loc["2017/18", "whole"] == months["2017-10":"2018-03"].sum()
    assert table.loc["2017/18", "darkest"] == months["2017-12":"2018-01"].sum()
    assert table.loc["2018/19", "running"] == months["2018-10":"2018-12"].sum()
    assert table.loc["2018/19", "whole"] == courses.RUNNING


# --- when -------------------------------------------------------------------------------------


def incidents(*spans):
    moments = pd.DataFrame(spans, columns=["pleeg_van", "pleeg_tot"]).apply(pd.to_datetime)
    return moments.assign(day=moments["pleeg_tot"].dt.normalize())


def test_parts_of_the_week_by_hand():
    found = week_counts(
        incidents(
            ("2018-01-01 13:00", "2018-01-01 14:00"),  # Monday afternoon
            ("2018-01-01 23:00", "2018-01-02 03:00"),  # a quarter Monday, the rest Tuesday night
            ("2018-01-03 19:00", "2018-01-03 19:00"),  # Wednesday evening
            ("2018-01-04 00:00", "2018-01-06 00:00"),  # too wide
        )
    )
    assert (found[USED], found[UNUSED]) == (3, 1)
    assert (found["middag"], found["avond"], found["nacht"]) == (1, 1, 1)
    assert (found["werkdagen-nacht"], found["weekend"]) == (1, 0)
    for code, ways in SUMS.items():
        if code:
            assert all(found[code] == sum(found[part] for part in way) for way in ways)


def test_months_add_up_and_stay_near_the_weights(rows):
    own = rows["gouda"].incidents
    year = own[own["day"].dt.year.eq(2018)]
    whole = week_counts(year)
    months = [week_counts(part) for _, part in year.groupby(year["day"].dt.month)]
    assert whole == {code: sum(month[code] for month in months) for code in whole}
    assert week_counts(year.sample(frac=1, random_state=3)) == whole
    exact = hot_times(year, rng=np.random.default_rng(1), n_resamples=2).by_dagdeel()
    for part, n in zip(DAGDELEN, exact["n"], strict=True):
        assert whole[part] == pytest.approx(n, abs=3)


def test_rounding_is_fair_and_asks_for_times():
    weights = np.array([0.2, 0.7, 1.6, 0.5])
    drawn = np.mean([systematic(weights, start=k / 1000) for k in range(1000)], axis=0)
    assert drawn == pytest.approx(weights, abs=2e-3)
    with pytest.raises(TableError, match="pleeg_van"):
        week_counts(incidents(("2018-01-01 13:00", "2018-01-01 14:00")).drop(columns="pleeg_van"))


def test_the_working_group_sees_no_small_part_of_the_week(rows, seen):
    hours = hot_hours.hours(seen["gouda"], Sealed(rows["gouda"]))
    shown = [n for row in hours.week.to_numpy() for n in row if is_known(n)]
    hidden = [n for row in hours.week.to_numpy() for n in row if isinstance(n, Suppressed)]
    assert len(shown) + len(hidden) == len(DAYS) * len(DAGDELEN)
    assert shown
    assert not any(0 < n < 5 for n in shown)
    assert hours.dayparts["n_now"].sum() == hours.account["n"].iloc[0]


def test_the_parts_of_the_day_say_of_how_many_and_why_a_share_differs(rows, seen):
    hours = hot_hours.hours(seen["gouda"], Sealed(rows["gouda"]))
    how = hot_hours.dayparts_shown(hours)
    n = hours.dayparts["n_now"].sum()
    assert how["note"].endswith(f"Noemer van het aandeel: de {n} feiten waarvan het uur bekend is.")
    assert "op hele woninginbraken afgerond" in how["note"]
    why = Missing("niet geleverd")
    assert hot_hours.dayparts_shown(hot_hours.Hours(*[why] * 5)) == hot_hours.DAYPARTS


def test_the_planted_hours_are_found(rows, seen):
    """Sample: about 13 % between 22 and 6 o'clock, most in the afternoon and evening."""
    table = hot_hours.hours(seen["gouda"], rows["gouda"]).dayparts
    share = dict(zip(DAGDELEN, table["share"].astype(float), strict=True))
    assert max(share, key=share.get) == "middag"
    assert share["nacht"] < 20
    assert share["middag"] + share["avond"] > 55
    per_hour = dict(zip(DAGDELEN, table["per_hour"].astype(float), strict=True))
    assert min(per_hour, key=per_hour.get) == "nacht"


def test_darkness_stands_beside_the_dark_hours(rows, seen):
    table = hot_hours.dark(seen["gouda"], Sealed(rows["gouda"])).set_index("month")
    assert table.loc[12, "share_of_time"] > 2 * table.loc[6, "share_of_time"]
    assert table.loc[12, "share_dark"] > table.loc[6, "share_dark"]
    # Six years together, where the head of the page names the last one alone.
    said = pattern_claims.dark(table.reset_index()).sentence
    assert "van de woninginbraken van 2013 tot en met 2018 waarvan het uur bekend is" in said
    assert hot_hours.dark_note(table) == "Over de maanden van 2013 tot en met 2018 samen."


def test_few_in_the_dark_are_not_shown(rows):
    own = rows["bodegraven-reeuwijk"]
    whole = hot_hours.dark(released_to(own, "analist"), own)
    public = hot_hours.dark(released_to(own, "openbaar"), own)
    n_dark = (whole["n"] * whole["share_dark"].astype(float) / 100).round()
    few = n_dark.lt(10) | (whole["n"] - n_dark).lt(10)
    assert few.any()
    for name in ("share_dark", "low", "high"):
        assert [isinstance(value, Suppressed) for value in public[name]] == few.tolist()


# --- near repeat ------------------------------------------------------------------------------


def test_planted_near_repeats_are_found_and_none_in_the_control_area(voorbeeld, rows, seen):
    planted = voorbeeld.truth["geplant"]["near_repeat"]
    for code in ("GM0503", "GM0513"):
        table = nearby.near_pairs(seen[SLUGS[code]], Sealed(rows[SLUGS[code]]))
        raised = table[table["is_raised"]]
        assert {"zelfde adres", "tot 100 m"} <= set(raised["near"])
        assert set(raised["soon"]) <= {"0 t/m 6 dagen", "7 t/m 13 dagen"}
        assert planted["dagen_max"] == 14
        said = pattern_claims.near(table).sentence
        assert "vaker snel" in said
        n = number(table.attrs["n_used"])
        about = f"de {n} woninginbraken van 2013 tot en met 2018 waarvan het adres bekend is"
        assert f"; gerekend over {about}. Waardoor" in said
        assert nearby.near_shown(table)["note"] == f"Over {about}."
    slug = SLUGS[planted["controlegebied"]]
    control = nearby.near_pairs(seen[slug], rows[slug])
    assert not control["is_raised"].any()
    assert "niet aantoonbaar" in pattern_claims.near(control).sentence


def test_few_pairs_are_hidden_with_all_that_tells_of_them(rows, seen):
    slug = "bodegraven-reeuwijk"
    whole = nearby.near_pairs(released_to(rows[slug], "analist"), rows[slug])
    table = nearby.near_pairs(seen[slug], rows[slug])
    few = whole["n_pairs"].between(1, 4)
    assert few.any()
    hidden = table.loc[few, list(nearby.HIDDEN)]
    assert all(isinstance(value, Suppressed) for value in hidden.to_numpy().ravel())
    assert table.loc[~few, "n_pairs"].tolist() == whole.loc[~few, "n_pairs"].tolist()


@pytest.mark.parametrize(
    ("near", "said"),
    [
        ("zelfde adres", "het sterkst op hetzelfde adres, met 0 t/m 6 dagen ertussen (6,1 keer"),
        ("100 tot 200 m", "het sterkst 100 tot 200 m van elkaar, met 0 t/m 6 dagen ertussen (6,1"),
    ],
)
def test_near_repeat_names_its_distance_in_a_sentence(near, said):
    table = pd.DataFrame(
        {"near": [near], "soon": ["0 t/m 6 dagen"], "n_pairs": [40], "ratio": [6.1],
         "is_raised": [True]}
    )  # fmt: skip
    table.attrs |= {"n_used": 300, "span": "2013 tot en met 2018"}
    assert said in pattern_claims.near(table).sentence


def hot_buurten(*names, n_first, **both):
    hot = pd.DataFrame({"naam": names, "is_hot": [True] * len(names), "n_now": [9] * len(names)})
    hot = hot.astype({"is_hot": bool})
    hot.attrs["least_dwellings"] = 10
    blank = Missing("geen hotspots")
    known = {"n_both": 0, "jaccard": blank, "expected": blank, "p": blank, "apart_m": blank} | both
    found = Overlap(n_areas=90, n_first=n_first, n_second=len(names), **known)
    return pattern_claims.hot(hot, found).sentence


def test_hot_buurten_are_counted_among_those_with_enough_dwellings():
    assert hot_buurten(n_first=0) == (
        "Geen van de 90 buurten met minstens 10 woningen is een hotspot; een jaar eerder ook geen."
    )
    assert hot_buurten("A", n_first=0, jaccard=0.0, expected=0.0) == (
        "1 van de 90 buurten met minstens 10 woningen is een hotspot (A); een jaar eerder geen."
    )
    assert hot_buurten("A", "B", n_first=1, n_both=1, jaccard=0.5, expected=0.02) == (
        "2 van de 90 buurten met minstens 10 woningen zijn hotspots (A en B); een jaar eerder was "
        "het er 1, waarvan 1 dezelfde (overlap 0,50; bij toeval 0,02)."
    )


def test_a_top_of_one_is_one_buurt():
    row = {"top": 35.2, "top_low": 20.0, "top_high": 30.0, "top_chance": "20,0 tot 30,0 %"}
    table = pd.DataFrame(
        [
            row | {"unit": "buurten, toeval per woning", "n_top": 1},
            row | {"unit": "straten, toeval per straat", "n_top": 12},
        ]
    )
    one, more = (claim.sentence for claim in pattern_claims.spread(table))
    assert one.startswith("In de buurt met de meeste feiten viel 35,2 %;")
    assert more.startswith("In de 12 straten met de meeste feiten viel 35,2 %;")


# --- what is shown ----------------------------------------------------------------------------


def test_every_figure_is_drawn(rows, delft_analist):
    evidence, own = delft_analist, rows["delft"]
    parts = problem.by_part(evidence)
    hot = hot_places.hot_parts(evidence, parts)
    hours = hot_hours.hours(evidence, own)
    figures = [
        pattern_charts.trends(courses.area_trends(evidence, own_trend(evidence))),
        pattern_charts.decomposition(courses.decomposed(evidence.counts)),
        pattern_charts.rolling(
            rolling_year(evidence.counts), courses.breaks(evidence), courses.events(evidence)
        ),
        pattern_charts.hot_map(hot, parts),
        pattern_charts.grid_map(hot_places.hot_grid(evidence, own), parts),
        pattern_charts.density_map(hot_places.smoothed(evidence, own), parts),
        pattern_charts.week(hours.week),
        pattern_charts.hours(hours.by_cell, hours.by_hour),
        pattern_charts.dark(hot_hours.dark(evidence, own)),
    ]
    assert not [figure for figure in figures if isinstance(figure, Missing)]
    legend = [text.get_text() for text in figures[3].axes[0].get_legend().get_texts()]
    assert legend == ["gebleven", "nieuw", "weg"]
    assert len(pattern_charts.week_words(hours.week).split(";")) == len(DAYS)


def test_what_is_missing_gives_a_sentence_and_no_figure():
    why = Missing("incidenten zijn niet geleverd")
    hours = hot_hours.Hours(why, why, why, why, why)
    said = [
        pattern_claims.hot(why, why), pattern_claims.moved(why), *pattern_claims.spread(why),
        pattern_claims.dayparts(hours), pattern_claims.dark(why), pattern_claims.near(why),
        pattern_claims.breaks(why),
    ]  # fmt: skip
    assert all(claim.value is None and why.reason in claim.sentence for claim in said)
    assert pattern_charts.hot_map(why, why) == pattern_charts.dark(why) == why
