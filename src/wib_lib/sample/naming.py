"""
Invented names of wijken, buurten and streets.

Real buurt names would invite reading the invented figures as real ones, so every
name below the gemeente is put together from word lists. Names are unique within
a gemeente, as in the register of CBS.
"""

from __future__ import annotations

import numpy as np

FIRST = (
    "Abelen", "Amber", "Baken", "Beuken", "Bloesem", "Boter", "Brem", "Buizerd", "Cederhout",
    "Distel", "Dotter", "Duif", "Egel", "Elzen", "Essen", "Fazanten", "Fluiten", "Gaspel",
    "Gerst", "Grutto", "Hazel", "Heide", "Hermelijn", "Iepen", "IJsvogel", "Jasmijn", "Kamille",
    "Karper", "Kievit", "Klaver", "Koren", "Kwartel", "Lavendel", "Leeuwerik", "Linden", "Lupine",
    "Meidoorn", "Merel", "Molen", "Narcis", "Oever", "Otter", "Papaver", "Plevier", "Populieren",
    "Reiger", "Riet", "Rogge", "Salie", "Sleedoorn", "Spreeuwen", "Tarwe", "Tijm", "Tureluur",
    "Valken", "Veer", "Veldbies", "Vlier", "Wal", "Waterlelie", "Wilgen", "Wulpen", "Zeggen",
    "Zilver", "Zonnedauw", "Zwaluw",
)  # fmt: skip
BUURT = (
    "buurt", "hof", "kwartier", "oord", "veld", "park", "hoek", "dreef", "zoom", "werf", "polder",
    "rand", "plein", "kamp", "donk",
)  # fmt: skip
WIJK = ("wijk", "stede", "rode", "waard", "burg", "dam", "eiland", "kade", "gaarde", "land")
# cp1252 must matter in names too; some real registers carry such accents
ACCENTED = ("Oriëntbuurt", "Sint-Renépark", "Façadehof", "Coöperatiebuurt")


def unique_names(
    rng: np.random.Generator, n: int, endings: tuple[str, ...], *, taken: set[str]
) -> list[str]:
    """
    Draw `n` names that are not in `taken`, and add them to it.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    n : int
        How many names; at most the number of combinations left.
    endings : tuple of str
        `BUURT` or `WIJK`.
    taken : set of str
        Names in use within the gemeente; changed in place.

    Returns
    -------
    list of str
        Names in order of drawing.

    >>> names = unique_names(np.random.default_rng(1), 3, WIJK, taken=set())
    >>> len(set(names))
    3
    """
    pool = [f"{first}{ending}" for first in FIRST for ending in endings]
    free = [name for name in pool if name not in taken]
    drawn = [free[i] for i in rng.permutation(len(free))[:n]]
    taken.update(drawn)
    return drawn
