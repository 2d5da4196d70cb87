"""The areas together: sums by hand, what is absent, ranks, tests together, checks that can fail."""

import copy
import math
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from scipy.stats import norm

from wib_lib import region_charts, region_claims, region_findings, region_forms, region_tables
from wib_lib.absent import Missing, Suppressed, is_known
from wib_lib.assessment import counted_together
from wib_lib.codes import Area
from wib_lib.keyfile import block
from wib_lib.periods import Window
from wib_lib.rates import poisson_interval
from wib_lib.region import Member, added, benchmarks, ranks, shared, total

LAAK = Area("GM0518", ("BU05183819", "BU05183960"), ("WK051838", "WK051839"))


def key_file(n=100, before=120, *, attempts=30, known=90, cleared=9, dwellings=20_000, **more):
    """Return the parts of a key file that the region reads."""
    rate = 1000 * n / dwellings
    share = attempts / known if is_known(attempts) else attempts
    pct = 100 * cleared / n if is_known(cleared) else cleared
    return {
        "venster": {"start": "2018-01-01", "eind": "2018-12-31"},
        "aantal": block(
            venster=n, voorafgaand=before, pct=100 * (n - before) / before, gemiddelde_5_jaar=n + 0.26
        ),
        "pogingen": block(venster=attempts, voorafgaand=40, soort_bekend=known, share=share),
        "opheldering": block(venster=cleared, voorafgaand=10, pct=pct),
        "woningen": dwellings,
        "woningen_jaar": 2018,
        "per_1000_woningen": block(venster=rate, laag=rate - 1, hoog=rate + 1, landelijk=5.5),
        "effect": block(ratio=0.8, laag=0.64, hoog=1.0),
        "doelen": [],
        "vergelijking": [
            {"id": "landelijk", "naam": "Nederland"}
            | block(venster=42_887, voorafgaand=49_209, pct=-12.8, per_1000_woningen=5.5)
        ],
        "jaren": [{"id": "2016"} | block(per_1000_woningen=9.0, landelijk=7.3, regionaal=8.0)],
        "dekking": {"1A": "geleverd", "4": "niet geleverd"},
    } | more  # fmt: skip


def three(**last) -> list[Member]:
    """Gouda, Westland and Laak; what is given holds for Laak."""
    return [
        Member("Gouda", key_file(), 5),
        Member("Westland", key_file(200, 180, attempts=50, known=200, cleared=10, dwellings=40_000), 5),
        Member("Den Haag (basisteam Laak)", key_file(50, 60, **last), 5),
    ]  # fmt: skip


# --- the total -------------------------------------------------------------------------------


def test_total_by_hand():
    whole = total(three(), name="Samen")
    assert whole.value("aantal", "venster") == 100 + 200 + 50
    assert whole.value("aantal", "voorafgaand") == 120 + 180 + 60
    # 350 against 360: a fall of 10 in 360.
    assert whole.value("aantal", "pct") == pytest.approx(-1000 / 360, abs=1e-6)
    # Attempts 30 + 50 + 30 of 90 + 200 + 90 whose kind is known: not the mean of three shares.
    assert whole.value("pogingen", "share") == pytest.approx(110 / 380, abs=1e-6)
    assert whole.value("opheldering", "pct") == pytest.approx(100 * (9 + 10 + 9) / 350, abs=1e-6)
    # 350 burglaries on 20,000 + 40,000 + 20,000 dwellings.
    assert whole.dwellings == 80_000
    assert whole.value("per_1000_woningen", "venster") == pytest.approx(350 / 80, abs=1e-6)
    low, high = poisson_interval(350)
    assert whole.value("per_1000_woningen", "laag") == pytest.approx(low / 80, abs=1e-6)
    assert whole.value("per_1000_woningen", "hoog") == pytest.approx(high / 80, abs=1e-6)
    assert whole.figures["per_1000_woningen"]["onder_landelijk"] is True
    assert whole.window == Window(date(2018, 1, 1), 12)


def test_the_total_is_that_of_one_pot():
    """Cut an area in two: the total of both halves is the area itself."""
    parts = [Member("noord", key_file(40, 50)), Member("zuid", key_file(60, 70))]
    once = total([Member("heel", key_file(100, 120, attempts=60, known=180, cleared=18, dwellings=40_000))],
                 name="Samen")  # fmt: skip
    twice = total(parts, name="Samen")
    for path in (("aantal", "pct"), ("pogingen", "share"), ("opheldering", "pct"),
                 ("per_1000_woningen", "hoog")):  # fmt: skip
        assert twice.value(*path) == once.value(*path), path


def test_order_does_not_matter_and_input_is_untouched():
    members = three()
    before = copy.deepcopy([m.figures for m in members])
    assert total(members, name="Samen").figures == total(members[::-1], name="Samen").figures
    assert [m.figures for m in members] == before


def test_a_missing_area_makes_the_total_missing_and_is_named():
    members = [*three(), Member("Delft", None, 5)]
    whole = total(members, name="Samen")
    assert whole.value("aantal", "venster") == Missing("niet bekend van Delft")
    assert whole.value("per_1000_woningen", "venster") == Missing("niet bekend van Delft")
    assert whole.dwellings == Missing("niet bekend")
    # What all others state alike is still known.
    assert whole.value("per_1000_woningen", "landelijk") == 5.5


def test_a_suppressed_part_is_not_given_away_by_the_total():
    members = three(cleared=Suppressed(5))
    whole = total(members, name="Samen")
    assert whole.value("opheldering", "venster") == Suppressed(5)
    assert whole.value("opheldering", "pct") == Suppressed(5)
    assert whole.value("aantal", "venster") == 350
    table = region_tables.beside(members, whole)
    hidden = table.set_index("name").loc[[members[2].name, "Samen"], ["n_cleared", "pct_cleared"]]
    assert hidden.map(lambda value: value == Suppressed(5)).all(axis=None)
    checks = region_findings.checks(members, whole, 350).set_index("what")
    row = checks.loc["Opheldering in %, gewogen naar het aantal"]
    assert row["outcome"] == region_findings.UNCHECKED
    assert row["parts"] == Suppressed(5)


def test_missing_goes_before_suppressed():
    assert added({"a": Suppressed(5), "b": Missing("weg"), "c": 3}) == Missing("niet bekend van b")


def test_different_windows_are_not_added():
    members = three(venster={"start": "2017-11-01", "eind": "2018-10-31"})
    whole = total(members, name="Samen")
    assert whole.value("aantal", "venster") == Missing("de gebieden hebben verschillende vensters")
    assert whole.window is None


def test_dwellings_of_different_years_make_no_rate():
    whole = total(three(woningen_jaar=2017), name="Samen")
    assert whole.value("aantal", "venster") == 350
    assert whole.value("per_1000_woningen", "venster") == Missing(
        "de woningen zijn van verschillende jaren"
    )


# --- Laak alone ------------------------------------------------------------------------------


def test_of_den_haag_only_laak_is_counted():
    """By hand: two of the four in Den Haag lie in Laak, one is of the year before, two in Gouda."""
    rows = pd.DataFrame(
        [
            ("GM0518", "WK051838", "BU05183819", "2018-03-01"),  # Laak
            ("GM0518", "WK051839", None, "2018-12-31"),  # Laak by its wijk
            ("GM0518", "WK051837", "BU05183701", "2018-03-01"),  # elsewhere in Den Haag
            ("GM0518", None, None, "2018-03-01"),  # nobody knows where in Den Haag
            ("GM0518", "WK051838", "BU05183819", "2017-12-31"),  # before the window
            ("GM0513", "WK051301", "BU05130101", "2018-01-01"),
            ("GM0513", None, None, "2018-06-01"),
        ],
        columns=["gemeente_code", "wijk_code", "buurt_code", "day"],
    ).assign(day=lambda frame: pd.to_datetime(frame["day"]))
    evidence = SimpleNamespace(
        other_areas={"Gouda": Area("GM0513"), "Den Haag (basisteam Laak)": LAAK},
        incidents_in=lambda codes: rows[rows["gemeente_code"].isin(codes)],
    )
    assert counted_together(evidence, Window(date(2018, 1, 1), 12)) == 4
    nothing = SimpleNamespace(other_areas={"Laak": LAAK}, incidents_in=lambda codes: None)
    assert isinstance(counted_together(nothing, Window(date(2018, 1, 1), 12)), Missing)


# --- side by side ----------------------------------------------------------------------------


def test_benchmarks_are_given_when_all_areas_state_the_same():
    (country,) = benchmarks(three())
    assert (country.name, country.value("aantal", "venster")) == ("Nederland", 42_887)
    other = key_file()["vergelijking"][0] | {"venster": 40_000}
    (country,) = benchmarks(three(vergelijking=[other]))
    assert country.value("aantal", "venster") == Missing("verschilt per gebied")
    assert country.value("per_1000_woningen", "venster") == 5.5
    assert shared([]) == Missing("er zijn geen uitkomsten die gelden")


def test_ranks_are_dense_and_show_ties_as_shown():
    # 5.04 and 5.01 are both written 5,0; 5.06 is written 5,1.
    assert ranks([5.04, 4.0, 5.01, 5.06]) == ["2 (gedeeld)", "1", "2 (gedeeld)", "3"]
    assert ranks([Suppressed(5), 1.0, Suppressed(5)]) == [Suppressed(5), "1", Suppressed(5)]


def test_a_benchmark_has_no_rank_and_no_part():
    members = three()
    whole = total(members, name="Samen")
    table = region_tables.beside(members, whole, benchmarks(members)).set_index("name")
    assert list(table.index) == [*(m.name for m in members), "Samen", "Nederland"]
    assert list(table["rank"][:3]) == ["2 (gedeeld)", "2 (gedeeld)", "1"]
    assert not any(is_known(table.loc["Nederland", c]) for c in ("rank", "part", "interval"))
    assert isinstance(table.loc["Samen", "rank"], Missing)
    assert [round(value, 6) for value in table["part"][:4]] == [
        28.571429,
        57.142857,
        14.285714,
        100,
    ]


# --- tests together --------------------------------------------------------------------------


def interval(ratio: float, p: float) -> dict:
    """Return an interval of 95 % whose two-sided p-value is `p`."""
    error = abs(math.log(ratio)) / norm.isf(p / 2)
    reach = norm.isf(0.025) * error
    return {
        "effect": block(ratio=ratio, laag=ratio * math.exp(-reach), hoog=ratio * math.exp(reach))
    }


def test_benjamini_hochberg_by_hand():
    """Of p = .01, .02, .04, .30 with m = 4, q = .04, .04, .0533, .30: two are found."""
    ps = {"a": (0.5, 0.01), "b": (1.6, 0.02), "c": (0.7, 0.04), "d": (0.9, 0.30)}
    members = [Member(name, key_file(**interval(*pair))) for name, pair in ps.items()]
    table = region_findings.effects(members).set_index("name")
    assert list(table["p"]) == pytest.approx([0.01, 0.02, 0.04, 0.30], abs=1e-4)
    assert list(table["q"]) == pytest.approx([0.04, 0.04, 0.16 / 3, 0.30], abs=1e-4)
    assert list(table["found"]) == [
        "gunstiger",
        "ongunstiger",
        "niet aantoonbaar",
        "niet aantoonbaar",
    ]
    assert table.loc["c", "p"] < 0.05 < table.loc["c", "q"]


def test_only_areas_that_can_be_tested_are():
    members = [Member("a", key_file(**interval(0.5, 0.03))), Member("b", None)]
    table = region_findings.effects(members).set_index("name")
    assert table.loc["a", "q"] == pytest.approx(0.03, abs=1e-4)  # one test: nothing to correct
    assert isinstance(table.loc["b", "found"], Missing)
    said = region_claims.relative(table.reset_index(), level=0.95).sentence
    assert "1 toetsen" not in said
    assert said.endswith("1 niet te toetsen.")
    nobody = region_findings.effects([Member("b", None)])
    assert "voor geen enkel gebied" in region_claims.relative(nobody, level=0.95).sentence


# --- selection, goals, checklist -------------------------------------------------------------


def test_selection_against_the_regional_mean():
    members = [*three(jaren=[{"id": "2016"} | block(per_1000_woningen=8.0, regionaal=8.0)]),
               Member("Delft", key_file(jaren=[])), Member("Rijswijk", None)]  # fmt: skip
    table = region_findings.selection(members).set_index("name")
    assert list(table["above"][:3]) == [True, True, False]  # at the mean is not above it
    assert table.loc["Delft", "above"] == Missing("2016 ligt niet in de vergeleken jaren")
    assert "Rijswijk" in table.loc["Rijswijk", "above"].reason


def goal(indicator, target, realised, verdict, name="aantal woninginbraken"):
    return {"id": name, "naam": name, "indicator": indicator, "operator": "<=",
            "oordeel": verdict, **block(doelwaarde=target, gerealiseerd=realised)}  # fmt: skip


def test_goals_are_added_over_areas_with_one_that_counts():
    one = [
        goal("aantal", 90.25, 100, "niet behaald"),
        goal("opheldering_pct", 10, 9, "niet behaald"),
    ]
    other = [
        goal("aantal", 180.25, 200, "niet vast te stellen"),
        goal("aantal", 1, 1, "niet van toepassing"),
    ]
    two = [goal("aantal", 40, 50, "niet behaald"), goal("aantal", 45, 50, "niet behaald")]
    members = [Member("Gouda", key_file(doelen=one)), Member("Westland", key_file(doelen=other)),
               Member("Delft", key_file(doelen=two)), Member("Rijswijk", None)]  # fmt: skip
    sums = region_tables.goal_sums(region_findings.goals(members))
    assert sums.to_dict("records")[-1] == {
        "area": "Samen (2 gebieden)",
        "target": 270.5,
        "realised": 300,
    }
    note = region_tables.sums_note(sums, members)
    assert "Zonder Delft en Rijswijk" in note
    # 90,25 and 180,25 are written 90,2 and 180,2 (to even) and together 270,5.
    assert "afrondingsverschil van 0,1" in note
    none = region_tables.goal_sums(region_findings.goals(members[2:]))
    assert isinstance(none, Missing)
    assert region_tables.sums_note(none, members) == ""


def test_what_is_missing_from_whom():
    members = [*three(dekking={"4": "geleverd"}), Member("Delft", None)]
    table = region_findings.lacking(members)
    (row,) = table.to_dict("records")
    assert (row["number"], row["owner"]) == ("4", "Gemeente")
    assert row["areas"] == ["Gouda", "Westland"]
    shown = region_tables.lacking_by_owner(table, members).text
    assert "Delft | er zijn geen uitkomsten die gelden" in shown
    assert "1 onderdeel | 4 | Gemeente" in shown
    every = region_tables.lacking_rows(region_findings.lacking(three()), three())
    assert every["where"].tolist() == ["alle 3 gebieden"]


# --- checks ----------------------------------------------------------------------------------


def outcomes(members, whole, counted):
    return region_findings.checks(members, whole, counted).set_index("what")["outcome"]


def test_sums_and_weighted_percentages_come_out():
    members = three()
    found = outcomes(members, total(members, name="Samen"), 350)
    assert found.iloc[:5].eq("klopt").all()
    # Means 100.26, 200.26 and 50.26 are written 100.3, 200.3 and 50.3: 350.9 for 350.8.
    assert found.iloc[5] == "afrondingsverschil"
    # Parts 28.57, 57.14, 14.29 are written 28.6, 57.1, 14.3: exactly 100.
    assert found.iloc[6] == "klopt"


def test_a_total_that_counts_all_of_den_haag_is_found():
    members = three()
    assert outcomes(members, total(members, name="Samen"), 2_950).iloc[0] == "klopt niet"
    note = region_tables.check_note(
        region_findings.checks(members, total(members, name="S"), 2_950)
    )
    assert note.text.startswith("Let op: Klopt niet: Som van de gebieden")


def test_what_cannot_be_checked_is_said_without_alarm():
    members = three(cleared=Suppressed(5))
    found = region_findings.checks(members, total(members, name="Samen"), 350)
    said = region_tables.check_note(found).text
    assert said.endswith("onderdrukt is: Opheldering in %, gewogen naar het aantal.")
    assert not said.startswith("Let op")


@pytest.mark.parametrize("path", [("aantal", "pct"), ("pogingen", "share"), ("opheldering", "pct"),
                                  ("per_1000_woningen", "venster")])  # fmt: skip
def test_a_percentage_that_was_averaged_is_found(path):
    members = three()
    whole = total(members, name="Samen")
    part, field = path
    plain = sum(m.value(part, field) for m in members) / len(members)
    whole.figures[part][field] = plain  # the mean of the percentages, which weighs all areas alike
    assert outcomes(members, whole, 350).eq("klopt niet").sum() == 1


def test_the_share_of_attempts_stands_in_per_cents_among_per_cents():
    members = three()
    found = region_findings.checks(members, total(members, name="Samen"), 350).set_index("what")
    row = found.loc["Aandeel pogingen in %, gewogen naar feiten met bekende soort"]
    assert row["whole"] == pytest.approx(100 * 110 / 380, abs=1e-4)
    assert row["parts"] == pytest.approx(row["whole"], abs=1e-4)


def test_rates_in_words_are_lowest_first_with_the_total_and_the_unknown_last():
    members = [
        Member("Gouda", key_file(200)), Member("Delft", key_file(100)), Member("Laak", None)
    ]  # fmt: skip
    whole = total(members[:2], name="Samen")
    said = region_charts.rate_words(members, whole).split("; ")
    assert [one.partition(":")[0] for one in said] == ["Delft", "Samen", "Gouda", "Laak"]


def test_goals_in_per_cents_say_so():
    goals = [goal("opheldering_pct", 10.0, 8.6, "niet vast te stellen"),
             goal("aantal", 90.5, 100, "behaald")]  # fmt: skip
    rows = region_tables.goal_rows(region_findings.goals([Member("Gouda", key_file(doelen=goals))]))
    assert rows["target"].tolist() == ["≤ 10 %", "≤ 90,5"]
    assert rows["realised"].tolist() == ["8,6 %", "100"]


def test_rates_that_do_not_subtract_as_shown_are_named():
    # 7.27 - 5.54 = 1.73: written 7,3 and 5,5 and 1,7.
    rates = block(venster=7.27, laag=6.0, hoog=8.0, landelijk=5.54)
    members = [Member("Gouda", key_file(per_1000_woningen=rates)), Member("Delft", key_file())]
    table = region_tables.beside(members, members[1])
    assert "afrondingsverschil bij Gouda;" in region_tables.rates_note(table)


# --- sentences -------------------------------------------------------------------------------


def test_sentences_name_numbers_and_areas():
    members = [Member("Gouda", key_file(200)), Member("Delft", key_file(100)), Member("Laak", None)]
    assert region_claims.below(members).sentence == (
        "Onder het landelijke cijfer per 1.000 woningen, het gezamenlijke doel, ligt 1 van de 3 "
        "gebieden: Delft; daar kan toeval dat verklaren; voor 1 is het niet bekend."
    )
    assert region_claims.complete(members).sentence == (
        "Van 2 van de 3 gebieden zijn er uitkomsten die gelden; niet van Laak."
    )
    whole = total(members[:2], name="Samen")
    assert region_claims.change(whole, benchmarks(members)).sentence == (
        "In de gebieden samen steeg het aantal woninginbraken (pogingen inbegrepen) van 240 (2017) "
        "naar 300 (2018), +25,0 % (ter vergelijking: Nederland −12,8 %)."
    )
    lacking = region_claims.change(total(members, name="Samen"), [])
    assert "niet te geven: niet bekend van Laak" in lacking.sentence
    assert lacking.value is None


def test_goals_in_a_sentence():
    goals = [goal("aantal", 90, 100, "behaald"), goal("aantal", 90, 100, "niet van toepassing")]
    members = [Member("Gouda", key_file(doelen=goals))]
    table = region_findings.goals(members)
    assert region_claims.goals(table).sentence == (
        "Van 1 doel in 1 gebied is 1 behaald; 1 ander doel geldt voor een ander venster."
    )
    none = region_findings.goals([Member("Gouda", key_file())])
    assert "geen enkel gebied" in region_claims.goals(none).sentence
    assert "regulier werk" in region_claims.next_step(table, region_findings.lacking([])).sentence


# --- forms -----------------------------------------------------------------------------------

COSTS = pd.DataFrame(
    [("Gouda", 100.0, 80.0, True), ("Gouda", 50.0, None, None), ("Delft", None, None, None)],
    columns=["area", "begroot", "besteed", "extra"],
)


def test_costs_count_what_was_filled_in():
    table = region_forms.costs(COSTS, ["Gouda", "Delft", "Laak"]).set_index("area")
    assert table.loc["Gouda"].tolist() == [150.0, 80.0, 80.0, 2, 1]
    assert table.loc["Delft", "spent"] == Missing("niet ingevuld")
    assert table.loc["Laak", "n_posts"] == Missing("niet geleverd")
    assert table.loc["Samen", "budget"] == Missing("niet bekend van Delft en Laak")
    two = region_forms.costs(COSTS.head(2), ["Gouda"]).set_index("area")
    assert two.loc["Samen", "spent"] == 80.0


def test_nothing_extra_is_nought_and_nothing_said_is_not():
    rows = COSTS.assign(besteed=10.0, extra=[False, False, None]).head(2)
    table = region_forms.costs(rows, ["Gouda"]).set_index("area")
    assert table.loc["Gouda", "extra"] == 0.0


def test_meetings_held_and_communication():
    rows = pd.DataFrame(
        [("Gouda", True, True), ("Gouda", False, True), ("Gouda", True, None)],
        columns=["area", "gehouden", "communicatie"],
    )
    table = region_forms.meetings(rows, ["Gouda", "Delft"]).set_index("area")
    assert table.loc["Gouda"].tolist() == [3, 2, 1]
    assert table.loc["Delft", "n_held"] == Missing("niet geleverd")


def test_stories_per_kind_with_who_sent_none():
    rows = pd.DataFrame(
        [("Gouda", "succes", "hotspots", "paden dicht", "gemeente"),
         ("Gouda", "knelpunt", "kosten", "geld op", "gemeente")],
        columns=["area", "soort", "onderwerp", "tekst", "rol"],
    )  # fmt: skip
    table = region_forms.stories(rows, ["Gouda", "Delft"], "succes").set_index("area")
    assert table.loc["Gouda", "text"] == "paden dicht"
    assert table.loc["Delft", "text"] == Missing("niet geleverd")
    assert len(table) == 2


@pytest.mark.parametrize("make", [lambda rows: region_forms.costs(rows, ["Gouda"]),
                                  lambda rows: region_forms.meetings(rows, ["Gouda"]),
                                  lambda rows: region_forms.stories(rows, ["Gouda"], "succes")])  # fmt: skip
def test_a_form_from_nobody_stays_missing(make):
    assert make(region_forms.FROM_NOBODY) == region_forms.FROM_NOBODY
