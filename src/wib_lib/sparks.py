"""Small inline graphics in SVG: a line of years and a dot against its yardstick.

They stand beside a number, so they carry no axis: the scale is zero-based, named in the text
around them, and one for all rows that a reader may compare. Colours come from the style sheet
by class, with attributes as fall-back for Jupyter.
"""

from collections.abc import Sequence

from markupsafe import Markup

from wib_lib.palette import FAINT, MARK, OWN

WIDTH, HEIGHT, PAD = 96, 34, 4

_SVG = Markup(
    '<svg class="wib-{name}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
    'role="img" aria-label="{label}">{parts}</svg>'
)


def spark(
    values: Sequence[float | None],
    *,
    mark: float | None = None,
    top: float | None = None,
    label: str,
) -> Markup:
    """
    Draw a line of values from old to new, the last one emphasised.

    Parameters
    ----------
    values : sequence of float or None
        None leaves a gap: a year that was not delivered is not bridged.
    mark : float, optional
        Benchmark, a dashed level.
    top : float, optional
        Value at the upper edge; give the same one to lines that are compared.
    label : str
        The content in words, for readers who do not see the line.

    Raises
    ------
    ValueError
        When `label` is blank.

    Examples
    --------
    >>> "polyline" in spark([3, 2, 4], label="3, 2, 4")
    True
    """
    if not label.strip():
        raise ValueError("a spark line needs a label in words")
    known = [value for value in (*values, mark) if value is not None]
    scale = max([top or 0.0, *known, 1e-9])
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)
    points = [
        None if value is None else (PAD + i * step, _height(value, scale))
        for i, value in enumerate(values)
    ]
    ground = '<line x1="0" y1="{0}" x2="{1}" y2="{0}" stroke="{2}" stroke-width="0.8"/>'
    parts = [Markup(ground).format(HEIGHT - PAD, WIDTH, FAINT)]
    parts += [] if mark is None else [_level(_height(mark, scale))]
    parts += [_run(run) for run in _runs(points)]
    if points and points[-1] is not None:
        x, y = points[-1]
        parts.append(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="{}"/>').format(x, y, OWN))
    return _SVG.format(
        name="lijn", width=WIDTH, height=HEIGHT, label=label, parts=Markup("").join(parts)
    )


def gauge(
    value: float | None,
    *,
    low: float | None = None,
    high: float | None = None,
    mark: float | None = None,
    top: float,
    label: str,
) -> Markup:
    """
    Draw a dot with its interval on a zero-based line, against a benchmark tick.

    Parameters
    ----------
    value, low, high : float, optional
        The figure and its interval; what is None is not drawn.
    mark : float, optional
        Benchmark, an upright tick.
    top : float
        Value at the right edge, one for all rows.
    label : str
        The content in words.

    Examples
    --------
    >>> "circle" in gauge(3.1, low=2.5, high=3.8, mark=4.0, top=8, label="3,1; land 4,0")
    True
    """

    def x(number: float) -> float:
        return PAD + min(max(number / top, 0.0), 1.0) * (WIDTH - 2 * PAD)

    middle = HEIGHT / 2
    line = Markup(
        '<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{}"/>'
    )
    parts = [line.format(x(0), middle, x(top), middle, FAINT, 0.8)]
    if low is not None and high is not None:
        parts.append(line.format(x(low), middle, x(high), middle, OWN, 2))
    if mark is not None:
        parts.append(line.format(x(mark), 5, x(mark), HEIGHT - 5, MARK, 2.2))
    if value is not None:
        parts.append(
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.6" fill="{}"/>').format(
                x(value), middle, OWN
            )
        )
    return _SVG.format(
        name="meter", width=WIDTH, height=HEIGHT, label=label, parts=Markup("").join(parts)
    )


def _height(value: float, scale: float) -> float:
    return HEIGHT - PAD - value / scale * (HEIGHT - 2 * PAD)


def _level(y: float) -> Markup:
    return Markup(
        '<line x1="0" y1="{0:.1f}" x2="{1}" y2="{0:.1f}" stroke="{2}" stroke-width="1.2" '
        'stroke-dasharray="3 2"/>'
    ).format(y, WIDTH, MARK)


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Split a line at its gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _run(run: list[tuple[float, float]]) -> Markup:
    if len(run) == 1:
        return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="1.4" fill="{}"/>').format(*run[0], OWN)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return Markup(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.6" stroke-linejoin="round" '
        'stroke-linecap="round"/>'
    ).format(path, OWN)
