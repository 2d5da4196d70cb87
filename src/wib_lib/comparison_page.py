"""A comparison of two runs on paper: one page and one table, for the analyst only."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from wib_lib import html
from wib_lib.audiences import AUDIENCES
from wib_lib.comparison import (
    COLUMNS,
    LEGEND,
    SHOWN,
    Comparison,
    because,
    by_cause,
    rows,
    sentences,
)
from wib_lib.differences import CLAIM, FACT, FIGURE, FINDING, NOWHERE, VERDICT
from wib_lib.dutch import listing
from wib_lib.export import write_page
from wib_lib.fragment import Fragment
from wib_lib.marking import FICTITIOUS
from wib_lib.runs import Packs

ANALYST = (
    "Alleen voor de analist. Een klein verschil tussen twee cijfers die beide zijn verspreid, kan "
    "naar enkele zaken verwijzen: stuur deze pagina niet mee met een pakket."
)


def write_comparison(found: Comparison, folder: Path) -> list[Path]:
    """
    Write the page and the table, `verschillen.html` and `verschillen.csv`.

    Parameters
    ----------
    found : Comparison
    folder : Path
        Made when it is not there; an earlier comparison in it is replaced.

    Returns
    -------
    list of Path
    """
    page, table = folder / "verschillen.html", folder / "verschillen.csv"
    is_fictitious = any(
        pack.key_file["fictief"] for side in (found.old, found.new) for pack in side.packs.values()
    )
    banner = FICTITIOUS if is_fictitious else None
    title = f"Verschillen tussen twee runs: {found.dataset}"
    footer = f"{title} · alleen voor de analist"
    write_page(page, _page(found, banner), title=title, banner=banner, footer=footer)
    table.write_text(_csv(found), encoding="utf-8-sig", newline="")  # Excel asks for the mark
    return [page, table]


def _csv(found: Comparison) -> str:
    """Write changes and causes as one table; a minus is one that Excel reads."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(COLUMNS)
    for area, kind, what, old, new, difference, unit in rows(found):
        writer.writerow((area, kind, what, *(_for_excel(x) for x in (old, new, difference)), unit))
    for each in found.areas:
        if each.old is None or each.new is None:
            sides = ("pakket" if side else NOWHERE for side in (each.old, each.new))
            writer.writerow((each.name, "gebied", each.name, *sides, "", ""))
        for cause in each.causes:
            sides = (side or NOWHERE for side in (cause.old, cause.new))
            writer.writerow((each.name, f"oorzaak: {cause.kind}", cause.name, *sides, "", ""))
    return stream.getvalue()


def _for_excel(text: str) -> str:
    return text.replace("−", "-")


def _page(found: Comparison, banner: str | None) -> Fragment:
    facts = [
        ("Gegevens", found.dataset),
        ("Pakketten voor", AUDIENCES.get(found.audience, found.audience)),
        ("Oud", f"{found.old.label}; {_versions(found.old)}"),
        ("Nieuw", f"{found.new.label}; {_versions(found.new)}"),
    ]
    parts = [
        html.head(
            "Verschillen tussen twee runs",
            subtitle="Wat veranderde er in de pakketten, en waardoor",
            facts=facts,
            banner=banner,
        ),
        html.answer(sentences(found)),
        html.note(ANALYST, tone="warning"),
        html.note(LEGEND),
    ]
    sections = {
        "Oordelen": ("Oordelen over doelen en vergelijking", VERDICT),
        "Kerncijfers": ("Cijfers die anders zijn, nieuw of vervallen", FIGURE, FACT),
        "Bevindingen": ("Bevindingen die kwamen of gingen", FINDING),
    }
    for title, (caption, *kinds) in sections.items():
        parts.append(html.section(title, _table(found, caption, kinds)))
    parts.append(html.section("Waardoor", *_because(found)))
    sentences_table = _table(found, "Uitspraken die anders zijn", (CLAIM,))
    parts.append(html.section("Uitspraken", sentences_table))
    return html.join(*parts)


def _table(found: Comparison, caption: str, kinds: Sequence[str]) -> Fragment:
    shown = [
        (area, what, old, new, f"{difference} {unit}".strip())
        for area, _, what, old, new, difference, unit in rows(found, *kinds)
    ]
    if not shown:
        return html.paragraph("Geen verschil.")
    frame = pd.DataFrame(shown, columns=list(SHOWN))
    kept = SHOWN if frame["verschil"].ne("").any() else SHOWN[:-1]
    labels = {name: name.capitalize() for name in kept}
    return html.table(frame, caption=caption, labels=labels, row_header="gebied")


def _because(found: Comparison) -> Iterator[Fragment]:
    """Show per group of areas what differs of what their packs were made from."""
    groups = by_cause(found)
    if not groups:
        yield html.paragraph("Wat de pakketten maakte, is gelijk.")
    for group, names in groups.items():
        if not group:
            yield html.note(f"{listing(names)}: {because(group)[0]}.", tone="warning")
            continue
        lines = [(c.kind, c.name, c.old or NOWHERE, c.new or NOWHERE) for c in group]
        frame = pd.DataFrame(lines, columns=["Soort", "Wat", "Oud", "Nieuw"])
        counts = Counter(cause.kind for cause in group)  # a long table is folded
        kinds = ", ".join(f"{kind} ({n})" for kind, n in counts.items())
        caption = f"Wat verschilt voor {listing(names)}: {kinds}"
        yield html.table(frame, caption=caption, row_header="Soort")


def _versions(side: Packs) -> str:
    """Name the commits from which packs were made, and whether the files differed from it."""
    found = {
        (str(pack.manifest["commit"])[:7], bool(pack.manifest.get("gewijzigd")))
        for pack in side.packs.values()
        if pack.manifest.get("commit")
    }
    named = [
        f"{commit}{' met wijzigingen' if is_dirty else ''}" for commit, is_dirty in sorted(found)
    ]
    return f"code {listing(named)}" if named else "code zonder git"
