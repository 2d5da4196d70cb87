"""The registers that gemeenten and partners fill in, by the profile that reads them."""

from wib_lib.tables.approach import ACTIES, B3W, DOELEN, DUIDING, KOSTEN, MAATREGELEN, OVERLEGGEN
from wib_lib.tables.contract import Table
from wib_lib.tables.counted import (
    BUIT,
    HELING,
    MELDINGEN,
    OPHELDERING,
    PARTICIPATIE,
    PGA,
    PKVW_INBRAKEN,
    PREVENTIEADVIES,
    VERDACHTEN,
)
from wib_lib.tables.situation import (
    BURGERSCHAPSSTIJLEN,
    CORPORATIES,
    GROEPEN,
    HALTES,
    HOTSPOTS,
    PKVW,
    WINKELCENTRA,
)

_TABLES = (
    MAATREGELEN, KOSTEN, OVERLEGGEN, DOELEN, B3W, DUIDING, PKVW, CORPORATIES, GROEPEN, HOTSPOTS,
    HALTES, WINKELCENTRA, BURGERSCHAPSSTIJLEN, OPHELDERING, VERDACHTEN, PGA, HELING,
    PREVENTIEADVIES, PARTICIPATIE, BUIT, PKVW_INBRAKEN, MELDINGEN,
)  # fmt: skip
REGISTERS: dict[str, Table] = {"actieregister": ACTIES} | {table.name: table for table in _TABLES}
