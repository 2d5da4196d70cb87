"""Values that are not there, told apart: missing is not zero, suppressed is neither.

A figure is a number, `Missing` with the reason that a reader needs, or `Suppressed` with the
smallest count that may be shown. Code that computes with figures must say what it does with
the other two; nothing turns them into 0 or NaN on the way.
"""

from dataclasses import dataclass
from typing import TypeGuard


@dataclass(frozen=True)
class Missing:
    """Not delivered, not computable or not applicable; `reason` is a Dutch phrase."""

    reason: str


@dataclass(frozen=True)
class Suppressed:
    """Known, and withheld because the count, or its complement, is below `minimum`."""

    minimum: int


Value = float | int | Missing | Suppressed


def is_known(value: Value) -> TypeGuard[float | int]:
    """
    Tell whether a figure is a number.

    Examples
    --------
    >>> is_known(0), is_known(Missing("niet geleverd")), is_known(Suppressed(5))
    (True, False, False)
    """
    return not isinstance(value, Missing | Suppressed)


def first_absent(*values: Value) -> Missing | Suppressed | None:
    """
    Return the first value that is not a number: the reason a result cannot be given.

    Examples
    --------
    >>> first_absent(1, Suppressed(5), Missing("weg"))
    Suppressed(minimum=5)
    """
    return next((value for value in values if isinstance(value, Missing | Suppressed)), None)
