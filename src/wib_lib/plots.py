"""Figures of a pack: a frame in, ink on an axis out; nothing is computed here.

Counts start at zero, numbers are Dutch, and a line is named where it ends instead of in a
legend. A value that is missing or suppressed is drawn as its absence, never as zero: a gap in a
line, a hatched place in a row of bars with the reason beside it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap, to_hex
from matplotlib.dates import DateFormatter, YearLocator
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from wib_lib import dutch
from wib_lib.axes import (
    absent_text,
    axis_title,
    count_axis,
    dutch_axis,
    floats,
    halo,
    last,
    name_ends,
)
from wib_lib.multiples import small_multiples
from wib_lib.palette import (
    BAND,
    CONTEXT,
    FAINT,
    INK,
    MARK,
    OWN,
    SEQUENTIAL,
    SIZE,
    SOFT,
    WASH,
    on,
    theme,
)

__all__ = [
    "canvas",
    "completeness",
    "interval_dots",
    "months_over_band",
    "season",
    "small_multiples",
    "theme",
    "trend",
    "years",
]


def canvas(width: float, height: float, ncols: int = 1, nrows: int = 1) -> tuple[Figure, Any]:
    """
    Open a figure in house style, outside pyplot: a notebook then shows it only as a `Fragment`.

    Parameters
    ----------
    width, height : float
        Inches; 6.9 fills the text of an A4, 3.4 half of it.
    ncols, nrows : int
        Number of axes side by side and below each other.

    Returns
    -------
    (Figure, Axes or array of Axes)
    """
    with mpl.rc_context(theme()):
        fig = Figure(figsize=(width, height), layout="constrained")
        fig.get_layout_engine().set(h_pad=0.09)  # type: ignore[union-attr, call-arg]
        return fig, fig.subplots(nrows, ncols)  # the pad holds the title above the y axis


def months_over_band(
    ax: Axes,
    months: pd.DataFrame,
    *,
    window: str,
    before: str,
    unit: str = "woninginbraken per maand",
) -> Axes:
    """
    Draw the months of a window over the range of the same months in the years before.

    Parameters
    ----------
    ax : Axes
    months : DataFrame
        In order of time: `month` (1-12), `n`, and of the years before `low`, `high`, `mean`.
    window, before : str
        Names of the window and of the years before.
    unit : str
    """
    x = np.arange(len(months))
    n, low, high, mean = (floats(months[name]) for name in ("n", "low", "high", "mean"))
    ax.fill_between(x, low, high, color=BAND, linewidth=0, label="band")
    ax.plot(x, mean, color=SOFT, linewidth=1.1, linestyle=(0, (4, 2)), label="mean")
    ax.plot(x, n, color=OWN, linewidth=2.2, marker="o", markersize=4, label="n")
    names = [dutch.MONTHS_SHORT[int(month) - 1] for month in months["month"]]
    ax.set_xticks(x, names, fontsize=SIZE - 1.5)
    ax.set_xlim(-0.4, len(x) - 0.6)
    count_axis(ax, unit)
    ends = [(last(mean), f"gemiddeld\n{before}", SOFT), (last(n), window, OWN)]
    name_ends(ax, len(x) - 1, ends)
    ax.set_xlabel(f"vlak: laagste tot hoogste in {before}", loc="left", fontsize=SIZE - 0.5)
    return ax


def years(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    mark: float | None = None,
    mark_label: str = "",
    unit: str = "woninginbraken per 12 maanden",
) -> Axes:
    """
    Draw a bar per 12 months with its number, the window in the area's own colour.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        In order of time: `label`, `n` (may be `Missing` or `Suppressed`), `is_window`.
    mark : float, optional
        A level to compare with: the goal, or the mean of the years before.
    mark_label : str
        Its name.
    unit : str
    """
    n = floats(frame["n"])
    x = np.arange(len(frame))
    is_window = frame["is_window"].astype(bool).to_numpy()
    bars = ax.bar(x, np.nan_to_num(n), width=0.68, color=CONTEXT)
    top = max([mark or 0.0, *n[~np.isnan(n)], 1.0])
    for bar, value, own, raw in zip(bars, n, is_window, frame["n"], strict=True):
        middle = bar.get_x() + bar.get_width() / 2
        if np.isnan(value):
            bar.set(height=top, facecolor="none", edgecolor=FAINT, hatch="////", linewidth=0)
            absent_text(ax, middle, top / 2, raw, rotation=90)
            continue
        bar.set_facecolor(OWN if own else CONTEXT)
        ax.annotate(
            dutch.number(value),
            (middle, value),
            (0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=SIZE,
            fontweight="bold" if own else "normal",
            color=OWN if own else INK,
            path_effects=halo(),
        )
    if mark is not None:
        ax.axhline(mark, color=MARK, linewidth=1.4, linestyle=(0, (4, 2)), zorder=2.5)
        name_ends(ax, len(x) - 0.5, [(mark, f"{mark_label}\n{dutch.number(mark)}", MARK)])
    ax.set_xticks(x, [str(label) for label in frame["label"]])
    ax.set_xlim(-0.6, len(x) - 0.4)
    ax.tick_params(axis="x", length=0)
    ax.set_ylim(0, top * 1.12)  # room for the number on the highest bar
    count_axis(ax, unit)
    return ax


def trend(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    unit: str = "woninginbraken per maand",
    label: str = "trend",
) -> Axes:
    """
    Draw month counts as points under a fitted line with its band.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        In order of time: `start` (dates), `n`, and of the model `fitted`, `low`, `high`.
    unit, label : str
        Axis title; name of the line.
    """
    starts = pd.to_datetime(frame["start"]).to_numpy()
    n, fitted, low, high = (floats(frame[name]) for name in ("n", "fitted", "low", "high"))
    ax.fill_between(starts, low, high, color=BAND, linewidth=0, label="band")
    ax.plot(starts, n, "o", color=CONTEXT, markersize=3, label="n")
    ax.plot(starts, fitted, color=OWN, linewidth=2.2, label="fitted")
    ax.xaxis.set_major_locator(YearLocator())
    ax.xaxis.set_major_formatter(DateFormatter("%Y"))
    count_axis(ax, unit)
    name_ends(ax, starts[-1], [(last(fitted), label, OWN)])
    ax.set_xlabel(f"stippen: geteld; vlak: marge van de {label}", loc="left", fontsize=SIZE - 0.5)
    return ax


def season(ax: Axes, frame: pd.DataFrame, *, unit: str = "woninginbraken per maand") -> Axes:
    """
    Draw a year by month heat map with the number in each cell.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        Index years, columns months (1-12); absent cells are hatched.
    unit : str
    """
    import seaborn as sns  # four seconds, for this figure only

    grid = pd.DataFrame(
        [floats(row) for _, row in frame.iterrows()], index=frame.index, columns=frame.columns
    )
    ax.patch.set(facecolor=WASH, hatch="////", edgecolor=FAINT)
    sns.heatmap(
        grid,
        ax=ax,
        cmap=LinearSegmentedColormap.from_list("wib", SEQUENTIAL),
        vmin=0,
        annot=grid.map(lambda value: "" if np.isnan(value) else dutch.number(value)),
        fmt="",
        annot_kws={"fontsize": SIZE - 0.5},
        cbar=False,
        linewidths=1.2,
        linecolor="white",
    )
    shades: Any = ax.collections[0]
    numbers = grid.to_numpy().ravel()
    for text, value in zip(ax.texts, numbers[~np.isnan(numbers)], strict=True):
        text.set_color(on(to_hex(shades.to_rgba(value))))
    months = [dutch.MONTHS_SHORT[int(month) - 1] for month in frame.columns]
    ax.set_xticks(np.arange(len(months)) + 0.5, months)
    ax.tick_params(length=0, rotation=0)
    ax.set(xlabel="", ylabel="")
    axis_title(ax, unit)
    return ax


def completeness(ax: Axes, shares: pd.DataFrame, *, classes: Sequence[float]) -> Axes:
    """
    Draw a field by month heat map of the share filled, in few classes.

    Parameters
    ----------
    ax : Axes
    shares : DataFrame
        Index: names of fields. Columns: months (period), in order of time. Shares from 0 to 1;
        what is not there is hatched.
    classes : sequence of float
        Bounds between the classes, rising; one fewer than the house colours.
    """
    grid = np.array([floats(row) for _, row in shares.iterrows()])
    bounds = [0.0, *classes, 1.0 + 1e-9]
    colors = ListedColormap(SEQUENTIAL)
    ax.patch.set(facecolor=WASH, hatch="////", edgecolor=FAINT)
    ax.pcolormesh(
        np.ma.masked_invalid(grid),
        cmap=colors,
        norm=BoundaryNorm(bounds, colors.N),
        edgecolors="white",
        linewidth=0.3,
    )
    ax.set_yticks(np.arange(len(shares)) + 0.5, [str(name) for name in shares.index])
    months = pd.PeriodIndex(shares.columns, freq="M")
    starts = [i for i, month in enumerate(months.month) if month == 1 or i == 0]
    ax.set_xticks(starts, [str(months[i].year) for i in starts], ha="left")
    ax.tick_params(length=0)
    ax.invert_yaxis()
    names = [
        f"{dutch.number(100 * low)} tot {dutch.number(100 * high)} %"
        for low, high in pairwise([0.0, *classes, 1.0])
    ]
    patches = [Patch(facecolor=c, label=n) for c, n in zip(SEQUENTIAL, names, strict=True)]
    patches.append(
        Patch(facecolor=WASH, hatch="////", edgecolor=FAINT, label="niet geleverd of te weinig")
    )
    ax.legend(
        handles=patches, loc="upper left", bbox_to_anchor=(0, -0.06), ncols=3, frameon=False,
        fontsize=SIZE - 0.5, title="gevuld", title_fontsize=SIZE, alignment="left",
    )  # fmt: skip
    return ax


def interval_dots(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    mark: float | None = None,
    mark_label: str = "landelijk",
    unit: str = "woninginbraken per 1.000 woningen",
    from_zero: bool = True,
) -> Axes:
    """
    Draw a rate with its interval per area against a benchmark.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        From top to bottom: `label`, `value`, `low`, `high`, `is_own`.
    mark : float, optional
        Benchmark.
    mark_label, unit : str
    from_zero : bool
        False for changes, which lie on both sides of it.
    """
    value, low, high = (floats(frame[name]) for name in ("value", "low", "high"))
    y = np.arange(len(frame))
    if mark is not None:
        ax.axvline(mark, color=MARK, linewidth=1.4, linestyle=(0, (4, 2)), zorder=1)
        ax.annotate(
            f"{mark_label} {dutch.number(mark, 1)}" if from_zero else mark_label,
            (mark, 1),
            (3, 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="left",
            va="bottom",
            color=MARK,
            fontsize=SIZE,
        )
    for i, own in enumerate(frame["is_own"].astype(bool)):
        color = OWN if own else SOFT
        if np.isnan(value[i]):
            absent_text(ax, 0, i, frame["value"].iloc[i], ha="left")
            continue
        ax.hlines(i, low[i], high[i], color=color, linewidth=2.4 if own else 1.5)
        ax.plot(value[i], i, "o", color=color, markersize=6.5 if own else 4.5)
        ax.annotate(
            dutch.number(value[i], 1, sign=not from_zero),
            (1, i),
            (22, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            color=color,
            fontsize=SIZE,
            fontweight="bold" if own else "normal",
        )
    ax.set_yticks(y, [str(label) for label in frame["label"]])
    ax.set_ylim(len(y) - 0.4, -0.6)
    if from_zero:
        ax.set_xlim(left=0)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.set_xlabel(unit)
    dutch_axis(ax.xaxis)
    return ax
