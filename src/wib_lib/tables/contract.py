"""What a contract says of a table: its columns, kinds, units, code lists, owner and class.

A reader turns a file into text columns with these names; `wib_lib.tables.parsing` gives them
their types. Names and meaning follow the project's requirements register (DS-01 to DS-30).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from wib_lib.errors import TableError
from wib_lib.screening import plain_name

Kind = Literal[
    "code",  # an identifier or short code, kept as written
    "text",  # free text, searched for traces of people
    "word",  # one of `choices`, or any word in lower case when there are none
    "pseudonym",  # keyed hash made by the owner: never an address or a name
    "place",  # a GM, WK or BU code where there is one, else the name that people use
    "region",
    "gemeente",
    "wijk",
    "buurt",
    "day",
    "first_day",  # a day, or the Monday of a week
    "last_day",  # a day, or the Sunday of a week
    "moment",
    "period",  # 2018 or 2018-01/2018-12
    "flag",
    "count",
    "guarded",  # a count that its owner may have suppressed: "<5"
    "number",
    "euro",
]


@dataclass(frozen=True)
class Column:
    """
    One column of a contract.

    Parameters
    ----------
    name : str
        Name in the processed table.
    kind : Kind
    meaning : str
        What it holds, with its unit. Dutch: it is the help text of a form.
    required : bool
        A row without it is rejected.
    minimum, maximum : float, optional
        Values outside are unreadable.
    check : str
        What a broken required field is called in the counts; a broken optional field is
        emptied under `<name>_onleesbaar`.
    label : str
        Header in a form; the name when empty.
    aliases : tuple of str
        Other headers under which it is found.
    choices : mapping of str to tuple of str
        Code list of a word, with other spellings per code, the first as a form shows it; empty
        for an open list.
    at_most : str
        A column that this one is a part of, and cannot exceed.
    example : str
        A filled-in value, shown in a form.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    check: str = ""
    label: str = ""
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    example: str = ""
    at_most: str = ""

    @property
    def header(self) -> str:
        """Header that people see."""
        return self.label or self.name

    @property
    def headings(self) -> frozenset[str]:
        """Headings under which the column is found."""
        return frozenset(map(heading, (self.name, self.header, *self.aliases)))

    @property
    def shown(self) -> dict[str, str]:
        """Choices as a form shows them, by code."""
        return {code: names[0] if names else code for code, names in self.choices.items()}


@dataclass(frozen=True)
class Table:
    """
    A contract: the columns of a table, those that identify a row, whose it is and its class.

    `owner` is who can deliver it; `privacy` is V0 (public) to V3 (analyst only).
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    owner: str = ""
    privacy: str = "V1"

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns that a delivery must have."""
        return [column.name for column in self.columns if column.required]


def heading(header: str) -> str:
    """
    Bring a header to the form in which headers are compared: no marks, remarks or capitals.

    Examples
    --------
    >>> heading("Gericht op *"), heading("Periode van (verplicht)"), heading("GERICHT_OP")
    ('gericht_op', 'periode_van', 'gericht_op')
    """
    return plain_name(re.sub(r"\([^)]*\)", " ", header))


def require_columns(frame: pd.DataFrame, columns: list[str], *, name: str) -> None:
    """
    Refuse a table that lacks columns an analysis needs.

    Raises
    ------
    TableError
        Naming the missing columns.
    """
    missing = [column for column in columns if column not in frame]
    if missing:
        raise TableError(f"{name}: column {', '.join(missing)} is missing")
