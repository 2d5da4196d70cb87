"""The areas of the approach side by side and together, from what their own packs state.

The region's packs take every figure from the key files of the areas, after disclosure control, so
that no figure can differ between them. A sum of which a part is missing or suppressed is missing
or suppressed itself: part of a sum would pass for the whole, and the whole would give the part
away. Of Den Haag only basisteam Laak takes part, with its own burglaries and its own dwellings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wib_lib.absent import Missing, Suppressed, Value, figure_of, first_absent, is_known
from wib_lib.disclosure import percentage
from wib_lib.dutch import listing
from wib_lib.keyfigures import Dwellings, change, rate
from wib_lib.keyfile import block, plain
from wib_lib.periods import Window, parse_period

NO_RESULTS = "er zijn geen uitkomsten die gelden"


@dataclass(frozen=True)
class Member:
    """
    An area, their total or a benchmark, with figures in the form of a key file.

    Parameters
    ----------
    name : str
    figures : mapping or None
        As in `kerncijfers.json`; None for an area without results that hold.
    minimum : int
        Smallest count that the audience may see: key files tell that a figure is suppressed, not
        the limit.
    """

    name: str
    figures: Mapping[str, Any] | None
    minimum: int = 1

    def value(self, name: str, field: str) -> Value:
        """Return one figure, or why it is not there."""
        if self.figures is None:
            return Missing(f"van {self.name} zijn er geen uitkomsten die gelden")
        found = figure_of(self.figures.get(name, {}), field)
        return Suppressed(self.minimum) if isinstance(found, Suppressed) else found

    @property
    def dwellings(self) -> Value:
        """Dwellings on which its rate rests."""
        return self.value("", "") if self.figures is None else figure_of(self.figures, "woningen")

    @property
    def window(self) -> Window | None:
        """Window of its figures."""
        found = (self.figures or {}).get("venster")
        return parse_period(f"{found['start'][:7]}/{found['eind'][:7]}") if found else None


def added(values: Mapping[str, Value]) -> Value:
    """
    Add up a figure of areas by name; of an absent part the sum is absent too.

    Examples
    --------
    >>> added({"Gouda": 2, "Delft": 3}), added({"Gouda": 2, "Delft": Suppressed(5)})
    (5, Suppressed(minimum=5))
    >>> added({"Gouda": 2, "Delft": Missing("niet geleverd")})
    Missing(reason='niet bekend van Delft')
    """
    unknown = [name for name, value in values.items() if isinstance(value, Missing)]
    if unknown:
        return Missing(f"niet bekend van {listing(unknown)}")
    hidden = first_absent(*values.values())
    return hidden or sum(value for value in values.values() if is_known(value))


def shared(values: Iterable[Value]) -> Value:
    """
    Return the figure that all areas state alike, such as the national rate.

    Examples
    --------
    >>> shared([5.5, Missing("geen uitkomsten"), 5.5]), shared([5.5, 6.0])
    (5.5, Missing(reason='verschilt per gebied'))
    """
    values = list(values)
    known = {value for value in values if is_known(value)}
    if len(known) > 1:
        return Missing("verschilt per gebied")
    return known.pop() if known else first_absent(*values) or Missing(NO_RESULTS)


def total(members: Sequence[Member], *, name: str, level: float = 0.95) -> Member:
    """
    Add areas up; percentages and rates are worked out again from the sums.

    Parameters
    ----------
    members : sequence of Member
        Areas that do not overlap.
    name : str
        Of the sum.
    level : float
        Of the interval of the rate.

    Returns
    -------
    Member
        Figures as of an area, without goals; nothing is added over different windows.
    """
    windows = {member.window for member in members if member.window}
    apart = Missing("de gebieden hebben verschillende vensters") if len(windows) > 1 else None

    def together(part: str, field: str) -> Value:
        return apart or added({m.name: m.value(part, field) for m in members})

    n, before = together("aantal", "venster"), together("aantal", "voorafgaand")
    attempts, known = together("pogingen", "venster"), together("pogingen", "soort_bekend")
    share, cleared = percentage(attempts, known), together("opheldering", "venster")
    years = {m.figures.get("woningen_jaar") for m in members if m.figures}
    stock = added({m.name: m.dwellings for m in members})
    if len(years) > 1:
        stock = Missing("de woningen zijn van verschillende jaren")
    found = rate(n, Dwellings(stock), level=level)
    country = shared(m.value("per_1000_woningen", "landelijk") for m in members)
    under = found.value < country if is_known(found.value) and is_known(country) else None
    figures: dict[str, Any] = {
        "aantal": block(
            venster=n,
            voorafgaand=before,
            pct=change(before, n),
            gemiddelde_5_jaar=together("aantal", "gemiddelde_5_jaar"),
        ),
        "pogingen": block(
            venster=attempts,
            voorafgaand=together("pogingen", "voorafgaand"),
            soort_bekend=known,
            share=share / 100 if is_known(share) else share,
        ),
        "opheldering": block(
            venster=cleared,
            voorafgaand=together("opheldering", "voorafgaand"),
            pct=percentage(cleared, n),
        ),
        "woningen": plain(stock),
        "woningen_jaar": next(iter(years)) if len(years) == 1 else None,
        "per_1000_woningen": block(
            venster=found.value, laag=found.low, hoog=found.high, landelijk=country
        )
        | {"onder_landelijk": under},
    }
    if len(windows) == 1:
        figures["venster"] = next(m.figures["venster"] for m in members if m.figures)
    return Member(name, figures, max((m.minimum for m in members), default=1))


def benchmarks(members: Sequence[Member]) -> list[Member]:
    """Return country, police region and guests, as far as all areas state the same of them."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for member in members:
        for item in (member.figures or {}).get("vergelijking", []):
            found.setdefault(item["naam"], []).append(item)
    return [Member(name, _benchmark(items)) for name, items in found.items()]


def _benchmark(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    same = {
        field: shared(figure_of(item, field) for item in items)
        for field in ("venster", "voorafgaand", "pct", "per_1000_woningen")
    }
    own = same.pop("per_1000_woningen")
    return {"aantal": block(**same), "per_1000_woningen": block(venster=own)}


def ranks(values: Sequence[Value], *, decimals: int = 1) -> list[str | Missing | Suppressed]:
    """
    Rank figures as they are shown, lowest first and dense; equal figures share a rank.

    Examples
    --------
    >>> ranks([5.04, 4.0, 5.01, Missing("niet geleverd")])
    ['2 (gedeeld)', '1', '2 (gedeeld)', Missing(reason='niet geleverd')]
    """
    shown = [round(value, decimals) if is_known(value) else value for value in values]
    order = sorted({value for value in shown if is_known(value)})

    def rank(value: Value) -> str | Missing | Suppressed:
        if isinstance(value, Missing | Suppressed):
            return value
        is_tied = shown.count(value) > 1
        return f"{order.index(value) + 1}{' (gedeeld)' if is_tied else ''}"

    return [rank(value) for value in shown]
