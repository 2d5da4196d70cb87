"""Gemeenten of a delivery that have no parameter file: what such a file would say.

The approach has areas with a file each. A delivery may hold the whole country; any gemeente in it
can be evaluated the same way, with the parameters of the region and the delivery. It set no goals,
so the joint goal of the approach is held up as a yardstick and marked as such.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from wib_lib.errors import ParamError
from wib_lib.periods import Window

Values = Mapping[str, Any]
# Whom the joint goal is from, for a gemeente that did not set one.
YARDSTICK = "gezamenlijk doel van de aanpak, als maatstaf; deze gemeente stelde het niet zelf"
YEAR = 12  # months; a rate per year asks for a window of a year


def without_file(names: Mapping[str, str], files: Mapping[str, Values]) -> dict[str, Values]:
    """
    Return what a parameter file would say of every gemeente that has none, by slug.

    Two of one name are told apart by their code, or a notebook would open the wrong one.

    Parameters
    ----------
    names : mapping of str to str
        Gemeenten of the delivery by code.
    files : mapping of str to mapping
        Parameter files of the areas of the approach, by slug.

    Examples
    --------
    >>> gouda = {"gouda": {"gemeente": "Gouda", "gebied": {"gemeentecode": "GM0513"}}}
    >>> without_file({"GM0513": "Gouda", "GM0363": "Amsterdam"}, gouda)
    {'amsterdam': {'gemeente': 'Amsterdam', 'gebied': {'gemeentecode': 'GM0363'}}}
    """
    with_file = {whole(values) for values in files.values()}
    left = {code: name for code, name in sorted(names.items()) if code not in with_file}
    taken = Counter([*files, *map(slugify, left.values())])
    unique = {
        code: name if taken[slugify(name)] == 1 else f"{name} ({code})"
        for code, name in left.items()
    }
    return {
        slugify(name): {"gemeente": name, "gebied": {"gemeentecode": code}}
        for code, name in unique.items()
    }


def whole(values: Values) -> str | None:
    """Return the code of an area that is one whole gemeente; None for a part of one."""
    area = values.get("gebied")
    if not isinstance(area, Mapping) or area.get("buurtcodes"):
        return None
    code = area.get("gemeentecode")
    return code if isinstance(code, str) else None


def yardstick(slug: str, values: Values) -> dict[str, Any]:
    """
    Return the goal of a gemeente without a parameter file: below the country, in a year's window.

    Raises
    ------
    ParamError
        When nothing says where the window begins.
    """
    start = values.get("venster_start")
    if start is None:
        raise ParamError(
            f"params/{slug}.yaml is er niet en niets anders noemt 'venster_start'; geef het begin "
            "met -p venster_start JJJJ-MM-01 of bij 'parameters' in bronnen.yaml."
        )
    if not isinstance(start, date) or values.get("venster_maanden") != YEAR or start.day != 1:
        return {}
    window = Window(start, YEAR)
    return {
        "doelen": [
            {
                "id": f"{slug}-landelijk-{start.year}",
                "indicator": "per_1000_woningen",
                "benchmark": "landelijk",
                "operator": "<",
                "doelperiode": f"{window.start:%Y-%m}/{window.last:%Y-%m}",
                "partner": "gemeente, politie en OM",
                "bron": YARDSTICK,
                "voorbeeld": True,
            }
        ]
    }


def slugify(name: str) -> str:
    """
    Turn a name into a file name; accents fall off.

    Examples
    --------
    >>> slugify("Den Haag (basisteam Laak)"), slugify("Súdwest-Fryslân")
    ('den-haag-basisteam-laak', 'sudwest-fryslan')
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
