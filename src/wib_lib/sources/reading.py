"""What every reader shares: its result, its context, and text files read as text."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from wib_lib.checks import Checked, RowCheck, check_rows
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.tables import Table, contract_checks


@dataclass(frozen=True)
class Context:
    """
    What readers need besides their file.

    Parameters
    ----------
    klassen : sequence of str
        Maatschappelijke klassen that count as burglary.
    tables : mapping of str to DataFrame
        Accepted rows of what was read before, by table.
    """

    klassen: Sequence[str]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def known_gemeenten(self) -> frozenset[str]:
        """Gemeente codes in the delivery's own key figures; empty when it has none."""
        if "kerncijfers" not in self.tables:
            return frozenset()
        codes = self.tables["kerncijfers"]["code"]
        return frozenset(codes[codes.str.startswith("GM")])


@dataclass(frozen=True)
class Reading:
    """Checked rows, the days they cover, and whether they cover the whole country."""

    checked: Checked
    first: date | None = None
    last: date | None = None
    covers_country: bool = False


Reader = Callable[[Bron, Path, Context], Reading]


@dataclass(frozen=True)
class Profile:
    """A table, the kinds of source that feed it, and the reader."""

    table: str
    kinds: tuple[str, ...]
    reader: Reader


def read_text(bron: Bron, path: Path) -> pd.DataFrame:
    """
    Read a delimited file as text, without guessing types.

    Returns
    -------
    DataFrame of str
        Index is the row number in the file; the header is row 1.

    Raises
    ------
    DeliveryError
        When the encoding is undeclared or wrong, or a row has too many fields.
    """
    encoding = bron.codering or "utf-8-sig"
    try:
        text = path.read_bytes().decode(encoding)
    except LookupError:
        raise DeliveryError(
            f"{bron.bestand}: codering '{bron.codering}' in bronnen.yaml bestaat niet; "
            "gebruik bijvoorbeeld utf-8 of cp1252."
        ) from None
    except UnicodeDecodeError as problem:
        row = problem.object[: problem.start].count(b"\n") + 1
        declared = f"niet in {bron.codering}" if bron.codering else "niet in UTF-8"
        raise DeliveryError(
            f"{bron.bestand}: rij {row} is {declared} geschreven; zet de juiste codering bij dit "
            "bestand in bronnen.yaml, bijvoorbeeld codering: cp1252."
        ) from None
    header = next((line for line in text.splitlines() if line.strip()), "")
    if not header:
        raise DeliveryError(
            f"{bron.bestand}: het bestand is leeg; vraag {bron.bronhouder} om een nieuwe levering."
        )
    return _to_frame(bron, text, bron.scheiding or max(";,\t", key=header.count))


def _to_frame(bron: Bron, text: str, separator: str) -> pd.DataFrame:
    """
    Split text into fields.

    A row with too many fields is shifted and refuses the file; in a row with too few the last
    fields are blank, and the contract judges what is missing.
    """
    rows = list(_records(bron, text, separator))
    header = [name.strip() for name in rows[0][1]]
    long = next((row for row in rows if len(row[1]) > len(header)), None)
    if long:
        raise DeliveryError(
            f"{bron.bestand}: rij {long[0]} heeft meer velden dan de kop ({len(long[1])} en "
            f"{len(header)}); controleer die rij en het scheidingsteken {separator!r}."
        )
    width = len(header)
    fields = [[*values, *[""] * (width - len(values))] for _, values in rows[1:]]
    numbers = pd.Index([number for number, _ in rows[1:]], dtype="int64")
    return pd.DataFrame(fields, numbers, header, dtype="str")


def _records(bron: Bron, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and fields of every row that is not blank."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    first = 1
    try:
        for fields in lines:
            if any(field.strip() for field in fields):
                yield lines.line_num, fields
            first = lines.line_num + 1
    except csv.Error:
        raise DeliveryError(
            f"{bron.bestand}: rij {first} heeft een aanhalingsteken dat niet sluit of midden in een "
            "veld staat; haal het weg of laat het bestand opnieuw maken."
        ) from None


def pick(
    bron: Bron,
    frame: pd.DataFrame,
    columns: Mapping[str, str | Sequence[str]],
    table: Table,
    *,
    derived: Sequence[str] = (),
) -> pd.DataFrame:
    """
    Take and rename columns; a list of columns is joined by a space (date and time).

    Parameters
    ----------
    derived : sequence of str
        Required columns that the reader fills in itself.

    Raises
    ------
    DeliveryError
        When a named column is not in the file, a name is not in the contract, or a required
        column has no mapping.
    """
    unknown = [name for name in columns if name not in table.names]
    unmapped = [name for name in table.required if name not in {*columns, *derived}]
    if unknown or unmapped:
        wrong, why = (unknown, "is onbekend") if unknown else (unmapped, "heeft geen kolom")
        raise DeliveryError(
            f"bronnen.yaml, {bron.bestand}: veld '{wrong[0]}' {why}; "
            f"velden van {table.name}: {', '.join(table.names)}."
        )
    picked = {}
    for name, source in columns.items():
        parts = [source] if isinstance(source, str) else list(source)
        for part in parts:
            if part not in frame:
                raise DeliveryError(
                    f"{bron.bestand}: kolom '{part}' (voor {name}) ontbreekt; aanwezig: "
                    f"{', '.join(frame.columns)}. Pas het bestand of 'kolommen' in bronnen.yaml aan."
                )
            if frame.columns.tolist().count(part) > 1:
                raise DeliveryError(
                    f"{bron.bestand}: kolom '{part}' (voor {name}) komt meer dan eens voor; geef "
                    "elke kolom een eigen kop."
                )
        first, others = frame[parts[0]], frame[parts[1:]]
        picked[name] = first.str.cat(others, sep=" ").str.strip() if parts[1:] else first
    return pd.DataFrame(picked, index=frame.index)


def check_table(
    raw: pd.DataFrame,
    typed: pd.DataFrame,
    table: Table,
    *,
    scope: Sequence[RowCheck] = (),
    extra: Sequence[RowCheck] = (),
    optional: Sequence[str] = (),
) -> Checked:
    """
    Apply `scope` (what the file holds besides burglary), the contract, then `extra`.

    `optional` names required columns that this profile may leave empty.
    """
    contract = [
        check
        for check in contract_checks(raw, table)
        if check.empties or check.columns[0] not in optional
    ]
    return check_rows(typed, raw, [*scope, *contract, *extra], key=table.key)
