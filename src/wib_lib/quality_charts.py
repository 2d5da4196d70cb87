"""Figures of the quality of a delivery."""

import pandas as pd
from matplotlib.figure import Figure

from wib_lib import plots
from wib_lib.absent import Missing

WIDTH = 6.9  # inches: the text width of A4
FILLED_CLASSES = (0.5, 0.8, 0.9, 0.98)  # bounds of share filled


def completeness(shares: pd.DataFrame | Missing) -> Figure | Missing:
    """Draw the share filled per field and month (`quality_text.filled_grid`)."""
    if isinstance(shares, Missing):
        return shares
    fig, ax = plots.canvas(WIDTH, 1.1 + 0.2 * len(shares))
    plots.completeness(ax, shares, classes=FILLED_CLASSES)
    return fig
