"""Columns that many registers have in common, so that they mean the same in all of them."""

from wib_lib.tables.contract import Column


def gemeente() -> Column:
    """Gemeente of a row; a form of one gemeente fills it in by itself."""
    return Column(
        "gemeente_code", "gemeente", "gemeente, naam of code", True, check="gemeente_onbekend",
        label="Gemeente", aliases=("gemeentenaam", "gem"), example="Gouda",
    )  # fmt: skip


def gebied(meaning: str = "wijk of buurt, code of naam", *, required: bool = False) -> Column:
    """Place of a row within its gemeente; `required` rejects a row without it."""
    return Column(
        "gebied", "region", meaning, required, check="gebied_ontbreekt" if required else "",
        label="Gebied", aliases=("gebied_id", "buurt", "wijk", "buurtcode", "wijkcode", "gebiedscode"),
        example="BU05130101",
    )  # fmt: skip


def periode() -> Column:
    """Year or months that a count is about; a form of one year fills it in by itself."""
    return Column(
        "periode", "period", "jaar of maanden waarover het aantal gaat", True,
        check="periode_onleesbaar", label="Periode", aliases=("jaar", "tijdvak"), example="2018",
    )  # fmt: skip


def peildatum(name: str = "peildatum", *, required: bool = False) -> Column:
    """Day on which a count was true."""
    return Column(
        name, "day", "dag waarop de aantallen golden", required,
        check="peildatum_onleesbaar" if required else "", label=name.replace("_", " ").capitalize(),
        aliases=("datum", "stand per"), example="31-12-2018",
    )  # fmt: skip


def number_of(
    name: str, meaning: str, label: str, *, aliases: tuple[str, ...] = (), required: bool = False,
    at_most: str = "", example: str = "12",
) -> Column:  # fmt: skip
    """Return a count from 0."""
    return Column(
        name, "count", meaning, required, minimum=0, check="aantal_onleesbaar" if required else "",
        label=label, aliases=aliases, at_most=at_most, example=example,
    )  # fmt: skip


def guarded(
    name: str, meaning: str, label: str, *, aliases: tuple[str, ...] = (), required: bool = False
) -> Column:
    """Return a count of persons or rare events, that its owner may have withheld as "<5"."""
    return Column(
        name, "guarded", meaning, required, minimum=0,
        check="aantal_onleesbaar" if required else "", label=label, aliases=aliases, example="<5",
    )  # fmt: skip


def remark(name: str = "toelichting", meaning: str = "korte toelichting, zonder personen of adressen",
           label: str = "Toelichting") -> Column:  # fmt: skip
    """Return free text, searched for traces of people."""
    return Column(name, "text", meaning, label=label, aliases=("opmerking", "opmerkingen"))
