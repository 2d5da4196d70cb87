"""What a pack holds as data, read back and checked: key figures, manifest, sentences.

Only what a comparison rests on is checked; a file may say more than this version knows.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from wib_lib.errors import RunError
from wib_lib.validation import Model, validated

KEY_FILE, MANIFEST, CLAIMS_FILE = "kerncijfers.json", "manifest.json", "uitspraken.json"
WORD_FILE = "evaluatie.docx"


class Read(BaseModel):
    """Base of what is read back: only what a comparison needs is checked, more is allowed."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


class KeyFile(Read):
    """The parts of `kerncijfers.json` that a comparison rests on."""

    class Place(Read):
        """The area that was evaluated."""

        naam: str

    class Goal(Read):
        """A goal, known by its id."""

        id: str

    class Series(Read):
        """Counts of earlier windows."""

        labels: list[str]
        aantal: list[float | None]

        @model_validator(mode="after")
        def same_length(self) -> "KeyFile.Series":
            """Refuse labels without a count, and counts without a label."""
            if len(self.labels) != len(self.aantal):
                raise ValueError("labels en aantal zijn niet even lang")
            return self

    gemeente: Place
    dataset: str
    audience: str
    fictief: bool
    doelen: list[Goal] = []
    reeks: Series | None = None


class Manifest(Read):
    """The parts of `manifest.json` that a comparison rests on."""

    class Input(Read):
        """A delivered file."""

        bestand: str
        sha256: str | None = None  # a published manifest has that of public files only
        peildatum: str

    gestart: datetime | None = None  # a bundle leaves the times out
    parameters: dict[str, Any]
    invoer: list[Input]
    pakketten: dict[str, str | None]
    gemaakt_van: dict[str, dict[str, str]] = {}


class Sentence(Read):
    """A claim as it was saved."""

    key: str
    sentence: str


class Claims(RootModel[dict[str, list[Sentence]]]):
    """Claims per notebook."""


@dataclass(frozen=True)
class Pack:
    """
    One area's pack as data.

    Parameters
    ----------
    slug, name : str
        Name of its folder, and of the area.
    started : datetime or None
        When its run began, UTC; None for a pack from a bundle.
    key_file, manifest : mapping
    claims : mapping or None
        Notebook to its claims; None where they were not kept.
    """

    slug: str
    name: str
    started: datetime | None
    key_file: Mapping[str, Any]
    manifest: Mapping[str, Any]
    claims: Mapping[str, Any] | None


def read_pack(folder: Path, shown: str) -> Pack:
    """
    Read the JSON files of a pack, and its sentences when they are in the same folder.

    Parameters
    ----------
    folder : Path
    shown : str
        What the folder is called in a message.

    Raises
    ------
    RunError
        One Dutch sentence when a file is missing or damaged.
    """
    key_file, said = _read(folder / KEY_FILE, KeyFile, shown)
    manifest, made = _read(folder / MANIFEST, Manifest, shown)
    has_claims = (folder / CLAIMS_FILE).is_file()
    claims = _read(folder / CLAIMS_FILE, Claims, shown)[0] if has_claims else None
    started = made.gestart and made.gestart.astimezone(UTC)
    return Pack(folder.name, said.gemeente.naam, started, key_file, manifest, claims)


def _read(path: Path, model: type[Model], shown: str) -> tuple[dict[str, Any], Model]:
    """
    Read JSON that a run wrote, as it is and as checked.

    Raises
    ------
    RunError
        When the file is not there, no JSON, or not what a run writes.
    """
    shown = f"{shown}/{path.name}"
    again = "maak het pakket opnieuw met `wib run --force`, of kies een andere run"
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError:
        raise RunError(f"{shown} ontbreekt of is niet te lezen; {again}.") from None
    except ValueError:
        raise RunError(f"{shown} is beschadigd: geen geldige JSON; {again}.") from None
    if not isinstance(data, dict):  # not repeated in the message: it may be any file
        raise RunError(f"{shown} is beschadigd: verwacht sleutels met waarden; {again}.")
    return data, validated(model, data, source=shown, error=RunError)


def _refuse(constant: str) -> float:
    raise ValueError(constant)  # NaN and Infinity are no figures
