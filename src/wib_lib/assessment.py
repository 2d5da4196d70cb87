"""The assessment of one area: evidence in, key figures, goals, effect and coverage out."""

from collections.abc import Collection

import pandas as pd

from wib_lib import cubes
from wib_lib.absent import Missing, Value, is_known
from wib_lib.checklist import Available, coverage_table
from wib_lib.codes import Area
from wib_lib.dutch import day
from wib_lib.dutch import window as window_label
from wib_lib.effect import Effect, compare
from wib_lib.errors import ParamError
from wib_lib.evidence import REFERENCE, Evidence
from wib_lib.fortnight_counts import fortnight_of
from wib_lib.goals import Verdict, base_window, evaluate
from wib_lib.keyfigures import (
    Benchmark,
    Dwellings,
    KeyFigures,
    change,
    rate,
)
from wib_lib.keyfigures import key_figures as assemble
from wib_lib.params import Doel
from wib_lib.periods import Window
from wib_lib.region_findings import SELECTION_YEAR
from wib_lib.released import Released
from wib_lib.series import Series

NOT_DELIVERED = Missing("niet geleverd")  # the reason stands in the area's own pack


def key_figures(evidence: Released) -> KeyFigures:
    """Key figures of this area and window, as far as its audience may see them."""
    window = evidence.params.window
    own, earlier = (evidence.area_dwellings(w.start.year) for w in (window, window.earlier(1)))
    return assemble(
        evidence.series,
        window,
        years=evidence.params.jaren_voor,
        dwellings=own,
        dwellings_before=earlier,
        cleared=_cleared(evidence),
        benchmarks=benchmarks(evidence, window, own.year or window.start.year),
        level=evidence.params.betrouwbaarheid,
    )


def benchmarks(evidence: Evidence, window: Window, year: int) -> list[Benchmark]:
    """Country, police region and guest gemeenten; rates with dwellings of `year`."""
    unit = evidence.params.eenheid
    regions = [
        ("landelijk", "Nederland", evidence.country, evidence.country_dwellings(year)),
        (
            "regionaal",
            unit.naam,
            evidence.unit_series,
            evidence.dwellings(unit.gemeenten, year),
        ),
    ]
    for code, name in evidence.params.vergelijking.items():
        series = evidence.series_of(name, Area(code))
        regions.append((name, name, series, evidence.dwellings([code], year)))
    return [_benchmark(*region, window) for region in regions]


def effect(evidence: Evidence) -> Effect:
    """Change of this area against the reference gemeenten, at the spread of earlier years."""
    window = evidence.params.window
    own = evidence.counts
    found = evidence.region_series(evidence.reference_codes, REFERENCE)
    reference = found if isinstance(found, Series) else Series.absent(found)
    before = window.earlier(1)
    return compare(
        (own.total(before), own.total(window)),
        (reference.total(before), reference.total(window)),
        evidence.reference_panel(window),
        level=evidence.params.betrouwbaarheid,
    )


def verdicts(evidence: Evidence, figures: KeyFigures) -> list[Verdict]:
    """Verdict on every goal of the area."""
    return [
        evaluate(
            doel,
            figures,
            base=_base(evidence, doel),
            level=evidence.params.betrouwbaarheid,
        )
        for doel in evidence.params.doelen
    ]


def _base(evidence: Evidence, doel: Doel) -> Value:
    """Return what this delivery gives for a goal's base; only counts can be held against it."""
    if doel.basis is None or doel.indicator != "aantal":
        return Missing("geen aantal als uitgangspunt")
    return evidence.counts.total(base_window(doel))


def area_rates(evidence: Evidence) -> pd.DataFrame:
    """
    Rates of all areas of the approach and the guest, lowest first, this one marked.

    Returns
    -------
    DataFrame
        `label`, `value`, `low`, `high` (Values), `is_own`.
    """
    window, own_year = (
        evidence.params.window,
        evidence.area_dwellings(evidence.params.window.start.year).year,
    )
    guests = {name: Area(code) for code, name in evidence.params.vergelijking.items()}
    rows = []
    for name, area in {**evidence.other_areas, **guests}.items():
        series = evidence.series_of(name, area)
        n = NOT_DELIVERED if isinstance(series, Missing) else series.total(window)
        codes = [area.gemeente_code] if area.is_whole else area.wijk_codes
        found = rate(n, evidence.dwellings(codes, own_year or window.start.year))
        own = name == evidence.params.gemeente
        rows.append({"label": name, "value": found.value, "low": found.low,
                     "high": found.high, "is_own": own})  # fmt: skip
    table = pd.DataFrame(rows, dtype=object)
    order = table["value"].map(lambda v: float(v) if is_known(v) else float("inf"))
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def yearly_rates(evidence: Evidence) -> pd.DataFrame:
    """
    Rates per 1,000 dwellings of the window and the years before, with each year's own dwellings.

    Returns
    -------
    DataFrame
        Oldest first: `year` of the first day, and Values `own`, `country`, `unit`; the police
        region only for the year of the selection.
    """
    params = evidence.params
    rows = []
    for back in range(params.jaren_voor, -1, -1):
        window = params.window.earlier(back)
        year = window.start.year
        own = _rate_of_year(evidence.series, window, evidence.area_dwellings(year))
        country = _rate_of_year(evidence.country, window, evidence.country_dwellings(year))
        region: Value = Missing("alleen voor het jaar van de selectie")
        if year == SELECTION_YEAR and window.is_calendar_year():
            stock = evidence.dwellings(params.eenheid.gemeenten, year)
            region = _rate_of_year(evidence.unit_series, window, stock)
        rows.append({"year": year, "own": own, "country": country, "unit": region})
    return pd.DataFrame(rows, dtype=object)


def _rate_of_year(series: Series | Missing, window: Window, dwellings: Dwellings) -> Value:
    """Rate of one window, unless its dwellings are of another year."""
    year = window.start.year
    if is_known(dwellings.n) and dwellings.year != year:
        dwellings = Dwellings(Missing(f"woningen van {year} zijn niet geleverd"))
    return rate(series if isinstance(series, Missing) else series.total(window), dwellings).value


def counted_together(evidence: Evidence, window: Window) -> Value:
    """
    Count the areas of the approach as one: each burglary once, of a part only that part.

    The yardstick for the sum of their own counts. Only incidents tell where in a gemeente a
    burglary was; without them it is Missing.
    """
    areas = list(evidence.other_areas.values())
    rows = evidence.incidents_in({area.gemeente_code for area in areas})
    if rows is None:
        return Missing("de levering heeft geen incidenten")
    inside = rows["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
    ours = pd.concat([area.covers(rows) for area in areas], axis=1).any(axis=1)
    return int((inside & ours).sum())


def coverage(evidence: Evidence, computed: Collection[str] = ()) -> pd.DataFrame:
    """Status of the checklist's 49 parts for this area."""
    available = {}
    for table in sorted({item.table for item in evidence.store.described}):
        if found := evidence.filled(table):
            columns, files = found
            delivered = max(files, key=lambda item: item.peildatum)
            available[table] = Available(columns, delivered.bronhouder, delivered.peildatum)
    return coverage_table(available, computed=computed)


def check(evidence: Evidence, source: str) -> None:
    """
    Refuse an area that does not exist here, and a window that the delivery does not cover.

    Raises
    ------
    ParamError
        One Dutch sentence with what is allowed.
    """
    code = evidence.area.gemeente_code
    known = set(evidence.params.eenheid.gemeenten) | evidence.store.parts("kerncijfers")
    if code not in known:
        raise ParamError(
            f"{source}: sleutel 'gebied.gemeentecode': {code} bestaat niet in de kerncijfers "
            f"van deze levering en niet in {evidence.params.eenheid.naam}; gebruik een code uit "
            "die lijst, bijvoorbeeld GM0513 (Gouda)."
        )
    if isinstance(evidence.series, Missing):
        return
    given, days = evidence.params.peildatum, fortnight_of(evidence)
    if given is not None and isinstance(days, Missing):
        raise ParamError(
            f"{source}: sleutel 'peildatum' {day(given)}: {days.reason}; kies een dag waarvan ook "
            "dezelfde twee weken van de vijf jaren ervoor geleverd zijn, met -p peildatum JJJJ-MM-DD."
        )
    window = evidence.params.window
    if isinstance(evidence.series.total(window), Missing):
        first, last = evidence.series.rows["start"].min(), evidence.series.rows["end"].max()
        raise ParamError(
            f"{source}: sleutel 'venster_start': het venster {window_label(window)} valt niet "
            f"binnen de levering ({day(first)} tot {day(last)}); kies een ander begin, "
            "bijvoorbeeld met -p venster_start JJJJ-MM-01, of minder venster_maanden."
        )


def _cleared(evidence: Released) -> tuple[Value, Value]:
    now, before = (
        evidence.n("opheldering", window, opgehelderd=cubes.YES) for window in cubes.pair(evidence)
    )
    return now, before


def _benchmark(
    name: str, label: str, series: Series | Missing, dwellings: Dwellings, window: Window
) -> Benchmark:
    if isinstance(series, Missing):
        series = Series.absent(series)
    n, before = series.total(window), series.total(window.earlier(1))
    return Benchmark(
        name, label, n, before, change(before, n), rate(n, dwellings).value, series.source
    )
