"""Parts that the figures share: Dutch axes, names at line ends, places without a figure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from wib_lib import dutch
from wib_lib.absent import Missing, Suppressed
from wib_lib.palette import OWN, SIZE, SOFT, theme

NOT_DELIVERED = "niet geleverd"


def floats(values: pd.Series | Sequence[Any]) -> npt.NDArray[np.float64]:
    """Return numbers for drawing; what is not there is not drawn."""
    return np.array(
        [
            np.nan if isinstance(value, Missing | Suppressed) or pd.isna(value) else float(value)
            for value in values
        ]
    )


def last(values: npt.NDArray[np.float64]) -> float:
    """Return where a line ends."""
    return float(values[-1]) if len(values) else float("nan")


def count_axis(ax: Axes, unit: str) -> None:
    """Give a count axis: from zero, light lines, unit above it."""
    ax.set_ylim(bottom=0)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    dutch_axis(ax.yaxis)
    axis_title(ax, unit)


def axis_title(ax: Axes, unit: str) -> None:
    """Write the title of the y axis level, above the axis, where it is read first."""
    ax.set_ylabel(unit, rotation=0, ha="left", va="bottom", color=SOFT)
    ax.yaxis.set_label_coords(0, 1.02)


def dutch_axis(axis: Axis) -> None:
    """Give an axis few, round ticks in Dutch."""
    axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    low, high = axis.get_view_interval()
    ticks = [tick for tick in axis.get_majorticklocs() if low <= tick <= high]
    axis.set_major_formatter(tick_text(decimals_for(ticks)))


def absent_text(
    ax: Axes, x: float, y: float, raw: Any, *, xycoords: str = "data", **where: Any
) -> None:
    """Say why there is no figure at this place."""
    text = "x (onderdrukt)" if isinstance(raw, Suppressed) else NOT_DELIVERED
    if isinstance(raw, Missing):
        text = raw.reason
    style: dict[str, Any] = {"ha": "center", "va": "center", "color": SOFT} | where
    shift = (4, 0) if style["ha"] == "left" else (0, 0)
    ax.annotate(
        text,
        (x, y),
        shift,
        textcoords="offset points",
        xycoords=xycoords,
        fontsize=SIZE - 0.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        **style,
    )


def halo() -> list[Any]:
    """Return a white edge, so that a text stays readable over a line or a dark place."""
    return [withStroke(linewidth=2.2, foreground="white")]


def name_ends(ax: Axes, x: Any, ends: Sequence[tuple[float, str, str]]) -> None:
    """Name lines where they end; names that would touch are moved apart, the lines stay."""
    known = sorted((end for end in ends if not np.isnan(end[0])), key=lambda end: end[0])
    low, high = ax.get_ylim()
    room = (high - low) * 0.16
    at = -np.inf
    for y, text, color in known:
        at = max(y, at + room)
        ax.annotate(
            text,
            (x, at),
            (7, 0),
            textcoords="offset points",
            va="center",
            color=color,
            fontsize=SIZE,
            fontweight="bold" if color == OWN else "normal",
            annotation_clip=False,
        )


def tick_text(decimals: int) -> Callable[[float, Any], str]:
    """
    Return a matplotlib formatter that writes Dutch numbers.

    Examples
    --------
    >>> tick_text(0)(1234.0, None)
    '1.234'
    """
    return lambda value, _: dutch.number(float(value), decimals)


def decimals_for(ticks: Iterable[float]) -> int:
    """
    Return the decimals that tell tick values apart: 0 for whole numbers, else 1 or 2.

    Examples
    --------
    >>> decimals_for([0, 50, 100]), decimals_for([0, 2.5, 5]), decimals_for([0, 0.25])
    (0, 1, 2)
    """
    values = list(ticks)
    for decimals in (0, 1):
        if all(abs(value - round(value, decimals)) < 1e-9 for value in values):
            return decimals
    return 2


def measure(figure: Figure) -> None:
    """Lay a figure out without drawing it, in the fonts it will be drawn in."""
    with mpl.rc_context(theme()):
        figure.draw_without_rendering()
