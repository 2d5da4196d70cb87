"""Processed tables: a delivery is read once, checked, and kept as Parquet beside its reasons.

`data/processed/<dataset>/levering/` is the analyst's layer. It holds the accepted rows per table, every
refused row with its reason, and `levering.json`: what was delivered, when, by whom, and how the
rows reconcile. A delivery that did not change is not read again.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError, RunError
from wib_lib.landing import landing, sole_writer
from wib_lib.project import Dataset
from wib_lib.sources import PROFILES, profile_of, read_source
from wib_lib.sources.reading import Context, Reading
from wib_lib.vintages import stand

# Modules that decide what is accepted: a change in one of them means reading again.
READERS = ("checks", "codes", "delivery", "periods", "screening", "store")
# Folder of the tables within `data/processed/<dataset>`, beside the results.
TABLES = "levering"
# Column by which rows are kept together: the gemeente, NL00, or nothing; and all rows of a table.
PART, ALL = "deel", "*"
ROW_GROUP = 20_000
# Tables of which every delivery is kept, so that what a later one changes can be shown.
COUNTED = ("incidenten", "aantallen")
LOGS = ("rejected", "duplicates", "emptied")


@dataclass(frozen=True)
class Described:
    """What a reader is told of a delivered file."""

    table: str
    soort: str
    bestand: str
    profiel: str
    bronhouder: str
    peildatum: date
    privacyklasse: str
    first: date | None
    last: date | None
    covers_country: bool
    columns: tuple[str, ...]  # fields that the file has, filled or not


@dataclass(frozen=True)
class Delivered(Described):
    """One delivered file, as reconciled: n_read = n_accepted + n_rejected + n_duplicates."""

    sha256: str
    n_read: int
    n_accepted: int
    n_rejected: int
    n_duplicates: int
    rejected: dict[str, int]
    emptied: dict[str, int]
    notes: tuple[str, ...] = ()
    replaced_by: str = ""


class Store:
    """
    Processed tables of one dataset.

    What is read is remembered in `reads`, with a digest of it, so that a result knows on which
    part of a delivery it rests.

    Parameters
    ----------
    folder : Path
        `data/processed/<dataset>`.

    Raises
    ------
    RunError
        When the dataset was not ingested yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / TABLES
        summary = self.folder / "levering.json"
        if not summary.is_file():
            raise RunError(
                f"dataset '{folder.name}' is nog niet ingelezen; draai eerst 01_ingest of "
                f"`wib run --dataset {folder.name} --until 01_ingest`."
            )
        data = json.loads(summary.read_text(encoding="utf-8"))
        self.key: str = data["key"]
        self.digests: dict[str, dict[str, str]] = data["digests"]
        self.reads: dict[str, str] = {}
        self._files = [_delivered(item) for item in data["delivered"]]

    @property
    def delivered(self) -> list[Delivered]:
        """The files that count, with how their rows reconcile."""
        self.reads["levering"] = self.key
        return [item for item in self._files if not item.replaced_by]

    @property
    def replaced(self) -> list[Delivered]:
        """The files that a later delivery replaces, kept to show what changed."""
        self.reads["levering"] = self.key
        return [item for item in self._files if item.replaced_by]

    @property
    def described(self) -> list[Described]:
        """What a reader is told of the files that count."""
        names = [field.name for field in fields(Described)]
        files = [item for item in self._files if not item.replaced_by]
        found = [Described(**{name: getattr(item, name) for name in names}) for item in files]
        self.reads["beschrijving"] = digest(repr(found))
        return found

    def table(self, name: str, gemeenten: Collection[str] | None = None) -> pd.DataFrame | None:
        """
        Return a table, or None when nothing that feeds it was delivered.

        Parameters
        ----------
        name : str
        gemeenten : collection of str, optional
            Only rows of these gemeenten (or NL00); all rows without it.
        """
        self._note(name, gemeenten)
        path = self.folder / "tabellen" / f"{name}.parquet"
        if not path.is_file():
            return None
        chosen = None if gemeenten is None else [(PART, "in", sorted(gemeenten))]
        return pd.read_parquet(path, filters=chosen).drop(columns=PART)

    def parts(self, name: str) -> frozenset[str]:
        """Return the gemeenten (and NL00) of which a table has rows."""
        self._note(name, None)
        return frozenset(self.digests.get(name, {}))

    def areas(self, gemeente_code: str) -> Any:
        """Return the boundaries within one gemeente as a GeoDataFrame (m, EPSG:28992), or None."""
        self._note("gebieden", [gemeente_code])
        path = self.folder / "tabellen" / "gebieden.parquet"
        if not path.is_file():
            return None
        import geopandas as gpd

        shapes = gpd.read_parquet(path, filters=[("gemeente_code", "==", gemeente_code)])
        return shapes.drop(columns=PART)

    def stands(self) -> pd.DataFrame:
        """Return counts as known at each delivery; see `wib_lib.vintages.stand`."""
        self.reads["levering"] = self.key
        return pd.read_parquet(self.folder / "controle" / "standen.parquet")

    def doubles(self, table: str) -> pd.DataFrame:
        """Return the rows of a table that were delivered more than once, for gross counts."""
        self.reads["levering"] = self.key
        path = self.folder / "controle" / f"dubbel_{table}.parquet"
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame()

    def log(self, kind: str) -> pd.DataFrame:
        """Return the rows that were refused, doubled or partly emptied, with their reason."""
        self.reads["levering"] = self.key
        return pd.read_parquet(self.folder / "controle" / f"{kind}.parquet")

    def of_table(self, table: str) -> list[Described]:
        """Return the delivered files that feed a table."""
        return [item for item in self.described if item.table == table]

    def state_of(self, read: str) -> str:
        """Return the digest that something read before has now; empty when it is not there."""
        if read == "levering":
            return self.key
        if read == "beschrijving":
            self.described  # noqa: B018  notes itself
            return self.reads[read]
        name, _, part = read.partition("/")
        digests = self.digests.get(name, {})
        return digests.get(part, "") if part != ALL else digest(repr(sorted(digests.items())))

    def _note(self, name: str, gemeenten: Collection[str] | None) -> None:
        for part in [ALL] if gemeenten is None else gemeenten:
            self.reads[f"{name}/{part}"] = self.state_of(f"{name}/{part}")


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
    source = f"{dataset.name}/bronnen.yaml"
    for bron in dataset.bronnen.bronnen:
        profile_of(bron, source=source)
    hashes = {
        bron.bestand: file_hash(dataset.folder / bron.bestand) for bron in dataset.bronnen.bronnen
    }
    _refuse_other_bytes(dataset.bronnen.bronnen, hashes)
    names = dict(gemeenten or {})
    key = _key([dataset.bronnen.model_dump_json(), *klassen, str(sorted(names.items())),
                *sorted(map(str, hashes.items()))])  # fmt: skip
    if (folder / TABLES / "levering.json").is_file() and Store(folder).key == key:
        return Store(folder)
    if not dataset.bronnen.fictief:
        _refuse_overwritten(dataset.bronnen.bronnen, hashes, folder)
    readings = _read_all(dataset, Context(klassen, {}, names), source)
    with sole_writer(folder), landing(folder / TABLES) as fresh:
        _write(fresh, readings, hashes, key)
    return Store(folder)


def file_hash(path: Path) -> str:
    """SHA-256 of a file; empty when the file is not there (its reader says so)."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
    if not (folder / TABLES / "levering.json").is_file():
        return
    known = {item.bestand: item for item in Store(folder)._files}
    for bron in bronnen:
        old = known.get(bron.bestand)
        counted = PROFILES[bron.profiel].table in COUNTED
        if (
            old
            and counted
            and old.peildatum == bron.peildatum
            and old.sha256 != hashes[bron.bestand]
        ):
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
    for bron in sorted(files, key=lambda item: order.index(item.profiel)):
        known = replace(context, tables=tables)
        reading = read_source(bron, dataset.folder / bron.bestand, known, source=source)
        if bron.bestand in replaced:
            readings.append(_Read(bron, reading, replaced[bron.bestand]))
            continue
        table = PROFILES[bron.profiel].table
        seen = [tables[table]] if table in tables else []
        if table == "incidenten" and seen:
            reading = _without_known(reading, tables[table]["incident_id"])
        tables = tables | {table: pd.concat([*seen, reading.checked.accepted])}
        readings.append(_Read(bron, reading, ""))
    return readings


def _without_known(reading: Reading, known: pd.Series) -> Reading:
    """Count incidents that an earlier file of the same delivery already has as duplicates."""
    checked = reading.checked
    again = checked.accepted["incident_id"].isin(known)
    log = pd.DataFrame(
        {
            "rij": checked.accepted.index[again],
            "kolom": "incident_id",
            "waarde": checked.accepted.loc[again, "incident_id"].to_numpy(),
            "toets": "dubbel",
            "regel": "elk kenmerk komt één keer voor in de hele levering",
        }
    )
    moved = replace(
        checked,
        accepted=checked.accepted[~again],
        duplicates=pd.concat([checked.duplicates, log], ignore_index=True),
        doubles=pd.concat([checked.doubles, checked.accepted[again]]),
    )
    return replace(reading, checked=moved)


def _write(folder: Path, readings: list[_Read], hashes: dict[str, str], key: str) -> None:
    for name in ("tabellen", "controle"):
        (folder / name).mkdir()
    current = [read for read in readings if not read.replaced_by]
    digests = {}
    for table, rows in _stacked(current, "accepted").items():
        placed = rows.assign(**{PART: _part_of(rows)}).sort_values(PART, kind="stable")
        placed.to_parquet(
            folder / "tabellen" / f"{table}.parquet", index=False, row_group_size=ROW_GROUP
        )
        digests[table] = part_digests(placed)
    for table, rows in _stacked(current, "doubles").items():
        if len(rows):
            rows.to_parquet(folder / "controle" / f"dubbel_{table}.parquet")
    for log in LOGS:
        parts = [getattr(r.reading.checked, log).assign(bestand=r.bron.bestand) for r in readings]
        pd.concat(parts, ignore_index=True).to_parquet(folder / "controle" / f"{log}.parquet")
    stands = [_stand(read) for read in readings]
    pd.concat(stands, ignore_index=True).to_parquet(folder / "controle" / "standen.parquet")
    delivered = [asdict(_summary(read, hashes)) for read in readings]
    content = {"key": key, "digests": digests, "delivered": delivered}
    text = json.dumps(content, indent=1, default=str)
    (folder / "levering.json").write_text(text, encoding="utf-8")


def _stand(read: _Read) -> pd.DataFrame:
    reading = read.reading
    counts = stand(read.table, reading.checked.accepted, reading.first, reading.last)
    return counts.assign(bestand=read.bron.bestand)


def _part_of(rows: pd.DataFrame) -> pd.Series:
    """Return the gemeente (or NL00) of each row; empty where it has none."""
    for name in ("gemeente_code", "region_code", "code"):
        if name in rows:
            codes = rows[name].fillna("")
            return codes.where(codes.eq("NL00") | codes.eq(""), "GM" + codes.str[2:6])
    return pd.Series("", rows.index)


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


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _stacked(readings: list[_Read], part: str) -> dict[str, Any]:
    """Put the rows of all files of a table below each other, with the file they came from."""
    by_table: dict[str, list[pd.DataFrame]] = {}
    for read in readings:
        rows = getattr(read.reading.checked, part).assign(bestand=read.bron.bestand)
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


def _delivered(item: dict[str, Any]) -> Delivered:
    days = {
        name: date.fromisoformat(item[name]) if item[name] else None
        for name in ("peildatum", "first", "last")
    }
    lists = {name: tuple(item.get(name, ())) for name in ("columns", "notes")}
    return Delivered(**(item | days | lists))


def _key(parts: Iterable[str]) -> str:
    """Identify what was read and by which code: the readers' source is part of it."""
    library = Path(__file__).parent
    code = sorted(
        [
            *(library / f"{name}.py" for name in READERS),
            *library.glob("sources/*.py"),
            *library.glob("tables/*.py"),
        ]
    )
    digest = hashlib.sha256()
    for text in [*parts, *(path.read_text(encoding="utf-8") for path in code)]:
        digest.update(text.encode())
    return digest.hexdigest()
