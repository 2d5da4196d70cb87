"""Primary and complementary suppression over one system of linked tables.

A count of 1 to `minimum - 1` is hidden, and with it the cheapest other cells that keep every
reader unsure of it. What is public, what the readers saw before and zeros protect nothing.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from wib_lib.disclosure.linking import follows
from wib_lib.disclosure.protection import Protection, finding, statuses
from wib_lib.disclosure.search import Task, suppress
from wib_lib.disclosure.system import IMPLIED, System
from wib_lib.disclosure.witness import true_filling
from wib_lib.errors import TableError


def protect(
    linked: System,
    *,
    minimum: int,
    hidden: Collection[str] = (),
    known: Collection[str] = (),
) -> Protection:
    """
    Decide which cells are shown, so that no hidden one can be worked out.

    Parameters
    ----------
    linked : System
    minimum : int
        Smallest count that may be shown; 1 hides nothing.
    hidden : collection of str
        Keys of cells that earlier publications hid: they stay hidden.
    known : collection of str
        Keys of cells that the readers have already seen: they stay shown, and protect nothing.

    Returns
    -------
    Protection
        Every small count that could not be protected is a finding.

    Raises
    ------
    TableError
        When `minimum` is below 1 or no filling fits the counts.

    Examples
    --------
    >>> from wib_lib.disclosure import Cube, nested, system
    >>> cells = pd.DataFrame({"gebied": ["GM1842", "WK184201", "WK184202"], "n": [40, 37, 3]})
    >>> parents = {"WK184201": "GM1842", "WK184202": "GM1842"}
    >>> linked = system([Cube("wijken", "incidenten", ("gebied",), cells)], [nested("gebied", parents)])
    >>> protection = protect(linked, minimum=5)
    >>> protection.cells.set_index("gebied")["status"].sort_index().tolist()
    ['shown', 'secondary', 'primary']
    """
    if minimum < 1:
        raise TableError(f"de kleinste te tonen telling moet minstens 1 zijn, gevonden: {minimum}")
    cells = linked.cells
    n = cells["n"].astype("float64").to_numpy()
    is_seen = (cells["key"].isin(list(known)) & cells["is_delivered"]).to_numpy()
    is_known = (cells["is_public"] | is_seen).to_numpy()
    is_implied = (cells["tables"] == IMPLIED).to_numpy()
    is_known = is_known | (is_implied & follows(linked.relations, is_known))
    is_small = ((n > 0) & (n < minimum)) | (cells["is_protected"].to_numpy() & (minimum > 1))
    was_hidden = cells["key"].isin(list(hidden)).to_numpy()
    is_guarded = (is_small | was_hidden) & ~is_known
    off_page = ~(cells["is_published"] & cells["is_delivered"]).to_numpy()
    is_zero = (n == 0) & ~is_guarded & ~off_page
    counts = true_filling(linked)
    floor = np.minimum(cells["floor"].to_numpy(float), counts)  # a hidden 0 may stay hidden
    is_hidden, is_open = suppress(
        Task(
            linked.relations,
            counts,
            floor,
            cells["cost"].to_numpy(),
            is_guarded=is_guarded,
            is_small=(counts < minimum) | cells["is_protected"].to_numpy(),
            is_hidden=(is_guarded | off_page) & ~is_known,
            is_free=~is_known & ~is_zero,
            minimum=minimum,
        )
    )
    found = pd.concat(
        [
            finding("eerder_getoond", cells.loc[is_seen & is_small & ~cells["is_public"], "key"]),
            finding("al_openbaar", cells.loc[was_hidden & cells["is_public"], "key"]),
            finding("niet_te_beveiligen", cells.loc[is_open, "key"]),
        ],
        ignore_index=True,
    )
    status = statuses(cells, is_known=is_known, is_hidden=is_hidden, is_primary=is_small)
    decided = cells.assign(status=status, is_guarded=is_guarded, floor=floor)
    return Protection(decided, minimum, found)
