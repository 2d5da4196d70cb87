"""Figures of time: a series taken apart, its running year, the hours of the week, the dark."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from matplotlib.dates import DateFormatter, YearLocator, date2num

from wib_lib import dutch
from wib_lib.axes import axis_title, count_axis, dutch_axis, floats, halo, last, name_ends
from wib_lib.palette import BAND, CONTEXT, FAINT, INK, MARK, OWN, SEQUENTIAL, SIZE, SOFT, WASH, on

PARTS = {"n": "geteld", "trend": "trend", "season": "seizoen", "rest": "rest"}


def decomposition(axes: Sequence[Axes], frame: pd.DataFrame) -> Sequence[Axes]:
    """
    Draw months above their trend, season and rest, on one scale of time.

    Parameters
    ----------
    axes : sequence of Axes
        Four, from top to bottom.
    frame : DataFrame
        In order of time: `start`, `n`, `trend`, `season`, `rest`.
    """
    starts = pd.to_datetime(frame["start"]).to_numpy()
    for ax, (name, title) in zip(axes, PARTS.items(), strict=True):
        values = floats(frame[name])
        if name == "rest":
            ax.bar(date2num(starts), values, width=22, color=CONTEXT)
        else:
            ax.plot(starts, values, color=OWN if name != "n" else SOFT, linewidth=1.5)
        if name in ("season", "rest"):
            ax.axhline(0, color=FAINT, linewidth=0.7)
        else:
            ax.set_ylim(bottom=0)
        _time_axis(ax)
        ax.grid(axis="y")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        dutch_axis(ax.yaxis)
        axis_title(ax, title)
        if name != "rest":
            ax.tick_params(axis="x", labelbottom=False)
    return axes


def rolling(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    breaks: Sequence[date] = (),
    events: Sequence[tuple[date, str]] = (),
    unit: str = "woninginbraken in de twaalf maanden ervoor",
) -> Axes:
    """
    Draw the sum of the last twelve months, with breaks in the series and what is known of then.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        In order of time: `end` (the day after the twelve months) and `n`.
    breaks : sequence of date
        First month of each new course.
    events : sequence of (date, str)
        Those within the span are marked with a letter, explained below the axis.
    unit : str
    """
    ends = pd.to_datetime(frame["end"]).to_numpy()
    n = floats(frame["n"])
    ax.plot(ends, n, color=OWN, linewidth=2.2)
    count_axis(ax, unit)
    ax.set_ylim(0, max(1.0, float(np.nanmax(n))) * 1.15)
    _time_axis(ax)
    low, high = pd.Timestamp(ends[0]), pd.Timestamp(ends[-1])
    for day in breaks:
        ax.axvline(date2num(day), color=MARK, linewidth=1.4, linestyle=(0, (4, 2)))
    shown = [(day, text) for day, text in events if low <= pd.Timestamp(day) <= high]
    for letter, (day, _) in zip("abcdefgh", shown, strict=False):
        ax.axvline(date2num(day), color=SOFT, linewidth=0.8)
        ax.annotate(letter, (date2num(day), 1), (3, -2), xycoords=("data", "axes fraction"), va="top",
                    textcoords="offset points", color=SOFT, fontsize=SIZE, path_effects=halo())  # fmt: skip
    name_ends(ax, ends[-1], [(last(n), dutch.number(last(n)), OWN)])
    lines = ["streep: breekpunt in de maanden"] * bool(len(breaks))
    lines += [
        f"{letter}: {_short(text)}" for letter, (_, text) in zip("abcdefgh", shown, strict=False)
    ]
    ax.set_xlabel("\n".join(lines), loc="left", fontsize=SIZE - 0.5)
    return ax


def week(ax: Axes, grid: pd.DataFrame, *, unit: str, decimals: int = 0) -> Axes:
    """
    Draw a heat map of the week with the number in each cell.

    Parameters
    ----------
    ax : Axes
    grid : DataFrame
        Index weekdays, columns parts of the day or hours; absent cells are hatched.
    unit : str
    decimals : int
    """
    values = np.array([floats(row) for _, row in grid.iterrows()])
    colors = LinearSegmentedColormap.from_list("wib", SEQUENTIAL)
    scale = Normalize(0, max(1.0, float(np.nanmax(values))))
    ax.patch.set(facecolor=WASH, hatch="////", edgecolor=FAINT)
    ax.pcolormesh(
        np.ma.masked_invalid(values), cmap=colors, norm=scale, edgecolors="white", linewidth=1.2
    )
    size = SIZE - 0.5 if grid.shape[1] <= 12 else SIZE - 2.5
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            ax.text(column + 0.5, row + 0.5, dutch.number(value, decimals), ha="center",
                    va="center", fontsize=size, color=on(to_hex(colors(scale(value)))))  # fmt: skip
    ax.set_yticks(np.arange(len(grid)) + 0.5, [str(name) for name in grid.index])
    ax.set_xticks(np.arange(grid.shape[1]) + 0.5, [str(name) for name in grid.columns])
    ax.tick_params(length=0)
    ax.invert_yaxis()
    axis_title(ax, unit)
    if np.isnan(values).any():
        text = "gearceerd: te klein om te tonen, of nodig om zo'n aantal te verbergen"
        ax.set_xlabel(text, loc="left", fontsize=SIZE - 0.5)
    return ax


def hours(
    ax: Axes, frame: pd.DataFrame, *, unit: str = "woninginbraken per uur van de dag"
) -> Axes:
    """
    Draw a bar per hour of the day with its band.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        `hour` (0-23), `n`, `low`, `high`.
    unit : str
    """
    x, n, low, high = (floats(frame[name]) for name in ("hour", "n", "low", "high"))
    ax.bar(x + 0.5, n, width=0.82, color=CONTEXT)
    ax.vlines(x + 0.5, low, high, color=INK, linewidth=1.2)
    ax.set_xticks(range(0, 25, 3))
    ax.set_xlim(0, 24)
    count_axis(ax, unit)
    ax.set_xlabel("uur; streepje: marge van toeval", loc="left", fontsize=SIZE - 0.5)
    return ax


def dark(ax: Axes, frame: pd.DataFrame) -> Axes:
    """
    Draw the share in the dark per month over the share of the hours that is dark.

    Parameters
    ----------
    ax : Axes
    frame : DataFrame
        `month` (1-12), `share_dark`, `low`, `high` (may be absent) and `share_of_time`, per cent.
    """
    x = np.arange(len(frame))
    share, low, high, time = (
        floats(frame[name]) for name in ("share_dark", "low", "high", "share_of_time")
    )
    ax.fill_between(x, low, high, color=BAND, linewidth=0)
    ax.plot(x, time, color=MARK, linewidth=1.4, linestyle=(0, (4, 2)))
    ax.plot(x, share, color=OWN, linewidth=2.2, marker="o", markersize=4)
    ax.set_xticks(x, [dutch.MONTHS_SHORT[int(month) - 1] for month in frame["month"]])
    ax.set_xlim(-0.4, len(x) - 0.6)
    count_axis(ax, "% in het donker")
    ends = [(last(time), "van alle uren", MARK), (last(share), "van de inbraken", OWN)]
    name_ends(ax, len(x) - 1, ends)
    ax.set_xlabel("vlak: marge van toeval", loc="left", fontsize=SIZE - 0.5)
    return ax


def _time_axis(ax: Axes) -> None:
    ax.xaxis.set_major_locator(YearLocator())
    ax.xaxis.set_major_formatter(DateFormatter("%Y"))


def _short(text: str) -> str:
    """Return the first clause of an explanation."""
    return text.split(";", maxsplit=1)[0].rstrip(".")
