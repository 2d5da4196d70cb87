"""
`politie_maand.csv`, an earlier edition of it, and `landelijke_reeks.csv`: as the police publish.

Table 47022NED pads its keys with spaces, mixes months with year rows and holds other
crimes next to burglary. The months of the areas are the incidents of the extract
itself, so that the two sources can be held against each other.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from wib_lib.sample.places import Floats, Ints, share_out
from wib_lib.sample.process import month_counts
from wib_lib.sample.published import (
    AREA_CODES,
    GEMEENTEN,
    LAAK_SHARE,
    LAST_YEAR,
    NATIONAL,
    SEASON,
    THE_HAGUE,
    YEARS,
    level,
)

BURGLARY, SHEDS = "1.1.1 ", "1.1.2 "
SHEDS_SHARE = 0.28  # box, garage and shed, next to burglary of dwellings
EARLIER = date(LAST_YEAR, 9, 15)  # an earlier edition of the table
EARLIER_FILE = "politie_maand_2018-09.csv"
LATE_SHARE = 0.03  # of a month's burglaries that were not registered yet on that day
NATIONAL_NOISE = 400.0  # gamma shape of a month of the country

MonthTable = dict[str, Ints]  # region: counts, (years, 12)


def national_months(rng: np.random.Generator) -> dict[int, Ints]:
    """
    Spread the published national years over months by season, exactly adding up.

    >>> months = national_months(np.random.default_rng(1))
    >>> int(months[2018].sum())
    42887
    """
    noise: Floats = rng.gamma(NATIONAL_NOISE, 1 / NATIONAL_NOISE, (len(NATIONAL), 12))
    return {
        year: share_out(total, np.array(SEASON) * noise[k])
        for k, (year, total) in enumerate(NATIONAL.items())
    }


def police_months(
    rng: np.random.Generator, accepted: MonthTable, national: dict[int, Ints]
) -> MonthTable:
    """
    Monthly burglaries of the country and of all gemeenten of the eenheid.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    accepted : dict
        Accepted incidents of each of the ten areas, years by months.
    national : dict
        Months of the country per year.

    Returns
    -------
    dict
        Region to counts; of 's-Gravenhage Laak plus an invented rest.
    """
    table: MonthTable = {"NL00": np.array([national[year] for year in YEARS])}
    for code in GEMEENTEN:
        if code in AREA_CODES and code != THE_HAGUE:
            table[code] = accepted[code]
            continue
        share = 1 - LAAK_SHARE if code == THE_HAGUE else 1.0
        drawn = [
            month_counts(rng, level(code, year) * share, fixed=year != LAST_YEAR) for year in YEARS
        ]
        table[code] = np.array(drawn) + (accepted[code] if code == THE_HAGUE else 0)
    return table


def write_police(path: Path, rng: np.random.Generator, months: MonthTable) -> int:
    """
    Write the monthly table with its year rows and the rows of sheds.

    Parameters
    ----------
    path : Path
        File to write.
    rng : Generator
        The one source of chance of the sample.
    months : dict
        Burglaries per region, years by months.

    Returns
    -------
    int
        Number of rows written, without the header.
    """
    sheds = {region: rng.poisson(counts * SHEDS_SHARE) for region, counts in months.items()}
    lines = ["SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1"]
    for crime, table in ((BURGLARY, months), (SHEDS, sheds)):
        for region, counts in table.items():
            lines += [
                f"{crime};{region:<10};{period};{n}" for period, n in _with_years(counts).items()
            ]
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8"))
    return len(lines) - 1


def write_earlier(path: Path, rng: np.random.Generator, months: MonthTable) -> dict[str, int]:
    """
    Write the table as it was on `EARLIER`: without the last months, and not all reports in.

    Parameters
    ----------
    path : Path
        File to write.
    rng : Generator
        A stream of its own.
    months : dict
        Burglaries per region, years by months, as they are known now.

    Returns
    -------
    dict
        Burglaries of the last year that came in later, per region, in the months it has.
    """
    n_months = EARLIER.month - 1
    lines = ["SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1"]
    later = {}
    for region, counts in months.items():
        missed = rng.binomial(counts[-1, :n_months], LATE_SHARE)
        later[region] = int(missed.sum())
        periods = _with_years(counts)
        periods |= {
            f"{LAST_YEAR}MM{m + 1:02d}": int(counts[-1, m] - missed[m]) for m in range(n_months)
        }
        known = {p: n for p, n in periods.items() if not _is_after(p)}
        lines += [f"{BURGLARY};{region:<10};{period};{n}" for period, n in known.items()]
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8"))
    return later


def _is_after(period: str) -> bool:
    """Tell whether a period was not over on `EARLIER`."""
    year, month = int(period[:4]), int(period[6:])
    return year == LAST_YEAR and (month == 0 or month >= EARLIER.month)


def _with_years(counts: Ints) -> dict[str, int]:
    """Return the periods of one region: twelve months, then the year they add up to."""
    periods: dict[str, int] = {}
    for year, row in zip(YEARS, counts, strict=True):
        periods |= {f"{year}MM{month:02d}": int(n) for month, n in enumerate(row, start=1)}
        periods[f"{year}JJ00"] = int(row.sum())
    return periods


def write_national(path: Path, national: dict[int, Ints]) -> int:
    """Write the national series, one row per month; return the number of rows."""
    lines = ["date,wib_nl"]
    for year, counts in national.items():
        lines += [f"{year}-{month:02d}-01,{n}" for month, n in enumerate(counts.tolist(), start=1)]
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8"))
    return len(lines) - 1
