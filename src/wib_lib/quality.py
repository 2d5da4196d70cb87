"""Quality of a delivery: are all rows accounted for, do sources agree, what can its owner mend."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from wib_lib.absent import Missing, is_known
from wib_lib.claims import Claim
from wib_lib.data_quality import Quality, assess
from wib_lib.dutch import number
from wib_lib.evidence import Evidence, Sealed, opened
from wib_lib.periods import Window, parse_period
from wib_lib.series import Series, covered_months
from wib_lib.store import NOWHERE, Delivered

PILE_FILES = {"address_pile": "adres", "street_pile": "straat", "point_pile": "punt"}
NO_INCIDENTS = Missing("de levering bevat geen incidenten, alleen aantallen per gemeente")


def reconciliation(delivered: Sequence[Delivered]) -> Claim:
    """State how the rows of all files reconcile."""
    n_read = sum(item.n_read for item in delivered)
    n_accepted = sum(item.n_accepted for item in delivered)
    n_rejected = sum(item.n_rejected for item in delivered)
    n_duplicates = sum(item.n_duplicates for item in delivered)
    sums = "sluit" if n_read == n_accepted + n_rejected + n_duplicates else "sluit NIET"
    return Claim(
        "aansluiting",
        f"{number(n_read)} rijen gelezen = {number(n_accepted)} aanvaard + {number(n_rejected)} "
        f"afgekeurd + {number(n_duplicates)} dubbel: de telling {sums}.",
        n_read,
        unit="rijen",
    )


def unplaced(evidence: Evidence | Sealed) -> Claim:
    """State how many incidents have no gemeente or buurt."""
    evidence = opened(evidence)
    own, elsewhere = evidence.incidents, evidence.store.table("incidenten", [NOWHERE])
    if own is None or elsewhere is None:
        return Claim("plaats", "De levering bevat geen incidenten, alleen aantallen per gemeente.")
    files = [item for item in evidence.store.delivered if item.table == "incidenten"]
    n_all, n_without = sum(item.n_accepted for item in files), len(elsewhere)
    n_buurt = int(own["buurt_code"].isna().sum())
    return Claim(
        "plaats",
        f"Van {number(n_without)} van de {number(n_all)} incidenten is de gemeente niet "
        f"bekend; in {evidence.params.gemeente} is van {number(n_buurt)} van de "
        f"{number(len(own))} incidenten de buurt niet bekend.",
        n_without,
        unit="incidenten",
    )


def by_source(evidence: Evidence | Sealed) -> pd.DataFrame | Missing:
    """
    Put the area's burglaries per calendar year beside each other, per delivered source.

    Returns
    -------
    DataFrame or Missing
        `Jaar`, and per source a column of Values.
    """
    evidence = opened(evidence)
    sources = _sources(evidence)
    if not sources:
        return Missing("geen enkele bron heeft aantallen van dit gebied")
    starts = [series.rows["start"].min().year for series in sources.values()]
    ends = [series.rows["end"].max().year for series in sources.values()]
    years = range(min(starts), max(ends) + 1)
    rows = []
    for year in years:
        window: Window = parse_period(str(year))
        totals = {name: series.total(window) for name, series in sources.items()}
        if any(is_known(total) for total in totals.values()):
            rows.append({"Jaar": str(year)} | {k: _written(v) for k, v in totals.items()})
    return pd.DataFrame(rows)


def _sources(evidence: Evidence) -> dict[str, Series]:
    found: dict[str, Series] = {}
    if evidence.incidents is not None and isinstance(evidence.series, Series):
        found[evidence.store.of_table("incidenten")[0].bestand] = evidence.series
    if evidence.area.is_whole:
        found |= evidence.counted_series(evidence.area.gemeente_code)
    return {name: series for name, series in found.items() if len(series.rows)}


def _written(value: object) -> object:
    return value if isinstance(value, Missing) else number(value)  # type: ignore[arg-type]


def of_area(evidence: Evidence | Sealed) -> Quality | Missing:
    """Check the incidents of this area, as its owner delivered them; its piles stay behind."""
    evidence = opened(evidence)
    if evidence.incidents is None:
        return NO_INCIDENTS
    if evidence.incidents.empty:
        return Missing(f"van {evidence.params.gemeente} zijn geen incidenten geleverd")
    return replace(_assessed(evidence, evidence.incidents), piles={})


def of_delivery(evidence: Evidence) -> Quality | Missing:
    """Check all incidents of the delivery together."""
    incidents = evidence.incidents_in(None)
    return NO_INCIDENTS if incidents is None else _assessed(evidence, incidents)


def _assessed(evidence: Evidence, incidents: pd.DataFrame) -> Quality:
    files = evidence.store.of_table("incidenten")
    return assess(
        incidents,
        covered_months(*evidence.incident_span),
        delivered={column for item in files for column in item.columns},
        located=incidents.get("buurt_punt"),
    )


def write_piles(quality: Quality | Missing, folder: Path) -> list[Path]:
    """
    Write which places hold too many incidents, for the analyst alone.

    Parameters
    ----------
    quality : Quality or Missing
    folder : Path
        `data/processed/<dataset>/levering/controle`; never a pack or a letter.

    Returns
    -------
    list of Path
        One file per kind of place that has any; older ones are removed.
    """
    for old in folder.glob("ophoping_*.csv"):
        old.unlink()
    written = []
    for kind, places in ({} if isinstance(quality, Missing) else quality.piles).items():
        if len(places):
            path = folder / f"ophoping_{PILE_FILES[kind]}.csv"
            places.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-8")
            written.append(path)
    return written
