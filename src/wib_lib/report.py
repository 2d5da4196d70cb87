"""Tables and tiles of the evaluation: results in, parts of a pack out."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd

from wib_lib import html
from wib_lib.absent import Missing, Suppressed, is_known
from wib_lib.anchors import TERM
from wib_lib.checklist import ABSENT
from wib_lib.dutch import day, listing, number, percent
from wib_lib.dutch import window as window_label
from wib_lib.evidence import Evidence
from wib_lib.goals import Verdict, shown, shown_target
from wib_lib.keyfigures import KeyFigures, rate
from wib_lib.params import Params, Reeks, Reeksbreuk
from wib_lib.store import Delivered

HOTS = (
    ("hotspots", "plaatsen", ("1A",)),
    ("hotshots", "zeer actieve daders; alleen aantallen", ("23A", "23B")),
    ("hotgroups", "groepen; alleen aantallen", ("8A", "22C")),
    ("hotvictims", "herhaald slachtofferschap", ("14A",)),
    ("hottimes", "tijdstippen", ("1B", "18")),
    ("hottargets", "woningen en buit", ("15A", "16", "22D")),
    ("hotfacilities", "voorzieningen", ("7A", "7C", "8B")),
)


def goal_table(verdicts: Sequence[Verdict]) -> html.Fragment:
    """Show the goals with base, target, realised value and verdict."""
    if not verdicts:
        return html.note("Voor dit gebied zijn geen doelen opgegeven.", tone="warning")
    rows = pd.DataFrame(
        {
            "goal": verdict.name,
            "base": _base(verdict),
            "target": shown_target(verdict.doel.indicator, verdict.doel.operator, verdict.target),
            "realised": _realised(verdict),
            "verdict": verdict.oordeel,
            "source": f"{verdict.doel.partner}; {verdict.doel.bron}",
        }
        for verdict in verdicts
    )
    labels = {
        "goal": "Doel",
        "verdict": "Oordeel",
        "target": "Doelwaarde",
        "realised": "Gerealiseerd (interval)",
        "base": "Uitgangspunt",
        "source": "Wie en bron",
    }
    return html.table(
        rows,
        caption="Doelen en oordeel",
        labels=labels,
        formats={"verdict": html.verdict},
        row_header="goal",
    )


def finding_table(verdicts: Sequence[Verdict]) -> html.Fragment:
    """Show what must be known to read each verdict."""
    rows = pd.DataFrame(
        {"goal": verdict.name, "finding": finding}
        for verdict in verdicts
        for finding in verdict.findings
    )
    labels = {"goal": "Doel", "finding": "Bevinding"}
    return html.table(rows, caption="Bevindingen bij de doelen", labels=labels, row_header="goal")


def benchmark_table(figures: KeyFigures, params: Params) -> html.Fragment:
    """Show the area beside country, police region and guest, for the same months."""
    rows = [
        {
            "name": params.gemeente,
            "n": figures.n,
            "n_before": figures.n_before,
            "pct": figures.pct_change,
            "rate": figures.rate.value,
        }
    ]
    for benchmark in figures.benchmarks.values():
        rows.append(
            {
                "name": benchmark.label,
                "n": benchmark.n,
                "n_before": benchmark.n_before,
                "pct": benchmark.pct_change,
                "rate": benchmark.rate,
            }
        )
    now, then = window_label(figures.window), window_label(figures.window.earlier(1))
    labels = {"name": "Gebied", "n": now, "n_before": then, "pct": "Verandering",
              "rate": "Per 1.000 woningen"}  # fmt: skip
    formats = {
        "n": number,
        "n_before": number,
        "pct": lambda value: percent(value, sign=True),
        "rate": lambda value: number(value, 1),
    }
    sources = dict.fromkeys(b.source for b in figures.benchmarks.values() if b.source)
    return html.table(
        pd.DataFrame(rows),
        caption="Dezelfde maanden, vergeleken",
        labels=labels,
        formats=formats,
        source="; ".join(sources),
        note=f"Noemer: woningen van {figures.rate.dwellings.year or 'het gevraagde jaar'}. "
        + break_line(params, 1),
        row_header="name",
    )


def source_table(delivered: Sequence[Delivered]) -> html.Fragment:
    """Show what was delivered, by whom, and how the rows reconcile."""
    rows = pd.DataFrame(
        {
            "file": item.bestand,
            "owner": item.bronhouder,
            "peildatum": day(item.peildatum),
            "klasse": item.privacyklasse,
            "n_read": item.n_read,
            "n_accepted": item.n_accepted,
            "n_rejected": item.n_rejected,
            "n_duplicates": item.n_duplicates,
        }
        for item in delivered
    )
    labels = {
        "file": "Bestand",
        "owner": "Bronhouder",
        "peildatum": "Peildatum",
        "klasse": "Klasse",
        "n_read": "Gelezen",
        "n_accepted": "Aanvaard",
        "n_rejected": "Afgekeurd",
        "n_duplicates": "Dubbel",
    }
    counts = dict.fromkeys(["n_read", "n_accepted", "n_rejected", "n_duplicates"], number)
    return html.table(
        rows,
        caption="Wat geleverd is: gelezen = aanvaard + afgekeurd + dubbel",
        labels=labels,
        formats=counts,
        row_header="file",
    )


def reason_table(delivered: Sequence[Delivered]) -> html.Fragment:
    """Show why rows were refused and fields emptied, as counts."""
    rows = pd.DataFrame(
        [
            {"file": item.bestand, "what": what, "reason": reason.replace("_", " "), "n": n}
            for item in delivered
            for what, counts in (("rij afgekeurd", item.rejected), ("veld geleegd", item.emptied))
            for reason, n in counts.items()
        ],
        columns=["file", "what", "reason", "n"],
    )
    if rows.empty:
        return html.note("Geen enkele rij is afgekeurd en geen enkel veld is geleegd.")
    labels = {"file": "Bestand", "what": "Gevolg", "reason": "Reden", "n": "Aantal"}
    caption = "Redenen van afkeuring en van lege velden"
    formats = {"n": number}
    return html.table(rows, caption=caption, labels=labels, formats=formats, row_header="file")


def remarks(delivered: Sequence[Delivered]) -> html.Fragment:
    """List what readers passed over without it being a row, such as a column nobody knows."""
    rows = [{"file": item.bestand, "note": note} for item in delivered for note in item.notes]
    if not rows:
        return html.paragraph("Bij het lezen is verder niets overgeslagen.")
    return html.table(
        pd.DataFrame(rows),
        caption="Overgeslagen of opgemerkt bij het lezen",
        labels={"file": "Bestand", "note": "Wat"},
    )


def revision_table(revised: pd.DataFrame | Missing) -> html.Fragment:
    """Show figures that a later delivery changed, old beside new."""
    if isinstance(revised, Missing) or revised.empty:
        return html.paragraph("Er zijn geen gewijzigde cijfers om te tonen.")
    labels = {
        "year": "Jaar",
        "what": "Wat",
        "old": "Vorige levering",
        "new": "Deze levering",
        "difference": "Verschil",
    }
    signed = partial(number, sign=True)
    formats: dict[str, Callable[[Any], str]] = {"old": number, "new": number, "difference": signed}
    return html.table(
        revised,
        caption="Gewijzigd ten opzichte van de vorige levering",
        labels=labels,
        formats=formats,
        row_header="year",
    )


def definition_table(evidence: Evidence) -> html.Fragment:
    """Show the definitions that every figure rests on."""
    params = evidence.params
    window, guests = params.window, listing(list(params.vergelijking.values()))
    apart = f", gast {guests} niet meegeteld" if guests else ""
    counted = {"kennisname": "dag van kennisname", "begin": "begin van het feit",
               "eind": "eind van het feit"}  # fmt: skip
    certainty = number(100 * params.betrouwbaarheid)
    rows = pd.DataFrame(
        [
            ("Woninginbraak", "politiecode 1.1.1, pogingen inbegrepen: maatschappelijke klassen "
             + ", ".join(params.klassen)),
            ("Venster", f"{day(window.start)} tot en met {day(window.last)}"),
            ("Eerdere jaren", "steeds dezelfde maanden als het venster"),
            ("Vergelijkingsgemeenten", f"{number(len(evidence.reference_codes))} gemeenten van de {params.eenheid.naam} waarin geen gebied van de aanpak ligt{apart}; kort: de vergelijking"),
            ("Periode van een feit", counted[params.periodetoewijzing]),
            ("Per 1.000 woningen", "woningen op 1 januari; nooit inwoners"),
            ("Interval", f"{certainty} %, exact (Poisson of binomiaal): alleen toeval, geen onderregistratie; inbraken komen in reeksen, dus eerder te smal dan te breed"),
            ("Opgehelderd", "minstens één verdachte bekend; even lange naloop: elk jaar geteld na een even lange tijd sinds het eind van de periode"),
            ("Hotspot", "een buurt met meer woninginbraken per woning dan het gebied, die met de buurten eromheen meer heeft dan toeval geeft (Gi* en een exacte toets, met Benjamini-Hochberg)"),
            ("Near repeat", "woninginbraken dicht bij elkaar die elkaar sneller opvolgen dan toeval geeft (toets van Knox, data verwisseld binnen kwartaal en gemeente); geen oorzaak"),
            ("Gini (gegeneraliseerd)", "0: zo gelijk over de buurten of straten verdeeld als met hele feiten kan; hoe dichter bij 1, hoe meer er op enkele plekken valt"),
            ("Dagdeel", "elk feit telt eenmaal, verdeeld over de uren waarin het gebeurd kan zijn (aoristisch)"),
            (params.eenheid.naam, f"{len(params.eenheid.gemeenten)} gemeenten; {params.eenheid.bron}"),
            ("B3W-vragenlijst", "vragen over drie strategieën (best of three worlds): probleemgericht werken, informatiesturing en burgerparticipatie; gemeente en basisteam vullen haar elk in"),
            ("Gebied", params.gebied.bron or f"gemeente {params.gebied.gemeentecode}"),
            ("Tekens", "0 is nul; . is niet bekend; x is onderdrukt"),
        ],
        columns=["term", "meaning"],
    )  # fmt: skip
    labels = {"term": "Begrip", "meaning": "Betekenis"}
    return html.table(
        rows, caption="Begrippen", labels=labels, row_header="term", name="begrippen", anchor=TERM
    )


def hots_table(coverage: pd.DataFrame) -> html.Fragment:
    """Show the seven hots of the plan of approach, and what this delivery has for each."""
    status = coverage.set_index("number")["status"]
    rows = pd.DataFrame(
        {"hot": hot, "what": what, "status": "; ".join(f"{nr}: {status[nr]}" for nr in numbers)}
        for hot, what, numbers in HOTS
    )
    labels = {"hot": "Hot", "what": "Waarover", "status": "Onderdelen van de checklist"}
    return html.table(rows, caption="De zeven hots", labels=labels, row_header="hot")


def national_table(evidence: Evidence) -> html.Fragment:
    """Show the country per year with the dwellings of the year itself."""
    order = [
        evidence.params.window.earlier(back) for back in range(evidence.params.jaren_voor, -1, -1)
    ]
    country = evidence.country
    rows = []
    for window in order:
        n = country if isinstance(country, Missing) else country.total(window)
        dwellings = evidence.country_dwellings(window.start.year)
        rows.append({"year": window_label(window), "n": n, "n_dwellings": dwellings.n,
                     "rate": rate(n, dwellings).value, "source": dwellings.source})  # fmt: skip
    labels = {"year": "Jaar", "n": "Woninginbraken", "n_dwellings": "Woningen",
              "rate": "Per 1.000 woningen", "source": "Bron woningen"}  # fmt: skip
    return html.table(
        pd.DataFrame(rows, dtype=object),
        caption="Nederland: de lat beweegt mee",
        labels=labels,
        formats={"n": number, "n_dwellings": number, "rate": lambda value: number(value, 2)},
        source="" if isinstance(country, Missing) else country.source,
        note="Per jaar de woningen van dat jaar; het doel vergelijkt met de woningen van één jaar. "
        + break_line(evidence.params, evidence.params.jaren_voor),
        row_header="year",
    )


def break_notes(params: Params) -> html.Fragment:
    """Warn for every registration break that a comparison of this window crosses."""
    found = params.breaks_over(params.jaren_voor)
    if not found:
        return html.paragraph("Geen bekende reeksbreuk in het venster en de jaren ervoor.")
    return html.join(*(html.note(_break(b), tone="warning") for b in found))


def break_line(params: Params, years: int, reeks: Reeks = "politie") -> str:
    """
    Write the footnote of a table or figure that shows the window and the `years` years before.

    Empty when no break of that series lies in that span.
    """
    return " ".join(f"Reeksbreuk: {_break(b)}" for b in params.breaks_over(years, reeks))


def _break(found: Reeksbreuk) -> str:
    return f"{found.tekst} Bron: {found.bron}."


def closing_questions() -> html.Fragment:
    """Ask what the driehoek must decide after twelve months."""
    return html.paragraph(
        "Te beantwoorden in de driehoek: zijn de doelen bereikt, zijn de maatregelen geborgd, en "
        "blijft woninginbraak een prioriteit?"
    )


def lacking(coverage: pd.DataFrame) -> list[str]:
    """Return the missing parts of the checklist with their owner, for the index."""
    missing = coverage[coverage["status"].eq(ABSENT)]
    return [f"{row.number} {row.text} ({row.owner})" for row in missing.itertuples()]


def _base(verdict: Verdict) -> str:
    basis = verdict.doel.basis
    if basis is None:
        return f"{verdict.doel.benchmark} cijfer" if verdict.doel.benchmark else "vaste waarde"
    change = (
        ""
        if verdict.doel.mutatie_pct is None
        else f", {percent(verdict.doel.mutatie_pct, 0, sign=True)}"
    )
    return f"{shown(verdict.doel.indicator, basis.waarde)} in {basis.periode}{change}"


def _realised(verdict: Verdict) -> str | Missing | Suppressed:
    found, write = verdict.realised, partial(shown, verdict.doel.indicator)
    if isinstance(found.value, Missing | Suppressed):
        return found.value
    if not (is_known(found.low) and is_known(found.high)):
        return write(found.value)
    return f"{write(found.value)} ({write(found.low)} tot {write(found.high)})"
