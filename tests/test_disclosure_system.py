"""The system of linked cells, its refusals, rounding, and figures derived from counts."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from wib_lib.absent import Missing, Suppressed
from wib_lib.disclosure import (
    Cube,
    Dimension,
    System,
    audit,
    derived,
    group_disclosure,
    nested,
    overlapping,
    protect,
    rounded,
    system,
)
from wib_lib.disclosure.audit import ranges
from wib_lib.disclosure.cells import cell_key, codes_of
from wib_lib.disclosure.optimal import least_cost
from wib_lib.disclosure.rounded import audit_rounded, refuse_mixed
from wib_lib.errors import TableError

POGING = Dimension("poging", {"": [("p", "v")]})


def cube(name: str, *rows: tuple[object, ...], names: tuple[str, ...] = ("gebied",)) -> Cube:
    return Cube(name, "incidenten", names, pd.DataFrame(rows, columns=[*names, "n"]))


def count(linked: System, **codes: str) -> int:
    return int(linked.cells["n"].iloc[linked.find("incidenten", **codes)])


# ---- linking


def test_every_sum_of_the_system_holds() -> None:
    tree = nested("gebied", {"B1": "W1", "B2": "W1", "B3": "W2", "W1": "", "W2": ""})
    rows = [("B1", "p", 1), ("B1", "v", 6), ("B2", "p", 9), ("B2", "v", 3), ("B3", "p", 4)]
    per_buurt = cube("buurten", *rows, ("B3", "v", 8), names=("gebied", "poging"))
    linked = system([per_buurt, cube("totaal", ("", 31))], [tree, POGING])
    n = linked.cells["n"].to_numpy(float)
    assert (linked.relations @ n == 0).all()
    assert linked.relations.shape[0] == len(linked.along) > 0
    # By hand: 31 = 19 + 12, and W1 = 7 + 12 = 10 + 9.
    assert count(linked) == 31
    assert count(linked, gebied="W1") == 19


def test_cells_that_no_table_has_are_implied_with_their_counts() -> None:
    # Nine less eight is Laak; Den Haag less Laak is the rest of Den Haag.
    sums = {"negen": [("Gouda", "Laak")], "Den Haag": [("Laak", "rest")]}
    linked = system(
        [cube("a", ("negen", 33), ("Gouda", 30)), cube("b", ("Den Haag", 900))],
        [Dimension("gebied", sums)],
    )
    assert count(linked, gebied="Laak") == 3
    assert not linked.cells["is_published"].iloc[linked.find("incidenten", gebied="Laak")]


def test_tables_without_a_link_have_no_sums() -> None:
    linked = system([cube("a", ("A", 3)), cube("b", ("B", 30))], [nested("gebied", {"C": "A"})])
    assert linked.relations.shape == (0, 2)
    protection = protect(linked, minimum=5)
    assert sorted(protection.cells["status"]) == ["primary", "shown"]
    found = audit(linked, protection)
    assert found[["low", "high"]].to_numpy().tolist() == [[1, np.inf]]


def test_measures_are_never_the_same_cell() -> None:
    other = Cube("b", "verdachten", ("gebied",), pd.DataFrame({"gebied": ["A"], "n": [9]}))
    assert len(system([cube("a", ("A", 3)), other], []).cells) == 2


def test_no_tables_make_an_empty_system() -> None:
    linked = system([], [POGING])
    assert linked.cells.empty
    assert protect(linked, minimum=5).share_kept == 1
    assert audit(linked, protect(linked, minimum=5)).empty


def test_overlapping_windows_split_into_pieces_by_hand() -> None:
    windows = overlapping("venster", {"jan-feb": ["1", "2"], "feb-mrt": ["2", "3"], "feb": ["2"]})
    assert windows.sums == {"jan-feb": [("1", "feb")], "feb-mrt": [("3", "feb")]}


def test_a_key_is_written_and_read_back() -> None:
    codes = {"gebied": "GM0513", "periode": "2018"}
    assert codes_of(cell_key("incidenten", codes)) == ("incidenten", codes)


# ---- refusals


@pytest.mark.parametrize(
    ("cubes", "message"),
    [
        (
            [cube("jaar", ("A", 30)), cube("maand", ("A", 31))],
            "incidenten;gebied=A heeft niet overal hetzelfde aantal: vergelijk jaar en maand",
        ),
        ([cube("t", ("A", -1))], "t: n moet een geheel getal vanaf 0 zijn; 1 van 1"),
        ([cube("t", ("A", 1.5))], "t: n moet een geheel getal"),
        ([cube("t", ("A", "veel"))], "t: n moet een geheel getal"),
        ([cube("t", (None, 3))], "t: rij 0 heeft geen code voor gebied"),
        ([cube("t", (513, 3))], "t: codes van gebied moeten tekst zijn"),
        ([cube("t", ("A;B", 3))], "een code mag geen ; of ="),
        (
            [Cube("t", "incidenten", ("buurt",), pd.DataFrame({"n": [1]}))],
            "t: column buurt is missing",
        ),
        (
            [Cube("t", "a=b", (), pd.DataFrame({"n": [1]}))],
            "t: de maat mag geen ; of = bevatten",
        ),
        (
            [Cube("t", "a", (), pd.DataFrame({"n": [1], "cost": [0]}))],
            "t: cost moet boven 0 zijn",
        ),
    ],
)
def test_tables_that_cannot_be_linked_are_refused(cubes: list[Cube], message: str) -> None:
    with pytest.raises(TableError, match=message):
        system(cubes, [])


def test_sums_that_do_not_add_up_are_refused_without_their_counts() -> None:
    tree = nested("gebied", {"W1": "GM", "W2": "GM"})
    with pytest.raises(TableError, match=r"incidenten;gebied=GM .* is niet de som") as caught:
        system([cube("t", ("GM", 77), ("W1", 41), ("W2", 35))], [tree])
    assert not any(number in str(caught.value) for number in ("77", "41", "35"))
    with pytest.raises(TableError, match="onder 0"):
        system([cube("t", ("GM", 7), ("W1", 41))], [tree])


@pytest.mark.parametrize(
    ("sums", "message"),
    [
        ({"A": [("A", "B")]}, "deel van zichzelf: A"),
        ({"A": [("B",)], "B": [("A",)]}, "deel van zichzelf: A, B"),
        ({"A": [("B", "B")]}, "elk deel één keer"),
        ({"A": [()]}, "geen delen"),
        ({"A": [("B=C",)]}, "mag geen ; of ="),
    ],
)
def test_hierarchies_that_cannot_be_are_refused(
    sums: dict[str, list[tuple[str, ...]]], message: str
) -> None:
    with pytest.raises(TableError, match=message):
        Dimension("gebied", sums)


def test_other_misuse_is_refused() -> None:
    linked = system([cube("t", ("A", 3))], [])
    with pytest.raises(TableError, match="minstens 1 zijn, gevonden: 0"):
        protect(linked, minimum=0)
    with pytest.raises(TableError, match="geen tabel heeft de cel incidenten;gebied=B"):
        linked.find("incidenten", gebied="B")
    with pytest.raises(TableError, match="andere: deze tabel hoort niet"):
        protect(linked, minimum=5).table(cube("andere", ("B", 3)))
    with pytest.raises(TableError, match="spreken elkaar tegen"):
        ranges(sparse.csr_matrix([[1, 1]]), np.array([9.0]), np.zeros(2), np.ones(2))


def test_a_minimum_of_one_hides_nothing() -> None:
    linked = system(
        [cube("t", ("A", 1), ("", 8), ("B", 7))], [nested("gebied", {"A": "", "B": ""})]
    )
    protection = protect(linked, minimum=1)
    assert protection.share_kept == 1
    assert audit(linked, protection).empty


# ---- the least loss


def crosstable(shape: tuple[int, ...], mean: float, rng: np.random.Generator) -> System:
    n = rng.poisson(mean, shape)
    names = tuple("xyz"[: len(shape)])
    rows = []
    for place in itertools.product(*[[None, *range(size)] for size in shape]):
        cut = tuple(slice(None) if at is None else at for at in place)
        rows.append((*("" if at is None else f"c{at}" for at in place), int(n[cut].sum())))
    dimensions = [
        Dimension(name, {"": [tuple(f"c{at}" for at in range(size))]})
        for name, size in zip(names, shape, strict=True)
    ]
    return system([cube("t", *rows, names=names)], dimensions)


def least_loss(linked: System, minimum: int) -> float:
    """The optimum, from the definition: every small count can be 1 and can be minimum - 1."""
    n, cost = linked.cells["n"].to_numpy(float), linked.cells["cost"].to_numpy()
    free = np.flatnonzero(n > 0)
    small = n[free] < minimum
    moves = [(i, 1 - n[free[i]]) for i in np.flatnonzero(small) if n[free[i]] > 1]
    moves += [
        (i, minimum - 1 - n[free[i]]) for i in np.flatnonzero(small) if n[free[i]] < minimum - 1
    ]
    if not moves:
        return 0.0
    price = np.where(small, 0, cost[free])
    found = least_cost(linked.relations[:, free], price, n[free] - 1, moves)
    assert found is not None
    return float(price[found].sum())


def greedy_loss(linked: System, minimum: int) -> float:
    """Hide the cheapest other cell of every sum with one hidden cell, until there is none."""
    n, cost = linked.cells["n"].to_numpy(float), linked.cells["cost"].to_numpy()
    small = (n > 0) & (n < minimum)
    hidden = small.copy()
    sums = abs(linked.relations).toarray()
    while (alone := np.flatnonzero(sums @ hidden == 1)).size:
        choice = np.flatnonzero((sums[alone[0]] > 0) & ~hidden & (n > 0))
        hidden[choice[np.argmin(cost[choice])]] = True
    return float(cost[hidden & ~small].sum())


def test_the_loss_is_near_the_least_and_below_that_of_a_greedy_hand() -> None:
    rng = np.random.default_rng(7)
    ours, least, greedy = 0.0, 0.0, 0.0
    for shape, mean in [((4,), 6), ((3, 4), 8), ((4, 5), 12), ((3, 3, 2), 10)]:
        for _ in range(3):
            linked = crosstable(shape, mean, rng)
            protection = protect(linked, minimum=5)
            assert not audit(linked, protection)["is_too_narrow"].any()
            cells = protection.cells
            ours += cells.loc[cells["status"] == "secondary", "cost"].sum()
            least += least_loss(linked, 5)
            greedy += greedy_loss(linked, 5)
    assert 0 < ours < 1.1 * least
    assert ours < greedy


def test_the_least_loss_by_hand() -> None:
    # 3 + 20 + 7 = 30: the cheapest other cell is 7, at the root of 8.
    tree = Dimension("gebied", {"": [("a", "b", "c")]})
    linked = system([cube("t", ("", 30), ("a", 3), ("b", 20), ("c", 7))], [tree])
    cells = protect(linked, minimum=5).cells.set_index("gebied")
    assert cells["status"].to_dict() == {
        "": "shown",
        "a": "primary",
        "b": "shown",
        "c": "secondary",
    }
    assert least_loss(linked, 5) == pytest.approx(8**0.5)


def test_a_cost_of_ones_own_is_followed() -> None:
    tree = Dimension("gebied", {"": [("a", "b", "c")]})
    table = cube("t", ("", 30), ("a", 3), ("b", 20), ("c", 7))
    table.cells["cost"] = [9, 1, 1, 9]
    cells = protect(system([table], [tree]), minimum=5).cells.set_index("gebied")
    assert cells.loc["b", "status"] == "secondary"


# ---- rounding


def test_rounding_by_hand() -> None:
    table = cube("t", *((str(n), n) for n in range(9)))
    assert rounded([table])[0].cells["n"].tolist() == [0, 0, 0, 5, 5, 5, 5, 5, 10]
    assert table.cells["n"].tolist() == list(range(9))


def test_rounded_counts_stay_unsure_and_sums_are_taken_into_account() -> None:
    tree = nested("gebied", {"a": "", "b": ""})
    linked = system([cube("t", ("", 24), ("a", 12), ("b", 12))], [tree])
    # Shown 25 = 10 + 10: 23-27 from two of 8-12. So each is 11 or 12, and the total 23 or 24.
    found = audit_rounded(linked).set_index("key")
    assert found.loc["incidenten;gebied=a", ["low", "high"]].tolist() == [11, 12]
    assert found.loc["incidenten", ["low", "high"]].tolist() == [23, 24]
    assert not found["is_exact"].any()
    four = nested("gebied", {"a": "", "b": "", "c": "", "d": ""})
    rows = [(code, 2) for code in "abcd"]
    exact = audit_rounded(system([cube("t", ("", 8), *rows)], [four])).set_index("key")
    # Shown 10 = 0 + 0 + 0 + 0: 8 to 12 from four of 0 to 2, so all are 2.
    assert exact.loc["incidenten;gebied=a", "is_exact"]


def test_rounded_and_exact_counts_never_meet() -> None:
    refuse_mixed(pd.Series([True, False], index=["incidenten", "aangiften"]))
    with pytest.raises(TableError, match="naast elkaar voor incidenten"):
        refuse_mixed(pd.Series([True, False, True], index=["incidenten", "incidenten", "b"]))
    table = cube("t", ("A", 7))
    table.cells["is_public"] = True
    with pytest.raises(TableError, match="t: afgeronde en precieze"):
        rounded([table])
    with pytest.raises(TableError, match="oneven getal vanaf 3, gevonden: 10"):
        rounded([], base=10)


# ---- figures derived from counts


@pytest.mark.parametrize("kind", ["rate", "difference", "rank", "mean", "extreme", "class"])
def test_a_figure_made_from_a_hidden_count_is_hidden(kind: str) -> None:
    assert derived(3.0, [8, Suppressed(5), 40], kind=kind) == Suppressed(5)
    assert derived(3.0, [8, Missing("weg")], kind=kind) == Missing("weg")
    assert derived(3.0, [8, 12, 40], kind=kind) == 3.0


def test_shares_and_means_of_few_are_not_given() -> None:
    assert derived(50.0, [4, 8], kind="share", base=8) == Missing("de noemer is kleiner dan 10")
    assert derived(50.0, [5, 10], kind="share", base=10) == 50.0
    assert derived(2.5, [10], kind="mean", base=4, least_base=5) == Missing(
        "de noemer is kleiner dan 5"
    )
    assert derived(2.5, [10], kind="mean", base=Suppressed(5)) == Suppressed(5)


def test_a_figure_from_nothing_or_of_another_kind_is_refused() -> None:
    with pytest.raises(TableError, match="onbekende soort gok; kies uit share"):
        derived(1.0, [8], kind="gok")
    with pytest.raises(TableError, match="noem de tellingen"):
        derived(1.0, [], kind="rate")


def test_groups_in_one_class_are_found_whatever_the_order() -> None:
    counts = pd.DataFrame({"wijk": list("AABBC"), "n": [12, 0, 7, 5, 3]})
    found = group_disclosure(counts, ["wijk"], minimum=5)
    assert found.tolist() == [True, True, False, False, True]
    backward = group_disclosure(counts.iloc[::-1], ["wijk"], minimum=5)
    pd.testing.assert_series_equal(backward.sort_index(), found)
    assert not group_disclosure(counts, ["wijk"], minimum=1).any()
    with pytest.raises(TableError, match="cells: column n is missing"):
        group_disclosure(counts[["wijk"]], ["wijk"], minimum=5)
