"""Columns of open tables by the stem of their name, and the symbols of Statistics Netherlands.

A column of StatLine carries a number that moves with every edition (Woningvoorraad_33 in 2013,
Woningvoorraad_34 later), and the same figure has other names in the maps of PDOK (woningvoorraad,
percentageHuurwoningen). A stem is therefore compared without number, capitals and punctuation;
two columns that fit are never chosen between in silence.
"""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from wib_lib.codes import normalise_region
from wib_lib.delivery import Bron
from wib_lib.dutch import number
from wib_lib.errors import DeliveryError

Stems = Mapping[str, Sequence[str]]
Columns = dict[str, str | Sequence[str]]

# The column of the region, in order: StatLine's key and code, then the deepest level of PDOK.
REGION_KEYS = ("WijkenEnBuurten", "RegioS", "Codering", "RegiocodeGemeente", "buurtcode",
               "wijkcode", "gemeentecode")  # fmt: skip
UNKNOWN = r"\.|-9999\d{1,4}"  # StatLine; the maps of PDOK


def plain_stem(name: str) -> str:
    """
    Bring a column name to its stem, for comparing only.

    Examples
    --------
    >>> plain_stem("AantalInwoners_5"), plain_stem("aantal_inwoners"), plain_stem("aantalInwoners")
    ('aantalinwoners', 'aantalinwoners', 'aantalinwoners')
    """
    return re.sub(r"[^a-z0-9]", "", re.sub(r"_\d+$", "", name.strip()).lower())


def columns_by_stem(bron: Bron, headers: Sequence[str], stems: Stems) -> Columns:
    """
    Find the column of every field; `kolommen` in `bronnen.yaml` goes before the stems.

    Parameters
    ----------
    bron : Bron
    headers : sequence of str
    stems : mapping of str to sequence of str
        Stems per field, of all editions. A name with its number (`GemiddeldeScore_29`) tells
        apart columns that share a stem.

    Returns
    -------
    dict
        Header (or headers, to be joined) per field, for the fields that the file has.

    Raises
    ------
    DeliveryError
        When several columns fit one field, or `kolommen` names a field that is not there.
    """
    unknown = [field for field in bron.kolommen if field not in {*stems, "code"}]
    if unknown:
        raise DeliveryError(
            f"bronnen.yaml, {bron.bestand}: veld '{unknown[0]}' is onbekend; toegestaan: code, "
            f"{', '.join(stems)}."
        )
    found: Columns = {}
    for field, names in stems.items():
        if field in bron.kolommen:
            found[field] = bron.kolommen[field]
            continue
        hits = _fitting(headers, names)
        if len(hits) > 1:
            raise DeliveryError(
                f"{bron.bestand}: kolommen {' en '.join(repr(hit) for hit in hits)} passen beide "
                f"bij veld '{field}'; noem in bronnen.yaml onder kolommen welke het is."
            )
        if hits:
            found[field] = hits[0]
    return found


def _fitting(headers: Sequence[str], names: Sequence[str]) -> list[str]:
    stems = {plain_stem(name) for name in names}
    hits = list(dict.fromkeys(name for name in headers if plain_stem(name) in stems))
    exact = [name for name in hits if name in names]
    return exact if len(exact) == 1 else hits


def region_column(bron: Bron, frame: pd.DataFrame) -> str:
    """
    Find the column with the codes of regions: the first that holds codes and not only names.

    Raises
    ------
    DeliveryError
        When no column is named as a key of regions.
    """
    given = bron.kolommen.get("code")
    if isinstance(given, str):
        return given
    keys = [hit for key in REGION_KEYS for hit in _fitting(frame.columns.tolist(), [key])]
    coded = [key for key in keys if normalise_region(frame[key]).notna().any()]
    if not keys:
        raise DeliveryError(
            f"{bron.bestand}: kolom '{REGION_KEYS[0]}' (voor code) ontbreekt; aanwezig: "
            f"{', '.join(frame.columns)}. Pas het bestand of 'kolommen' in bronnen.yaml aan."
        )
    return (coded or keys)[0]


def without_symbols(raw: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """
    Read the symbols: '.' unknown or secret, blank impossible, '*' provisional. Never 0.

    Parameters
    ----------
    raw : DataFrame of str
        Columns with figures.

    Returns
    -------
    DataFrame of str, tuple of str
        Blank where there is no figure; sentences on what the symbols said.
    """
    figures, n_unknown, n_provisional = raw.fillna(""), 0, 0
    for name, column in figures.items():
        text = column.str.strip()
        plain = text.str.replace(r"\s*\*+$", "", regex=True)
        unknown = plain.str.fullmatch(UNKNOWN).astype(bool)
        n_unknown += int(unknown.sum())
        n_provisional += int((plain.ne(text) & plain.ne("")).sum())
        whole = plain.str.replace(r"^(-?\d+)\.0$", r"\1", regex=True)
        figures[name] = whole.mask(unknown, "")
    told = {"onbekend of geheim ('.'), dus niet bekend": n_unknown, "voorlopig (*)": n_provisional}
    return figures, tuple(f"Aantal cijfers {what}: {number(n)}." for what, n in told.items() if n)
