"""One area's own forms in a sentence: what was delivered is said, and only the rest is asked for."""

from types import SimpleNamespace

import pandas as pd
import pytest

from wib_lib import own_forms
from wib_lib.absent import Missing
from wib_lib.codes import Area

LAAK = Area("GM0518", ("BU05183819",), ("WK051838",))
B3W = [("GM0513", "gemeente", "deels"), ("GM0513", "gemeente", None),
       ("GM0513", "basisteam", "niet"), ("GM1842", "basisteam", "deels")]  # fmt: skip
HELD = [(True, True), (True, None), (False, True), (None, None)]
SAY = [
    (own_forms.questionnaire, "gemeente en basisteam"),
    (own_forms.meetings, own_forms.PROJECT),
    (own_forms.stories, own_forms.PROJECT),
    (own_forms.measures, own_forms.PROJECT),
]


def evidence_of(table: pd.DataFrame | None, area: Area, *, may_read: bool = True):
    def rows(_: str, gemeenten: list[str]) -> pd.DataFrame | None:
        return None if table is None else table[table["gemeente_code"].isin(gemeenten)]

    return SimpleNamespace(
        area=area, store=SimpleNamespace(table=rows, may_read=lambda _: may_read)
    )


@pytest.fixture
def b3w() -> pd.DataFrame:
    return pd.DataFrame(B3W, columns=["gemeente_code", "respondent", "antwoord"])


def test_a_delivered_questionnaire_is_not_asked_for_again(b3w: pd.DataFrame) -> None:
    claim = own_forms.questionnaire(own_forms.own(evidence_of(b3w, Area("GM0513")), "b3w"))
    assert claim.sentence == (
        "De B3W-vragenlijst is geleverd (antwoorden: gemeente 1 en basisteam 1) en nog niet "
        "uitgewerkt."
    )
    assert claim.value == 2, "a question without an answer is none"


def test_only_who_did_not_answer_is_still_asked(b3w: pd.DataFrame) -> None:
    claim = own_forms.questionnaire(own_forms.own(evidence_of(b3w, Area("GM1842")), "b3w"))
    assert claim.sentence.endswith("uitgewerkt. Nog te vragen aan: gemeente.")
    empty = own_forms.questionnaire(b3w.assign(antwoord=None))
    assert empty.value is None
    assert "zonder antwoorden. Te vragen aan: gemeente en basisteam." in empty.sentence


def test_a_form_of_another_gemeente_does_not_count(b3w: pd.DataFrame) -> None:
    assert own_forms.own(evidence_of(b3w, Area("GM0503")), "b3w") == own_forms.NOT_DELIVERED


def test_measures_of_another_part_of_the_gemeente_do_not_count() -> None:
    places = ["BU05183819", "BU05180101", None]
    table = pd.DataFrame({"gemeente_code": "GM0518", "gebied": places})
    claim = own_forms.measures(own_forms.own(evidence_of(table, LAAK), "maatregelen"))
    assert claim.sentence == "De maatregelen van het formulier (2) zijn nog niet uitgewerkt."


def test_meetings_are_counted_as_in_the_pack_of_the_region() -> None:
    # Four in the register, two held, one of them known to have discussed communication.
    rows = pd.DataFrame(HELD, columns=["gehouden", "communicatie"], dtype="boolean")
    claim = own_forms.meetings(rows)
    assert claim.sentence == (
        "Overleggen volgens het register: 4 gepland, 2 gehouden, 1 waarin communicatie besproken is."
    )
    assert claim.value == 2


def test_successes_and_bottlenecks_are_counted_and_nothing_else() -> None:
    rows = pd.DataFrame({"soort": ["succes", "succes", "knelpunt", "voorstel"]})
    claim = own_forms.stories(rows)
    assert "staat succes 2 keer en knelpunt 1 keer;" in claim.sentence
    assert claim.value == 3


@pytest.mark.parametrize(("say", "owner"), SAY)
def test_without_a_form_its_owner_is_asked_and_who_may_not_read_it_is_told(say, owner) -> None:
    missing = say(own_forms.own(evidence_of(None, Area("GM0513")), "b3w"))
    assert missing.value is None
    assert missing.sentence.endswith(f": niet geleverd. Te vragen aan: {owner}.")
    closed = say(own_forms.own(evidence_of(None, Area("GM0513"), may_read=False), "b3w"))
    assert closed.sentence.endswith(": niet bestemd voor deze lezers.")
    assert isinstance(own_forms.NOT_FOR, Missing)
