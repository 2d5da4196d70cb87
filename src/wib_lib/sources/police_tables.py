"""Open tables of the police: registered burglary per region and month, quarter or year.

47022NED (months) and 47018NED (years) go down to the buurt, 47013NED has months and years per
gemeente with reports (aangiften). All three present every year in the division of one year and
count attempts. A total beside its own months is set apart, and compared with their sum.
"""

from pathlib import Path

import pandas as pd

from wib_lib.checks import Checked, RowCheck
from wib_lib.codes import normalise_region
from wib_lib.delivery import Bron
from wib_lib.dutch import listing, number
from wib_lib.errors import DeliveryError
from wib_lib.sources.files import read_table
from wib_lib.sources.police import BURGLARY
from wib_lib.sources.reading import Context, Reading, check_table, pick
from wib_lib.sources.stems import columns_by_stem, region_column, without_symbols
from wib_lib.tables import AANTALLEN, Notation, parse

STEMS = {
    "start": ("Perioden",),
    "n_burglaries": ("GeregistreerdeMisdrijven",),
    "n_aangiften": ("Aangiften",),
    "n_internetaangiften": ("Internetaangiften",),
}
PERIOD = r"^(?P<year>\d{4})(?P<unit>MM|KW|JJ)(?P<number>\d{2})$"
MONTHS_IN = {"MM": 1, "KW": 3, "JJ": 12}
TOTALS = {"JJ": ("jaartotaal_naast_maanden", "jaartotaal"),
          "KW": ("kwartaal_naast_maanden", "kwartaaltotaal")}  # fmt: skip
# Landsdelen, provincies and eenheden: sums of gemeenten, drawn elsewhere than ours.
OTHER_REGIONS = r"(LD|PV|RE|CR)[A-Z0-9]{2}"
MOST_SHOWN = 5


def read_open_table(bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read 47022NED, 47018NED or 47013NED, as CSV or OData JSON, columns by stem.

    The finest periods of the file count. A blank count is 0 when the region exists that year: it
    has another figure in that year, or the delivered code list names it. Else it is missing, as
    is '.'. For 47013NED a blank is always missing: its metadata say so (Default: Missing).
    """
    frame = read_table(bron, path)
    columns = {"region_code": region_column(bron, frame)}
    found = {name: STEMS[name][0] for name in ("start", "n_burglaries")}
    found |= columns_by_stem(bron, frame.columns.tolist(), STEMS)  # type: ignore[arg-type]
    raw = pick(bron, frame, columns | found, AANTALLEN, derived=["end"])
    periods = _periods(raw["start"])
    figures, notes = _figures(bron, raw, periods, context)
    typed = parse(figures, AANTALLEN, Notation(("%Y-%m-%d",)))
    typed["end"] = _ends(typed["start"], periods["n_months"])
    typed["is_provisional"] = _provisional(raw["start"], context)
    scope = [_only_burglary(bron, frame, raw), _own_regions(raw), *_no_totals(periods)]
    reading = _counted(check_table(raw, typed, AANTALLEN, scope=scope))
    kinds = _differing(typed[raw["soort_misdrijf"].eq(BURGLARY)], periods)
    return Reading(reading.checked, reading.first, reading.last, notes=(*notes, *kinds))


def read_yearly(bron: Bron, path: Path, context: Context) -> Reading:
    """Read a tidy table of registered crime per gemeente and year (from police 47018NED)."""
    del context
    frame = read_table(bron, path)
    columns = {
        "region_code": "Gemeente",
        "start": "Jaar",
        "n_burglaries": "GeregistreerdeMisdrijven",
        "is_provisional": "Voorlopig",
    }
    raw = pick(bron, frame, columns, AANTALLEN, derived=["end"])
    typed = parse(raw, AANTALLEN, Notation(("%Y",)))
    typed["end"] = typed["start"] + pd.offsets.YearBegin(1)
    checked = check_table(raw, typed, AANTALLEN, scope=[_only_burglary(bron, frame, raw)])
    # Every gemeente is in the table, "gemeente onbekend" (GM0000) too: together the country.
    return _counted(checked, covers_country=True)


def read_national(bron: Bron, path: Path, context: Context) -> Reading:
    """Read the monthly series of the country: `date` (first of the month) and `wib_nl`."""
    del context
    columns = {"start": "date", "n_burglaries": "wib_nl"}
    derived = ("region_code", "end")
    raw = pick(bron, read_table(bron, path), columns, AANTALLEN, derived=derived)
    typed = parse(raw, AANTALLEN, Notation(("%Y-%m-%d",)))
    typed["region_code"] = "NL00"
    typed["end"] = typed["start"] + pd.offsets.MonthBegin(1)
    return _counted(check_table(raw, typed, AANTALLEN))


def _periods(text: pd.Series) -> pd.DataFrame:
    """Split periods: `unit`, `n_months` (0 where unreadable), `year` and `first`, as text."""
    parts = text.fillna("").str.strip().str.extract(PERIOD)
    n_months = parts["unit"].map(MONTHS_IN).fillna(0).astype(int)
    nth = pd.to_numeric(parts["number"]).fillna(-1).astype(int).mask(parts["unit"].eq("JJ"), 1)
    month = (nth - 1) * n_months + 1
    is_period = n_months.gt(0) & nth.ge(1) & month.le(12)
    first = parts["year"].str.cat(month.astype(str).str.zfill(2), sep="-") + "-01"
    return parts.assign(n_months=n_months.where(is_period, 0), first=first.where(is_period, ""))


def _ends(starts: pd.Series, n_months: pd.Series) -> pd.Series:
    ends = starts.where(n_months.eq(1)) + pd.DateOffset(months=1)
    for n in (3, 12):
        ends = ends.fillna(starts.where(n_months.eq(n)) + pd.DateOffset(months=n))
    return ends


def _figures(
    bron: Bron, raw: pd.DataFrame, periods: pd.DataFrame, context: Context
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read symbols and blanks; a blank is 0 only where the region is known to exist."""
    counts = [name for name in raw if str(name).startswith("n_")]
    plain, notes = without_symbols(raw[counts])
    regions = raw["region_code"].str.strip().replace({"NL01": "NL00"})
    figures = raw.assign(start=periods["first"], region_code=regions, **plain)
    blank = raw["n_burglaries"].fillna("").str.strip().eq("")
    filled = pd.Series(plain["n_burglaries"].ne("")).groupby([regions, periods["year"]])
    exists = filled.transform("any").eq(True) | normalise_region(regions).isin(_listed(context))
    zero = blank & exists & (bron.profiel != "politie_gemeente")
    figures.loc[zero, "n_burglaries"] = "0"
    told = {
        "gelezen als 0, omdat het gebied dat jaar bestaat": int(zero.sum()),
        "niet bekend, omdat niet blijkt dat het gebied dat jaar bestaat": int(
            (blank & ~zero).sum()
        ),
    }
    if bron.profiel == "politie_gemeente":
        told = {"niet bekend, zoals de toelichting van 47013NED zegt": int(blank.sum())}
    return figures, notes + tuple(
        f"Aantal lege cellen {what}: {number(n)}." for what, n in told.items() if n
    )


def _listed(context: Context) -> set[str]:
    codes = context.tables.get("codelijst")
    return set() if codes is None else set(codes["key"])


def _provisional(periods: pd.Series, context: Context) -> pd.Series:
    """Look up in the delivered code list whether a period is final; missing without a list."""
    codes = context.tables.get("codelijst")
    listed = pd.DataFrame() if codes is None else codes.dropna(subset=["status"])
    status = dict(zip(listed["key"], listed["status"], strict=True)) if len(listed) else {}
    known = periods.str.strip().map(status)
    return known.ne("definitief").astype("boolean").mask(known.isna())


def _only_burglary(bron: Bron, frame: pd.DataFrame, raw: pd.DataFrame) -> RowCheck:
    if "SoortMisdrijf" not in frame:
        raise DeliveryError(f"{bron.bestand}: kolom 'SoortMisdrijf' ontbreekt.")
    raw["soort_misdrijf"] = frame["SoortMisdrijf"].str.strip()
    wanted = raw["soort_misdrijf"].eq(BURGLARY)
    return RowCheck(
        "buiten_delictselectie",
        ("soort_misdrijf",),
        f"soort misdrijf {BURGLARY}",
        lambda rows: wanted.reindex(rows.index),
    )


def _own_regions(raw: pd.DataFrame) -> RowCheck:
    other = raw["region_code"].str.strip().str.fullmatch(OTHER_REGIONS).fillna(False).astype(bool)
    return RowCheck(
        "buiten_gebiedsindeling",
        ("region_code",),
        "Nederland, een gemeente, een wijk of een buurt",
        lambda rows: ~other.reindex(rows.index),
    )


def _no_totals(periods: pd.DataFrame) -> list[RowCheck]:
    """Set apart the periods that are totals of finer ones in the same file."""
    finest = periods["n_months"].where(periods["n_months"].gt(0)).min()
    coarser = [unit for unit in TOTALS if MONTHS_IN[unit] > finest]
    readable = periods["n_months"].gt(0)
    return [_no_total(readable & periods["unit"].eq(unit), *TOTALS[unit]) for unit in coarser]


def _no_total(is_total: pd.Series, check: str, word: str) -> RowCheck:
    return RowCheck(
        check,
        ("start",),
        f"een maand, geen {word}",
        lambda rows: ~is_total.reindex(rows.index),
    )


def _differing(typed: pd.DataFrame, periods: pd.DataFrame) -> tuple[str, ...]:
    """Name the year totals that are not the sum of twelve delivered months."""
    rows = typed.assign(unit=periods["unit"], year=typed["start"].dt.year)
    rows = rows.dropna(subset=["region_code", "n_burglaries", "year"])
    by = ["region_code", "year"]
    rows = rows.drop_duplicates([*by, "start", "unit"])
    months = rows[rows["unit"].eq("MM")].groupby(by)["n_burglaries"].agg(["sum", "size"])
    totals = rows[rows["unit"].eq("JJ")].set_index(by)["n_burglaries"]
    both = months[months["size"].eq(12)].join(totals, how="inner")
    wrong = both[both["sum"].ne(both["n_burglaries"])]
    if wrong.empty:
        return ()
    shown = [
        f"{region} {int(year)} ({number(total)} en {number(summed)})"
        for (region, year), summed, total in wrong.head(MOST_SHOWN)[
            ["sum", "n_burglaries"]
        ].itertuples()
    ]
    more = f" en nog {number(len(wrong) - MOST_SHOWN)}" if len(wrong) > MOST_SHOWN else ""
    return (f"Jaartotaal en som van de maanden verschillen: {listing(shown)}{more}.",)


def _counted(checked: Checked, *, covers_country: bool = False) -> Reading:
    rows = checked.accepted
    if rows.empty:
        return Reading(checked)
    last = rows["end"].max() - pd.Timedelta(days=1)
    return Reading(checked, rows["start"].min().date(), last.date(), covers_country)
