"""Figures of the region's packs: every area on one scale, beside the country."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from wib_lib import charts, plots
from wib_lib.absent import Missing, figure_of, is_known
from wib_lib.dutch import number
from wib_lib.region import Member, shared
from wib_lib.region_tables import row

N_COLUMNS = 3  # of the small multiples: three by three for nine areas


def multiples(members: Sequence[Member]) -> Figure | Missing:
    """Draw the rate per year of every area beside the country's, on one scale."""
    panels = {member.name: _years(member) for member in members}
    if not any(is_known(value) for frame in panels.values() for value in frame["value"]):
        return Missing("woningen van de jaren zelf of aantallen zijn niet geleverd")
    n_rows = -(-len(panels) // N_COLUMNS)
    fig, axes = plots.canvas(charts.WIDE, 0.4 + 1.45 * n_rows, N_COLUMNS, n_rows)
    plots.small_multiples([*np.ravel(axes)], panels, unit=charts.RATE_UNIT, mark_label="Nederland")
    return fig


def multiples_words(members: Sequence[Member]) -> str:
    """Put the small multiples into words: first and last year of each area."""
    said = []
    for member in members:
        years = _years(member)
        known = [
            (row["label"], row["value"])
            for row in years.to_dict("records")
            if is_known(row["value"])
        ]
        ends = [f"{label}: {number(value, 1)}" for label, value in (known[:1] + known[1:][-1:])]
        said.append(f"{member.name} {', '.join(ends) or 'geen cijfer'}")
    return "; ".join(said)


def rate_words(members: Sequence[Member]) -> str:
    """Put the rates into words."""
    rates = [(m.name, m.value("per_1000_woningen", "venster")) for m in members]
    return "; ".join(f"{name}: {number(rate, 1)}" for name, rate in rates)


def rate_dots(members: Sequence[Member], whole: Member) -> Figure | Missing:
    """Draw the rates with their intervals, lowest first, against the country."""
    rows = [row(member) | {"is_own": member is whole} for member in [*members, whole]]
    known = [item for item in rows if is_known(item["rate"])]
    if not known:
        return Missing("geen enkel gebied heeft een cijfer per 1.000 woningen")
    order = sorted(known, key=lambda item: item["rate"]) + [
        r for r in rows if not is_known(r["rate"])
    ]
    frame = pd.DataFrame(order, dtype=object).rename(columns={"name": "label", "rate": "value"})
    mark = shared(m.value("per_1000_woningen", "landelijk") for m in members)
    return charts.rates(frame, mark=mark)


def _years(member: Member) -> pd.DataFrame:
    """Rates per year of an area and of the country, for one panel."""
    rows = [
        {
            "label": item["id"],
            "value": figure_of(item, "per_1000_woningen"),
            "mark": figure_of(item, "landelijk"),
        }
        for item in (member.figures or {}).get("jaren", [])
    ]
    return pd.DataFrame(rows, columns=["label", "value", "mark"], dtype=object)
