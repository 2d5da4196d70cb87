"""The action register of one area: agreed against done, and aimed at whom."""

import pandas as pd

from wib_lib import html
from wib_lib.absent import Missing, Value
from wib_lib.claims import Claim
from wib_lib.dutch import number
from wib_lib.evidence import Evidence
from wib_lib.fragment import of_class

NOT_DELIVERED = Missing("het actieregister is niet geleverd")
NOT_FOR = Missing("het actieregister is niet bestemd voor deze lezers")
OWNER = "gemeente"
KLASSE = "V1"
TYPES = ("proactie", "preventie", "repressie")
TARGETS = ("dader", "domein", "slachtoffer")
UNKNOWN = "niet ingevuld"


def own(evidence: Evidence) -> pd.DataFrame | Missing:
    """Return the area's actions, or Missing when no register was delivered for it."""
    if not evidence.store.may_read("acties"):
        return NOT_FOR
    rows = evidence.store.table("acties", [evidence.area.gemeente_code])
    if rows is None:
        return NOT_DELIVERED
    rows = rows[[evidence.area.may_hold(place) for place in rows["gebied"]]]
    return rows if len(rows) else Missing("van dit gebied zijn geen acties geleverd")


def n_open(measures: pd.DataFrame | Missing) -> Value:
    """Count actions that are known not to be done."""
    if isinstance(measures, Missing):
        return measures
    return int((~measures["uitgevoerd"].fillna(True).astype(bool)).sum())


def claim(measures: pd.DataFrame | Missing) -> Claim:
    """State how many agreed actions were done."""
    if isinstance(measures, Missing):
        return Claim("acties", f"De afgesproken acties zijn niet te beoordelen: {measures.reason}.")
    done = int(measures["uitgevoerd"].fillna(False).sum())
    unknown = int(measures["uitgevoerd"].isna().sum())
    noun = "actie" if len(measures) == 1 else "acties"
    verb = "is" if done == 1 else "zijn"
    rest = f"; van {number(unknown)} is dat niet ingevuld" if unknown else ""
    return Claim(
        "acties",
        f"Van {number(len(measures))} afgesproken {noun} {verb} er {number(done)} uitgevoerd{rest}.",
        done,
        unit="acties",
    )


def secured(measures: pd.DataFrame | Missing) -> Claim:
    """State for how many actions it is recorded whether they become regular work."""
    if isinstance(measures, Missing):
        return Claim("borging", f"De borging is niet te beoordelen: {measures.reason}.")
    known = int(measures["borging"].notna().sum())
    return Claim(
        "borging",
        f"Van {number(known)} van de {number(len(measures))} acties is vastgelegd of zij "
        "regulier werk worden.",
        known,
        unit="acties",
    )


def matrix(measures: pd.DataFrame) -> pd.DataFrame:
    """
    Count actions by type and by whom they are aimed at; what is not filled in stays visible.

    Examples
    --------
    >>> rows = pd.DataFrame({"typering": ["preventie", None], "gericht_op": ["domein", "dader"]})
    >>> int(matrix(rows).loc["preventie", "domein"])
    1
    """
    kind = measures["typering"].where(measures["typering"].isin(TYPES), UNKNOWN)
    target = measures["gericht_op"].where(measures["gericht_op"].isin(TARGETS), UNKNOWN)
    table = pd.crosstab(kind, target)
    return table.reindex(
        index=[*TYPES, UNKNOWN], columns=[*TARGETS, UNKNOWN], fill_value=0
    ).rename_axis("typering")


def matrix_table(measures: pd.DataFrame | Missing) -> html.Fragment:
    """Show the matrix, or whom to ask for the register."""
    if measures is NOT_FOR:
        return html.note(f"Acties: {NOT_FOR.reason}.")
    if isinstance(measures, Missing):
        return html.note(f"Acties: niet geleverd ({measures.reason}). Te vragen aan: {OWNER}.")
    table = matrix(measures).reset_index()
    labels = {"typering": "Typering"} | {name: f"Gericht op {name}" for name in TARGETS}
    labels[UNKNOWN] = "Niet ingevuld"
    shown = html.table(
        table,
        caption="Acties naar typering en waarop zij gericht zijn",
        labels=labels,
        formats=dict.fromkeys([*TARGETS, UNKNOWN], number),
        row_header="typering",
        note="Aantal afgesproken acties, uitgevoerd of niet.",
    )
    return of_class(shown, KLASSE)
