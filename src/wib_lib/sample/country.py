"""
More gemeenten beside the ten areas, up to a whole country.

First the gemeenten of the eenheid of which the ten-area sample has no incidents, then invented
ones: their codes (GM3001 and up) and names exist nowhere. They lie apart on a grid, so that they
are drawn and written a few at a time, in bounded memory. Each has levels and a season but nothing
planted in it: no effect, no hotspot that moves.

The invented gemeenten have `LOAD` times the burglaries of the real country, so that the country
holds about 600,000 of them in six years: a trial that is heavier than reality. The series of the
country goes along with them, so that it is the sum of its gemeenten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wib_lib.errors import RunError
from wib_lib.sample.addresses import Addresses, build_addresses, draw_addresses
from wib_lib.sample.incident_file import append_incidents
from wib_lib.sample.kwb_file import append_kwb
from wib_lib.sample.manifest import append_shapes
from wib_lib.sample.naming import WIJK, unique_names
from wib_lib.sample.places import Ints, Places, build_places, share_out
from wib_lib.sample.police_file import MonthTable
from wib_lib.sample.process import buurt_weights, moments, month_counts
from wib_lib.sample.published import (
    AREA_CODES,
    GEMEENTEN,
    LAST_YEAR,
    NATIONAL,
    NATIONAL_DWELLINGS,
    SEASON,
    YEARS,
    Area,
    dwellings,
    level,
)
from wib_lib.sample.records import Records, make_records
from wib_lib.sample.repeats import OFFSPRING, Events, with_repeats
from wib_lib.sample.truth import Truth, accepted_months, incident_truth, yearly_truth

COUNTRY = 342  # gemeenten of the whole country of the sample
LOAD = 1.738
BATCH = 10
KNOWN = tuple(code for code in GEMEENTEN if code not in AREA_CODES)
FIRST_CODE = 3001
REAL_NAMES = {"Molenwaard"}  # that the word lists could make
SPREAD_OF_SIZE, SPREAD_OF_RATE = 0.8, 0.35
HOMES_PER_BUURT, MOST_BUURTEN, BUURTEN_PER_WIJK = 800, 90, 6
GRID = (125_000, 305_000, 10_000, 15)  # x and y of the first, step in metres, columns


@dataclass(frozen=True)
class Country:
    """Gemeenten beside the ten: where they lie, their dwellings and their levels, by code."""

    areas: tuple[Area, ...]
    homes: Mapping[str, tuple[int, ...]]  # per year of `YEARS`
    levels: Mapping[str, tuple[float, ...]]

    def homes_of(self, code: str, year: int) -> int:
        """Return the dwellings of a gemeente on 1 January."""
        return self.homes[code][YEARS.index(year)]


def build_country(n_gemeenten: int, seed: int) -> Country:
    """
    Choose the gemeenten beside the ten; the first of them are the same whatever the number.

    Parameters
    ----------
    n_gemeenten : int
        All together, the ten included; at most `COUNTRY`.
    seed : int

    Raises
    ------
    RunError
        When the number is not above that of the ten, or above that of the country.

    >>> country = build_country(342, 2018)
    >>> len(country.areas), country.areas[0].name, country.areas[-1].code
    (332, 'Alphen aan den Rijn', 'GM3315')
    >>> sum(dwellings(code, 2018) for code in GEMEENTEN) + sum(
    ...     homes[-1] for code, homes in country.homes.items() if code not in GEMEENTEN
    ... ) == NATIONAL_DWELLINGS[2018]
    True
    """
    if not len(AREA_CODES) < n_gemeenten <= COUNTRY:
        raise RunError(
            f"--gemeenten {n_gemeenten}: kies een aantal van {len(AREA_CODES) + 1} tot en met "
            f"{COUNTRY}; zonder --gemeenten maakt u het voorbeeld van {len(AREA_CODES)} gebieden."
        )
    rng = np.random.default_rng([seed, 2])
    n_invented = COUNTRY - len(GEMEENTEN)
    codes = [f"GM{FIRST_CODE + k}" for k in range(n_invented)]
    size = rng.lognormal(0, SPREAD_OF_SIZE, n_invented)
    rate = rng.lognormal(0, SPREAD_OF_RATE, n_invented)
    homes = np.column_stack(
        [share_out(_rest(NATIONAL_DWELLINGS, y, dwellings), size) for y in YEARS]
    )
    share = homes * rate[:, None] / (homes * rate[:, None]).sum(axis=0)
    levels = LOAD * share * np.array([_rest(NATIONAL, y, level) for y in YEARS])
    all_homes = {code: tuple(dwellings(code, y) for y in YEARS) for code in KNOWN}
    all_homes |= {code: tuple(row) for code, row in zip(codes, homes.tolist(), strict=True)}
    all_levels = {code: tuple(level(code, y) for y in YEARS) for code in KNOWN}
    all_levels |= {code: tuple(row) for code, row in zip(codes, levels.tolist(), strict=True)}
    invented = unique_names(rng, n_invented, WIJK, taken=set(REAL_NAMES))
    names = [*(GEMEENTEN[code][0] for code in KNOWN), *invented]
    chosen = [*KNOWN, *codes][: n_gemeenten - len(AREA_CODES)]
    areas = (
        _area(k, code, names[k], all_homes[code][YEARS.index(LAST_YEAR)])
        for k, code in enumerate(chosen)
    )
    return Country(tuple(areas), all_homes, all_levels)


def _rest(total: Mapping[int, int], year: int, own: Callable[[str, int], float]) -> int:
    """Return what is left of the country when the eenheid is taken out."""
    return total[year] - round(sum(own(code, year) for code in GEMEENTEN))


def _area(place: int, code: str, name: str, homes: int) -> Area:
    """Put a gemeente on the grid, larger and with more parts as it has more dwellings."""
    x, y, step, columns = GRID
    n_buurten = min(max(homes // HOMES_PER_BUURT, 4), MOST_BUURTEN)
    return Area(
        code=code,
        name=name,
        n_wijken=max(n_buurten // BUURTEN_PER_WIJK, 1),
        n_buurten=n_buurten,
        centre=(x + step * (place % columns), y + step * (place // columns)),
        km2=min(max(homes / 900, 9.0), 36.0),
        n_cores=min(1 + homes // 12_000, 3),
        rural=0.06 if homes < 20_000 else 0.25,
        pc4=4000 + 8 * place,
    )


def write_country(folder: Path, country: Country, seed: int) -> tuple[Truth, MonthTable]:
    """
    Add all gemeenten to the files of a sample, a few at a time.

    Parameters
    ----------
    folder : Path
        Holds the files of the ten areas.
    country : Country
    seed : int

    Returns
    -------
    tuple of dict and dict
        What was added, by file and under `incidenten`, and accepted incidents by month.
    """
    added: Truth = {}
    incidents: Truth = {}
    months: MonthTable = {}
    for number, areas in enumerate(_batches(country.areas)):
        rng = np.random.default_rng([seed, 2, number])
        places = build_places(rng, areas, country.homes_of)
        addresses = build_addresses(rng, places)
        events = _events(rng, places, addresses, country)
        records = make_records(rng, places, addresses, events)
        months |= accepted_months(places, addresses, records)
        incidents |= yearly_truth(places, addresses, records)
        count(added, _append(folder, rng, places, addresses, records, f"PL{30 + number}00"))
    return {"bestanden": added, "incidenten": incidents}, months


def _batches(areas: tuple[Area, ...]) -> Iterator[tuple[Area, ...]]:
    return (areas[begin : begin + BATCH] for begin in range(0, len(areas), BATCH))


def _append(
    folder: Path,
    rng: np.random.Generator,
    places: Places,
    addresses: Addresses,
    records: Records,
    unit: str,
) -> Truth:
    """Add some gemeenten to the files; return the account of the rows by file."""
    n_rows = append_incidents(folder / "incidenten.csv", rng, places, addresses, records, unit)
    account: Truth = {"incidenten.csv": incident_truth(records, n_rows)}
    plain = {
        f"kwb_{year}.csv": append_kwb(folder / f"kwb_{year}.csv", rng, places, year)
        for year in YEARS
    }
    plain["gebieden_2018.geojson"] = append_shapes(folder / "gebieden_2018.geojson", places)
    return account | {name: {"gelezen": n, "geaccepteerd": n} for name, n in plain.items()}


def count(total: Truth, more: Truth) -> None:
    """Add numbers to those of the same name, in place, at any depth."""
    for key, value in more.items():
        if isinstance(value, dict):
            count(total.setdefault(key, {}), value)
        else:
            total[key] = total.get(key, 0) + value


def _events(
    rng: np.random.Generator, places: Places, addresses: Addresses, country: Country
) -> Events:
    """Draw the incidents of some gemeenten from December 2012 to December 2018."""
    base = buurt_weights(rng, places)
    moment, buurt = [], []
    for area in places.areas:
        mine = places.rows(gemeente=area.code)
        share = base[mine] / base[mine].sum()
        for year in (YEARS[0] - 1, *YEARS):
            total = country.levels[area.code][YEARS.index(max(year, YEARS[0]))]
            counts = month_counts(rng, total * (1 - OFFSPRING), fixed=year != LAST_YEAR)
            if year < YEARS[0]:
                counts[:11] = 0
            moment.append(moments(rng, year, counts))
            buurt.append(rng.choice(mine, size=int(counts.sum()), p=share))
    n = sum(map(len, moment))
    first = Events(
        moment=np.concatenate(moment),
        address=draw_addresses(rng, addresses, np.concatenate(buurt)),
        parent=np.full(n, -1, dtype=np.int64),
        gang=np.zeros(n, dtype=bool),
        moved=np.zeros(n, dtype=bool),
    )
    return with_repeats(rng, places, addresses, first)


def country_months(months: MonthTable, homes: Mapping[str, int]) -> MonthTable:
    """
    Months of the country: those of its gemeenten, and the published level for the other dwellings.

    Parameters
    ----------
    months : dict
        Counts per gemeente, years by months; under NL00 the published ones.
    homes : mapping
        Dwellings of those gemeenten in the last year.

    Returns
    -------
    dict
        `months` with another NL00.

    >>> one = np.full((6, 12), 10)
    >>> whole = {"GM0001": 7_740_984}
    >>> int(country_months({"NL00": 9 * one, "GM0001": one}, whole)["NL00"][0, 0])
    10
    """
    own = {code: counts for code, counts in months.items() if code != "NL00"}
    elsewhere = 1 - sum(homes[code] for code in own) / NATIONAL_DWELLINGS[LAST_YEAR]
    rest = np.rint(months["NL00"] * elsewhere).astype(np.int64)
    return {**months, "NL00": rest + np.array(list(own.values())).sum(axis=0)}


def national_years(months: Ints) -> dict[int, Ints]:
    """
    Return the series of the country by year, with the year before at the same level.

    >>> sorted(national_years(np.full((6, 12), 10)))
    [2012, 2013, 2014, 2015, 2016, 2017, 2018]
    """
    before = round(NATIONAL[YEARS[0] - 1] / NATIONAL[YEARS[0]] * int(months[0].sum()))
    return {
        YEARS[0] - 1: share_out(before, np.array(SEASON)),
        **dict(zip(YEARS, months, strict=True)),
    }
