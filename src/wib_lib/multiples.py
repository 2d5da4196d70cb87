"""Small multiples: the areas side by side, each in a frame of its own, on one scale.

Nine lines in one frame cannot be told apart, nor named; nine frames on one scale can be compared
at a glance and each keeps its name. A scale that is not shared is written into its frame, because
a reader takes equal frames for equal scales.
"""

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from wib_lib import dutch
from wib_lib.absent import Missing, Suppressed
from wib_lib.axes import absent_text, dutch_axis, floats, last
from wib_lib.html_table import reason
from wib_lib.palette import FAINT, MARK, OWN, SIZE, SOFT

LINE: dict[str, Any] = {"color": OWN, "linewidth": 1.8, "marker": "o", "markersize": 2.2}


def small_multiples(
    axes: npt.NDArray[Any] | Iterable[Axes],
    series: Mapping[str, pd.DataFrame | Missing | Suppressed],
    *,
    unit: str,
    shared: bool = True,
    marks: Mapping[str, float] | None = None,
    mark_label: str = "",
) -> npt.NDArray[Any] | Iterable[Axes]:
    """
    Draw a line per area in an axis of its own, the last value named.

    Parameters
    ----------
    axes : array or sequence of Axes
        At least as many as there are areas (`plots.canvas` with `nrows`); the rest is left empty.
    series : mapping
        Name to a frame in order of time with `label` and `n` (may be `Missing` or `Suppressed`:
        a gap), or the reason why the area has none.
    unit : str
        What is counted; becomes the title of the figure.
    shared : bool
        One scale from zero for all; else each has its own, and says so.
    marks : mapping, optional
        Name to a level to compare with, such as the goal.
    mark_label : str
        What that level is, beside the unit.

    Raises
    ------
    ValueError
        When there are fewer axes than areas.
    """
    flat = list(np.ravel(np.asarray(axes, dtype=object)))
    if len(flat) < len(series):
        raise ValueError(f"{len(series)} areas need as many axes, found {len(flat)}")
    levels = dict(marks or {})
    tops = {name: _top(found, levels.get(name)) for name, found in series.items()}
    highest = max(tops.values(), default=1.0)
    for ax, item in zip_longest(flat, series.items()):
        if item is None:
            ax.set_axis_off()
            continue
        name, found = item
        _frame(ax, name, highest if shared else tops[name], shared=shared)
        if isinstance(found, Missing | Suppressed):
            ax.set(xticks=[], yticks=[], xlabel="")
            absent_text(ax, 0.5, 0.5, Missing(reason(found)), xycoords="axes fraction")
            continue
        _line(ax, found, levels.get(name))
    figure = flat[0].get_figure(root=True) if flat else None
    if figure is not None:
        scale = "" if shared else ", elk op eigen schaal"
        text = unit + scale + (f"; streep: {mark_label}" if mark_label else "")
        figure.suptitle(text, x=0.01, ha="left", color=SOFT, fontsize=SIZE)
    return axes


def _top(found: pd.DataFrame | Missing | Suppressed, mark: float | None) -> float:
    n = np.array([]) if isinstance(found, Missing | Suppressed) else floats(found["n"])
    return float(max([1.0, mark or 0.0, *n[~np.isnan(n)]]))


def _frame(ax: Axes, name: str, top: float, *, shared: bool) -> None:
    ax.set_title(name, loc="left", fontsize=SIZE, fontweight="bold", pad=3)
    ax.set_ylim(0, top * 1.15)  # room for the last value above its point
    dutch_axis(ax.yaxis)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=SIZE - 1.5)
    if not shared:
        text = f"schaal tot {dutch.number(top)}"
        ax.set_xlabel(text, fontsize=SIZE - 1.5, labelpad=-8)  # between the years at both ends


def _line(ax: Axes, frame: pd.DataFrame, mark: float | None) -> None:
    n = floats(frame["n"])
    x = np.arange(len(n))
    if mark is not None:
        ax.axhline(mark, color=MARK, linewidth=1.2, linestyle=(0, (4, 2)))
    ax.plot(x, n, **LINE)
    for i in np.flatnonzero(np.isnan(n)):
        ax.axvspan(i - 0.4, i + 0.4, facecolor="none", edgecolor=FAINT, hatch="////", linewidth=0)
    if not np.isnan(last(n)):
        ax.plot(x[-1], n[-1], "o", color=OWN, markersize=4.5)
        style: dict[str, Any] = {"ha": "right", "va": "bottom", "color": OWN, "fontweight": "bold"}
        ax.annotate(
            dutch.number(n[-1], 0 if float(n[-1]).is_integer() else 1),
            (x[-1], n[-1]),
            (3, 4),
            textcoords="offset points",
            fontsize=SIZE - 0.5,
            **style,
        )
    labels = [str(label) for label in frame["label"]]
    ends = sorted({0, len(labels) - 1})
    ax.set_xticks(ends, [labels[i] for i in ends], fontsize=SIZE - 1.5)
    ax.set_xlim(-0.5, len(x) - 0.5)
