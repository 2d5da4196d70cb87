"""What a notebook knows of one area's police counts: the released cells, never the rows.

The same questions as `Evidence`, answered from the release. Open tables (dwellings, boundaries)
are read as ever; tables of a higher privacy class than the audience may see are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wib_lib import cubes
from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.codes import Area
from wib_lib.disclosure.cells import codes_of
from wib_lib.errors import RunError
from wib_lib.evidence import Evidence
from wib_lib.fortnight_counts import is_fortnight
from wib_lib.periods import Window
from wib_lib.release import Release
from wib_lib.series import Series
from wib_lib.store import Described

COLUMNS = {"n_burglaries": "", "n_attempts": cubes.YES, "n_kind_known": cubes.KNOWN}


@dataclass(frozen=True)
class ReleasedSeries(Series):
    """Counts of one area as released: sums over windows are cells of their own."""

    totals: tuple[tuple[str, str, Value], ...] = ()
    minimum: int = 1

    def total(self, window: Window, column: str = "n_burglaries") -> Value:
        """Return the released sum; `Suppressed` when it is hidden."""
        code = cubes.period_code(window)
        known = {(period, name): value for period, name, value in self.totals}
        found = known.get((code, column))
        return super().total(window, column) if found is None else found

    def lacking(self, otherwise: str) -> Missing:
        """Say why periods are not there: hidden, or what it was otherwise."""
        periods = [value for _, name, value in self.totals if name == "n_burglaries"]
        if any(isinstance(value, Suppressed) for value in periods):
            return Missing("de aantallen van een of meer maanden worden niet getoond")
        return Missing(otherwise)


@dataclass(frozen=True)
class Released(Evidence):
    """
    One area as its audience may see it.

    Parameters
    ----------
    cells : Release
    """

    cells: Release

    def n(self, table: str, window: Window, gebied: str = "", **codes: str) -> Value:
        """Look up a count of this area, or of one of its parts."""
        place = gebied or cubes.area_code(self.area)
        return self.cells.value(table, gebied=place, periode=cubes.period_code(window), **codes)

    def categories(self, table: str, window: Window) -> dict[str, Value] | Missing:
        """Return the counts by category of a table of kinds; several categories may be merged."""
        found = self.by_code(table, cubes.period_code(window))
        return found or Missing(self.cells.absent.get(table, "niet geleverd"))

    def by_code(self, table: str, period: str) -> dict[str, Value]:
        """Return the counts by category of a period by its code; none when not released."""
        dimension, found = cubes.TABLES[table].dimensions[-1], dict[str, Value]()
        prefix = f"{cubes.area_code(self.area)}/"
        if dimension == cubes.FORTNIGHT_PART:
            prefix += f"{table}/"
        for key in self.cells.cells:
            _, codes = codes_of(key)
            name = codes.get(dimension, "")
            if name.startswith(prefix) and codes["periode"] == period:
                found[name.removeprefix(prefix)] = self.cells.value(table, **codes)
        return found

    @property
    def own_parts(self) -> list[str]:
        """Codes of the area's buurten of which counts are released."""
        places = {codes_of(key)[1].get("gebied", "") for key in self.cells.cells}
        return sorted(code for code in places if code.startswith("BU"))

    def _incidents_of(self, area: Area) -> pd.DataFrame | None:
        raise RunError("gegevens per incident zijn hier niet te lezen; gebruik wat is vrijgegeven.")

    def incidents_in(self, gemeenten: Any) -> pd.DataFrame | None:
        """Refuse: rows stay with the analyst."""
        return self._incidents_of(self.area)

    def filled(self, table: str) -> tuple[frozenset[str], list[Described]] | None:
        """Return what the release says of a delivered table."""
        if table not in self.cells.filled:
            return None
        columns, files = self.cells.filled[table]
        return frozenset(columns), [f for f in self.store.of_table(table) if f.bestand in files]

    @property
    def has_buurten(self) -> bool:
        """Tell whether the delivery places incidents in buurten."""
        return self.cells.has_buurten

    def series_of(self, name: str, area: Area) -> Series | Missing:
        """Return the released counts of this area, or the totals of another."""
        return self._own() if area == self.area else self._other(name)

    def region_series(self, codes: Sequence[str], name: str) -> Series | Missing:
        """Return the released totals of a set of gemeenten."""
        return self._other(codes[0] if len(codes) == 1 else name)

    @property
    def country(self) -> Series | Missing:
        """Totals of the Netherlands."""
        return self._other("NL00")

    def _own(self) -> Series | Missing:
        found: list[tuple[str, str, Value]] = []
        own = cubes.area_code(self.area)
        for key, n in self.cells.cells.items():
            _, codes = codes_of(key)
            if codes.pop("gebied") != own or set(codes) - {"periode", "poging"}:
                continue
            if is_fortnight(codes["periode"]):
                continue
            column = next((c for c, code in COLUMNS.items() if code == codes.get("poging", "")), "")
            value: Value = Suppressed(self.cells.minimum) if n is None else n
            found.append((codes["periode"], column, value))
        if "aantallen" in self.cells.absent:
            return Missing(self.cells.absent["aantallen"])
        return _series(found, self.cells.source, self.cells.is_public)

    def _other(self, name: str) -> Series | Missing:
        said = self.cells.series.get(name)
        if said is None or "reden" in said:
            return Missing(said["reden"] if said else f"{name} staat niet in de vrijgave")
        totals: list[tuple[str, str, Value]] = [
            (code, "n_burglaries", n if isinstance(n, int) else Missing(n))
            for code, n in said["totalen"].items()
        ]
        return _series(totals, said["bron"], said["openbaar"])


def _series(totals: list[tuple[str, str, Value]], source: str, is_public: bool) -> Series:
    """Give shown periods that do not overlap as rows, the shortest first, and all as totals."""
    spans = [
        (cubes.window_of(code), value)
        for code, name, value in totals
        if name == "n_burglaries" and not isinstance(value, Missing)
    ]
    shortest = min((span.n_months for span, _ in spans), default=0)
    rows = [(w.start, w.end, int(n)) for w, n in spans if w.n_months == shortest and is_known(n)]
    frame = pd.DataFrame(sorted(rows), columns=["start", "end", "n_burglaries"])
    frame = frame.astype({"start": "datetime64[ns]", "end": "datetime64[ns]"})
    return ReleasedSeries(frame, source, is_public, totals=tuple(totals))
