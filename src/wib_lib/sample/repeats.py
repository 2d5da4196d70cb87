"""
Near repeats: incidents that bring others soon after and near by.

A self-exciting process: every incident has a Poisson number of offspring, each some
days later at the same address or one within a short walk, and offspring can have
offspring of their own. With a mean of 0.12 about 12 % of all incidents are
offspring. One area has none and serves as a control.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wib_lib.sample.addresses import Addresses
from wib_lib.sample.clock import MINUTES_PER_DAY
from wib_lib.sample.places import Floats, Ints, Places

OFFSPRING = 0.12  # mean number per incident, and so the share of all incidents
CONTROL_AREA = "GM1901"
SAME_ADDRESS = 0.25
REACH = 150.0  # metres
DECAY = 60.0  # metres
LONGEST = 14  # days
MEAN_DAYS = 4.5


@dataclass(frozen=True)
class Events:
    """Incidents as arrays; `parent` is a position in the same arrays, or -1."""

    moment: Ints  # minutes since the epoch
    address: Ints
    parent: Ints
    gang: np.ndarray
    moved: np.ndarray

    def joined(self, other: Events) -> Events:
        """Return both, `other` after the incidents of this one."""
        return Events(
            np.concatenate([self.moment, other.moment]),
            np.concatenate([self.address, other.address]),
            np.concatenate([self.parent, other.parent]),
            np.concatenate([self.gang, other.gang]),
            np.concatenate([self.moved, other.moved]),
        )


def branching(code: str) -> float:
    """
    Mean number of offspring of an incident in an area.

    >>> branching("GM0513"), branching("GM1901")
    (0.12, 0.0)
    """
    return 0.0 if code == CONTROL_AREA else OFFSPRING


def with_repeats(
    rng: np.random.Generator, places: Places, addresses: Addresses, first: Events
) -> Events:
    """
    Add the offspring of the given incidents, generation after generation.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    places, addresses
        Where incidents can fall; offspring stay in the buurt of their parent.
    first : Events
        Incidents without parents.

    Returns
    -------
    Events
        `first`, followed by all offspring.
    """
    rate = np.array([branching(code) for code in places.gemeente])
    events, begin = first, 0
    while begin < len(events.moment):
        parents = np.arange(begin, len(events.moment))
        n = rng.poisson(rate[addresses.buurt[events.address[parents]]])
        begin = len(events.moment)
        events = events.joined(_offspring(rng, addresses, events, np.repeat(parents, n)))
    return events


def _offspring(
    rng: np.random.Generator, addresses: Addresses, events: Events, parents: Ints
) -> Events:
    """Draw one child for each of the parents given."""
    return Events(
        moment=events.moment[parents] + _delays(rng, len(parents)),
        address=_near(rng, addresses, events.address[parents]),
        parent=parents,
        gang=events.gang[parents],
        moved=events.moved[parents],
    )


def _delays(rng: np.random.Generator, n: int) -> Ints:
    """Draw delays in minutes: exponential, cut off at `LONGEST` days."""
    share = rng.random(n) * (1 - np.exp(-LONGEST / MEAN_DAYS))
    days: Floats = -MEAN_DAYS * np.log1p(-share)
    return np.floor(days * MINUTES_PER_DAY).astype(np.int64) + 1


def _near(rng: np.random.Generator, addresses: Addresses, origin: Ints) -> Ints:
    """Draw the address itself or one within reach, nearer ones more often."""
    chance = rng.random((2, len(origin)))
    target = origin.copy()
    for k in np.flatnonzero(chance[0] >= SAME_ADDRESS):
        begin, end = addresses.first[addresses.buurt[origin[k]] + np.array([0, 1])]
        x, y = addresses.x[begin:end], addresses.y[begin:end]
        gap = np.hypot(x - addresses.x[origin[k]], y - addresses.y[origin[k]])
        weight = np.where(gap <= REACH, np.exp(-gap / DECAY), 0.0)
        weight[origin[k] - begin] = 0.0
        if weight.any():
            heap = np.cumsum(weight)
            target[k] = begin + np.searchsorted(heap, chance[1, k] * heap[-1], side="right")
    return target
