"""The release: which police counts each audience may see, worked out over all tables at once.

All declared tables of all areas go into one system of cells and sums, with what earlier packs
showed and hid; small counts and what would give them away are hidden, and the result is audited.
What comes out per area is all that notebooks know of police counts, so no form of a pack can show
a cell that another hides. The audience `analist` gets everything.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from wib_lib import cubes
from wib_lib.absent import Missing, Suppressed, Value
from wib_lib.audiences import MINIMUM, NO, PUBLIC, YES, rule, smallest
from wib_lib.codes import Area
from wib_lib.cubes import MEASURE, NINE, TABLES, TOGETHER, Counted, Declared
from wib_lib.disclosure import (
    Cube,
    Dimension,
    Ledger,
    Protection,
    System,
    audit,
    overlapping,
    protect,
    system,
)
from wib_lib.disclosure.cells import cell_key, codes_of
from wib_lib.disclosure.protection import SHOWN
from wib_lib.evidence import REFERENCE, Evidence
from wib_lib.fortnight_counts import part_overlap
from wib_lib.periods import Window
from wib_lib.series import Series

REGION = "werkgroep"  # the nine together, released beside the areas
NOT_FOR = "niet bestemd voor deze lezers"


@dataclass(frozen=True)
class Release:
    """
    What one area's packs may say of police counts.

    Parameters
    ----------
    audience : str
    minimum : int
        Smallest count that these readers may see.
    cells : mapping of str to int or None
        Key of a cell (`wib_lib.disclosure.cells.cell_key`) to its count; None when hidden.
    absent : mapping of str to str
        Declared table to why it has no cells.
    series : mapping
        Other areas and regions by name: `bron`, `openbaar`, and `totalen` by period, a text where
        there is none.
    filled : mapping
        Delivered table to its filled columns and files, for the checklist.
    reads : mapping of str to str
        Parts of the delivery that this rests on, with their digests.
    open_cells : list of str
        Hidden cells that the audit finds recoverable: nothing may be exported.
    findings : list of str
        What could not be protected, for the analyst.
    has_buurten : bool
    source : str
    is_public : bool
        The area's own counts come from open data.
    hidden_counts : mapping of str to int
        Counts of the hidden cells, for the ledger; no notebook gets them.
    """

    audience: str
    minimum: int
    cells: Mapping[str, int | None]
    absent: Mapping[str, str]
    series: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    filled: Mapping[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    open_cells: Sequence[str] = ()
    findings: Sequence[str] = ()
    has_buurten: bool = False
    source: str = ""
    is_public: bool = False
    hidden_counts: Mapping[str, int] = field(default_factory=dict, repr=False)

    def value(self, table: str, **codes: str) -> Value:
        """
        Look a cell up.

        Parameters
        ----------
        table : str
            Name in `wib_lib.cubes.TABLES`, for the reason when there is no such cell.
        **codes
            Codes by dimension.

        Examples
        --------
        >>> released = Release("werkgroep", 5, {"incidenten;gebied=GM1842": None}, {})
        >>> released.value("aantallen", gebied="GM1842")
        Suppressed(minimum=5)
        """
        key = cell_key(MEASURE, codes)
        if key not in self.cells:
            return Missing(self.absent.get(table, "niet geleverd"))
        n = self.cells[key]
        return Suppressed(self.minimum) if n is None else n

    @property
    def share_kept(self) -> float:
        """Shown cells as a share of all; 1 without cells."""
        return 1 - len(self.hidden) / len(self.cells) if self.cells else 1.0

    @property
    def hidden(self) -> list[str]:
        """
        Keys of the hidden cells, by name: any other order may tell which count is larger.

        Examples
        --------
        >>> Release("werkgroep", 5, {"b": None, "c": 8, "a": None}, {}).hidden
        ['a', 'b']
        """
        return sorted(key for key, n in self.cells.items() if n is None)

    @property
    def has_small_parts(self) -> bool:
        """Tell whether counts of buurten below the minimum are shown, as their owner does."""
        return any(
            0 < (n or 0) < self.minimum and codes_of(key)[1].get("gebied", "").startswith("BU")
            for key, n in self.cells.items()
        )


@dataclass(frozen=True)
class Published:
    """
    What packs showed and hid before.

    Parameters
    ----------
    entries : mapping of str to DataFrame
        The ledger by the slug of the area it is of.
    fortnights : mapping of str to set of str
        Codes of the two weeks of which ways, moments or buurten were shown, by slug.
    """

    entries: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    fortnights: Mapping[str, Collection[str]] = field(default_factory=dict)

    def of(self, slugs: Iterable[str]) -> Ledger:
        """Return the ledger of some areas."""
        found = [self.entries[slug] for slug in sorted(slugs) if slug in self.entries]
        return Ledger(pd.concat(found, ignore_index=True)) if found else Ledger.empty()


@dataclass(frozen=True)
class _Area:
    """One area on its way into the system: what was counted, its rows left behind."""

    code: str
    audience: str
    minimum: int
    parts: Mapping[str, tuple[str, ...]]
    gemeente: str | None  # that holds the area, when it is a part of one
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def count(self, counted: Counted) -> None:
        for name, declared in TABLES.items():
            least = smallest(declared.kind, self.audience, self.minimum)
            found = declared.cells(counted, least)
            if isinstance(found, Missing):
                self.absent[name] = found.reason
                continue
            allowed = [cell for row in found if (cell := self._allowed(row, declared))]
            if allowed:
                self.frames[name] = pd.DataFrame(allowed)
            else:
                self.absent[name] = NOT_FOR

    def withhold_overlap(self, told: Collection[str]) -> None:
        """Withhold divided weeks that overlap such weeks told before: the days between would show."""
        tables = [name for name in cubes.DIVIDED if name in self.frames]
        own = {code for name in tables for code in self.frames[name]["periode"]}
        other = part_overlap(own, told)
        if other is None:
            return
        reason = (
            f"zij overlappen met {other.label}, waarover al een pakket is gemaakt, en het verschil "
            "kan één woninginbraak verraden; kies een peildatum die daar een veelvoud van twee "
            "weken van verschilt"
        )
        for name in tables:
            del self.frames[name]
            self.absent[name] = reason

    def _is_barred(self, kind: str, is_public: bool) -> bool:
        found = rule(kind, self.audience)
        return found == NO or (found == PUBLIC and not is_public)

    def _allowed(self, row: dict[str, object], declared: Declared) -> dict[str, object] | None:
        """Apply the matrix to a cell; what is shown whole counts as known to every reader."""
        kind, is_public = str(row.get("kind", declared.kind)), bool(row.get("is_public"))
        found = rule(kind, self.audience)
        if any(self._is_barred(name, is_public) for name in (kind, declared.kind)):
            return None
        least = smallest(kind, self.audience, self.minimum)
        n = int(row["n"])  # type: ignore[call-overload]
        codes = {name: row[name] for name in declared.dimensions}
        return codes | {
            "n": n,
            "is_public": is_public or found in (YES, PUBLIC),
            "is_published": bool(row.get("is_published", True)),
            "is_forced": found == MINIMUM and not is_public and 0 < n < least,
        }


def release(
    evidences: Iterable[tuple[str, Evidence]],
    audience: str,
    ledger: "Published",
    *,
    approach: Iterable[str],
) -> dict[str, Release]:
    """
    Work out what the packs of all areas may show to an audience.

    Parameters
    ----------
    evidences : iterable of (str, Evidence)
        With its slug every area of the approach, and what else is run; one is held at a time.
    audience : str
    ledger : Published
        What earlier packs showed and hid.
    approach : iterable of str
        Slugs of the nine, which are protected together.

    Returns
    -------
    dict of str to Release
        By slug, and under `werkgroep` the nine together.
    """
    shared = _Shared()
    areas: dict[str, _Area] = {}
    for slug, evidence in evidences:
        areas[slug] = _counted(evidence, audience, shared)
        if audience != "analist":
            areas[slug].withhold_overlap(ledger.fortnights.get(slug, ()))
    nine = [slug for slug in approach if slug in areas] if audience != "driehoek" else []
    groups = [nine, *([slug] for slug in areas if slug not in nine)]
    found: dict[str, Release] = {}
    for group in filter(None, groups):
        members = {slug: areas[slug] for slug in group}
        before = ledger.of({*members, REGION}) if len(group) > 1 else ledger.of(members)
        found |= _released(members, audience, before)
    if nine:  # no figure of all nine together is a release too
        found.setdefault(REGION, Release(audience, areas[nine[0]].minimum, {}, {}))
    return found


def _counted(evidence: Evidence, audience: str, shared: "_Shared") -> _Area:
    """Count an area's tables."""
    area, params = evidence.area, evidence.params
    rows = Counted(evidence)
    counted = _Area(
        cubes.area_code(area),
        audience,
        int(getattr(params.drempels, audience)),
        rows.parts,
        None if area.is_whole else area.gemeente_code,
    )
    counted.count(rows)
    counted.facts.update(
        series=shared.series(evidence),
        filled=_filled(evidence),
        has_buurten=evidence.has_buurten,
        source=evidence.counts.source,
        is_public=isinstance(evidence.series, Series) and evidence.series.is_public,
        reads=dict(sorted(evidence.store.reads.items())),
    )
    return counted


class _Shared:
    """Totals of country, region and other areas, worked out once for all areas that ask."""

    def __init__(self) -> None:
        self._known: dict[Any, tuple[dict[str, Any], dict[str, str]]] = {}

    def series(self, evidence: Evidence) -> dict[str, dict[str, Any]]:
        """Totals over the windows of an area, by name; every audience may see them."""
        params, unit = evidence.params, evidence.params.eenheid
        codes = evidence.reference_codes
        found = {
            "NL00": self._of(evidence, "NL00", lambda: evidence.country),
            unit.naam: self._region(evidence, list(unit.gemeenten), unit.naam),
            REFERENCE: self._region(evidence, codes, REFERENCE),
        }
        for code in codes:
            found[code] = self._region(evidence, [code], unit.gemeenten[code])
        guests = {name: Area(code) for code, name in params.vergelijking.items()}
        for name, area in {**evidence.other_areas, **guests}.items():
            found[name] = self._of(evidence, area, partial(evidence.series_of, name, area))
        return found

    def _region(self, evidence: Evidence, codes: list[str], name: str) -> dict[str, Any]:
        return self._of(evidence, tuple(codes), lambda: evidence.region_series(codes, name))

    def _of(
        self, evidence: Evidence, what: Any, ask: Callable[[], Series | Missing]
    ) -> dict[str, Any]:
        spans = cubes.windows(evidence)
        key = what, tuple(spans), evidence.params.periodetoewijzing
        if key not in self._known:
            earlier = dict(evidence.store.reads)
            evidence.store.reads.clear()
            self._known[key] = _series(ask(), spans), dict(evidence.store.reads)
            evidence.store.reads.update(earlier)
        found, reads = self._known[key]
        evidence.store.reads.update(reads)
        return found


def _series(series: Series | Missing, spans: Sequence[Window]) -> dict[str, Any]:
    if isinstance(series, Missing):
        return {"reden": series.reason}
    totals = {cubes.period_code(span): series.total(span) for span in spans}
    plain = {code: n.reason if isinstance(n, Missing) else n for code, n in totals.items()
             if not isinstance(n, Suppressed)}  # fmt: skip
    return {"bron": series.source, "openbaar": series.is_public, "totalen": plain}


def _released(members: Mapping[str, _Area], audience: str, ledger: Ledger) -> dict[str, Release]:
    """Protect a group of areas as one system and hand out its cells."""
    if not any(area.frames.keys() - cubes.APART for area in members.values()):
        return {
            slug: Release(audience, area.minimum, _apart(area), area.absent, **area.facts)
            for slug, area in members.items()
        }
    minimum = max(area.minimum for area in members.values())
    own = next(iter(members)) if audience == "driehoek" else ""
    linked, protection = _protected(members, audience, minimum, ledger, own)
    cells = protection.cells[protection.cells["key"].isin(_keys(members))].sort_values("key")
    still = _recoverable(linked, protection)
    owner = _owners(members)
    slugs = [owner.get(place, REGION) for place in cells["gebied"]]
    found: dict[str, Release] = {}
    for slug in dict.fromkeys(slugs):
        rows = cells[[other == slug for other in slugs]]
        keys = set(rows["key"])
        about = protection.findings[protection.findings["key"].isin(keys)]
        area = members.get(slug)
        found[slug] = Release(
            audience=audience,
            minimum=area.minimum if area else minimum,
            cells={
                key: int(n) if status == SHOWN else None
                for key, n, status in zip(rows["key"], rows["n"], rows["status"], strict=True)
            }
            | (_apart(area) if area else {}),
            absent=area.absent if area else {},
            open_cells=[key for key in still if key in keys],
            findings=sorted(about["text"]),
            hidden_counts=dict(
                rows.loc[rows["status"].ne(SHOWN), ["key", "n"]].astype(object).values.tolist()
            ),
            **(area.facts if area else {}),
        )
    for slug, area in members.items():
        if slug not in found:
            found[slug] = Release(audience, area.minimum, _apart(area), area.absent, **area.facts)
    return found


def _apart(area: _Area) -> dict[str, int | None]:
    """Return the cells that need no protection: each may be shown, and hides no other."""
    return {
        cell_key(MEASURE, {dimension: row[dimension] for dimension in TABLES[name].dimensions}):
        None if row["is_forced"] else int(row["n"])
        for name in TABLES
        if name in cubes.APART and name in area.frames
        for row in area.frames[name].to_dict("records")
    }  # fmt: skip


def _keys(members: Mapping[str, _Area]) -> set[str]:
    """Keys of all cells that packs have a place for."""
    return {
        cell_key(cube.measure, {name: row[name] for name in cube.dimensions})
        for cube in _cubes(_tables(members))
        for row in cube.cells.to_dict("records")
    }


def _recoverable(linked: System, protection: Protection) -> list[str]:
    """Hidden cells that a reader can work out, and that no finding explains."""
    if protection.minimum == 1:
        return []
    checked = audit(linked, protection)
    explained = protection.findings.loc[
        protection.findings["finding"].eq("niet_te_beveiligen"), "key"
    ]
    wrong = checked[checked["is_exact"] | checked["is_too_narrow"]]
    return sorted(set(wrong["key"]) - set(explained))


def _filled(evidence: Evidence) -> dict[str, tuple[list[str], list[str]]]:
    tables = sorted({item.table for item in evidence.store.described})
    found = {table: evidence.filled(table) for table in tables}
    return {
        table: (sorted(columns), sorted({item.bestand for item in files}))
        for table, both in found.items()
        if both
        for columns, files in [both]
    }


def _owners(members: Mapping[str, _Area]) -> dict[str, str]:
    """Say to which area each code of a place belongs."""
    owner: dict[str, str] = {}
    for slug, area in members.items():
        codes = {code for frame in area.frames.values() for code in frame["gebied"]}
        owner |= dict.fromkeys([area.code, *codes], slug)
    return owner


def _tables(members: Mapping[str, _Area]) -> dict[str, pd.DataFrame]:
    """Stack the areas' tables, the nine together added where all have the same cells."""
    stacked = {
        name: pd.concat(frames, ignore_index=True)
        for name in TABLES
        if name not in cubes.APART
        if (frames := [area.frames[name] for area in members.values() if name in area.frames])
    }
    if len(members) > 1:
        for name in TOGETHER:
            whole = _together(name, stacked.get(name), len(members), members)
            if whole is not None:
                stacked[name] = pd.concat([stacked[name], whole], ignore_index=True)
    return stacked


def _together(
    name: str, frame: pd.DataFrame | None, n_areas: int, members: Mapping[str, _Area]
) -> pd.DataFrame | None:
    if frame is None:
        return None
    own = frame[frame["gebied"].isin([area.code for area in members.values()])]
    others = [name for name in TABLES[name].dimensions if name != "gebied"]
    grouped = own.groupby(others)
    summed = grouped.agg(n=("n", "sum"), n_areas=("n", "size"), is_public=("is_public", "all"))
    whole = summed[summed["n_areas"].eq(n_areas)].reset_index()
    is_feature = ~whole.get("poging", pd.Series("", index=whole.index)).isin(
        [cubes.KNOWN, cubes.UNKNOWN]
    )
    public = whole["is_public"] if name == "aantallen" else whole["is_public"] & ~is_feature
    return whole.assign(gebied=NINE, is_public=public, is_forced=False, is_published=True)


def _protected(
    members: Mapping[str, _Area], audience: str, minimum: int, ledger: Ledger, own: str
) -> tuple[System, Protection]:
    tables = _tables(members)
    new = _cubes(tables)
    if audience == "analist":
        linked = system(new, [])
        return linked, protect(linked, minimum=1)
    before = ledger.earlier(new, audience, area=own)
    periods = {code for frame in tables.values() for code in frame["periode"]}
    earlier = {
        code
        for cube in before.cubes
        if "periode" in cube.dimensions
        for code in cube.cells["periode"]
    }
    dimensions = [
        Dimension("gebied", _places(members, tables)),
        _time(periods, earlier),
        *(
            Dimension(name, {k: list(v) for k, v in sums.items()})
            for name, sums in _features(tables)
        ),
    ]
    linked = system([*new, *before.cubes], dimensions)
    forced = [
        cell_key(cube.measure, {name: row[name] for name in cube.dimensions})
        for cube in new
        for row in cube.cells[cube.cells["is_forced"]].to_dict("records")
    ]
    hidden = {*before.hidden, *forced}
    return linked, protect(linked, minimum=minimum, hidden=hidden, known=before.known)


def _cubes(tables: Mapping[str, pd.DataFrame]) -> list[Cube]:
    return [
        Cube(TABLES[name].text, MEASURE, TABLES[name].dimensions, frame)
        for name, frame in tables.items()
    ]


def _places(
    members: Mapping[str, _Area], tables: Mapping[str, pd.DataFrame]
) -> dict[str, list[tuple[str, ...]]]:
    """Say which places are the exact sum of which: the nine, a gemeente, its wijken."""
    sums: dict[str, list[tuple[str, ...]]] = {}
    for area in members.values():
        if "delen" in area.frames:
            sums |= {code: [parts] for code, parts in area.parts.items()}
        if area.gemeente:
            sums[area.gemeente] = [(area.code, f"{area.gemeente}-rest")]
    if any(frame["gebied"].eq(NINE).any() for frame in tables.values()):
        sums[NINE] = [tuple(area.code for area in members.values())]
    return sums


def _time(now: set[str], earlier: set[str]) -> Dimension:
    """Months make windows; windows that overlap are parted, so that their difference is a cell."""
    spans = {code: cubes.months_of(cubes.window_of(code)) for code in sorted(now | earlier)}
    months = {months[0] for months in spans.values() if len(months) == 1}
    sums: dict[str, list[tuple[str, ...]]] = {
        code: [tuple(inside)]
        for code, inside in spans.items()
        if len(inside) > 1 and months.issuperset(inside)
    }
    windows = {code: inside for code, inside in spans.items() if len(inside) > 1}
    if not _overlap(windows):
        return Dimension("periode", sums)
    for code, ways in overlapping("periode", windows).sums.items():
        sums[code] = list(dict.fromkeys([*sums.get(code, []), *ways]))
    return Dimension("periode", sums, is_overlapping=True)


def _overlap(windows: Mapping[str, Sequence[str]]) -> bool:
    inside = [month for months in windows.values() for month in months]
    return len(inside) > len(set(inside))


def _features(
    tables: Mapping[str, pd.DataFrame],
) -> list[tuple[str, Mapping[str, Iterable[tuple[str, ...]]]]]:
    """Say what each feature divides incidents into; merged categories differ per area."""
    found = list(cubes.FEATURES.items())
    for name, frame in tables.items():
        dimension = TABLES[name].dimensions[-1]
        if dimension in cubes.FEATURES or dimension == "periode":
            continue
        per_area = frame.groupby("gebied")[dimension].unique()
        found.append((dimension, {"": [tuple(sorted(codes)) for codes in per_area]}))
    return found
