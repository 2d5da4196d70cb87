"""The matrix of audiences as data, thresholds by decision, and what every page says of itself."""

from datetime import date
from typing import Any

import pytest

from conftest import REPO
from wib_lib.audiences import CLASSES, MATRIX, READERS, may_hold, rule, smallest
from wib_lib.errors import ParamError
from wib_lib.marking import marking
from wib_lib.params import Params, check_ground
from wib_lib.project import Dataset, Project

STRICTEST_FIRST = ("no", "public", "minimum", "yes")
GROUND = {"artikel": "Wpg art. 16", "doel": "evaluatie na 12 maanden"}
DECISION = {"id": "2018-7", "datum": "2018-03-01", "gegevens": ["aantallen per straat"],
            "ontvangers": ["woningcorporatie X"]}  # fmt: skip


def params(**changes: Any) -> Params:
    project = Project(REPO)
    bronnen: Any = type("Bronnen", (), {"parameters": {}})
    return project.params("gouda", Dataset(REPO, "proef", bronnen), changes)


def test_nobody_further_from_the_police_sees_more() -> None:
    for kind in MATRIX:
        order = [STRICTEST_FIRST.index(rule(kind, audience)) for audience in READERS]
        assert order == sorted(order), kind
    least = [readers.minimum for readers in READERS.values()]
    assert least == sorted(least, reverse=True) == [10, 5, 3, 1]  # requirements, section 9.2


def test_counts_of_persons_and_repeats_have_their_own_least() -> None:
    assert smallest("personen", "werkgroep", 5) == 10
    assert smallest("personen", "werkgroep", 12) == 12
    assert smallest("gemeente_jaar", "openbaar", 10) == 1


def test_a_pack_holds_its_class_and_below_and_never_v4() -> None:
    for audience, readers in READERS.items():
        allowed = [klasse for klasse in CLASSES if may_hold(audience, klasse)]
        assert allowed == list(CLASSES[: CLASSES.index(readers.klasse) + 1])
        assert "V4" not in allowed


def test_a_threshold_goes_up_freely_and_down_by_decision_only() -> None:
    raised = params(drempels={"openbaar": 20, "werkgroep": 7, "driehoek": 4})
    assert raised.drempels.werkgroep == 7
    lower = {"openbaar": 10, "werkgroep": 3}
    with pytest.raises(
        ParamError, match=r"drempels.werkgroep is 3 en de regel is 5.*drempelbesluit"
    ):
        params(drempels=lower)
    decided = {"datum": "2018-02-01", "besluit": "drempel 3 voor de werkgroep", "door": "RSIV"}
    assert params(drempels=lower, drempelbesluit=decided).drempels.werkgroep == 3
    with pytest.raises(ParamError, match=r"drempelbesluit.door"):
        params(drempels=lower, drempelbesluit={**decided, "door": ""})


def test_the_driehoek_asks_for_a_legal_ground() -> None:
    with pytest.raises(ParamError, match=r"params/gouda.yaml: .*driehoek van Gouda.*grondslag"):
        check_ground(params(), "driehoek", "params/gouda.yaml")
    check_ground(params(grondslag=GROUND), "driehoek", "params/gouda.yaml")
    check_ground(params(), "werkgroep", "params/gouda.yaml")


@pytest.mark.parametrize("ground", [{**GROUND, "artikel": "Wpg art. 20"},
                                    {**GROUND, "art20_besluit": DECISION}])  # fmt: skip
def test_article_20_and_its_decision_go_together(ground: dict[str, Any]) -> None:
    with pytest.raises(ParamError, match=r"art20_besluit hoort bij artikel 'Wpg art. 20'"):
        params(grondslag=ground)


def test_the_marks_name_readers_and_ground() -> None:
    own = marking("driehoek", params(grondslag=GROUND), fictitious=True)
    assert own.recipients.startswith("de driehoek van Gouda")
    assert own.ground == "Wpg art. 16, evaluatie na 12 maanden"
    assert own.banner is not None and "Fictieve" in own.banner and "geheimhouding" in own.banner
    assert own.label in own.running and own.recipients in own.running and own.ground in own.running
    assert marking("werkgroep", params(), fictitious=False).banner is None


def test_by_article_20_the_decision_names_the_readers() -> None:
    ground = {"artikel": "Wpg art. 20", "doel": "sloten", "art20_besluit": DECISION}
    given = params(grondslag=ground)
    assert given.grondslag is not None and given.grondslag.art20_besluit is not None
    assert given.grondslag.art20_besluit.datum == date(2018, 3, 1)
    marks = marking("driehoek", given, fictitious=False)
    assert marks.recipients == "woningcorporatie X"
    assert "besluit 2018-7 van 1 maart 2018 (aantallen per straat)" in marks.ground
