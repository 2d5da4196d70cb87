"""What every reader shares: its result, its context, columns picked and rows checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from wib_lib.checks import Checked, RowCheck, check_rows
from wib_lib.codes import normalise_region
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.screening import person_columns
from wib_lib.tables import Notation, Table, contract_checks


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
    gemeenten : mapping of str to str
        Gemeente codes by name, for files that write names.
    """

    klassen: Sequence[str]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    gemeenten: Mapping[str, str] = field(default_factory=dict)

    def notation(self, bron: Bron, *dates: str) -> Notation:
        """How a file writes things: as `bronnen.yaml` says, else days in the formats of `dates`."""
        chosen = (bron.datumnotatie,) if bron.datumnotatie else dates or ("%d-%m-%Y",)
        return Notation(chosen, bron.jaar, self.gemeenten)

    def known_gemeenten(self) -> frozenset[str]:
        """Gemeente codes in the delivery's own key figures; empty when it has none."""
        if "kerncijfers" not in self.tables:
            return frozenset()
        codes = self.tables["kerncijfers"]["code"]
        return frozenset(codes[codes.str.startswith("GM")])


@dataclass(frozen=True)
class Reading:
    """
    Checked rows, the days they cover, and whether they cover the whole country.

    `notes` are Dutch sentences on what was passed over without being a row, such as a column
    that no contract knows. `aggregate` is what the store keeps instead of the accepted rows, of
    a source whose rows may not be kept (addresses); later readers still see the rows. `gemeenten`
    are the names of the gemeenten of the file, by code.
    """

    checked: Checked
    first: date | None = None
    last: date | None = None
    covers_country: bool = False
    notes: tuple[str, ...] = ()
    aggregate: pd.DataFrame | None = None
    gemeenten: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> pd.DataFrame:
        """Rows for the processed table."""
        return self.checked.accepted if self.aggregate is None else self.aggregate


def gemeenten_named(codes: pd.Series, names: pd.Series | None) -> dict[str, str]:
    """
    Return the gemeenten among regions with their names; the code where there is no name.

    Examples
    --------
    >>> gemeenten_named(pd.Series(["GM0513 ", "WK051301"]), pd.Series(["Gouda ", "Binnenstad"]))
    {'GM0513': 'Gouda'}
    """
    full = normalise_region(codes)
    own = full[full.str.startswith("GM").fillna(False).astype(bool)]
    given = pd.Series(index=own.index, dtype="str") if names is None else names.str.strip()
    said = given.reindex(own.index).replace("", None).fillna(own)
    return dict(zip(own.tolist(), said.tolist(), strict=True))


Reader = Callable[[Bron, Path, Context], Reading]


@dataclass(frozen=True)
class Profile:
    """A table, the kinds of source that feed it, and the reader."""

    table: str
    kinds: tuple[str, ...]
    reader: Reader


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
        When the file has columns with personal data, a named column is not in the file, a name
        is not in the contract, or a required column has no mapping.
    """
    keys = {
        part for name, parts in columns.items() for part in listed(parts) if _is_key(table, name)
    }
    refuse_persons(bron, [name for name in frame.columns if name not in keys], table)
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
        parts = listed(source)
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
    return _translated(bron, pd.DataFrame(picked, index=frame.index))


def listed(source: str | Sequence[str]) -> list[str]:
    """Return the columns that a mapping names, as a list."""
    return [source] if isinstance(source, str) else list(source)


def _is_key(table: Table, name: str) -> bool:
    """Tell whether a column is read as a pseudonym: its content is checked, whatever its header."""
    return name in table.names and table[name].kind == "pseudonym"


def refuse_persons(bron: Bron, headers: Sequence[str], table: Table) -> None:
    """
    Refuse a file of which a column holds persons or addresses, whether it is read or not.

    Raises
    ------
    DeliveryError
        Naming the columns, never their content.
    """
    persons = [] if table.privacy == "V0" else person_columns(headers)
    if persons:
        raise DeliveryError(
            f"{bron.bestand}: kolom '{persons[0]}' is een persoonsgegeven of adres en mag niet in "
            f"de levering; vraag {bron.bronhouder} om een bestand zonder {', '.join(persons)}."
        )


def _translated(bron: Bron, raw: pd.DataFrame) -> pd.DataFrame:
    """Replace the file's own words by the contract's, as `waarden` says."""
    for name, words in bron.waarden.items():
        if name not in raw:
            raise DeliveryError(
                f"bronnen.yaml, {bron.bestand}: 'waarden' noemt veld '{name}', dat niet onder "
                f"kolommen staat; aanwezig: {', '.join(raw.columns)}."
            )
        lower = {word.strip().lower(): meaning for word, meaning in words.items()}
        plain = raw[name].str.strip()
        raw[name] = plain.str.lower().map(lower).astype("str").fillna(plain)
    return raw


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
