"""Coverage of the checklist informatie-analyse: what was delivered, by whom, as of when.

The coverage table is printed whole even when little was delivered: a part that nobody delivers
is a finding for the working group, with the owner to ask.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from wib_lib.checklist.parts import PARTS, Part

DELIVERED, COMPUTED, ABSENT, LEFT_OUT = (
    "geleverd",
    "berekend",
    "niet geleverd",
    "niet opgenomen (grond ontbreekt)",
)


@dataclass(frozen=True)
class Available:
    """A table of the delivery: its filled columns, its owner and its reference date."""

    columns: frozenset[str]
    owner: str
    peildatum: date


def coverage_table(
    available: Mapping[str, Available], *, computed: Collection[str] = ()
) -> pd.DataFrame:
    """
    Status of all 49 parts.

    Parameters
    ----------
    available : mapping of str to Available
        By table, as far as it has rows for the area.
    computed : collection of str
        Numbers of the parts that the pack works out; a part is `berekend` only when its data
        were delivered too.

    Returns
    -------
    DataFrame
        One row per part in the checklist's order: `number`, `text`, `perspective`, `status`,
        `owner` (who delivered it, or who can) and `peildatum` (missing when not delivered).

    Examples
    --------
    >>> table = coverage_table({"kerncijfers": Available(frozenset({"n_dwellings"}), "CBS", date(2018, 1, 1))})
    >>> len(table), table.set_index("number").loc["3", "status"]
    (49, 'geleverd')
    """
    rows = []
    for part in PARTS:
        source = _source(part, available)
        status = _status(part, source, computed)
        rows.append(
            {
                "number": part.number,
                "text": part.text,
                "perspective": part.perspective,
                "status": status,
                "owner": source.owner if source else part.owner,
                "peildatum": source.peildatum if source else None,
            }
        )
    return pd.DataFrame(rows)


def _source(part: Part, available: Mapping[str, Available]) -> Available | None:
    if part.opt_in:
        return None
    for table, columns in ((part.table, part.columns), *part.alternatives):
        found = available.get(table)
        if found and found.columns.issuperset(columns):
            return found
    return None


def _status(part: Part, source: Available | None, computed: Collection[str]) -> str:
    if part.opt_in:
        return LEFT_OUT
    if source is None:
        return ABSENT
    return COMPUTED if part.number in computed else DELIVERED
