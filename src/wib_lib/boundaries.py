"""What a reader must know about the boundaries of an area in time.

An area is a fixed list of buurten, so that years compare; the real basisteam may have changed
since. Key figures of older years may have been brought from an older division of buurten.
"""

import pandas as pd

from wib_lib.claims import Claim
from wib_lib.dutch import day, listing, number
from wib_lib.dutch import window as window_label
from wib_lib.evidence import Evidence
from wib_lib.params import Params


def notes(evidence: Evidence) -> list[Claim]:
    """Return what there is to say about the boundaries of the area, if anything."""
    found = (outside_validity(evidence.params), computed(evidence))
    return [claim for claim in found if claim]


def outside_validity(params: Params) -> Claim | None:
    """State that the window lies outside the days on which the area was this list, if it does."""
    area, window = params.gebied, params.window
    too_early = area.geldig_van and window.start < area.geldig_van
    too_late = area.geldig_tot and window.last > area.geldig_tot
    if not (too_early or too_late):
        return None
    parts = [
        f"vanaf {day(area.geldig_van)}" if area.geldig_van else "",
        f"tot en met {day(area.geldig_tot)}" if area.geldig_tot else "",
    ]
    why = f" ({area.toelichting})" if area.toelichting else ""
    return Claim(
        "gebied_geldig",
        f"De buurtlijst van {params.gemeente} geldt {' '.join(filter(None, parts))}{why}; het "
        f"venster {window_label(window)} ligt daar niet helemaal binnen, en de lijst is met opzet "
        "gelijk gehouden, zodat de jaren vergelijkbaar zijn.",
    )


def computed(evidence: Evidence) -> Claim | None:
    """State which key figures of the area's buurten were brought from an older division."""
    rows = evidence.key_rows([evidence.area.gemeente_code])
    if rows is None:
        return None
    buurten = rows[rows["code"].str.startswith("BU")]
    inside = buurten["code"].map(evidence.area.has).astype(bool)
    own = buurten[buurten["is_computed"] & inside]
    lost = _without_successor(evidence, buurten)
    if own.empty and not lost:
        return None
    n, parts = own["code"].nunique(), []
    if n:
        years = listing([str(year) for year in sorted(own["year"].unique())])
        noun = "buurt" if n == 1 else "buurten"
        parts.append(
            f"de kerncijfers van {years} zijn voor {number(n)} {noun} berekend naar de nieuwe "
            "indeling, naar rato van woningen"
        )
    if lost:
        noun = "oude buurt heeft" if lost == 1 else "oude buurten hebben"
        parts.append(f"{number(lost)} {noun} in de geleverde overgang geen opvolger")
    return Claim("indeling", f"De buurtindeling is veranderd: {listing(parts)}.", n, unit="buurten")


def _without_successor(evidence: Evidence, buurten: pd.DataFrame) -> int:
    """Count buurten of the gemeente that are in older years only and lead to no newer one."""
    pairs = evidence.store.table("overgangen")
    if pairs is None or pairs.empty:
        return 0
    in_gemeente = buurten["code"].str[2:6].eq(evidence.area.gemeente_code[2:])
    is_new = buurten["year"].ge(pairs["year_to"].max())
    newest = set(buurten.loc[in_gemeente & is_new, "code"])
    return len(set(buurten.loc[in_gemeente & ~is_new, "code"]) - newest) if newest else 0
