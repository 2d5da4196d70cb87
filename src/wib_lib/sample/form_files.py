"""
Forms as gemeenten and partners return them: some areas do, others do not.

They hold what people do to a form: a title above, renamed columns, a totals row, "Repressief",
weeks without a year, "<5", euro signs, a remark that names somebody. Each flaw is counted in
`waarheid.json`. Figures are drawn from a stream of their own, so that the other files stay as
they are; every name in them is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from wib_lib.sample.places import Places
from wib_lib.sample.published import AREAS

STREAM = 17  # beside the seed: the forms draw their own numbers
MADE = datetime(2019, 1, 14)
GEMEENTE, POLICE = "Gemeente {} (fictief)", "Politie, eenheid Den Haag (fictief)"
SHOWN = {area.code: area.name for area in AREAS} | {"GM0518": "Den Haag (basisteam Laak)"}
Rows = list[list[Any]]


@dataclass(frozen=True)
class FormFile:
    """One returned form, and what a reader must make of it."""

    file: str
    profile: str
    owner: str
    privacy: str
    above: Rows
    header: Sequence[str]
    rows: Rows
    rejected: dict[str, int] = field(default_factory=dict)
    emptied: dict[str, int] = field(default_factory=dict)
    n_doubles: int = 0

    @property
    def account(self) -> dict[str, Any]:
        """How its rows reconcile, as `waarheid.json` has it."""
        left = len(self.rows) - sum(self.rejected.values()) - self.n_doubles
        return {
            "gelezen": len(self.rows),
            "geaccepteerd": left,
            "afgekeurd": self.rejected,
            "dubbel": self.n_doubles,
            "leeggemaakt": self.emptied,
        }


def form_files(seed: int, places: Places) -> list[FormFile]:
    """
    Draw the forms that came back.

    Parameters
    ----------
    seed : int
        The seed of the sample.
    places : Places
        For the buurten that the forms name.
    """
    rng = np.random.default_rng([seed, STREAM])
    made = [_measures(rng, places, code) for code in ("GM0513", "GM0503", "GM1783")]
    made += [_costs(rng, code) for code in ("GM0513", "GM0603")]
    made += [_certificates(rng, places, code) for code in ("GM0513", "GM0627")]
    made += [_groups(rng, places, code) for code in ("GM0503", "GM0518")]
    made += [_answers(rng, code, who) for code in ("GM0513", "GM1916") for who in RESPONDENTS]
    made += [_meetings(code) for code in ("GM0513", "GM1842")]
    return [*made, _cleared(rng), _suspects(rng), _persons(rng)]


def write_form(folder: Path, form: FormFile) -> None:
    """Write a returned form; the same content gives the same bytes."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(folder / form.file), {"in_memory": True})
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet("Invullen")
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    lines: Rows = [*form.above, [], list(form.header), *form.rows]
    for row, cells in enumerate(lines):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, day)
            elif value is not None:
                sheet.write(row, column, value)
    book.close()


def _above(title: str, code: str) -> Rows:
    """Return the cells above the table of a form."""
    return [[title], ["Gebied", f"{SHOWN[code]} ({code})"], ["Versie", 1], ["Jaar", 2018]]


def _name(form: str, code: str) -> str:
    slug = next(area.name for area in AREAS if area.code == code).lower().strip("'")
    return f"formulier_{form}_{'laak' if code == 'GM0518' else slug}.xlsx"


MEASURES = ("Preventiebus", "Gratis preventieadvies", "Flexcamera", "Voetjesactie",
            "WhatsApp-groep", "Schouwrondes", "DOR-controle opkopers")  # fmt: skip
KINDS = ("Preventief", "preventie", "Repressief", "Preventie", "preventie", "proactie", "repressie")
TARGETS = ("domein", "Domein", "dader", "slachtoffer", "slachtoffer", "omgeving", "dader")


def _measures(rng: np.random.Generator, places: Places, code: str) -> FormFile:
    """Return measures with renamed columns, weeks, a measure outside the list and a name."""
    buurten = [places.code[i] for i in places.rows(gemeente=code)]
    rows: Rows = []
    for k, (measure, kind, target) in enumerate(zip(MEASURES, KINDS, TARGETS, strict=True), 1):
        week, planned = int(rng.integers(1, 45)), int(rng.integers(4, 40))
        done = int(rng.binomial(planned, 0.8))
        said = str(rng.choice(["ja", "Ja", "j", "x"]))
        rows.append([k, measure, buurten[int(rng.integers(len(buurten)))], kind, target,
                     f"wk {week}", f"wk {week + 3}", planned, said, done, None])  # fmt: skip
    rows[0][10] = "vragen aan mevr. Voorbeeld, 06-12345678"
    rows[1][5] = "zodra het kan"
    rows.append([8, "Ballonnen", None, "preventie", "slachtoffer", *[None] * 6])
    rows.append(list(rows[2]))
    header = ("Nr", "Maatregel *", "Buurt", "TYPERING", "Gericht op", "Gepland van", "Gepland tot",
              "Gepland aantal", "Uitgevoerd ja/nee", "Aantal gerealiseerd", "Opmerkingen")  # fmt: skip
    return FormFile(
        _name("maatregelen", code), "maatregelen", GEMEENTE.format(SHOWN[code]), "V1",
        _above("Maatregelen: gepland en uitgevoerd", code), header, rows,
        rejected={"maatregel_onbekend": 1}, n_doubles=1,
        emptied={"gepland_van_onleesbaar": 1, "persoonsgegeven_in_tekst": 1},
    )  # fmt: skip


POSTS = ("Preventieadviezen", "Inzet preventiebus", "Verlichting achterpaden", "Communicatie")


def _costs(rng: np.random.Generator, code: str) -> FormFile:
    """Return costs as text and numbers, with a totals row and a column of their own."""
    rows: Rows = []
    for post in POSTS:
        planned = int(rng.integers(20, 400)) * 100
        spent = round(planned * float(rng.uniform(0.7, 1.1)), 2)
        rows.append([post, 2018, planned, spent, "veiligheidsbudget", "nee", "ok"])
    rows[1][2] = "€ 12.500,00"
    rows[2][5], rows[3][3] = "x", "volgt nog"
    rows.append(["Totaal", None, sum(r[2] for r in rows if isinstance(r[2], int)), *[None] * 4])
    header = ("Kostenpost", "Periode", "Budget", "Realisatie", "Dekking", "Extra", "Gezien")
    return FormFile(
        _name("kosten", code), "kosten", GEMEENTE.format(SHOWN[code]), "V1",
        _above("Kosten en dekking", code), header, rows,
        rejected={"totaalrij": 1}, emptied={"besteed_onleesbaar": 1},
    )  # fmt: skip


def _certificates(rng: np.random.Generator, places: Places, code: str) -> FormFile:
    """Return certificates per buurt, chosen from a list, with one buurt left out."""
    mine = places.rows(gemeente=code)[:8]
    rows: Rows = [
        [f"{places.code[i]} {places.name[i]}", int(rng.integers(20, 260)), int(rng.integers(0, 60)),
         date(2018, 12, 31)] for i in mine
    ]  # fmt: skip
    rows[0][3], rows[1][3], rows[2][3] = "31/12/2018", "31-12-18", "eind 2018"
    rows.append([None, 40, 2, date(2018, 12, 31)])
    header = ("Buurt *", "Aantal geldig", "Aantal verlopen", "Peildatum")
    return FormFile(
        _name("pkvw", code), "pkvw", GEMEENTE.format(SHOWN[code]), "V1",
        _above("Woningen met PKVW-certificaat", code), header, rows,
        rejected={"gebied_ontbreekt": 1}, emptied={"peildatum_onleesbaar": 1},
    )  # fmt: skip


def _groups(rng: np.random.Generator, places: Places, code: str) -> FormFile:
    """Return groups and places per wijk, small numbers withheld by the police."""
    rows: Rows = [
        [wijk, "Groepsscan", "<5", int(rng.integers(0, 9)), date(2018, 10, 1)]
        for wijk in places.wijken(code)
    ]
    header = ("Wijk", "Methode", "Aantal groepen", "Aantal plekken", "Peildatum")
    return FormFile(
        _name("groepen", code), "groepen", POLICE, "V2",
        _above("Hanggroepen en hangplaatsen", code), header, rows,
    )  # fmt: skip


RESPONDENTS = ("gemeente", "basisteam")
QUESTIONS = ("P1", "P2", "P3", "P4", "P5", "I1", "I2", "I3", "I4", "B1", "B2", "B3", "B4")
ANSWERS = ("geheel", "Grotendeels", "deels", "niet", "weet niet", None)


def _answers(rng: np.random.Generator, code: str, who: str) -> FormFile:
    """Return one respondent's answers; some questions stay open."""
    drawn = rng.choice(len(ANSWERS), len(QUESTIONS), p=[0.15, 0.3, 0.3, 0.1, 0.05, 0.1])
    rows: Rows = [
        [question, who, ANSWERS[pick], None, date(2019, 1, 14)]
        for question, pick in zip(QUESTIONS, drawn, strict=True)
    ]
    header = ("Vraagnummer", "Respondent", "Antwoord", "Toelichting", "Datum")
    return FormFile(
        _name(f"b3w-{who}", code), "b3w",
        POLICE if who == "basisteam" else GEMEENTE.format(SHOWN[code]), "V1",
        _above("B3W-vragenlijst (CONCEPT, niet vastgesteld)", code), header, rows,
    )  # fmt: skip


def _meetings(code: str) -> FormFile:
    """Return fortnightly meetings, of which the one in August was not held."""
    rows: Rows = []
    for k in range(26):
        day = date(2018, 1, 9) + timedelta(weeks=2 * k)
        held = "nee" if day.month == 8 else "ja"
        rows.append(["operationeel overleg", day, held, "gemeente, politie, OM", "ja"])
    rows[3][1] = "20-02-18"
    rows.append(["Driehoek", "najaar", "ja", "gemeente, politie, OM", "nee"])
    header = ("Overleg", "Datum", "Gehouden", "Aanwezig", "Communicatie besproken")
    return FormFile(
        _name("overleg", code), "overleg", GEMEENTE.format(SHOWN[code]), "V1",
        _above("Overleggen", code), header, rows, rejected={"datum_onleesbaar": 1},
    )  # fmt: skip


def _cleared(rng: np.random.Generator) -> FormFile:
    """Return clearance per gemeente from the police, one count larger than its whole."""
    rows: Rows = []
    for code in ("GM0513", "GM0503", "GM0603", "GM0627"):
        for year in (2017, 2018):
            n = int(rng.integers(60, 400))
            rows.append([code, year, n, int(rng.binomial(n, 0.09)), date(2019, 1, 14)])
    rows[-1][3] = rows[-1][2] + 3
    header = ("Gemeente", "Jaar", "Aantal inbraken", "Aantal opgehelderd", "Peildatum opheldering")
    return FormFile(
        "formulier_opheldering.xlsx", "opheldering", POLICE, "V1", [["Opheldering per gemeente"]],
        header, rows, emptied={"n_opgehelderd_te_groot": 1},
    )  # fmt: skip


CLASSES = {
    "Leeftijdsgroep": ("tot 18 jaar", "18 tot 25 jaar", "25 jaar of ouder"),
    "Geslacht": ("man", "vrouw"),
    "Woonplaats": ("zelfde gemeente", "elders in Nederland", "onbekend"),
    "Groep of solist": ("groep", "solist"),
}


def _suspects(rng: np.random.Generator) -> FormFile:
    """Return suspects by class, small numbers withheld, and a kenmerk that may not come in."""
    rows: Rows = []
    for code in ("GM0513", "GM0518"):
        for kenmerk, classes in CLASSES.items():
            for name in classes:
                n = int(rng.integers(0, 40))
                rows.append([code, 2018, kenmerk, name, "<5" if 0 < n < 5 else n])
    rows.append(["GM0513", 2018, "Nationaliteit", "overig", "<5"])
    header = ("Gemeente", "Periode", "Kenmerk", "Klasse", "Aantal verdachten")
    return FormFile(
        "formulier_verdachten.xlsx", "verdachten", POLICE, "V2",
        [["Verdachten woninginbraak in aantallen"]], header, rows,
        rejected={"kenmerk_onbekend": 1},
    )  # fmt: skip


def _persons(rng: np.random.Generator) -> FormFile:
    """Return the counts of the person-based approach of one gemeente."""
    rows: Rows = [["ja", "<5", int(rng.integers(5, 15)), "<5", int(rng.integers(5, 20))]]
    header = ("Aanpak loopt", "Top X", "Aangemeld", "ISD", "VIP")
    return FormFile(
        _name("pga", "GM0513"), "pga", "Veiligheidshuis (fictief)", "V2",
        _above("Persoonsgerichte aanpak in aantallen", "GM0513"), header, rows,
    )  # fmt: skip
