"""Contracts of what gemeenten and partners fill in (DS-11 to DS-27)."""

from wib_lib.tables.contract import Column, Table

ACTIES = Table(
    "acties",
    (
        Column("actie_id", "code", "kenmerk", True, check="actie_id_ontbreekt"),
        Column("gemeente_code", "gemeente", "gemeente", True, check="gemeente_onbekend"),
        Column("gebied", "text", "probleemgebied"),
        Column("probleem", "text", "probleem"),
        Column("actie", "text", "wat er gedaan wordt", True, check="actie_ontbreekt"),
        Column("doel", "text", "doel"),
        Column("typering", "word", "proactie, preventie of repressie"),
        Column("gericht_op", "word", "dader, domein of slachtoffer"),
        Column("partij", "text", "uitvoerende organisatie"),
        Column("periode_van", "day", "eerste dag"),
        Column("periode_tot", "day", "laatste dag"),
        Column("inzet", "text", "inzet"),
        Column("uitgevoerd", "flag", "uitgevoerd"),
        Column("effect_vanaf", "day", "effect verwacht vanaf"),
        Column("resultaat", "text", "resultaat"),
        Column("borging", "text", "wordt regulier werk"),
    ),
    key=("actie_id",),
    owner="Gemeente",
)  # fmt: skip
