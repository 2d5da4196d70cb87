"""The agenda of the operational meeting (Slim Samen Toezien, bijlage 3), from the action register.

Parties and places only. The register asks for no names; a text in which one is found all the same
is withheld here.
"""

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.checks import WITHHELD
from wib_lib.dutch import day, listing, number
from wib_lib.fortnight.span import Fortnight
from wib_lib.screening import traces
from wib_lib.tables import require_columns

DONE, LATE, RUNNING, LATER, UNKNOWN = (
    "uitgevoerd", "te laat", "loopt", "nog te beginnen", "niet ingevuld")  # fmt: skip
NO_PLACE = "Zonder vermeld gebied"
STATES = (LATE, RUNNING, LATER, UNKNOWN, DONE)
TEXTS = ["gebied", "probleem", "actie", "doel", "partij"]
DAYS = ["periode_van", "periode_tot", "afgesproken_week", "uitgevoerd_tot"]


def actions_at(actions: pd.DataFrame, peildatum: date) -> pd.DataFrame:
    """
    Give the actions that had been agreed by the peildatum, with how they stand.

    Parameters
    ----------
    actions : DataFrame
        Contract `acties` of one area.
    peildatum : date

    Returns
    -------
    DataFrame
        `actie_id`, `gebied`, `probleem`, `actie`, `doel`, `partij`, `periode_van`, `periode_tot`,
        `uitgevoerd_tot`, `state`; what must be talked about first comes first. Parties that are
        the same but for the order in which they are named, are written the same.

    Notes
    -----
    An action is `uitgevoerd` when the register says so and no later day of execution is given;
    `te laat` when it was not and its period is over; `niet ingevuld` when its period is over and
    the register does not say; `nog te beginnen` before its first day; else `loopt`.
    """
    require_columns(actions, ["actie_id", *TEXTS, *DAYS, "uitgevoerd"], name="actions")
    at = pd.Timestamp(peildatum)
    rows = actions[~(actions["afgesproken_week"] > at)].copy()
    for column in TEXTS:
        rows[column] = rows[column].mask(traces(rows[column]).notna(), WITHHELD)
    parties = rows["partij"].map(_named, na_action="ignore")
    rows["partij"] = rows["partij"].groupby(parties).transform("min")
    rows["state"] = _states(rows, at)
    rank = rows["state"].map({state: place for place, state in enumerate(STATES)})
    order = rows.assign(rank=rank).sort_values(
        ["rank", "periode_tot", "actie_id"], kind="stable", na_position="last"
    )
    shown = ["actie_id", *TEXTS, "periode_van", "periode_tot", "uitgevoerd_tot", "state"]
    return order[shown].reset_index(drop=True)


def tally(actions: pd.DataFrame, by: str) -> pd.DataFrame:
    """
    Count actions per party or place and state.

    Parameters
    ----------
    actions : DataFrame
        From `actions_at`.
    by : {"partij", "gebied"}
        A row without it is counted under `niet ingevuld`.

    Returns
    -------
    DataFrame
        `by`, one column per state of `STATES`, and `open` (all that is not done); most open
        first. The counts add up to the actions.

    Examples
    --------
    >>> rows = pd.DataFrame({"partij": ["politie", None], "state": ["loopt", "uitgevoerd"]})
    >>> tally(rows, "partij")[["partij", "loopt", "uitgevoerd", "open"]].values.tolist()
    [['politie', 1, 0, 1], ['niet ingevuld', 0, 1, 0]]
    """
    table = pd.crosstab(actions[by].fillna(UNKNOWN), actions["state"])
    table = table.reindex(columns=list(STATES), fill_value=0).rename_axis(columns=None)
    table["open"] = table.drop(columns=DONE).sum(axis=1)
    return table.reset_index().sort_values(
        ["open", by], ascending=[False, True], kind="stable", ignore_index=True
    )


def meeting(
    actions: pd.DataFrame | Missing, days: Fortnight, *, points: Sequence[str] = ()
) -> pd.DataFrame:
    """
    Fill in the agenda as far as the data go; the rest is left for the meeting.

    Parameters
    ----------
    actions : DataFrame or Missing
        From `actions_at`, at the last day of `days`.
    days : Fortnight
    points : sequence of str
        Findings of the analysis of these two weeks, as Dutch sentences.

    Returns
    -------
    DataFrame
        `number`, `item`, `content`: the items of bijlage 3 in order.
    """
    rows = [
        ("1", "Opening en mededelingen", f"Over {days.label} ({days.weeks})"),
        ("2", "Terugkoppeling afgesproken acties, per partner", _feedback(actions, days)),
        ("3a", "Operationele analyse: kernpunten", " ".join(points) or "Zie sturingsinformatie"),
        ("3b", "Tactische aandachtspunten", ""),
        ("4", "Actieafspraken, per gebied", _agreed(actions)),
        ("5", "Aandachtspunten en vragen voor het tactisch overleg", ""),
        ("6", "Overige besluiten en aandachtspunten", ""),
    ]
    return pd.DataFrame(rows, columns=["number", "item", "content"])


def _named(party: str) -> str:
    """
    Name parties apart from their order.

    Examples
    --------
    >>> _named("politie en gemeente") == _named("Gemeente, politie")
    True
    """
    return " ".join(sorted({*re.findall(r"[\w-]+", party.lower())} - {"en"}))


def _states(rows: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    # A day of execution after the peildatum: it was not done yet then.
    is_done = rows["uitgevoerd"].fillna(False).astype(bool) & ~(rows["uitgevoerd_tot"] > at)
    over = rows["periode_tot"] < at
    unknown = rows["uitgevoerd"].isna()
    state = pd.Series(RUNNING, index=rows.index).mask(rows["periode_van"] > at, LATER)
    return state.mask(over, LATE).mask(over & unknown, UNKNOWN).mask(is_done, DONE)


def _feedback(actions: pd.DataFrame | Missing, days: Fortnight) -> str:
    if isinstance(actions, Missing):
        return f"Geen actieregister: {actions.reason}"
    done = actions["uitgevoerd_tot"].fillna(actions["periode_tot"])
    recent = done.between(pd.Timestamp(days.start), pd.Timestamp(days.last))
    n_done = int((actions["state"].eq(DONE) & recent).sum())
    late = actions[actions["state"].eq(LATE)]
    unknown = int(actions["state"].eq(UNKNOWN).sum())
    parties = listing(sorted(late["partij"].fillna("partij niet ingevuld").unique()))
    who = f" (bij {parties})" if len(late) else ""
    return (
        f"In deze twee weken afgerond: {number(n_done)}. Te laat: {number(len(late))}{who}. "
        f"Afgelopen en niet ingevuld of het is gedaan: {number(unknown)}"
    )


def _agreed(actions: pd.DataFrame | Missing) -> str:
    if isinstance(actions, Missing):
        return f"Geen actieregister: {actions.reason}"
    open_ones = actions[actions["state"].isin([RUNNING, LATER])]
    ends = open_ones["periode_tot"].dropna()
    first = f"; de eerste loopt af op {day(ends.min().date())}" if len(ends) else ""
    named = open_ones.assign(gebied=open_ones["gebied"].fillna(NO_PLACE))
    places = tally(named, "gebied") if len(named) else pd.DataFrame()
    where = "; ".join(
        f"{place}: {number(int(n))}"
        for place, n in zip(places.get("gebied", ()), places.get("open", ()), strict=True)
    )
    return f"Lopend of nog te beginnen: {number(len(open_ones))}{first}. {where}".strip()
