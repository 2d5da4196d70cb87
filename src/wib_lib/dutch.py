"""Numbers, dates and short phrases in Dutch: 1.234,5 and 12 maart 2018.

Rounding happens here and nowhere else, half away from zero as readers expect; a minus is a
real minus sign so that columns line up.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from wib_lib.absent import Missing, Suppressed, Value
from wib_lib.periods import Window, add_months

MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
MONTHS_SHORT = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()


def number(value: Value, decimals: int = 0, *, sign: bool = False) -> str:
    """
    Write a number, or the sign for a missing or suppressed one.

    Examples
    --------
    >>> number(1234.55, 1), number(-0.04, 1), number(12, sign=True)
    ('1.234,6', '0,0', '+12')
    >>> number(Missing("niet geleverd")), number(Suppressed(5))
    ('.', 'x')
    """
    if isinstance(value, Missing):
        return "."
    if isinstance(value, Suppressed):
        return "x"
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    if rounded == 0:
        return text
    return ("−" if rounded < 0 else "+" if sign else "") + text


def percent(value: Value, decimals: int = 1, *, sign: bool = False) -> str:
    """
    Write a percentage that is already in per cents.

    Examples
    --------
    >>> percent(-10, sign=True), percent(12.345)
    ('−10,0 %', '12,3 %')
    """
    text = number(value, decimals, sign=sign)
    return text if isinstance(value, Missing | Suppressed) else f"{text} %"


def interval(low: float, high: float, decimals: int = 1) -> str:
    """
    Write an interval.

    Examples
    --------
    >>> interval(1.25, 3.5)
    '1,3 tot 3,5'
    """
    return f"{number(low, decimals)} tot {number(high, decimals)}"


def day(value: date) -> str:
    """
    Write a date in full.

    Examples
    --------
    >>> day(date(2018, 3, 12))
    '12 maart 2018'
    """
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """
    Write a month.

    Examples
    --------
    >>> month(date(2018, 3, 1))
    'maart 2018'
    """
    return f"{MONTHS[value.month - 1]} {value.year}"


def window(value: Window) -> str:
    """
    Name a window: a calendar year by its number, another by its months.

    Examples
    --------
    >>> window(Window(date(2018, 1, 1), 12))
    '2018'
    >>> window(Window(date(2017, 10, 1), 6))
    'oktober 2017 tot en met maart 2018'
    """
    if value.is_calendar_year():
        return str(value.start.year)
    if value.n_months == 1:
        return month(value.start)
    last = add_months(value.start, value.n_months - 1)
    return f"{month(value.start)} tot en met {month(last)}"


def listing(words: Sequence[str], *, last: str = "en") -> str:
    """
    Join words into a phrase.

    Examples
    --------
    >>> listing(["a", "b", "c"])
    'a, b en c'
    """
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def stated(value: Any) -> str:
    """
    Write a value as a file states it: a text, a date, yes or no; digits are not grouped.

    Examples
    --------
    >>> stated("2018-03-12"), stated(0.95), stated(True), stated([2013, 2014]), stated(None)
    ('12 maart 2018', '0,95', 'ja', '2013, 2014', 'niet opgegeven')
    """
    if value is None:
        return "niet opgegeven"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(map(stated, value)) or "geen"
    if not isinstance(value, str):
        return str(value).removesuffix(".0").replace(".", ",").replace("-", "−")
    try:
        return day(date.fromisoformat(value)) if value.count("-") == 2 else value
    except ValueError:
        return value
