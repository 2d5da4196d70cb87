"""What one area's own forms on the approach say, in a sentence each: delivered, or whom to ask.

A form of another area does not count. Beyond how much there is, the answers are not worked out.
"""

import pandas as pd

from wib_lib import region_forms
from wib_lib.absent import Missing
from wib_lib.claims import Claim
from wib_lib.dutch import listing, number
from wib_lib.evidence import AGREED, Evidence

NOT_DELIVERED = Missing("niet geleverd")
NOT_FOR = Missing("niet bestemd voor deze lezers")
RESPONDENTS = ("gemeente", "basisteam")
PROJECT = "projectleider van de gemeente"


def own(evidence: Evidence, table: str) -> pd.DataFrame | Missing:
    """Return the area's rows of a form, or why there are none."""
    if not evidence.store.may_read(table):
        return NOT_FOR
    rows = evidence.store.table(table, [evidence.area.gemeente_code])
    if rows is not None and table in AGREED:
        rows = rows[[evidence.area.may_hold(place) for place in rows["gebied"]]]
    return NOT_DELIVERED if rows is None or rows.empty else rows


def questionnaire(rows: pd.DataFrame | Missing) -> Claim:
    """State who answered the B3W questionnaire, and whom still to ask."""
    answered = rows if isinstance(rows, Missing) else rows.dropna(subset="antwoord")
    if isinstance(answered, pd.DataFrame) and answered.empty:
        answered = Missing("geleverd zonder antwoorden")
    if isinstance(answered, Missing):
        return _lacking("b3w", "B3W-vragenlijst", answered, listing(RESPONDENTS))
    counts = answered["respondent"].value_counts().to_dict()
    given = [f"{name} {number(n)}" for name in RESPONDENTS if (n := counts.get(name))]
    asked = [name for name in RESPONDENTS if name not in counts]
    rest = f" Nog te vragen aan: {listing(asked)}." if asked else ""
    return Claim(
        "b3w",
        f"De B3W-vragenlijst is geleverd (antwoorden: {listing(given)}) en nog niet uitgewerkt."
        + rest,
        len(answered),
        unit="antwoorden",
    )


def meetings(rows: pd.DataFrame | Missing) -> Claim:
    """State how many meetings were planned and held, counted as in the pack of the region."""
    found = rows if isinstance(rows, Missing) else rows.assign(area="")
    table = region_forms.meetings(found, [""])
    if isinstance(table, Missing):
        return _lacking("overleg", "Overlegregister en communicatie", table, PROJECT)
    counts = table.iloc[0]
    return Claim(
        "overleg",
        f"Overleggen volgens het register: {number(counts['n_planned'])} gepland, "
        f"{number(counts['n_held'])} gehouden, {number(counts['n_talked'])} waarin communicatie "
        "besproken is.",
        counts["n_held"],
        unit="overleggen",
    )


def stories(rows: pd.DataFrame | Missing) -> Claim:
    """State how many successes and bottlenecks were written down."""
    if isinstance(rows, Missing):
        return _lacking("duiding", "Successen en knelpunten", rows, PROJECT)
    counts = {kind: int(rows["soort"].eq(kind).sum()) for kind in ("succes", "knelpunt")}
    said = [f"{kind} {number(n)} keer" for kind, n in counts.items()]
    return Claim(
        "duiding",
        f"In het formulier duiding staat {listing(said)}; de teksten zijn hier nog niet uitgewerkt.",
        sum(counts.values()),
        unit="teksten",
    )


def measures(rows: pd.DataFrame | Missing) -> Claim:
    """State how many measures the form has."""
    if isinstance(rows, Missing):
        return _lacking("formulier_maatregelen", "Formulier maatregelen", rows, PROJECT)
    return Claim(
        "formulier_maatregelen",
        f"De maatregelen van het formulier ({number(len(rows))}) zijn nog niet uitgewerkt.",
        len(rows),
        unit="maatregelen",
    )


def _lacking(key: str, what: str, why: Missing, owner: str) -> Claim:
    ask = "" if why == NOT_FOR else f" Te vragen aan: {owner}."
    return Claim(key, f"{what}: {why.reason}.{ask}")
