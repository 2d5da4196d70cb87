"""Linked suppression: no reader works out a hidden count from everything that is shown."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wib_lib.absent import Missing, Suppressed
from wib_lib.disclosure import (
    Cube,
    Dimension,
    Protection,
    System,
    audit,
    group_disclosure,
    nested,
    overlapping,
    protect,
    system,
)
from wib_lib.disclosure.audit import ranges

MONTHS = [f"2018-{month:02}" for month in range(1, 13)]
QUARTERS = {f"2018-Q{q + 1}": MONTHS[3 * q : 3 * q + 3] for q in range(4)}
NINE = ["Gouda", "Waddinxveen", "Delft", "Westland", "Rijswijk", "Laak"]


def cube(name: str, cells: dict[tuple[str, ...], int], *dimensions: str, **flags: object) -> Cube:
    frame = pd.DataFrame([(*codes, n) for codes, n in cells.items()], columns=[*dimensions, "n"])
    return Cube(name, "incidenten", dimensions, frame.assign(**flags))


def one(name: str, cells: dict[str, int], dimension: str, **flags: object) -> Cube:
    return cube(name, {(code,): n for code, n in cells.items()}, dimension, **flags)


def status(protection: Protection) -> dict[str, str]:
    return protection.cells.set_index("key")["status"].to_dict()


def undone(protection: Protection, key: str) -> Protection:
    cells = protection.cells
    shown = cells["status"].mask(cells["key"] == key, "shown")
    return replace(protection, cells=cells.assign(status=shown))


# ---- every relation by name

TREE = nested(
    "gebied",
    {"BU1": "WK1", "BU2": "WK1", "BU3": "WK2", "BU4": "WK2", "WK1": "GM", "WK2": "GM"},
)
LINKS: dict[str, tuple[list[Cube], list[Dimension]]] = {
    "gemeente with two wijken": (
        [one("wijken", {"GM1842": 40, "WK1": 37, "WK2": 3}, "gebied")],
        [nested("gebied", {"WK1": "GM1842", "WK2": "GM1842"})],
    ),
    "Den Haag less Laak": (
        [one("Den Haag", {"Den Haag": 900, "Laak": 3, "rest van Den Haag": 897}, "gebied")],
        [nested("gebied", {"Laak": "Den Haag", "rest van Den Haag": "Den Haag"})],
    ),
    "Den Haag in one table, Laak in another": (
        [
            one("Den Haag", {"Den Haag": 900, "rest van Den Haag": 897}, "gebied"),
            one("de negen", {"Laak": 3, "Gouda": 30, "negen": 33}, "gebied"),
        ],
        [
            Dimension(
                "gebied",
                {"Den Haag": [("Laak", "rest van Den Haag")], "negen": [("Gouda", "Laak")]},
            )
        ],
    ),
    "total of the nine": (
        [one("negen", dict(zip(NINE, (30, 20, 40, 25, 35, 2), strict=True)) | {"": 152}, "gebied")],
        [Dimension("gebied", {"": [tuple(NINE)]})],
    ),
    "attempts and completed": (
        [one("pogingen", {"": 40, "poging": 2, "voltooid": 38}, "poging")],
        [Dimension("poging", {"": [("poging", "voltooid")]})],
    ),
    "cleared and not": (
        [one("opheldering", {"": 40, "ja": 4, "nee": 36}, "opgehelderd")],
        [Dimension("opgehelderd", {"": [("ja", "nee")]})],
    ),
    "months to year": (
        [one("maanden", dict.fromkeys(MONTHS[:11], 10) | {MONTHS[11]: 3, "2018": 113}, "periode")],
        [Dimension("periode", {"2018": [tuple(MONTHS)]})],
    ),
    "months to quarters to year": (
        [
            one("maanden", dict.fromkeys(MONTHS[:11], 10) | {MONTHS[11]: 3}, "periode"),
            one("kwartalen", dict.fromkeys(list(QUARTERS)[:3], 30) | {"2018-Q4": 23}, "periode"),
            one("jaar", {"2018": 113}, "periode"),
        ],
        [
            Dimension(
                "periode",
                {"2018": [tuple(QUARTERS)], **{q: [tuple(m)] for q, m in QUARTERS.items()}},
            )
        ],
    ),
    "way in": (
        [
            one(
                "wijze",
                {"": 60, "braak": 30, "insluiping": 2, "anders": 20, "onbekend": 8},
                "wijze",
            )
        ],
        [Dimension("wijze", {"": [("braak", "insluiping", "anders", "onbekend")]})],
    ),
    "buurt to wijk to gemeente": (
        [
            one("buurten", {"BU1": 3, "BU2": 20, "BU3": 15, "BU4": 12}, "gebied"),
            one("wijken", {"WK1": 23, "WK2": 27}, "gebied"),
            one("gemeente", {"GM": 50}, "gebied"),
        ],
        [TREE],
    ),
    "buurten of one table, gemeente of another": (
        [
            one("buurten", {"BU1": 3, "BU2": 20, "BU3": 15, "BU4": 12}, "gebied"),
            one("gemeente", {"GM": 50}, "gebied"),
        ],
        [TREE],
    ),
    "months of wijken, year of the gemeente": (
        [
            cube(
                "per maand",
                {("WK1", "a"): 3, ("WK1", "b"): 9, ("WK2", "a"): 11, ("WK2", "b"): 14},
                "gebied",
                "periode",
            ),
            cube("per jaar", {("GM", "jaar"): 37}, "gebied", "periode"),
        ],
        [TREE, Dimension("periode", {"jaar": [("a", "b")]})],
    ),
    "same cell in two tables": (
        [
            cube("A", {("WK1", ""): 3, ("WK2", ""): 37, ("GM", ""): 40}, "gebied", "poging"),
            cube("B", {("WK1", ""): 3, ("WK1", "p"): 0, ("WK1", "v"): 3}, "gebied", "poging"),
        ],
        [TREE, Dimension("poging", {"": [("p", "v")]})],
    ),
    "windows that differ by a month": (
        [
            one("vorige ronde", {"t/m november": 110}, "venster"),
            one("deze ronde", {"t/m december": 113}, "venster"),
            one("december", {"2018-12": 3}, "venster", is_published=False),
        ],
        [overlapping("venster", {"t/m november": MONTHS[:11], "t/m december": MONTHS})],
    ),
    "windows that slide by a month": (
        [
            one("vorige ronde", {"jan-nov": 110}, "venster"),
            one("deze ronde", {"feb-dec": 103}, "venster"),
            one("maanden", {"2018-01": 10, "2018-12": 3}, "venster"),
        ],
        [overlapping("venster", {"jan-nov": MONTHS[:11], "feb-dec": MONTHS[1:]})],
    ),
}


@pytest.mark.parametrize("name", LINKS)
def test_nothing_is_recoverable_and_one_cell_shown_again_is_found(name: str) -> None:
    cubes, dimensions = LINKS[name]
    linked = system(cubes, dimensions)
    protection = protect(linked, minimum=5)
    assert protection.findings.empty
    found = audit(linked, protection)
    assert len(found)
    assert not found["is_exact"].any()
    assert not found["is_too_narrow"].any()
    secondary = [key for key, how in status(protection).items() if how == "secondary"]
    assert secondary
    for key in secondary:
        again = audit(linked, undone(protection, key))
        assert again["is_too_narrow"].any(), f"{key} shown again gives nothing away"
    assert "shown" in status(protection).values()


def test_two_wijken_by_hand() -> None:
    # 40 = 37 + 3: hiding 3 alone leaves 40 - 37. Hidden together, each is 1 to 39.
    cubes, dimensions = LINKS["gemeente with two wijken"]
    linked = system(cubes, dimensions)
    protection = protect(linked, minimum=5)
    found = audit(linked, protection)
    assert found[["low", "high"]].to_numpy().tolist() == [[1, 39], [1, 39]]
    assert protection.share_kept == pytest.approx(1 / 3)
    assert protection.value(linked, "incidenten", gebied="GM1842") == 40
    assert protection.value(linked, "incidenten", gebied="WK1") == Suppressed(5)
    shown = protection.table(cubes[0])
    assert shown["status"].tolist() == ["shown", "secondary", "primary"]
    assert shown["n"].tolist() == [40, pd.NA, pd.NA]


def test_a_cell_that_two_tables_share_is_hidden_in_both() -> None:
    cubes, dimensions = LINKS["same cell in two tables"]
    protection = protect(system(cubes, dimensions), minimum=5)
    for table in cubes:
        shown = protection.table(table)
        assert shown.loc[shown["gebied"].eq("WK1") & shown["poging"].eq(""), "n"].isna().all()


def test_a_small_difference_of_two_windows_hides_one_of_them() -> None:
    cubes, dimensions = LINKS["windows that differ by a month"]
    linked = system(cubes, dimensions)
    protection = protect(linked, minimum=5)
    found = status(protection)
    assert found["incidenten;venster=2018-12"] == "unpublished"
    windows = ["incidenten;venster=t/m november", "incidenten;venster=t/m december"]
    assert sorted(found[key] for key in windows) == ["secondary", "shown"]


# ---- what protects nothing


def test_zeros_are_shown_and_protect_nothing() -> None:
    cells = {"": 43, "a": 3, "b": 0, "c": 0, "d": 40}
    linked = system([one("t", cells, "x")], [Dimension("x", {"": [("a", "b", "c", "d")]})])
    found = status(protect(linked, minimum=5))
    assert [found[f"incidenten;x={code}"] for code in "abcd"] == [
        "primary",
        "shown",
        "shown",
        "secondary",
    ]


def test_public_counts_are_known_and_protect_nothing() -> None:
    cells = {"": 43, "a": 3, "b": 20, "c": 20}
    table = one("t", cells, "x")
    table.cells["is_public"] = [False, False, True, False]
    linked = system([table], [Dimension("x", {"": [("a", "b", "c")]})])
    found = status(protect(linked, minimum=5))
    assert found["incidenten;x=b"] == "shown"
    assert found["incidenten;x=c"] == "secondary"


def test_a_small_count_between_public_ones_is_a_finding() -> None:
    table = one("t", {"": 43, "a": 3, "b": 20, "c": 20}, "x")
    table.cells["is_public"] = [True, False, True, True]
    linked = system([table], [Dimension("x", {"": [("a", "b", "c")]})])
    protection = protect(linked, minimum=5)
    assert protection.findings["finding"].tolist() == ["niet_te_beveiligen"]
    assert protection.findings["key"].tolist() == ["incidenten;x=a"]
    assert status(protection)["incidenten;x=a"] == "primary"
    assert audit(linked, protection)["is_exact"].tolist() == [True]


def test_a_public_small_count_is_shown() -> None:
    # Police open data give 1.1.1 per buurt: hiding that figure would protect nobody.
    table = one("t", {"": 43, "a": 3, "b": 40}, "x", is_public=True)
    protection = protect(system([table], [Dimension("x", {"": [("a", "b")]})]), minimum=5)
    assert set(status(protection).values()) == {"shown"}
    assert protection.findings.empty


def test_a_public_total_still_guards_its_splits() -> None:
    totals = cube("open", {("A", ""): 8, ("B", ""): 30}, "buurt", "poging", is_public=True)
    splits = {("A", "p"): 6, ("A", "v"): 2, ("B", "p"): 10, ("B", "v"): 20}
    linked = system(
        [totals, cube("splits", splits, "buurt", "poging")],
        [Dimension("poging", {"": [("p", "v")]}), Dimension("buurt", {"": [("A", "B")]})],
    )
    protection = protect(linked, minimum=5)
    assert status(protection)["incidenten;buurt=A;poging=p"] == "secondary"
    assert not audit(linked, protection)["is_too_narrow"].any()


def test_hidden_cells_that_leave_too_little_room_take_another() -> None:
    # 5 = 1 + 1 + 3: all hidden, but none can be above 3. The total must go too.
    cells = {"T": 45, "W": 5, "a": 1, "b": 1, "c": 3, "V": 40}
    sums = {"T": [("W", "V")], "W": [("a", "b", "c")]}
    linked = system([one("t", cells, "x")], [Dimension("x", sums)])
    protection = protect(linked, minimum=5)
    found = status(protection)
    assert found["incidenten;x=W"] == "secondary"
    assert not audit(linked, protection)["is_too_narrow"].any()
    assert audit(linked, undone(protection, "incidenten;x=W"))["is_too_narrow"].any()


def test_an_undelivered_count_stays_unknown_and_hides_what_follows_from_it() -> None:
    table = Cube(
        "t",
        "incidenten",
        ("x",),
        pd.DataFrame({"x": ["", "a", "b", "c"], "n": [43, 3, pd.NA, pd.NA]}),
    )
    linked = system([table], [Dimension("x", {"": [("a", "b", "c")]})])
    protection = protect(linked, minimum=5)
    assert protection.value(linked, "incidenten", x="b") == Missing("niet bekend")
    assert status(protection)["incidenten;x=a"] == "primary"
    assert not audit(linked, protection)["is_too_narrow"].any()


def test_an_undelivered_count_that_follows_from_the_others_is_guarded() -> None:
    # 43 - 40 = 3: not delivered, yet everyone can subtract.
    cells = pd.DataFrame({"x": ["", "a", "b"], "n": [43, 40, pd.NA]})
    linked = system([Cube("t", "incidenten", ("x",), cells)], [Dimension("x", {"": [("a", "b")]})])
    protection = protect(linked, minimum=5)
    assert "secondary" in status(protection).values()
    assert not audit(linked, protection)["is_too_narrow"].any()


def test_undelivered_counts_that_follow_from_several_sums_are_found() -> None:
    # a + b = 7, a + c = 6 and b + c = 5: no sum has one unknown, and yet a = 4, b = 3, c = 2.
    cells = {"ab": 7, "ac": 6, "bc": 5}
    sums = {"ab": [("a", "b")], "ac": [("a", "c")], "bc": [("b", "c")]}
    undelivered = pd.DataFrame({"x": list("abc"), "n": pd.array([pd.NA] * 3, dtype="Int64")})
    tables = [one("paren", cells, "x"), Cube("delen", "incidenten", ("x",), undelivered)]
    linked = system(tables, [Dimension("x", sums)])
    found = audit(linked, protect(linked, minimum=5)).set_index("key")
    assert found["low"].to_dict() == {
        f"incidenten;x={code}": n for code, n in zip("abc", (4, 3, 2), strict=True)
    }
    assert found["is_too_narrow"].all()


def test_a_public_cell_without_a_count_is_unknown() -> None:
    cells = pd.DataFrame(
        {"x": ["", "a", "b"], "n": [43, 3, pd.NA], "is_public": [False, False, True]}
    )
    linked = system([Cube("t", "incidenten", ("x",), cells)], [Dimension("x", {"": [("a", "b")]})])
    protection = protect(linked, minimum=5)
    assert status(protection)["incidenten;x=b"] == "unknown"
    assert not audit(linked, protection)["is_too_narrow"].any()


def test_all_suspects_in_one_class_are_hidden_with_the_zeros() -> None:
    counts = pd.DataFrame({"klasse": ["nl", "eu", "overig"], "n": [12, 0, 0], "groep": "G"})
    counts["is_protected"] = group_disclosure(counts, ["groep"], minimum=5)
    total = pd.DataFrame({"klasse": [""], "n": [12], "is_protected": [False]})
    table = pd.concat([total, counts.drop(columns="groep")], ignore_index=True)
    linked = system(
        [Cube("verdachten", "verdachten", ("klasse",), table)],
        [Dimension("klasse", {"": [("nl", "eu", "overig")]})],
    )
    protection = protect(linked, minimum=5)
    found = protection.table(Cube("verdachten", "verdachten", ("klasse",), table))
    assert found["status"].tolist() == ["shown", "primary", "primary", "primary"]
    assert not audit(linked, protection)["is_too_narrow"].any()


# ---- a published case


def test_the_first_example_of_gausssuppression() -> None:
    # Vignette "Small count frequency table suppression" of R package GaussSuppression (Statistics
    # Norway), maxN = 1: the 0 of young in Portugal is primary; suppressed with it are 4 (old,
    # Portugal), 2 (young, Iceland) and 3 (old, Iceland). All totals stay.
    inner = {
        ("young", "Spain"): 5,
        ("young", "Iceland"): 2,
        ("young", "Portugal"): 0,
        ("old", "Spain"): 6,
        ("old", "Iceland"): 3,
        ("old", "Portugal"): 4,
    }
    cells = inner | {("young", ""): 7, ("old", ""): 13, ("", ""): 20}
    cells |= {("", "Spain"): 11, ("", "Iceland"): 5, ("", "Portugal"): 4}
    table = cube("dataset_a", cells, "age", "geo")
    table.cells["is_protected"] = [place == ("young", "Portugal") for place in cells]
    dimensions = [
        Dimension("age", {"": [("young", "old")]}),
        Dimension("geo", {"": [("Spain", "Iceland", "Portugal")]}),
    ]
    protection = protect(system([table], dimensions), minimum=2)
    shown = protection.table(table)
    hidden = shown[shown["status"] != "shown"]
    assert set(zip(hidden["age"], hidden["geo"], strict=True)) == {
        ("young", "Portugal"),
        ("old", "Portugal"),
        ("young", "Iceland"),
        ("old", "Iceland"),
    }


# ---- earlier publications


def test_what_was_hidden_stays_hidden_and_what_was_shown_protects_nothing() -> None:
    cells = {"": 60, "a": 3, "b": 17, "c": 20, "d": 20}
    linked = system([one("t", cells, "x")], [Dimension("x", {"": [("a", "b", "c", "d")]})])
    free = status(protect(linked, minimum=5))
    assert free["incidenten;x=b"] == "secondary"
    bound = status(protect(linked, minimum=5, known=["incidenten;x=b"], hidden=["incidenten;x=d"]))
    assert bound["incidenten;x=b"] == "shown"
    assert bound["incidenten;x=d"] == "secondary"
    assert bound["incidenten;x=c"] == "shown"


def test_a_small_count_that_was_shown_before_is_reported() -> None:
    linked = system([one("t", {"": 43, "a": 3, "b": 40}, "x")], [])
    protection = protect(linked, minimum=5, known=["incidenten;x=a"])
    assert protection.findings["finding"].tolist() == ["eerder_getoond"]
    assert status(protection)["incidenten;x=a"] == "shown"


# ---- a reader who tries everything


def fillings(linked: System, protection: Protection, top: int) -> np.ndarray:
    """Every filling of the cells that are not shown, up to `top` each, that fits all sums."""
    cells = protection.cells
    n = cells["n"].to_numpy(float, na_value=np.nan)
    hidden = np.flatnonzero((cells["status"] != "shown").to_numpy())
    options = [range(int(cells["floor"].iloc[i]), top + 1) for i in hidden]
    sums = linked.relations.toarray()
    rest = -np.delete(sums, hidden, axis=1) @ np.delete(n, hidden)
    grid = np.meshgrid(*options, indexing="ij")
    tried = np.stack([values.ravel() for values in grid], axis=1).astype(float)
    fits = (tried @ sums[:, hidden].T == rest).all(axis=1)
    return tried[fits]


def small_tables() -> Iterator[tuple[list[Cube], list[Dimension]]]:
    rng = np.random.default_rng(11)
    for _ in range(40):
        n = rng.poisson(rng.choice([1.0, 3.0]), (2, 3))
        rows = {}
        for i, j in itertools.product(["", "a", "b"], ["", "p", "q", "r"]):
            pick_i = slice(None) if i == "" else "ab".index(i)
            pick_j = slice(None) if j == "" else "pqr".index(j)
            rows[(i, j)] = int(n[pick_i, pick_j].sum())
        yield (
            [cube("t", rows, "x", "y")],
            [Dimension("x", {"": [("a", "b")]}), Dimension("y", {"": [("p", "q", "r")]})],
        )


def test_no_filling_determines_a_hidden_cell_and_the_audit_finds_all_values() -> None:
    # Tables of two ways are totally unimodular: the bounds of the linear program are the range.
    n_checked = 0
    for cubes, dimensions in small_tables():
        linked = system(cubes, dimensions)
        protection = protect(linked, minimum=3)
        found = audit(linked, protection)
        top = int(linked.cells["n"].max()) + 3
        n_hidden = int((protection.cells["status"] != "shown").sum())
        if n_hidden == 0 or not np.isfinite(found["high"]).all() or (top + 1) ** n_hidden > 2e5:
            continue
        every = fillings(linked, protection, top)
        assert found["low"].tolist() == every.min(axis=0).tolist()
        assert found["high"].tolist() == every.max(axis=0).tolist()
        assert (every.max(axis=0) > every.min(axis=0)).all()
        n_checked += 1
    assert n_checked >= 5


def test_bounds_of_a_program_with_fractions_are_whole() -> None:
    # x + y, y + z and x + z are 3, 3 and 2 + w with w at most 1: x = 1 or 1.5 without w whole.
    matrix_rows = [[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, -1]]
    from scipy import sparse

    low, high = ranges(
        sparse.csr_matrix(matrix_rows),
        np.array([3.0, 3.0, 2.0]),
        np.zeros(4),
        np.array([9.0, 9.0, 9.0, 1.0]),
    )
    # By hand: x = z, so 2x = 2 + w is even: w = 0, x = z = 1, y = 2.
    assert low.tolist() == [1, 2, 1, 0]
    assert high.tolist() == [1, 2, 1, 0]


@st.composite
def packs(draw: st.DrawFn) -> tuple[list[Cube], list[Dimension]]:
    """Some tables over a random hierarchy, cut from one set of rows."""
    n_wijken = draw(st.integers(1, 3))
    parents, leaves = {}, []
    for wijk in range(n_wijken):
        parents[f"W{wijk}"] = ""
        for buurt in range(draw(st.integers(1, 4))):
            parents[f"B{wijk}{buurt}"] = f"W{wijk}"
            leaves.append(f"B{wijk}{buurt}")
    size = len(leaves) * 4
    n = draw(st.lists(st.integers(0, 12), min_size=size, max_size=size))
    rows = pd.DataFrame(
        [
            (leaf, year, split, count)
            for (leaf, year, split), count in zip(
                itertools.product(leaves, ["17", "18"], ["p", "v"]), n, strict=True
            )
        ],
        columns=["gebied", "jaar", "poging", "n"],
    )
    levels = {
        "buurt": rows["gebied"],
        "wijk": rows["gebied"].map(parents),
        "": pd.Series("", index=rows.index),
    }
    wholes = itertools.product(levels, ["jaar", ""], ["poging", ""])
    cubes = []
    for number, (level, jaar, poging) in enumerate(wholes):
        if not draw(st.booleans()):
            continue
        table = rows.assign(
            gebied=levels[level],
            jaar=rows["jaar"] if jaar else "",
            poging=rows["poging"] if poging else "",
        )
        names = ("gebied", "jaar", "poging")
        cells = table.groupby(list(names), as_index=False)["n"].sum()
        cubes.append(Cube(f"tabel {number}", "incidenten", names, cells))
    splits = {"jaar": {"": [("17", "18")]}, "poging": {"": [("p", "v")]}}
    return cubes, [nested("gebied", parents), *(Dimension(k, v) for k, v in splits.items())]


checked = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@checked
@given(packs(), st.sampled_from([3, 5]))
def test_random_packs_give_nothing_away(
    pack: tuple[list[Cube], list[Dimension]], minimum: int
) -> None:
    if not pack[0]:
        return
    linked = system(*pack)
    protection = protect(linked, minimum=minimum)
    cells = protection.cells
    small = (cells["n"] > 0) & (cells["n"] < minimum)
    assert not (small & (cells["status"] == "shown")).any()
    assert not ((cells["n"] == 0) & cells["status"].isin(["primary", "secondary"])).any()
    found = audit(linked, protection)
    assert set(found.loc[found["is_too_narrow"], "key"]) <= set(protection.findings["key"])


@checked
@given(packs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_tables_does_not_matter(
    pack: tuple[list[Cube], list[Dimension]], random: object
) -> None:
    cubes, dimensions = pack
    if not cubes:
        return
    before = [table.cells.copy(deep=True) for table in cubes]
    shuffled = [replace(t, cells=t.cells.iloc[::-1]) for t in reversed(cubes)]
    first = protect(system(cubes, dimensions), minimum=5)
    second = protect(system(shuffled, dimensions), minimum=5)
    assert status(first) == status(second)
    for table, cells in zip(cubes, before, strict=True):
        pd.testing.assert_frame_equal(table.cells, cells)


@checked
@given(packs())
def test_names_of_areas_do_not_matter(pack: tuple[list[Cube], list[Dimension]]) -> None:
    cubes, dimensions = pack
    if not cubes:
        return
    tree = dimensions[0]
    other = {
        code: f"Z{len(tree.codes) - i:02}" if code else "" for i, code in enumerate(tree.codes)
    }
    renamed = [replace(t, cells=t.cells.assign(gebied=t.cells["gebied"].map(other))) for t in cubes]
    sums = {other[total]: [tuple(other[p] for p in parts)] for total, parts in tree.ways()}
    again = [Dimension("gebied", sums), *dimensions[1:]]
    first, second = (
        protect(system(cubes, dimensions), minimum=5),
        protect(system(renamed, again), minimum=5),
    )
    assert sorted(zip(first.cells["n"], first.cells["status"], strict=True)) == sorted(
        zip(second.cells["n"], second.cells["status"], strict=True)
    )
