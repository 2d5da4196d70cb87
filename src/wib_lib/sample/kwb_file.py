"""
`kwb_2013.csv` to `kwb_2018.csv`: key figures of wijken and buurten, as CBS has them.

Column names carry a number that changes from year to year, the key column changed
its name, people are rounded to five below the gemeente (at random, so that sums do
not fit) and percentages of buurten with fewer than 20 dwellings are secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wib_lib.sample.places import Ints, Places
from wib_lib.sample.published import (
    AREA_CODES,
    GEMEENTEN,
    LAST_OLD_YEAR,
    NATIONAL_DWELLINGS,
    NATIONAL_INHABITANTS,
    NEW_BUURTEN,
    OLD_BUURT,
    THE_HAGUE,
    YEARS,
    dwellings,
)

STEMS = (
    "Gemeentenaam", "SoortRegio", "Codering", "AantalInwoners", "Mannen", "Vrouwen",
    "k_0Tot15Jaar", "k_15Tot25Jaar", "k_25Tot45Jaar", "k_45Tot65Jaar", "k_65JaarOfOuder",
    "HuishoudensTotaal", "Eenpersoonshuishoudens", "Woningvoorraad", "PercentageEengezinswoning",
    "PercentageMeergezinswoning", "Koopwoningen", "HuurwoningenTotaal", "InBezitWoningcorporatie",
    "InBezitOverigeVerhuurders", "EigendomOnbekend",
)  # fmt: skip
SUFFIXES = {
    2013: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 25, 26, 33, 35, 36, 39, 40, 41, 42, 43),
    2014: (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 26, 27, 33, 35, 36, 39, 40, 41, 42, 43),
    2016: (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 28, 29, 34, 36, 37, 40, 41, 42, 43, 44),
}  # from that year on
PEOPLE = slice(3, 13)
SHARES = slice(14, 21)
AGES = {"town": (0.15, 0.15, 0.30, 0.24, 0.16), "polder": (0.18, 0.11, 0.23, 0.29, 0.19)}
FEWEST = 20  # dwellings; below it percentages are secret
NO_PEOPLE = 5  # dwellings; below it the counts of people are secret


@dataclass(frozen=True)
class Region:
    """What a row is made from; shares are those of the dwellings."""

    code: str
    kind: str
    gemeente: str
    homes: int
    people: float
    houses: float
    owned: float
    social: float
    single: float
    town: float


def write_kwb(path: Path, rng: np.random.Generator, places: Places, year: int) -> int:
    """
    Write the key figures of one year.

    Parameters
    ----------
    path : Path
        File to write.
    rng : Generator
        The one source of chance of the sample.
    places : Places
        Buurten of the ten areas; other gemeenten get a row of their own only.
    year : int
        One of the years of the sample.

    Returns
    -------
    int
        Number of rows written, without the header.
    """
    suffixes = SUFFIXES[max(first for first in SUFFIXES if first <= year)]
    key = "RegioS" if year == YEARS[0] else "WijkenEnBuurten"
    names = [f"{stem}_{number}" for stem, number in zip(STEMS, suffixes, strict=True)]
    lines = [";".join([key, *names])]
    drawn = [(region, _people(rng, region)) for region in _regions(places, year)]
    if year <= LAST_OLD_YEAR:
        drawn = _in_old_division(places, year, drawn)
    lines += [";".join(_cells(region, people)) for region, people in drawn]
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8"))
    return len(lines) - 1


def append_kwb(path: Path, rng: np.random.Generator, places: Places, year: int) -> int:
    """Add the rows of other gemeenten; one that has its own row already gets its parts only."""
    regions = []
    for area in places.areas:
        if area.code not in GEMEENTEN:
            mine = places.rows(gemeente=area.code)
            regions.append(_sum_of(places, mine, year, area.code, "Gemeente", area.name))
        regions += _parts(places, year, area.code, area.name)
    lines = [";".join(_cells(region, _people(rng, region))) for region in regions]
    with path.open("ab") as stream:
        stream.write("\n".join([*lines, ""]).encode("utf-8"))
    return len(lines)


def write_transition(path: Path, places: Places) -> int:
    """Write `gebiedsovergang.csv`: how the dwellings of the old buurt went over; rows written."""
    year = LAST_OLD_YEAR + 1
    homes = [places.dwellings[places.code.index(code), YEARS.index(year)] for code in NEW_BUURTEN]
    lines = ["code_oud;jaar_oud;code_nieuw;jaar_nieuw;n_woningen"]
    lines += [
        f"{OLD_BUURT};{LAST_OLD_YEAR};{code};{year};{n}"
        for code, n in zip(NEW_BUURTEN, homes, strict=True)
    ]
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8"))
    return len(homes)


def _regions(places: Places, year: int) -> list[Region]:
    """Return the country, the gemeenten, and per area its wijken with their buurten."""
    homes = NATIONAL_DWELLINGS[year]
    people = float(NATIONAL_INHABITANTS[year])
    regions = [
        Region("NL00", "Land", "Nederland", homes, people, 0.64, 0.56, 0.3, 0.37, 0.5),
    ]
    for code, (name, _, _) in sorted(GEMEENTEN.items()):
        mine = places.rows(gemeente=code)
        if code not in AREA_CODES or code == THE_HAGUE:
            n = dwellings(code, year)
            flats = 0.2 if code == THE_HAGUE else 0.7
            regions.append(
                Region(code, "Gemeente", name, n, n * 2.25, flats, 0.58, 0.29, 0.34, 1 - flats)
            )
        else:
            regions.append(_sum_of(places, mine, year, code, "Gemeente", name))
        regions += _parts(places, year, code, name)
    return regions


def _parts(places: Places, year: int, code: str, name: str) -> list[Region]:
    """Return the wijken of a gemeente, each with its buurten."""
    regions = []
    for wijk in places.wijken(code):
        rows = places.rows(wijk=wijk)
        regions.append(_sum_of(places, rows, year, wijk, "Wijk", name))
        for i in rows:
            one = np.array([i])
            regions.append(_sum_of(places, one, year, places.code[i], "Buurt", name))
    return regions


def _sum_of(places: Places, rows: Ints, year: int, code: str, kind: str, name: str) -> Region:
    """Return the region made of the given buurten, shares weighted by dwellings."""
    homes = places.dwellings[rows, YEARS.index(year)]
    weight = np.maximum(homes, 1e-9) / np.maximum(homes, 1e-9).sum()
    single = places.single[rows]
    people = float((homes * (2.75 - 1.7 * single)).sum())
    shares = (places.houses, places.owned, places.social, places.single, places.urban)
    mean = [float((share[rows] * weight).sum()) for share in shares]
    return Region(code, kind, name, int(homes.sum()), people, *mean)


def _in_old_division(
    places: Places, year: int, drawn: list[tuple[Region, Ints]]
) -> list[tuple[Region, Ints]]:
    """Put the one old buurt in the place of the two it became, with the people of both."""
    rows = np.array([places.code.index(code) for code in NEW_BUURTEN])
    name = GEMEENTEN[THE_HAGUE][0]
    old = _sum_of(places, rows, year, OLD_BUURT, "Buurt", name)
    both = [people for region, people in drawn if region.code in NEW_BUURTEN]
    first = next(i for i, (region, _) in enumerate(drawn) if region.code == NEW_BUURTEN[0])
    kept = [pair for pair in drawn if pair[0].code not in NEW_BUURTEN]
    return [*kept[:first], (old, both[0] + both[1]), *kept[first:]]


def _cells(region: Region, people: Ints) -> list[str]:
    """Spell one row: key, names, people, dwellings, percentages."""
    unknown = 0.01
    rented = 1 - region.owned - unknown
    shares = [
        region.houses,
        1 - region.houses,
        region.owned,
        rented,
        min(region.social, rented),
        rented - min(region.social, rented),
        unknown,
    ]
    cells = [f"{region.gemeente:<40}", f"{region.kind:<10}", f"{region.code:<10}"]
    cells += [str(n) for n in people.tolist()]
    cells += [str(region.homes), *(f"{100 * share:.0f}" for share in shares)]
    if region.homes < FEWEST:
        cells[SHARES] = ["."] * len(cells[SHARES])
    if region.homes < NO_PEOPLE:
        cells[PEOPLE] = ["."] * len(cells[PEOPLE])
    return [f"{region.code:<10}", *cells]


def _people(rng: np.random.Generator, region: Region) -> Ints:
    """Return inhabitants, by sex, by age, (one-person) households; rounded below the gemeente."""
    total = round(region.people)
    men = round(total * (0.49 + rng.normal(0, 0.004)))
    town, polder = np.array(AGES["town"]), np.array(AGES["polder"])
    ages = rng.multinomial(total, region.town * town + (1 - region.town) * polder)
    households = round(region.homes * 0.985)
    single = round(households * region.single)
    people = np.array([total, men, total - men, *ages, households, single], dtype=np.int64)
    return rounded_to_five(rng, people) if region.kind in ("Wijk", "Buurt") else people


def rounded_to_five(rng: np.random.Generator, counts: Ints) -> Ints:
    """
    Round counts at random to multiples of five, without bias.

    >>> rounded_to_five(np.random.default_rng(1), np.array([10, 12])).tolist()[0]
    10
    """
    rest = counts % 5
    up = rng.random(len(counts)) < rest / 5
    return counts - rest + 5 * up
