"""What the operational meeting gets every two weeks, as far as its readers may see it.

Counts are those of the release. What is worked out from rows (expectations, near repeats, what
changed in the way of burglary) is worked out here, once, and leaves this module only where it
follows from enough burglaries for these readers; streets and single buurten in a raised-risk
window only go to who may see places. No result holds a row of an incident.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from wib_lib import actions, cubes
from wib_lib.absent import Missing, NotGiven, Suppressed, Value, is_known
from wib_lib.audiences import NO, YES, rule, smallest
from wib_lib.cubes import FORTNIGHT, FORTNIGHT_KINDS, FORTNIGHT_PARTS
from wib_lib.disclosure import percentage
from wib_lib.dutch import day
from wib_lib.errors import TableError
from wib_lib.evidence import Evidence, Sealed, opened
from wib_lib.forecast import Forecast, algorithm_card, forecast, fortnights
from wib_lib.fortnight import (
    METHOD,
    MOMENT,
    Covered,
    Fortnight,
    actions_at,
    centre_shift,
    changes,
    profile,
    with_moment,
)
from wib_lib.fortnight.counts import YEARS
from wib_lib.fortnight.place import Shift
from wib_lib.fortnight_counts import KINDS, MERGED, code_of, covered_by, fortnight_of, years_code
from wib_lib.history import trend_over
from wib_lib.near_repeat import RiskWindows, near_repeat, risk_windows
from wib_lib.periods import Window, add_months
from wib_lib.problem import OTHER, part_rate
from wib_lib.release import NOT_FOR
from wib_lib.released import Released
from wib_lib.trend import Trend

NOT_FOR_READERS = Missing(NOT_FOR)
NO_STREETS = Missing("straten zijn alleen voor de driehoek van dit gebied en voor de analist")
SEED = 2018  # near repeat and the movement of the centre draw at random: the same file, the same p
N_STREETS = 15
FEWEST_PERSONS = 5  # in a class of suspects, also for who may see everything
NOT_JUDGED = "niet beoordeeld (samengevoegd)"


@dataclass(frozen=True)
class Steering:
    """
    Two weeks of one area.

    Attributes
    ----------
    days : Fortnight
    totals : DataFrame
        In order of time: `label`, `n`, `rate` (per 1,000 dwellings), `is_now`; Values.
    trend : Trend or Missing
        Over the five years up to the last whole month before the peildatum; `trend_months` is
        its last year.
    expected : Forecast or Missing
        Of the area as a whole; its `parts` are empty.
    card : DataFrame
        The algorithm card.
    buurten, streets : DataFrame or Missing
        Counts and expectations; Values.
    ways : DataFrame or Missing
        `kind`, `category`, `n_now`, `pct_now`, `mean_years`, `pct_years`, `verdict`.
    shift : Shift or Missing
    risk : RiskWindows or Missing
        Its table with names, and counts that may be hidden.
    n_risk : Value
        Buurten in a raised-risk window.
    suspects, register : DataFrame or Missing
    """

    days: Fortnight
    totals: pd.DataFrame
    trend: Trend | Missing
    trend_months: Window
    expected: Forecast | Missing
    card: pd.DataFrame
    buurten: pd.DataFrame | Missing
    streets: pd.DataFrame | Missing
    ways: pd.DataFrame | Missing
    shift: Shift | Missing
    risk: RiskWindows | Missing
    n_risk: Value
    suspects: pd.DataFrame | Missing
    register: pd.DataFrame | Missing

    def n(self, back: int = 0) -> Value:
        """Return the count of the last two weeks, or of those before."""
        value: Value = self.totals["n"].iloc[-1 - back]
        return value


def steering(evidence: Released, rows: Evidence | Sealed) -> Steering | Missing:
    """
    Work out the two weeks up to the peildatum.

    Parameters
    ----------
    evidence : Released
        What the readers may see.
    rows : Evidence or Sealed
        Of the same area, with incidents.

    Returns
    -------
    Steering or Missing
        Missing for readers who get none of it, and where the days were not delivered.
    """
    if rule(cubes.TABLES[FORTNIGHT].kind, evidence.cells.audience) == NO:
        return NOT_FOR_READERS
    whole = opened(rows)
    days, covered = fortnight_of(whole), covered_by(whole)
    if isinstance(days, Missing) or isinstance(covered, Missing) or whole.incidents is None:
        return days if isinstance(days, Missing) else Missing("incidenten zijn niet geleverd")
    # What became known later is not known yet at the peildatum.
    incidents = whole.incidents[whole.incidents["day"].le(pd.Timestamp(days.last))]
    work = _Work(evidence, whole, incidents, days, covered)
    months = _last_year(days)
    expected = work.expected
    return Steering(
        days=days,
        totals=work.totals(),
        trend=trend_over(
            evidence.counts, months, years=YEARS - 1, level=evidence.params.betrouwbaarheid
        ),
        trend_months=months,
        expected=expected,
        card=algorithm_card(expected),
        buurten=work.buurten(),
        streets=work.streets(),
        ways=work.ways(),
        shift=centre_shift(incidents, days, rng=np.random.default_rng(SEED)),
        risk=work.risk,
        n_risk=work.n_risk,
        suspects=work.suspects(),
        register=work.register(),
    )


def few(values: Sequence[float], bases: Sequence[float], *, minimum: int) -> list[Value]:
    """
    Hide what rests on too few burglaries, and never one value alone.

    Parameters
    ----------
    values : sequence of float
        Such as expected counts, that add up to a shown total.
    bases : sequence of float
        Burglaries that each rests on.
    minimum : int
        1 hides nothing.

    Examples
    --------
    >>> few([1.2, 0.8, 0.1], [30, 20, 1], minimum=3)
    [1.2, Suppressed(minimum=3), Suppressed(minimum=3)]
    """
    if minimum <= 1:
        return list(values)
    shown = [base >= minimum for base in bases]
    if shown.count(False) == 1 and any(shown):
        order = sorted(range(len(values)), key=lambda at: (not shown[at], bases[at]))
        shown[order[0]] = False
    return [
        value if is_shown else Suppressed(minimum)
        for value, is_shown in zip(values, shown, strict=True)
    ]


class _Work:
    """One area's two weeks while they are worked out; holds rows, and is not handed on."""

    def __init__(
        self,
        evidence: Released,
        whole: Evidence,
        incidents: pd.DataFrame,
        days: Fortnight,
        covered: Covered,
    ) -> None:
        self.evidence, self.whole, self.incidents = evidence, whole, incidents
        self.days, self.covered = days, covered
        audience = evidence.cells.audience
        self.minimum = smallest("deel_kenmerk", audience, evidence.cells.minimum)
        self.sees_places = rule("plek", audience) == YES
        self.audience = audience
        self.parts = whole.parts(days.last.year) if whole.has_buurten else None
        self.names = _names(whole)
        self.forecast = self._forecast("buurt_code") if self.parts is not None else Missing(
            cubes.NO_PARTS.reason
        )  # fmt: skip
        self.expected = _without_parts(self.forecast)
        self.risk, self.n_risk = self._risk()

    def n(self, days: Fortnight) -> Value:
        own = cubes.area_code(self.evidence.area)
        return self.evidence.cells.value(FORTNIGHT, gebied=own, periode=code_of(days))

    def by_buurt(self, days: Fortnight) -> dict[str, Value]:
        """Return the released counts by buurt; hidden where it was joined with others."""
        table = FORTNIGHT_PARTS[0 if days == self.days else 1]
        found: dict[str, Value] = {}
        for codes, n in self.evidence.by_code(table, code_of(days)).items():
            is_own = MERGED not in codes or n == 0 or self.minimum <= 1
            found |= dict.fromkeys(codes.split(MERGED), n if is_own else Suppressed(self.minimum))
        return found

    def totals(self) -> pd.DataFrame:
        order = [self.days.earlier(back) for back in range(YEARS, 0, -1)]
        order += [self.days.before, self.days]
        counts = [self.n(one) for one in order]
        homes = [self.evidence.area_dwellings(one.last.year).n for one in order]
        rates = [part_rate(n, _number(home), 1) for n, home in zip(counts, homes, strict=True)]
        return pd.DataFrame(
            {"label": [day(one.last) for one in order], "n": counts, "rate": rates,
             "is_now": [one == self.days for one in order]},
            dtype=object,
        )  # fmt: skip

    def buurten(self) -> pd.DataFrame | Missing:
        if self.parts is None:
            return cubes.NO_PARTS
        table = self.parts.copy()
        homes = [None if pd.isna(n) else float(n) for n in table["n_dwellings"]]
        for when, one in (("now", self.days), ("before", self.days.before)):
            found = self.by_buurt(one)
            counts = [found.get(code, Suppressed(self.minimum)) for code in table["code"]]
            least = self.evidence.params.minimum_woningen
            rates = [part_rate(n, home, least) for n, home in zip(counts, homes, strict=True)]
            table[f"n_{when}"] = pd.Series(counts, table.index, dtype=object)
            table[f"rate_{when}"] = pd.Series(rates, table.index, dtype=object)
        for name, values in self._expected_of(table["code"], self.forecast, decimals=1).items():
            table[name] = pd.Series(values, table.index, dtype=object)
        return table.iloc[_order(table, "n_now", "expected")]

    def streets(self) -> pd.DataFrame | Missing:
        if not self.sees_places:
            return NO_STREETS
        known = self.incidents.dropna(subset=["straat_id"])
        if known.empty:
            return Missing("straten zijn niet geleverd")
        found = self._forecast("straat_id")
        inside = known["day"].ge(pd.Timestamp(self.days.before.start))
        codes = sorted(known.loc[inside, "straat_id"].unique())
        codes = sorted({*codes, *(found.parts["code"] if isinstance(found, Forecast) else ())})
        buurt = known.groupby("straat_id")["buurt_code"].agg(_most_frequent).reindex(codes)
        table = pd.DataFrame({"code": codes, "buurt_code": buurt.to_numpy()})
        table["straat"] = table["code"].str[:6]
        table["naam"] = [self.names.get(code, "onbekend") for code in table["buurt_code"]]
        for when, one in (("now", self.days), ("before", self.days.before)):
            table[f"n_{when}"] = pd.Series(self._per_street(table, one), dtype=object)
        for name, values in self._expected_of(table["code"], found, decimals=2).items():
            table[name] = pd.Series(values, table.index, dtype=object)
        order = _order(table, "n_now", "expected")
        shown = [
            at for at in order
            if is_known(table["expected"].iloc[at]) or is_counted(table["n_now"].iloc[at])
        ]  # fmt: skip
        return table.iloc[shown[:N_STREETS]].drop(columns=["code", "buurt_code"])

    def _per_street(self, table: pd.DataFrame, days: Fortnight) -> list[Value]:
        """Count streets; where the count of the buurt is hidden, those of its streets are too."""
        rows = self.incidents[self.incidents["day"].between(
            pd.Timestamp(days.start), pd.Timestamp(days.last))]  # fmt: skip
        counts, wholes = rows["straat_id"].value_counts(), self.by_buurt(days)
        found: list[Value] = []
        for street, buurt in zip(table["code"], table["buurt_code"], strict=True):
            n = int(counts.get(street, 0))
            whole = wholes.get(buurt, Missing("onbekend"))
            is_open = self.minimum <= 1 or is_known(whole)
            found.append(n if is_open else Suppressed(self.minimum))
        return found

    def _forecast(self, column: str) -> Forecast | Missing:
        parts = self.parts if column == "buurt_code" else None
        panel = fortnights(
            self.incidents,
            parts,
            column=column,
            peildatum=self.days.last,
            first=self.covered.first,
            last=self.covered.last,
        )
        return forecast(panel, like=None if parts is not None else self.forecast)

    def _expected_of(
        self, codes: pd.Series, found: Forecast | Missing, *, decimals: int
    ) -> Mapping[str, list[Value]]:
        """Give expectations that rest on enough burglaries of the last 52 weeks."""
        names = ("expected", "low", "high")
        if isinstance(found, Missing):
            return {name: [found] * len(codes) for name in names}
        parts = found.parts.set_index("code").reindex(codes)
        bases = (26 * parts["mean_year"].fillna(0)).round().tolist()
        shown = {name: few(parts[name].round(decimals).tolist(), bases, minimum=self.minimum)
                 for name in names}  # fmt: skip
        absent = Missing("geen verwachting: hier was nog geen woninginbraak")
        return {
            name: [absent if is_known(v) and pd.isna(v) else v for v in values]
            for name, values in shown.items()
        }

    def ways(self) -> pd.DataFrame | Missing:
        found = changes(
            with_moment(self.incidents), METHOD | MOMENT, self.days, covered=self.covered
        )
        if isinstance(found, Missing):
            return found
        said = {(r.kind, r.category): r.verdict for r in found.itertuples(index=False)}
        n_years = len(found.attrs["years"])
        rows = [
            row | {"verdict": said.get((row["kind"], row["category"]), NOT_JUDGED)}
            for table, column in FORTNIGHT_KINDS.items()
            for row in self._categories(table, KINDS[column], n_years)
        ]
        if not rows:
            return NotGiven("te weinig woninginbraken in twee weken")
        return pd.DataFrame(rows, dtype=object)

    def _categories(self, table: str, kind: str, n_years: int) -> list[dict[str, Any]]:
        """Give the released categories of one feature, the merged ones last."""
        now, before = code_of(self.days), years_code(self.days, self.covered)
        counts, years = (
            {
                code: int(n)
                for code, n in self.evidence.by_code(table, period).items()
                if is_known(n)
            }
            for period in (now, before)
        )
        if len(counts) < 2:  # all merged into one: that says nothing of how
            return []
        total, total_years = sum(counts.values()), sum(years.values())
        rows: list[dict[str, Any]] = [
            {
                "kind": kind,
                "category": OTHER if MERGED in code else code,
                "n_now": n,
                "pct_now": percentage(n, total),
                "mean_years": years[code] / n_years,
                "pct_years": percentage(years[code], total_years),
            }
            for code, n in counts.items()
        ]
        return sorted(rows, key=lambda row: (row["category"] == OTHER, -row["n_now"]))

    def _risk(self) -> tuple[RiskWindows | Missing, Value]:
        try:
            tested = near_repeat(self.incidents, rng=np.random.default_rng(SEED))
        except TableError as error:
            return Missing(f"niet te toetsen: {error}"), Missing("niet te toetsen")
        found = risk_windows(tested.table, tested.placed.incidents, on=self.days.last)
        n_burglaries = int(found.table["n_burglaries"].sum())
        is_few = 0 < n_burglaries < self.minimum
        n_buurten: Value = Suppressed(self.minimum) if is_few else len(found.table)
        table = found.table if self.sees_places else found.table.iloc[:0]
        counts = [n if n >= self.minimum else Suppressed(self.minimum)
                  for n in map(int, table["n_burglaries"])]  # fmt: skip
        named = table.assign(
            naam=[self.names.get(code, code) for code in table["buurt_code"]],
            n_burglaries=pd.Series(counts, table.index, dtype=object),
        )
        return RiskWindows(found.bands, named, found.caption), n_buurten

    def suspects(self) -> pd.DataFrame | Missing:
        if not self.evidence.area.is_whole:
            return Missing("verdachten zijn alleen voor de hele gemeente geteld")
        table = self.whole.store.table("verdachten", [self.evidence.area.gemeente_code])
        least = smallest("personen", self.audience, self.evidence.cells.minimum)
        return profile(table, until=self.days.last, minimum=max(least, FEWEST_PERSONS))

    def register(self) -> pd.DataFrame | Missing:
        measures = actions.own(self.evidence)
        if isinstance(measures, Missing):
            return measures
        named = measures["gebied"].map(lambda code: self.names.get(code, code), na_action="ignore")
        return actions_at(measures.assign(gebied=named), self.days.last)


def is_counted(value: Value) -> bool:
    """Tell whether a count is known and above 0."""
    return is_known(value) and value > 0


def _without_parts(found: Forecast | Missing) -> Forecast | Missing:
    if isinstance(found, Missing):
        return found
    return replace(found, parts=found.parts.iloc[:0])


def _last_year(days: Fortnight) -> Window:
    """Return the twelve whole months up to the peildatum."""
    first = days.last.replace(day=1)
    following = add_months(first, 1)
    end = following if (following - days.last).days == 1 else first
    return Window(add_months(end, -12))


def _names(evidence: Evidence) -> dict[str, str]:
    shapes = evidence.store.areas(evidence.area.gemeente_code)
    return {} if shapes is None else dict(zip(shapes["code"], shapes["naam"], strict=True))


def _most_frequent(codes: pd.Series) -> str | None:
    found = codes.dropna().value_counts()
    return str(found.index[0]) if len(found) else None


def _number(value: Value) -> float | None:
    return float(value) if is_known(value) else None


def _order(table: pd.DataFrame, *columns: str) -> list[int]:
    """Order rows by Values, the largest first, those not known last."""

    def key(at: int) -> tuple[float, ...]:
        values = [table[name].iloc[at] for name in columns]
        return (*(-float(v) if is_known(v) else 1.0 for v in values), float(at))

    return sorted(range(len(table)), key=key)
