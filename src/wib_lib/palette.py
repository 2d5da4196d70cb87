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


def luminance(color: str) -> float:
    """
    Return the relative luminance of a colour, as WCAG 2.2 defines it: 0 black, 1 white.

    Examples
    --------
    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str = "#ffffff") -> float:
    """
    Return the contrast ratio of two colours (WCAG 2.2): 1 for the same, 21 for black on white.

    Examples
    --------
    >>> contrast("#000000"), contrast(INK, INK)
    (21.0, 1.0)
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on(ground: str) -> str:
    """
    Return the colour of text on a ground: the one with most contrast.

    Examples
    --------
    >>> on(SEQUENTIAL[0]) == INK, on(SEQUENTIAL[-1])
    (True, '#ffffff')
    """
    return max((INK, "#ffffff"), key=lambda color: contrast(color, ground))


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
