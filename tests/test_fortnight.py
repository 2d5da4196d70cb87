"""Two weeks for the operational meeting: exact days, missing is not zero, small is not judged."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wib_lib.absent import Missing, Suppressed
from wib_lib.checks import WITHHELD
from wib_lib.errors import TableError
from wib_lib.fortnight import (
    COUNT_BREAKS,
    METHOD,
    MOMENT,
    RATE_BREAKS,
    Covered,
    Fortnight,
    actions_at,
    by_place,
    centre_shift,
    changes,
    meeting,
    profile,
    tally,
    totals,
    with_moment,
    with_rates,
)
from wib_lib.fortnight.agenda import DONE, LATE, LATER, RUNNING, STATES, UNKNOWN
from wib_lib.fortnight.changes import LESS, MORE, NOT_JUDGED, SAME, TOO_FEW
from wib_lib.fortnight.suspects import withhold
from wib_lib.tables import ACTIES, parse

NOW = Fortnight(date(2018, 12, 16))
COVERED = Covered(date(2013, 1, 1), date(2018, 12, 31))


# ---- the days


@pytest.mark.parametrize(
    "last", [date(2018, 12, 16), date(2016, 3, 1), date(2016, 2, 29), date(2019, 1, 1)]
)
def test_every_fortnight_has_fourteen_days_each_weekday_twice(last: date) -> None:
    now = Fortnight(last)
    for one in (now, now.before, now.after, *(now.earlier(back) for back in range(1, 6))):
        days = [one.start + timedelta(days=step) for step in range((one.last - one.start).days + 1)]
        assert len(days) == 14
        assert sorted(day.weekday() for day in days) == sorted([*range(7), *range(7)])
    assert now.before.last + timedelta(days=1) == now.start
    assert now.after.start == now.last + timedelta(days=1)


def test_the_leap_day_becomes_the_28th_and_moves_a_first_day() -> None:
    assert Fortnight(date(2016, 2, 29)).earlier(1).last == date(2015, 2, 28)
    # 14 days to 7 March: from 23 February with a leap day between, else from 22 February.
    assert Fortnight(date(2016, 3, 7)).start == date(2016, 2, 23)
    assert Fortnight(date(2016, 3, 7)).earlier(1).start == date(2015, 2, 22)


def test_weeks_are_iso_weeks_also_at_the_end_of_a_year() -> None:
    assert Fortnight(date(2018, 12, 19)).weeks == "week 49 tot en met 51 van 2018"
    # 1 January 2017 is a Sunday of week 52 of 2016; 31 December 2018 a Monday of week 1 of 2019.
    assert Fortnight(date(2017, 1, 1)).weeks == "week 51 en 52 van 2016"
    assert Fortnight(date(2018, 12, 31)).weeks == "week 51 van 2018 tot en met week 1 van 2019"


def test_a_fortnight_outside_the_delivery_is_missing_and_says_which_days() -> None:
    found = COVERED.refusal(Fortnight(date(2019, 1, 2)))
    assert isinstance(found, Missing)
    assert found.reason == (
        "20 december 2018 tot en met 2 januari 2019 is niet volledig geleverd: de levering loopt "
        "van 1 januari 2013 tot en met 31 december 2018"
    )
    assert COVERED.refusal(Fortnight(date(2018, 12, 31))) is None


# ---- counts


@pytest.fixture
def incidents() -> pd.DataFrame:
    days = ["2018-12-16", "2018-12-03", "2018-12-02", "2018-11-19", "2018-11-18", "2018-12-17",
            "2017-12-16", "2017-12-03", "2015-12-10", "2018-12-05", "2018-12-06"]  # fmt: skip
    code = ["A", "A", "A", "B", "B", "B", "A", "B", "B", None, "Z"]
    return pd.DataFrame({"day": pd.to_datetime(days), "buurt_code": code})


@pytest.fixture
def parts() -> pd.DataFrame:
    return pd.DataFrame({"code": ["B", "A", "C"], "n_dwellings": [500, 1000, 5]})


def test_counts_per_place_by_hand(incidents: pd.DataFrame, parts: pd.DataFrame) -> None:
    covered = Covered(date(2015, 1, 1), date(2018, 12, 20))
    found = by_place(incidents, parts, NOW, column="buurt_code", covered=covered)
    assert isinstance(found, pd.DataFrame)
    table = found.set_index("code")
    assert table["n_now"].to_dict() == {"A": 2, "B": 0, "C": 0}
    assert table["n_before"].to_dict() == {"A": 1, "B": 1, "C": 0}
    assert table["n_year_1"].to_dict() == {"A": 1, "B": 1, "C": 0}
    assert table["n_year_3"].to_dict() == {"A": 0, "B": 1, "C": 0}
    # 2014 and 2013 were not delivered: missing, and the mean is over the three years that were.
    assert table[["n_year_4", "n_year_5"]].isna().all(axis=None)
    assert table["mean_years"].tolist() == pytest.approx([1 / 3, 2 / 3, 0])
    assert found.attrs["n_unplaced"]["n_now"] == 2
    assert found.attrs["years"] == [2017, 2016, 2015]


def test_places_and_unplaced_are_all_incidents(
    incidents: pd.DataFrame, parts: pd.DataFrame
) -> None:
    found = by_place(incidents, parts, NOW, column="buurt_code", covered=COVERED)
    whole = totals(incidents, NOW, covered=COVERED)
    assert isinstance(found, pd.DataFrame)
    assert isinstance(whole, pd.DataFrame)
    placed = found["n_now"].sum() + found.attrs["n_unplaced"]["n_now"]
    assert placed == whole.loc[whole["is_now"], "n"].item() == 4
    assert whole["n"].tolist() == [0, 0, 1, 0, 2, 2, 4]
    assert whole["label"].iloc[-1] == "3 december 2018 tot en met 16 december 2018"


def test_without_a_list_streets_are_those_of_the_counted_days(incidents: pd.DataFrame) -> None:
    rows = incidents.rename(columns={"buurt_code": "straat_id"})
    found = by_place(rows, None, NOW, column="straat_id", covered=COVERED)
    assert isinstance(found, pd.DataFrame)
    assert found["code"].tolist() == ["A", "Z", "B"]
    assert found["n_now"].tolist() == [2, 1, 0]


def test_counts_ignore_row_order_and_leave_their_input_alone(
    incidents: pd.DataFrame, parts: pd.DataFrame
) -> None:
    copies = incidents.copy(deep=True), parts.copy(deep=True)
    one, other = (
        by_place(rows, parts, NOW, column="buurt_code", covered=COVERED)
        for rows in (incidents, incidents.iloc[::-1])
    )
    assert isinstance(one, pd.DataFrame)
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(incidents, copies[0])
    pd.testing.assert_frame_equal(parts, copies[1])


def test_a_peildatum_after_the_delivery_gives_no_counts(
    incidents: pd.DataFrame, parts: pd.DataFrame
) -> None:
    late = Fortnight(date(2019, 1, 6))
    for found in (
        by_place(incidents, parts, late, column="buurt_code", covered=COVERED),
        totals(incidents, late, covered=COVERED),
        changes(incidents, {"buurt_code": "buurt"}, late, covered=COVERED),
    ):
        assert isinstance(found, Missing)
        assert "niet volledig geleverd" in found.reason
    with pytest.raises(TableError, match="incidents: column straat_id is missing"):
        by_place(incidents, parts, NOW, column="straat_id", covered=COVERED)


# ---- changes of kind


def kinds(now: dict[str, int], years: dict[str, int]) -> pd.DataFrame:
    """Incidents of this fortnight, and of the same days a year before, by category."""
    rows = [
        (pd.Timestamp(last), kind)
        for last, counts in (("2018-12-10", now), ("2017-12-10", years))
        for kind, n in counts.items()
        for _ in range(n)
    ]
    frame = pd.DataFrame(rows, columns=["day", "mo_toegang"])
    return frame.assign(mo_toegang=frame["mo_toegang"].replace("onbekend", None))


def verdicts(table: pd.DataFrame) -> dict[str, str]:
    return table.set_index("category")["verdict"].to_dict()


def test_a_large_change_is_seen_on_both_sides_with_the_exact_p() -> None:
    rows = kinds({"voordeur": 4, "raam": 16, "onbekend": 3}, {"voordeur": 80, "raam": 20})
    found = changes(rows, {"mo_toegang": "toegang"}, NOW, covered=COVERED)
    assert isinstance(found, pd.DataFrame)
    assert verdicts(found) == {"raam": MORE, "voordeur": LESS, "onbekend": NOT_JUDGED}
    table = found.set_index("category")
    # Fisher: the probabilities of all tables with these margins that are no more likely.
    law = stats.hypergeom(120, 36, 20)
    chances = law.pmf(np.arange(21))
    expected = chances[chances <= law.pmf(16) * (1 + 1e-7)].sum()
    assert table.loc["raam", "p"] == pytest.approx(expected, rel=1e-6)
    # 16 of the 20 of which it is known: unknown is in no share.
    assert table.loc["raam", "pct_now"] == pytest.approx(80.0)
    assert isinstance(table.loc["onbekend", "pct_now"], Missing)
    assert found.attrs["years"] == [2017, 2016, 2015, 2014, 2013]


def test_fewer_burglaries_of_the_same_mix_are_no_change_of_kind() -> None:
    rows = kinds({"voordeur": 12, "raam": 8}, {"voordeur": 300, "raam": 200})
    found = changes(rows, {"mo_toegang": "toegang"}, NOW, covered=COVERED)
    assert isinstance(found, pd.DataFrame)
    assert set(verdicts(found).values()) == {SAME}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"raam": 9}, TOO_FEW),  # nine in all
        ({"raam": 4, "deur": 40}, TOO_FEW),  # four of the category, none to be expected
        ({"raam": 12}, MORE),
    ],
)
def test_below_the_guard_nothing_is_said(now: dict[str, int], expected: str) -> None:
    found = changes(kinds(now, {"deur": 200}), {"mo_toegang": "toegang"}, NOW, covered=COVERED)
    assert isinstance(found, pd.DataFrame)
    assert verdicts(found)["raam"] == expected
    if expected == TOO_FEW:
        assert found.set_index("category").loc["raam", ["p", "q"]].isna().all()


def test_without_change_hardly_any_fortnight_raises_an_alarm() -> None:
    rng = np.random.default_rng(31)
    names = np.array(["voordeur", "achterdeur", "raam", "schuifpui", "kelder", "dakraam"])
    chance = [0.4, 0.25, 0.2, 0.1, 0.03, 0.02]
    n_alarms = 0
    for _ in range(60):
        counted = [dict(zip(names, rng.multinomial(n, chance), strict=True)) for n in (25, 160)]
        found = changes(kinds(*counted), {"mo_toegang": "toegang"}, NOW, covered=COVERED)
        assert isinstance(found, pd.DataFrame)
        n_alarms += found["verdict"].isin([MORE, LESS]).any()
    # At most 5 % is promised; sixty draws at 5 % give nine or more in less than 1 %.
    assert n_alarms < 9


def test_several_kinds_are_judged_as_one_family() -> None:
    rows = kinds({"voordeur": 7, "raam": 14}, {"voordeur": 100, "raam": 80})
    alone = changes(rows, {"mo_toegang": "toegang"}, NOW, covered=COVERED)
    same = dict.fromkeys(("mo_methode", "mo_binnenkomst"), "x")
    family = changes(rows.assign(**same), METHOD, NOW, covered=COVERED)
    assert isinstance(alone, pd.DataFrame)
    assert isinstance(family, pd.DataFrame)
    q_alone, q_family = (
        table.loc[table["category"].eq("raam"), "q"].item() for table in (alone, family)
    )
    assert q_family > q_alone


def test_changes_need_an_earlier_year() -> None:
    short = Covered(date(2018, 11, 1), date(2018, 12, 31))
    found = changes(kinds({"raam": 20}, {}), {"mo_toegang": "toegang"}, NOW, covered=short)
    assert isinstance(found, Missing)
    assert found.reason == "dezelfde twee weken van eerdere jaren zijn niet geleverd"


# ---- time of day


def moments(*spans: tuple[str | None, str | None]) -> pd.DataFrame:
    van, tot = zip(*spans, strict=True)
    return pd.DataFrame(
        {"pleeg_van": pd.to_datetime(list(van)), "pleeg_tot": pd.to_datetime(list(tot))}
    )


def test_the_part_of_the_day_holds_at_least_half_of_the_span() -> None:
    rows = moments(
        ("2018-12-14 09:00", "2018-12-14 17:00"),  # 3 h morning, 5 h afternoon
        ("2018-12-14 23:00", "2018-12-15 05:00"),  # 1 h evening, 5 h night, over midnight
        ("2018-12-14 18:00", "2018-12-14 18:00"),  # a moment, on the border: the part that begins
        ("2018-12-15 07:00", "2018-12-16 05:00"),  # 22 h, of which 7 h night: no part holds half
        ("2018-12-14 08:00", "2018-12-15 08:00"),  # 24 h
        ("2018-12-14 20:00", "2018-12-16 02:00"),
        (None, "2018-12-14 08:00"),
        ("2018-12-14 10:00", "2018-12-14 09:00"),  # ends before it begins
        ("2018-12-14 00:00", "2018-12-14 00:00"),  # filled in by a system
        ("2018-12-14 00:00", "2018-12-14 23:59"),
    )
    found = with_moment(rows)["dagdeel"]
    assert found[:3].tolist() == [
        "middag (12 tot 18 uur)",
        "nacht (22 tot 6 uur)",
        "avond (18 tot 22 uur)",
    ]
    assert found[3:].isna().all()


def test_the_kind_of_day_is_that_of_the_middle_of_the_span() -> None:
    # 14 December 2018 is a Friday: the middle of 22:00 to 03:00 lies on Saturday.
    rows = moments(
        ("2018-12-14 22:00", "2018-12-15 03:00"), ("2018-12-14 10:00", "2018-12-14 12:00")
    )
    assert with_moment(rows)["soort_dag"].tolist() == ["weekend", "doordeweeks"]


def test_parts_of_the_day_follow_their_definition() -> None:
    rows = moments(("2018-12-14 22:30", "2018-12-14 23:30"))
    halves = {"dag": (6, 22), "laat": (22, 6)}
    assert with_moment(rows, dagdelen=halves)["dagdeel"].tolist() == ["laat (22 tot 6 uur)"]
    with pytest.raises(ValueError, match="dagdelen must cover every hour of the day once"):
        with_moment(rows, dagdelen={"dag": (6, 22), "laat": (21, 6)})


def test_every_minute_of_the_day_has_the_part_that_its_hour_is_in() -> None:
    start = pd.Timestamp("2018-12-14 00:01") + pd.to_timedelta(np.arange(0, 1439, 7), unit="min")
    rows = pd.DataFrame({"pleeg_van": start, "pleeg_tot": start})
    found = with_moment(rows)["dagdeel"].str.extract(r"\((\d+) tot (\d+) uur\)").astype(int)
    hour = pd.Series(start.hour)
    inside = (found[0] <= hour) & (hour < found[1])
    over_night = (found[0] > found[1]) & ((hour >= found[0]) | (hour < found[1]))
    assert (inside | over_night).all()


def test_a_change_of_the_hour_is_found_as_a_change_of_kind() -> None:
    days = ["2018-12-10"] * 20 + ["2017-12-10"] * 60
    hours = ["02:00"] * 18 + ["14:00"] * 2 + ["14:00"] * 50 + ["02:00"] * 10
    moment = pd.to_datetime([f"{day} {hour}" for day, hour in zip(days, hours, strict=True)])
    rows = pd.DataFrame({"day": pd.to_datetime(days), "pleeg_van": moment, "pleeg_tot": moment})
    found = changes(with_moment(rows), MOMENT, NOW, covered=COVERED)
    assert isinstance(found, pd.DataFrame)
    assert verdicts(found)["nacht (22 tot 6 uur)"] == MORE
    assert verdicts(found)["middag (12 tot 18 uur)"] == LESS


# ---- place


def test_rates_now_and_before_share_their_denominator_and_classes(
    incidents: pd.DataFrame, parts: pd.DataFrame
) -> None:
    counted = by_place(incidents, parts, NOW, column="buurt_code", covered=COVERED)
    assert isinstance(counted, pd.DataFrame)
    found = with_rates(counted, minimum=10).set_index("code")
    # Two and one of a thousand dwellings; C has five dwellings only.
    assert found.loc["A", ["rate_now", "rate_before"]].tolist() == [2.0, 1.0]
    assert found.loc["C", "rate_now"] == Missing("minder dan 10 woningen")
    assert list(RATE_BREAKS) == sorted(RATE_BREAKS)
    assert list(COUNT_BREAKS) == sorted(COUNT_BREAKS)
    start = Covered(NOW.start, NOW.last)
    only = by_place(incidents, parts, NOW, column="buurt_code", covered=start)
    assert isinstance(only, pd.DataFrame)
    found = with_rates(only, minimum=10).set_index("code")
    assert found.loc["A", "rate_before"] == Missing("deze twee weken zijn niet geleverd")


def scattered(rng: np.random.Generator, *, moved: float) -> pd.DataFrame:
    day = ["2018-12-10"] * 15 + ["2018-11-25"] * 15
    x = rng.normal(108_000, 500, 30) + np.repeat([moved, 0], 15)
    return pd.DataFrame(
        {"day": pd.to_datetime(day), "rd_x": x, "rd_y": rng.normal(447_000, 500, 30)}
    )


def test_a_movement_is_seen_when_it_is_more_than_chance() -> None:
    rng = np.random.default_rng(41)
    far = centre_shift(scattered(rng, moved=1_500), NOW, rng=rng)
    assert not isinstance(far, Missing)
    assert far.is_more_than_chance
    assert far.distance == pytest.approx(1_500, abs=500)
    n_far = 0
    for _ in range(40):
        found = centre_shift(scattered(rng, moved=0), NOW, rng=rng)
        assert not isinstance(found, Missing)
        n_far += found.is_more_than_chance
    # At 5 % forty draws give seven or more in less than 1 %.
    assert n_far < 7


def test_the_mean_of_a_few_points_is_not_given() -> None:
    rng = np.random.default_rng(42)
    few = scattered(rng, moved=0).iloc[6:]
    found = centre_shift(few, NOW, rng=rng)
    assert found == Missing("minder dan 10 woninginbraken met een plaats in twee weken")


# ---- suspects, as counted by their owner


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([32, 14, 11], [True, True, True]),
        ([32, 14, 9], [True, False, False]),  # 9 would follow from a total
        ([32, 0, 9], [True, False, False]),
        ([32, 14, None], [True, False, False]),
        ([None, 9, 40], [False, False, True]),
        ([40, 0], [False, False]),  # everyone in one class
        ([40], [False]),
        ([12, 28], [True, True]),
    ],
)
def test_what_is_too_small_or_tells_of_everyone_is_withheld(
    counts: list[float | None], shown: list[bool]
) -> None:
    found = withhold(counts, minimum=10)
    assert [not isinstance(value, Suppressed) for value in found] == shown
    assert [v for v in found if v != Suppressed(10)] == [
        n for n, is_shown in zip(counts, shown, strict=True) if is_shown
    ]


def suspects(rows: list[tuple[str | None, str, str, str, float | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["gebied", "periode", "kenmerk", "klasse", "n_personen"])


def test_the_latest_period_that_had_ended_stands_beside_the_one_before() -> None:
    rows = suspects(
        [
            (None, "2017", "geslacht", "man", 50), (None, "2017", "geslacht", "vrouw", 12),
            (None, "2016", "geslacht", "man", 99), (None, "2016", "geslacht", "vrouw", 99),
            (None, "2018", "geslacht", "man", 40), (None, "2018", "geslacht", "vrouw", 15),
            (None, "2018", "groep", "solist", 3), (None, "2018", "groep", "groep", 30),
            ("BU05130101", "2018", "geslacht", "man", 25),
        ]
    )  # fmt: skip
    found = profile(rows, until=date(2018, 12, 31))
    assert isinstance(found, pd.DataFrame)
    assert (found.attrs["now"], found.attrs["before"]) == ("2018", "2017")
    table = found.set_index(["kenmerk", "klasse"])
    assert table.loc[("geslacht", "man")].tolist() == [40, 50]
    assert table.loc[("groep", "solist")].tolist() == [Suppressed(10), Missing("niet geleverd")]
    assert table.loc[("groep", "groep"), "n_now"] == Suppressed(10)
    before = profile(rows, until=date(2018, 12, 16))
    assert isinstance(before, pd.DataFrame)
    assert (before.attrs["now"], before.attrs["before"]) == ("2017", "2016")


def test_without_counts_of_suspects_it_says_so() -> None:
    assert profile(None, until=NOW.last) == Missing("aantallen verdachten zijn niet geleverd")
    early = profile(suspects([(None, "2018", "groep", "solist", 30)]), until=NOW.last)
    assert early == Missing("geen afgesloten periode met aantallen verdachten geleverd")


# ---- the action register


@pytest.fixture
def register() -> pd.DataFrame:
    # After the worked example of Slim Samen Toezien, bijlage 4, with its traps.
    names = ["actie_id", "gemeente_code", "gebied", "actie", "partij", "periode_van",
             "periode_tot", "uitgevoerd", "uitgevoerd_tot", "afgesproken_week"]  # fmt: skip
    rows = [
        ("1", "GM0513", "BU05130101", "extra toezicht", "stadstoezicht", "03-12-2018", "14-12-2018", "ja", "", ""),
        ("2", "GM0513", "BU05130101", "plaatsen sloten", "", "01-10-2018", "01-12-2018", "nee", "", ""),
        ("3", "GM0513", "BU05130102", "schouw", "gemeente", "01-12-2018", "20-12-2018", "", "", ""),
        ("4", "GM0513", "", "brief", "gemeente", "01-01-2019", "31-01-2019", "nee", "", ""),
        ("5", "GM0513", "BU05130102", "avond", "politie", "01-09-2018", "01-10-2018", "", "", ""),
        ("6", "GM0513", "BU05130102", "schouw", "gemeente", "01-12-2018", "01-02-2019", "ja", "30-01-2019", ""),
        ("7", "GM0513", "BU05130102", "later", "gemeente", "", "", "nee", "", "20-12-2018"),
        ("8", "GM0513", "BU05130102", "bel dhr. Jansen", "mevr. De Vries", "", "", "nee", "", ""),
    ]  # fmt: skip
    return parse(pd.DataFrame(rows, columns=names, dtype="str"), ACTIES)


def test_how_actions_stand_on_the_peildatum(register: pd.DataFrame) -> None:
    before = register.copy(deep=True)
    found = actions_at(register, NOW.last)
    # The seventh was agreed after the peildatum; the sixth was done after it.
    assert found.set_index("actie_id")["state"].to_dict() == {
        "2": LATE, "3": RUNNING, "6": RUNNING, "8": RUNNING, "4": LATER, "5": UNKNOWN, "1": DONE,
    }  # fmt: skip
    assert found["state"].map(STATES.index).is_monotonic_increasing
    later = actions_at(register, date(2019, 2, 10)).set_index("actie_id")["state"]
    assert later.to_dict() | {"6": DONE, "3": UNKNOWN, "4": LATE, "7": RUNNING} == later.to_dict()
    pd.testing.assert_frame_equal(register, before)


def test_names_of_people_do_not_reach_the_agenda(register: pd.DataFrame) -> None:
    found = actions_at(register, NOW.last)
    row = found.set_index("actie_id").loc["8"]
    assert (row["actie"], row["partij"]) == (WITHHELD, WITHHELD)
    text = found.to_csv() + meeting(found, NOW).to_csv()
    assert "Jansen" not in text
    assert "Vries" not in text


def test_open_actions_per_party_and_place_add_up(register: pd.DataFrame) -> None:
    found = actions_at(register, NOW.last)
    for by in ("partij", "gebied"):
        table = tally(found, by)
        assert table[list(STATES)].to_numpy().sum() == len(found)
        assert table["open"].sum() == (found["state"] != DONE).sum()
        assert UNKNOWN in table[by].tolist()
    party = tally(found, "partij").set_index("partij")
    assert party.loc["gemeente", ["loopt", "nog te beginnen", "open"]].tolist() == [2, 1, 3]
    shuffled = tally(found.sample(frac=1, random_state=3), "partij")
    pd.testing.assert_frame_equal(shuffled, tally(found, "partij"))


def test_the_order_in_which_parties_are_named_makes_no_other_party(register: pd.DataFrame) -> None:
    both = register.copy()
    both.loc[both["actie_id"].isin(["3", "5"]), "partij"] = "politie en gemeente"
    both.loc[both["actie_id"].isin(["2", "6"]), "partij"] = "gemeente en politie"
    found = actions_at(both, NOW.last)
    parties = tally(found, "partij").set_index("partij")
    # 3 and 6 run, 2 is late, and of 5 it is not filled in.
    assert parties.loc["gemeente en politie", ["loopt", "te laat", "open"]].tolist() == [2, 1, 4]
    assert "politie en gemeente" not in parties.index
    late = meeting(found, NOW).set_index("number").loc["2", "content"]
    assert "Te laat: 1 (bij gemeente en politie)" in late


def test_the_agenda_has_the_items_of_bijlage_3(register: pd.DataFrame) -> None:
    found = meeting(actions_at(register, NOW.last), NOW, points=["In twee weken 15 inbraken."])
    assert found["number"].tolist() == ["1", "2", "3a", "3b", "4", "5", "6"]
    content = found.set_index("number")["content"]
    assert content["2"] == (
        "In deze twee weken afgerond: 1. Te laat: 1 (bij partij niet ingevuld). "
        "Afgelopen en niet ingevuld of het is gedaan: 1"
    )
    assert content["3a"] == "In twee weken 15 inbraken."
    assert content["4"] == (
        "Lopend of nog te beginnen: 4; de eerste loopt af op 20 december 2018. "
        "BU05130102: 3; Zonder vermeld gebied: 1"
    )
    absent = meeting(Missing("het actieregister is niet geleverd"), NOW)
    assert "Geen actieregister" in absent.set_index("number")["content"]["2"]


def test_a_register_without_its_columns_is_refused(register: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="actions: column uitgevoerd is missing"):
        actions_at(register.drop(columns="uitgevoerd"), NOW.last)
