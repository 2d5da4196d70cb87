"""The four key figures on the first page: value, change, five years, benchmark."""

from markupsafe import Markup

from wib_lib import html
from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.dutch import interval, number, percent
from wib_lib.dutch import window as window_label
from wib_lib.keyfigures import SMALL, KeyFigures


def key_tiles(figures: KeyFigures, *, level: float) -> html.Fragment:
    """Show the four key figures: value, change, five years, benchmark."""
    then = window_label(figures.window.earlier(1))
    years = [*(value for _, value in reversed(figures.earlier)), figures.n]
    labels = [str(w.start.year) for w, _ in reversed(figures.earlier)]
    labels.append(str(figures.window.start.year))
    said = ", ".join(f"{name}: {number(n)}" for name, n in zip(labels, years, strict=True))
    known = [float(n) if is_known(n) else None for n in years]
    line = html.spark(known, label=f"Aantal per jaar: {said}") if any(known) else ""
    return html.tiles(
        [
            html.Tile("Aantal", number(figures.n), _count_lines(figures, then), line),
            html.Tile("Pogingen", number(figures.n_attempts), _attempt_lines(figures, then)),
            html.Tile("Opheldering", percent(figures.pct_cleared), _clearance_lines(figures, then)),
            html.Tile(
                "Per 1.000 woningen",
                number(figures.rate.value, 1),
                _rate_lines(figures, level),
                _rate_gauge(figures),
            ),
        ]
    )


def _count_lines(figures: KeyFigures, then: str) -> tuple[str, ...]:
    lines = []
    if (
        is_known(figures.n)
        and is_known(figures.n_before)
        and min(figures.n, figures.n_before) < SMALL
    ):
        lines.append(f"{then}: {number(figures.n_before)}; te weinig voor een percentage")
    elif is_known(figures.n_before):
        lines.append(
            f"{percent(figures.pct_change, sign=True)} t.o.v. {then} ({number(figures.n_before)})"
        )
    else:
        lines.append(_reason(figures.n if not is_known(figures.n) else figures.n_before))
    if is_known(figures.mean_before):
        lines.append(
            f"gemiddelde {len(figures.earlier)} jaar ervoor: {number(figures.mean_before, 1)}"
        )
    elif is_known(figures.n):
        lines.append(f"gemiddelde {_reason(figures.mean_before)}")
    return tuple(lines)


def _attempt_lines(figures: KeyFigures, then: str) -> tuple[str, ...]:
    if not is_known(figures.n_attempts):
        return (_reason(figures.n_attempts),)
    share = figures.share_attempts
    now = _reason(share)
    if is_known(share):  # then what it is a share of is released too
        known = number(figures.n_kind_known)
        now = f"{percent(100 * share)} van de {known} waarvan bekend is of het een poging was"
    before = figures.n_attempts_before
    return (now, f"{then}: {number(before)}" if is_known(before) else f"{then}: {_reason(before)}")


def _clearance_lines(figures: KeyFigures, then: str) -> tuple[str, ...]:
    if not is_known(figures.pct_cleared):
        absent = figures.n_cleared if not is_known(figures.n_cleared) else figures.pct_cleared
        return (_reason(absent),)
    before = figures.pct_cleared_before
    past = percent(before) if is_known(before) else _reason(before)
    return (f"{number(figures.n_cleared)} opgehelderd", f"{then}: {past}, even lange naloop")


def _rate_lines(figures: KeyFigures, level: float) -> tuple[str, ...]:
    own = figures.rate
    if not (is_known(own.value) and is_known(own.low) and is_known(own.high)):
        return (_reason(own.value),)
    lines = [f"{number(100 * level)}%-interval {interval(own.low, own.high)}"]
    country, unit = (figures.benchmarks.get(name) for name in ("landelijk", "regionaal"))
    if country and unit:
        lines.append(f"land {number(country.rate, 1)}; eenheid {number(unit.rate, 1)}")
    if own.dwellings.year != figures.window.start.year:
        lines.append(f"woningen van {own.dwellings.year}")
    return tuple(lines)


def _rate_gauge(figures: KeyFigures) -> Markup | str:
    own, country = figures.rate, figures.benchmarks.get("landelijk")
    if not (is_known(own.value) and is_known(own.low) and is_known(own.high)):
        return ""
    mark = country.rate if country and is_known(country.rate) else None
    label = f"{number(own.value, 1)} per 1.000 woningen"
    label += f", landelijk {number(mark, 1)}" if mark is not None else ""
    top = 1.15 * max(own.high, mark or 0.0)
    return html.gauge(own.value, low=own.low, high=own.high, mark=mark, top=top, label=label)


def _reason(value: Value) -> str:
    if isinstance(value, Suppressed):
        return f"onderdrukt: het aantal of de rest is kleiner dan {value.minimum}"
    return value.reason if isinstance(value, Missing) else ""
