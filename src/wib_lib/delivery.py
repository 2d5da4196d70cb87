"""How a delivery describes itself: the `bronnen.yaml` beside its files."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wib_lib.errors import DeliveryError
from wib_lib.validation import Strict, validated

# Metres: requirements 9.4, the working copy of the analyst.
COORDINATE_STEP = 25
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
    """
    One file of a delivery.

    `kolommen` and `waarden` map the file's headers and words to the contract; `vervangt` names
    the earlier file that this one replaces, which is kept to show what changed; coordinates are
    rounded to `afronding_m` metres unless a decision (`besluit`) says finer.
    """

    soort: str
    bestand: str
    profiel: str
    bronhouder: str
    peildatum: date
    privacyklasse: PrivacyClass
    codering: str | None = None
    scheiding: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    datumnotatie: str | None = None
    blad: str | None = None
    periode: Periode | None = None
    jaar: int | None = None
    kolommen: dict[str, str | Annotated[tuple[str, ...], Field(min_length=1)]] = {}
    waarden: dict[str, dict[str, str]] = {}
    vervangt: str | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    afronding_m: Annotated[int, Field(ge=1)] = COORDINATE_STEP
    besluit: str | None = None

    @model_validator(mode="after")
    def _precision_is_decided(self) -> "Bron":
        if self.afronding_m < COORDINATE_STEP and not self.besluit:
            raise ValueError(
                f"coördinaten fijner dan {COORDINATE_STEP} m vragen een besluit; noem het "
                "bij 'besluit', met datum"
            )
        return self


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
        old = {bron.vervangt: bron for bron in self.bronnen if bron.vervangt}
        lost = next((file for file in old if file not in files), None)
        if lost:
            raise ValueError(
                f"{old[lost].bestand} vervangt {lost}, dat er niet in staat; laat de oude levering "
                "staan, zodat zichtbaar is wat er veranderde"
            )
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
