"""Letters that ask the owner of a source for what is missing or can be mended.

One letter per owner, as plain text to be completed and signed: whom it is for and when it is due is
left open, and marked so. It holds counts and names of fields, never a row, an address or a place.
"""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from wib_lib.absent import is_known
from wib_lib.checklist import ABSENT
from wib_lib.checklist.parts import PARTS
from wib_lib.disclosure import screened_part
from wib_lib.dutch import listing, number
from wib_lib.elsewhere import slugify
from wib_lib.store import Delivered

WIDTH = 88
OUR_CHOICE = ("buiten_delictselectie", "jaartotaal_naast_maanden")  # left out by us, not wrong
FORM_ROWS = (
    "Lever registraties als CSV-bestand: één rij per incident, met in de eerste rij de namen van "
    "de velden. Vervang registratienummer, straat en adres door een pseudoniem met een sleutel "
    "die bij u blijft. Lever geen namen, geboortedata, telefoonnummers, huisnummers of vrije tekst."
)
FORM_COUNTS = (
    "Lever aantallen als Excel- of CSV-bestand: één rij per gebied en periode, met de gemeente-, "
    "wijk- of buurtcode van het CBS en de peildatum. Over personen vragen wij alleen aantallen; "
    "onderdruk zelf wat te klein is om te tonen."
)

OPENING = (
    "Voor de evaluatie van de aanpak woninginbraken hebben wij de gegevens gecontroleerd die tot nu "
    "toe zijn geleverd: {dataset}. Met deze brief vragen wij uw hulp."
)
MISSING_HEAD = "Wat nog ontbreekt (de nummers zijn die van de checklist informatie-analyse):"
MENDING_HEAD = "Wat in de levering beter kan (laat ook weten als iets klopt zoals het is):"
HOW = (
    "Noem bij elk bestand de bronhouder, de peildatum en de periode die het dekt. Lever langs de "
    "beveiligde weg die met u is afgesproken: [WIJZE VAN AANLEVEREN INVULLEN]."
)
WHEN = (
    "Wij ontvangen de gegevens graag uiterlijk [DATUM INVULLEN], bij [ONTVANGER INVULLEN]. Kunt u "
    "iets niet leveren, laat dat dan ook weten; het staat dan als 'niet geleverd' in de evaluatie."
)


def letters(
    coverage: Mapping[str, pd.DataFrame],
    delivered: Sequence[Delivered],
    points: Sequence[tuple[str, str, str]],
    *,
    dataset: str,
    minimum: int,
) -> dict[str, str]:
    """
    Write a letter to every owner who is asked for something.

    Parameters
    ----------
    coverage : mapping of str to DataFrame
        By area, as `assessment.coverage` gives.
    delivered : sequence of Delivered
        Files of the delivery.
    points : sequence of (found, certainty, request)
        About the incidents, as `quality_text.sentences` gives.
    dataset : str
        Name of the delivery for a reader.
    minimum : int
        Smallest count that may be shown.

    Returns
    -------
    dict of str to str
        File name without suffix to text; no letter for an owner without a request.
    """
    owners = list(dict.fromkeys(part.owner for part in PARTS))
    missing = missing_parts(coverage)
    mending: dict[str, list[str]] = {}
    for item in delivered:
        owner = _owner(item.bronhouder, owners)
        mending.setdefault(owner, []).extend(_refused(item, minimum))
        if item.table == "incidenten":
            asked = [f"{found} {request}" for found, _, request in points]
            mending[owner].extend(line for line in asked if line not in mending[owner])
    found = {}
    for owner in dict.fromkeys([*missing, *mending]):
        asks, mends = missing.get(owner, []), mending.get(owner, [])
        if asks or mends:
            has_rows = any(i.table == "incidenten" and _owner(i.bronhouder, owners) == owner
                           for i in delivered)  # fmt: skip
            found[slugify(owner)] = _letter(owner, asks, mends, dataset=dataset, has_rows=has_rows)
    return found


def missing_parts(coverage: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """
    List the parts of the checklist that were not delivered, per owner, with the areas.

    Examples
    --------
    >>> rows = pd.DataFrame({"number": ["4"], "text": ["Woningen met PKVW-certificaat"],
    ...                      "owner": ["Gemeente"], "status": ["niet geleverd"]})
    >>> missing_parts({"Gouda": rows})
    {'Gemeente': ['4. Woningen met PKVW-certificaat (Gouda)']}
    """
    rows = [table[table["status"].eq(ABSENT)].assign(area=area) for area, table in coverage.items()]
    found: dict[str, list[str]] = {}
    if not rows:
        return found
    for key, group in pd.concat(rows).groupby(["owner", "number", "text"], sort=False):
        owner, part, text = map(str, key)
        areas = group["area"].tolist()
        is_all = len(areas) == len(coverage) > 1
        where = f"alle {len(coverage)} gebieden" if is_all else listing(areas)
        found.setdefault(owner, []).append(f"{part}. {text} ({where})")
    return found


def write_letters(texts: Mapping[str, str], folder: Path) -> list[Path]:
    """Write letters as `<owner>.txt`, in the place of those of an earlier check."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.txt"):
        old.unlink()
    paths = [folder / f"{name}.txt" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def _owner(bronhouder: str, owners: Collection[str]) -> str:
    """Return the owner on the checklist whose name the description of a file starts with."""
    named = (owner for owner in owners if bronhouder.lower().startswith(owner.lower()))
    return next(named, bronhouder)


def _refused(item: Delivered, minimum: int) -> list[str]:
    """Say how many rows and fields of a file could not be used, and why."""
    lines = []
    rejected = {name: n for name, n in item.rejected.items() if name not in OUR_CHOICE}
    for what, counts in (("Afgekeurde rijen", rejected), ("Leeggemaakte velden", item.emptied)):
        if counts:
            reasons = [
                f"{name.replace('_', ' ')} ({_count(n, minimum)})" for name, n in counts.items()
            ]
            lines.append(f"{what} in {item.bestand}: {listing(reasons)}.")
    if item.n_duplicates:
        lines.append(f"Dubbele rijen in {item.bestand}: {_count(item.n_duplicates, minimum)}.")
    return lines


def _count(n: int, minimum: int) -> str:
    shown = screened_part(n, n, minimum=minimum)
    return number(shown) if is_known(shown) else f"minder dan {minimum}"


def _letter(
    owner: str, asks: Sequence[str], mends: Sequence[str], *, dataset: str, has_rows: bool
) -> str:
    parts = [
        f"Aan: {owner}, [NAAM EN FUNCTIE INVULLEN]",
        "Datum: [DATUM INVULLEN]",
        "Betreft: gegevens voor de evaluatie van de aanpak woninginbraken",
        "Geachte heer, mevrouw,",
        OPENING.format(dataset=dataset),
    ]
    if asks:
        parts += [MISSING_HEAD, _items(asks)]
    if mends:
        parts += [MENDING_HEAD, _items(mends)]
    if has_rows:
        parts.append(FORM_ROWS)
    if asks or not has_rows:
        parts.append(FORM_COUNTS)
    parts += [HOW, WHEN, "Met vriendelijke groet,", "[NAAM EN FUNCTIE VAN DE AFZENDER INVULLEN]"]
    return "\n\n".join(part if part[:2] == "- " else _wrapped(part) for part in parts) + "\n"


def _items(lines: Sequence[str]) -> str:
    return "\n".join(_wrapped(f"- {line}", indent="  ") for line in lines)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
