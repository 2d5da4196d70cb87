"""Who a pack is for, and what each of them may see: the matrix of the privacy rules as data.

A table names its content kind; the matrix says whether an audience gets it whole, above a
smallest count, only where it is public already, or not at all (requirements, section 9.2; legal
ground: Wet politiegegevens, articles 16, 20 and 22).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CLASSES = ("V0", "V1", "V2", "V3", "V4")


@dataclass(frozen=True)
class Audience:
    """
    Readers of one kind.

    Parameters
    ----------
    label : str
        As it stands on every page.
    klasse : str
        Highest privacy class that their packs hold.
    minimum : int
        Smallest count that they may see, unless a recorded decision lowers it.
    recipients : str
        Who they are; `{gebied}` is the name of the area.
    ground : str
        Legal ground of giving it to them.
    """

    label: str
    klasse: str
    minimum: int
    recipients: str
    ground: str


POLICY = "Wpg art. 22: beleidsinformatie en statistiek, zonder persoonsgegevens"
READERS: Mapping[str, Audience] = {
    "openbaar": Audience("openbaar (V0)", "V0", 10, "iedereen", POLICY),
    "werkgroep": Audience(
        "werkgroep en RBO (V1)",
        "V1",
        5,
        "de negen gemeenten, Leiden, OM, politie en de communicatieadviseur",
        POLICY,
    ),
    "driehoek": Audience(
        "driehoek (V2)",
        "V2",
        3,
        "de driehoek van {gebied}: burgemeester, officier van justitie en politie",
        "Wpg art. 16",
    ),
    "analist": Audience(
        "politie en analist (V3)",
        "V3",
        1,
        "politie en de analisten die met deze levering werken",
        "Wpg art. 22: onderzoek en statistiek, met geheimhouding (art. 7)",
    ),
}
AUDIENCES = {name: readers.label for name, readers in READERS.items()}

Rule = Literal["yes", "minimum", "public", "no"]
YES: Rule = "yes"  # whole
MINIMUM: Rule = "minimum"  # counts from the audience's smallest, complements protected
PUBLIC: Rule = "public"  # only what others published already
NO: Rule = "no"
# Content kind to the rule of openbaar, werkgroep, driehoek and analist.
MATRIX: Mapping[str, Mapping[str, Rule]] = {
    kind: dict(zip(READERS, rules, strict=True))
    for kind, rules in {
        "gemeente_jaar": (YES, YES, YES, YES),  # counts per gemeente, a quarter or longer
        # The police publish this month by month; of a part of a gemeente it is as large a figure.
        "gemeente_maand": (MINIMUM, YES, YES, YES),
        # Their public map has every burglary with its day and postcode.
        "gemeente_twee_weken": (MINIMUM, YES, YES, YES),
        "deel_jaar": (PUBLIC, YES, YES, YES),  # counts per wijk or buurt, a year
        "gemeente_kenmerk": (MINIMUM, MINIMUM, YES, YES),  # attempts, clearance
        "deel_kenmerk": (NO, MINIMUM, MINIMUM, YES),  # a wijk or buurt by month or feature
        "werkwijze": (MINIMUM, MINIMUM, MINIMUM, YES),  # method, type, hour, recoded by merging
        "plek": (NO, NO, YES, YES),  # street, raster; never a point on a dwelling
        "herhaling": (MINIMUM, MINIMUM, MINIMUM, YES),
        "personen": (NO, MINIMUM, MINIMUM, YES),
        "groepen": (NO, MINIMUM, YES, YES),
        "kwaliteit": (YES, YES, YES, YES),  # what is not filled in: says nothing of a burglary
    }.items()
}
# Kinds with a smallest count of their own where it is above the audience's.
AT_LEAST: Mapping[tuple[str, str], int] = {
    ("personen", "werkgroep"): 10,
    ("personen", "driehoek"): 5,
    ("herhaling", "openbaar"): 10,
}


def rule(kind: str, audience: str) -> Rule:
    """
    Return what the matrix says.

    Examples
    --------
    >>> rule("deel_jaar", "openbaar"), rule("plek", "werkgroep")
    ('public', 'no')
    """
    return MATRIX[kind][audience]


def smallest(kind: str, audience: str, minimum: int) -> int:
    """
    Return the smallest count of a kind that an audience may see; 1 hides nothing.

    Parameters
    ----------
    kind, audience : str
    minimum : int
        The audience's own.

    Examples
    --------
    >>> smallest("personen", "werkgroep", 5), smallest("gemeente_kenmerk", "driehoek", 3)
    (10, 1)
    """
    if rule(kind, audience) != MINIMUM:
        return 1
    return max(minimum, AT_LEAST.get((kind, audience), 1))


def may_hold(audience: str, klasse: str) -> bool:
    """
    Tell whether an audience's pack may hold content of a class.

    Examples
    --------
    >>> may_hold("werkgroep", "V1"), may_hold("werkgroep", "V2"), may_hold("analist", "V4")
    (True, False, False)
    """
    return CLASSES.index(klasse) <= CLASSES.index(READERS[audience].klasse)
