"""All checks of an extract in one call: tables and findings together."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from wib_lib.data_quality.filling import (
    completeness,
    completeness_findings,
    unknown_findings,
    unknown_shares,
)
from wib_lib.data_quality.finding import Finding, Kind
from wib_lib.data_quality.piles import (
    misplaced,
    misplaced_findings,
    pile_findings,
    pile_tables,
    precision,
    precision_findings,
)
from wib_lib.data_quality.registration import (
    delay_findings,
    heap_findings,
    heaps,
    registration_delay,
)
from wib_lib.data_quality.shifts import local_shift_findings, shift_findings, shift_series
from wib_lib.data_quality.silence import silent_months
from wib_lib.tables import INCIDENTEN, require_columns


@dataclass(frozen=True)
class Quality:
    """
    What the checks of one extract give.

    Parameters
    ----------
    n : int
        Incidents looked at.
    findings : list of Finding
        In the order of the checks.
    filled, unknown, delay, precision : DataFrame
        Results of the functions of that name (`completeness`, `unknown_shares`,
        `registration_delay`, `precision`).
    piles : dict of DataFrame
        Places that hold too many incidents; rows of these stay with the analyst.
    """

    n: int
    findings: list[Finding]
    filled: pd.DataFrame
    unknown: pd.DataFrame
    delay: pd.DataFrame
    precision: pd.DataFrame
    piles: dict[Kind, pd.DataFrame]


def assess(
    incidents: pd.DataFrame,
    months: pd.PeriodIndex,
    *,
    delivered: Collection[str],
    located: pd.Series | None = None,
) -> Quality:
    """
    Run every check on an extract.

    Parameters
    ----------
    incidents : DataFrame
        Accepted incidents with all columns of the contract `INCIDENTEN`.
    months : PeriodIndex
        Months that the delivery covers completely.
    delivered : collection of str
        Fields that the delivered file has a column for.
    located : Series of str, optional
        Buurt in which each point lies, as in `misplaced`; None when that is not known.

    Raises
    ------
    TableError
        When a column is missing.
    """
    require_columns(incidents, INCIDENTEN.names, name="incidents")
    filled = completeness(incidents, months, delivered=delivered)
    unknown = unknown_shares(incidents, delivered=delivered)
    delay = registration_delay(incidents)
    piled = pile_tables(incidents)
    precise = precision(incidents)
    shifts = shift_findings(shift_series(incidents, months))
    fields = {item.column for item in shifts}
    findings = [
        *completeness_findings(filled, delivered=delivered),
        *silent_months(incidents, months),
        *shifts,
        *local_shift_findings(incidents, months, known=fields),
        *unknown_findings(unknown),
        *delay_findings(delay),
        *heap_findings(heaps(incidents, months)),
        *pile_findings(piled, len(incidents)),
        *precision_findings(precise),
    ]
    if located is not None:
        findings += misplaced_findings(misplaced(incidents, located))
    return Quality(len(incidents), findings, filled, unknown, delay, precise, piled)
