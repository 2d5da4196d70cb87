"""Values that are not there, told apart: missing is not zero, suppressed is neither.

A figure is a number, `Missing` with the reason that a reader needs, or `Suppressed` with the
smallest count that may be shown. Code that computes with figures must say what it does with
the other two; nothing turns them into 0 or NaN on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

UNKNOWN = "niet bekend"


@dataclass(frozen=True)
class Missing:
    """Not delivered, not computable or not applicable; `reason` is a Dutch phrase."""

    reason: str


@dataclass(frozen=True)
class NotGiven(Missing):
    """Delivered, but no figure can be given of it, or not to these readers: nobody to ask."""


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


def figure_of(block: Mapping[str, Any], field: str) -> Value:
    """
    Read one figure of a block of key figures, as `wib_lib.keyfile.block` wrote it.

    Examples
    --------
    >>> figure_of({"venster": 12}, "venster")
    12
    >>> figure_of({"venster": None, "reden": {"venster": "niet geleverd"}}, "venster")
    Missing(reason='niet geleverd')
    >>> is_known(figure_of({"venster": None, "onderdrukt": True}, "venster"))
    False
    """
    value = block.get(field)
    if value is not None:
        return value  # type: ignore[no-any-return]
    reasons = block.get("reden", {})
    if isinstance(reasons, Mapping) and field in reasons:
        return Missing(str(reasons[field]))
    if block.get("onderdrukt"):
        return Suppressed(0)  # key figures tell that, not the limit
    return Missing(str(reasons) if reasons and isinstance(reasons, str) else UNKNOWN)
