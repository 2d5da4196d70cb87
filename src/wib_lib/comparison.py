"""Two runs side by side: `wib diff`, read by the analyst before a pack is sent again.

What changed per area, and what the packs were made from that differs. When figures differ and
nothing they were made from does, that is a defect, and it is said.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wib_lib.differences import (
    CLAIM,
    FACT,
    FIGURE,
    FINDING,
    NOWHERE,
    SHOWN_THERE,
    VERDICT,
    Change,
    changes,
    claim_changes,
    written,
)
from wib_lib.dutch import listing
from wib_lib.errors import RunError
from wib_lib.packfile import Pack
from wib_lib.provenance import MODULE, NOTEBOOK, PART, Cause, can_trace, causes
from wib_lib.runs import Packs, chosen

if TYPE_CHECKING:  # heavy to import, for a comparison that may only end in an error
    from rich.table import Table

PLURAL = {
    VERDICT: "oordelen",
    FIGURE: "kerncijfers",
    FACT: "gegevens",
    FINDING: "bevindingen",
    CLAIM: "uitspraken",
}
COLUMNS = ("gebied", "soort", "wat", "oud", "nieuw", "verschil", "eenheid")
SHOWN = ("gebied", "wat", "oud", "nieuw", "verschil")  # unit and difference together
ONLY_NAMES = (PART, NOTEBOOK, MODULE)  # their digests tell an analyst nothing
FEW = 3  # areas that a line names one by one
LEGEND = (
    f"x = onderdrukt; . = niet bekend, met de reden; {NOWHERE} = staat niet in dat pakket; "
    f"{SHOWN_THERE} = dat pakket geeft het cijfer wel, maar hier wordt het niet herhaald."
)


@dataclass(frozen=True)
class AreaDifference:
    """What differs for one area; `old` or `new` is None where it has no pack."""

    name: str
    old: Pack | None
    new: Pack | None
    changes: tuple[Change, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def is_traced(self) -> bool:
        """Tell whether both packs record all that they were made from."""
        return all(pack is not None and can_trace(pack.manifest) for pack in (self.old, self.new))

    @property
    def is_defect(self) -> bool:
        """Tell whether something changed that nothing explains."""
        return self.is_traced and bool(self.changes) and not self.causes


@dataclass(frozen=True)
class Comparison:
    """Two runs compared."""

    dataset: str
    audience: str
    old: Packs
    new: Packs
    areas: tuple[AreaDifference, ...]

    @property
    def shared(self) -> list[AreaDifference]:
        """Areas with a pack on both sides."""
        return [area for area in self.areas if area.old and area.new]


def compare(old: Packs, new: Packs, *, areas: Sequence[str] = ()) -> Comparison:
    """
    Compare two runs.

    Parameters
    ----------
    old, new : Packs
    areas : sequence of str
        Only these; all when empty.

    Raises
    ------
    RunError
        When the packs are of different datasets or audiences, or have none of the areas.
    """
    dataset = _same(old, new, "dataset", "datasets")
    audience = _same(old, new, "audience", "doelgroepen")
    known = list(dict.fromkeys([*old.packs, *new.packs]))
    old, new = chosen(old, areas), chosen(new, areas)
    names = [name for name in known if name in old.packs or name in new.packs]
    if not names:
        raise RunError(
            f"van {listing(areas, last='of')} is in geen van beide runs een pakket; er zijn "
            f"pakketten van: {', '.join(known)}."
        )
    found = (_area(name, old.packs.get(name), new.packs.get(name)) for name in names)
    return Comparison(dataset, audience, old, new, tuple(found))


def _same(old: Packs, new: Packs, key: str, plural: str) -> str:
    values = dict.fromkeys(
        str(pack.key_file[key]) for side in (old, new) for pack in side.packs.values()
    )
    if len(values) > 1:
        raise RunError(
            f"de pakketten zijn van verschillende {plural} ({listing(list(values))}) en daarom "
            "niet te vergelijken; kies twee runs van dezelfde."
        )
    return next(iter(values))


def _area(name: str, old: Pack | None, new: Pack | None) -> AreaDifference:
    if old is None or new is None:
        return AreaDifference(name, old, new)
    found = changes(old.key_file, new.key_file)
    if old.claims is not None and new.claims is not None:
        found += claim_changes(old.claims, new.claims)
    return AreaDifference(name, old, new, tuple(found), tuple(causes(old.manifest, new.manifest)))


def sentences(found: Comparison) -> list[str]:
    """Say in a few sentences what changed, and whether that can be traced."""
    shared = found.shared
    changed = [area for area in shared if area.changes]
    said = [_what_changed(found)]
    withheld = sum(change.became_suppressed for area in changed for change in area.changes)
    if withheld:
        said.append(f"Nu onderdrukt en eerder niet: {_count(FIGURE, withheld)}.")
    for word, absent in (("Nieuw", "old"), ("Vervallen", "new")):
        names = [area.name for area in found.areas if getattr(area, absent) is None]
        said += [f"{word}: een pakket van {listing(names)}."] if names else []
    unread = [a.name for a in shared if a.old and a.new and None in (a.old.claims, a.new.claims)]
    if unread:
        said.append(f"Uitspraken zijn niet bewaard en niet vergeleken: {listing(unread)}.")
    untraced = [area.name for area in shared if not area.is_traced]
    if untraced:
        said.append(
            f"Met welke notebooks, code en delen van de levering een pakket van {listing(untraced)} "
            "is gemaakt, is niet bewaard; waardoor iets verschilt, is daar niet volledig te zeggen."
        )
    defects = [area.name for area in shared if area.is_defect]
    if defects:
        said.append(
            f"Niet te herleiden: in {listing(defects)} verschilt iets, terwijl invoer, parameters, "
            "notebooks, bibliotheek en pakketversies gelijk zijn. Dat is een fout; zoek die uit "
            "voordat u een pakket verstuurt."
        )
    return said


def _together(names: Sequence[str]) -> list[str]:
    """
    Shorten what many areas have in common.

    Examples
    --------
    >>> _together([*(f"aantallen van GM{n:04}" for n in range(27)), "acties van GM0513"])
    ['aantallen van 27 gebieden', 'acties van GM0513']
    """
    tables = Counter(name.partition(" van ")[0] for name in names)
    return list(
        dict.fromkeys(
            f"{table} van {tables[table]} gebieden" if tables[table] > FEW else name
            for name in names
            for table in [name.partition(" van ")[0]]
        )
    )


def _what_changed(found: Comparison) -> str:
    shared = found.shared
    changed = [area for area in shared if area.changes]
    if not shared:
        return "Geen enkel gebied heeft in beide runs een pakket."
    where = shared[0].name if len(shared) == 1 else f"{len(shared)} gebieden"
    if not changed:
        made = ", al verschilt waarmee ze zijn gemaakt" if any(a.causes for a in shared) else ""
        return (
            f"De twee runs zijn gelijk: in {where} verschilt geen cijfer, oordeel, bevinding of "
            f"uitspraak{made}."
        )
    counts = Counter(change.place.kind for area in changed for change in area.changes)
    listed = listing([_count(kind, counts[kind]) for kind in PLURAL if counts[kind]])
    where = where if len(shared) == 1 else f"{len(changed)} van de {where}"
    return f"In {where} verschilt iets: {listed}."


def _count(kind: str, n: int) -> str:
    return f"{n} {kind if n == 1 else PLURAL[kind]}"


def rows(found: Comparison, *kinds: str) -> Iterator[tuple[str, ...]]:
    """Give a row of texts per change, as in `COLUMNS`; only these kinds when given."""
    for area in found.areas:
        for change in area.changes:
            if not kinds or change.place.kind in kinds:
                said = written(change)
                cells = (said.old, said.new, said.difference, said.unit)
                yield area.name, change.place.kind, change.place.what, *cells


def by_cause(found: Comparison) -> dict[tuple[Cause, ...], list[str]]:
    """Put areas together for which the same differs."""
    groups: dict[tuple[Cause, ...], list[str]] = {}
    for area in found.shared:
        if area.causes or area.changes:
            groups.setdefault(area.causes, []).append(area.name)
    return groups


def printed(found: Comparison) -> Iterator["Table | str"]:
    """Give what the terminal shows: a table of changes without sentences, then the causes."""
    from rich.table import Table

    shown = list(rows(found, *(kind for kind in PLURAL if kind != CLAIM)))
    if shown:
        table = Table(*(name.capitalize() for name in SHOWN))
        for area, _, what, old, new, difference, unit in shown:
            table.add_row(area, what, old, new, f"{difference} {unit}".strip())
        yield table
        yield LEGEND
    for group, names in by_cause(found).items():
        yield f"Waardoor, voor {listing(names)}:"
        yield from (f"  {line}" for line in because(group))


def because(group: Sequence[Cause]) -> list[str]:
    """
    Write causes as lines.

    Examples
    --------
    >>> because([Cause("parameter", "venster_maanden", "12", "6"), Cause(MODULE, "trend", "a", "b")])
    ['parameter venster_maanden: 12 → 6', 'module van de bibliotheek: trend']
    """
    lines = [
        f"{cause.kind} {cause.name}: {cause.old or NOWHERE} → {cause.new or NOWHERE}"
        for cause in group
        if cause.kind not in ONLY_NAMES
    ]
    for kind in ONLY_NAMES:
        names = [cause.name for cause in group if cause.kind == kind]
        lines += [f"{kind}: {', '.join(_together(names))}"] if names else []
    return lines or ["niets van wat wordt vastgelegd: niet te herleiden"]
