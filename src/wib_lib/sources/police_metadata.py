"""Metadata of the open police tables: what a code, a period and a column mean.

The lists come as one file each (SoortMisdrijf.csv, Perioden.csv, WijkenEnBuurten.csv ...) or as
one file with all of them below each other. They tell which periods are final and which regions
exist, and prove that 1.1.1 is still the code of burglary in dwellings.
"""

from pathlib import Path

import pandas as pd

from wib_lib.delivery import Bron
from wib_lib.dutch import listing
from wib_lib.errors import DeliveryError
from wib_lib.sources.files import read_table
from wib_lib.sources.police import BURGLARY
from wib_lib.sources.reading import Context, Reading, check_table
from wib_lib.tables import CODELIJST, parse

CRIMES = "SoortMisdrijf"
COLUMNS = {"key": ("Key", "Identifier"), "title": ("Title",), "description": ("Description",),
           "status": ("Status",)}  # fmt: skip


def read_metadata(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read one list of codes, or a file with several.

    Raises
    ------
    DeliveryError
        When it is no list of codes, or 1.1.1 is not the code of burglary in dwellings in it.
    """
    frame = read_table(bron, path)
    raw = pd.concat([_listed(name, part) for name, part in _parts(path.stem, frame)])
    if len(raw) and not raw["key"].astype(bool).any():
        raise DeliveryError(
            f"{bron.bestand}: dit is geen codelijst van een politietabel (verwacht kolommen Key en "
            f"Title); aanwezig: {', '.join(filter(None, frame.columns))}."
        )
    checked = check_table(raw, parse(raw, CODELIJST), CODELIJST)
    crimes = checked.accepted[checked.accepted["lijst"].eq(CRIMES)]
    return Reading(checked, notes=_burglary(bron, crimes, context) if len(crimes) else ())


def _parts(stem: str, frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Split a file in its lists; the name of a list stands alone in a row, its header below."""
    if any(name in frame for name in COLUMNS["key"]):
        return [(stem, frame)]
    cells = pd.DataFrame([frame.columns, *frame.to_numpy()], index=[1, *frame.index]).fillna("")
    alone = cells[0].astype(bool) & ~cells.iloc[:, 1:].astype(bool).any(axis=1)
    headed = alone & cells[0].shift(-1).isin(["ID", "Key"])
    starts = cells.index[headed].tolist()
    parts = []
    for start, after in zip(starts, [*starts[1:], cells.index[-1] + 1], strict=False):
        block = cells.loc[start : after - 1]
        part = block.iloc[2:].set_axis(block.iloc[1].tolist(), axis=1)
        parts.append((str(block.iloc[0, 0]), part))
    return parts or [(stem, frame)]


def _listed(name: str, part: pd.DataFrame) -> pd.DataFrame:
    found = pd.DataFrame({"lijst": name}, index=part.index)
    for column, headers in COLUMNS.items():
        header = next((header for header in headers if header in part), None)
        found[column] = "" if header is None else part[header].fillna("").str.strip()
    return found.astype("str")


def _burglary(bron: Bron, crimes: pd.DataFrame, context: Context) -> tuple[str, ...]:
    """Print what 1.1.1 is, and whether the parameters count the same classes."""
    own = crimes[crimes["key"].eq(BURGLARY)]
    if own.empty or "woning" not in str(own["title"].iloc[0]).lower():
        title = "niet vermeld" if own.empty else f"'{own['title'].iloc[0]}'"
        raise DeliveryError(
            f"{bron.bestand}: code {BURGLARY} is {title}, geen inbraak in woningen; deze tabel telt "
            "met andere codes dan dit project, vraag de politie welke code het nu is."
        )
    described = str(own["description"].fillna("").iloc[0])
    classes = [line.strip() for line in described.splitlines() if line[:3].strip("ABC").isdigit()]
    told = [f"Politiecode {own['title'].iloc[0]}: {listing(classes)}."] if classes else []
    codes = {line.split()[0] for line in classes}
    if codes and codes != set(context.klassen):
        told.append(
            f"De parameters tellen klassen {listing(sorted(context.klassen))}, de codelijst van de "
            f"politie {listing(sorted(codes))}: pas klassen in params/regio.yaml aan."
        )
    return tuple(told)
