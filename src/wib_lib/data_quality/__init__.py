"""
Data quality of an incident extract, in terms that its owner can act on.

The registers that feed the evaluation are filled for other purposes. Each check here asks one
question of the rows (is it filled, does it say something, is it in time, did its level jump, does
it heap up, does a month lack) and returns a table and `Finding`s: what, where, how many of how
many, and how sure. A check that infers bounds its false alarms at `LEVEL` per delivery, corrected
for everything it looks at. Frames in, frames and findings out; the sentences are elsewhere.
"""

from wib_lib.data_quality.filling import (
    completeness,
    completeness_findings,
    unknown_findings,
    unknown_shares,
)
from wib_lib.data_quality.finding import LEVEL, Finding, Kind
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
from wib_lib.data_quality.shifts import shift_findings, shift_series, silent_months

__all__ = [
    "LEVEL",
    "Finding",
    "Kind",
    "completeness",
    "completeness_findings",
    "delay_findings",
    "heap_findings",
    "heaps",
    "misplaced",
    "misplaced_findings",
    "pile_findings",
    "pile_tables",
    "precision",
    "precision_findings",
    "registration_delay",
    "shift_findings",
    "shift_series",
    "silent_months",
    "unknown_findings",
    "unknown_shares",
]
