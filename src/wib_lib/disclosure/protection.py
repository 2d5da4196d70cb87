"""What may be shown of a system: a status for every cell, and what could not be protected."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.absent import UNKNOWN, Missing, Suppressed, Value
from wib_lib.disclosure.cells import Cube
from wib_lib.disclosure.system import System
from wib_lib.errors import TableError

SHOWN, PRIMARY, SECONDARY, NOT_DELIVERED, UNPUBLISHED = (
    "shown",
    "primary",
    "secondary",
    "unknown",
    "unpublished",
)
HIDDEN = (PRIMARY, SECONDARY)
FINDINGS = {
    "eerder_getoond": "{key} is klein en is eerder al getoond aan dezelfde lezers",
    "niet_te_beveiligen": "{key} ligt binnen een te smalle marge vast, omdat wat eromheen staat "
    "openbaar of al getoond is; verbergen helpt niet verder: overleg met de bronhouder",
    "al_openbaar": "{key} werd eerder verborgen, maar staat nu in open data",
}


@dataclass(frozen=True)
class Protection:
    """
    Statuses of the cells of a system.

    Parameters
    ----------
    cells : DataFrame
        The system's cells with `status` (`shown`, `primary`, `secondary`, `unknown`,
        `unpublished`) and `is_guarded` (the interval around it must be wide).
    minimum : int
        Smallest count that may be shown.
    findings : DataFrame
        `finding`, `key`, `text` (Dutch): what could not be protected. Nothing may be released
        while there are `niet_te_beveiligen`.
    """

    cells: pd.DataFrame
    minimum: int
    findings: pd.DataFrame

    @property
    def share_kept(self) -> float:
        """Shown cells as a share of those that tables hold with a count; 1 without cells."""
        counted = self.cells["is_published"] & self.cells["is_delivered"]
        shown = self.cells.loc[counted, "status"] == SHOWN
        return float(shown.mean()) if len(shown) else 1.0

    def table(self, cube: Cube) -> pd.DataFrame:
        """
        Give the cells of one table their status, in the table's order.

        Returns
        -------
        DataFrame
            The cube's cells with `key`, `status` and `n` missing where it may not be shown.

        Raises
        ------
        TableError
            When the table is not part of the protected system.
        """
        found = cube.cells.copy()
        key = pd.Series(cube.measure, index=found.index)
        for name in sorted(cube.dimensions):
            part = f";{name}=" + found[name].astype("str")
            key += part.where(found[name] != "", "")
        found["key"] = key
        statuses = self.cells.set_index("key")["status"]
        found["status"] = key.map(statuses)
        if found["status"].isna().any():
            raise TableError(f"{cube.name}: deze tabel hoort niet bij wat is beveiligd")
        found["n"] = found["n"].astype("Int64").where(found["status"] == SHOWN)
        return found

    def value(self, linked: System, measure: str, **codes: str) -> Value:
        """Return the count that may be shown, or why there is none."""
        cell = self.cells.loc[linked.find(measure, **codes)]
        if cell["status"] == SHOWN:
            return int(cell.to_dict()["n"])
        if cell["status"] == NOT_DELIVERED:
            return Missing(UNKNOWN)
        return Suppressed(self.minimum)


def finding(name: str, keys: pd.Series) -> pd.DataFrame:
    """Write one finding about each key."""
    text = [FINDINGS[name].format(key=key) for key in keys]
    return pd.DataFrame({"finding": name, "key": keys.to_numpy(), "text": text}, dtype="object")


def statuses(
    cells: pd.DataFrame, *, is_known: np.ndarray, is_hidden: np.ndarray, is_primary: np.ndarray
) -> pd.Series:
    """Name the status of every cell; what readers know already is shown, in these tables or not."""
    choices = [
        is_known,
        ~cells["is_published"],
        ~cells["is_delivered"],
        is_primary & is_hidden,
        is_hidden,
    ]
    names = [SHOWN, UNPUBLISHED, NOT_DELIVERED, PRIMARY, SECONDARY]
    return pd.Series(np.select(choices, names, SHOWN), index=cells.index)
