"""Personal data at the door: column names that may not come in, and traces of people in text.

The evaluation rests on article 22 Wpg (results without personal data), so a delivery that names
people is refused by column, and free text is searched cell by cell. What is found is reported by
its place, never by its content. A search by pattern cannot prove that a text is clean: it stops
the identifiers that have a form, and names after a form of address. Sources: requirements P-10
and P-12; the eleven-test of the burgerservicenummer; RDW series of licence plates.
"""

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

# Column names that hold a person, an address or the free text of a registration. Compared after
# `plain_name`, so "BSN-nummer" and "bsn nummer" are the same.
PERSON_COLUMNS = re.compile(
    r"(^|.*_)("
    r"bsn|burgerservicenummer|sofinummer|voornaam|voornamen|achternaam|familienaam|voorletters|"
    r"geboortedatum|geboorteplaats|huisnummer|huisnr|huisletter|toevoeging|telefoon|tel|mobiel|"
    r"email|mail|emailadres|kenteken|rijbewijs|rijbewijsnummer|paspoort|documentnummer|iban|"
    r"rekeningnummer|adres|woonadres|straatnaam|vreemdelingnummer|skn"
    r")(nummer|nr)?(_.*|$)"
)
PERSON_NAMES = re.compile(
    r"(naam|namen)_(van_)?(de_|het_)?(verdachte|slachtoffer|aangever|dader|bewoner|betrokkene|getuige|"
    r"melder|persoon|contactpersoon)(_.*|$)"
    r"|(verdachte|slachtoffer|aangever|dader|bewoner|betrokkene|getuige|melder)s?_?(naam|namen|id)(_.*|$)"
)
FREE_TEXT_COLUMNS = re.compile(
    r"(mo|modus_operandi|aangifte|feit|incident|zaak)_?(tekst|toelichting|omschrijving|vrije_tekst)"
    r"|vrije_tekst.*|toelichting_mo|mo_vrij.*"
)
# A pseudonym of an address is no address: the key stays with the owner.
PSEUDONYM = re.compile(r".*(pseudo|sleutel|hash|hmac).*")

_NAME = r"[A-Z][a-zà-ÿ]+"
TRACES = {
    "e-mailadres": r"[\w.+-]+@[\w-]+\.\w",
    "telefoonnummer": r"(?:\+31|\b0031|\b0)[\s-]?(?:\(0\))?(?:6[\s-]?(?:\d[\s-]?){8}"
    r"|[1-57-9](?:\d[\s-]?){8})(?!\d)",
    "postcode met huisnummer": r"\b[1-9]\d{3}\s?[A-Z]{2}\b[\s,]*\d+|\b[1-9]\d{3}\s?[A-Z]{2}\b",
    "kenteken": r"\b(?:[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}"
    r"|[A-Z]{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}"
    r"|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}"
    r"|[A-Z]{3}-\d{2}-[A-Z]|[A-Z]-\d{2}-[A-Z]{3}|\d-[A-Z]{2}-\d{3}|\d{3}-[A-Z]{2}-\d)\b",
    "straat met huisnummer": r"(?i:\b[a-zà-ÿ'.-]*(?:straat|laan|weg|plein|kade|gracht|singel|hof|dreef|"
    r"dijk|pad|steeg|park|plantsoen|ring|erf|wal|markt|haven|oord))\s+\d{1,4}\s?[a-zA-Z]?\b(?!\s*(?i:woningen|acties|"
    r"inbraken|adressen|keer|uur|deelnemers|bewoners))",
    "naam": rf"\b(?i:dhr|de heer|mevr|mevrouw|mw|meneer|mr|familie|fam)\.?\s+(?:(?:[A-Z]\.)+\s*)?"
    rf"(?:(?i:van|de|der|den|ten|ter|el|al)\s+){{0,3}}{_NAME}",
    "geboortedatum": r"(?i:\bgeb(?:oren|\.)?\s*(?:op|dd|d\.d\.)?[:.]?\s*\d{1,2}[-/ ])",
}
NINE = r"(?<!\d)(\d{9}|\d{4}\.\d{2}\.\d{3})(?!\d)"


def plain_name(name: str) -> str:
    """
    Bring a column name to lower case words joined by `_`.

    Examples
    --------
    >>> plain_name("BSN-nummer (verplicht)"), plain_name("NaamVerdachte"), plain_name("Één ")
    ('bsn_nummer_verplicht', 'naam_verdachte', 'een')
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", letters.strip())
    return re.sub(r"[^a-z0-9]+", "_", parted.lower().replace("e-mail", "email")).strip("_")


def person_columns(names: Iterable[str]) -> list[str]:
    """
    Return the column names that may not be in a delivery.

    Examples
    --------
    >>> person_columns(["Gemeentecode", "Huisnr", "Adressleutel", "Naam verdachte", "Naam buurt"])
    ['Huisnr', 'Naam verdachte']
    """
    return [name for name in names if _is_person(plain_name(name))]


def traces(text: pd.Series) -> pd.Series:
    """
    Name what points at a person in each text; missing where nothing does.

    Parameters
    ----------
    text : Series of str

    Returns
    -------
    Series of str
        The kind of trace, such as "telefoonnummer"; the first that is found.

    Examples
    --------
    >>> traces(pd.Series(["3 sloten vervangen", "bel 06-12345678", "Kerkstraat 12", None])).tolist()
    [nan, 'telefoonnummer', 'straat met huisnummer', nan]
    """
    unique = {value: trace(value) for value in text.dropna().unique()}
    return text.map(unique).astype("str")


def trace(text: str) -> str | None:
    """Name the first thing in a text that points at a person; None where nothing does."""
    if any(_eleven_test(match.replace(".", "")) for match in re.findall(NINE, text)):
        return "BSN"
    return next((kind for kind, pattern in TRACES.items() if re.search(pattern, text)), None)


def _is_person(name: str) -> bool:
    if PSEUDONYM.fullmatch(name):
        return False
    patterns = (PERSON_COLUMNS, PERSON_NAMES, FREE_TEXT_COLUMNS)
    return any(pattern.fullmatch(name) for pattern in patterns)


def _eleven_test(digits: str) -> bool:
    """Weighted sum 9..2 of the first eight digits minus the last is a multiple of eleven."""
    weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
    total = sum(w * int(d) for w, d in zip(weights, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0
