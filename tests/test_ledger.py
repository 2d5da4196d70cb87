"""The ledger: packs of other runs and other readers never give away what one pack hides."""

import pandas as pd
import pytest

from wib_lib.disclosure import (
    Cube,
    Dimension,
    Ledger,
    Protection,
    System,
    audit,
    nested,
    overlapping,
    protect,
    system,
)
from wib_lib.errors import TableError

AREAS = nested("gebied", {"WK1": "GM", "WK2": "GM", "WK3": "GM", "WK4": "GM"})
MONTHS = [f"2018-{month:02}" for month in range(1, 13)]
COUNTS = {"GM": 68, "WK1": 3, "WK2": 7, "WK3": 28, "WK4": 30}


def wijken(counts: dict[str, int] = COUNTS, name: str = "wijken") -> Cube:
    frame = pd.DataFrame({"gebied": list(counts), "n": list(counts.values())})
    return Cube(name, "incidenten", ("gebied",), frame)


def publish(
    ledger: Ledger,
    cubes: list[Cube],
    dimensions: list[Dimension],
    *,
    run: str = "2019-01-15",
    audience: str = "werkgroep",
    area: str = "",
    minimum: int = 5,
) -> tuple[Ledger, Protection, System]:
    earlier = ledger.earlier(cubes, audience, area=area)
    linked = system([*cubes, *earlier.cubes], dimensions)
    protection = protect(linked, minimum=minimum, hidden=earlier.hidden, known=earlier.known)
    return ledger.with_run(run, audience, protection, area=area), protection, linked


def status(protection: Protection) -> dict[str, str]:
    return protection.cells.set_index("key")["status"].to_dict()


def test_a_later_run_hides_what_the_first_one_hid() -> None:
    # Only the first run needs WK2 hidden. Shown later, 68 - 7 - 28 - 30 would give WK1 = 3.
    ledger, first, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    assert status(first)["incidenten;gebied=WK2"] == "secondary"
    only = {code: COUNTS[code] for code in ("WK2", "WK3")}
    fresh = protect(system([wijken(only)], [AREAS]), minimum=5)
    assert status(fresh)["incidenten;gebied=WK2"] == "shown"
    _, second, linked = publish(ledger, [wijken(only)], [AREAS], run="2019-02-01")
    assert status(second)["incidenten;gebied=WK2"] == "secondary"
    assert not audit(linked, second)["is_too_narrow"].any()


def test_a_window_that_moves_by_a_month_gives_no_month_away() -> None:
    windows = overlapping("venster", {"tussenstand": MONTHS[:11], "eindstand": MONTHS})
    december = Cube(
        "maanden",
        "incidenten",
        ("venster",),
        pd.DataFrame({"venster": ["2018-12"], "n": [2], "is_published": False}),
    )

    def table(code: str, n: int) -> Cube:
        frame = pd.DataFrame({"venster": [code], "n": [n]})
        return Cube(code, "incidenten", ("venster",), frame)

    ledger, first, _ = publish(Ledger.empty(), [table("tussenstand", 61), december], [windows])
    assert status(first)["incidenten;venster=tussenstand"] == "shown"
    final = [table("eindstand", 63), december]
    alone = protect(system(final, [windows]), minimum=5)
    assert status(alone)["incidenten;venster=eindstand"] == "shown"
    _, second, linked = publish(ledger, final, [windows], run="2019-02-01")
    assert status(second)["incidenten;venster=eindstand"] == "secondary"
    assert not audit(linked, second)["is_too_narrow"].any()


def test_readers_of_openbaar_see_openbaar_only() -> None:
    ledger, public, _ = publish(
        Ledger.empty(), [wijken()], [AREAS], audience="openbaar", minimum=10
    )
    assert status(public)["incidenten;gebied=WK2"] == "primary"
    ledger, group, linked = publish(ledger, [wijken()], [AREAS], minimum=5)
    # 7 may be shown to the werkgroep, but only where that leaves 3 unsure.
    shown = {key for key, how in status(public).items() if how == "shown"}
    assert shown <= {key for key, how in status(group).items() if how == "shown"}
    assert not audit(linked, group)["is_too_narrow"].any()
    assert ledger.earlier([], "openbaar").known == shown
    assert ledger.earlier([], "werkgroep").known >= shown


def test_what_the_werkgroep_was_refused_is_not_for_openbaar() -> None:
    ledger, group, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    hidden = {key for key, how in status(group).items() if how in ("primary", "secondary")}
    assert ledger.earlier([wijken()], "openbaar").hidden == hidden
    _, public, linked = publish(
        ledger, [wijken()], [AREAS], audience="openbaar", minimum=3, run="later"
    )
    assert not hidden & {key for key, how in status(public).items() if how == "shown"}
    assert not audit(linked, public)["is_too_narrow"].any()


def test_a_wide_pack_that_spoils_a_closer_one_is_found() -> None:
    # The werkgroep knows 68 and the two large wijken; openbaar then publishes WK1 + WK2's sum
    # and, wrongly, WK2 itself.
    ledger, group, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    assert status(group)["incidenten;gebied=WK2"] == "secondary"
    wrong = protect(system([wijken({"WK2": 7})], [AREAS]), minimum=5)
    spoiled = ledger.with_run("fout", "openbaar", wrong)
    earlier = spoiled.earlier([], "werkgroep")
    linked = system(earlier.cubes, [AREAS])
    again = protect(linked, minimum=5, hidden=earlier.hidden, known=earlier.known)
    assert again.findings["finding"].tolist() == ["niet_te_beveiligen"]
    assert again.findings["key"].tolist() == ["incidenten;gebied=WK1"]
    assert audit(linked, again)["is_exact"].tolist() == [True]


def test_the_driehoek_of_one_area_does_not_see_that_of_another() -> None:
    ledger, protection, _ = publish(
        Ledger.empty(), [wijken()], [AREAS], audience="driehoek", area="gouda", minimum=3
    )
    key = "incidenten;gebied=WK1"
    assert status(protection)[key] == "shown"
    assert key in ledger.earlier([], "driehoek", area="gouda").known
    assert key not in ledger.earlier([], "driehoek", area="delft").known
    assert key not in ledger.earlier([], "werkgroep").known


def test_revised_counts_are_reported_and_what_was_hidden_stays_hidden() -> None:
    ledger, _, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    revised = COUNTS | {"WK1": 6, "GM": 71}
    earlier = ledger.earlier([wijken(revised)], "werkgroep")
    assert earlier.revised["key"].tolist() == ["incidenten;gebied=GM"]
    assert "incidenten;gebied=GM" not in earlier.known
    assert {"incidenten;gebied=WK1", "incidenten;gebied=WK2"} <= earlier.hidden
    _, protection, linked = publish(ledger, [wijken(revised)], [AREAS], run="2019-02-01")
    assert status(protection)["incidenten;gebied=WK1"] != "shown"
    assert not audit(linked, protection)["is_too_narrow"].any()


def test_a_hidden_count_that_was_revised_to_zero_can_stay_hidden() -> None:
    ledger, _, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    revised = COUNTS | {"WK1": 0, "GM": 65}
    _, protection, linked = publish(ledger, [wijken(revised)], [AREAS], run="2019-02-01")
    assert status(protection)["incidenten;gebied=WK1"] == "secondary"
    assert not audit(linked, protection)["is_exact"].any()


def test_a_run_that_is_done_again_replaces_its_entries() -> None:
    once, protection, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    again = once.with_run("2019-01-15", "werkgroep", protection)
    assert len(again.entries) == len(once.entries) == 5
    assert len(once.with_run("andere", "werkgroep", protection).entries) == 10


def test_what_is_published_of_the_ledger_holds_no_hidden_count() -> None:
    ledger, protection, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    public = ledger.to_publish().set_index("key")
    hidden = [key for key, how in status(protection).items() if how != "shown"]
    assert public.loc[hidden, "n"].isna().all()
    assert public.loc["incidenten;gebied=GM", "n"] == 68
    assert ledger.entries["n"].notna().all()


def test_unknown_readers_are_refused() -> None:
    with pytest.raises(TableError, match="onbekend publiek raad; kies uit openbaar"):
        Ledger.empty().earlier([], "raad")
    _, protection, _ = publish(Ledger.empty(), [wijken()], [AREAS])
    with pytest.raises(TableError, match="alleen een pakket voor de driehoek"):
        Ledger.empty().with_run("r", "driehoek", protection)
    with pytest.raises(TableError, match="grootboek: column key"):
        Ledger(Ledger.empty().entries.drop(columns="key"))
