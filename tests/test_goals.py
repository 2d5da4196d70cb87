"""Goals: reached or missed only when chance cannot explain it, else it says what is lacking."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from conftest import withheld
from wib_lib import report
from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.dutch import percent
from wib_lib.goals import MISSED, OPEN, OTHER, REACHED, base_window, evaluate
from wib_lib.keyfigures import Benchmark, Dwellings, KeyFigures, change, key_figures, rate
from wib_lib.params import Doel
from wib_lib.periods import Window
from wib_lib.rates import poisson_interval, share_interval
from wib_lib.series import Series

YEAR = Window(date(2018, 1, 1))
NO_BASE = Missing("geen basis")
GOUDA: dict[str, Any] = {
    "id": "gouda-aantal-2018",
    "indicator": "aantal",
    "basis": {"periode": "2016", "waarde": 639, "bron": "gemeente Gouda"},
    "mutatie_pct": -10,
    "operator": "<=",
    "doelperiode": "2018",
    "partner": "gemeente",
    "bron": "doel van de gemeente Gouda",
}


def goal(**changes: Any) -> Doel:
    given = GOUDA | changes
    if "doelwaarde" in changes or "benchmark" in changes:
        given = {"basis": None, "mutatie_pct": None} | given | {"basis": None, "mutatie_pct": None}
    return Doel(**given)


def figures(
    n: Value, *, attempts: Value = 40, cleared: Value = 50, dwellings: int = 50_000, year: int = 2018,
    national: Value = 5.54,
) -> KeyFigures:  # fmt: skip
    """Key figures of 2018; the kind of every burglary is known."""
    start = pd.to_datetime(["2018-01-01"])
    rows = pd.DataFrame({"start": start, "end": start + pd.offsets.YearBegin(1)})
    counted: Series | Missing = Missing("2018 is niet geleverd")
    if not isinstance(n, Missing):
        known = attempts if is_known(attempts) else 0
        counted = Series(
            rows.assign(n_burglaries=n, n_attempts=known, n_kind_known=n), "test", False
        )
        if isinstance(attempts, Suppressed):
            counted = withheld(counted, 2018, n_attempts=attempts.minimum)
    none = Missing("niet geleverd")
    return key_figures(
        counted,
        YEAR,
        years=1,
        dwellings=Dwellings(dwellings, year),
        dwellings_before=Dwellings(none),
        cleared=(cleared, none),
        benchmarks=[Benchmark("landelijk", "Nederland", none, none, none, national, "politie")],
    )


# ---- targets


def test_the_goal_of_gouda_by_hand() -> None:
    # 639 less 10 % is 575.1.
    verdict = evaluate(goal(), figures(500), base=639)
    assert verdict.target == pytest.approx(575.1, rel=1e-12)
    assert verdict.oordeel == REACHED
    assert verdict.findings == ("het hele interval ligt aan de goede kant van de doelwaarde",)
    assert (verdict.realised.low, verdict.realised.high) == poisson_interval(500)


@pytest.mark.parametrize(
    ("base", "pct", "target"),
    [(12_564, -20, 10_051), (8_626, -20, 6_900), (213, -41, 125), (2_085, -5, 1_981)],
)
def test_targets_as_printed_in_the_year_plans(base: int, pct: int, target: int) -> None:
    # Midden-Nederland 2011-2018 (10,051; "max 6,900"; overvallen 125) and Twente 2014-2015, all
    # cut or rounded to whole crimes.
    doel = goal(basis={"periode": "2011", "waarde": base, "bron": "x"}, mutatie_pct=pct)
    found = evaluate(doel, figures(500), base=base).target
    assert found == pytest.approx(target, abs=1)
    assert change(base, found) == pytest.approx(pct, rel=1e-12)


# ---- verdicts on counts


@pytest.mark.parametrize(
    ("n", "oordeel"), [(400, REACHED), (528, REACHED), (529, OPEN), (575, OPEN), (576, OPEN),
                       (623, OPEN), (625, MISSED), (800, MISSED), (0, REACHED)],
)  # fmt: skip
def test_a_count_is_judged_by_the_side_of_its_whole_interval(n: int, oordeel: str) -> None:
    # At most 575.1: the upper bound of 528 is 575.03, the lower bound of 625 is 576.96.
    low, high = poisson_interval(n)
    expected = REACHED if high <= 575.1 else MISSED if low > 575.1 else OPEN
    assert oordeel == expected
    assert evaluate(goal(), figures(n, cleared=0, attempts=0), base=639).oordeel == oordeel


def test_an_interval_that_straddles_says_on_which_side_the_figure_is() -> None:
    under = evaluate(goal(), figures(560), base=639)
    above = evaluate(goal(), figures(590), base=639)
    assert under.findings[0].startswith("het cijfer ligt aan de goede kant van de doelwaarde, maar")
    assert above.findings[0].startswith("het cijfer ligt aan de verkeerde kant van")
    assert all("toeval kan het verschil verklaren" in v.findings[0] for v in (under, above))


@pytest.mark.parametrize(
    ("operator", "low_side", "high_side"),
    [("<=", REACHED, MISSED), ("<", REACHED, MISSED), (">=", MISSED, REACHED),
     (">", MISSED, REACHED)],
)  # fmt: skip
def test_each_operator_has_its_good_side(operator: str, low_side: str, high_side: str) -> None:
    doel = goal(doelwaarde=500, operator=operator)
    verdicts = [evaluate(doel, figures(n), base=NO_BASE).oordeel for n in (400, 500, 600)]
    assert verdicts == [low_side, OPEN, high_side]


@pytest.mark.parametrize(
    ("operator", "bound", "oordeel"),
    [("<=", 1, REACHED), ("<", 1, OPEN), (">=", 0, REACHED), (">", 0, OPEN)],
)
def test_a_bound_on_the_target_itself_counts_only_without_strictness(
    operator: str, bound: int, oordeel: str
) -> None:
    target = poisson_interval(400)[bound]
    doel = goal(doelwaarde=target, operator=operator)
    assert evaluate(doel, figures(400), base=NO_BASE).oordeel == oordeel


def test_a_less_certain_interval_decides_more() -> None:
    doel, found = goal(), figures(540)
    assert evaluate(doel, found, base=639, level=0.95).oordeel == OPEN
    assert evaluate(doel, found, base=639, level=0.80).oordeel == REACHED


# ---- other indicators


def test_attempts_are_judged_as_a_count() -> None:
    verdict = evaluate(goal(indicator="pogingen", doelwaarde=60), figures(500), base=NO_BASE)
    assert (verdict.realised.value, verdict.oordeel) == (40, REACHED)
    assert (verdict.realised.low, verdict.realised.high) == poisson_interval(40)


@pytest.mark.parametrize(
    ("indicator", "part", "target", "oordeel"),
    [("opheldering_pct", 50, 7, REACHED), ("opheldering_pct", 50, 10, OPEN),
     ("opheldering_pct", 50, 14, MISSED), ("share_pogingen", 40, 5, REACHED),
     ("share_pogingen", 40, 12, MISSED)],
)  # fmt: skip
def test_shares_are_judged_in_per_cents_with_their_exact_interval(
    indicator: str, part: int, target: float, oordeel: str
) -> None:
    doel = goal(indicator=indicator, doelwaarde=target, operator=">=")
    verdict = evaluate(doel, figures(500), base=NO_BASE)
    low, high = share_interval(part, 500)
    assert verdict.realised.value == pytest.approx(100 * part / 500, rel=1e-12)
    assert verdict.realised.low == pytest.approx(100 * low, rel=1e-12)
    assert verdict.realised.high == pytest.approx(100 * high, rel=1e-12)
    assert verdict.oordeel == oordeel


NATIONAL = {"indicator": "per_1000_woningen", "benchmark": "landelijk", "operator": "<"}


@pytest.mark.parametrize(
    ("n", "oordeel"), [(200, REACHED), (270, OPEN), (290, OPEN), (350, MISSED)]
)
def test_the_joint_goal_is_the_national_rate_of_the_same_window(n: int, oordeel: str) -> None:
    # 50,000 dwellings x 5.54 per 1,000 is 277 burglaries.
    verdict = evaluate(goal(**NATIONAL), figures(n), base=NO_BASE)
    assert (verdict.target, verdict.oordeel) == (5.54, oordeel)
    own = rate(n, Dwellings(50_000))
    assert (verdict.realised.low, verdict.realised.high) == (own.low, own.high)
    assert verdict.name == "per 1.000 woningen t.o.v. landelijk"


def test_twenty_per_cent_less_than_eight_still_misses_the_national_rate_of_2018() -> None:
    # Requirements F-63: -20 % from 8.0 gives 6.4, and the national rate of 2018 is 5.54.
    doel = goal(
        indicator="per_1000_woningen", mutatie_pct=-20, operator="<=",
        basis={"periode": "2016", "waarde": 8.0, "bron": "regionaal"},
    )  # fmt: skip
    found = figures(6_300, dwellings=1_000_000)
    own = evaluate(doel, found, base=NO_BASE)
    assert (own.target, own.oordeel) == (pytest.approx(6.4, rel=1e-12), OPEN)
    assert evaluate(goal(**NATIONAL), found, base=NO_BASE).oordeel == MISSED


def test_dwellings_of_another_year_are_a_finding() -> None:
    verdict = evaluate(goal(**NATIONAL), figures(200, year=2022), base=NO_BASE)
    assert "per 1.000 woningen van 2022, niet van het jaar zelf" in verdict.findings


# ---- what cannot be decided


@pytest.mark.parametrize(
    ("doel", "found", "reason"),
    [
        (goal(), figures(Missing("")), "2018 is niet geleverd"),
        (goal(**NATIONAL), figures(200, national=Missing("niet geleverd")), "niet geleverd"),
        (goal(**NATIONAL | {"benchmark": "regionaal"}), figures(200),
         "regionaal cijfer niet geleverd"),
        (goal(indicator="maatregel:avonden", doelwaarde=4), figures(200),
         "doelen voor een maatregel zijn nog niet uitgewerkt"),
        (goal(indicator="opheldering_pct", doelwaarde=10),
         figures(200, cleared=Missing("opheldering is niet geleverd")),
         "opheldering is niet geleverd"),
        (goal(indicator="opheldering_pct", doelwaarde=10), figures(9, cleared=0, attempts=0),
         "minder dan 10 woninginbraken"),
    ],
)  # fmt: skip
def test_a_missing_figure_or_target_leaves_the_goal_open(
    doel: Doel, found: KeyFigures, reason: str
) -> None:
    verdict = evaluate(doel, found, base=NO_BASE)
    assert (verdict.oordeel, verdict.findings[0]) == (OPEN, reason)


def test_a_withheld_figure_leaves_the_goal_open_without_giving_it() -> None:
    doel = goal(indicator="pogingen", doelwaarde=60)
    verdict = evaluate(doel, figures(500, attempts=Suppressed(5)), base=NO_BASE)
    assert verdict.oordeel == OPEN
    assert verdict.realised.value == verdict.realised.low == Suppressed(5)
    assert verdict.findings[0] == "onderdrukt: het aantal of de rest ervan is kleiner dan 5"


@pytest.mark.parametrize("period", ["2017", "2018-01/2018-06", "2018-02/2019-01"])
def test_a_goal_of_another_period_does_not_apply(period: str) -> None:
    verdict = evaluate(goal(doelperiode=period), figures(400), base=600)
    assert verdict.oordeel == OTHER
    assert verdict.realised.value == Missing("ander venster")
    assert len(verdict.findings) == 1
    assert verdict.findings[0].startswith("het doel geldt voor ")
    assert verdict.findings[0].endswith("; het venster is 2018")


# ---- the base


def test_another_base_in_this_delivery_is_a_finding_beside_the_verdict() -> None:
    verdict = evaluate(goal(), figures(500), base=612)
    assert verdict.oordeel == REACHED
    assert verdict.findings[1:] == (
        "de basis is 639 (gemeente Gouda); deze levering geeft over 2016 612",
    )
    assert verdict.target == pytest.approx(575.1, rel=1e-12)


@pytest.mark.parametrize("base", [639, 639.0, Missing("2016 is niet geleverd"), Suppressed(5)])
def test_an_equal_or_unknown_base_is_no_finding(base: Value) -> None:
    assert len(evaluate(goal(), figures(500), base=base).findings) == 1


def test_bases_that_differ_are_written_so_that_they_differ() -> None:
    doel = goal(
        indicator="per_1000_woningen", basis={"periode": "2016", "waarde": 8.0, "bron": "memo"}
    )
    finding = evaluate(doel, figures(500), base=8.4).findings[-1]
    assert "8,4" in finding


def test_the_base_has_its_own_period() -> None:
    assert base_window(goal()) == Window(date(2016, 1, 1))
    with pytest.raises(ValueError, match="goal gouda-aantal-2018 has no base"):
        base_window(goal(doelwaarde=5))


# ---- invariance


def test_a_verdict_does_not_depend_on_names_partners_or_other_benchmarks() -> None:
    found = figures(560)
    verdict = evaluate(goal(), found, base=639)
    other = evaluate(goal(id="x", partner="politie", bron="y"), found, base=639)
    fewer = evaluate(goal(), replace(found, benchmarks={}), base=639)
    for again in (other, fewer):
        assert (again.oordeel, again.target, again.realised, again.findings) == (
            verdict.oordeel, verdict.target, verdict.realised, verdict.findings,
        )  # fmt: skip


def test_an_example_goal_is_named_as_one() -> None:
    verdict = evaluate(goal(voorbeeld=True), figures(500), base=639)
    assert verdict.name == "aantal woninginbraken (voorbeelddoel)"
    assert evaluate(
        goal(indicator="maatregel:avonden", doelwaarde=4), figures(500), base=NO_BASE
    ).name == "maatregel avonden"  # fmt: skip


def test_a_goal_in_per_cents_is_shown_in_per_cents_with_its_interval() -> None:
    # 10 of 116 is 8.6 %; its exact interval is 4.2 to 15.3.
    doel = goal(indicator="opheldering_pct", doelwaarde=10, operator=">=")
    text = report.goal_table([evaluate(doel, figures(116, cleared=10), base=NO_BASE)]).text
    assert "≥ 10 %" in text
    low, high = (100 * bound for bound in share_interval(10, 116))
    assert f"8,6 % ({percent(low)} tot {percent(high)})" in text


def test_a_target_that_is_missed_wholly_lies_on_the_wrong_side() -> None:
    found = evaluate(goal(doelwaarde=500), figures(800), base=NO_BASE)
    assert found.oordeel == MISSED
    assert found.findings == ("het hele interval ligt aan de verkeerde kant van de doelwaarde",)
