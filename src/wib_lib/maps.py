"""Maps of rates per area: one for paper, one that runs without a network.

Class breaks are fixed, so that two areas, two years and two audiences can be laid side by side.
An area without a figure is hatched and named in the legend: small areas (below 10 dwellings) and
suppressed ones are not light areas. No dots, no streets, no background tiles: the smallest thing
drawn is the area that was handed over.
"""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Patch

from wib_lib import dutch, offline_map
from wib_lib.absent import Missing, Suppressed
from wib_lib.axes import decimals_for, floats, halo, measure
from wib_lib.html_table import shown
from wib_lib.map_classes import BREAKS, absence, class_labels, classes, colors
from wib_lib.palette import FAINT, INK, SIZE, SOFT

__all__ = ["BREAKS", "choropleth", "class_labels", "classes", "interactive", "kinds"]

RD = "EPSG:28992"
HATCHES = ("////", "....", "xxxx", "----")
BLANK = "#f4f5f7"
SCALES = (10_000, 5_000, 2_000, 1_000, 500, 200, 100)


def choropleth(
    ax: Axes,
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    breaks: Sequence[float] = BREAKS,
    unit: str,
    label: str | None = None,
) -> Axes:
    """
    Draw areas in fixed classes, with legend, scale bar and north arrow.

    Parameters
    ----------
    ax : Axes
    areas : GeoDataFrame
        With a reference system; drawn in the national grid (EPSG:28992).
    column : str
        Numbers, `Missing` or `Suppressed`.
    breaks : sequence of float
    unit : str
        Title of the legend.
    label : str, optional
        Column with names; the largest areas first, a name that would touch another is left out.
    """
    local = _in_grid(areas)
    group = classes(local[column], breaks)
    fills = colors(len(breaks) + 1)
    handles = [
        Patch(facecolor=color, edgecolor=FAINT, linewidth=0.4, label=name)
        for color, name in zip(fills, class_labels(breaks), strict=True)
    ]
    for number in sorted(group.dropna().unique()):
        part = local[group.eq(number).fillna(False).astype(bool)]
        part.plot(ax=ax, color=fills[number], edgecolor="white", linewidth=0.5)
    why = local[column].map(absence)
    for text, hatch in zip(dict.fromkeys(why[why.ne("")]), HATCHES * 3, strict=False):
        style = {"facecolor": BLANK, "edgecolor": FAINT, "hatch": hatch, "linewidth": 0.4}
        local[why.eq(text)].plot(ax=ax, **style)
        handles.append(Patch(label=fill(text, 22), **style))  # type: ignore[arg-type]
    return _framed(ax, local, handles, unit, label)


def kinds(
    ax: Axes,
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    fills: Mapping[str, str],
    unit: str,
    ground: gpd.GeoDataFrame,
    label: str | None = None,
) -> Axes:
    """
    Draw areas of a few kinds over the whole area, with legend, scale bar and north arrow.

    Parameters
    ----------
    ax : Axes
    areas : GeoDataFrame
        With a reference system; those of another kind than in `fills` are left blank.
    column : str
        The kind of each.
    fills : mapping
        Kind to colour, in the order of the legend: the same on every map of this sort.
    unit : str
        Title of the legend.
    ground : GeoDataFrame
        The parts of the whole area, drawn blank below.
    label : str, optional
        Column of `areas` with names.
    """
    local, whole = _in_grid(areas), _in_grid(ground)
    whole.plot(ax=ax, facecolor=BLANK, edgecolor=FAINT, linewidth=0.4)
    handles = []
    for kind, color in fills.items():
        part = local[local[column].eq(kind)]
        if len(part):
            part.plot(ax=ax, color=color, edgecolor="white", linewidth=0.5)
        handles.append(Patch(facecolor=color, edgecolor=FAINT, linewidth=0.4, label=str(kind)))
    _framed(ax, whole, handles, unit, None)
    if label is not None:
        _names(ax, local[local[column].isin(list(fills))], label)
    return ax


def _framed(
    ax: Axes, local: gpd.GeoDataFrame, handles: list[Patch], unit: str, label: str | None
) -> Axes:
    """Add border, legend, scale bar, north arrow and names."""
    local.dissolve().boundary.plot(ax=ax, color=SOFT, linewidth=0.8)
    ax.set_axis_off()
    ax.set_aspect("auto")  # the limits below keep the proportions, and use the whole axis
    _arrange(ax, handles, unit, local.total_bounds)
    if label is not None:
        _names(ax, local, label)
    return ax


def _in_grid(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if areas.crs is None:
        raise ValueError(
            "areas have no reference system; set it (areas.set_crs) where they are read"
        )
    return areas.to_crs(RD)


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axis belongs to no figure")
    return figure


def _legend(ax: Axes, handles: list[Patch], unit: str, ncols: int) -> Legend:
    legend = ax.legend(
        handles=handles,
        title=unit,
        ncols=ncols,
        loc="lower left" if ncols > 1 else "center right",
        frameon=False,
        fontsize=SIZE - 0.5,
        borderaxespad=0,
        borderpad=0.1,
        alignment="left",
        handlelength=1.6,
        handleheight=1.1,
        columnspacing=1.4,
    )
    legend.get_title().set(color=SOFT, fontsize=SIZE)
    legend.set_in_layout(False)
    return legend


def _arrange(ax: Axes, handles: list[Patch], unit: str, bounds: Sequence[float]) -> None:
    """
    Give the map the larger of two places, left of its legend or above it, and its scale bar.

    All in the axis, so that nothing of the figure has to move for it.
    """
    figure = _figure(ax)
    west, south, east, north = bounds
    point = figure.dpi / 72
    strip = 24 * point  # for the scale bar, below the map
    choices = []
    for ncols in (1, 2):
        legend = _legend(ax, handles, unit, ncols)
        measure(figure)
        box, size = ax.get_window_extent(), legend.get_window_extent()
        right = size.width + 10 * point if ncols == 1 else 0.0
        below = (size.height + 4 * point if ncols == 2 else 0.0) + strip
        room = (box.width - right, box.height - below)
        metres = max((east - west) / room[0], (north - south) / room[1]) * 1.03
        choices.append((metres if min(room) > 0 else float("inf"), ncols, right, below))
    metres, ncols, right, below = min(choices)
    _legend(ax, handles, unit, ncols)
    left = (west + east) / 2 - (box.width - right) / 2 * metres
    base = (south + north) / 2 - ((box.height - below) / 2 + below) * metres
    ax.set_xlim(left, left + box.width * metres)
    ax.set_ylim(base, base + box.height * metres)
    at = base + (below - strip + 10 * point) * metres
    _scale_and_north(
        ax, left + 2 * point * metres, at, (box.width - right) * metres, metres * point
    )


def _scale_and_north(ax: Axes, left: float, at: float, width: float, point: float) -> None:
    """Draw a round length and a north arrow; `point` is the size of a point in metres."""
    length = next((metres for metres in SCALES if metres <= width / 4), SCALES[-1])
    ax.plot([left, left + length], [at, at], color=INK, linewidth=2, solid_capstyle="butt")
    text = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    style: dict[str, Any] = {"va": "center", "fontsize": SIZE, "color": INK}
    ax.text(left + length + 4 * point, at, text, **style)
    x = left + length + 42 * point
    arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 1, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (x, at + 8 * point), (x, at - 6 * point), arrowprops=arrow)
    ax.text(x + 5 * point, at, "N", **style)


def _names(ax: Axes, local: gpd.GeoDataFrame, label: str) -> None:
    """Write names at a point inside each area, largest first, without touching."""
    figure = _figure(ax)
    ordered = local.loc[local.area.sort_values(ascending=False).index]
    texts = [
        ax.text(
            point.x,
            point.y,
            str(name),
            ha="center",
            va="center",
            fontsize=SIZE - 1.5,
            path_effects=halo(),
        )
        for point, name in zip(ordered.representative_point(), ordered[label], strict=True)
    ]
    for text in texts:
        text.set_in_layout(False)
    measure(figure)
    taken: list[Any] = []
    for text in texts:
        box = text.get_window_extent().expanded(1.05, 1.1)
        if any(box.overlaps(other) for other in taken):
            text.remove()
        else:
            taken.append(box)


def interactive(
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    breaks: Sequence[float] = BREAKS,
    unit: str,
    tooltip: Mapping[str, str],
    title: str,
    mark: str = "",
) -> str:
    """
    Return the same map as one HTML document that makes no request.

    Parameters
    ----------
    areas, column, breaks, unit
        As for `choropleth`.
    tooltip : mapping
        Column to label. Only these columns are in the document, as the text shown; an absent
        figure as its sign and reason.
    title : str
    mark : str
        Words that must stay with the map, such as those for fictitious data.

    Notes
    -----
    Borders are simplified to about 10 m, shared ones together, and rounded to about a metre.
    """
    local = _in_grid(areas)
    group = classes(local[column], breaks)
    fills = colors(len(breaks) + 1)
    blank = {"fillColor": BLANK, "dashArray": "3 3", "color": FAINT}
    styles = [
        blank if pd.isna(number) else {"fillColor": fills[number], "color": "#ffffff"}
        for number in group
    ]
    legend = list(zip(fills, class_labels(breaks), strict=True))
    reasons = [text for text in dict.fromkeys(local[column].map(absence)) if text]
    legend += [("", text) for text in reasons]
    shapes = local.geometry.simplify_coverage(10).to_crs("EPSG:4326")
    columns = {name: _texts(local[source]) for source, name in tooltip.items()}
    texts = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return offline_map.document(
        shapes,
        texts,
        styles,
        legend=legend,
        unit=unit,
        title=title,
        fields=list(tooltip.values()),
        mark=mark,
    )


def _texts(values: pd.Series) -> list[str]:
    """Write tooltip values; what is absent with its reason, as a tooltip has no notes."""
    numbers = [v for v in values if not absence(v) and isinstance(v, int | float | np.number)]
    decimals = min(decimals_for(floats(numbers)), 1)  # whole numbers stay whole as floats too
    return [_shown(value, decimals) for value in values]


def _shown(value: Any, decimals: int) -> str:
    if absence(value):
        sign = dutch.number(value) if isinstance(value, Missing | Suppressed) else "."
        return f"{sign} ({absence(value)})"
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return dutch.number(value, decimals) if is_number else shown(value)
