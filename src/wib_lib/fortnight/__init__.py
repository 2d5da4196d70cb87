"""What the operational meeting looks at every two weeks (Slim Samen Toezien, bijlage 5 and 3).

Counts per place, changes in method, time and place, suspects as counted by their owner, and the
agenda from the action register, for the fourteen days that end on any peildatum. Comparisons are
with the two weeks before and with the same days of earlier years; where the numbers are too small
to say anything, that is what is said.
"""

from wib_lib.fortnight.agenda import actions_at, meeting, tally
from wib_lib.fortnight.changes import METHOD, changes
from wib_lib.fortnight.counts import by_place, totals
from wib_lib.fortnight.moment import MOMENT, with_moment
from wib_lib.fortnight.place import COUNT_BREAKS, RATE_BREAKS, centre_shift, with_rates
from wib_lib.fortnight.span import Covered, Fortnight
from wib_lib.fortnight.suspects import profile

__all__ = [
    "COUNT_BREAKS",
    "METHOD",
    "MOMENT",
    "RATE_BREAKS",
    "Covered",
    "Fortnight",
    "actions_at",
    "by_place",
    "centre_shift",
    "changes",
    "meeting",
    "profile",
    "tally",
    "totals",
    "with_moment",
    "with_rates",
]
