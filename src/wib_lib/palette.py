"""House colours and the matplotlib style of every figure.

Blue carries the area's own figures, orange the yardstick, grey the context: the pair stays apart
for every common colour deficiency and, by lightness, in a grey print. The sequential classes are
ColorBrewer Blues (Brewer 2013), listed there as colour-blind safe and print friendly.
"""

from typing import Any

INK = "#1a2027"
SOFT = "#56606b"
FAINT = "#98a2ad"
LINE = "#d8dde3"
WASH = "#eef1f4"
OWN = "#1d4f8c"
MARK = "#b4500b"
CONTEXT = "#8397ad"  # figures beside the own ones: three to one against the paper
BAND = "#d5dce4"
# Verdicts apart by lightness first, so that a grey print keeps them; the sign says the same.
VERDICT = {"ja": "#0b3263", "nee": "#b85300", "open": "#474f59", "nvt": "#474f59"}
SEQUENTIAL = ("#e6eef7", "#b9d3ea", "#75aad6", "#3579b8", "#123f7a")

FONTS = ("Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans")
SIZE = 8.5


def theme() -> dict[Any, Any]:
    """
    Return the house style as matplotlib parameters.

    Only an installed font is named: matplotlib logs a line on stderr for each missing one, and
    a pack refuses stderr.

    Examples
    --------
    >>> theme()["axes.spines.top"]
    False
    """
    from matplotlib import font_manager  # builds its font list on first import

    installed = set(font_manager.get_font_names())
    return {
        "font.family": "sans-serif",
        "font.sans-serif": [name for name in FONTS if name in installed] or ["DejaVu Sans"],
        "font.size": SIZE,
        "text.color": INK,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "axes.edgecolor": FAINT,
        "axes.linewidth": 0.7,
        "axes.labelcolor": SOFT,
        "axes.labelsize": SIZE,
        "axes.titlesize": SIZE + 1,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "xtick.labelsize": SIZE,
        "ytick.labelsize": SIZE,
        "xtick.major.width": 0.7,
        "ytick.major.width": 0.7,
        "grid.color": LINE,
        "grid.linewidth": 0.6,
        "hatch.linewidth": 0.6,
        "lines.linewidth": 1.8,
        "lines.solid_capstyle": "round",
        "legend.frameon": False,
        "legend.fontsize": SIZE - 0.5,
    }
