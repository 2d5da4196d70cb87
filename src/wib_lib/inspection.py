"""A delivery looked over without running a notebook: what `wib check` says and writes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from wib_lib import assessment, boundaries, quality, quality_text
from wib_lib.absent import Missing
from wib_lib.checklist import ABSENT
from wib_lib.dutch import listing, number
from wib_lib.evidence import Evidence
from wib_lib.letters import letters, write_letters
from wib_lib.plan import Plan
from wib_lib.run import evidence_for
from wib_lib.store import Delivered, Store


def inspect(work: Plan, store: Store) -> Iterator[str]:
    """
    Say how a delivery reconciles, what its owner can mend, and what is missing for whom.

    The letters are written to `reports/<dataset>/brieven/`, the places behind a pile beside the
    tables, for the analyst only.

    Parameters
    ----------
    work : Plan
    store : Store

    Yields
    ------
    str
        Lines in Dutch.
    """
    for item in [*store.delivered, *store.replaced]:
        yield reconciled(item)
        yield from (f"  {note}" for note in item.notes)
    evidence = {
        params.gemeente: evidence_for(work.project, work.dataset, store, params)
        for params in work.params.values()
    }
    first = next(iter(evidence.values()))
    minimum, names = first.params.drempels.werkgroep, first.gemeente_names
    found = quality.of_delivery(first)
    yield quality_text.summary(found, minimum=minimum, names=names).sentence
    points: list[tuple[str, str, str]] = []
    if not isinstance(found, Missing):
        points = quality_text.sentences(found.findings, minimum=minimum, names=names)
        yield from (f"  {text} [{certainty}] {request}" for text, certainty, request in points)
        for path in quality.write_piles(found, store.folder / "controle"):
            yield f"  Welke plaatsen het zijn, alleen voor de analist: {os.path.relpath(path)}"
    coverage = {name: assessment.coverage(each) for name, each in evidence.items()}
    for name, table in coverage.items():
        yield from missing(evidence[name], table)
    texts = letters(
        coverage, store.delivered, points, dataset=work.dataset.bronnen.naam, minimum=minimum
    )
    paths = write_letters(texts, letter_folder(work))
    yield f"Brieven: {', '.join(os.path.relpath(path) for path in paths) or 'geen nodig'}"


def letter_folder(work: Plan) -> Path:
    """Folder of the letters to owners, beside the packs."""
    return work.project.root / "reports" / work.dataset.name / "brieven"


def reconciled(item: Delivered) -> str:
    """Say how the rows of one file reconcile."""
    reasons = listing([f"{number(n)} {name}" for name, n in item.rejected.items()])
    why = f" ({reasons})" if reasons else ""
    later = f"; vervangen door {item.replaced_by}" if item.replaced_by else ""
    return (
        f"{item.bestand}: {number(item.n_read)} gelezen, {number(item.n_accepted)} aanvaard, "
        f"{number(item.n_rejected)} afgekeurd{why}, {number(item.n_duplicates)} dubbel{later}"
    )


def missing(evidence: Evidence, coverage: pd.DataFrame) -> Iterator[str]:
    """Say what is missing for one area, from whom, and what its boundary asks attention for."""
    params = evidence.params
    yield f"{params.gemeente}: {number(len(params.doelen))} doelen; niet geleverd:"
    absent = coverage[coverage["status"].eq(ABSENT)]
    for owner, group in absent.groupby("owner", sort=False):
        yield f"  te vragen aan {owner}: {listing(group['number'].tolist())}"
    yield from (f"  {note.sentence}" for note in boundaries.notes(evidence))
