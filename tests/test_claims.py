"""Claims: a sentence states the numbers of its value, as Dutch writes them, and no cause."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import withheld
from wib_lib import claims
from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.checklist import ABSENT, coverage_table
from wib_lib.claims import Claim
from wib_lib.dutch import number
from wib_lib.effect import Effect, RelativeChange, compare
from wib_lib.goals import MISSED, OPEN, OTHER, REACHED, Realised, Verdict
from wib_lib.keyfigures import Benchmark, Dwellings, KeyFigures, key_figures
from wib_lib.params import Doel
from wib_lib.periods import Window
from wib_lib.series import Series
from wib_lib.tiles import key_tiles
from wib_lib.trend import Trend

YEAR = Window(date(2018, 1, 1))
PANEL = [[100, 90, 80], [220, 180, 190], [60, 75, 40]]
GONE = Missing("2018 is niet geleverd")
CAUSE = re.compile(
    r"door de aanpak|dankzij|als gevolg|effect van|veroorza|leidde tot|heeft geleid|resultaat van|"
    r"werkt|succes|omdat|waardoor|bewijs|bewezen",
    re.IGNORECASE,
)


def stated(sentence: str) -> list[str]:
    """Return the numbers of a sentence as written, signs included."""
    return re.findall(r"[+−]?\d+(?:\.\d{3})*(?:,\d+)?", sentence)


def figures(
    n: int = 150, n_before: int = 200, *, attempts: Value = 30, cleared: Value = 12,
    rate_year: int = 2018, is_public: bool = False, national: Value = 5.54,
    mean_years: int = 2,
) -> KeyFigures:  # fmt: skip
    """Key figures of 2018 and 2017; 240 in 2016. The kind of every burglary is known."""
    start = pd.to_datetime(["2016-01-01", "2017-01-01", "2018-01-01"])
    known = attempts if is_known(attempts) else None
    rows = pd.DataFrame(
        {
            "start": start,
            "end": start + pd.offsets.YearBegin(1),
            "n_burglaries": [240, n_before, n],
            "n_attempts": pd.array([None, min(60, n_before), known], dtype="Int64"),
            "n_kind_known": [240, n_before, n],
        }
    )
    none = Missing("niet geleverd")
    country = Benchmark("landelijk", "Nederland", none, none, none, national, "politie")
    counted = Series(rows, "test", is_public)
    if isinstance(attempts, Suppressed):
        counted = withheld(counted, 2018, n_attempts=attempts.minimum)
    return key_figures(
        counted,
        YEAR,
        years=mean_years,
        dwellings=Dwellings(30_000, rate_year),
        dwellings_before=Dwellings(30_000, rate_year),
        cleared=(cleared, min(20, n_before)),
        benchmarks=[country],
    )


def effect(before: Value = 200, after: Value = 150) -> Effect:
    return compare((before, after), (2000, 1800), PANEL)


NO_EFFECT = effect(after=GONE)


def verdict(oordeel: str, value: Value = 150, **changes: Any) -> Verdict:
    doel = Doel(
        id="x", indicator="aantal", doelwaarde=160, operator="<=", doelperiode="2018",
        partner="gemeente", bron="besluit", **changes,
    )  # fmt: skip
    finding = "het doel geldt voor 2017; het venster is 2018" if oordeel == OTHER else "bevinding"
    return Verdict(doel, oordeel, 160, Realised(value, value, value), (finding,))


def by_part(*counts: int) -> pd.DataFrame:
    return pd.DataFrame({"n_now": list(counts)})


def trend_of(pct: float, low: float, high: float) -> Trend:
    return Trend(pct, low, high, 2.0, pd.DataFrame())


# Every claim that can be made, by what it is made of.
CLAIMS: dict[str, Claim] = {
    "goals": claims.goals([verdict(REACHED), verdict(MISSED), verdict(OPEN), verdict(OTHER)]),
    "one goal": claims.goals([verdict(MISSED)]),
    "no goals": claims.goals([]),
    "goals of another year": claims.goals([verdict(OTHER)]),
    "change": claims.change(figures(), effect(), level=0.95),
    "change without comparison": claims.change(figures(), NO_EFFECT, level=0.95),
    "small change": claims.change(figures(12, 15, attempts=0), effect(15, 12), level=0.95),
    "no change": claims.change(figures(200, 200), effect(200, 200), level=0.95),
    "attempts": claims.attempts(figures()),
    "clearance": claims.clearance(figures()),
    "rate": claims.rate(figures(), level=0.95),
    "rate of another year": claims.rate(figures(rate_year=2022), level=0.95),
    "detectable": claims.detectable(effect(), level=0.95),
    "no comparison": claims.detectable(NO_EFFECT, level=0.95),
    "trend": claims.trend(trend_of(-4.23, -6.72, -1.68), level=0.95, label="2013 en later"),
    "flat trend": claims.trend(trend_of(1.2, -3.4, 6.1), level=0.95, label="2013 en later"),
    "no trend": claims.trend(GONE, level=0.95, label="2013 en later"),
    "concentration": claims.concentration(by_part(60, 20, 10, 10), n_top=1),
    "no concentration": claims.concentration(by_part(0, 0), n_top=1),
    "repeats": claims.repeats(12, 150),
    "relative": claims.relative(effect(), level=0.95),
    "not relative": claims.relative(NO_EFFECT, level=0.95),
    "coverage": claims.coverage(coverage_table({})),
    "next step": claims.next_step([verdict(REACHED)], coverage_table({}), 3),
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_no_sentence_names_a_cause(claim: Claim) -> None:
    assert not CAUSE.search(claim.sentence)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_every_claim_is_a_whole_sentence_without_program_words(claim: Claim) -> None:
    assert re.fullmatch(r"[A-Z0-9].*\.", claim.sentence)
    assert not re.search(r"nan|None|inf\b|Missing|Suppressed|  |\.\.|-\d", claim.sentence)
    assert claim.key


# ---- change


def test_a_change_states_both_counts_the_per_cents_and_the_comparison() -> None:
    found, compared = CLAIMS["change"], effect().change
    assert isinstance(compared, RelativeChange)
    assert stated(found.sentence) == [
        "200", "2017", "150", "2018", "−25,0", "2016", "2017", "220,0", "3",
        number(compared.ratio, 2), "95", number(compared.low, 2), number(compared.high, 2),
    ]  # fmt: skip
    assert "daalde van 200 (2017) naar 150 (2018), −25,0 %" in found.sentence
    assert (found.value, found.low, found.high) == (compared.ratio, compared.low, compared.high)
    assert found.sentence.endswith(f": {effect().oordeel}.")


def test_a_rise_is_called_a_rise_and_no_change_is_called_that() -> None:
    rise = claims.change(figures(250, 200), effect(), level=0.95)
    assert "steeg van 200 (2017) naar 250 (2018), +25,0 %" in rise.sentence
    assert "bleef gelijk: 200 in 2017 en in 2018" in CLAIMS["no change"].sentence


@pytest.mark.parametrize(
    ("before", "now", "has_pct"),
    [(20, 21, True), (19, 21, False), (200, 19, False), (19, 19, False), (0, 3, False)],
)
def test_below_twenty_there_is_no_percentage(before: int, now: int, has_pct: bool) -> None:
    found = claims.change(figures(now, before, attempts=0), NO_EFFECT, level=0.95)
    assert ("%" in found.sentence) == has_pct
    assert f"{before}" in stated(found.sentence)
    assert f"{now}" in stated(found.sentence)


def test_below_twenty_the_claim_has_no_percentage_as_its_value_either() -> None:
    found = claims.change(figures(12, 15, attempts=0), NO_EFFECT, level=0.95)
    assert found.unit != "%" or found.value is None


def test_a_change_that_cannot_be_compared_says_why() -> None:
    found = CLAIMS["change without comparison"]
    assert "is niet vast te stellen: 2018 is niet geleverd." in found.sentence
    assert (found.value, found.unit) == (-25, "%")
    assert found.low is None


def test_a_missing_year_before_is_worded_and_a_missing_window_ends_it() -> None:
    known = figures()
    without = replace(known, n_before=Missing("2017 is niet geleverd"), pct_change=GONE)
    sentence = claims.change(without, NO_EFFECT, level=0.95).sentence
    assert "is 150 in 2018; een jaar eerder: 2017 is niet geleverd" in sentence
    gone = claims.change(replace(known, n=GONE), effect(), level=0.95)
    assert gone.sentence == (
        "Het aantal woninginbraken (pogingen inbegrepen) is niet te geven: 2018 is niet geleverd."
    )
    assert gone.value is None


# ---- attempts, clearance, rate


def test_attempts_state_count_share_and_points() -> None:
    # 30 of 150 is 20 %; the year before 60 of 200 is 30 %: ten points less.
    found = CLAIMS["attempts"]
    assert stated(found.sentence) == ["2018", "30", "20,0", "150", "−10,0"]
    assert (found.value, found.unit) == (pytest.approx(20, rel=1e-12), "%")


def test_the_share_of_attempts_names_what_it_is_a_share_of() -> None:
    # Of 1 of the 245 it is not known: 65 of 244 is 26.6 %, of 245 it would be 26.5 %.
    one_unknown = replace(
        figures(245), n_attempts=65, n_kind_known=244, share_attempts=65 / 244,
        share_attempts_before=GONE,
    )  # fmt: skip
    assert claims.attempts(one_unknown).sentence == (
        "In 2018 waren 65 van de feiten een poging (26,6 % van de 244 feiten waarvan dat bekend is)."
    )
    text = key_tiles(one_unknown, level=0.95).text
    assert "26,6 % van de 244 waarvan bekend is of het een poging was" in text
    assert "van het totaal" not in text


def test_clearance_states_count_share_and_points_at_equal_follow_up() -> None:
    # 12 of 150 is 8 %; 20 of 200 is 10 %: two points less.
    found = CLAIMS["clearance"]
    assert stated(found.sentence) == ["12", "8,0", "−2,0"]
    assert "even lange naloop" in found.sentence
    assert found.value == pytest.approx(8, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        (
            "attempts",
            {"attempts": Suppressed(5)},
            "Het aantal pogingen is niet te geven: het aantal of de rest ervan is kleiner dan 5",
        ),
        (
            "clearance",
            {"cleared": Suppressed(5)},
            "De opheldering is niet te geven: het aantal of de rest ervan is kleiner dan 5",
        ),
        ("attempts", {"attempts": GONE}, "niet te geven: pogingen zijn niet geleverd."),
        ("clearance", {"cleared": GONE}, "niet te geven: 2018 is niet geleverd."),
        (
            "attempts",
            {"n": 8, "attempts": 0},
            "een percentage is niet te geven (minder dan 10 woninginbraken).",
        ),
        (
            "clearance",
            {"n": 8, "attempts": 0, "cleared": 0},
            "niet te geven: minder dan 10 woninginbraken.",
        ),
    ],
)
def test_what_is_withheld_or_missing_is_worded_without_its_number(
    name: str, changes: dict[str, Any], words: str
) -> None:
    found = getattr(claims, name)(figures(**changes))
    assert words in found.sentence
    assert "3" not in stated(found.sentence)
    assert found.value != 3


def test_the_rate_states_its_interval_and_the_country() -> None:
    # 150 among 30,000 is 5 per 1,000; exact bounds of 150 are 126.96 and 176.03.
    found = CLAIMS["rate"]
    assert stated(found.sentence) == ["1.000", "5,0", "95", "4,2", "5,9", "5,5"]
    assert "onder het landelijke cijfer van 5,5; toeval kan dat verklaren" in found.sentence
    assert (found.value, found.low) == (pytest.approx(5), pytest.approx(126.96 / 30, abs=2e-4))


@pytest.mark.parametrize(
    ("national", "side", "sure"),
    [(7.0, "onder", True), (3.0, "boven", True), (4.5, "boven", False)],
)
def test_chance_is_named_exactly_when_the_interval_holds_the_country(
    national: float, side: str, sure: bool
) -> None:
    sentence = claims.rate(figures(national=national), level=0.95).sentence
    assert f"{side} het landelijke cijfer" in sentence
    assert ("toeval kan dat verklaren" in sentence) != sure


def test_a_rate_with_dwellings_of_another_year_says_so() -> None:
    assert "woningen van 2022" in CLAIMS["rate of another year"].sentence
    assert "woningen van" not in CLAIMS["rate"].sentence


def test_a_rate_without_the_country_does_not_speak_of_both() -> None:
    found = claims.rate(figures(rate_year=2022, national=GONE), level=0.95)
    assert "beide" not in found.sentence


def test_a_rate_that_does_not_exist_says_why() -> None:
    none = replace(figures().rate, value=GONE, low=GONE, high=GONE)
    found = claims.rate(replace(figures(), rate=none), level=0.95)
    assert found.sentence.endswith("is niet te geven: 2018 is niet geleverd.")
    assert found.value is None


# ---- comparison


def test_what_the_comparison_can_show_comes_with_its_assumptions() -> None:
    found, compared = CLAIMS["detectable"], effect()
    assert isinstance(compared.change, RelativeChange)
    assert stated(found.sentence) == [
        number(compared.detectable), "80", "2,5", number(compared.change.phi, 1),
    ]  # fmt: skip
    assert "een spreiding van" in found.sentence
    assert "keer toeval bij een gebied van deze omvang" in found.sentence
    assert found.value == compared.detectable


def test_when_nothing_can_be_shown_no_reduction_is_promised() -> None:
    found = claims.detectable(effect(3, 2), level=0.95)
    assert "geen enkele daling" in found.sentence
    assert stated(found.sentence) == []


def test_the_relative_change_states_ratio_interval_and_side() -> None:
    found, compared = CLAIMS["relative"], effect().change
    assert isinstance(compared, RelativeChange)
    assert stated(found.sentence) == [
        number(compared.ratio, 2), "3", "95", number(compared.low, 2), number(compared.high, 2),
    ]  # fmt: skip
    assert (found.value, found.low, found.high) == (compared.ratio, compared.low, compared.high)


def test_without_a_comparison_no_number_is_stated() -> None:
    for name in ("no comparison", "not relative"):
        assert CLAIMS[name].value is None
    assert stated(CLAIMS["not relative"].sentence) == []
    assert CLAIMS["no comparison"].sentence.endswith("2018 is niet geleverd.")


# ---- trend, concentration, repeats


@pytest.mark.parametrize(
    ("pct", "low", "high", "words"),
    [
        (-4.23, -6.72, -1.68, "daalt het aantal"),
        (4.23, 1.68, 6.72, "stijgt het aantal"),
        (-1.0, -3.0, 1.0, "is geen duidelijke stijging of daling te zien"),
        (-1.0, -3.0, 0.0, "is geen duidelijke stijging of daling te zien"),
    ],
)
def test_a_trend_has_a_direction_only_beside_zero(
    pct: float, low: float, high: float, words: str
) -> None:
    found = claims.trend(trend_of(pct, low, high), level=0.9, label="de reeks")
    assert words in found.sentence
    expected = [number(pct, 1, sign=True), "90", *(number(x, 1, sign=True) for x in (low, high))]
    assert stated(found.sentence) == expected
    assert (found.value, found.low, found.high) == (pct, low, high)


def test_concentration_states_the_share_and_what_an_even_spread_would_be() -> None:
    found = CLAIMS["concentration"]
    # 60 of 100 in one of four buurten; one of four is 25 %.
    assert stated(found.sentence) == ["60,0", "1", "4", "25,0"]
    assert found.value == pytest.approx(60, rel=1e-12)
    shuffled = claims.concentration(by_part(10, 60, 10, 20), n_top=1)
    assert shuffled == found
    # 60 and 20 of 100 in two of four buurten; two of four is 50 %.
    two = claims.concentration(by_part(60, 20, 10, 10), n_top=2)
    assert stated(two.sentence) == ["80,0", "2", "4", "50,0"]


def test_concentration_of_nothing_and_of_the_unknown_is_worded() -> None:
    assert CLAIMS["no concentration"].value == 0
    assert stated(CLAIMS["no concentration"].sentence) == []
    assert claims.concentration(GONE, n_top=5).sentence.endswith("2018 is niet geleverd.")


def test_concentration_never_names_more_buurten_than_there_are() -> None:
    found = claims.concentration(by_part(60, 20, 10, 10), n_top=5)
    assert stated(found.sentence) == ["100,0", "4", "4", "100,0"]


def test_repeats_state_count_and_share() -> None:
    # 12 of 150 is 8 %.
    found = CLAIMS["repeats"]
    assert stated(found.sentence) == ["12", "8,0", "365"]
    assert found.value == 12


@pytest.mark.parametrize(
    ("n", "whole", "numbers"),
    [(0, 8, ["0", "365"]), (Suppressed(5), 150, ["5"]), (GONE, GONE, ["2018"])],
)
def test_few_withheld_and_unknown_repeats_have_no_percentage(
    n: Value, whole: Value, numbers: list[str]
) -> None:
    found = claims.repeats(n, whole)
    assert stated(found.sentence) == numbers
    assert "%" not in found.sentence


# ---- goals, coverage, next step


def test_goals_are_counted_by_verdict_and_named() -> None:
    found = CLAIMS["goals"]
    assert found.sentence.startswith(
        "Van 3 doelen is 1 behaald, 1 niet behaald en 1 niet vast te stellen ("
    )
    assert found.sentence.count("aantal woninginbraken: ") == 3
    assert found.value == 1
    two = claims.goals([verdict(REACHED), verdict(REACHED, voorbeeld=True)])
    assert two.sentence.startswith("Van 2 doelen zijn 2 behaald (")
    assert "(voorbeelddoel): behaald" in two.sentence


def test_goals_that_do_not_apply_are_not_counted() -> None:
    assert CLAIMS["one goal"].sentence.startswith("Van 1 doel is 1 niet behaald")
    assert CLAIMS["one goal"].value == 0
    assert CLAIMS["goals of another year"].sentence == (
        "Er is geen doel te beoordelen: het doel geldt voor 2017; het venster is 2018."
    )
    assert "er zijn geen doelen opgegeven" in CLAIMS["no goals"].sentence


def test_coverage_states_every_status_with_its_count() -> None:
    found = CLAIMS["coverage"]
    assert stated(found.sentence) == ["49", "46", "3"]
    assert (found.value, found.unit) == (46, "onderdelen niet geleverd")


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([verdict(MISSED), verdict(OPEN)], "want een doel is niet behaald"),
        ([verdict(MISSED), verdict(MISSED)], "want 2 doelen zijn niet behaald"),
        ([verdict(OPEN), verdict(REACHED)], "want toeval is niet uitgesloten"),
        ([verdict(OPEN, GONE)], "eerst de ontbrekende gegevens"),
        ([verdict(REACHED), verdict(OTHER)], "wat regulier werk wordt"),
        ([verdict(OTHER)], "nieuwe doelen voor deze periode"),
        ([], "nieuwe doelen voor deze periode"),
    ],
)
def test_the_next_step_follows_from_the_verdicts(verdicts: list[Verdict], words: str) -> None:
    table = coverage_table({})
    assert words in claims.next_step(verdicts, table, GONE).sentence


def test_the_next_step_counts_open_actions_only_when_they_are_known() -> None:
    assert stated(CLAIMS["next step"].sentence) == ["3", "46", "49"]
    unknown = claims.next_step([verdict(REACHED)], coverage_table({}), GONE)
    assert stated(unknown.sentence) == ["46", "49"]
    assert unknown.value == coverage_table({})["status"].eq(ABSENT).sum()


# ---- values and sentences


def test_every_bound_lies_around_its_value() -> None:
    with_bounds = [claim for claim in CLAIMS.values() if claim.low is not None]
    assert len(with_bounds) >= 5
    for claim in with_bounds:
        assert claim.low <= claim.value <= claim.high


def test_random_changes_are_written_as_they_were_counted() -> None:
    rng = np.random.default_rng(8)
    for before, now in rng.integers(20, 3_000, size=(40, 2)).tolist():
        found = claims.change(figures(now, before, attempts=0), NO_EFFECT, level=0.95)
        if before != now:
            pct = number(100 * (now - before) / before, 1, sign=True)
            expected = [number(before), "2017", number(now), "2018", pct]
            assert stated(found.sentence)[:5] == expected
