"""Registered hotspots (Gebiedsscan, Hotspotmonitor) beside where the burglaries were.

The register names buurten or wijken with the days between which they were a hotspot (DS-23). Set
beside them: the share of burglaries and of dwellings they hold while they ran, the prediction
accuracy index (share of burglaries over share of dwellings; Chainey et al. 2008, who take the
surface), and the overlap with the hot areas found here. A register names places for more reasons
than burglary, so a low share is a question, not a fault.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wib_lib.absent import Missing, Value
from wib_lib.hotspot_moves import overlap
from wib_lib.periods import Window
from wib_lib.rates import share_interval
from wib_lib.tables import require_columns

OWN = "eigen analyse"


def registered_parts(register: pd.DataFrame, parts: pd.DataFrame, window: Window) -> pd.DataFrame:
    """
    Tell which parts each source registered as a hotspot on some day of the window.

    Parameters
    ----------
    register : DataFrame
        `gebied` (code of a buurt, or of the wijk that holds it), `bron`, `van`, `tot`; an empty
        day leaves that side open.
    parts : DataFrame
        `code` of the buurten.
    window : Window

    Returns
    -------
    DataFrame of bool
        One column per source that is in the register, rows as `parts`. `attrs["n_elsewhere"]`
        counts the running rows whose area is none of the parts.
    """
    require_columns(register, ["gebied", "bron", "van", "tot"], name="register")
    require_columns(parts, ["code"], name="parts")
    started = register["van"].isna() | (register["van"] <= pd.Timestamp(window.last))
    ended = register["tot"].notna() & (register["tot"] < pd.Timestamp(window.start))
    running = register[started & ~ended]
    wijk = "WK" + parts["code"].str[2:8]
    known = set(parts["code"]) | set(wijk)
    result = pd.DataFrame(index=parts.index)
    for source in sorted(register["bron"].dropna().unique()):
        named = running.loc[running["bron"] == source, "gebied"]
        result[source] = parts["code"].isin(named) | wijk.isin(named)
    result.attrs["n_elsewhere"] = int((~running["gebied"].isin(known)).sum())
    return result


def compare_registered(
    parts: pd.DataFrame,
    sets: Mapping[str, np.ndarray],
    *,
    count: str = "n_burglaries",
    own: np.ndarray | None = None,
) -> pd.DataFrame:
    """
    Set sets of hotspots beside the burglaries that they held.

    Parameters
    ----------
    parts : DataFrame
        `n_dwellings` and `count`, for the window in which the hotspots ran.
    sets : mapping of str to array of bool
        Name to membership, such as the columns of `registered_parts`.
    count : str
    own : array of bool, optional
        The hot areas found here; a row of their own, and what the others overlap with.

    Returns
    -------
    DataFrame
        `source`, `n_parts`, `n_burglaries`, `share_burglaries` with `low` and `high` (exact, 95 %),
        `share_dwellings`, `pai`, and with `own`: `jaccard`, `jaccard_expected`, `p_overlap`. Cells
        are Values; Missing for an empty set.
    """
    require_columns(parts, ["n_dwellings", count], name="parts")
    named = {**sets, **({} if own is None else {OWN: own})}
    rows = []
    for source, members in named.items():
        inside = np.asarray(members, dtype=bool)
        row = {"source": source, **_captured(parts, inside, count)}
        if own is not None and source != OWN:
            shared = overlap(inside, own)
            row |= {
                "jaccard": shared.jaccard,
                "jaccard_expected": shared.expected,
                "p_overlap": shared.p,
            }
        rows.append(row)
    return pd.DataFrame(rows, dtype=object)


def _captured(parts: pd.DataFrame, inside: np.ndarray, count: str) -> dict[str, Value]:
    n, whole = int(parts.loc[inside, count].sum()), int(parts[count].sum())
    dwellings = float(parts["n_dwellings"].sum())
    names = ("n_burglaries", "share_burglaries", "low", "high", "share_dwellings", "pai")
    if not inside.any() or not whole:
        why = "geen hotspot in dit venster" if whole else "geen woninginbraken in dit venster"
        return {"n_parts": int(inside.sum()), **dict.fromkeys(names, Missing(why))}
    share, held = n / whole, float(parts.loc[inside, "n_dwellings"].sum()) / dwellings
    pai: Value = share / held if held else Missing("geen woningen in de hotspots")
    values = (n, share, *share_interval(n, whole), held, pai)
    return {"n_parts": int(inside.sum()), **dict(zip(names, values, strict=True))}
