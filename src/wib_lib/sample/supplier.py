"""
Flaws of the supplier: what goes wrong in a whole extract and not in a row.

A code list that changes, a field that falls out for two months, the address of the
station where none was known, the middle of a buurt as the point of many addresses.
Drawn from a random stream of their own, so that the incidents do not depend on them;
chosen where they touch no other planted truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from wib_lib.sample.addresses import Addresses
from wib_lib.sample.clock import day_number
from wib_lib.sample.places import Ints, Places
from wib_lib.sample.records import Records

CODE_AREA, CODE_FROM, CODE_SHARE = "GM1783", date(2017, 7, 1), 0.6
EMPTY_FROM, EMPTY_UNTIL = date(2015, 3, 1), date(2015, 5, 1)  # the day after
DEFAULT_AREA, DEFAULT_ROWS = "GM0603", 24
PILE_AREA, PILE_ROWS = "GM1916", 15


@dataclass(frozen=True)
class Supplier:
    """Rows of the records with each flaw."""

    unknown_access: Ints
    no_loot: Ints
    default_address: Ints
    piled_point: Ints


def draw_supplier(
    rng: np.random.Generator, places: Places, addresses: Addresses, records: Records
) -> Supplier:
    """
    Choose the rows that the supplier spoils, among rows without another flaw.

    Parameters
    ----------
    rng : Generator
        A stream of its own.
    places, addresses, records
        The incidents.

    Returns
    -------
    Supplier
        Positions in `records`.
    """
    clean = records.flaw == ""
    known = records.times.known
    buurt = addresses.buurt[records.address]
    area = np.array(places.gemeente)[buurt]
    late = np.flatnonzero(clean & (area == CODE_AREA) & (known >= day_number(CODE_FROM)))
    spell = (known >= day_number(EMPTY_FROM)) & (known < day_number(EMPTY_UNTIL))
    at_default = np.flatnonzero(clean & (area == DEFAULT_AREA))
    exact = clean & (area == PILE_AREA) & (records.geocoded == "adres")
    fullest = np.bincount(buurt[exact]).argmax()
    in_pile = np.flatnonzero(exact & (buurt == fullest))
    return Supplier(
        unknown_access=late[rng.random(len(late)) < CODE_SHARE],
        no_loot=np.flatnonzero(spell),
        default_address=np.sort(rng.choice(at_default, DEFAULT_ROWS, replace=False)),
        piled_point=np.sort(rng.choice(in_pile, PILE_ROWS, replace=False)),
    )


def spoil_supply(columns: dict[str, list[str]], flaws: Supplier) -> None:
    """Apply the flaws of the supplier to the cells of the file, in place."""
    for row in flaws.unknown_access.tolist():
        columns["MO toegang"][row] = "onbekend"
    for row in flaws.no_loot.tolist():
        columns["Buit"][row] = ""
    for names, rows in (
        (("Straatsleutel", "Adressleutel"), flaws.default_address),
        (("X", "Y"), flaws.piled_point),
    ):
        for name in names:
            for row in rows.tolist():
                columns[name][row] = columns[name][rows[0]]


def supplier_truth(flaws: Supplier, records: Records) -> dict[str, Any]:
    """Describe the flaws, counted in accepted records."""
    emptied = records.accepted[flaws.no_loot] & (records.details.attempt[flaws.no_loot] != "J")
    return {
        "codelijst": {
            "veld": "mo_toegang",
            "gemeente": CODE_AREA,
            "vanaf": CODE_FROM.isoformat(),
            "rijen": len(flaws.unknown_access),
        },
        "leeg_veld": {
            "veld": "buit_categorie",
            "maanden": ["2015-03", "2015-04"],
            "rijen": int(emptied.sum()),
        },
        "standaardadres": {"gemeente": DEFAULT_AREA, "rijen": len(flaws.default_address)},
        "stapel_op_punt": {"gemeente": PILE_AREA, "rijen": len(flaws.piled_point)},
    }
