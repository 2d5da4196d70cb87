"""From the wijk and buurt division of one year to that of another.

Police tables are cast back to one division; the key figures of Statistics Netherlands stand in
the division of their own year, so a rate of an older year needs its dwellings moved to the
division of the run. Counts are shared out by the dwellings that went from an old buurt to a new
one; a percentage goes through its numerator and denominator and is never averaged (requirements,
7.5). Dwellings stand in for everything that is counted: within one old buurt, people are taken
to live as its dwellings lie. What is built from split or merged areas is marked as computed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import pandas as pd

from wib_lib.codes import parent
from wib_lib.errors import TableError
from wib_lib.tables import require_columns

STEP = ["year_from", "year_to"]
PAIR = ["code_from", "code_to"]
DECIMALS = 6  # of a remainder: what differs less is a tie, not noise of the division


@dataclass(frozen=True)
class Apportioned:
    """
    Figures in the new division, and the rows that have no place in it.

    `frame` has `code`, the figures and `is_computed`, in order of code; `unplaced` are the rows
    of the input whose code the crosswalk does not have, untouched.
    """

    frame: pd.DataFrame
    unplaced: pd.DataFrame


def weights(pairs: pd.DataFrame) -> pd.DataFrame:
    """
    Give every pair of an old and a new area its share of the old area's dwellings.

    Parameters
    ----------
    pairs : DataFrame
        `code_from`, `code_to`, `n_dwellings`: dwellings (or addresses) that went from one to the
        other, from 0. An old area that went to one new area needs none.

    Returns
    -------
    DataFrame
        `code_from`, `code_to`, `weight` above 0, in order of both codes; the weights of one
        `code_from` add up to 1.

    Raises
    ------
    TableError
        When a column is missing, a code is missing or a pair occurs twice, a number is missing
        or negative, or an old area without dwellings went to more than one new area.

    Examples
    --------
    >>> pairs = pd.DataFrame({"code_from": ["A", "A"], "code_to": ["B", "C"], "n_dwellings": [3, 1]})
    >>> weights(pairs)["weight"].tolist()
    [0.75, 0.25]
    """
    require_columns(pairs, [*PAIR, "n_dwellings"], name="pairs")
    _refuse(pairs, pairs[PAIR].isna().any(axis=1), "code_from and code_to must be filled")
    _refuse(pairs, pairs.duplicated(PAIR), "a pair of codes must occur once")
    n = pairs["n_dwellings"].astype("Float64")
    _refuse(pairs, n.isna() | ~n.ge(0).fillna(False), "n_dwellings must be 0 or more")
    number = n.astype(float)
    total = number.groupby(pairs["code_from"]).transform("sum")
    single = pairs.groupby("code_from")["code_to"].transform("size").eq(1)
    _refuse(pairs, total.eq(0) & ~single, "an area that is split must have dwellings")
    share = (number / total.where(total.gt(0))).where(~single, 1.0)
    found = pairs[PAIR].astype("str").assign(weight=share)
    return found[found["weight"].gt(0)].sort_values(PAIR, ignore_index=True)


def compose(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """
    Chain two crosswalks (as `weights` returns them) into one: 2013 to 2016 to 2018.

    An area that one of the two does not mention did not change in that step and keeps its code.

    Examples
    --------
    >>> one = pd.DataFrame({"code_from": ["A"], "code_to": ["B"], "weight": [1.0]})
    >>> two = pd.DataFrame({"code_from": ["B", "B"], "code_to": ["C", "D"], "weight": [0.6, 0.4]})
    >>> compose(one, two)["code_to"].tolist()
    ['C', 'D']
    """
    before = carry_over(first, second["code_from"][~second["code_from"].isin(first["code_to"])])
    after = carry_over(second, before["code_to"])
    last = after.rename(columns={"code_to": "code_last", "weight": "weight_last"})
    both = before.merge(last, left_on="code_to", right_on="code_from", suffixes=("", "_mid"))
    both["weight"] *= both["weight_last"]
    summed = both.groupby(["code_from", "code_last"])["weight"].sum()
    return summed.rename_axis(PAIR).reset_index()


def carry_over(crosswalk: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """Return the crosswalk with every code that it has no successor for leading to itself."""
    same = sorted(set(codes) - set(crosswalk["code_from"]))
    added = pd.DataFrame({"code_from": same, "code_to": same, "weight": 1.0})
    whole = pd.concat([crosswalk, added], ignore_index=True) if same else crosswalk
    return whole.sort_values(PAIR, ignore_index=True)


def apportion_counts(
    frame: pd.DataFrame, crosswalk: pd.DataFrame, columns: Sequence[str]
) -> Apportioned:
    """
    Share counts out over the new areas, in whole numbers, each total kept to the unit.

    Per old area the whole parts come first; what is left goes one by one to the largest
    remainders, equal remainders in order of the new code. The order of rows plays no part.

    Parameters
    ----------
    frame : DataFrame
        One row per `code`, with counts (from 0, or missing) in `columns`.
    crosswalk : DataFrame
        As `weights` or `compose` return it.
    columns : sequence of str

    Returns
    -------
    Apportioned
        Counts as `Int64`. A new area of which a part is missing, or is not in `frame`, is
        missing: a part is not the whole. `is_computed` where areas were split or merged.

    Raises
    ------
    TableError
        When a column is missing, a code occurs twice or a count is negative or no whole number.

    Examples
    --------
    >>> old = pd.DataFrame({"code": ["A"], "n_dwellings": [10]})
    >>> halves = pd.DataFrame({"code_from": ["A", "A"], "code_to": ["B", "C"], "weight": [0.25, 0.75]})
    >>> apportion_counts(old, halves, ["n_dwellings"]).frame["n_dwellings"].tolist()
    [3, 7]
    """
    placed, unplaced = _place(frame, crosswalk, columns)
    counts = placed[list(columns)].astype("Float64")
    odd = counts.lt(0) | counts.mod(1).ne(0)
    _refuse(placed, odd.any(axis=1), "counts must be whole numbers from 0")
    parts = placed.assign(**{name: _whole_parts(placed, name) for name in columns})
    found = _gather(parts, crosswalk, columns)
    return Apportioned(found.astype(dict.fromkeys(columns, "Int64")), unplaced)


def apportion_shares(
    frame: pd.DataFrame, crosswalk: pd.DataFrame, shares: Mapping[str, str]
) -> Apportioned:
    """
    Bring shares or percentages to the new areas through numerator and denominator.

    Parameters
    ----------
    frame : DataFrame
        One row per `code`.
    crosswalk : DataFrame
    shares : mapping of str to str
        Column of a share to the column of its denominator, such as `pct_owner` to
        `n_dwellings`; numerator = share x denominator.

    Returns
    -------
    Apportioned
        The shares as `Float64`, not rounded. A computed share is a mean weighted by dwellings
        of the published ones, so it is known as well as they are and no better: from whole per
        cents, within half a point. An area that only carried over keeps the published value; one
        of which a part is missing, or without dwellings, is missing.

    Raises
    ------
    TableError
        When a column is missing or a code occurs twice.
    """
    placed, unplaced = _place(frame, crosswalk, [*shares, *shares.values()])
    parts, names = placed[PAIR].copy(), list(shares)
    for share, denominator in shares.items():
        whole = placed[denominator].astype("Float64") * placed["weight"]
        parts[share] = (placed[share].astype("Float64") * whole).mask(whole.eq(0), 0.0)
        parts[f"of {share}"] = whole
    found = _gather(parts, crosswalk, [*names, *(f"of {name}" for name in names)])
    published = placed.drop_duplicates("code_to").set_index("code_to")
    for share in names:
        whole = found[f"of {share}"]
        ratio = found[share] / whole.mask(whole.eq(0))
        kept = found["code"].map(published[share]).astype("Float64")
        found[share] = ratio.where(found["is_computed"], kept)
    return Apportioned(found[["code", *names, "is_computed"]], unplaced)


def to_division(figures: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """
    Bring key figures of wijken and buurten to the newest division that `pairs` lead to.

    A year takes every step from the division of that year or of a later one, so figures newer
    than the last step stay as they are. Buurten are apportioned; a wijk that gained or lost a
    buurt is the sum of its new buurten; gemeenten and the country stay.

    Parameters
    ----------
    figures : DataFrame
        `code`, `year`, `bestand`, counts `n_*` and percentages `pct_*`.
    pairs : DataFrame
        `code_from`, `year_from` (last year of the old division), `code_to`, `year_to` (first
        year of the new one), `n_dwellings`.

    Returns
    -------
    DataFrame
        The same columns and types, and `is_computed`.
    """
    steps = pairs.drop_duplicates([*PAIR, *STEP]).sort_values(STEP)
    parts = []
    for _, rows in figures.groupby(["year", "bestand"], sort=False):
        later = steps[steps["year_from"].ge(rows["year"].iloc[0])]
        if later.empty:
            parts.append(rows)
            continue
        first, *others = (weights(step) for _, step in later.groupby(STEP))
        # A buurt that a step does not list stayed: without it, what it gained would be all it has.
        listed = rows["code"].isin(later[PAIR].to_numpy().ravel())
        parts.append(
            _converted(rows, reduce(compose, others, carry_over(first, rows["code"][listed])))
        )
    found = pd.concat(parts, ignore_index=True)
    computed = found["is_computed"].eq(True).fillna(False) if "is_computed" in found else False
    # A mean or a distance cannot be brought over: it is missing where all rows were converted.
    whole = found.reindex(columns=figures.columns)
    return whole.astype(figures.dtypes.to_dict()).assign(is_computed=computed)


def _converted(rows: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Convert the rows of one year and file: first the buurten, then the wijken they changed."""
    buurten = _apportioned(rows[rows["code"].str.startswith("BU")], crosswalk)
    old, new = (crosswalk[name].map(_wijk) for name in PAIR)
    changed = {*old[old.ne(new)], *new[old.ne(new)]}
    rest = rows[~rows["code"].str.startswith("BU") & ~rows["code"].isin(changed)]
    inside = buurten[buurten["code"].map(_wijk).isin(changed)]
    up = pd.DataFrame(
        {"code_from": inside["code"], "code_to": inside["code"].map(_wijk), "weight": 1.0}
    )
    wijken = _apportioned(inside, up).assign(is_computed=True)
    return pd.concat([rest, buurten, wijken], ignore_index=True)


def _apportioned(rows: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Convert all figures; rows that the crosswalk does not mention stay as they are."""
    if rows.empty:
        return rows
    names = rows.columns.astype("str")
    counts = names[names.str.startswith("n_")].tolist()
    shares = {
        name: _denominator(name)
        for name in names[names.str.startswith("pct_")]
        if _denominator(name) in names
    }
    found = apportion_counts(rows, crosswalk, counts)
    parts = apportion_shares(rows, crosswalk, shares).frame.drop(columns="is_computed")
    frame = found.frame.merge(parts, on="code", validate="one_to_one")
    return pd.concat(
        [found.unplaced, frame.assign(year=rows["year"].iloc[0], bestand=rows["bestand"].iloc[0])]
    )


def _denominator(share: str) -> str:
    """Name what a percentage of the key figures is of; empty where its whole is not published."""
    others = {"pct_age": "n_inhabitants", "pct_single_households": "n_households",
              "pct_werkzaam": ""}  # fmt: skip
    return next(
        (whole for start, whole in others.items() if share.startswith(start)), "n_dwellings"
    )


def _wijk(code: str) -> str:
    return parent(code, "wijk")


def _place(
    frame: pd.DataFrame, crosswalk: pd.DataFrame, columns: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Join figures to the pairs, in order of both codes; return the rows without a pair too."""
    require_columns(frame, ["code", *columns], name="figures")
    _refuse(frame, frame.duplicated("code"), "a code must occur once")
    placed = crosswalk.merge(frame, left_on="code_from", right_on="code", validate="many_to_one")
    known = frame["code"].isin(crosswalk["code_from"])
    return placed.sort_values(PAIR, ignore_index=True), frame[~known]


def _whole_parts(placed: pd.DataFrame, column: str) -> pd.Series:
    """Share one count of every old area out by largest remainder."""
    count = placed[column].astype(float)
    exact = (count * placed["weight"]).round(DECIMALS)
    whole = exact // 1
    left = count - whole.groupby(placed["code_from"]).transform("sum")
    ranks = pd.DataFrame({"code": placed["code_from"], "rest": whole - exact}).sort_values(
        ["code", "rest"], kind="stable"
    )
    turn = ranks.groupby("code").cumcount().reindex(placed.index)
    parts: pd.Series = whole + turn.lt(left)
    return parts.mask(count.isna())


def _gather(parts: pd.DataFrame, crosswalk: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Sum the parts per new area; missing as soon as one part is."""
    groups = parts.groupby("code_to")
    found = groups[list(columns)].sum(skipna=False).astype("Float64")
    reached = crosswalk[crosswalk["code_to"].isin(found.index)]
    n_parts = reached.groupby("code_to").size()
    found = found.mask(groups.size().lt(n_parts), pd.NA)
    n_targets = crosswalk.groupby("code_from")["code_to"].transform("size")
    simple = reached["code_to"].map(n_parts).eq(1) & n_targets[reached.index].eq(1)
    found["is_computed"] = ~found.index.isin(reached.loc[simple, "code_to"])
    return found.rename_axis("code").reset_index()


def _refuse(frame: pd.DataFrame, broken: pd.Series, rule: str) -> None:
    bad = broken.fillna(False).to_numpy(dtype=bool)
    if bad.any():
        codes = [name for name in ("code", *PAIR) if name in frame]
        first = " to ".join(map(str, frame.loc[bad, codes].iloc[0]))
        raise TableError(
            f"areas: {rule}; {bad.sum()} of {len(frame)} rows break this, first {first}"
        )
