"""Statistics Netherlands: key figures, inhabitants, figures per region and postcode points."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from wib_lib.checks import RowCheck
from wib_lib.codes import normalise_names, normalise_region
from wib_lib.delivery import Bron
from wib_lib.dutch import number
from wib_lib.errors import DeliveryError
from wib_lib.sources.cbs_stems import KWB_STEMS, MONITOR_STEMS
from wib_lib.sources.files import read_table
from wib_lib.sources.reading import Context, Reading, check_table, gemeenten_named, pick
from wib_lib.sources.stems import (
    Columns,
    Stems,
    columns_by_stem,
    plain_stem,
    region_column,
    without_symbols,
)
from wib_lib.tables import (
    INWONERS,
    KERNCIJFERS,
    PC4,
    VEILIGHEIDSMONITOR,
    Table,
    parse,
)

# Fields that are no figures: symbols for missing figures have no meaning there.
TEXTS = ["code", "gebied", "indicator"]


def read_kwb(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read Kerncijfers wijken en buurten of one year, from StatLine or from the map of PDOK.

    Columns are found by the stem of their name; '.' and blanks are missing, never 0. What an
    edition does not have stays missing: early editions have whole themes empty.
    """
    del context
    frame = read_table(bron, path)
    columns: Columns = {"code": region_column(bron, frame), "n_dwellings": "Woningvoorraad"}
    columns |= columns_by_stem(bron, frame.columns.tolist(), KWB_STEMS)
    raw, notes = _figures(bron, frame, columns, KERNCIJFERS)
    if "is_changed" in raw:
        changed = raw["is_changed"].ne("1")  # 1 is unchanged, any other code is a change
        raw["is_changed"] = changed.map({True: "ja", False: "nee"}).where(
            raw["is_changed"].ne(""), ""
        )
        notes += _changed(int(raw["is_changed"].eq("ja").sum()))
    column = next((name for name in frame if plain_stem(str(name)) == "gemeentenaam"), None)
    named = gemeenten_named(raw["code"], None if column is None else frame[column])
    reading = _key_figures(raw, bron.jaar or bron.peildatum.year)
    return replace(reading, notes=notes, gemeenten=named)


def read_regions(
    bron: Bron, path: Path, context: Context, *, table: Table, stems: Stems
) -> Reading:
    """
    Read a table of figures per region and year, columns by stem.

    The year is that of the column of periods (`2019JJ00`), else of `jaar` in `bronnen.yaml`.
    """
    del context
    frame = read_table(bron, path)
    columns: Columns = {"code": region_column(bron, frame)}
    found = columns_by_stem(bron, frame.columns.tolist(), stems)
    if not set(found) - {"year"}:
        wanted = next(names[0] for field, names in stems.items() if field != "year")
        raise DeliveryError(
            f"{bron.bestand}: geen kolom past bij profiel '{bron.profiel}' (verwacht bijvoorbeeld "
            f"'{wanted}'); aanwezig: {', '.join(frame.columns)}."
        )
    raw, notes = _figures(bron, frame, columns | found, table, derived=["year"])
    raw["year"] = _year(bron, raw)
    return Reading(check_table(raw, parse(raw, table), table), notes=notes)


def read_safety_monitor(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read figures of the Veiligheidsmonitor: a share with its interval, per area and indicator.

    A share without an interval is refused: in a small gemeente it says nothing. An area that is
    no gemeente (an eenheid, the country) keeps its name and has no code.
    """
    frame = read_table(bron, path)
    columns = columns_by_stem(bron, frame.columns.tolist(), MONITOR_STEMS)
    table = VEILIGHEIDSMONITOR
    required = {name: name for name in table.required if name != "year"}
    raw, notes = _figures(bron, frame, required | columns, table, derived=["year"])
    raw["year"] = _year(bron, raw)
    typed = parse(raw, table)
    codes = normalise_region(raw["gebied"])
    typed["code"] = codes.fillna(normalise_names(raw["gebied"], context.gemeenten))
    return Reading(check_table(raw, typed, table, extra=[_encloses()]), notes=notes)


def read_tmap(bron: Bron, path: Path, context: Context) -> Reading:
    """Read the open attributes of wijken or gemeenten of 2022; all of the country."""
    del context
    columns = {
        "code": "code",
        "n_dwellings": "dwelling_total",
        "n_inhabitants": "population",
        "pct_owner": "dwelling_ownership",
    }
    frame = read_table(bron, path)
    raw = pick(bron, frame, columns, KERNCIJFERS).replace({"NA": ""})
    reading = _key_figures(raw, bron.jaar or bron.peildatum.year, covers_country=True)
    return replace(reading, gemeenten=gemeenten_named(raw["code"], frame.get("name")))


def read_inhabitants(bron: Bron, path: Path, context: Context) -> Reading:
    """Read mean inhabitants per gemeente and year."""
    del context
    columns = {"code": "Gemeente", "year": "Jaar", "n_inhabitants": "GemiddeldAantalInwoners"}
    raw = pick(bron, read_table(bron, path), columns, INWONERS)
    return Reading(check_table(raw, parse(raw, INWONERS), INWONERS), covers_country=True)


def read_pc4(bron: Bron, path: Path, context: Context) -> Reading:
    """Read postcode points with the gemeente and wijk they lie in; a postcode is not an area."""
    del context
    columns = {"pc4": "postcode", "gemeente_code": "gm_code_2022", "wijk_code": "wk_code_2022"}
    raw = pick(bron, read_table(bron, path), columns, PC4)
    return Reading(check_table(raw, parse(raw, PC4), PC4))


def _key_figures(raw: pd.DataFrame, year: int, *, covers_country: bool = False) -> Reading:
    typed = parse(raw, KERNCIJFERS)
    checked = check_table(raw, typed, KERNCIJFERS)
    checked.accepted["year"] = year
    return Reading(checked, covers_country=covers_country)


def _figures(
    bron: Bron,
    frame: pd.DataFrame,
    columns: Columns,
    table: Table,
    derived: Sequence[str] = (),
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Pick columns and read the symbols in those with figures."""
    raw = pick(bron, frame, columns, table, derived=derived)
    figures = raw.columns.difference(TEXTS).tolist()
    raw[figures], notes = without_symbols(raw[figures])
    return raw, notes


def _year(bron: Bron, raw: pd.DataFrame) -> pd.Series:
    if "year" not in raw:
        return pd.Series(str(bron.jaar or bron.peildatum.year), raw.index, dtype="str")
    return raw["year"].str.replace(r"^(\d{4})JJ00$", r"\1", regex=True)


def _changed(n: int) -> tuple[str, ...]:
    told = (
        f"Aantal gebieden met een andere indeling dan het jaar ervoor: {number(n)}; vergelijk hun "
        "cijfers niet met die van eerdere jaren."
    )
    return (told,) if n else ()


def _encloses() -> RowCheck:
    return RowCheck(
        "interval_omsluit_niet",
        ("onder", "pct", "boven"),
        "het interval omsluit het aandeel",
        lambda rows: rows["pct"].between(rows["onder"], rows["boven"]),
    )
