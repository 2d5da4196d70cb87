"""What a new delivery changed in figures that an earlier one had, and gross beside net counts."""

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.claims import Claim
from wib_lib.dutch import day, number
from wib_lib.evidence import Evidence, Sealed, opened
from wib_lib.vintages import MEASURES, changes

GROSS = {
    "caption": "Bruto en netto: registraties en woninginbraken",
    "row_header": "year",
    "labels": {"year": "Jaar", "gross": "Bruto", "net": "Netto", "twice": "Dubbel"},
}


def revised(evidence: Evidence) -> pd.DataFrame | Missing:
    """
    List the area's figures that a delivery changed, old beside new.

    The gemeente as a whole is compared: a stand goes no deeper.

    Returns
    -------
    DataFrame or Missing
        `year`, `what`, `old`, `new`, `difference` (counts), one row per changed figure; Missing
        when no delivery in this dataset replaces an earlier one.
    """
    replaced = evidence.store.replaced
    if not replaced:
        return Missing("deze dataset bevat geen eerdere levering van dezelfde bron")
    stands = evidence.store.stands()
    stands = stands[stands["region_code"].eq(evidence.area.gemeente_code)]
    parts = []
    for item in replaced:
        old = stands[stands["bestand"].eq(item.bestand)]
        new = stands[stands["bestand"].eq(item.replaced_by)]
        parts.append(changes(old, new))
    rows = pd.concat(parts, ignore_index=True)
    rows["year"] = rows["year"].astype("str")
    rows["what"] = rows["measure"].map(MEASURES)
    kinds = dict.fromkeys(["old", "new", "difference"], "int64")
    return rows[["year", "what", "old", "new", "difference"]].astype(kinds)


def revision_claim(evidence: Evidence, rows: pd.DataFrame | Missing) -> Claim:
    """State how many figures a delivery changed, and from which day to which."""
    if isinstance(rows, Missing):
        return Claim("herzien", f"Er is niets te vergelijken: {rows.reason}.")
    days = {item.bestand: item.peildatum for item in evidence.store.delivered}
    pairs = [
        f"{day(item.peildatum)} en {day(days[item.replaced_by])}"
        for item in evidence.store.replaced
        if item.replaced_by in days
    ]
    place = evidence.params.gemeente if evidence.area.is_whole else evidence.area.gemeente_code
    n = len(rows)
    return Claim(
        "herzien",
        f"Tussen de leveringen van {'; '.join(pairs)} {'zijn' if n != 1 else 'is'} in {place} "
        f"{number(n) if n else 'geen'} jaarcijfer{'s' if n != 1 else ''} gewijzigd, over de maanden "
        "die beide leveringen bevatten.",
        n,
        unit="cijfers",
    )


def gross_and_net(evidence: Evidence | Sealed) -> pd.DataFrame | Missing:
    """
    Count the area's registrations per year with and without what was delivered more than once.

    Returns
    -------
    DataFrame or Missing
        `year`, `gross`, `net`, `twice` (counts); Missing without incidents.
    """
    evidence = opened(evidence)
    net = evidence.incidents
    if net is None:
        return Missing("de levering bevat geen incidenten")
    doubles = evidence.store.doubles("incidenten")
    own = doubles[evidence.area.covers(doubles)] if len(doubles) else doubles
    years = net["kennisname_dt"].dt.year.value_counts().sort_index()
    twice = own["kennisname_dt"].dt.year.value_counts() if len(own) else years * 0
    table = pd.DataFrame({"net": years, "twice": twice}).fillna(0).astype("int64")
    table["gross"] = table["net"] + table["twice"]
    table = table.rename_axis("year").reset_index().astype({"year": "str"})
    return table[list(GROSS["labels"])]
