"""From incidents to events with a place and a day that can be trusted.

A place that is not known is often entered as a default: the police station, the middle of a street
or of a postcode. Two incidents there look like a repeat at one address. So only incidents placed on
an address take part, without those on addresses and points that hold more than they can.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.data_quality.piles import EXACT_WORDS, pile_tables
from wib_lib.errors import TableError
from wib_lib.near_repeat.knox import Events
from wib_lib.tables import require_columns

LONGEST_STRATUM = 3  # months
NO_DAY, NO_POINT = "geen dag", "geen coördinaat"
NO_ADDRESS, ON_A_PILE = "niet op een adres geplaatst", "op een ophoping"
COLUMNS = ["day", "gemeente_code", "rd_x", "rd_y", "adres_pseudo", "straat_id", "geocode_kwaliteit"]


@dataclass(frozen=True)
class Placed:
    """
    Events, the incidents they are (same order), and how many incidents take no part.

    `left_out` has `reason`, `n`, `share` (of all incidents); an incident counts at its first
    reason.
    """

    events: Events
    incidents: pd.DataFrame
    left_out: pd.DataFrame


def placed_events(incidents: pd.DataFrame, *, months: int = LONGEST_STRATUM) -> Placed:
    """
    Pick the incidents on an address and divide them over strata of months and gemeente.

    Parameters
    ----------
    incidents : DataFrame
        `day`, `gemeente_code`, `rd_x`, `rd_y`, `adres_pseudo`, `straat_id`, `geocode_kwaliteit`;
        a quality that is empty everywhere is not asked for. An empty `adres_pseudo` is never the
        same address as another.
    months : int
        Length of a stratum, 1, 2 or 3: counted from January of year 0.

    Returns
    -------
    Placed

    Raises
    ------
    TableError
        When a column is missing or `months` is more than three.
    """
    require_columns(incidents, COLUMNS, name="incidents")
    if not 1 <= months <= LONGEST_STRATUM:
        raise TableError(
            f"months: een stratum is 1 tot {LONGEST_STRATUM} maanden lang, gevonden {months}"
        )
    reason = _reason(incidents)
    rows = incidents[reason.eq("")]
    month = rows["day"].dt.year * 12 + rows["day"].dt.month - 1
    events = Events(
        x=rows["rd_x"].to_numpy(float),
        y=rows["rd_y"].to_numpy(float),
        day=rows["day"].to_numpy().astype("datetime64[D]").astype(np.int64),
        place=rows["adres_pseudo"].factorize(use_na_sentinel=True)[0],
        period=(month // months).to_numpy(np.int64),
        area=rows["gemeente_code"].factorize()[0],
    )
    counts = reason[reason.ne("")].value_counts()
    counts = counts.reindex([NO_DAY, NO_POINT, NO_ADDRESS, ON_A_PILE], fill_value=0)
    left_out = pd.DataFrame({"reason": counts.index, "n": counts.to_numpy()})
    return Placed(events, rows, left_out.assign(share=left_out["n"] / max(len(incidents), 1)))


def _reason(incidents: pd.DataFrame) -> pd.Series:
    """Why each incident takes no part; empty for those that do."""
    quality = incidents["geocode_kwaliteit"]
    exact = quality.isin(EXACT_WORDS) | bool(quality.isna().all())
    usable = exact & incidents[["day", "rd_x", "rd_y"]].notna().all(axis=1)
    piled = pd.Series(False, incidents.index)
    for table in pile_tables(incidents[usable]).values():
        keys = [column for column in table if column in incidents]
        if len(table) and "straat_id" not in keys:
            places = pd.MultiIndex.from_frame(table[keys])
            piled |= usable & pd.MultiIndex.from_frame(incidents[keys]).isin(places)
    reason = pd.Series("", incidents.index).mask(piled, ON_A_PILE).mask(~exact, NO_ADDRESS)
    reason = reason.mask(incidents[["rd_x", "rd_y"]].isna().any(axis=1), NO_POINT)
    return reason.mask(incidents["day"].isna(), NO_DAY)
