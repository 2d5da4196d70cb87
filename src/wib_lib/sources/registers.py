"""Registers kept by gemeenten."""

from pathlib import Path

from wib_lib.delivery import Bron
from wib_lib.sources.files import read_table
from wib_lib.sources.reading import Context, Reading, check_table, pick
from wib_lib.tables import ACTIES, parse


def read_actions(bron: Bron, path: Path, context: Context) -> Reading:
    """Read the action register (actie/monitoringskader); columns are named as in the contract."""
    frame = read_table(bron, path, ACTIES.names)
    columns = bron.kolommen or {name: name for name in ACTIES.names if name in frame}
    raw = pick(bron, frame, columns, ACTIES)
    typed = parse(raw, ACTIES, context.notation(bron))
    return Reading(check_table(raw, typed, ACTIES))
