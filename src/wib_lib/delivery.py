"""How a delivery describes itself: the `bronnen.yaml` beside its files."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wib_lib.errors import DeliveryError
from wib_lib.validation import Strict, validated

PrivacyClass = Literal["V0", "V1", "V2", "V3"]


class Periode(Strict):
    """First and last day that a delivery covers."""

    van: date
    tot: date

    @model_validator(mode="after")
    def _runs_forward(self) -> "Periode":
        if self.tot < self.van:
            raise ValueError("'tot' ligt voor 'van'")
        return self


class Bron(Strict):
    """One file of a delivery."""

    soort: str
    bestand: str
    profiel: str
    bronhouder: str
    peildatum: date
    privacyklasse: PrivacyClass
    codering: str | None = None
    scheiding: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    datumnotatie: str | None = None
    periode: Periode | None = None
    jaar: int | None = None
    kolommen: dict[str, str | Annotated[tuple[str, ...], Field(min_length=1)]] = {}


class Bronnen(Strict):
    """A delivery: its name, its files and what it imposes on a run."""

    naam: str
    fictief: bool
    parameters: dict[str, Any] = {}
    bronnen: tuple[Bron, ...]

    @model_validator(mode="after")
    def _has_sources(self) -> "Bronnen":
        if not self.bronnen:
            raise ValueError("noem onder bronnen minstens één bestand")
        files = [bron.bestand for bron in self.bronnen]
        twice = next((file for file in files if files.count(file) > 1), None)
        if twice:
            raise ValueError(f"bestand {twice} staat er meer dan eens in")
        return self


def read_bronnen(data: Any, *, source: str) -> Bronnen:
    """
    Check the content of a `bronnen.yaml`.

    Raises
    ------
    DeliveryError
        One Dutch sentence for the first problem.
    """
    return validated(Bronnen, data, source=source, error=DeliveryError)
