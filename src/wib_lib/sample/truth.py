"""
`waarheid.json`: what the files hold and what was planted in them.

Counted from the arrays of the process, not from the files: a reader that gets to the
same numbers has read the files as they were meant. No notebook reads this file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wib_lib.sample import plants as planted
from wib_lib.sample import records as rec
from wib_lib.sample import repeats
from wib_lib.sample.addresses import Addresses
from wib_lib.sample.clock import MINUTES_PER_DAY, months_of, years_of
from wib_lib.sample.places import Ints, Places
from wib_lib.sample.plants import Plants
from wib_lib.sample.police_file import MonthTable
from wib_lib.sample.process import area_level
from wib_lib.sample.published import (
    AREA_CODES,
    GEMEENTEN,
    LAAK_WIJKEN,
    LAST_OLD_YEAR,
    LAST_YEAR,
    NATIONAL_DWELLINGS,
    NEW_BUURTEN,
    OLD_BUURT,
    SELECTION_YEAR,
    THE_HAGUE,
    YEARS,
    dwellings,
)
from wib_lib.sample.records import Records
from wib_lib.sample.repeats import Events

Truth = dict[str, Any]

NOT_CONTROL = (
    planted.EFFECT_AREA,
    planted.GANG_AREA,
    planted.SHIFT_FROM,
    planted.SHIFT_TO,
)


def accepted_months(places: Places, addresses: Addresses, records: Records) -> MonthTable:
    """
    Accepted incidents of each area by year and month in which they became known.

    Returns
    -------
    dict
        Area code to counts, years by months.
    """
    keep = records.accepted
    days = records.times.known[keep]
    area = np.array(places.gemeente)[addresses.buurt[records.address[keep]]]
    table: MonthTable = {}
    for code in (own.code for own in places.areas):
        mine = area == code
        cell = (years_of(days[mine]) - YEARS[0]) * 12 + months_of(days[mine]) - 1
        table[code] = np.bincount(cell, minlength=12 * len(YEARS)).reshape(len(YEARS), 12)
    return table


def incident_truth(records: Records, n_rows: int) -> Truth:
    """Return the account of the rows of `incidenten.csv` that a reader must give."""
    flaw = records.flaw.astype(str)
    odd = int((flaw == rec.ODD_CODE).sum())
    return {
        "gelezen": n_rows,
        "geaccepteerd": int(records.accepted.sum()),
        "afgekeurd": {reason: int((flaw == reason).sum()) for reason in rec.REJECTED},
        "dubbel": int((flaw == rec.REPEATED).sum()),
        "leeggemaakt": {
            rec.TIMES_TURNED: int((flaw == rec.TIMES_TURNED).sum()),
            **_bad_points(int((flaw == rec.BAD_POINT).sum())),
        },
        "gemeentecode_afwijkend_geschreven": odd,
        "zonder_begin": int((records.accepted & ~records.times.has_begin).sum()),
        "zonder_coordinaat": int((records.accepted & (records.geocoded == "geen")).sum()),
    }


def _bad_points(n: int) -> dict[str, int]:
    """Divide impossible points over their kinds, as they are planted in turn."""
    kinds = rec.BAD_POINTS
    return {kind: len(range(first, n, len(kinds))) for first, kind in enumerate(kinds)}


def yearly_truth(places: Places, addresses: Addresses, records: Records) -> Truth:
    """Return accepted incidents, attempts and cleared ones per area and year."""
    buurt = addresses.buurt[records.address]
    area = np.where(records.accepted, np.array(places.gemeente)[buurt], "")
    years = years_of(records.times.known)
    attempt, cleared = records.details.attempt == "J", records.details.cleared == "J"
    return {
        code: {
            str(year): {
                "totaal": int(mine.sum()),
                "pogingen": int((mine & attempt).sum()),
                "opgehelderd": int((mine & cleared).sum()),
            }
            for year in YEARS
            for mine in [(area == code) & (years == year)]
        }
        for code in (own.code for own in places.areas)
    }


def homes_truth(places: Places) -> Truth:
    """Return dwellings per region and year; Laak apart from the whole of its gemeente."""
    truth: Truth = {"NL00": {str(year): NATIONAL_DWELLINGS[year] for year in YEARS}}
    for code in GEMEENTEN:
        truth[code] = {str(year): dwellings(code, year) for year in YEARS}
    laak = places.dwellings[places.rows(gemeente=THE_HAGUE)].sum(axis=0)
    truth["laak"] = {str(year): int(n) for year, n in zip(YEARS, laak, strict=True)}
    return truth


def division_truth(places: Places) -> Truth:
    """Return the one change of division, with the dwellings of the new buurten in every year."""
    return {
        "oud": OLD_BUURT,
        "laatste_jaar": LAST_OLD_YEAR,
        "nieuw": {
            code: {str(year): int(n) for year, n in zip(YEARS, homes, strict=True)}
            for code in NEW_BUURTEN
            for homes in [places.dwellings[places.code.index(code)]]
        },
    }


def planted_truth(
    places: Places, addresses: Addresses, plants: Plants, events: Events, records: Records
) -> Truth:
    """
    Describe every planted truth, as meant and as it came out in accepted records.

    Returns
    -------
    dict
        One entry per truth, with the codes of the buurten concerned.
    """
    kept = np.zeros(len(events.moment), dtype=bool)
    kept[records.source[records.accepted & (records.source >= 0)]] = True
    known_year = np.zeros(len(events.moment), dtype=np.int64)
    real = records.source >= 0
    known_year[records.source[real]] = years_of(records.times.known[real])
    buurt = addresses.buurt[events.address]
    return {
        "hotspot": _hotspot(places, plants, buurt[kept], known_year[kept]),
        "near_repeat": _near_repeat(places, addresses, events, kept),
        "effect": {
            "gemeente": planted.EFFECT_AREA,
            "jaar": LAST_YEAR,
            "ratio": planted.EFFECT_RATIO,
            "verwacht_zonder_effect": _expected(planted.EFFECT_AREA) / planted.EFFECT_RATIO,
            "verwacht_met_effect": _expected(planted.EFFECT_AREA),
        },
        "regressie_naar_het_gemiddelde": {
            "gemeente": planted.GANG_AREA,
            "jaar": planted.GANG_YEAR,
            "maanden": list(planted.GANG_MONTHS),
            "niveau_2015": planted.LEVELS[planted.GANG_AREA, 2015],
            "niveau_2016": planted.LEVELS[planted.GANG_AREA, 2016],
            "waarvan_dadergroep": planted.GANG_LEVEL,
            "incidenten_dadergroep": int((events.gang & kept).sum()),
            "maatregel": False,
        },
        "verplaatsing": _displacement(places, plants, int((events.moved & kept).sum())),
        "controle": [code for code in AREA_CODES if code not in NOT_CONTROL],
        "verwacht_2018": {code: _expected(code) for code in AREA_CODES},
        "selectiejaar": SELECTION_YEAR,
    }


def _expected(code: str) -> float:
    """Return the level of the last year, before chance and displacement."""
    return round(area_level(code, LAST_YEAR), 1)


def _hotspot(places: Places, plants: Plants, buurt: Ints, year: Ints) -> Truth:
    """Return the two buurten of the hotspot that moves, with their counts."""

    def counts(place: int) -> dict[str, int]:
        return {str(y): int(((buurt == place) & (year == y)).sum()) for y in YEARS}

    return {
        "gemeente": planted.HOTSPOT_AREA,
        "aandeel": planted.HOTSPOT_SHARE,
        "eerst": {
            "buurt": places.code[plants.hot_first],
            "jaren": list(planted.HOTSPOT_YEARS["eerst"]),
            "aantallen": counts(plants.hot_first),
        },
        "daarna": {
            "buurt": places.code[plants.hot_next],
            "jaren": list(planted.HOTSPOT_YEARS["daarna"]),
            "aantallen": counts(plants.hot_next),
        },
    }


def _near_repeat(places: Places, addresses: Addresses, events: Events, kept: np.ndarray) -> Truth:
    """Return the near-repeat process, as meant and as it came out."""
    child = np.flatnonzero(kept & (events.parent >= 0))
    parent = events.parent[child]
    here, there = events.address[child], events.address[parent]
    gap = np.hypot(addresses.x[here] - addresses.x[there], addresses.y[here] - addresses.y[there])
    days = (events.moment[child] - events.moment[parent]) / MINUTES_PER_DAY
    buurt = addresses.buurt[events.address]
    area = np.array(places.gemeente)[buurt]
    return {
        "aandeel": repeats.OFFSPRING,
        "aandeel_zelfde_adres": repeats.SAME_ADDRESS,
        "afstand_max_m": repeats.REACH,
        "dagen_max": repeats.LONGEST,
        "controlegebied": repeats.CONTROL_AREA,
        "gerealiseerd": {
            "incidenten": int(kept.sum()),
            "nakomelingen": len(child),
            "zelfde_adres": int((here == there).sum()),
            "grootste_afstand_m": round(float(gap.max()), 1),
            "meeste_dagen": round(float(days.max()), 2),
            "per_gebied": {code: int((area[child] == code).sum()) for code in AREA_CODES},
        },
    }


def _displacement(places: Places, plants: Plants, n_moved: int) -> Truth:
    """Return the displacement over the border: what one loses the other gains."""
    return {
        "jaar": LAST_YEAR,
        "van": planted.SHIFT_FROM,
        "naar": planted.SHIFT_TO,
        "van_buurten": [places.code[i] for i in plants.border_from],
        "naar_wijk": plants.border_wijk,
        "naar_buurten": [places.code[i] for i in plants.border_to],
        "aandeel": planted.SHIFT_SHARE,
        "verplaatst": n_moved,
        "netto": 0,
    }


def laak_codes() -> Truth:
    """Return the wijken and buurten that make up Laak."""
    return {wijk: [f"BU{wijk[2:]}{end}" for end in ends] for wijk, ends in LAAK_WIJKEN.items()}
