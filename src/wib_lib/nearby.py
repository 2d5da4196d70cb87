"""Near repeat in one area: whether burglaries close by are also sooner after each other.

The pairs are counted over the window and the years before, because one year holds too few. A row
with fewer pairs than its readers may see is hidden whole: its ratio and p tell the count. A ratio
above 1 says that burglaries near each other followed sooner than chance would give; it does not
say that one brings the other.
"""

from functools import partial
from typing import Any

import pandas as pd

from wib_lib import chance, cubes
from wib_lib.absent import Missing, NotGiven, Suppressed, Value
from wib_lib.audiences import smallest
from wib_lib.dutch import number
from wib_lib.errors import TableError
from wib_lib.evidence import Evidence, Sealed, opened
from wib_lib.history import label
from wib_lib.near_repeat import LEVEL, near_repeat
from wib_lib.released import Released

MORE, CHANCE = "vaker dan bij toeval", "niet te onderscheiden van toeval"
NEAR: dict[str, Any] = {
    "caption": "Near repeat: paren woninginbraken naar afstand en tijd, naast toeval",
    "labels": {"near": "Afstand", "soon": "Tijd ertussen", "n_pairs": "Paren",
               "expected": "Bij toeval", "ratio": "Verhouding", "p_holm": "p (gecorrigeerd)",
               "oordeel": "Oordeel"},
    "formats": {"n_pairs": number, "expected": partial(number, decimals=1),
                "ratio": partial(number, decimals=2), "p_holm": partial(number, decimals=3)},
    "row_header": "near",
}  # fmt: skip
HIDDEN = ("n_pairs", "expected", "ratio", "p_holm", "oordeel")


def near_pairs(evidence: Released, rows: Evidence | Sealed) -> pd.DataFrame | Missing:
    """
    Test for near repeats over the window and the years before.

    Returns
    -------
    DataFrame or Missing
        One row per band of distance and time: `near`, `soon`, `n_pairs`, `expected`, `ratio`,
        `p_holm`, `oordeel`, `is_raised`; cells are Values. `attrs`: `n_used`, `n_incidents`,
        `n_permutations`, and `span`, the years in words.
    """
    incidents = opened(rows).incidents
    if incidents is None:
        return Missing("incidenten zijn niet geleverd")
    if incidents["rd_x"].isna().all() or incidents["adres_pseudo"].isna().all():
        return Missing("coördinaten en pseudoniemen van adressen zijn niet geleverd")
    first, last = cubes.years(evidence)[0].start, evidence.params.window.last
    inside = incidents[incidents["day"].between(pd.Timestamp(first), pd.Timestamp(last))]
    try:
        found = near_repeat(inside, rng=chance.generator())
    except TableError:
        return NotGiven("er zijn te weinig woninginbraken op een adres")
    least = smallest("herhaling", evidence.cells.audience, evidence.cells.minimum)
    table = found.table.assign(is_raised=found.table["p_holm"].lt(LEVEL))
    table["oordeel"] = table["is_raised"].map({True: MORE, False: CHANCE})
    few: Value = Suppressed(least)
    hidden = table["n_pairs"].between(1, least - 1)
    columns = {name: table[name].astype(object).where(~hidden, few) for name in HIDDEN}
    unknown = NotGiven("niets te verwachten")
    columns["ratio"] = columns["ratio"].where(table["ratio"].notna() | hidden, unknown)
    result = table[["near", "soon"]].assign(**columns, is_raised=table["is_raised"] & ~hidden)
    result.attrs = {
        "n_used": found.n_used,
        "n_incidents": found.n_incidents,
        "n_permutations": found.n_permutations,
        "span": label(evidence.params.window, years=evidence.params.jaren_voor),
    }
    return result


def near_shown(table: pd.DataFrame | Missing) -> dict[str, Any]:
    """Return how to show `near_pairs`, with the years that it is about."""
    if isinstance(table, Missing):
        return NEAR
    n, span = number(table.attrs["n_used"]), table.attrs["span"]
    note = f"Over de {n} woninginbraken van {span} waarvan het adres bekend is."
    return NEAR | {"note": note}
