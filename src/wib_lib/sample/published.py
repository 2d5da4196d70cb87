"""
Published figures on which the sample is calibrated.

Registered burglaries are police open data (tables 47013NED and 47022NED,
"Diefstal/inbraak woning"), dwellings CBS StatLine (82550NED and the key figures
of 2022), the seasonal index is the month over the mean month of 2015-2018 of
the national series. Only levels come from here: the months of 2018 are drawn
from the underlying level and not from what was published for 2018, so that the
sample holds no effect but the planted ones.
"""

from __future__ import annotations

from dataclasses import dataclass

YEARS = (2013, 2014, 2015, 2016, 2017, 2018)
SELECTION_YEAR = 2016
LAST_YEAR = 2018

THE_HAGUE = "GM0518"
LAAK_SHARE = 0.06  # of the burglaries of 's-Gravenhage
LAAK_DWELLINGS_2018 = 20_500
DWELLING_GROWTH = 1.008  # a year


@dataclass(frozen=True)
class Area:
    """One of the ten areas: where it lies, how large it is and how built up."""

    code: str
    name: str
    n_wijken: int
    n_buurten: int
    centre: tuple[float, float]  # RD New, metres
    km2: float
    n_cores: int  # town or villages
    rural: float  # density outside the cores, as a share of that inside
    pc4: int  # the first of its four-digit postcodes


AREAS = (
    Area("GM0513", "Gouda", 9, 51, (108_000, 447_000), 18, 2, 0.25, 2801),
    Area("GM0627", "Waddinxveen", 4, 22, (104_500, 450_500), 28, 1, 0.06, 2741),
    Area("GM1901", "Bodegraven-Reeuwijk", 7, 54, (110_000, 454_500), 80, 4, 0.04, 2410),
    Area("GM0503", "Delft", 13, 91, (84_500, 447_000), 24, 2, 0.25, 2611),
    Area("GM1783", "Westland", 10, 77, (73_500, 447_000), 86, 7, 0.06, 2671),
    Area("GM1842", "Midden-Delfland", 2, 13, (80_000, 443_500), 48, 3, 0.04, 2635),
    Area("GM0518", "'s-Gravenhage", 2, 7, (81_800, 453_300), 4.5, 1, 0.30, 2515),
    Area("GM0603", "Rijswijk", 11, 32, (82_500, 450_500), 14, 1, 0.25, 2281),
    Area("GM1916", "Leidschendam-Voorburg", 13, 43, (87_000, 455_500), 34, 2, 0.10, 2262),
    Area("GM0546", "Leiden", 10, 54, (93_500, 463_500), 23, 2, 0.30, 2311),
)
AREA_CODES = tuple(area.code for area in AREAS)
COMPARISON = "GM0546"
LAAK_WIJKEN = {"WK051838": ("19", "22", "23", "24", "25", "26"), "WK051839": ("60",)}
# Two buurten of Laak were one until the end of that year (invented): the key figures of the
# years before stand in another division.
OLD_BUURT, NEW_BUURTEN, LAST_OLD_YEAR = "BU05183820", ("BU05183819", "BU05183822"), 2015

# code: (name, dwellings 2022, registered burglaries 2013 .. 2018)
GEMEENTEN: dict[str, tuple[str, int, tuple[int, ...]]] = {
    "GM0484": ("Alphen aan den Rijn", 49_398, (379, 285, 339, 279, 165, 153)),
    "GM0503": ("Delft", 52_130, (498, 542, 422, 481, 375, 394)),
    "GM0513": ("Gouda", 34_065, (641, 583, 586, 639, 505, 366)),
    "GM0518": ("'s-Gravenhage", 267_654, (3266, 2646, 2904, 2271, 1670, 1449)),
    "GM0534": ("Hillegom", 9_990, (96, 74, 83, 51, 65, 40)),
    "GM0537": ("Katwijk", 27_202, (122, 78, 125, 90, 86, 71)),
    "GM0546": ("Leiden", 61_605, (498, 503, 409, 228, 239, 207)),
    "GM0547": ("Leiderdorp", 12_525, (119, 65, 78, 39, 55, 37)),
    "GM0553": ("Lisse", 10_430, (65, 46, 60, 38, 38, 30)),
    "GM0569": ("Nieuwkoop", 11_752, (66, 51, 58, 51, 45, 32)),
    "GM0575": ("Noordwijk", 20_584, (140, 144, 131, 102, 121, 69)),
    "GM0579": ("Oegstgeest", 11_074, (95, 83, 98, 55, 54, 54)),
    "GM0603": ("Rijswijk", 27_899, (263, 246, 212, 189, 197, 117)),
    "GM0626": ("Voorschoten", 11_539, (146, 102, 97, 69, 62, 54)),
    "GM0627": ("Waddinxveen", 13_052, (123, 123, 117, 211, 80, 72)),
    "GM0629": ("Wassenaar", 12_262, (120, 117, 168, 94, 82, 77)),
    "GM0637": ("Zoetermeer", 56_668, (747, 527, 481, 297, 249, 206)),
    "GM0638": ("Zoeterwoude", 3_936, (43, 22, 26, 22, 17, 6)),
    "GM1525": ("Teylingen", 16_396, (146, 101, 105, 77, 72, 40)),
    "GM1783": ("Westland", 46_369, (474, 463, 407, 403, 406, 289)),
    "GM1842": ("Midden-Delfland", 8_052, (110, 109, 73, 64, 78, 79)),
    "GM1884": ("Kaag en Braassem", 12_142, (84, 85, 67, 69, 55, 41)),
    "GM1892": ("Zuidplas", 18_688, (148, 152, 98, 115, 109, 79)),
    "GM1901": ("Bodegraven-Reeuwijk", 14_854, (142, 130, 143, 179, 91, 103)),
    "GM1916": ("Leidschendam-Voorburg", 37_202, (459, 377, 430, 315, 273, 180)),
    "GM1926": ("Pijnacker-Nootdorp", 22_203, (216, 164, 180, 148, 103, 92)),
    "GM1931": ("Krimpenerwaard", 24_141, (112, 88, 93, 108, 80, 62)),
}

NATIONAL = {
    2012: 91_595,
    2013: 87_455,
    2014: 71_143,
    2015: 64_676,
    2016: 55_495,
    2017: 49_209,
    2018: 42_887,
}
NATIONAL_DWELLINGS = {
    2013: 7_449_298,
    2014: 7_535_316,
    2015: 7_587_964,
    2016: 7_641_323,
    2017: 7_686_178,
    2018: 7_740_984,
}
NATIONAL_INHABITANTS = {
    2013: 16_779_575,
    2014: 16_829_289,
    2015: 16_900_726,
    2016: 16_979_120,
    2017: 17_081_507,
    2018: 17_181_084,
}
SEASON = (1.30, 1.12, 1.02, 0.80, 0.83, 0.76, 0.89, 0.97, 0.81, 0.97, 1.14, 1.39)


def dwellings(code: str, year: int) -> int:
    """
    Dwellings of a whole gemeente on 1 January, back from the figure of 2022.

    >>> dwellings("GM0513", 2022), dwellings("GM0513", 2018)
    (34065, 32996)
    """
    return round(GEMEENTEN[code][1] / DWELLING_GROWTH ** (2022 - year))


def area_dwellings(code: str, year: int) -> int:
    """
    Dwellings of one of the ten areas: of 's-Gravenhage only Laak.

    >>> area_dwellings("GM0518", 2018)
    20500
    """
    if code == THE_HAGUE:
        return round(LAAK_DWELLINGS_2018 * DWELLING_GROWTH ** (year - 2018))
    return dwellings(code, year)


def level(code: str, year: int) -> float:
    """
    Yearly level of burglaries of a whole gemeente, without any planted effect.

    To 2017 the published figure. 2018 is the gemeente's share of the country in
    2013-2015 and 2017 times the country in 2018: the year on which the areas were
    selected stays out, or its chance peak would look like an effect later.

    >>> level("GM0513", 2016), round(level("GM0513", 2018), 1)
    (639.0, 364.4)
    """
    registered = dict(zip(YEARS, GEMEENTEN[code][2], strict=True))
    if year != LAST_YEAR:
        return float(registered[year])
    base = [y for y in YEARS if y not in (SELECTION_YEAR, LAST_YEAR)]
    share = sum(registered[y] for y in base) / sum(NATIONAL[y] for y in base)
    return share * NATIONAL[LAST_YEAR]
