"""Readers of deliveries, one per profile: file in, checked rows out.

A profile says which table a file feeds and how its columns are named. Readers never repair in
silence: they normalise what is certain (spaces, lost prefixes) and leave the rest to checks.
"""

from functools import partial
from pathlib import Path

from wib_lib.checks import WITHHELD
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.screening import trace
from wib_lib.sources import (
    areas,
    cbs,
    cbs_stems,
    divisions,
    police,
    police_metadata,
    police_tables,
    registers,
)
from wib_lib.sources.reading import Context, Profile, Reader, Reading
from wib_lib.sources.stems import Stems
from wib_lib.tables import ARBEID, NABIJHEID, SES, UITKERINGEN, Table


def _regions(table: Table, stems: Stems) -> Profile:
    """Return the profile of figures per region and year; the kind is named as the table."""
    reader: Reader = partial(cbs.read_regions, table=table, stems=stems)
    return Profile(table.name, (table.name,), reader)


# In reading order: later readers may look things up in what earlier ones read.
PROFILES: dict[str, Profile] = {
    "pc4": Profile("pc4", ("pc4",), cbs.read_pc4),
    "cbs_gebieden": Profile("gebieden", ("gebieden",), areas.read_areas),
    "kwb": Profile("kerncijfers", ("kerncijfers_wijken", "kerncijfers_gemeenten"), cbs.read_kwb),
    "tmap_wijken_2022": Profile(
        "kerncijfers", ("kerncijfers_wijken", "kerncijfers_gemeenten"), cbs.read_tmap
    ),
    "inwoners_gemeente_jaar": Profile(
        "inwoners", ("inwoners_gemeente_jaar",), cbs.read_inhabitants
    ),
    "ses": _regions(SES, cbs_stems.SES_STEMS),
    "nabijheid": _regions(NABIJHEID, cbs_stems.NEARNESS_STEMS),
    "arbeid": _regions(ARBEID, cbs_stems.WORK_STEMS),
    "uitkeringen": _regions(UITKERINGEN, cbs_stems.BENEFIT_STEMS),
    "veiligheidsmonitor": Profile(
        "veiligheidsmonitor", ("veiligheidsmonitor",), cbs.read_safety_monitor
    ),
    "bvh": Profile("incidenten", ("incidenten",), police.read_bvh),
    "misdaad_in_kaart": Profile("incidenten", ("incidenten",), police.read_misdaad_in_kaart),
    "politie_metadata": Profile("codelijst", ("politie_metadata",), police_metadata.read_metadata),
    "politie_maand": Profile(
        "aantallen", ("misdrijven_gemeente_maand",), police_tables.read_open_table
    ),
    "politie_gemeente": Profile(
        "aantallen", ("misdrijven_gemeente_maand",), police_tables.read_open_table
    ),
    "politie_jaar": Profile("aantallen", ("misdrijven_buurt_jaar",), police_tables.read_open_table),
    "politie_gemeente_jaar": Profile(
        "aantallen", ("misdrijven_gemeente_jaar",), police_tables.read_yearly
    ),
    "landelijke_reeks": Profile("aantallen", ("landelijke_reeks",), police_tables.read_national),
    "gebiedsovergang": Profile("overgangen", ("gebiedsovergang",), divisions.read_transitions),
    "cbs_pc6_huisnummer": Profile("overgangen", ("adressen_buurt",), divisions.read_addresses),
    "gebieden_basisteam": Profile("basisteams", ("gebieden_basisteam",), divisions.read_teams),
    **registers.profiles(),
}


def profile_of(bron: Bron, *, source: str) -> Profile:
    """
    Return the profile of a source.

    Raises
    ------
    DeliveryError
        When the profile is unknown, or does not feed the stated kind of table.
    """
    profile = PROFILES.get(bron.profiel)
    if profile is None:
        raise DeliveryError(
            f"{source}: profiel '{bron.profiel}' van {bron.bestand} is onbekend; "
            f"toegestaan: {', '.join(sorted(PROFILES))}."
        )
    if bron.soort not in profile.kinds:
        raise DeliveryError(
            f"{source}: soort '{bron.soort}' van {bron.bestand} past niet bij profiel "
            f"'{bron.profiel}'; toegestaan: {', '.join(profile.kinds)}."
        )
    return profile


def read_source(bron: Bron, path: Path, context: Context, *, source: str) -> Reading:
    """
    Read one file of a delivery.

    Parameters
    ----------
    bron : Bron
        Its description.
    path : Path
        The file.
    context : Context
        What the readers need to know besides the file.
    source : str
        Name of the `bronnen.yaml`, for messages.

    Raises
    ------
    DeliveryError
        One Dutch sentence when the file cannot be used at all.
    """
    profile = profile_of(bron, source=source)
    if not path.is_file():
        raise DeliveryError(
            f"{source}: bestand {bron.bestand} ontbreekt in {path.parent.name}/; lever het aan "
            f"of haal de bron uit de lijst."
        )
    reading = profile.reader(bron, path, context)
    if reading.checked.n_read == 0:
        raise DeliveryError(f"{bron.bestand}: het bestand bevat geen rijen; vraag {bron.bronhouder}"
                            " om een nieuwe levering.")  # fmt: skip
    if reading.checked.accepted.empty:
        rejected = reading.checked.rejected
        first = rejected[rejected["toets"].eq(rejected["toets"].mode()[0])].iloc[0]
        value = WITHHELD if trace(first["waarde"]) else repr(first["waarde"])
        raise DeliveryError(
            f"{bron.bestand}: geen enkele rij is bruikbaar; rij {first['rij']}, kolom "
            f"{first['kolom']}, waarde {value} ({first['regel']})."
        )
    return reading
