"""
From incidents to records, with the flaws that real deliveries have.

Flaws sit in rows of their own or in rows that stay usable without the flawed cell,
one flaw per row, so that a reader's account of them can be checked row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from wib_lib.sample.addresses import Addresses, draw_addresses
from wib_lib.sample.clock import MINUTES_PER_DAY, day_number
from wib_lib.sample.details import Details, draw_details
from wib_lib.sample.hours import Times, draw_times
from wib_lib.sample.places import Ints, Places
from wib_lib.sample.published import YEARS
from wib_lib.sample.repeats import Events

FIRST_DAY = day_number(date(YEARS[0], 1, 1))
LAST_DAY = day_number(date(YEARS[-1], 12, 31))
MEASURED = date(2019, 1, 15)  # the day of the extract

OTHER_CLASS = "buiten_delictselectie"
NO_ID = "incident_id_ontbreekt"
NO_DATE = "kennisname_onleesbaar"
NO_GEMEENTE = "gemeente_onbekend"
OUTSIDE = "buiten_leverperiode"
EXTRA_ROWS = {NO_ID: 14, NO_DATE: 18, OTHER_CLASS: 420, NO_GEMEENTE: 16}
OUTSIDE_ROWS = {"ervoor": 12, "erna": 10}  # at most; as many as the process made
REJECTED = (NO_ID, NO_DATE, OTHER_CLASS, NO_GEMEENTE, OUTSIDE)

TIMES_TURNED = "pleegtijd_omgekeerd"
BAD_POINT = "coordinaat onmogelijk"
BAD_POINTS = (
    "coordinaat_nulpunt",
    "coordinaat_oorsprong",
    "coordinaat_assen_verwisseld",
)  # in turn
ODD_CODE = "gemeentecode afwijkend geschreven"  # not a flaw: a reader repairs it
REPEATED = "dubbel"
MARKED_ROWS = {TIMES_TURNED: 30, BAD_POINT: 25, REPEATED: 45}
ODD_CODE_SHARE = 0.01

GEOCODED = {"adres": 0.95, "straat": 0.04, "geen": 0.01}


@dataclass(frozen=True)
class Records:
    """Rows in order of registration; every array has one item per row."""

    address: Ints
    source: Ints  # position in the events, -1 for a row made for its flaw
    times: Times
    details: Details
    flaw: np.ndarray
    geocoded: np.ndarray

    @property
    def accepted(self) -> np.ndarray:
        """True where a reader must accept the row (duplicates are no rows here)."""
        return ~np.isin(self.flaw.astype(str), REJECTED)


def make_records(
    rng: np.random.Generator, places: Places, addresses: Addresses, events: Events
) -> Records:
    """
    Turn incidents into records, add the rows that must be rejected, mark flaws.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    places, addresses
        Where incidents fell.
    events : Events
        All incidents of the process.

    Returns
    -------
    Records
        Rows in order of registration.
    """
    times = draw_times(rng, events.moment)
    keep, flaw = _delivered(rng, times)
    extra = _extra_moments(rng)
    n_extra = len(extra)
    homes = addresses.buurt[events.address[rng.choice(keep, n_extra)]]
    all_times = _stacked(_taken(times, keep), draw_times(rng, extra))
    flaw = np.concatenate([flaw, np.repeat(list(EXTRA_ROWS), list(EXTRA_ROWS.values()))])
    address = np.concatenate([events.address[keep], draw_addresses(rng, addresses, homes)])
    source = np.concatenate([keep, np.full(n_extra, -1)])
    order = np.lexsort((rng.random(len(flaw)), all_times.known))
    all_times, address, source = _taken(all_times, order), address[order], source[order]
    gang = np.where(source >= 0, events.gang[source], False)
    details = draw_details(
        rng,
        places,
        addresses.buurt[address],
        gang,
        all_times,
        measured=day_number(MEASURED),
    )
    geocoded = rng.choice(list(GEOCODED), size=len(order), p=list(GEOCODED.values()))
    flaw = _marked(rng, flaw[order].astype(object), all_times, geocoded)
    return Records(address, source, all_times, details, flaw, geocoded)


def _delivered(rng: np.random.Generator, times: Times) -> tuple[Ints, np.ndarray]:
    """Return the incidents of the period, and a few that became known just outside it."""
    known = times.known
    inside = np.flatnonzero((known >= FIRST_DAY) & (known <= LAST_DAY))
    before = rng.permutation(np.flatnonzero(known < FIRST_DAY))[: OUTSIDE_ROWS["ervoor"]]
    late = np.flatnonzero((known > LAST_DAY) & (known <= day_number(MEASURED)))
    after = rng.permutation(late)[: OUTSIDE_ROWS["erna"]]
    outside = np.concatenate([before, after])
    flaw = np.repeat(["", OUTSIDE], [len(inside), len(outside)])
    return np.concatenate([inside, outside]), flaw


def _extra_moments(rng: np.random.Generator) -> Ints:
    """Draw moments for rejected rows, away from the ends so that only one flaw arises."""
    begin, end = (FIRST_DAY + 20) * MINUTES_PER_DAY, (LAST_DAY - 40) * MINUTES_PER_DAY
    return rng.integers(begin, end, sum(EXTRA_ROWS.values()))


def _taken(times: Times, rows: Ints) -> Times:
    """Return the times at the given rows."""
    return Times(times.begin[rows], times.end[rows], times.known[rows], times.has_begin[rows])


def _stacked(one: Times, other: Times) -> Times:
    """Return both, the second after the first."""
    return Times(
        np.concatenate([one.begin, other.begin]),
        np.concatenate([one.end, other.end]),
        np.concatenate([one.known, other.known]),
        np.concatenate([one.has_begin, other.has_begin]),
    )


def _marked(
    rng: np.random.Generator, flaw: np.ndarray, times: Times, geocoded: np.ndarray
) -> np.ndarray:
    """Mark clean rows to be repeated, or to get one cell spoilt or oddly written."""
    can_turn = times.has_begin & (times.end > times.begin)
    possible = {TIMES_TURNED: can_turn, BAD_POINT: geocoded == "adres"}
    wanted = {**MARKED_ROWS, ODD_CODE: round(ODD_CODE_SHARE * len(flaw))}
    for mark, n in wanted.items():
        free = np.flatnonzero((flaw == "") & possible.get(mark, np.ones(len(flaw), dtype=bool)))
        flaw[rng.permutation(free)[:n]] = mark
    return flaw
