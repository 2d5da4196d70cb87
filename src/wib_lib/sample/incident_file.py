"""
`incidenten.csv`: the extract as an analyst of the police would send it.

cp1252 with semicolons, Dutch dates and decimal commas, flags J and N, keys of street
and address as pseudonyms under a key that is thrown away.
"""

from __future__ import annotations

import hmac
from pathlib import Path

import numpy as np

from wib_lib.sample import records as rec
from wib_lib.sample.addresses import Addresses
from wib_lib.sample.clock import MINUTES_PER_DAY, date_texts, time_texts, years_of
from wib_lib.sample.places import Floats, Ints, Places
from wib_lib.sample.records import Records
from wib_lib.sample.spoilers import CLASS_TEXT, spoil
from wib_lib.sample.supplier import Supplier, spoil_supply

Column = list[str]
UNIT = "PL1500"  # the police region, as registration numbers begin


def write_incidents(
    path: Path,
    rng: np.random.Generator,
    places: Places,
    addresses: Addresses,
    records: Records,
    supplier: Supplier,
) -> int:
    """
    Write the extract, with flaws and repeated rows.

    Parameters
    ----------
    path : Path
        File to write.
    rng : Generator
        The one source of chance of the sample.
    places, addresses, records
        What to write.
    supplier : Supplier
        What the supplier spoils.

    Returns
    -------
    int
        Number of rows written, without the header.
    """
    columns = _clean_columns(rng, places, addresses, records)
    spoil_supply(columns, supplier)
    lines = _lines(rng, columns, records)
    path.write_bytes("\r\n".join([";".join(columns), *lines, ""]).encode("cp1252"))
    return len(lines)


def append_incidents(
    path: Path,
    rng: np.random.Generator,
    places: Places,
    addresses: Addresses,
    records: Records,
    unit: str,
) -> int:
    """Add the rows of other gemeenten, numbered by a police unit of their own; rows written."""
    columns = _clean_columns(rng, places, addresses, records, unit)
    lines = _lines(rng, columns, records)
    with path.open("ab") as stream:
        stream.write("\r\n".join([*lines, ""]).encode("cp1252"))
    return len(lines)


def _lines(rng: np.random.Generator, columns: dict[str, Column], records: Records) -> Column:
    """Spoil cells, join them to rows, and repeat some rows further on."""
    spoil(columns, records.flaw)
    lines = [";".join(row) for row in zip(*columns.values(), strict=True)]
    spot = np.arange(len(lines), dtype=float)
    again = np.flatnonzero(records.flaw == rec.REPEATED)
    later = rng.uniform(again + 0.5, len(lines))
    order = np.argsort(np.concatenate([spot, later]), kind="stable")
    lines += [lines[i] for i in again]
    return [lines[i] for i in order]


def _clean_columns(
    rng: np.random.Generator,
    places: Places,
    addresses: Addresses,
    records: Records,
    unit: str = UNIT,
) -> dict[str, Column]:
    """Spell all columns, in the order of the file, as if nothing were wrong."""
    times, details = records.times, records.details
    buurt = addresses.buurt[records.address]
    names = {area.code: area.name for area in places.areas}
    begin = date_texts(times.begin // MINUTES_PER_DAY), time_texts(times.begin)
    begin_date, begin_time = (_blanked(text, times.has_begin) for text in begin)
    street, address = _pseudonyms(rng, addresses, records.address)
    x, y = _points(addresses, records)
    cleared_day = _blanked(date_texts(details.cleared_day), details.cleared == "J")
    return {
        "Registratienummer": _numbers(rng, times.known, unit),
        "Maatschappelijke klasse": details.mk_class.tolist(),
        "Omschrijving klasse": [CLASS_TEXT[c] for c in details.mk_class],
        "Poging": details.attempt.tolist(),
        "Aangifte": details.reported.tolist(),
        "Datum kennisname": date_texts(times.known),
        "Begindatum": begin_date,
        "Begintijd": begin_time,
        "Einddatum": date_texts(times.end // MINUTES_PER_DAY),
        "Eindtijd": time_texts(times.end),
        "Gemeente": [names[places.gemeente[b]] for b in buurt],
        "Gemeentecode": [places.gemeente[b] for b in buurt],
        "Wijkcode": [places.wijk[b] for b in buurt],
        "Buurtcode": [places.code[b] for b in buurt],
        "PC4": _postcodes(places, buurt),
        "Straatsleutel": street,
        "Adressleutel": address,
        "X": x,
        "Y": y,
        "Geocodering": records.geocoded.tolist(),
        "Woningtype": details.home.tolist(),
        "Corporatiewoning": details.social.tolist(),
        "MO binnenkomst": details.entry.tolist(),
        "MO toegang": details.access.tolist(),
        "MO methode": details.method.tolist(),
        "MO werktuig": details.tool.tolist(),
        "Buit": details.loot.tolist(),
        "Heterdaad": details.red_handed.tolist(),
        "Opgehelderd": details.cleared.tolist(),
        "Datum opheldering": cleared_day,
        "Aantal verdachten": [str(n) for n in details.suspects.tolist()],
    }


def _blanked(texts: Column, keep: np.ndarray) -> Column:
    """Return the texts, blank where `keep` is false."""
    return [text if k else "" for text, k in zip(texts, keep.tolist(), strict=True)]


def _numbers(rng: np.random.Generator, known: Ints, unit: str) -> Column:
    """Return registration numbers, rising within a year, with gaps for other crime."""
    years = years_of(known)
    gaps = rng.integers(4, 50, len(known))
    return [
        f"{unit}-{year}{number:06d}"
        for year in np.unique(years).tolist()
        for number in np.cumsum(gaps[years == year]).tolist()
    ]


def _pseudonyms(
    rng: np.random.Generator, addresses: Addresses, rows: Ints
) -> tuple[Column, Column]:
    """Return keyed hashes of street and address; nobody keeps the key."""
    key = rng.bytes(32)

    def named(kind: str, number: int) -> str:
        return hmac.digest(key, f"{kind}:{number}".encode(), "sha256").hex()[:16]

    streets = addresses.street[rows].tolist()
    return [named("straat", s) for s in streets], [named("adres", a) for a in rows.tolist()]


def _points(addresses: Addresses, records: Records) -> tuple[Column, Column]:
    """Return coordinates of the address, of the middle of the street, or none."""
    rows, how = records.address, records.geocoded
    street = addresses.street[rows]
    found = how != "geen"

    def spelled(exact: Floats, middle: Floats) -> Column:
        value = np.where(how == "straat", np.rint(middle[street]), exact[rows])
        return _blanked([f"{v:.1f}".replace(".0", "").replace(".", ",") for v in value], found)

    return spelled(addresses.x, addresses.mid_x), spelled(addresses.y, addresses.mid_y)


def _postcodes(places: Places, buurt: Ints) -> Column:
    """Return a postcode per wijk, counted up from the first of the gemeente."""
    first = {area.code: area.pc4 for area in places.areas}
    per_buurt = [
        str(first[gemeente] + (int(wijk[-2:]) - 1) % 8)
        for gemeente, wijk in zip(places.gemeente, places.wijk, strict=True)
    ]
    return [per_buurt[b] for b in buurt]
