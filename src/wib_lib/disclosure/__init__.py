"""Which counts may be shown to an audience, and the proof that the hidden ones stay hidden.

`system` links every declared table into one system of cells and sums, `protect` decides which
cells are hidden, `audit` computes what a reader can still work out of each, `Ledger` remembers
what was shown to whom. Methods and sources: docs/methods/disclosure.md.
"""

from wib_lib.disclosure.audit import audit
from wib_lib.disclosure.cells import Cube
from wib_lib.disclosure.derived import derived, group_disclosure
from wib_lib.disclosure.dimension import TOTAL, Dimension, nested, overlapping
from wib_lib.disclosure.figures import merge_small, percentage, screened_part
from wib_lib.disclosure.ledger import AUDIENCES, Earlier, Ledger
from wib_lib.disclosure.protect import protect
from wib_lib.disclosure.protection import Protection
from wib_lib.disclosure.rounded import rounded
from wib_lib.disclosure.system import System, system

__all__ = [
    "AUDIENCES",
    "TOTAL",
    "Cube",
    "Dimension",
    "Earlier",
    "Ledger",
    "Protection",
    "System",
    "audit",
    "derived",
    "group_disclosure",
    "merge_small",
    "nested",
    "overlapping",
    "percentage",
    "protect",
    "rounded",
    "screened_part",
    "system",
]
