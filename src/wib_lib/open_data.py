"""Which open data an evaluation can use, where it is, and what to ask for.

Statistics Netherlands and the police publish tables as OData version 3, which refuses an answer
of more than 10.000 records: every question is about one gemeente of the region (its wijken and
buurten included) in one year, and pages on top of that. Boundaries come from the map service of
PDOK (WFS 2.0), in EPSG:28992, without water. Table numbers: requirements, 7.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from wib_lib.errors import FetchError
from wib_lib.sources import PROFILES

KWB_TABLES = {
    2013: "82339NED", 2014: "82931NED", 2015: "83220NED", 2016: "83487NED", 2017: "83765NED",
    2018: "84286NED", 2019: "84583NED", 2020: "84799NED", 2021: "85039NED", 2022: "85318NED",
    2023: "85618NED", 2024: "85984NED",
}  # fmt: skip
POLICE_TABLES = {  # profile: table and its column of regions
    "politie_maand": ("47022NED", "WijkenEnBuurten"),
    "politie_jaar": ("47018NED", "WijkenEnBuurten"),
    "politie_gemeente": ("47013NED", "RegioS"),
}
BURGLARY = "1.1.1 "  # keys are padded with spaces
LAYERS = ("gemeenten", "wijken", "buurten")
SOURCES = ("kwb", "politie", "gebieden")


@dataclass(frozen=True)
class Addresses:
    """Where the services are."""

    cbs: str = "https://opendata.cbs.nl/ODataApi/odata"
    police: str = "https://dataderden.cbs.nl/ODataApi/odata"
    pdok: str = "https://service.pdok.nl/cbs/wijkenbuurten"


@dataclass(frozen=True)
class Service:
    """How a kind of service pages: the list in its answer, and the names of size and start."""

    items: Literal["value", "features"]
    size: str
    start: str
    n_page: int


ODATA = Service("value", "$top", "$skip", 5_000)
WFS = Service("features", "count", "startIndex", 1_000)


@dataclass(frozen=True)
class OpenFile:
    """One file to make: what `bronnen.yaml` says about it, and the questions that fill it."""

    bron: dict[str, Any]
    service: Service
    url: str
    questions: tuple[dict[str, str], ...]

    @property
    def name(self) -> str:
        """Name of the file."""
        return str(self.bron["bestand"])

    @property
    def has_reader(self) -> bool:
        """Tell whether the library can read it; else it stays out of `bronnen.yaml`."""
        return self.bron["profiel"] in PROFILES


def open_files(
    sources: Sequence[str],
    years: Sequence[int],
    gemeenten: Sequence[str],
    *,
    today: date,
    at: Addresses,
) -> list[OpenFile]:
    """
    List the files that give `sources` of `years` for a region.

    Parameters
    ----------
    sources : sequence of str
        Of `SOURCES`.
    years : sequence of int
        Boundaries are of the last of them only.
    gemeenten : sequence of str
        Codes (GM0513).
    today : date
        Reference date of tables that are updated without notice.
    at : Addresses

    Raises
    ------
    FetchError
        For a source or a year that is not published, naming what there is, or for no year.
    """
    unknown = [name for name in sources if name not in SOURCES]
    if unknown:
        raise FetchError(f"bron '{unknown[0]}' is onbekend; toegestaan: {', '.join(SOURCES)}.")
    years = sorted(set(years))
    if not years:
        raise FetchError("noem met --jaar minstens één jaar.")
    made: list[OpenFile] = []
    if "kwb" in sources:
        made += [_key_figures(year, gemeenten, at) for year in years]
    if "politie" in sources:
        made += [_police(profile, years, gemeenten, today, at) for profile in POLICE_TABLES]
    if "gebieden" in sources:
        made += [_boundaries(layer, years[-1], gemeenten, at) for layer in LAYERS]
    return made


def _key_figures(year: int, gemeenten: Sequence[str], at: Addresses) -> OpenFile:
    if year not in KWB_TABLES:
        raise FetchError(
            f"kerncijfers van {year} zijn er niet; toegestaan: {min(KWB_TABLES)} tot en met "
            f"{max(KWB_TABLES)}."
        )
    table = KWB_TABLES[year]
    column = "RegioS" if year == min(KWB_TABLES) else "WijkenEnBuurten"
    filters = _regions(column, gemeenten)
    bron = _bron("kerncijfers_wijken", f"kwb_{year}.json", "kwb", "CBS", date(year, 1, 1))
    return _odata(bron | {"jaar": year}, at.cbs, table, filters)


def _police(
    profile: str, years: Sequence[int], gemeenten: Sequence[str], today: date, at: Addresses
) -> OpenFile:
    table, column = POLICE_TABLES[profile]
    filters = [
        f"SoortMisdrijf eq '{BURGLARY}' and {region} and substring(Perioden,0,4) eq '{year}'"
        for year in years
        for region in _regions(column, gemeenten)
    ]
    soort = PROFILES[profile].kinds[0] if profile in PROFILES else profile
    bron = _bron(soort, f"{profile}_{table}.json", profile, "Politie", today)
    return _odata(bron, at.police, table, filters)


def _boundaries(layer: str, year: int, gemeenten: Sequence[str], at: Addresses) -> OpenFile:
    questions = tuple(
        {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": f"wijkenbuurten:{layer}",
            "outputFormat": "application/json",
            "srsName": "EPSG:28992",
            "filter": _land_of(code),
        }
        for code in gemeenten
    )
    bron = _bron(
        "gebieden", f"gebieden_{year}_{layer}.geojson", "cbs_gebieden", "CBS", date(year, 1, 1)
    )
    return OpenFile(bron | {"jaar": year}, WFS, f"{at.pdok}/{year}/wfs/v1_0", questions)


def _odata(bron: dict[str, Any], base: str, table: str, filters: Sequence[str]) -> OpenFile:
    questions = tuple({"$format": "json", "$filter": text} for text in filters)
    return OpenFile(bron, ODATA, f"{base}/{table}/TypedDataSet", questions)


def _regions(column: str, gemeenten: Sequence[str]) -> list[str]:
    """Ask for the country, and for every gemeente with its wijken and buurten (`XX0513...`)."""
    own = [f"substring({column},2,4) eq '{code[2:]}'" for code in gemeenten]
    return [f"startswith({column},'NL')", *own]


def _land_of(gemeente: str) -> str:
    """Filter the service itself understands: features of one gemeente that are not water."""
    fields = {"gemeentecode": gemeente, "water": "NEE"}
    tests = "".join(
        f"<fes:PropertyIsEqualTo><fes:ValueReference>{name}</fes:ValueReference>"
        f"<fes:Literal>{value}</fes:Literal></fes:PropertyIsEqualTo>"
        for name, value in fields.items()
    )
    space = 'xmlns:fes="http://www.opengis.net/fes/2.0"'
    return f"<fes:Filter {space}><fes:And>{tests}</fes:And></fes:Filter>"


def _bron(soort: str, bestand: str, profiel: str, owner: str, peildatum: date) -> dict[str, Any]:
    return {
        "soort": soort,
        "bestand": bestand,
        "profiel": profiel,
        "bronhouder": owner,
        "peildatum": peildatum,
        "privacyklasse": "V0",
    }
