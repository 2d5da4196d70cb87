"""Parameters of a run: the region's, the area's, the dataset's and the command's.

Later layers win: `params/regio.yaml` < `params/<area>.yaml` < `parameters` in the dataset's
`bronnen.yaml` < `-p KEY VALUE`. Key names are Dutch because analysts write them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from wib_lib.audiences import AUDIENCES, READERS
from wib_lib.codes import PATTERNS, Area, parent
from wib_lib.errors import ParamError
from wib_lib.periods import Window, parse_period
from wib_lib.validation import Strict, unknown_key, validated

GemeenteCode = Annotated[str, Field(pattern=r"^GM\d{4}$")]
Layer = tuple[str, Mapping[str, Any]]


class Gebied(Strict):
    """
    An area: a gemeente, or buurten of one, with where the definition comes from.

    `geldig_van` and `geldig_tot` are the first and last day on which the real area was this
    list. A window may lie outside them: the list is kept on purpose, and the pack says so.
    """

    gemeentecode: GemeenteCode
    buurtcodes: tuple[str, ...] = ()
    wijkcodes: tuple[str, ...] = ()
    bron: str = ""
    geldig_van: date | None = None
    geldig_tot: date | None = None
    toelichting: str = ""

    @model_validator(mode="after")
    def _runs_forward(self) -> "Gebied":
        if self.geldig_van and self.geldig_tot and self.geldig_tot < self.geldig_van:
            raise ValueError("'geldig_tot' ligt voor 'geldig_van'")
        return self

    @model_validator(mode="after")
    def _codes_fit(self) -> "Gebied":
        for code, level in [(c, "buurt") for c in self.buurtcodes] + [
            (c, "wijk") for c in self.wijkcodes
        ]:
            if not PATTERNS[level].fullmatch(code) or parent(code, "gemeente") != self.gemeentecode:
                raise ValueError(f"{code} is geen {level}code in {self.gemeentecode}")
        outside = [c for c in self.buurtcodes if parent(c, "wijk") not in self.wijkcodes]
        if self.wijkcodes and outside:
            raise ValueError(f"{outside[0]} ligt niet in de genoemde wijkcodes")
        if self.wijkcodes and not self.buurtcodes:
            raise ValueError("noem bij wijkcodes ook de buurtcodes waaruit zij bestaan")
        return self

    @property
    def area(self) -> Area:
        """The area as the analyses use it."""
        return Area(self.gemeentecode, self.buurtcodes, self.wijkcodes)


class Basis(Strict):
    """Base value of a goal and where it was stated."""

    periode: str
    waarde: float = Field(gt=0)
    bron: str

    @field_validator("periode", mode="before")
    @classmethod
    def _period(cls, value: object) -> str:
        return _period_text(value)


class Doel(Strict):
    """One SMART goal: what should be reached, by when, and who said so."""

    id: str
    indicator: Annotated[
        str,
        Field(
            pattern=r"^(aantal|pogingen|share_pogingen|opheldering_pct|per_1000_woningen"
            r"|maatregel:[\w-]+)$"
        ),
    ]
    basis: Basis | None = None
    mutatie_pct: float | None = None
    doelwaarde: float | None = None
    benchmark: Literal["landelijk", "regionaal"] | None = None
    operator: Literal["<=", "<", ">=", ">"]
    doelperiode: str
    partner: str
    bron: str
    voorbeeld: bool = False

    @field_validator("doelperiode", mode="before")
    @classmethod
    def _period(cls, value: object) -> str:
        return _period_text(value)

    @model_validator(mode="after")
    def _one_target(self) -> "Doel":
        given = [self.mutatie_pct, self.doelwaarde, self.benchmark]
        if sum(value is not None for value in given) != 1:
            raise ValueError("geef precies één van mutatie_pct, doelwaarde en benchmark")
        if self.mutatie_pct is not None and self.basis is None:
            raise ValueError("mutatie_pct vraagt een basis met periode, waarde en bron")
        if self.benchmark and self.indicator != "per_1000_woningen":
            raise ValueError("een benchmark hoort bij de indicator per_1000_woningen")
        return self

    @property
    def window(self) -> Window:
        """The goal's period."""
        return parse_period(self.doelperiode)


class Drempels(Strict):
    """Smallest count that may be shown, per audience."""

    openbaar: int = Field(ge=1)
    werkgroep: int = Field(ge=1)
    driehoek: int = Field(READERS["driehoek"].minimum, ge=1)
    analist: int = Field(READERS["analist"].minimum, ge=1)


class Drempelbesluit(Strict):
    """The decision by which a smallest count is below the one that the rules give."""

    datum: date
    besluit: str = Field(min_length=1)
    door: str = Field(min_length=1)


class Art20Besluit(Strict):
    """A decision by article 20 Wpg: who may receive which police data in a partnership."""

    id: str = Field(min_length=1)
    datum: date
    gegevens: tuple[str, ...] = Field(min_length=1)
    ontvangers: tuple[str, ...] = Field(min_length=1)


class Grondslag(Strict):
    """
    Legal ground of a pack with V2 content: for the own driehoek, or by decision for others.

    `doel` is what the pack is given for.
    """

    artikel: Literal["Wpg art. 16", "Wpg art. 20"] = "Wpg art. 16"
    doel: str = Field(min_length=1)
    art20_besluit: Art20Besluit | None = None

    @model_validator(mode="after")
    def _decided(self) -> "Grondslag":
        if (self.artikel == "Wpg art. 20") != (self.art20_besluit is not None):
            raise ValueError("een art20_besluit hoort bij artikel 'Wpg art. 20', en andersom")
        return self


class Eenheid(Strict):
    """The police region: a fixed list, so that its mean keeps its meaning over the years."""

    naam: str
    bron: str
    gemeenten: dict[GemeenteCode, str]

    @property
    def codes(self) -> dict[str, str]:
        """Gemeente codes by name."""
        return {name: code for code, name in self.gemeenten.items()}


class WoningenNederland(Strict):
    """Dwellings of the country on 1 January, for when a delivery has none."""

    bron: str
    aantal: dict[int, int]
    niet_geverifieerd: tuple[int, ...] = ()


Reeks = Literal["politie", "slachtofferschap", "groepen"]


class Reeksbreuk(Strict):
    """A day on which a series began to count otherwise; comparisons across it carry the footnote."""

    datum: date
    reeks: Reeks = "politie"
    tekst: str
    bron: str


class Params(Strict):
    """
    Everything that one run of one area needs to know.

    Which parameters were looked at is remembered in `used`, so that a result knows on which
    ones it rests.
    """

    _used: set[str] = PrivateAttr(default_factory=set)
    gemeente: str
    gebied: Gebied
    venster_start: date
    venster_maanden: int = Field(ge=1, le=12)
    doelen: tuple[Doel, ...] = ()
    jaren_voor: int = Field(ge=1, le=10)
    peildatum: date | None = None
    periodetoewijzing: Literal["kennisname", "begin", "eind"]
    betrouwbaarheid: float = Field(gt=0.5, lt=1)
    klassen: tuple[str, ...] = Field(min_length=1)
    drempels: Drempels
    drempelbesluit: Drempelbesluit | None = None
    grondslag: Grondslag | None = None
    minimum_woningen: int = Field(ge=1)
    klassengrenzen: tuple[float, ...] = Field(min_length=2)
    gebieden: tuple[str, ...] = Field(min_length=1)
    vergelijking: dict[GemeenteCode, str]
    eenheid: Eenheid
    woningen_nederland: WoningenNederland
    reeksbreuken: tuple[Reeksbreuk, ...] = ()

    @field_validator("venster_start")
    @classmethod
    def _first_of_month(cls, value: date) -> date:
        if value.day != 1:
            raise ValueError("het venster begint op de eerste dag van een maand")
        return value

    @field_validator("venster_maanden", "jaren_voor", mode="before")
    @classmethod
    def _no_flag(cls, value: object) -> object:
        if isinstance(value, bool):
            raise ValueError("verwacht een geheel getal")
        return value

    @field_validator("klassengrenzen")
    @classmethod
    def _ascending(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if list(value) != sorted(set(value)) or value[0] <= 0:
            raise ValueError("verwacht oplopende getallen boven 0")
        return value

    @model_validator(mode="after")
    def _goals_differ(self) -> "Params":
        ids = [goal.id for goal in self.doelen]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"doel-id '{twice[0]}' komt meer dan eens voor")
        return self

    @model_validator(mode="after")
    def _lowered_by_decision(self) -> "Params":
        for audience, readers in READERS.items():
            given = getattr(self.drempels, audience)
            if given < readers.minimum and self.drempelbesluit is None:
                raise ValueError(
                    f"drempels.{audience} is {given} en de regel is {readers.minimum}: verlagen "
                    "kan alleen met een 'drempelbesluit: {datum, besluit, door}'"
                )
        return self

    def __getattribute__(self, name: str) -> Any:
        """Remember the parameter that is looked at."""
        if name in type(self).__pydantic_fields__:
            self._used.add(name)
        return super().__getattribute__(name)

    @property
    def used(self) -> frozenset[str]:
        """Parameters that were looked at."""
        return frozenset(self._used)

    @property
    def window(self) -> Window:
        """The evaluation window."""
        return Window(self.venster_start, self.venster_maanden)

    def breaks_between(
        self, first: date, last: date, reeks: Reeks = "politie"
    ) -> tuple[Reeksbreuk, ...]:
        """Return the breaks of a series after `first` and up to `last`."""
        return tuple(b for b in self.reeksbreuken if b.reeks == reeks and first < b.datum <= last)

    def breaks_over(self, years: int, reeks: Reeks = "politie") -> tuple[Reeksbreuk, ...]:
        """Return the breaks within the window and the `years` years before it."""
        return self.breaks_between(self.window.earlier(years).start, self.window.last, reeks)


def resolve(layers: Sequence[Layer]) -> Params:
    """
    Merge layers into parameters; the last layer that has a key wins.

    Parameters
    ----------
    layers : sequence of (source, mapping)
        In order of precedence, weakest first; `source` is named in messages.

    Raises
    ------
    ParamError
        For an unknown key or a value that is not allowed, naming the layer it came from.
    """
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for source, data in layers:
        for key, value in data.items():
            if key not in Params.model_fields:
                raise ParamError(f"{source}: {unknown_key(key, Params.model_fields)}")
            merged[key] = value
            origins[key] = source
    files = " en ".join(source for source, _ in layers[:2])
    params = validated(Params, merged, source=files, error=ParamError, origins=origins)
    params._used.clear()  # validation looks at everything
    return params


def check_audience(audience: str) -> None:
    """Refuse an audience for which no packs can be made."""
    if audience not in AUDIENCES:
        raise ParamError(f"audience '{audience}' is onbekend; toegestaan: {', '.join(AUDIENCES)}.")


def check_ground(params: Params, audience: str, source: str) -> None:
    """
    Refuse V2 content without a legal ground.

    Raises
    ------
    ParamError
        One Dutch sentence, naming the file that lacks it.
    """
    if audience == "driehoek" and params.grondslag is None:
        raise ParamError(
            f"{source}: een pakket voor de driehoek van {params.gemeente} vraagt een grondslag; "
            "zet in de parameters 'grondslag: {artikel: Wpg art. 16, doel: ...}', of bij andere "
            "ontvangers artikel 'Wpg art. 20' met een art20_besluit."
        )


def _period_text(value: object) -> str:
    text = str(value)
    try:
        parse_period(text)
    except ValueError:
        raise ValueError("verwacht een jaar (2018) of maanden (2018-01/2018-12)") from None
    return text
