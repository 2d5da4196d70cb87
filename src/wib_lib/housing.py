"""Dwellings, households and inhabitants of one area, from the key figures of one year.

Checklist parts 3, 5, 9 and 10. Key figures give tenure, type and, in some editions, age and
household type as whole percentages: their counts are computed, and the margin that rounding
leaves stands beside them.
"""

from functools import reduce
from operator import add
from typing import Any

import pandas as pd

from wib_lib.absent import Missing, Value
from wib_lib.dutch import number, percent
from wib_lib.evidence import Evidence
from wib_lib.rounding import Rounded, count_of_share

# Key figures below the gemeente are rounded at random to multiples of five.
STEP_BELOW_GEMEENTE = 5
NOT_DELIVERED = Missing("niet geleverd")
PROFILE_TABLE: dict[str, Any] = {
    "caption": "Woningen en inwoners",
    "labels": {"what": "Kenmerk", "value": "Aantal", "bounds": "Tussen", "share": "Aandeel",
               "year": "Jaar"},
    "formats": {"value": number, "year": str},
    "note": "Waar grenzen staan is het aantal berekend uit een afgerond percentage: het ware "
            "aantal ligt daartussen. In een wijk is ook het totaal afgerond, op vijftallen.",
    "row_header": "what",
    "source": "kerncijfers",
}  # fmt: skip
# Column with a count, column with a share, what the share is of.
PROFILE = {
    "Woningen": ("n_dwellings", "", ""),
    "Koopwoningen": ("", "pct_owner", "n_dwellings"),
    "Huurwoningen": ("", "pct_rent", "n_dwellings"),
    "In bezit van een corporatie": ("", "pct_social", "n_dwellings"),
    "In bezit van een andere verhuurder": ("", "pct_other_landlord", "n_dwellings"),
    "Eengezinswoningen": ("", "pct_single_family", "n_dwellings"),
    "Meergezinswoningen": ("", "pct_multi_family", "n_dwellings"),
    "Inwoners": ("n_inhabitants", "", ""),
    "Mannen": ("n_men", "", ""),
    "Vrouwen": ("n_women", "", ""),
    "Inwoners tot 15 jaar": ("n_age_0_14", "pct_age_0_14", "n_inhabitants"),
    "Inwoners van 15 tot 25 jaar": ("n_age_15_24", "pct_age_15_24", "n_inhabitants"),
    "Inwoners van 25 tot 45 jaar": ("n_age_25_44", "pct_age_25_44", "n_inhabitants"),
    "Inwoners van 45 tot 65 jaar": ("n_age_45_64", "pct_age_45_64", "n_inhabitants"),
    "Inwoners van 65 jaar of ouder": ("n_age_65_up", "pct_age_65_up", "n_inhabitants"),
    "Huishoudens": ("n_households", "", ""),
    "Eenpersoonshuishoudens": ("n_single_households", "pct_single_households", "n_households"),
    "Personen met bijstand": ("n_bijstand", "", ""),
}


def profile(evidence: Evidence) -> pd.DataFrame | Missing:
    """
    Return dwellings and inhabitants of the area, for the delivered year nearest to the window.

    Figures of a part of a gemeente are summed over its wijken, margins included.

    Returns
    -------
    DataFrame or Missing
        `what`, `value` (Value), `bounds` and `share` (text, empty where they do not apply) and
        `year` (1 January).
    """
    area = evidence.area
    table = evidence.key_rows([area.gemeente_code])
    if table is None:
        return Missing("kerncijfers zijn niet geleverd")
    codes = [area.gemeente_code] if area.is_whole else list(area.wijk_codes)
    own = table[table["code"].isin(codes)]
    if own.empty:
        return Missing("kerncijfers van dit gebied zijn niet geleverd")
    year = min(own["year"].unique(), key=lambda y: abs(y - evidence.params.window.start.year))
    own = own[own["year"].eq(year)]
    step = 1 if area.is_whole else STEP_BELOW_GEMEENTE
    rows = [
        {"what": label, **_counted(own, *columns, step), "year": int(year)}
        for label, columns in PROFILE.items()
    ]
    return pd.DataFrame(rows, dtype=object)


def _counted(rows: pd.DataFrame, count: str, share: str, whole: str, step: int) -> dict[str, Any]:
    """Return the published count of a feature, or the one that follows from its percentage."""
    published = _sum(rows, count)
    if not isinstance(published, Missing) or not share:
        return {"value": published, "bounds": "", "share": ""}
    if isinstance(_sum(rows, share), Missing) or isinstance(_sum(rows, whole), Missing):
        return {"value": NOT_DELIVERED, "bounds": "", "share": ""}
    found: Rounded = reduce(
        add,
        [
            count_of_share(float(pct), int(total), total_step=step)
            for pct, total in zip(rows[share], rows[whole], strict=True)
        ],
    )
    part = 100 * found.value / int(rows[whole].sum()) if rows[whole].sum() else 0.0
    bounds = f"{number(found.low)} tot {number(found.high)}"
    return {"value": found.value, "bounds": bounds, "share": percent(part, 0)}


def _sum(rows: pd.DataFrame, name: str) -> Value:
    if name not in rows or rows[name].isna().any():
        return NOT_DELIVERED
    return int(rows[name].sum())
