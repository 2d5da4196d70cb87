"""Figures of the region's packs: every area on one scale, beside the country."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wib_lib import charts, plots
from wib_lib.absent import Missing, figure_of, is_known
from wib_lib.axes import absent_text, dutch_axis, floats, name_ends
from wib_lib.dutch import number
from wib_lib.palette import MARK, OWN, SIZE, SOFT
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
    small_multiples([*np.ravel(axes)], panels, unit=charts.RATE_UNIT, mark_label="Nederland")
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


def rate_words(members: Sequence[Member], whole: Member) -> str:
    """Put the rates into words, lowest first as they are drawn."""
    return "; ".join(
        f"{r['name']}: {number(r['rate'], 1)}" for r in _lowest_first([*members, whole])
    )


def rate_dots(members: Sequence[Member], whole: Member) -> Figure | Missing:
    """Draw the rates with their intervals, lowest first, against the country."""
    order = _lowest_first([*members, whole])
    if not any(is_known(item["rate"]) for item in order):
        return Missing("geen enkel gebied heeft een cijfer per 1.000 woningen")
    frame = pd.DataFrame(order, dtype=object).rename(columns={"name": "label", "rate": "value"})
    frame["is_own"] = frame["label"].eq(whole.name)
    mark = shared(m.value("per_1000_woningen", "landelijk") for m in members)
    return charts.rates(frame, mark=mark)


def _lowest_first(members: Sequence[Member]) -> list[dict[str, Any]]:
    """Return the rows by rate; those without one come last."""
    rows = [row(member) for member in members]
    return sorted(rows, key=lambda r: r["rate"] if is_known(r["rate"]) else np.inf)


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


def small_multiples(
    axes: Sequence[Axes], panels: Mapping[str, pd.DataFrame], *, unit: str, mark_label: str
) -> Sequence[Axes]:
    """
    Draw a line per panel on one scale from zero, each beside the same yardstick.

    Parameters
    ----------
    axes : sequence of Axes
        At least one per panel; what is left over is hidden.
    panels : mapping of str to DataFrame
        By title, in order of time: `label`, `value`, `mark`; values may be absent.
    unit, mark_label : str
        Stand above the first panel: what is drawn, and what the broken line is.
    """
    drawn = [floats([*frame["value"], *frame["mark"]]) for frame in panels.values()]
    top = 1.12 * max([*np.concatenate(drawn)[~np.isnan(np.concatenate(drawn))], 0.5])
    for ax, (title, frame) in zip(axes, panels.items(), strict=False):
        ax.set_title(title, fontsize=SIZE, loc="left")
        ax.set_ylim(0, top)
        ax.grid(axis="y")
        ax.spines["left"].set_visible(False)
        ax.tick_params(length=0)
        dutch_axis(ax.yaxis)
        _panel(ax, frame)
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    key = f"{unit}; onderbroken lijn: {mark_label}"
    axes[0].figure.suptitle(key, x=0.01, ha="left", fontsize=SIZE, color=SOFT)
    return axes


def _panel(ax: Axes, frame: pd.DataFrame) -> None:
    """Draw one panel; the last figure stands beside the end of its line."""
    value, mark = floats(frame["value"]), floats(frame["mark"])
    known = np.flatnonzero(~np.isnan(value))
    if not len(known):
        ax.set_xticks([])
        reason = frame["value"].iloc[0] if len(frame) else None
        absent_text(ax, 0, ax.get_ylim()[1] / 2, reason, ha="left")
        return
    x = np.arange(len(frame))
    ax.plot(x, mark, color=MARK, linewidth=1.2, linestyle=(0, (4, 2)))
    ax.plot(x, value, color=OWN, linewidth=2)
    ax.set_xlim(-0.2, 1.18 * (len(x) - 1) + 0.2)
    ax.set_xticks(x[[0, -1]], [str(label) for label in frame["label"].iloc[[0, -1]]])
    end = known[-1]
    name_ends(ax, end, [(value[end], number(value[end], 1), OWN)])
