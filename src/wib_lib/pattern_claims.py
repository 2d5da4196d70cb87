"""Sentences on where and when, each with its value and bounds: association, never cause."""

from collections.abc import Sequence

import pandas as pd

from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.claims import Claim
from wib_lib.dutch import interval, listing, number, percent
from wib_lib.hot_hours import Hours
from wib_lib.hot_times import USED
from wib_lib.hotspot_moves import ALIKE, LESS, MORE, Overlap
from wib_lib.near_repeat.windows import SAME_ADDRESS

FEW = "een te klein aantal wordt niet getoond"
ONE = {"buurten": "buurt", "straten": "straat"}


def breaks(table: pd.DataFrame | Missing) -> Claim:
    """State from which months the series ran at another level."""
    if isinstance(table, Missing):
        return Claim("breekpunten", f"Breekpunten zijn niet te geven: {table.reason}.")
    if table.empty:
        return Claim(
            "breekpunten",
            "In de maandreeks springt geen breekpunt eruit; een klein breekpunt kan gemist zijn.",
            0,
            unit="breekpunten",
        )
    noun = "een breekpunt" if len(table) == 1 else f"{len(table)} breekpunten"
    named = listing(
        [
            month if event == "niets" else f"{month} (uit die tijd bekend: {event})"
            for month, event in zip(table["month"], table["event"], strict=True)
        ]
    )
    return Claim(
        "breekpunten",
        f"De maandreeks heeft {noun}: vanaf {named}. Wat er toen veranderde, zegt de reeks niet.",
        len(table),
        unit="breekpunten",
    )


def hot(hot: pd.DataFrame | Missing, overlap: Overlap | Missing) -> Claim:
    """State the hot buurten, and whether they are those of the year before."""
    if isinstance(hot, Missing) or isinstance(overlap, Missing):
        why = hot if isinstance(hot, Missing) else overlap
        assert isinstance(why, Missing)
        return Claim("hotspots", f"Hotspots zijn niet te geven: {why.reason}.")
    found = hot[hot["is_hot"]].sort_values("n_now", ascending=False)
    names = found["naam"].tolist()
    areas = (
        f"{overlap.n_areas} buurten met minstens {number(hot.attrs['least_dwellings'])} woningen"
    )
    if not names:
        text = f"Geen van de {areas} is een hotspot; een jaar eerder "
        text += f"{_were(overlap.n_first)}" if overlap.n_first else "ook geen"
    else:
        verb = "is een hotspot" if len(names) == 1 else "zijn hotspots"
        text = f"{len(names)} van de {areas} {verb} ({_few(names)}); een jaar eerder "
        text += _were(overlap.n_first)
    if overlap.n_first and is_known(overlap.jaccard) and is_known(overlap.expected):
        text += (
            f", waarvan {overlap.n_both} dezelfde (overlap {number(overlap.jaccard, 2)}; bij "
            f"toeval {number(overlap.expected, 2)})"
        )
    return Claim("hotspots", f"{text}.", len(names), unit="buurten")


def moved(hot: pd.DataFrame | Missing) -> Claim:
    """State which buurten hold another part of the area's burglaries than the year before."""
    if isinstance(hot, Missing):
        return Claim("verschoven", f"Of buurten verschoven, is niet te geven: {hot.reason}.")
    parts = [
        f"{listing(names)} een {kind}"
        for kind in (MORE, LESS)
        if (names := hot.loc[hot["change"].eq(kind), "naam"].tolist())
    ]
    n = int(hot["change"].ne(ALIKE).sum())
    if not parts:
        text = "Van geen enkele buurt is het deel van het gebied duidelijk veranderd"
    else:
        text = f"Van de woninginbraken van het gebied heeft {' en '.join(parts)}"
    return Claim("verschoven", f"{text}.", n, unit="buurten")


def spread(table: pd.DataFrame | Missing) -> Sequence[Claim]:
    """State the part in the top 5 % of buurten and streets, beside what chance gives."""
    if isinstance(table, Missing):
        return [Claim("top", f"De concentratie is niet te geven: {table.reason}.")]
    return [
        Claim(
            f"top_{unit}",
            f"In de {_most(row['n_top'], unit)} met de meeste feiten viel "
            f"{percent(row['top'])}; bij toeval zou dat {row['top_chance']} zijn.",
            row["top"],
            row["top_low"],
            row["top_high"],
            "%",
        )
        for row in table.to_dict("records")
        for unit in [str(row["unit"]).partition(",")[0]]
    ]


def dayparts(hours: Hours) -> Claim:
    """State the busiest part of the day per hour, and how much is not known."""
    table, account = hours.dayparts, hours.account
    if isinstance(table, Missing) or isinstance(account, Missing):
        why = table if isinstance(table, Missing) else account
        assert isinstance(why, Missing)
        return Claim("dagdelen", f"Op welk dagdeel het gebeurt, is niet te geven: {why.reason}.")
    known = table[[is_known(value) for value in table["per_hour"]]]
    unknown = float(account.loc[account["reason"].ne(USED), "share"].sum())
    rest = f"van {percent(unknown)} van de feiten is het uur niet bekend"
    if len(known) < len(table):
        return Claim("dagdelen", f"Het drukste dagdeel is niet te geven: {FEW}; {rest}.")
    top = known.iloc[int(known["per_hour"].astype(float).argmax())]
    return Claim(
        "dagdelen",
        f"Per uur gerekend zijn de meeste woninginbraken in het dagdeel {top['dagdeel']}: "
        f"{number(top['per_hour'], 1)} keer het gemiddelde uur, samen {percent(top['share'])}; "
        f"{rest}.",
        float(top["per_hour"]),
        unit="keer het gemiddelde uur",
    )


def dark(table: pd.DataFrame | Missing) -> Claim:
    """State the share in the dark beside the share of all hours that is dark."""
    if isinstance(table, Missing):
        return Claim("donker", f"Het aandeel in het donker is niet te geven: {table.reason}.")
    row = table[table["month"].eq(0)].iloc[0]
    share: Value = row["share_dark"]
    if not is_known(share):
        return Claim("donker", f"Het aandeel in het donker is niet te geven: {_why(share)}.")
    return Claim(
        "donker",
        f"In het donker viel {percent(share)} (marge {interval(row['low'], row['high'])} %) van "
        f"de woninginbraken van {table.attrs['span']} waarvan het uur bekend is; van alle uren in "
        f"die jaren is {percent(row['share_of_time'])} donker.",
        float(share),
        float(row["low"]),
        float(row["high"]),
        "%",
    )


def near(table: pd.DataFrame | Missing) -> Claim:
    """State whether burglaries close by followed sooner than by chance."""
    if isinstance(table, Missing):
        return Claim("near_repeat", f"Near repeat is niet te geven: {table.reason}.")
    raised = table[table["is_raised"]]
    about = (
        f"gerekend over de {number(table.attrs['n_used'])} woninginbraken van "
        f"{table.attrs['span']} waarvan het adres bekend is"
    )
    if raised.empty:
        hidden = any(isinstance(value, Suppressed) for value in table["n_pairs"])
        rest = f" ({FEW})" if hidden else ""
        return Claim(
            "near_repeat",
            "Woninginbraken dicht bij elkaar volgden elkaar niet aantoonbaar vaker snel op dan "
            f"bij toeval; {about}{rest}.",
            0,
            unit="afstanden en termijnen",
        )
    top = raised.iloc[int(raised["ratio"].astype(float).argmax())]
    return Claim(
        "near_repeat",
        "Woninginbraken dicht bij elkaar volgden elkaar vaker snel op dan bij toeval: het sterkst "
        f"{_apart(top['near'])}, met {top['soon']} ertussen ({number(top['ratio'], 1)} keer zo "
        f"vaak); {about}. Waardoor dat komt, zegt de toets niet.",
        float(top["ratio"]),
        unit="verhouding",
    )


def _were(n: int) -> str:
    return "geen" if n == 0 else "was het er 1" if n == 1 else f"waren het er {n}"


def _most(n: int, unit: str) -> str:
    return ONE[unit] if n == 1 else f"{number(n)} {unit}"


def _apart(near: str) -> str:
    return "op hetzelfde adres" if near == SAME_ADDRESS else f"{near} van elkaar"


def _few(names: Sequence[str], most: int = 5) -> str:
    """Name the first, and say how many there are besides."""
    rest = len(names) - most
    return listing([*names[:most], *([f"{rest} andere"] if rest > 0 else [])])


def _why(value: object) -> str:
    return value.reason if isinstance(value, Missing) else FEW
