"""
What a police record says about an incident besides place and time.

The value lists are those of the incident table of the tool; how they hang together
is invented but plausible: insluiping goes with class A30, flats are entered by the
front door or balcony, attempts differ by buurt, cleared cases have suspects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wib_lib.sample.hours import Times
from wib_lib.sample.places import Floats, Ints, Places

Texts = np.ndarray

CLASSES = {"A20": 0.86, "A30": 0.12, "B20": 0.013, "B30": 0.007}
HOUSES = {
    "tussenwoning": 0.55, "hoekwoning": 0.22, "twee-onder-een-kap": 0.12, "vrijstaand": 0.08,
    "onbekend": 0.03,
}  # fmt: skip
FLATS = {"appartement": 0.56, "portiekwoning": 0.32, "studentenwoning": 0.08, "onbekend": 0.04}
ENTRY_HOUSE = {
    "achterdeur": 0.31, "schuifpui": 0.09, "keukenraam": 0.15, "voordeur": 0.14,
    "bovenlicht": 0.07, "dakraam": 0.03, "garagedeur": 0.04, "zolderraam": 0.02, "kelder": 0.01,
    "zijdeur": 0.05, "onbekend": 0.09,
}  # fmt: skip
ENTRY_FLAT = {
    "voordeur": 0.56, "balkondeur": 0.16, "keukenraam": 0.08, "bovenlicht": 0.05, "kelder": 0.02,
    "schuifpui": 0.03, "onbekend": 0.10,
}  # fmt: skip
WAY_IN = {"braak": 0.87, "insluiping": 0.05, "onbekend": 0.06, "": 0.02}
WAY_IN_OPEN = {"insluiping": 0.72, "babbeltruc": 0.1, "braak": 0.05, "onbekend": 0.1, "": 0.03}
METHOD = {
    "forceren slot": 0.29, "verbreken raam": 0.15, "cilinder trekken": 0.13, "flipperen": 0.12,
    "inklimmen": 0.10, "hengelen": 0.05, "valse sleutel": 0.03, "onbekend": 0.13,
}  # fmt: skip
METHOD_OPEN = {"inklimmen": 0.3, "onbekend": 0.7}
TOOL = {
    "schroevendraaier": 0.29, "breekijzer": 0.17, "cilindertrekker": 0.07, "boormachine": 0.03,
    "plastic kaart": 0.06, "geïmproviseerd werktuig": 0.06, "onbekend": 0.17, "": 0.15,
}  # fmt: skip
LOOT = {
    "juwelen, geld": 0.24, "computer, telefoon": 0.21, "geld (€)": 0.13, "audio, video": 0.09,
    "fiets, scooter": 0.06, "identiteitspapieren": 0.05, "sleutels, auto": 0.05,
    "ideële waarde": 0.03, "overig": 0.09, "onbekend": 0.05,
}  # fmt: skip

ATTEMPTS, ATTEMPTS_SPREAD = 0.252, 0.35  # of A20; the spread is between buurten
ATTEMPTS_UNFORCED = 0.14  # of A30
CLEARED, CLEARED_ATTEMPT, CLEARED_RED_HANDED = 0.065, 0.045, 0.62
GANG_METHOD_SHARE = 0.6


@dataclass(frozen=True)
class Details:
    """Attributes of incidents, one item per incident; flags are J, N or blank."""

    mk_class: Texts
    attempt: Texts
    reported: Texts
    home: Texts
    social: Texts
    entry: Texts
    access: Texts
    method: Texts
    tool: Texts
    loot: Texts
    red_handed: Texts
    cleared: Texts
    cleared_day: Ints  # day number; 0 when not cleared
    suspects: Ints


def pick(rng: np.random.Generator, table: dict[str, float], n: int) -> Texts:
    """
    Draw `n` texts with the shares of a table.

    >>> pick(np.random.default_rng(1), {"a": 1.0}, 2).tolist()
    ['a', 'a']
    """
    share = np.array(list(table.values()))
    words = np.array(list(table), dtype=object)
    return words[rng.choice(len(words), size=n, p=share / share.sum())]


def flags(rng: np.random.Generator, chance: Floats, *, blank: float = 0.0) -> Texts:
    """Draw J with the given chances, otherwise N; a share stays blank (unknown)."""
    drawn = np.where(rng.random(len(chance)) < chance, "J", "N").astype(object)
    drawn[rng.random(len(chance)) < blank] = ""
    return drawn


def draw_details(
    rng: np.random.Generator,
    places: Places,
    buurt: Ints,
    gang: np.ndarray,
    times: Times,
    *,
    measured: int,
) -> Details:
    """
    Draw the attributes of all incidents.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    places : Places
        The make-up of the buurten.
    buurt : array of int
        Buurt of each incident.
    gang : array of bool
        Incidents of the gang, which mostly pulled cylinders.
    times : Times
        When each incident happened and became known.
    measured : int
        Day number of the extract: what was cleared later is not in it.

    Returns
    -------
    Details
        One item per incident.
    """
    n = len(buurt)
    mk_class = pick(rng, CLASSES, n)
    unforced = mk_class == "A30"
    odds = np.log(ATTEMPTS / (1 - ATTEMPTS)) + rng.normal(0, ATTEMPTS_SPREAD, len(places.code))
    chance = np.where(unforced, ATTEMPTS_UNFORCED, 1 / (1 + np.exp(-odds[buurt])))
    attempt = flags(rng, chance, blank=0.008)
    is_house = rng.random(n) < places.houses[buurt]
    home = np.where(is_house, pick(rng, HOUSES, n), pick(rng, FLATS, n))
    red_handed = flags(rng, np.where(attempt == "J", 0.06, 0.03), blank=0.005)
    cleared, cleared_day = _cleared(rng, attempt, red_handed, times.known, measured)
    method = np.where(unforced, pick(rng, METHOD_OPEN, n), pick(rng, METHOD, n))
    method[gang & (rng.random(n) < GANG_METHOD_SHARE)] = "cilinder trekken"
    return Details(
        mk_class=mk_class,
        attempt=attempt,
        reported=flags(rng, np.full(n, 0.96), blank=0.01),
        home=home,
        social=flags(rng, places.social[buurt], blank=0.06),
        entry=_entry(rng, unforced),
        access=np.where(is_house, pick(rng, ENTRY_HOUSE, n), pick(rng, ENTRY_FLAT, n)),
        method=method,
        tool=np.where(unforced, "", pick(rng, TOOL, n)),
        loot=np.where(attempt == "J", "", pick(rng, LOOT, n)),
        red_handed=red_handed,
        cleared=cleared,
        cleared_day=cleared_day,
        suspects=np.where(cleared == "J", rng.choice([1, 2, 3, 4], n, p=[0.6, 0.27, 0.1, 0.03]), 0),
    )


def _entry(rng: np.random.Generator, unforced: np.ndarray) -> Texts:
    """Draw braak or insluiping; the law's classes and the way in are not the same."""
    n = len(unforced)
    return np.where(unforced, pick(rng, WAY_IN_OPEN, n), pick(rng, WAY_IN, n))


def _cleared(
    rng: np.random.Generator, attempt: Texts, red_handed: Texts, known: Ints, measured: int
) -> tuple[Texts, Ints]:
    """Draw which cases were cleared and when; later than the extract is not yet."""
    n = len(known)
    chance = np.where(attempt == "J", CLEARED_ATTEMPT, CLEARED)
    chance = np.where(red_handed == "J", CLEARED_RED_HANDED, chance)
    wait = np.where(red_handed == "J", rng.integers(0, 3, n), rng.exponential(90, n).astype(int))
    day = known + wait
    cleared = flags(rng, np.where(day <= measured, chance, 0.0))
    return cleared, np.where(cleared == "J", day, 0)
