"""A delivery read once, checked, and kept as Parquet beside its reasons.

A delivery that did not change is not read again; one that cannot be read leaves what was there.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wib_lib.crosswalk import to_division
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.landing import landing, sole_writer
from wib_lib.project import GEMEENTEN, TABLES, Dataset
from wib_lib.sources import PROFILES, profile_of, read_source
from wib_lib.sources.reading import Context, Reading
from wib_lib.store import (
    IN_DIVISION,
    NOWHERE,
    PART,
    SUMMARY,
    Delivered,
    Store,
    delivery_key,
    file_hash,
    summary,
    write_json,
)
from wib_lib.tables import INCIDENTEN, REGISTERS
from wib_lib.vintages import stand

ROW_GROUP = 20_000
# Tables of which every delivery is kept, so that what a later one changes can be shown.
COUNTED = ("incidenten", "aantallen")
# Tables of which a row has the same key in every file of a delivery.
WHOLE = {"incidenten": INCIDENTEN.key} | {
    table.name: table.key for table in REGISTERS.values() if table.key
}
LOGS = ("rejected", "duplicates", "emptied")


def ingest(
    dataset: Dataset,
    folder: Path,
    *,
    klassen: Sequence[str],
    gemeenten: Mapping[str, str] | None = None,
) -> Store:
    """
    Read and check all files of a delivery, unless nothing changed since the last time.

    Parameters
    ----------
    dataset : Dataset
    folder : Path
        Where to write; replaced as a whole or not at all.
    klassen : sequence of str
        Maatschappelijke klassen that count as burglary.
    gemeenten : mapping of str to str, optional
        Gemeente codes by name, for files that write names.

    Raises
    ------
    DeliveryError
        One Dutch sentence for the first file that cannot be used.
    """
    names = dict(gemeenten or {})
    key = delivery_key(dataset, klassen=klassen, gemeenten=names)
    if summary(folder).get("key") == key:
        return Store(folder)
    source = f"{dataset.name}/bronnen.yaml"
    files = dataset.bronnen.bronnen
    for bron in files:
        profile_of(bron, source=source)
    hashes = {bron.bestand: file_hash(dataset.folder / bron.bestand) for bron in files}
    _refuse_other_bytes(files, hashes)
    if not dataset.bronnen.fictief:
        _refuse_overwritten(files, hashes, folder)
    readings = _read_all(dataset, Context(klassen, {}, names), source)
    with sole_writer(folder), landing(folder / TABLES) as fresh:
        _write(fresh, readings, hashes, key)
    return Store(folder)


def _refuse_other_bytes(bronnen: Iterable[Bron], hashes: Mapping[str, str]) -> None:
    """Refuse a file that is not the one its checksum was written for."""
    for bron in bronnen:
        if bron.sha256 and hashes[bron.bestand] not in ("", bron.sha256):
            raise DeliveryError(
                f"{bron.bestand}: de inhoud past niet bij het controlegetal (sha256) in "
                "bronnen.yaml; het bestand is onvolledig of gewijzigd, haal het opnieuw op."
            )


def _refuse_overwritten(bronnen: Iterable[Bron], hashes: Mapping[str, str], folder: Path) -> None:
    """Refuse counts that were put in the place of others under the same date: dated, never lost."""
    known = {item["bestand"]: item for item in summary(folder).get("delivered", ())}
    for bron in bronnen:
        old = known.get(bron.bestand)
        if old is None or PROFILES[bron.profiel].table not in COUNTED:
            continue
        same_day = old["peildatum"] == bron.peildatum.isoformat()
        if same_day and old["sha256"] != hashes[bron.bestand]:
            raise DeliveryError(
                f"{bron.bestand}: de inhoud is gewijzigd, maar de peildatum is nog "
                f"{bron.peildatum.isoformat()}; zet een nieuwe levering met een eigen naam en "
                "peildatum naast de oude, en noem de oude bij 'vervangt' in bronnen.yaml."
            )


@dataclass(frozen=True)
class _Read:
    """A file as read, and the file that replaces it."""

    bron: Bron
    reading: Reading
    replaced_by: str

    @property
    def table(self) -> str:
        return PROFILES[self.bron.profiel].table


def _read_all(dataset: Dataset, context: Context, source: str) -> list[_Read]:
    """Read every file; what a later delivery replaces does not count in any table."""
    order = list(PROFILES)
    tables: dict[str, pd.DataFrame] = {}
    files = dataset.bronnen.bronnen
    replaced = {bron.vervangt: bron.bestand for bron in files if bron.vervangt}
    readings = []
    for bron in sorted(files, key=lambda item: (order.index(item.profiel), item.jaar or 0)):
        known = replace(context, tables=tables)
        reading = read_source(bron, dataset.folder / bron.bestand, known, source=source)
        if bron.bestand in replaced:
            readings.append(_Read(bron, reading, replaced[bron.bestand]))
            continue
        table = PROFILES[bron.profiel].table
        seen = [tables[table]] if table in tables else []
        if table in WHOLE and seen:
            reading = _without_known(reading, tables[table], WHOLE[table])
        tables = tables | {table: pd.concat([*seen, reading.checked.accepted])}
        readings.append(_Read(bron, reading, ""))
    return readings


def _without_known(reading: Reading, known: pd.DataFrame, key: Sequence[str]) -> Reading:
    """Count rows that an earlier file of the same delivery already has as duplicates."""
    checked, columns = reading.checked, list(key)
    accepted = checked.accepted
    seen = set(known[columns].dropna().itertuples(index=False, name=None))
    again = pd.Series(
        [row in seen for row in accepted[columns].itertuples(index=False, name=None)],
        accepted.index,
        dtype=bool,
    )
    log = pd.DataFrame(
        {
            "rij": accepted.index[again],
            "kolom": ", ".join(columns),
            "waarde": [
                " | ".join(map(str, row)) for row in accepted.loc[again, columns].to_numpy()
            ],
            "toets": "dubbel",
            "regel": "elk kenmerk komt één keer voor in de hele levering",
        }
    )
    moved = replace(
        checked,
        accepted=accepted[~again],
        duplicates=pd.concat([checked.duplicates, log], ignore_index=True),
        doubles=pd.concat([checked.doubles, accepted[again]]),
    )
    return replace(reading, checked=moved)


def _write(folder: Path, readings: list[_Read], hashes: dict[str, str], key: str) -> None:
    for name in ("tabellen", "controle"):
        (folder / name).mkdir()
    current = [read for read in readings if not read.replaced_by]
    digests = {}
    tables = _stacked(current, lambda reading: reading.kept)
    if {"kerncijfers", "overgangen"} <= tables.keys():
        # once for all areas: bringing years to another division takes a second
        tables[IN_DIVISION] = to_division(tables["kerncijfers"], tables["overgangen"])
    for table, rows in tables.items():
        placed = rows.assign(**{PART: _part_of(rows)}).sort_values(PART, kind="stable")
        placed.to_parquet(
            folder / "tabellen" / f"{table}.parquet", index=False, row_group_size=ROW_GROUP
        )
        digests[table] = part_digests(placed)
    for table, rows in _stacked(current, lambda reading: reading.checked.doubles).items():
        if len(rows):
            rows.to_parquet(folder / "controle" / f"dubbel_{table}.parquet")
    for log in LOGS:
        parts = [getattr(r.reading.checked, log).assign(bestand=r.bron.bestand) for r in readings]
        pd.concat(parts, ignore_index=True).to_parquet(folder / "controle" / f"{log}.parquet")
    stands = [_stand(read) for read in readings]
    pd.concat(stands, ignore_index=True).to_parquet(folder / "controle" / "standen.parquet")
    write_json(folder / GEMEENTEN, _gemeenten(current))
    delivered = [asdict(_summary(read, hashes)) for read in readings]
    content = {"key": key, "digests": digests, "delivered": delivered}
    text = json.dumps(content, indent=1, default=str)
    (folder / SUMMARY).write_text(text, encoding="utf-8")


def _gemeenten(readings: Sequence[_Read]) -> dict[str, str]:
    """Name the gemeenten of the newest key figures; those of the boundaries without any."""
    for table in ("kerncijfers", "gebieden"):
        files = [read for read in readings if read.table == table and read.reading.gemeenten]
        years = [read.bron.jaar or read.bron.peildatum.year for read in files]
        newest = [read for read, year in zip(files, years, strict=True) if year == max(years)]
        names = {code: name for read in newest for code, name in read.reading.gemeenten.items()}
        if names:
            accepted = set().union(*(read.reading.checked.accepted["code"] for read in newest))
            return {code: name for code, name in sorted(names.items()) if code in accepted}
    return {}


def _stand(read: _Read) -> pd.DataFrame:
    reading = read.reading
    counts = stand(read.table, reading.checked.accepted, reading.first, reading.last)
    return counts.assign(bestand=read.bron.bestand)


def _part_of(rows: pd.DataFrame) -> pd.Series:
    """Return the gemeente (or NL00) of each row; empty where it has none."""
    for name in ("gemeente_code", "region_code", "code"):
        if name in rows:
            codes = rows[name].fillna(NOWHERE)
            return codes.where(codes.isin(["NL00", NOWHERE]), "GM" + codes.str[2:6])
    return pd.Series(NOWHERE, rows.index)


def part_digests(rows: pd.DataFrame) -> dict[str, str]:
    """
    Identify the rows of each gemeente by their content and order.

    Parameters
    ----------
    rows : DataFrame
        Sorted by the column `deel`; a GeoDataFrame counts its shapes too.
    """
    shapes: Any = rows
    plain = shapes.to_wkb() if "geometry" in rows else rows
    hashes = pd.util.hash_pandas_object(pd.DataFrame(plain), index=False).to_numpy()
    names, starts = np.unique(rows[PART].to_numpy(dtype=str), return_index=True)
    pieces = np.split(hashes, starts[1:])
    return {
        str(name): hashlib.sha256(piece.tobytes()).hexdigest()
        for name, piece in zip(names, pieces, strict=True)
    }


def _stacked(readings: list[_Read], part: Callable[[Reading], pd.DataFrame]) -> dict[str, Any]:
    """Put the rows of all files of a table below each other, with the file they came from."""
    by_table: dict[str, list[pd.DataFrame]] = {}
    for read in readings:
        rows = part(read.reading).assign(bestand=read.bron.bestand)
        by_table.setdefault(read.table, []).append(rows)
    return {table: pd.concat(parts, ignore_index=True) for table, parts in by_table.items()}


def _summary(read: _Read, hashes: dict[str, str]) -> Delivered:
    bron, checked = read.bron, read.reading.checked
    return Delivered(
        table=read.table,
        soort=bron.soort,
        bestand=bron.bestand,
        profiel=bron.profiel,
        bronhouder=bron.bronhouder,
        peildatum=bron.peildatum,
        privacyklasse=bron.privacyklasse,
        sha256=hashes[bron.bestand],
        first=read.reading.first,
        last=read.reading.last,
        covers_country=read.reading.covers_country,
        columns=_columns(bron, checked.accepted),
        n_read=checked.n_read,
        n_accepted=len(checked.accepted),
        n_rejected=len(checked.rejected),
        n_duplicates=len(checked.duplicates),
        rejected=_count(checked.rejected),
        emptied=_count(checked.emptied),
        notes=read.reading.notes,
        replaced_by=read.replaced_by,
    )


def _columns(bron: Bron, accepted: pd.DataFrame) -> tuple[str, ...]:
    """Name the fields that a file has: as its description maps them, else those with a value."""
    filled = [str(name) for name in accepted if accepted[name].notna().any()]
    return tuple(sorted({*bron.kolommen, *filled}))


def _count(log: pd.DataFrame) -> dict[str, int]:
    return {str(name): int(n) for name, n in log["toets"].value_counts().sort_index().items()}
