"""Dutch notation: comma and point, a real minus, and halves away from zero."""

import locale
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from wib_lib import dutch
from wib_lib.absent import Missing, Suppressed, Value
from wib_lib.periods import Window

# ---- numbers


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"), (7, 0, "7"), (999, 0, "999"), (1000, 0, "1.000"), (91_595, 0, "91.595"),
        (7_386_743, 0, "7.386.743"), (12.4, 2, "12,40"), (1234.5, 1, "1.234,5"),
        (-1234.5, 1, "−1.234,5"), (np.int64(639), 0, "639"), (np.float64(5.54), 1, "5,5"),
        (Decimal("2.5"), 0, "3"), (1e-9, 2, "0,00"), (1e15, 0, "1.000.000.000.000.000"),
    ],
)  # fmt: skip
def test_numbers_have_a_point_per_thousand_and_a_comma(
    value: float, decimals: int, text: str
) -> None:
    assert dutch.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-0.5, 0, "−1"), (-2.5, 0, "−3"),
        (0.05, 1, "0,1"), (0.15, 1, "0,2"), (2.675, 2, "2,68"), (1.005, 2, "1,01"),
        (0.49999, 0, "0"), (-0.04, 1, "0,0"), (-0.05, 1, "−0,1"), (9.995, 2, "10,00"),
        (999.5, 0, "1.000"),
    ],
)  # fmt: skip
def test_halves_go_away_from_zero_as_they_are_written(
    value: float, decimals: int, text: str
) -> None:
    # 2.675 is stored as 2.67499..., but a reader rounds what is written.
    assert dutch.number(value, decimals) == text


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_the_written_number_is_within_half_a_unit_of_the_value(decimals: int) -> None:
    rng = np.random.default_rng(12)
    for value in rng.normal(0, 3_000, 300):
        text = dutch.number(value, decimals)
        plain = text.replace(".", "").replace(",", ".").replace("−", "-")
        half = Fraction(1, 2 * 10**decimals)
        assert abs(Fraction(plain) - Fraction(repr(float(value)))) <= half
        mirrored = text.removeprefix("−") if value < 0 or not Fraction(plain) else f"−{text}"
        assert dutch.number(-value, decimals) == mirrored


def test_signs_are_real_and_zero_has_none() -> None:
    assert dutch.number(12, sign=True) == "+12"
    assert dutch.number(-12, sign=True) == "\N{MINUS SIGN}12"
    assert dutch.number(0, sign=True) == "0"
    assert dutch.number(0.04, 1, sign=True) == "0,0"
    assert "-" not in dutch.number(-1234.5, 1)


def test_the_machine_s_language_plays_no_part() -> None:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "C")
        assert dutch.number(1234.5, 1) == "1.234,5"
        assert dutch.day(date(2018, 3, 12)) == "12 maart 2018"
    finally:
        locale.setlocale(locale.LC_ALL, before)


@pytest.mark.parametrize(
    ("value", "text"), [(Missing("niet geleverd"), "."), (Suppressed(5), "x"), (0, "0")]
)
def test_missing_suppressed_and_zero_are_told_apart(value: Value, text: str) -> None:
    assert dutch.number(value) == text
    assert dutch.percent(value, 0) == (f"{text} %" if value == 0 else text)


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (-21.127, {"sign": True}, "−21,1 %"), (4.25, {}, "4,3 %"), (100, {"decimals": 0}, "100 %"),
        (10, {"sign": True, "decimals": 0}, "+10 %"),
    ],
)  # fmt: skip
def test_percentages_are_already_in_per_cents(
    value: float, options: dict[str, int], text: str
) -> None:
    assert dutch.percent(value, **options) == text


def test_intervals_have_both_bounds_in_the_same_decimals() -> None:
    assert dutch.interval(0.5067, 1.0294, 2) == "0,51 tot 1,03"
    assert dutch.interval(-6.72, -1.68) == "−6,7 tot −1,7"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_written_as_one(value: float) -> None:
    with pytest.raises(ArithmeticError):
        dutch.number(value)


# ---- dates and windows


def test_every_month_has_its_name() -> None:
    names = [dutch.month(date(2018, m, 1)) for m in range(1, 13)]
    assert names[0] == "januari 2018"
    assert names[2] == "maart 2018"
    assert names[11] == "december 2018"
    assert len(set(names)) == 12
    starts = [name[:3] for name in dutch.MONTHS]
    starts[2] = "mrt"
    assert starts == dutch.MONTHS_SHORT


@pytest.mark.parametrize(
    ("day", "text"), [(date(2018, 1, 1), "1 januari 2018"), (date(2016, 2, 29), "29 februari 2016")]
)
def test_days_are_written_in_full(day: date, text: str) -> None:
    assert dutch.day(day) == text


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (Window(date(2018, 1, 1)), "2018"),
        (Window(date(2018, 2, 1)), "februari 2018 tot en met januari 2019"),
        (Window(date(2018, 1, 1), 1), "januari 2018"),
        (Window(date(2018, 1, 1), 11), "januari 2018 tot en met november 2018"),
        (Window(date(2017, 11, 1), 3), "november 2017 tot en met januari 2018"),
    ],
)
def test_windows_are_named_by_what_they_cover(window: Window, text: str) -> None:
    assert dutch.window(window) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (("a", "b", "c"), "a, b en c")],
)
def test_words_are_joined_into_a_phrase(words: list[str], text: str) -> None:
    assert dutch.listing(words) == text
    assert dutch.listing(words, last="of") == text.replace(" en ", " of ")
