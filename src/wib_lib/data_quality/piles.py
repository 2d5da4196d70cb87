"""Addresses, streets and points that hold more incidents than dwellings can.

An address that is not known is often entered as a default: the police station, the town hall, the
middle of a postcode. Repeat victimisation makes some addresses count two, three or four, each
further one being a share of those before (Farrell and Pease 1993). Beyond the counts that at least
twenty places reach, that share, at its upper confidence bound, is carried on: a place is reported
when fewer than `level` places are to be expected at its count. The tail of a Poisson-gamma count
falls off at such a rate in the limit, so the rule holds for streets of unequal size too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.data_quality.finding import LEVEL, Finding, Kind, chance_above
from wib_lib.rates import share_interval
from wib_lib.tables import require_columns

AT_RISK = 20  # places needed to estimate how many go on
BOUND = 0.998  # two-sided level of the upper bound of that share
EXACT_POINT = ["bestand", "rd_x", "rd_y", "punt_nr"]
EXACT_WORDS = ("adres", "exact", "pand", "huisnummer")
IMPRECISE_LIMIT = 0.10
MISPLACED_LIMIT = 0.01


@dataclass(frozen=True)
class Tail:
    """Highest count that is plain, and how the number of places falls off beyond it."""

    count: int
    n_places: int
    share_on: float

    def expected(self, n: int) -> float:
        """Expect this many places with `n` or more."""
        return self.n_places * self.share_on ** (n - self.count)


def tail(counts: pd.Series) -> Tail | None:
    """
    Describe the upper tail of counts per place.

    Parameters
    ----------
    counts : Series of int
        Incidents per place, from 1.

    Returns
    -------
    Tail or None
        None with fewer than twenty places.

    Examples
    --------
    >>> found = tail(pd.Series([1] * 80 + [2] * 20))
    >>> found.count, found.n_places
    (2, 20)
    """
    if len(counts) < AT_RISK:
        return None
    reach = np.array([(counts >= n).sum() for n in range(1, int(counts.max()) + 2)])
    count = int(np.flatnonzero(reach >= AT_RISK)[-1]) + 1
    n_places, n_on = int(reach[count - 1]), int(reach[count])
    before = share_interval(n_places, int(reach[count - 2]), level=BOUND)[1] if count > 1 else 0.0
    share = max(share_interval(n_on, n_places, level=BOUND)[1], before if count > 2 else 0.0)
    return Tail(count, n_places, min(share, 0.99))


def piles(
    incidents: pd.DataFrame, keys: list[str], *, of: str = "", level: float = LEVEL
) -> pd.DataFrame:
    """
    Places with more incidents than the tail of all places explains.

    Parameters
    ----------
    incidents : DataFrame
        With `keys`; incidents without them are left out.
    keys : list of str
        Columns that name a place: `adres_pseudo`, `straat_id`, or `rd_x` and `rd_y`.
    of : str
        Column of which the different values are counted instead of the incidents: many addresses
        on one point are a pile, one address that is burgled often is not. An empty value counts
        as a value of its own.
    level : float
        Bound on the number of places to be expected at such a count.

    Returns
    -------
    DataFrame
        `keys`, `n` (incidents), `n_counted`, `expected` places; most incidents first. Rows of
        this table are places: they stay with the analyst.

    Raises
    ------
    TableError
        When a column is missing.
    """
    require_columns(incidents, [*keys, *([of] if of else [])], name="incidents")
    placed = incidents.dropna(subset=keys)
    grouped = placed.groupby(keys)
    n = grouped.size()
    counted = n
    if of:
        n_named, n_empty = grouped[of].nunique(), n - grouped[of].count()
        counted = n_named + n_empty
    table = pd.DataFrame({"n": n, "n_counted": counted})
    found = tail(counted)
    if found is None:
        return table.iloc[:0].assign(expected=0.0).reset_index()
    expected = table["n_counted"].map(found.expected).astype(float)
    is_pile = (expected <= level) & (table["n_counted"] > found.count)
    ordered = table.assign(expected=expected)[is_pile].sort_values("n", ascending=False)
    return ordered.reset_index()


def pile_tables(incidents: pd.DataFrame, *, level: float = LEVEL) -> dict[Kind, pd.DataFrame]:
    """
    Piles on addresses, streets and points; only points that are said to be an exact address.

    A street is a pile by incidents that are not on one of its piled addresses. A point is the
    number that the reader gave it within its rounded coordinates.
    """
    found: dict[Kind, pd.DataFrame] = {}
    addresses = piles(incidents, ["adres_pseudo"], level=level)
    found["address_pile"] = addresses
    rest = incidents[~incidents["adres_pseudo"].isin(addresses["adres_pseudo"])]
    found["street_pile"] = piles(rest, ["straat_id"], level=level)
    quality = incidents["geocode_kwaliteit"]
    exact = incidents if quality.isna().all() else incidents[quality.isin(EXACT_WORDS)]
    point = EXACT_POINT if set(EXACT_POINT) <= set(incidents) else ["rd_x", "rd_y"]
    found["point_pile"] = piles(exact, point, of="adres_pseudo", level=level)
    return found


COLUMNS: dict[Kind, str] = {
    "address_pile": "adres_pseudo",
    "street_pile": "straat_id",
    "point_pile": "rd_x",
}


def pile_findings(tables: dict[Kind, pd.DataFrame], n_incidents: int) -> list[Finding]:
    """One finding per kind of pile: how many places, with how many incidents; never which."""
    found = []
    for kind, table in tables.items():
        if len(table):
            numbers = {"n_places": float(len(table)), "most": float(table["n"].max())}
            found.append(
                Finding(
                    kind,
                    COLUMNS[kind],
                    int(table["n"].sum()),
                    n_incidents,
                    p=float(table["expected"].max()),
                    numbers=numbers,
                )
            )
    return found


def precision(incidents: pd.DataFrame, *, day: str = "kennisname_dt") -> pd.DataFrame:
    """
    Share of incidents per statement of how precise the place is, per year.

    Returns
    -------
    DataFrame
        `year`, `geocode_kwaliteit` (`niet ingevuld` when empty), `n`, `n_of`, `share`.
    """
    require_columns(incidents, ["geocode_kwaliteit", day], name="incidents")
    words = incidents["geocode_kwaliteit"].fillna("niet ingevuld")
    year = incidents[day].dt.year.rename("year")
    table = pd.DataFrame({"n": words.groupby([year, words]).size()}).reset_index()
    n_of = table.groupby("year")["n"].transform("sum")
    return table.assign(n_of=n_of, share=table["n"] / n_of)


def precision_findings(
    table: pd.DataFrame, *, limit: float = IMPRECISE_LIMIT, level: float = LEVEL
) -> list[Finding]:
    """Report when demonstrably more than `limit` is not placed on an address (exact binomial)."""
    if table["geocode_kwaliteit"].eq("niet ingevuld").all():
        return []
    n_of = int(table["n"].sum())
    n = int(table.loc[~table["geocode_kwaliteit"].isin(EXACT_WORDS), "n"].sum())
    p = chance_above(n, n_of, limit)
    if p > level:
        return []
    return [Finding("imprecise", "geocode_kwaliteit", n, n_of, p=p, numbers={"limit": limit})]


def misplaced(incidents: pd.DataFrame, located: pd.Series) -> pd.DataFrame:
    """
    Hold the buurt that a row states against the buurt in which its point lies.

    Parameters
    ----------
    incidents : DataFrame
        `gemeente_code`, `buurt_code`.
    located : Series of str
        Buurt code at the point of each incident, on the same index; missing without a point, empty
        where the point lies in none of the buurten.

    Returns
    -------
    DataFrame
        Per `gemeente_code`: `n` with both, `n_differs` and of these `n_outside` in no buurt.

    Raises
    ------
    TableError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"gemeente_code": ["GM0513"] * 2, "buurt_code": ["BU05130101"] * 2})
    >>> misplaced(rows, pd.Series(["BU05130101", "BU05130102"]))["n_differs"].tolist()
    [1]
    """
    require_columns(incidents, ["gemeente_code", "buurt_code"], name="incidents")
    both = incidents["buurt_code"].notna() & located.notna()
    rows = pd.DataFrame(
        {
            "gemeente_code": incidents["gemeente_code"],
            "n": True,
            "n_differs": incidents["buurt_code"].ne(located),
            "n_outside": located.eq(""),
        }
    )[both]
    return rows.groupby("gemeente_code")[["n", "n_differs", "n_outside"]].sum().reset_index()


def misplaced_findings(
    table: pd.DataFrame, *, limit: float = MISPLACED_LIMIT, level: float = LEVEL
) -> list[Finding]:
    """Gemeenten where demonstrably more than `limit` differs (exact binomial, Bonferroni)."""
    found = []
    columns = ["gemeente_code", "n", "n_differs", "n_outside"]
    for code, n, n_differs, n_outside in table[columns].itertuples(index=False, name=None):
        p = chance_above(n_differs, n, limit) * len(table)
        if p <= level:
            numbers = {"limit": limit, "n_outside": float(n_outside)}
            found.append(
                Finding(
                    "misplaced",
                    "buurt_code",
                    n_differs,
                    n,
                    p=p,
                    gemeente_code=code,
                    numbers=numbers,
                )
            )
    return found
