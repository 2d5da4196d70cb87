"""Figures of a pack: a result in, a drawn figure out; what is missing stays missing."""

import pandas as pd
from matplotlib.figure import Figure

from wib_lib import maps, plots
from wib_lib.absent import Missing, Value, is_known
from wib_lib.dutch import MONTHS, number
from wib_lib.dutch import window as window_label
from wib_lib.fortnight import RATE_BREAKS
from wib_lib.html import FICTITIOUS
from wib_lib.keyfigures import KeyFigures
from wib_lib.params import Params
from wib_lib.release import NOT_FOR
from wib_lib.trend import Trend

WIDE, HALF, TALL = 6.9, 3.4, 3.0  # inches: the text width of A4, half of it, and a usual height
RATE_UNIT = "woninginbraken per 1.000 woningen"


def months(band: pd.DataFrame | Missing, *, window: str, width: float = WIDE) -> Figure | Missing:
    """Draw the months of the window over the years before (`history.month_band`)."""
    if isinstance(band, Missing):
        return band
    fig, ax = plots.canvas(width, TALL)
    plots.months_over_band(ax, band, window=window, before=band.attrs["years"])
    return fig


def years(frame: pd.DataFrame, *, mean: Value, width: float = WIDE) -> Figure | Missing:
    """Draw 12-month counts (`history.windows`) with the mean of the years before."""
    if not any(is_known(n) for n in frame["n"]):
        return next(n for n in frame["n"] if isinstance(n, Missing))
    fig, ax = plots.canvas(width, TALL)
    mark = float(mean) if is_known(mean) else None
    plots.years(ax, frame, mark=mark, mark_label="gemiddelde ervoor")
    return fig


def trend(found: Trend | Missing, *, by_month: bool) -> Figure | Missing:
    """Draw counts with the fitted trend."""
    if isinstance(found, Missing):
        return found
    fig, ax = plots.canvas(WIDE, TALL)
    unit = "woninginbraken per maand" if by_month else "woninginbraken per jaar"
    plots.trend(ax, found.fitted, unit=unit)
    return fig


def season(grid: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw counts per year and month."""
    if isinstance(grid, Missing):
        return grid
    fig, ax = plots.canvas(WIDE, 0.6 + 0.4 * len(grid))
    plots.season(ax, grid)
    return fig


def rates(frame: pd.DataFrame | Missing, *, mark: Value, width: float = WIDE) -> Figure | Missing:
    """Draw rates with intervals of areas against the country (`Evidence.area_rates`)."""
    if isinstance(frame, Missing):
        return frame
    fig, ax = plots.canvas(width, 0.8 + 0.28 * len(frame))
    plots.interval_dots(ax, frame, mark=float(mark) if is_known(mark) else None)
    return fig


def rate_map(
    parts: pd.DataFrame | Missing, params: Params, *, width: float = WIDE, named: bool = False
) -> Figure | Missing:
    """Draw rates per buurt in the fixed classes of `params/regio.yaml`."""
    if isinstance(parts, Missing):
        return parts
    if "geometry" not in parts:
        return Missing("grenzen zijn niet geleverd")
    fig, ax = plots.canvas(width, 0.75 * width)
    label = "naam" if named else None
    maps.choropleth(ax, parts, "rate", breaks=params.klassengrenzen, unit=RATE_UNIT, label=label)
    return fig


def fortnight_maps(parts: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw the rates of two weeks ago and of now, with the same classes."""
    if isinstance(parts, Missing):
        return parts
    if "geometry" not in parts:
        return Missing("grenzen zijn niet geleverd")
    if not any(map(is_known, (*parts["rate_now"], *parts["rate_before"]))):
        return Missing(NOT_FOR)
    fig, axes = plots.canvas(WIDE, 0.6 * WIDE, ncols=2)
    for ax, column, title in zip(
        axes, ("rate_before", "rate_now"), ("twee weken ervoor", "laatste twee weken"), strict=True
    ):
        maps.choropleth(ax, parts, column, breaks=RATE_BREAKS, unit=RATE_UNIT)
        ax.set_title(title)
    return fig


def screen_map(
    parts: pd.DataFrame | Missing, params: Params, *, title: str, fictitious: bool
) -> str | Missing:
    """Return the same map for the screen, working without a network."""
    if isinstance(parts, Missing):
        return parts
    if "geometry" not in parts:
        return Missing("grenzen zijn niet geleverd")
    tooltip = {"naam": "Buurt", "n_now": "Woninginbraken", "n_dwellings": "Woningen",
               "rate": "Per 1.000 woningen"}  # fmt: skip
    return maps.interactive(
        parts,
        "rate",
        breaks=params.klassengrenzen,
        unit=RATE_UNIT,
        tooltip=tooltip,
        title=title,
        mark=FICTITIOUS if fictitious else "",
    )


def place(
    parts: pd.DataFrame | Missing, areas: pd.DataFrame, figures: KeyFigures, params: Params
) -> Figure | Missing:
    """Draw the map per buurt, or the areas beside each other when nothing lies in buurten."""
    if isinstance(parts, Missing) or "geometry" not in parts:
        country = figures.benchmarks["landelijk"].rate
        return rates(areas, mark=country, width=HALF)
    return rate_map(parts, params, width=HALF)


def recent(
    band: pd.DataFrame | Missing, windows: pd.DataFrame, figures: KeyFigures
) -> Figure | Missing:
    """Draw the months of the window, or the years when only years were delivered."""
    if isinstance(band, Missing):
        return years(windows, mean=figures.mean_before, width=HALF)
    return months(band, window=window_label(figures.window), width=HALF)


def place_words(parts: pd.DataFrame | Missing, areas: pd.DataFrame) -> str:
    """Put into words what `place` draws."""
    if isinstance(parts, Missing) or "geometry" not in parts:
        return said(areas, "label", "value", decimals=1)
    return rate_words(parts)


def rate_words(parts: pd.DataFrame | Missing, *, n_rows: int = 10) -> str:
    """
    Put a map of rates into words: the highest buurten, and how many have no figure.

    Examples
    --------
    >>> rows = {"naam": ["A", "B", "C"], "rate": [2.0, 9.25, Missing("te weinig woningen")]}
    >>> rate_words(pd.DataFrame(rows, dtype=object))
    '3 buurten, de hoogste eerst: B: 9,3; A: 2,0; zonder cijfer: 1'
    """
    if isinstance(parts, Missing):
        return parts.reason
    known = parts[[is_known(value) for value in parts["rate"]]]
    highest = known.loc[known["rate"].astype(float).sort_values(ascending=False).index]
    text = said(highest, "naam", "rate", n_rows=n_rows, decimals=1)
    n_absent = len(parts) - len(known)
    rest = f"; zonder cijfer: {number(n_absent)}" if n_absent else ""
    return f"{number(len(parts))} buurten, de hoogste eerst: {text}{rest}"


def recent_words(band: pd.DataFrame | Missing, windows: pd.DataFrame) -> str:
    """Put into words what `recent` draws."""
    if isinstance(band, Missing):
        return said(windows, "label", "n")
    return month_words(band)


def month_words(band: pd.DataFrame | Missing) -> str:
    """Put the months of the window into words, by their names."""
    if isinstance(band, Missing):
        return band.reason
    return said(band.assign(month=[MONTHS[at - 1] for at in band["month"]]), "month", "n")


def recent_caption(band: pd.DataFrame | Missing) -> str:
    """Name what `recent` draws."""
    if isinstance(band, Missing):
        return "Woninginbraken per twaalf maanden"
    return "De maanden van het venster, over de jaren ervoor"


def place_caption(parts: pd.DataFrame | Missing) -> str:
    """Name what `place` draws."""
    if isinstance(parts, Missing) or "geometry" not in parts:
        return "Per 1.000 woningen, met interval: de gebieden naast elkaar"
    return "Woninginbraken per 1.000 woningen, per buurt"


def said(
    frame: pd.DataFrame | Missing, name: str, value: str, *, n_rows: int = 24, decimals: int = 0
) -> str:
    """
    Put a figure into words: the first rows, for readers who do not see it.

    Examples
    --------
    >>> said(pd.DataFrame({"label": ["2017", "2018"], "n": [505, 366]}), "label", "n")
    '2017: 505; 2018: 366'
    """
    if isinstance(frame, Missing):
        return frame.reason
    rows = frame.head(n_rows)
    return (
        "; ".join(
            f"{key}: {number(n, decimals)}" for key, n in zip(rows[name], rows[value], strict=True)
        )
        or "geen gegevens"
    )
