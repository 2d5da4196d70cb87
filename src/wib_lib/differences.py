"""What differs between what two packs of one area say.

Two key files in, changes out. Whatever a key file holds is
compared, also a block that is newer than this module. A figure that became missing or suppressed
changed; a figure that only one of two packs withholds is not repeated from the other, because
side by side they would undo the suppression. Percentages differ in percentage points.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from wib_lib.absent import Missing, Suppressed, Value, figure_of, is_known
from wib_lib.dutch import number, percent, stated

FIGURE, VERDICT, FACT = "kerncijfer", "oordeel", "gegeven"
FINDING, CLAIM = "bevinding", "uitspraak"
NUMBER, RATIO, PERCENT, SHARE = "", "verhouding", "%", "aandeel"
POINTS = "procentpunt"
# Shown where a pack has no such line at all, and where the other pack withholds it.
NOWHERE, SHOWN_THERE = "–", "getoond"
WITHHELD = "niet getoond"  # what `wib_lib.claims` says of a suppressed figure
YEARS = ("jaar", "woningen_jaar")  # numbers that are no quantity
MOST_DECIMALS = 6  # a key file has no more

LABELS = {
    "aantal.venster": "woninginbraken",
    "aantal.voorafgaand": "woninginbraken, jaar ervoor",
    "aantal.pct": "woninginbraken, verandering",
    "aantal.gemiddelde_5_jaar": "woninginbraken, gemiddelde vijf jaar ervoor",
    "pogingen.venster": "pogingen",
    "pogingen.voorafgaand": "pogingen, jaar ervoor",
    "pogingen.share": "pogingen, aandeel",
    "opheldering.venster": "opgehelderd",
    "opheldering.voorafgaand": "opgehelderd, jaar ervoor",
    "opheldering.pct": "opgehelderd, percentage",
    "woningen_jaar": "woningen, jaar",
    "per_1000_woningen.venster": "per 1.000 woningen",
    "per_1000_woningen.laag": "per 1.000 woningen, ondergrens",
    "per_1000_woningen.hoog": "per 1.000 woningen, bovengrens",
    "per_1000_woningen.landelijk": "per 1.000 woningen, landelijk",
    "per_1000_woningen.onder_landelijk": "onder landelijk",
    "effect.ratio": "vergelijking, verhouding",
    "effect.laag": "vergelijking, ondergrens",
    "effect.hoog": "vergelijking, bovengrens",
    "effect.kleinste_aantoonbare_daling_pct": "vergelijking, kleinste aantoonbare daling",
    "effect.oordeel": "vergelijking",
    "gemeente.naam": "gebied, naam",
    "gemeente.gebied": "gebied, codes",
    "ontbreekt": "ontbreekt",
}
Content = Value | str | tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """One line of a pack: its kind, what it is called, and the unit of its figure."""

    kind: str
    what: str
    unit: str = NUMBER


@dataclass(frozen=True)
class Change:
    """A line that differs; None where a pack does not have it."""

    place: Place
    old: Content | None
    new: Content | None

    @property
    def became_suppressed(self) -> bool:
        """Tell whether the new pack withholds what the old one did not."""
        return isinstance(self.new, Suppressed) and not isinstance(self.old, Suppressed)


@dataclass(frozen=True)
class Written:
    """A change in Dutch; `difference` is a signed number in `unit`, or empty."""

    old: str
    new: str
    difference: str = ""
    unit: str = ""


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """
    Compare two key files of one area.

    Parameters
    ----------
    old, new : mapping
        Content of `kerncijfers.json` (`wib_lib.keyfile`).

    Returns
    -------
    list of Change
        In the order of the files; empty when they say the same.

    Examples
    --------
    >>> found, = changes({"pogingen": {"share": 0.25}}, {"pogingen": {"share": 0.266}})
    >>> found.place.what, written(found).difference, written(found).unit
    ('pogingen, aandeel', '+1,6', 'procentpunt')
    """
    before, after = dict(_places(old)), dict(_places(new))
    secret = _suppressed_goals(old) ^ _suppressed_goals(new)
    found: list[Change] = []
    for place in dict.fromkeys([*before, *after]):
        then, now = before.get(place), after.get(place)
        if place.kind == FINDING:
            found += _came_and_went(place, then, now, is_secret=place.what in secret)
        elif then != now:
            found.append(Change(place, then, now))
    return found


def claim_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """
    Compare the sentences of two packs.

    Parameters
    ----------
    old, new : mapping
        Notebook to its claims, as `claims.json` has them.
    """
    before, after = _claims(old), _claims(new)
    found = []
    for what in dict.fromkeys([*before, *after]):
        then, now = before.get(what), after.get(what)
        if (then and then["sentence"]) != (now and now["sentence"]):
            found.append(Change(Place(CLAIM, what), *_sentences(then, now)))
    return found


def written(change: Change) -> Written:
    """
    Write a change in Dutch notation, with as many decimals as tell old from new.

    Examples
    --------
    >>> written(Change(Place(FIGURE, "aantal"), 1234, 1250))
    Written(old='1.234', new='1.250', difference='+16', unit='')
    >>> written(Change(Place(FIGURE, "pogingen"), 12, Suppressed(0)))
    Written(old='getoond', new='x', difference='', unit='')
    """
    old, new, unit = change.old, change.new, change.place.unit
    if isinstance(old, Suppressed) or isinstance(new, Suppressed):
        return Written(
            *(SHOWN_THERE if _is_number(each) else _one(each, unit) for each in (old, new))
        )
    if not (_is_number(old) and _is_number(new)):
        return Written(_one(old, unit), _one(new, unit))
    factor = 100 if unit == SHARE else 1
    decimals = _decimals(old, new, unit)
    while decimals < MOST_DECIMALS and (
        _one(old, unit, decimals) == _one(new, unit, decimals)
        or number(factor * (new - old), decimals) == number(0, decimals)
    ):
        decimals += 1
    difference = number(factor * (new - old), decimals, sign=True)
    points = POINTS if unit in (PERCENT, SHARE) else ""
    return Written(_one(old, unit, decimals), _one(new, unit, decimals), difference, points)


def _places(key_file: Mapping[str, Any]) -> Iterator[tuple[Place, Content]]:
    """List what a key file says, line by line."""
    rest = dict(key_file)
    goals, series = rest.pop("doelen", []), dict(rest.pop("reeks", {}))
    yield from _lines(rest)
    for goal in goals:
        yield from _goal(goal)
    for label, n in zip(series.pop("labels", []), series.pop("aantal", []), strict=True):
        yield Place(FIGURE, f"reeks, {label}"), figure_of({"n": n}, "n")
    yield from _lines({"reeks": series})


def _lines(block: Mapping[str, Any], path: str = "") -> Iterator[tuple[Place, Content]]:
    """List the lines of a block and of the blocks in it; in a list, blocks go by their id."""
    for field, value in block.items():
        inner = f"{path}.{field}" if path else field
        if field in ("onderdrukt", "reden"):
            continue
        if isinstance(value, Mapping):
            yield from _lines(value, inner)
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            for i, item in enumerate(value, start=1):
                name = item.get("id", i) if isinstance(item, Mapping) else i
                yield from _lines({str(name): item}, inner)
        else:
            yield _line(block, field, inner)


def _goal(goal: Mapping[str, Any]) -> Iterator[tuple[Place, Content]]:
    """List the lines of a goal; its figures are in the unit of its indicator."""
    indicator = str(goal.get("indicator", ""))
    unit = PERCENT if indicator.endswith("_pct") or indicator.startswith("share") else NUMBER
    for place, content in _lines(goal):
        if place.what != "id":
            is_own = place.what in ("oordeel", "bevindingen")
            what = _goal_name(goal) if is_own else f"{_goal_name(goal)}, {place.what}"
            yield Place(place.kind, what, unit if place.kind == FIGURE else NUMBER), content


def _goal_name(goal: Mapping[str, Any]) -> str:
    return f"doel {goal['id']}"


def _line(block: Mapping[str, Any], field: str, path: str) -> tuple[Place, Content]:
    """Read one field; what is no figure is text, and a list of texts is findings."""
    what = LABELS.get(path, path.replace("_", " ").replace(".", ", "))
    value = block[field]
    if isinstance(value, list):
        return Place(FINDING, what), tuple(map(str, value))
    if isinstance(value, str):
        return Place(VERDICT if field == "oordeel" else FACT, what), stated(value)
    if isinstance(value, bool) or field in YEARS:
        return Place(FACT, what), stated(value)
    return Place(FIGURE, what, _unit(path)), figure_of(block, field)


def _unit(path: str) -> str:
    block, _, field = path.rpartition(".")
    if field.endswith("pct"):
        return PERCENT
    return SHARE if field == "share" else RATIO if block == "effect" else NUMBER


def _suppressed_goals(key_file: Mapping[str, Any]) -> set[str]:
    return {_goal_name(goal) for goal in key_file.get("doelen", []) if goal.get("onderdrukt")}


def _came_and_went(
    place: Place, old: Content | None, new: Content | None, *, is_secret: bool
) -> list[Change]:
    """List texts that only one pack has; without the text where it may tell what is withheld."""
    then, now = (each if isinstance(each, tuple) else () for each in (old, new))
    went = [Change(place, SHOWN_THERE if is_secret else t, None) for t in then if t not in now]
    came = [Change(place, None, SHOWN_THERE if is_secret else t) for t in now if t not in then]
    return went + came


def _claims(claims: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        f"{notebook}, {claim['key']}": claim for notebook in claims for claim in claims[notebook]
    }


def _sentences(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> tuple[str | None, str | None]:
    """Return both sentences; of the one that shows what the other withholds, only that it does."""
    texts = [str(claim["sentence"]) if claim else None for claim in (old, new)]
    if sum(WITHHELD in (text or "") for text in texts) == 1:
        texts = [text if text is None or WITHHELD in text else SHOWN_THERE for text in texts]
    return texts[0], texts[1]


def _is_number(content: Any) -> TypeGuard[float]:
    return isinstance(content, int | float) and not isinstance(content, bool)


def _decimals(old: Any, new: Any, unit: str) -> int:
    if unit == RATIO:
        return 2
    is_whole = all(float(value).is_integer() for value in (old, new))
    return 0 if is_whole and unit == NUMBER else 1


def _one(content: Content | None, unit: str, decimals: int | None = None) -> str:
    """Write one side of a change; a missing figure with its reason."""
    if content is None:
        return NOWHERE
    if isinstance(content, str | tuple):
        return content if isinstance(content, str) else ", ".join(content)
    if not is_known(content):
        return f". ({content.reason})" if isinstance(content, Missing) else number(content)
    decimals = _decimals(content, content, unit) if decimals is None else decimals
    if unit in (PERCENT, SHARE):
        return percent(100 * content if unit == SHARE else content, decimals)
    return number(content, decimals)
