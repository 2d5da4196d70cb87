"""Sturingsinformatie: what each reader gets of two weeks, and what was planted in the sample."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from conftest import released_to
from wib_lib import assessment, html, steering_text
from wib_lib.absent import Missing, NotGiven, Suppressed, is_known
from wib_lib.errors import ParamError
from wib_lib.fortnight.changes import MORE, NOT_JUDGED, SAME, TOO_FEW
from wib_lib.fortnight_counts import _joined, code_of, days_of, fortnight_of, spans
from wib_lib.run import evidence_for
from wib_lib.steering import NOT_FOR_READERS, Steering, few, steering

PEILDATUM = date(2018, 12, 16)
SECRETS = ("incident_id", "adres_pseudo", "rd_x", "rd_y", "pleeg_van")


@pytest.fixture(scope="module")
def evidence(voorbeeld):
    def of(slug, **given):
        params = voorbeeld.proef.project.params(
            slug, voorbeeld.dataset, {"peildatum": PEILDATUM, **given}
        )
        return evidence_for(voorbeeld.proef.project, voorbeeld.dataset, voorbeeld.store, params)

    return of


@pytest.fixture(scope="module")
def found(evidence):
    made: dict[tuple[str, str], Steering] = {}

    def of(slug, audience):
        if (slug, audience) not in made:
            rows = evidence(slug)
            made[slug, audience] = steering(released_to(evidence(slug), audience), rows)
        return made[slug, audience]

    return of


def test_too_few_are_hidden_and_never_one_alone():
    # 20 is above the minimum of 5 and 4 is not; one hidden value would follow from the total.
    hidden = Suppressed(5)
    assert few([2.0, 1.0, 0.2], [30, 20, 4], minimum=5) == [2.0, hidden, hidden]
    assert few([0.2, 1.0, 2.0], [4, 20, 30], minimum=5) == [hidden, hidden, 2.0]
    assert few([2.0, 1.0], [30, 0], minimum=1) == [2.0, 1.0]
    assert few([2.0, 1.0], [30, 20], minimum=5) == [2.0, 1.0]


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        ({"a": 6, "b": 3, "c": 2, "d": 0}, {"a": 6, "b+c+d": 5}),
        ({"a": 7, "b": 6, "c": 3, "d": 0}, {"a": 7, "b+c+d": 9}),  # 3 alone is too small
        ({"a": 6, "b": 0}, {"a": 6, "b": 0}),
        ({"a": 2, "b": 1}, {"a+b": 3}),
    ],
)
def test_small_buurten_are_joined_until_the_rest_is_none_or_enough(counts, kept):
    assert _joined(pd.Series(counts), 5).to_dict() == kept


def test_nothing_is_joined_for_who_may_see_all():
    assert _joined(pd.Series({"a": 2, "b": 0}), 1).to_dict() == {"a": 2, "b": 0}


def test_days_of_a_code_are_its_fourteen_days(evidence):
    days = fortnight_of(evidence("gouda"))
    assert days_of(code_of(days))[0] == "2018-12-03"
    assert len(days_of(code_of(days))) == 14
    assert len(spans(evidence("gouda"))) == 7


def test_an_analyst_gets_the_counts_of_the_file(found, evidence):
    result, rows = found("gouda", "analist"), evidence("gouda").incidents
    inside = rows[rows["day"].between("2018-12-03", "2018-12-16")]
    assert result.n() == len(inside) > 0
    by_buurt = result.buurten.set_index("code")["n_now"].astype(int)
    expected = inside["buurt_code"].value_counts().reindex(by_buurt.index, fill_value=0)
    assert by_buurt.sort_index().tolist() == expected.sort_index().tolist()
    street = inside["straat_id"].value_counts()
    shown = result.streets[result.streets["n_now"].map(lambda n: n > 0)]
    assert shown["n_now"].max() == street.max()


@pytest.mark.parametrize(("audience", "minimum"), [("werkgroep", 5), ("driehoek", 3)])
@pytest.mark.parametrize("slug", ["gouda", "delft", "midden-delfland", "den-haag-laak"])
def test_small_counts_of_places_stay_hidden(found, slug, audience, minimum):
    result = found(slug, audience)
    for name in ("n_now", "n_before"):
        for n in result.buurten[name]:
            assert not is_known(n) or n == 0 or n >= minimum
    if isinstance(result.ways, pd.DataFrame):
        for n in result.ways["n_now"]:
            assert n == 0 or n >= minimum


def test_streets_are_for_who_may_see_places(found):
    assert isinstance(found("gouda", "werkgroep").streets, Missing)
    assert found("gouda", "werkgroep").risk.table.empty
    streets = found("gouda", "driehoek").streets
    assert len(streets)
    buurten = found("gouda", "driehoek").buurten.set_index("naam")["n_now"]
    for street in streets.itertuples():
        assert is_known(street.n_now) <= is_known(buurten[street.naam])


def test_the_public_gets_one_line(found):
    assert found("gouda", "openbaar") == NOT_FOR_READERS
    (claim,) = steering_text.answer(NOT_FOR_READERS)
    assert claim.sentence == steering_text.FOR_WHOM
    assert steering_text.section(NOT_FOR_READERS, "Agenda").html == ""


def test_no_result_holds_a_row_of_an_incident(found):
    result = found("gouda", "driehoek")
    for value in vars(result).values():
        if isinstance(value, pd.DataFrame):
            assert not set(value.columns) & set(SECRETS)
    assert len(result.expected.parts) == 0


def test_expectations_rest_on_enough_and_carry_their_interval(found, evidence):
    result, rows = found("gouda", "werkgroep"), evidence("gouda").incidents
    year = rows[rows["day"].between("2017-12-18", "2018-12-16")]["buurt_code"].value_counts()
    known = [r for r in result.buurten.itertuples() if is_known(r.expected)]
    assert known
    for row in known:
        assert year[row.code] >= 5
        assert row.low <= row.expected <= row.high
    assert "indicatief" in steering_text.expected(result.expected).sentence


def test_near_repeat_is_found_where_it_was_planted_and_not_in_the_control_area(found, voorbeeld):
    assert voorbeeld.truth["geplant"]["near_repeat"]["controlegebied"] == "GM1901"
    assert len(found("gouda", "analist").risk.bands) > 0
    control = found("bodegraven-reeuwijk", "analist")
    assert control.risk.bands.empty
    assert control.risk.table.empty
    assert "geen verhoogd risico aan te tonen" in steering_text.attention(control).sentence


def test_later_days_change_nothing(found, evidence):
    rows = evidence("gouda")
    later = rows.incidents["day"].gt(pd.Timestamp(PEILDATUM))
    rows.__dict__["incidents"] = rows.incidents[~later].sample(frac=1, random_state=1)
    again = steering(released_to(evidence("gouda"), "analist"), rows)
    assert again.expected.expected == pytest.approx(found("gouda", "analist").expected.expected)
    assert again.totals.equals(found("gouda", "analist").totals)


@pytest.mark.parametrize("day", [date(2017, 12, 16), date(2019, 1, 15)])
def test_a_peildatum_that_is_not_covered_is_refused(evidence, day):
    with pytest.raises(ParamError, match=r"-p peildatum .*niet volledig geleverd"):
        assessment.check(evidence("gouda", peildatum=day), f"-p peildatum {day}")


def test_without_a_peildatum_the_last_delivered_day_counts(evidence):
    assert fortnight_of(evidence("gouda", peildatum=None)).last == date(2018, 12, 31)


def test_the_agenda_opens_with_the_answer(found):
    result = found("gouda", "werkgroep")
    table = steering_text.agenda(result)
    assert table["number"].tolist() == ["1", "2", "3a", "3b", "4", "5", "6"]
    assert steering_text.counted(result).sentence in table["content"][2]


def test_one_reason_for_a_way_of_burglary_that_was_not_judged(found):
    result = found("midden-delfland", "werkgroep")
    assert result.ways == NotGiven("te weinig woninginbraken in twee weken")
    said = steering_text.attention(result).sentence
    assert said.startswith(
        "Of de werkwijze veranderde, is niet te zeggen: te weinig woninginbraken in twee weken. "
    )
    assert "Werkwijze" not in steering_text.notes(result).text


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([TOO_FEW, NOT_JUDGED], "niet te zeggen: te weinig woninginbraken."),
        ([SAME, TOO_FEW], "In de werkwijze en het moment van deze twee weken is geen verandering"),
        ([SAME, MORE], "In deze twee weken anders dan in eerdere jaren: raam vaker."),
    ],
)
def test_no_change_is_said_only_where_a_change_was_looked_for(found, verdicts, said):
    ways = pd.DataFrame({"category": ["deur", "raam"], "verdict": verdicts})
    result = replace(found("gouda", "werkgroep"), ways=ways)
    assert said in steering_text.attention(result).sentence


def test_a_hidden_number_of_buurten_is_told_in_words(found):
    result = replace(found("gouda", "werkgroep"), n_risk=Suppressed(5))
    said = steering_text.attention(result).sentence
    assert said.endswith("nog verhoogd is: niet getoond (kleiner dan 5).")
    assert steering_text.attention(replace(result, n_risk=3)).sentence.endswith("verhoogd is: 3.")


def test_the_trend_names_its_last_day(found):
    # Whole months alone: of December 2018 only sixteen days had passed.
    assert steering_text.trend_caption(found("gouda", "werkgroep")) == (
        "Trend over vijf jaar tot en met 30 november 2018, gecorrigeerd voor het seizoen"
    )


def test_the_back_test_has_its_numbers_in_the_card_alone(found):
    result = found("gouda", "werkgroep")
    (claim,) = steering_text.tested(result)
    assert claim.sentence.startswith(f"Getoond is {result.expected.test.shown}: ")
    assert not any(character.isdigit() for character in claim.sentence.replace("52 weken", ""))
    card = result.card.set_index("term")["meaning"]
    assert result.expected.reason in card["Terugtoets"]


def test_a_country_keeps_its_capital_in_a_class():
    rows = pd.DataFrame(
        {"kenmerk": ["woonplaats"], "klasse": ["elders in nederland"], "n_now": [12],
         "n_before": [14]}
    )  # fmt: skip
    shown = html.table(rows, caption="Verdachten", **steering_text.SUSPECTS)
    assert "elders in Nederland" in shown.text
