"""Delivered files as text: delimited files, workbooks and OData answers, one frame for all.

Every cell is text and the index is the row number in the file, so that a refused row can be
found again. No type is guessed here: that is the contract's work.
"""

import csv
import json
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.sources.workbook import WORKBOOKS, Sheet, below_title, read_workbook

# Rows are turned into columns in blocks, so that a large extract never exists twice as text.
BLOCK = 20_000


def read_table(bron: Bron, path: Path, expected: Collection[str] = ()) -> pd.DataFrame:
    """
    Read a file as text, without guessing types.

    Parameters
    ----------
    bron : Bron
        Its description.
    path : Path
        A delimited file, a workbook (xlsx, xlsm, xls, ods), or an OData answer (json).
    expected : collection of str
        Headers that the profile knows: in a workbook the header is the row that has most of them.

    Returns
    -------
    DataFrame of str
        Index is the row number in the file; the header of a delimited file is row 1.

    Raises
    ------
    DeliveryError
        One Dutch sentence when the file cannot be read as a table.
    """
    if path.suffix.lower() in WORKBOOKS:
        return read_workbook(bron, path, expected).frame
    if path.suffix.lower() == ".json":
        return _read_odata(bron, path)
    return _read_delimited(bron, path)


def read_sheet(bron: Bron, path: Path, expected: Collection[str]) -> Sheet:
    """
    Read a file that people made by hand: the header may stand below a title.

    Takes and raises what `read_table` does; the result also holds what stands above the header.
    """
    if path.suffix.lower() in WORKBOOKS:
        return read_workbook(bron, path, expected)
    return below_title(read_table(bron, path, expected), expected)


def _read_delimited(bron: Bron, path: Path) -> pd.DataFrame:
    text = _decoded(bron, path)  # refuses a wrong encoding before anything is read
    found = re.search(r"^.*\S.*$", text, re.MULTILINE)
    if found is None:
        raise DeliveryError(
            f"{bron.bestand}: het bestand is leeg; vraag {bron.bronhouder} om een nieuwe levering."
        )
    separator = bron.scheiding or max(";,\t", key=found[0].count)
    quick = _read_regular(text, separator)
    if quick is not None:
        return quick
    with path.open(encoding=bron.codering or "utf-8-sig", newline="") as stream:
        return _to_frame(bron, stream, separator)


def _read_regular(text: str, separator: str) -> pd.DataFrame | None:
    """
    Split text of which every line is one whole row; None where a row needs a closer look.

    Six times as fast as field by field, which is left for files with quotes, blank lines or rows
    of another width: those decide on row numbers and on what is refused.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    if '"' in text or text.count("\r") != text.count("\r\n"):
        return None
    first, _, body = text.partition("\n")
    names = first.rstrip("\r").split(separator)
    places = [str(place) for place in range(len(names))]  # headers may be blank or double
    try:
        table = arrow.read_csv(
            pa.BufferReader(body.encode()),
            read_options=arrow.ReadOptions(column_names=places),
            parse_options=arrow.ParseOptions(
                delimiter=separator, quote_char=False, ignore_empty_lines=False
            ),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(places, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    frame = _frame([name.strip() for name in names], table.columns, range(2, table.num_rows + 2))
    bare = frame.iloc[:, 0].str.strip().eq("")
    empty = [row for row in frame.index[bare] if not "".join(frame.loc[row]).strip()]
    return frame.drop(index=empty) if empty else frame


def _decoded(bron: Bron, path: Path) -> str:
    try:
        return path.read_bytes().decode(bron.codering or "utf-8-sig")
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


def _to_frame(bron: Bron, stream: Iterable[str], separator: str) -> pd.DataFrame:
    """
    Split text into fields.

    A row with too many fields is shifted and refuses the file; in a row with too few the last
    fields are blank, and the contract judges what is missing.
    """
    import pyarrow as pa

    rows = _records(bron, stream, separator)
    _, first = next(rows)
    header = [name.strip() for name in first]
    numbers: list[int] = []
    blocks: list[list[Any]] = [[] for _ in header]
    while block := list(islice(rows, BLOCK)):
        long = next((row for row in block if len(row[1]) > len(header)), None)
        if long:
            raise DeliveryError(
                f"{bron.bestand}: rij {long[0]} heeft meer velden dan de kop ({len(long[1])} en "
                f"{len(header)}); controleer die rij en het scheidingsteken {separator!r}."
            )
        numbers += [number for number, _ in block]
        _add_block(blocks, [values for _, values in block])
    joined = [pa.chunked_array(parts, pa.large_string()) for parts in blocks]
    return _frame(header, joined, numbers)


def _add_block(blocks: list[list[Any]], rows: list[list[str]]) -> None:
    """Turn rows into one compact text array per column; short rows get blanks."""
    import pyarrow as pa

    width = len(blocks)
    full = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
    for column, values in zip(blocks, zip(*full, strict=True), strict=True):
        column.append(pa.array(values, pa.large_string()))


def _frame(header: list[str], columns: list[Any], numbers: list[int] | range) -> pd.DataFrame:
    made = [pd.Series(pd.array(column, dtype="str")) for column in columns]
    frame = pd.concat(made, axis=1) if made else pd.DataFrame()
    frame.columns = pd.Index(header)
    frame.index = pd.Index(numbers, dtype="int64")
    return frame


def _records(bron: Bron, stream: Iterable[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and fields of every row that is not blank."""
    lines = csv.reader(stream, delimiter=separator, strict=True)
    first = 1
    try:
        for fields in lines:
            if "".join(fields).strip():
                yield lines.line_num, fields
            first = lines.line_num + 1
    except csv.Error:
        raise DeliveryError(
            f"{bron.bestand}: rij {first} heeft een aanhalingsteken dat niet sluit of midden in een "
            "veld staat; haal het weg of laat het bestand opnieuw maken."
        ) from None


def _read_odata(bron: Bron, path: Path) -> pd.DataFrame:
    """Read the records of an OData answer: {"value": [{column: value}, ...]}."""
    try:
        records = json.loads(_decoded(bron, path))["value"]
        frame = pd.DataFrame.from_records(records)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DeliveryError(
            f'{bron.bestand}: dit is geen antwoord van OData (verwacht {{"value": [...]}}); '
            "haal het bestand opnieuw op."
        ) from None
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame.map(_odata_text).astype("str")


def _odata_text(value: Any) -> str:
    """Write a JSON value as its source prints it; null is blank, 12.0 is 12."""
    if pd.isna(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
