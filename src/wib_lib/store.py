"""Processed tables: what was accepted of a delivery, and what is read of it.

`data/processed/<dataset>/levering/` is the analyst's layer, written by `wib_lib.ingest`: the
accepted rows per table, every refused row with its reason, and `levering.json`: what was
delivered, when, by whom, and how the rows reconcile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wib_lib.audiences import CLASSES
from wib_lib.code import module_digests, reached
from wib_lib.errors import RunError
from wib_lib.project import TABLES, Dataset

if TYPE_CHECKING:  # a run that finds nothing changed reads no table
    import pandas as pd

# What a notebook's results rest on, beside those results.
IN_DIVISION = "kerncijfers_indeling"  # key figures of all years, in the division of the run
READ_FILE = "gelezen.json"
SUMMARY = "levering.json"
# Column by which rows are kept together: the gemeente, NL00, or nothing; and all rows of a table.
PART, ALL = "deel", "*"
# Folder of the released counts per audience and area, beside the tables.
RELEASES = "vrijgave"
NOWHERE = ""  # the part of rows without a gemeente


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

    klasse : str
        Highest privacy class that may be read; rows of a higher one are refused.

    Raises
    ------
    RunError
        When the dataset was not ingested yet.
    """

    def __init__(self, folder: Path, *, klasse: str = CLASSES[-1]) -> None:
        self.folder = folder / TABLES
        self.klasse = klasse
        self.reads: dict[str, str] = {}
        data = summary(folder)
        try:
            self.key: str = data["key"]
            self.digests: dict[str, dict[str, str]] = data["digests"]
            self._files = [_delivered(item) for item in data["delivered"]]
        except (KeyError, TypeError):  # nothing, or what another version of this library wrote
            raise RunError(
                f"dataset '{folder.name}' is nog niet ingelezen; draai eerst 01_ingest of "
                f"`wib run --dataset {folder.name} --until 01_ingest`."
            ) from None

    def apart(self) -> Store:
        """Return the same tables, with `reads` of its own."""
        other = copy(self)
        other.reads = {}
        return other

    def may_read(self, name: str) -> bool:
        """Tell whether the rows of a table are within the class that may be read."""
        allowed = CLASSES[: CLASSES.index(self.klasse) + 1]
        return all(item.privacyklasse in allowed for item in self._files if item.table == name)

    def _refuse(self, name: str) -> None:
        if not self.may_read(name):
            raise RunError(
                f"de tabel '{name}' is van een hogere privacyklasse dan {self.klasse} en is hier "
                "niet te lezen; gebruik wat is vrijgegeven."
            )

    @property
    def delivered(self) -> list[Delivered]:
        """The files that count, with how their rows reconcile."""
        self.reads["levering"] = self.state_of("levering")
        return [item for item in self._files if not item.replaced_by]

    @property
    def replaced(self) -> list[Delivered]:
        """The files that a later delivery replaces, kept to show what changed."""
        self.reads["levering"] = self.state_of("levering")
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
        import pandas as pd

        self._refuse(name)
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
        import pandas as pd

        self.reads["levering"] = self.state_of("levering")
        return pd.read_parquet(self.folder / "controle" / "standen.parquet")

    def doubles(self, table: str) -> pd.DataFrame:
        """Return the rows of a table that were delivered more than once, for gross counts."""
        import pandas as pd

        self._refuse(table)
        self.reads["levering"] = self.state_of("levering")
        path = self.folder / "controle" / f"dubbel_{table}.parquet"
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame()

    def log(self, kind: str) -> pd.DataFrame:
        """Return the rows that were refused, doubled or partly emptied, with their reason."""
        import pandas as pd

        for item in self._files:
            self._refuse(item.table)
        self.reads["levering"] = self.state_of("levering")
        return pd.read_parquet(self.folder / "controle" / f"{kind}.parquet")

    def of_table(self, table: str) -> list[Described]:
        """Return the delivered files that feed a table."""
        return [item for item in self.described if item.table == table]

    def state_of(self, read: str) -> str:
        """Return the digest that something read before has now; empty when it is not there."""
        if read == "levering":
            return digest(repr(self._files))
        if read.startswith(f"{RELEASES}/"):
            return _release_digest(self.folder.parent / f"{read}.json")
        if read == "beschrijving":
            self.described  # noqa: B018  notes itself
            return self.reads[read]
        name, _, part = read.partition("/")
        digests = self.digests.get(name, {})
        return digests.get(part, "") if part != ALL else digest(repr(sorted(digests.items())))

    def _note(self, name: str, gemeenten: Collection[str] | None) -> None:
        for part in [ALL] if gemeenten is None else gemeenten:
            self.reads[f"{name}/{part}"] = self.state_of(f"{name}/{part}")


def _release_digest(path: Path) -> str:
    """Identify what is released: the counts, not the rows that they were counted from."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    unseen = {"reads", "findings"}  # no notebook shows them
    seen = {name: value for name, value in content.items() if name not in unseen}
    return digest(json.dumps(seen, sort_keys=True))  # in any order of the cells


def summary(folder: Path) -> dict[str, Any]:
    """Return what `levering.json` of a dataset says; empty when it is not there or damaged."""
    try:
        data: dict[str, Any] = json.loads((folder / TABLES / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data


def delivery_key(dataset: Dataset, *, klassen: Sequence[str], gemeenten: Mapping[str, str]) -> str:
    """
    Identify what a delivery's tables rest on: its files, its description, and what reads them.

    Parameters
    ----------
    dataset : Dataset
    klassen : sequence of str
        Maatschappelijke klassen that count as burglary.
    gemeenten : mapping of str to str
        Gemeente codes by name.
    """
    files = {
        bron.bestand: file_hash(dataset.folder / bron.bestand) for bron in dataset.bronnen.bronnen
    }
    code = module_digests(reached(["wib_lib.ingest"]))
    said = [dataset.bronnen.model_dump_json(), list(klassen), sorted(gemeenten.items())]
    return digest(repr([said, sorted(files.items()), sorted(code.items())]))


def file_hash(path: Path) -> str:
    """SHA-256 of a file; empty when the file is not there (its reader says so)."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_json(path: Path, content: Any) -> None:
    """Write JSON as text that people can read and compare."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _delivered(item: dict[str, Any]) -> Delivered:
    days = {
        name: date.fromisoformat(item[name]) if item[name] else None
        for name in ("peildatum", "first", "last")
    }
    lists = {name: tuple(item[name]) for name in ("columns", "notes")}
    return Delivered(**(item | days | lists))
