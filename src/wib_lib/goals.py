"""Verdicts on SMART goals.

Behaald and niet behaald are given only when chance cannot explain the side of the target that
the figure is on; otherwise, and when the figure is missing, withheld or of another definition,
the goal is niet vast te stellen. A goal of another period is niet van toepassing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.disclosure import percentage
from wib_lib.dutch import number, percent
from wib_lib.dutch import window as window_label
from wib_lib.keyfigures import KeyFigures
from wib_lib.params import Doel
from wib_lib.periods import Window, parse_period
from wib_lib.rates import poisson_interval, share_interval

REACHED, MISSED, OPEN, OTHER = (
    "behaald",
    "niet behaald",
    "niet vast te stellen",
    "niet van toepassing",
)
NAMES = {
    "aantal": "aantal woninginbraken",
    "pogingen": "pogingen",
    "share_pogingen": "aandeel pogingen",
    "opheldering_pct": "opheldering",
    "per_1000_woningen": "per 1.000 woningen",
}
COUNTS, PER_CENTS = ("aantal", "pogingen"), ("share_pogingen", "opheldering_pct")
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": lambda value, target: value <= target,
    "<": lambda value, target: value < target,
    ">=": lambda value, target: value >= target,
    ">": lambda value, target: value > target,
}


@dataclass(frozen=True)
class Realised:
    """What was reached, with its interval; `notes` are what a reader must know about it."""

    value: Value
    low: Value
    high: Value
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """A goal, its target, what was reached, and the verdict with its findings in Dutch."""

    doel: Doel
    oordeel: str
    target: Value
    realised: Realised
    findings: tuple[str, ...]

    @property
    def name(self) -> str:
        """The goal in a few words."""
        doel = self.doel
        name = NAMES.get(doel.indicator, f"maatregel {doel.indicator.removeprefix('maatregel:')}")
        against = f" t.o.v. {doel.benchmark}" if doel.benchmark else ""
        return f"{name}{against}{' (voorbeelddoel)' if doel.voorbeeld else ''}"


def evaluate(doel: Doel, figures: KeyFigures, *, base: Value, level: float = 0.95) -> Verdict:
    """
    Judge one goal.

    Parameters
    ----------
    doel : Doel
    figures : KeyFigures
        Of the window that is evaluated.
    base : Value
        The goal's base indicator as this delivery gives it, to hold against the stated value.
    level : float
        Of the interval that must lie on one side of the target.

    Returns
    -------
    Verdict
    """
    target = _target(doel, figures)
    realised = _realised(doel, figures, level)
    findings = [*realised.notes, *_base_findings(doel, base)]
    if doel.window != figures.window:
        other = (
            f"het doel geldt voor {window_label(doel.window)}; "
            f"het venster is {window_label(figures.window)}"
        )
        none = Realised(
            Missing("ander venster"), Missing("ander venster"), Missing("ander venster")
        )
        return Verdict(doel, OTHER, target, none, (other,))
    for value in (realised.value, target):
        if isinstance(value, Suppressed):
            reason = f"onderdrukt: het aantal of de rest ervan is kleiner dan {value.minimum}"
            return Verdict(doel, OPEN, target, realised, (reason, *findings))
        if isinstance(value, Missing):
            return Verdict(doel, OPEN, target, realised, (value.reason, *findings))
    oordeel, finding = _judge(doel, target, realised)
    return Verdict(doel, oordeel, target, realised, (finding, *findings))


def _judge(doel: Doel, target: Value, realised: Realised) -> tuple[str, str]:
    assert is_known(target) and is_known(realised.value)
    assert is_known(realised.low) and is_known(realised.high)
    meets = OPERATORS[doel.operator]
    sides = {meets(value, target) for value in (realised.low, realised.high)}
    on_target = meets(realised.value, target)
    where = "aan de goede kant van" if on_target else "aan de verkeerde kant van"
    if len(sides) == 2:
        return OPEN, (
            f"het cijfer ligt {where} de doelwaarde, maar het interval omvat de doelwaarde: "
            "toeval kan het verschil verklaren"
        )
    return (REACHED if on_target else MISSED), f"het hele interval ligt {where} de doelwaarde"


def _target(doel: Doel, figures: KeyFigures) -> Value:
    if doel.doelwaarde is not None:
        return doel.doelwaarde
    if doel.benchmark is not None:
        benchmark = figures.benchmarks.get(doel.benchmark)
        return benchmark.rate if benchmark else Missing(f"{doel.benchmark} cijfer niet geleverd")
    assert doel.basis is not None and doel.mutatie_pct is not None
    return doel.basis.waarde * (1 + doel.mutatie_pct / 100)


def _realised(doel: Doel, figures: KeyFigures, level: float) -> Realised:
    if doel.indicator == "per_1000_woningen":
        rate = figures.rate
        year = rate.dwellings.year
        other_year = is_known(rate.value) and year != figures.window.start.year
        note = (f"per 1.000 woningen van {year}, niet van het jaar zelf",) if other_year else ()
        return Realised(rate.value, rate.low, rate.high, note)
    if doel.indicator in ("aantal", "pogingen"):
        return _counted(figures.n if doel.indicator == "aantal" else figures.n_attempts, level)
    if doel.indicator == "share_pogingen":
        return _shared(figures.n_attempts, figures.n_kind_known, level)
    if doel.indicator == "opheldering_pct":
        return _shared(figures.n_cleared, figures.n, level)
    missing = Missing("doelen voor een maatregel zijn nog niet uitgewerkt")
    return Realised(missing, missing, missing)


def _counted(n: Value, level: float) -> Realised:
    if not is_known(n):
        return Realised(n, n, n)
    low, high = poisson_interval(int(n), level=level)
    return Realised(n, low, high)


def _shared(part: Value, whole: Value, level: float) -> Realised:
    """Percentage of a count, in per cents, with its exact interval."""
    pct = percentage(part, whole)
    if not is_known(pct) or not is_known(part) or not is_known(whole):
        return Realised(pct, pct, pct)
    low, high = share_interval(int(part), int(whole), level=level)
    return Realised(pct, 100 * low, 100 * high)


def _base_findings(doel: Doel, base: Value) -> list[str]:
    if doel.basis is None or not is_known(base) or base == doel.basis.waarde:
        return []
    span = window_label(base_window(doel))
    whole = all(float(value).is_integer() for value in (doel.basis.waarde, base))
    stated, given = (number(value, 0 if whole else 1) for value in (doel.basis.waarde, base))
    source = f"{stated} ({doel.basis.bron})"
    return [f"de basis is {source}; deze levering geeft over {span} {given}"]


def shown(indicator: str, value: Value, decimals: int | None = None) -> str:
    """
    Write a value of an indicator in its unit, a count whole unless told otherwise.

    Examples
    --------
    >>> shown("aantal", 366.0), shown("opheldering_pct", 8.6), shown("per_1000_woningen", 7.25)
    ('366', '8,6 %', '7,3')
    """
    if decimals is None:
        decimals = 0 if indicator in COUNTS else 1
    return (percent if indicator in PER_CENTS else number)(value, decimals)


def shown_target(indicator: str, operator: str, value: Value) -> str:
    """
    Write operator and target; a count that is computed from a percentage keeps its decimal.

    Examples
    --------
    >>> shown_target("aantal", "<=", 575.1), shown_target("opheldering_pct", ">=", 10.0)
    ('≤ 575,1', '≥ 10 %')
    """
    sign = {"<=": "≤", ">=": "≥"}.get(operator, operator)
    whole = is_known(value) and float(value).is_integer()
    return f"{sign} {shown(indicator, value, 0 if whole else 1)}"


def elsewhere(n: int) -> str:
    """
    Say how many goals are not counted because they are of another window.

    Examples
    --------
    >>> elsewhere(0), elsewhere(1)
    ('', '; 1 ander doel geldt voor een ander venster')
    """
    one = "1 ander doel geldt" if n == 1 else f"{number(n)} andere doelen gelden"
    return f"; {one} voor een ander venster" if n else ""


def base_window(doel: Doel) -> Window:
    """Return the period of a goal's base; ValueError when the goal has none."""
    if doel.basis is None:
        raise ValueError(f"goal {doel.id} has no base")
    return parse_period(doel.basis.periode)
