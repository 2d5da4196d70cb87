"""From what and by what two packs of one area were made: what could explain that they differ.

Two manifests in, causes out: delivered files and the parts of them that were read, parameters,
notebooks, modules of the library, versions of packages. Nothing else goes into a pack, so a
figure that differs without a cause is a defect.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wib_lib.dutch import stated

# Kinds of cause, in the order in which an analyst looks for one.
FILE, PART, PARAMETER, AREA = (
    "invoerbestand",
    "deel van de levering",
    "parameter",
    "gebied van de aanpak",
)
NOTEBOOK, MODULE, PACKAGE = "notebook", "module van de bibliotheek", "pakketversie"
MADE_OF = "gemaakt_van"
PUBLISHED = "gepubliceerd"  # in a manifest without the digests of confidential tables
SHORT = 12  # characters of a digest that tell two apart


@dataclass(frozen=True)
class Cause:
    """Something that two packs were made from, and that differs; empty where it was not there."""

    kind: str
    name: str
    old: str
    new: str


def causes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Cause]:
    """
    Compare from what and by what two packs of one area were made.

    Parameters
    ----------
    old, new : mapping
        Content of `manifest.json`. When either comes from a version that did not yet record
        code and parts of the delivery (`can_trace`), only what both record is compared; when
        either is that of a published pack, only what such a pack tells.

    Examples
    --------
    >>> old, new = ({"parameters": {"venster_maanden": n}} for n in (12, 6))
    >>> causes(old, new)
    [Cause(kind='parameter', name='venster_maanden', old='12', new='6')]
    """
    is_whole = can_trace(old) and can_trace(new)
    is_published = PUBLISHED in old or PUBLISHED in new
    before, after = (_made_of(manifest, is_published) for manifest in (old, new))
    found = []
    for kind in before:
        then, now = before[kind], after[kind]
        if (kind == PART and is_published) or (not is_whole and kind not in (FILE, PARAMETER)):
            then, now = ({name: part[name] for name in then.keys() & now} for part in (then, now))
        found += [
            Cause(kind, name, then.get(name, ""), now.get(name, ""))
            for name in dict.fromkeys([*then, *now])
            if then.get(name) != now.get(name)
        ]
    return found


def can_trace(manifest: Mapping[str, Any]) -> bool:
    """Tell whether a manifest records the code and the delivered parts a pack rests on."""
    return MADE_OF in manifest


def _made_of(manifest: Mapping[str, Any], is_published: bool) -> dict[str, dict[str, str]]:
    """Return per kind of cause what a pack was made from, or may publish of that, by name."""
    made = manifest.get(MADE_OF, {})
    return {
        FILE: {item["bestand"]: _file(item, is_published) for item in manifest.get("invoer", [])},
        PART: {_part(name): value for name, value in made.get("gegevens", {}).items()},
        PARAMETER: dict(_leaves(manifest.get("parameters", {}))),
        AREA: dict(made.get("gebieden", {})),
        NOTEBOOK: dict(made.get("notebooks", {})),
        MODULE: dict(made.get("bibliotheek", {})),
        PACKAGE: {name: str(v) for name, v in manifest.get("pakketten", {}).items()},
    }


def _file(item: Mapping[str, Any], is_published: bool) -> str:
    as_of = f"peildatum {stated(item['peildatum'])}"
    is_told = not is_published or item.get("privacyklasse") == "V0"
    return f"{item['sha256'][:SHORT]}, {as_of}" if is_told else as_of


def _part(name: str) -> str:
    """
    Name a part of a delivery as an analyst does.

    Examples
    --------
    >>> _part("incidenten/GM0513"), _part("aantallen/*"), _part("beschrijving")
    ('incidenten van GM0513', 'aantallen (geheel)', 'beschrijving')
    """
    table, _, area = name.partition("/")
    return table if not area else f"{table} (geheel)" if area == "*" else f"{table} van {area}"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """List values with their path; what is in a list goes by its id or its place."""
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        value = {str(item.get("id", i)): item for i, item in enumerate(value, start=1)}
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    else:
        yield path, stated(value if value != {} else None)
