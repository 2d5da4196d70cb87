"""Which delivered table answers which question, for one area.

The area's counts come from the incident extract when there is one, else from a table of counts
per gemeente. Region and country are counted by the same source as the area wherever that source
covers them, because police figures and other publications never join into one series. What is
not delivered comes back as `Missing` with the reason.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import pandas as pd

from wib_lib.absent import Missing, is_known
from wib_lib.codes import Area, parent
from wib_lib.dutch import day, listing
from wib_lib.keyfigures import Dwellings
from wib_lib.params import Params
from wib_lib.periods import Window
from wib_lib.series import Series, monthly
from wib_lib.store import IN_DIVISION, NOWHERE, Described, Store

COMPUTED = " (berekend)"
REFERENCE = "de vergelijkingsgemeenten"
AGREED = ("acties", "maatregelen")  # what was agreed for a whole gemeente is for its parts too
DAYS = {"kennisname": "kennisname_dt", "begin": "pleeg_van", "eind": "pleeg_tot"}


@dataclass(frozen=True)
class Evidence:
    """
    Everything that the analyses of one area read.

    Parameters
    ----------
    store : Store
    params : Params
    other_areas : mapping of str to Area
        All areas of the approach by name, this one included.
    """

    store: Store
    params: Params
    other_areas: Mapping[str, Area]

    @property
    def area(self) -> Area:
        """The area of this run."""
        return self.params.gebied.area

    @cached_property
    def incidents(self) -> pd.DataFrame | None:
        """The area's incidents, or None when the delivery has none."""
        return self._incidents_of(self.area)

    def _incidents_of(self, area: Area) -> pd.DataFrame | None:
        rows = self.incidents_in([area.gemeente_code])
        return None if rows is None else rows[area.covers(rows)]

    def incidents_in(self, gemeenten: Collection[str] | None) -> pd.DataFrame | None:
        """
        Return the incidents of some gemeenten (None: all) with `day`, which assigns a period.

        None when the delivery has no incidents.
        """
        incidents = self.store.table("incidenten", gemeenten)
        if incidents is None:
            return None
        chosen = incidents[DAYS[self.params.periodetoewijzing]]
        return incidents.assign(day=chosen.fillna(incidents["kennisname_dt"]).dt.normalize())

    def key_rows(self, gemeenten: Collection[str]) -> pd.DataFrame | None:
        """
        Key figures of gemeenten and their parts, all years, in the division of the run, or None.

        That is the newest division that a delivered gebiedsovergang leads to; `is_computed`
        where a figure of an older year was brought to it.
        """
        for name in (IN_DIVISION, "kerncijfers"):
            table = self._read_once(name, frozenset(gemeenten))
            if table is not None:
                return table if "is_computed" in table else table.assign(is_computed=False)
        return None

    @cached_property
    def _read_once(self) -> Callable[[str, frozenset[str] | None], pd.DataFrame | None]:
        """`Store.table` for key figures, of which one table of rates asks the same ten times."""
        return cache(self.store.table)

    @cached_property
    def series(self) -> Series | Missing:
        """The area's counts."""
        return self.series_of(self.params.gemeente, self.area)

    @property
    def counts(self) -> Series:
        """The area's counts; a series without periods, with the reason, when there are none."""
        return self.series if isinstance(self.series, Series) else Series.absent(self.series)

    @property
    def follow_up_days(self) -> int:
        """Days between the end of the window and the day on which incidents were last known."""
        peildatum = min(item.peildatum for item in self.store.of_table("incidenten"))
        return (peildatum - self.params.window.last).days

    def open_counts(self, window: Window) -> frozenset[str]:
        """
        Return the codes in this gemeente of which an open source gives the count of a window.

        Such a count is known to everyone, even where another delivery revised it.
        """
        rows = self._open_rows
        start, end = pd.Timestamp(window.start), pd.Timestamp(window.end)
        inside = rows[(rows["start"] >= start) & (rows["end"] <= end)]
        covered = inside.groupby(["bestand", "region_code"])["n_days"].sum()
        return frozenset(str(code) for _, code in covered.index[covered == window.n_days])

    def is_open(self, code: str, period: Window) -> bool:
        """Tell whether an open source has a count of exactly this place and period."""
        return (code, period.start, period.end) in self._open_periods

    @cached_property
    def _open_periods(self) -> frozenset[tuple[str, date, date]]:
        rows = self._open_rows
        starts, ends = pd.to_datetime(rows["start"]).dt.date, pd.to_datetime(rows["end"]).dt.date
        return frozenset(zip(rows["region_code"], starts, ends, strict=True))

    @cached_property
    def _open_rows(self) -> pd.DataFrame:
        """Counts of this gemeente and its parts in open sources, with the days of each period."""
        rows = self.store.table("aantallen", [self.area.gemeente_code])
        files = {d.bestand for d in self.store.of_table("aantallen") if d.privacyklasse == "V0"}
        if rows is None:
            return pd.DataFrame(columns=["bestand", "region_code", "start", "end", "n_days"])
        rows = rows[rows["bestand"].isin(files)]
        return rows.assign(n_days=(rows["end"] - rows["start"]).dt.days)

    def filled(self, table: str) -> tuple[frozenset[str], list[Described]] | None:
        """
        Name the columns of a delivered table that hold something for this area, and its files.

        A count that its owner withheld was delivered; a long table (`kenmerk`, `klasse`) delivers
        a column per kenmerk. None when there is nothing for this area.
        """
        rows = self._own_rows(table)
        if rows is None or rows.empty:
            return None
        files = self.store.of_table(table)
        names = {str(name).removesuffix("_below") for name in rows if rows[name].notna().any()}
        names |= set(rows["kenmerk"].dropna()) if "kenmerk" in rows else set()
        return frozenset(names), [f for f in files if f.bestand in set(rows["bestand"])] or files

    def _own_rows(self, table: str) -> pd.DataFrame | None:
        if table == "incidenten":
            return self.incidents
        # Rows without a gemeente, as in a register of the whole region, are for every area.
        rows = self.store.table(table, [self.area.gemeente_code, NOWHERE])
        if rows is None:
            return None
        if table == "aantallen":
            return rows[rows["region_code"].eq(self.area.gemeente_code) & self.area.is_whole]
        if table == "kerncijfers":
            whole = {self.area.gemeente_code}
            return rows[rows["code"].isin(whole if self.area.is_whole else self.area.wijk_codes)]
        place = next((name for name in ("code", "gebied") if name in rows), None)
        if place == "gebied" and (self.area.is_whole or table in AGREED):
            return rows[[self.area.may_hold(where) for where in rows[place]]]
        if self.area.is_whole:
            return rows
        if place:
            return rows[rows[place].map(self._is_part, na_action="ignore").eq(True)]
        # A count over a period that names no place is of the whole gemeente, not of a part.
        return rows.iloc[:0] if "periode" in rows else rows

    def _is_part(self, code: str) -> bool:
        return not code.startswith("NL") and self.area.has(code)

    def counted_series(self, code: str) -> dict[str, Series]:
        """Counts of one gemeente in each delivered table of counts, by file."""
        return {
            delivered.bestand: _summed(self._counts(delivered, [code]), 1, delivered)
            for delivered in self.store.of_table("aantallen")
        }

    def series_of(self, name: str, area: Area) -> Series | Missing:
        """Counts of any area, from the source that this delivery has for it."""
        rows = self.incidents if area == self.area else self._incidents_of(area)
        if rows is not None:
            if rows.empty and not self._incidents_cover_country:
                return Missing(f"van {name} zijn geen incidenten geleverd")
            return self._monthly(rows)
        if not self.store.of_table("aantallen"):
            return Missing("aantallen woninginbraken zijn niet geleverd")
        if not area.is_whole:
            return Missing(
                f"de levering gaat niet dieper dan de gemeente en {name} is een deel van "
                f"{area.gemeente_code}"
            )
        return self.region_series([area.gemeente_code], name)

    def region_series(self, codes: Sequence[str], name: str) -> Series | Missing:
        """Counts of a set of gemeenten together; every one must be in the same file."""
        incidents = self.incidents_in(codes) if self._incidents_cover_country else None
        if incidents is not None:
            return self._monthly(incidents)
        for delivered in self.store.of_table("aantallen"):
            rows = self._counts(delivered, codes)
            if rows["region_code"].nunique() == len(set(codes)):
                return _summed(rows, len(set(codes)), delivered)
        return Missing(f"aantallen van {name} zijn niet geleverd")

    @cached_property
    def country(self) -> Series | Missing:
        """Counts of the Netherlands."""
        incidents = self.incidents_in(None) if self._incidents_cover_country else None
        if incidents is not None:
            return self._monthly(incidents)
        for delivered in self.store.of_table("aantallen"):
            national = self._counts(delivered, ["NL00"])
            if len(national):
                return _summed(national, 1, delivered)
            if delivered.covers_country:
                rows = self._counts(delivered, None)
                return _summed(rows, rows["region_code"].nunique(), delivered)
        return Missing("landelijke aantallen zijn niet geleverd")

    @cached_property
    def unit_series(self) -> Series | Missing:
        """Counts of the police region."""
        return self.region_series(list(self.params.eenheid.gemeenten), self.params.eenheid.naam)

    @property
    def gemeente_names(self) -> Mapping[str, str]:
        """Names of the gemeenten of the police region and of the guests, by code."""
        return {**self.params.vergelijking, **self.params.eenheid.gemeenten}

    @property
    def reference_codes(self) -> list[str]:
        """Gemeenten of the police region that take no part: no area of the approach, no guest."""
        used = {area.gemeente_code for area in self.other_areas.values()}
        used |= set(self.params.vergelijking)
        return [code for code in self.params.eenheid.gemeenten if code not in used]

    def reference_panel(self, window: Window) -> list[list[int]] | Missing:
        """Counts of the reference gemeenten in the windows before, one row per gemeente."""
        windows = [window.earlier(back) for back in range(self.params.jaren_voor, 0, -1)]
        panel = []
        for code in self.reference_codes:
            series = self.region_series([code], self.params.eenheid.gemeenten[code])
            totals = [series if isinstance(series, Missing) else series.total(w) for w in windows]
            numbers = [int(value) for value in totals if is_known(value)]
            if len(numbers) < len(windows):
                return Missing(
                    "de jaren voor het venster zijn van de vergelijkingsgemeenten niet geleverd"
                )
            panel.append(numbers)
        return panel

    def dwellings(self, codes: Iterable[str], year: int) -> Dwellings:
        """
        Dwellings of a set of areas on 1 January; of the nearest delivered year if need be.

        The year is always returned: a rate with the denominator of another year says so. The
        source says so when they were brought from another division ("berekend").
        """
        codes = list(codes)
        table = self.key_rows({_gemeente(code) for code in codes})
        if table is None:
            return Dwellings(Missing("woningen zijn niet geleverd"))
        rows = table[table["code"].isin(codes) & table["n_dwellings"].notna()]
        complete = rows.groupby("year")["code"].nunique()
        years = sorted(complete.index[complete == len(set(codes))], key=lambda y: abs(y - year))
        if not years:
            return Dwellings(Missing("woningen zijn niet voor elk deel van het gebied geleverd"))
        chosen = rows[rows["year"].eq(years[0])].drop_duplicates("code")
        source = self._owner(chosen) + (COMPUTED if chosen["is_computed"].any() else "")
        return Dwellings(int(chosen["n_dwellings"].sum()), int(years[0]), source)

    def area_dwellings(self, year: int) -> Dwellings:
        """Dwellings of this area: the gemeente, or its buurten, or the wijken they fill."""
        if self.area.is_whole:
            return self.dwellings([self.area.gemeente_code], year)
        found = self.dwellings(self.area.buurt_codes, year)
        return found if is_known(found.n) else self.dwellings(self.area.wijk_codes, year)

    def country_dwellings(self, year: int) -> Dwellings:
        """Dwellings of the country in exactly `year`."""
        files = {d.bestand for d in self.store.of_table("kerncijfers") if d.covers_country}
        country = frozenset(["NL00"])
        for codes in (country, None) if files else (country,):
            rows = self._read_once("kerncijfers", codes)
            if rows is None:
                break
            if codes is None:
                rows = rows[rows["code"].str.startswith("GM") & rows["bestand"].isin(files)]
            rows = rows[rows["year"].eq(year)]
            if len(rows) and rows["n_dwellings"].notna().all():
                return Dwellings(int(rows["n_dwellings"].sum()), year, self._owner(rows))
        fixed = self.params.woningen_nederland
        if year in fixed.aantal:
            return Dwellings(fixed.aantal[year], year, fixed.bron)
        return Dwellings(Missing(f"woningen van Nederland in {year} zijn niet geleverd"))

    def parts(self, year: int) -> pd.DataFrame | None:
        """
        Buurten of this area with their dwellings, when incidents are placed in buurten.

        Returns
        -------
        GeoDataFrame or DataFrame or None
            `code`, `naam`, `n_dwellings` (missing where not delivered), `is_computed` (brought
            here from another division) and, with boundaries, `geometry`. None when the delivery
            does not go below the gemeente: a postcode point says in which gemeente it lies, not
            in which buurt the burglaries were.
        """
        if not self.has_buurten:
            return None
        shapes = self.store.areas(self.area.gemeente_code)
        table = self.key_rows([self.area.gemeente_code])
        if table is None:
            return None
        figures = table[table["year"].eq(year) & table["code"].map(self._is_own_buurt)]
        if shapes is None:
            return figures[["code", "n_dwellings", "is_computed"]].assign(naam=figures["code"])
        nearest = min(shapes["year"].unique(), key=lambda known: abs(known - year), default=year)
        shown = shapes["year"].eq(nearest) & ~shapes["is_water"]
        own = shapes[shown & shapes["code"].map(self._is_own_buurt)]
        known: pd.DataFrame = own[["code", "naam", "geometry"]].merge(
            figures[["code", "n_dwellings", "is_computed"]],
            on="code",
            how="left",
            validate="one_to_one",
        )
        known["is_computed"] = known["is_computed"].eq(True)
        return known

    @property
    def has_buurten(self) -> bool:
        """Tell whether the delivery places incidents in buurten."""
        return self.incidents is not None and bool(self.incidents["buurt_code"].notna().any())

    def _is_own_buurt(self, code: str) -> bool:
        return code.startswith("BU") and self.area.has(code)

    @property
    def _incidents_cover_country(self) -> bool:
        return all(item.covers_country for item in self.store.of_table("incidenten"))

    @property
    def incident_span(self) -> tuple[date, date]:
        """First and last day of the unbroken period that ends with the latest incident file."""
        files = self.store.of_table("incidenten")
        spans = sorted(
            ((item.first, item.last) for item in files if item.first and item.last), reverse=True
        )
        first, last = spans[0][0], max(span[1] for span in spans)
        for earlier, end in spans[1:]:
            if end < first - timedelta(days=1):
                break
            first = earlier
        return first, last

    def _monthly(self, rows: pd.DataFrame) -> Series:
        """Count incidents over the unbroken period that ends with the latest file."""
        files = self.store.of_table("incidenten")
        first, last = self.incident_span
        months = monthly(rows, first=first, last=last, day="day")
        source = "; ".join(describe(item) for item in files)
        return Series(months, source, all(item.privacyklasse == "V0" for item in files))

    def _counts(self, delivered: Described, codes: Collection[str] | None) -> pd.DataFrame:
        counts = self.store.table("aantallen", codes)
        assert counts is not None
        own = counts["bestand"].eq(delivered.bestand)
        # A table may hold the wijken and buurten of a gemeente beside the gemeente itself.
        return counts[own if codes is None else own & counts["region_code"].isin(codes)]

    def _owner(self, rows: pd.DataFrame) -> str:
        files = set(rows["bestand"])
        owners = [d.bronhouder for d in self.store.of_table("kerncijfers") if d.bestand in files]
        return listing(list(dict.fromkeys(owners)))


class Sealed:
    """
    Evidence with rows of persons' addresses, on its way from a run to a library function.

    It shows nothing of itself: what a notebook leaves at the end of a cell is saved in its copy.

    Examples
    --------
    >>> Sealed(None)
    <gegevens per incident: alleen voor functies van de bibliotheek>
    """

    __slots__ = ("_evidence",)

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def __repr__(self) -> str:
        return "<gegevens per incident: alleen voor functies van de bibliotheek>"


def opened(evidence: Evidence | Sealed) -> Evidence:
    """Return the evidence that a library function was handed."""
    return evidence._evidence if isinstance(evidence, Sealed) else evidence


def _gemeente(code: str) -> str:
    return code if code == "NL00" else parent(code, "gemeente")


def describe(delivered: Described) -> str:
    """Name a source for a reader: owner, file and the day it was taken."""
    return f"{delivered.bronhouder}, {delivered.bestand}, peildatum {day(delivered.peildatum)}"


def described(files: Sequence[Described]) -> str:
    """Name several sources; of one owner with several files how many, and the last day."""
    by_owner: dict[str, list[Described]] = {}
    for item in files:
        by_owner.setdefault(item.bronhouder, []).append(item)
    return "; ".join(
        describe(own[0])
        if len(own) == 1
        else f"{owner}, {len(own)} bestanden, laatste peildatum {day(max(f.peildatum for f in own))}"
        for owner, own in by_owner.items()
    )


def _summed(rows: pd.DataFrame, n_regions: int, delivered: Described) -> Series:
    """Sum regions per period; a period that lacks a region is left out."""
    grouped = rows.groupby(["start", "end"], as_index=False).agg(
        n_burglaries=("n_burglaries", "sum"), n_regions=("region_code", "nunique")
    )
    complete = grouped[grouped["n_regions"].eq(n_regions)].drop(columns="n_regions")
    return Series(complete, describe(delivered), delivered.privacyklasse == "V0")
