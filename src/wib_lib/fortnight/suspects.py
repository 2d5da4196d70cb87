"""Suspects as their owner counted them: classes with enough persons, the rest withheld.

Nothing is computed from rows of persons: there are none. Owners count by year or by months, not
by two weeks, so what is given is the latest period that had ended beside the one before; a change
within two weeks cannot be seen and is not suggested. A zero is withheld as well, since that nobody
of a class was suspected says something of the others, and so is a class that holds everyone
(requirements 9.3, P-01). A single withheld class takes the smallest shown one with it. No shares
are given: a share tells the total, and the total tells what is withheld. Hundepool et al. (2012).
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from wib_lib.absent import Missing, Suppressed, Value
from wib_lib.dutch import window as window_label
from wib_lib.periods import Window, parse_period
from wib_lib.tables import require_columns

MINIMUM = 10
NOT_DELIVERED = Missing("niet geleverd")


def profile(
    suspects: pd.DataFrame | None, *, until: date, minimum: int = MINIMUM
) -> pd.DataFrame | Missing:
    """
    Give the counts of suspects per characteristic for the latest periods that had ended.

    Parameters
    ----------
    suspects : DataFrame or None
        Contract `verdachten` (DS-13) of one gemeente: `gebied`, `periode`, `kenmerk`, `klasse`,
        `n_personen`. Rows of a part of the gemeente are left out.
    until : date
        The peildatum: later periods are not known yet.
    minimum : int
        Smallest number of persons in a class that may be shown.

    Returns
    -------
    DataFrame or Missing
        `kenmerk`, `klasse`, `n_now`, `n_before` (Values; missing where not delivered).
        `attrs["now"]` and `attrs["before"]` name the periods; `before` is the one as long as
        `now` and next to it, and empty when that was not delivered.
    """
    if suspects is None:
        return Missing("aantallen verdachten zijn niet geleverd")
    needed = ["gebied", "periode", "kenmerk", "klasse", "n_personen"]
    require_columns(suspects, needed, name="suspects")
    whole = suspects["gebied"].isna() | suspects["gebied"].astype("str").str.startswith("GM")
    rows = suspects[whole].assign(window=suspects["periode"].map(parse_period))
    ended = [one for one in rows["window"].unique() if one.last <= until]
    if not ended:
        return Missing("geen afgesloten periode met aantallen verdachten geleverd")
    now = max(ended, key=lambda one: (one.last, one.n_months))
    before = next((one for one in ended if one.end == now.start and _as_long(one, now)), None)
    latest = _screened(rows, now, minimum)
    earlier = {} if before is None else _screened(rows, before, minimum)
    table = pd.DataFrame(
        [
            (*key, latest.get(key, NOT_DELIVERED), earlier.get(key, NOT_DELIVERED))
            for key in {**latest, **earlier}
        ],
        columns=["kenmerk", "klasse", "n_now", "n_before"],
        dtype=object,
    )
    table.attrs["now"] = window_label(now)
    table.attrs["before"] = "" if before is None else window_label(before)
    return table


def withhold(counts: Sequence[float | None], *, minimum: int) -> list[Value]:
    """
    Withhold the classes of one characteristic that hold too few persons, or all of them.

    Parameters
    ----------
    counts : sequence of float or None
        Persons per class; None where the owner withheld the count.
    minimum : int

    Examples
    --------
    >>> withhold([32, 14, 11], minimum=10)
    [32, 14, 11]
    >>> withhold([32, 14, None], minimum=10)
    [32, Suppressed(minimum=10), Suppressed(minimum=10)]
    >>> withhold([34, 0], minimum=10)
    [Suppressed(minimum=10), Suppressed(minimum=10)]
    """
    shown = {at: n for at, n in enumerate(counts) if n is not None and n >= minimum}
    if len(shown) == len(counts) - 1 and shown:
        del shown[min(shown, key=lambda at: shown[at])]
    if len(shown) == 1 and sum(n or 0 for n in counts) == sum(shown.values()):
        shown = {}
    return [int(shown[at]) if at in shown else Suppressed(minimum) for at in range(len(counts))]


def _screened(rows: pd.DataFrame, window: Window, minimum: int) -> dict[tuple[str, str], Value]:
    """Return the Values of one period, by characteristic and class."""
    own = rows[[one == window for one in rows["window"]]]
    found: dict[tuple[str, str], Value] = {}
    for kenmerk in own["kenmerk"].unique():
        group = own[own["kenmerk"].eq(kenmerk)]
        numbers = [None if pd.isna(n) else float(n) for n in group["n_personen"]]
        shown = withhold(numbers, minimum=minimum)
        found |= dict(zip(((kenmerk, klasse) for klasse in group["klasse"]), shown, strict=True))
    return found


def _as_long(one: Window, other: Window) -> bool:
    return one.n_months == other.n_months
