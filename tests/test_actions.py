"""The action register: every action counted once, what is not filled in kept apart from no."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from wib_lib import actions
from wib_lib.absent import Missing
from wib_lib.codes import Area
from wib_lib.fragment import Fragment
from wib_lib.tables import ACTIES, parse

# After the worked example of Slim Samen Toezien, bijlage 4, with its traps: no party, a typing
# that is not in the list, an action that is neither done nor not done.
ROWS = [
    ("1", "GM0513", "Toezicht achterpaden", "proactie", "dader", "ja", "ja"),
    ("2", "GM0513", "Plaatsen sloten", "preventie", "domein", "nee", ""),
    ("3", "GM0513", "Brief bewoners", "preventie", "slachtoffer", "", "deels"),
    ("4", "GM0513", "Voorlichting", "preventie", "domein", "ja", ""),
    ("5", "GM0513", "Bezoek veelplegers", "repressief", "", "onbekend", "nee"),
    ("6", "GM0503", "Schouw", "preventie", "domein", "nee", "ja"),
]
NAMES = ["actie_id", "gemeente_code", "actie", "typering", "gericht_op", "uitgevoerd", "borging"]


@pytest.fixture
def register() -> pd.DataFrame:
    return parse(pd.DataFrame(ROWS, columns=NAMES, dtype="str"), ACTIES)


@pytest.fixture
def gouda(register: pd.DataFrame) -> pd.DataFrame:
    found = actions.own(evidence_of(register))
    assert isinstance(found, pd.DataFrame)
    return found


def evidence_of(table: pd.DataFrame | None, code: str = "GM0513") -> SimpleNamespace:
    """What `own` reads of the evidence: the area and the delivered register."""

    def rows(name: str, gemeenten: list[str]) -> pd.DataFrame | None:
        if table is None or name != "acties":
            return None
        return table[table["gemeente_code"].isin(gemeenten)]

    store = SimpleNamespace(table=rows, may_read=lambda name: name == "acties")
    return SimpleNamespace(area=Area(code), store=store)


# ---- whose actions


def test_an_area_has_its_own_actions_only(register: pd.DataFrame) -> None:
    before = register.copy(deep=True)
    found = {code: actions.own(evidence_of(register, code)) for code in ("GM0513", "GM0503")}
    assert found["GM0513"]["actie_id"].tolist() == ["1", "2", "3", "4", "5"]
    assert found["GM0503"]["actie_id"].tolist() == ["6"]
    pd.testing.assert_frame_equal(register, before)


def test_no_register_and_no_rows_for_the_area_are_told_apart(register: pd.DataFrame) -> None:
    assert actions.own(evidence_of(None)) == Missing("het actieregister is niet geleverd")
    assert actions.own(evidence_of(register, "GM1842")) == Missing(
        "van dit gebied zijn geen acties geleverd"
    )


# ---- counts


def test_open_actions_are_those_that_are_known_not_to_be_done(gouda: pd.DataFrame) -> None:
    # 1 and 4 done, 2 not, of 3 and 5 it is not known.
    assert actions.n_open(gouda) == 1
    assert actions.n_open(actions.NOT_DELIVERED) == actions.NOT_DELIVERED


def test_done_open_and_unknown_are_all_actions() -> None:
    rng = np.random.default_rng(5)
    for n in (0, 1, 40):
        done = pd.array(rng.choice([True, False, None], n).tolist(), dtype="boolean")
        frame = pd.DataFrame({"uitgevoerd": done})
        claim = actions.claim(frame)
        n_unknown = sum(value is pd.NA for value in done)
        assert claim.value + n_unknown + actions.n_open(frame) == n
        assert (f"van {n_unknown} is dat niet ingevuld" in claim.sentence) is (n_unknown > 0)


def test_the_claim_states_agreed_done_and_unknown(gouda: pd.DataFrame) -> None:
    claim = actions.claim(gouda)
    assert claim.sentence == (
        "Van 5 afgesproken acties zijn er 2 uitgevoerd; van 2 is dat niet ingevuld."
    )
    assert (claim.value, claim.unit) == (2, "acties")


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        ([True, False, False], "Van 3 afgesproken acties is er 1 uitgevoerd."),
        ([True], "Van 1 afgesproken actie is er 1 uitgevoerd."),
        ([False, False], "Van 2 afgesproken acties zijn er 0 uitgevoerd."),
    ],
)
def test_one_action_is_one_and_what_is_filled_in_is_not_called_empty(
    done: list[bool], sentence: str
) -> None:
    frame = pd.DataFrame({"uitgevoerd": pd.array(done, dtype="boolean")})
    assert actions.claim(frame).sentence == sentence


def test_the_claim_on_regular_work_counts_what_is_recorded(gouda: pd.DataFrame) -> None:
    # 1, 3 and 5 say something, "nee" included; 2 and 4 are empty.
    claim = actions.secured(gouda)
    assert claim.sentence.startswith("Van 3 van de 5 acties is vastgelegd")
    assert claim.value == 3


def test_without_a_register_nothing_is_stated() -> None:
    for claim in (actions.claim(actions.NOT_DELIVERED), actions.secured(actions.NOT_DELIVERED)):
        assert claim.value is None
        assert claim.sentence.endswith("het actieregister is niet geleverd.")


# ---- the matrix


def test_the_matrix_by_hand(gouda: pd.DataFrame) -> None:
    found = actions.matrix(gouda)
    assert found.index.tolist() == ["proactie", "preventie", "repressie", "niet ingevuld"]
    assert list(found) == ["dader", "domein", "slachtoffer", "niet ingevuld"]
    assert found.loc["proactie"].tolist() == [1, 0, 0, 0]
    assert found.loc["preventie"].tolist() == [0, 2, 1, 0]
    # "Repressief" is repressie, and its target is empty: that stays visible.
    assert found.loc["repressie"].tolist() == [0, 0, 0, 1]
    assert found.loc["niet ingevuld"].tolist() == [0, 0, 0, 0]


def test_the_matrix_is_counted_one_by_one_whatever_the_order() -> None:
    rng = np.random.default_rng(6)
    frame = pd.DataFrame(
        {
            "typering": rng.choice(["proactie", "preventie", "repressie", None, "anders"], 80),
            "gericht_op": rng.choice(["dader", "domein", "slachtoffer", None], 80),
        }
    )
    found = actions.matrix(frame)
    assert found.to_numpy().sum() == 80
    for kind in actions.TYPES:
        for target in actions.TARGETS:
            expected = (frame["typering"].eq(kind) & frame["gericht_op"].eq(target)).sum()
            assert found.loc[kind, target] == expected
    pd.testing.assert_frame_equal(actions.matrix(frame.iloc[::-1]), found)


def test_a_register_without_typing_is_refused(gouda: pd.DataFrame) -> None:
    with pytest.raises(KeyError, match="typering"):
        actions.matrix(gouda.drop(columns="typering"))


def test_the_table_shows_the_matrix_or_whom_to_ask(gouda: pd.DataFrame) -> None:
    shown = str(actions.matrix_table(gouda))
    assert "Gericht op dader" in shown
    assert "preventie" in shown
    missing = actions.matrix_table(actions.NOT_DELIVERED)
    assert isinstance(missing, Fragment)
    assert "Te vragen aan: gemeente" in str(missing)


def test_the_worked_example_of_the_source_keeps_its_place(register: pd.DataFrame) -> None:
    # Slim Samen Toezien, bijlage 4: "intensivering toezicht" is proactie aimed at the dader.
    found = actions.matrix(register.head(1))
    assert found.loc["proactie", "dader"] == found.to_numpy().sum() == 1
