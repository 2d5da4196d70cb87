"""Figures of where and when: a result of `courses`, `hot_places` or `hot_hours` in, a figure out."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from wib_lib import maps, plots, time_plots
from wib_lib.absent import Missing, NotGiven, is_known
from wib_lib.change_points import Event
from wib_lib.charts import TALL, WIDE, said
from wib_lib.dutch import number
from wib_lib.hot_hours import SPELLED
from wib_lib.hot_places import CALM, PER_KM2
from wib_lib.hotspot_moves import GONE, NEW, STAYED
from wib_lib.map_classes import class_labels, colors
from wib_lib.palette import MARK, OWN

# The same on every map, apart by lightness as well as by colour.
STATES: Mapping[str, str] = {STAYED: OWN, NEW: MARK, GONE: "#b9c4d0"}
NO_BOUNDARIES = Missing("grenzen zijn niet geleverd")


def trends(table: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw the change per year with its interval of area, police region and country."""
    if isinstance(table, Missing):
        return table
    known = table[[is_known(value) for value in table["value"]]]
    fig, ax = plots.canvas(WIDE, 0.8 + 0.28 * len(known))
    plots.interval_dots(
        ax, known, mark=0.0, mark_label="geen verandering", unit="% per jaar", from_zero=False
    )
    return fig


def decomposition(frame: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw the months, their trend, season and rest."""
    if isinstance(frame, Missing):
        return frame
    fig, axes = plots.canvas(WIDE, 5.2, nrows=4)
    time_plots.decomposition(list(axes), frame)
    return fig


def rolling(
    frame: pd.DataFrame | Missing, breaks: pd.DataFrame | Missing, events: list[Event]
) -> Figure | Missing:
    """Draw the running twelve months with breaks and known events."""
    if isinstance(frame, Missing):
        return frame
    fig, ax = plots.canvas(WIDE, TALL)
    found = [] if isinstance(breaks, Missing) else [start.date() for start in breaks["start"]]
    time_plots.rolling(ax, frame, breaks=found, events=events)
    return fig


def hot_map(hot: pd.DataFrame | Missing, parts: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw which buurten are, stayed or were hot."""
    return _map(hot, parts, "state", STATES, "hotspot", label="naam")


def grid_map(cells: pd.DataFrame | Missing, parts: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw which cells of the grid are, stayed or were hot."""
    return _map(cells, parts, "state", STATES, "raster van 125 m")


def density_map(cells: pd.DataFrame | Missing, parts: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw the smoothed burglaries in fixed classes."""
    if isinstance(cells, Missing):
        return cells
    names = class_labels(PER_KM2, 0)
    fills = dict(zip(names, colors(len(names)), strict=True))
    named = cells.assign(kind=[names[i] for i in cells["number"]])
    return _map(named, parts, "kind", fills, "woninginbraken per km2 per jaar")


def _map(
    areas: pd.DataFrame | Missing,
    parts: pd.DataFrame | Missing,
    column: str,
    fills: Mapping[str, str],
    unit: str,
    *,
    label: str | None = None,
) -> Figure | Missing:
    if isinstance(areas, Missing):
        return areas
    if isinstance(parts, Missing) or "geometry" not in parts:
        return NO_BOUNDARIES
    fig, ax = plots.canvas(WIDE, 0.75 * WIDE)
    maps.kinds(ax, areas, column, fills=fills, unit=unit, ground=parts, label=label)
    return fig


def week(table: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw workdays and weekend by parts of the day."""
    if isinstance(table, Missing):
        return table
    fig, ax = plots.canvas(WIDE, 1.5)
    time_plots.week(
        ax,
        table.rename(columns=SPELLED),
        unit="woninginbraken in het venster; werkdagen zijn er vijf, het weekend twee",
    )
    return fig


def hours(cells: pd.DataFrame | Missing, profile: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw the hours of the week above the hours of the day with their bands."""
    if isinstance(cells, Missing):
        return cells
    if isinstance(profile, Missing):
        return profile
    grid = cells.pivot(index="weekday", columns="hour", values="n")
    grid.index = pd.Index(["ma", "di", "wo", "do", "vr", "za", "zo"])
    fig, (above, below) = plots.canvas(WIDE, 5.2, nrows=2)
    time_plots.week(above, grid, unit="woninginbraken per uur van de week", decimals=1)
    time_plots.hours(below, profile)
    return fig


def dark(table: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw the share in the dark per month."""
    if isinstance(table, Missing):
        return table
    months = table[table["month"].gt(0)]
    if not any(is_known(value) for value in months["share_dark"]):
        return NotGiven("elk aantal is te klein om te tonen")
    fig, ax = plots.canvas(WIDE, TALL)
    time_plots.dark(ax, months)
    return fig


def state_words(areas: pd.DataFrame | Missing) -> str:
    """
    Put a map of hot buurten into words.

    Examples
    --------
    >>> state_words(pd.DataFrame({"naam": ["A", "B"], "state": ["nieuw", "geen hotspot"]}))
    'nieuw: A'
    """
    if isinstance(areas, Missing):
        return areas.reason
    hot = areas[areas["state"].ne(CALM)]
    by_state = hot.groupby("state")["naam"].agg(", ".join)
    return "; ".join(f"{state}: {names}" for state, names in by_state.items()) or "geen hotspot"


def week_words(table: pd.DataFrame | Missing) -> str:
    """Put the week into words: the cells with a count."""
    if isinstance(table, Missing):
        return table.reason
    rows = [
        f"{day}: " + ", ".join(f"{part} {number(n)}" for part, n in row.items())
        for day, row in table.iterrows()
    ]
    return "; ".join(rows)


def hour_words(profile: pd.DataFrame | Missing) -> str:
    """Put the hours of the day into words."""
    return said(profile, "hour", "n", decimals=1)
