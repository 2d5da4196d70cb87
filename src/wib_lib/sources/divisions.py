"""Area tables (DS-05): from old buurten to new ones, and which buurten a basisteam had when.

An overgang comes as a small table of pairs, or follows from two years of the file in which
Statistics Netherlands gives the buurt of every postcode and house number. Those addresses are
joined and counted while reading; no postcode or house number is kept.
"""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from wib_lib.checks import RowCheck
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.sources.files import read_table
from wib_lib.sources.reading import Context, Reading, check_table, pick
from wib_lib.tables import ADRESSEN, BASISTEAMS, OVERGANGEN, parse

ADDRESS = ["pc6", "huisnummer"]


def read_transitions(bron: Bron, path: Path, context: Context) -> Reading:
    """Read pairs of an old and a new buurt with the dwellings that went from one to the other."""
    del context
    columns = bron.kolommen or {
        "code_from": "code_oud",
        "year_from": "jaar_oud",
        "code_to": "code_nieuw",
        "year_to": "jaar_nieuw",
        "n_dwellings": "n_woningen",
    }
    raw = pick(bron, read_table(bron, path), columns, OVERGANGEN)
    extra = [
        RowCheck("jaren_omgekeerd", ("year_from", "year_to"), "het nieuwe jaar is later",
                 lambda rows: rows["year_from"].lt(rows["year_to"])),
        RowCheck("verdeling_onbekend", ("code_from", "n_dwellings"),
                 "een buurt die over meer buurten gaat, heeft samen minstens één woning", _divisible),
    ]  # fmt: skip
    return Reading(check_table(raw, parse(raw, OVERGANGEN), OVERGANGEN, extra=extra))


def read_addresses(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read the buurt of every postcode and house number in one year; keep pairs of buurten only.

    The first year of a delivery yields no pairs; each later one those with the year before it.
    An address that is in one of the two years only says nothing about a border and is left out.

    Raises
    ------
    DeliveryError
        When the file has no column `Buurt<jaar>`, or `jaar` is not that year.
    """
    frame = read_table(bron, path)
    names = {str(name).lower(): str(name) for name in frame}
    buurt = next((name for name in names if re.fullmatch(r"buurt\d{4}", name)), "")
    if not buurt or bron.jaar != int(buurt[-4:]):
        raise DeliveryError(
            f"{bron.bestand}: kolom 'Buurt<jaar>' en sleutel 'jaar' in bronnen.yaml horen hetzelfde "
            f"jaar te noemen; gevonden: {names.get(buurt, 'geen kolom')} en {bron.jaar or 'geen jaar'}."
        )
    columns = {"pc6": names.get("pc6", "PC6"), "buurt_code": names[buurt],
               "huisnummer": names.get("huisnummer", "Huisnummer")}  # fmt: skip
    raw = pick(bron, frame, columns, ADRESSEN)
    typed = parse(raw, ADRESSEN)
    typed["pc6"] = typed["pc6"].str.replace(" ", "").str.upper()
    # The log names the row and the buurt, never the address.
    checked = replace(check_table(raw[["buurt_code"]], typed, ADRESSEN), doubles=pd.DataFrame())
    checked.accepted["year"] = bron.jaar
    return Reading(checked, aggregate=_pairs(checked.accepted, context.tables.get("overgangen")))


def read_teams(bron: Bron, path: Path, context: Context) -> Reading:
    """Read which buurten a basisteam had, from `van` until the day before `tot`."""
    columns = bron.kolommen or {name: name for name in BASISTEAMS.names}
    raw = pick(bron, read_table(bron, path), columns, BASISTEAMS)
    typed = parse(raw, BASISTEAMS, context.notation(bron))
    order = RowCheck("periode_omgekeerd", ("van", "tot"), "'tot' ligt na 'van', of is leeg",
                     lambda rows: rows["tot"].isna() | rows["tot"].gt(rows["van"]))  # fmt: skip
    return Reading(check_table(raw, typed, BASISTEAMS, extra=[order]))


def _divisible(rows: pd.DataFrame) -> pd.Series:
    groups = rows.groupby(["code_from", "year_from", "year_to"])
    return groups["n_dwellings"].transform("sum").gt(0) | groups["code_to"].transform("size").eq(1)


def _pairs(addresses: pd.DataFrame, read_before: pd.DataFrame | None) -> pd.DataFrame:
    """Count addresses per pair of buurten, from the latest earlier year to this one."""
    if read_before is None or "pc6" not in read_before:
        return parse(pd.DataFrame(), OVERGANGEN)
    known = read_before[read_before["pc6"].notna()]
    before = known[known["year"].eq(known["year"].max())]
    names = [*ADDRESS, "buurt_code", "year"]
    both = before[names].merge(
        addresses[names], on=ADDRESS, suffixes=("_from", "_to"), validate="one_to_one"
    )
    both.columns = both.columns.str.replace("buurt_code", "code")
    keys = [name for name in OVERGANGEN.names if name != "n_dwellings"]
    return both.groupby(keys, as_index=False).size().rename(columns={"size": "n_dwellings"})
