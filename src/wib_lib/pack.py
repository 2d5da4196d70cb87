"""The pack of one area or of the region: documents, some on paper too, key figures, and a manifest
that traces every figure.
"""

import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import nbformat

from wib_lib.audiences import CLASSES
from wib_lib.chance import SEED
from wib_lib.code import versions
from wib_lib.document import read_document, tables
from wib_lib.dutch import day
from wib_lib.export import export_html
from wib_lib.freshness import made_of
from wib_lib.gate import check_document, check_release
from wib_lib.landing import landing
from wib_lib.marking import Marking, marking
from wib_lib.packfile import KEY_FILE, MANIFEST, WORD_FILE
from wib_lib.pdf import Running, write_pdf, write_two_pages
from wib_lib.plan import GATHERED, GATHERS, REGION, Plan, executed_path
from wib_lib.provenance import MADE_OF, PUBLISHED, SHORT
from wib_lib.release import Release
from wib_lib.release_step import load_release, publish, region_release
from wib_lib.runs import keep
from wib_lib.sheets import write_sheets
from wib_lib.store import IN_DIVISION, Store, write_json
from wib_lib.word import write_word

DOCUMENTS = {
    "04_evaluation": ("evaluatie.html", "Evaluatie"),
    "02_problem_analysis": ("probleemanalyse.html", "Probleemanalyse"),
    "03_trends_hotspots": ("trends_hotspots.html", "Trends en hotspots"),
    "05_steering_information": ("sturingsinformatie.html", "Sturingsinformatie"),
    "06_working_group": ("werkgroep.html", "Werkgroep"),
    "07_rbo_summary": ("rbo_samenvatting.html", "Samenvatting voor het RBO"),
}
ON_PAPER = {
    "04_evaluation": "evaluatie.pdf",
    "06_working_group": "werkgroep.pdf",
    "07_rbo_summary": "rbo_samenvatting.pdf",
}
SUMMARY = "07_rbo_summary"  # on exactly two pages
FOR_WORD = "04_evaluation"  # to be completed by people
SHEETS = "tabellen.xlsx"


def make_pack(work: Plan, slug: str, started: datetime) -> Path:
    """
    Write a pack, whole or not at all, and keep what a later one is compared with.

    Parameters
    ----------
    work : Plan
    slug : str
        An area, or the region.
    started : datetime
        When the run began.

    Raises
    ------
    RunError
        When a notebook shows something that a pack may not hold.
    """
    target = work.project.reports(work.dataset.name, work.audience) / slug
    check(work, slug)
    key_file = _saved(work, slug, GATHERS if slug == REGION else GATHERED, KEY_FILE)
    with landing(target) as fresh:
        _documents(work, slug, fresh)
        _sheets(work, slug, fresh)
        write_json(fresh / KEY_FILE, key_file)
        made = manifest(work, slug, started, key_file)
        write_json(fresh / MANIFEST, published(made, _store(work, CLASSES[0])))
    claims = {
        notebook: _saved(work, slug, notebook, "claims.json") for notebook in _shown(work, slug)
    }
    keep(work, slug, started, made, claims)
    publish(work.project, work.dataset.name, work.audience, slug)
    return target


def check(work: Plan, slug: str) -> None:
    """Refuse a pack of which any part may not leave, before anything is written."""
    check_release(work.names[slug], _release(work, slug).open_cells)
    for notebook in _shown(work, slug):
        path = executed_path(work, slug, notebook)
        check_document(nbformat.read(path, as_version=4), path.name, work.audience)


def _release(work: Plan, slug: str) -> Release:
    if slug == REGION:
        return region_release(work.project, work.dataset, work.audience)
    return load_release(work.project, work.dataset, work.audience, slug, work.params[slug])


def _store(work: Plan, klasse: str = CLASSES[-1]) -> Store:
    return Store(work.project.processed(work.dataset.name), klasse=klasse)


def _marks(work: Plan, slug: str) -> Marking:
    return marking(work.audience, work.params_of(slug), fictitious=work.dataset.bronnen.fictief)


def manifest(work: Plan, slug: str, started: datetime, key_file: dict[str, Any]) -> dict[str, Any]:
    """
    Say from what and by what a pack was made.

    Returns
    -------
    dict
        Commit and whether the working tree differed from it, parameters, SHA-256 of every
        input, what it was made of (shortened digests of notebooks, modules and delivered parts
        read, and the areas of the approach), package versions, times, recipients and legal
        ground, and the ledger of suppression: keys of hidden cells, never their counts.
    """
    store = _store(work)
    commit = _git(work.project.root, "rev-parse", "HEAD")
    released = _release(work, slug)
    marks = _marks(work, slug)
    return {
        "gemeente": work.names[slug],
        "dataset": work.dataset.name,
        "fictief": work.dataset.bronnen.fictief,
        "audience": work.audience,
        "commit": commit,
        "gewijzigd": bool(_git(work.project.root, "status", "--porcelain")) if commit else None,
        "parameters": work.params_of(slug).model_dump(
            mode="json", include=set(work.parameters_of(slug))
        ),
        "opgegeven": {key: str(value) for key, value in work.overrides.items()},
        "invoer": [
            {
                "bestand": item.bestand,
                "sha256": item.sha256,
                "bronhouder": item.bronhouder,
                "peildatum": item.peildatum.isoformat(),
                "privacyklasse": item.privacyklasse,
                "gelezen": item.n_read,
                "aanvaard": item.n_accepted,
                "afgekeurd": item.n_rejected,
                "dubbel": item.n_duplicates,
            }
            for item in [*store.delivered, *store.replaced]
        ],
        MADE_OF: _made_of(work, slug),
        "pakketten": versions(),
        "seed": SEED,
        "gestart": started.isoformat(timespec="seconds"),
        "gereed": datetime.now(UTC).isoformat(timespec="seconds"),
        "onderdrukt": released.hidden,
        "getoond_pct": round(100 * released.share_kept, 1),
        "bevindingen": list(released.findings),
        "kerncijfers_onderdrukt": suppressed(key_file),
        "ontvangers": marks.recipients,
        "grondslag": marks.ground,
    }


def published(made: dict[str, Any], store: Store) -> dict[str, Any]:
    """
    Leave out of a manifest what a small confidential table can be found by.

    Whoever guesses the few counts of a form can check the guess by its digest (requirements,
    P-12). The analyst's copy keeps all digests; see `wib_lib.runs`.

    Parameters
    ----------
    made : dict
        As from `manifest`.
    store : Store
        Opened for what is public.
    """
    files = [
        {k: v for k, v in item.items() if k != "sha256" or item["privacyklasse"] == CLASSES[0]}
        for item in made["invoer"]
    ]
    parts = {
        name: value
        for name, value in made[MADE_OF]["gegevens"].items()
        if _is_open(name.partition("/")[0], store)
    }
    traced = made[MADE_OF] | {"gegevens": parts}
    return made | {"invoer": files, MADE_OF: traced, PUBLISHED: True}


def _is_open(table: str, store: Store) -> bool:
    """Tell whether all that feeds a table is public; what is released, or said of files, is."""
    if table == "levering":  # the digest of all files
        return False
    return store.may_read("kerncijfers" if table == IN_DIVISION else table)


def suppressed(key_file: dict[str, Any]) -> list[str]:
    """
    Name the blocks of key figures in which a figure is suppressed.

    Examples
    --------
    >>> suppressed({"pogingen": {"venster": None, "onderdrukt": True}, "aantal": {"venster": 3}})
    ['pogingen']
    """
    blocks = {name: value for name, value in key_file.items() if isinstance(value, dict)}
    blocks |= {f"doel {goal['id']}": goal for goal in key_file.get("doelen", [])}
    return [name for name, value in blocks.items() if value.get("onderdrukt")]


def _shown(work: Plan, slug: str) -> list[str]:
    """Name the notebooks that a pack shows, the first document first."""
    return [notebook for notebook in DOCUMENTS if notebook in work.steps_of(slug)]


def _documents(work: Plan, slug: str, folder: Path) -> None:
    marks = _marks(work, slug)
    shown = {notebook: DOCUMENTS[notebook] for notebook in _shown(work, slug)}
    footer = f"{work.names[slug]} · {work.dataset.bronnen.naam} · {marks.running} · {at_date(work)}"
    files = {notebook: file for notebook, (file, _) in shown.items()}
    for notebook, (file, _) in shown.items():
        others = [(other, page) for page, other in shown.values() if page != file]
        export_html(
            executed_path(work, slug, notebook),
            folder / file,
            title=_title(work, slug, notebook),
            banner=marks.banner,
            footer=footer,
            links=[("Overzicht", "../index.html"), *others],
            documents=files,
        )
        if notebook in ON_PAPER:
            _on_paper(work, slug, notebook, folder)


def _title(work: Plan, slug: str, notebook: str) -> str:
    title = DOCUMENTS[notebook][1]
    return title if slug == REGION else f"{title} {work.names[slug]}"


def _on_paper(work: Plan, slug: str, notebook: str, folder: Path) -> None:
    title = _title(work, slug, notebook)
    blocks = read_document(executed_path(work, slug, notebook))
    running = _running(work, slug)
    write = write_two_pages if notebook == SUMMARY else write_pdf
    write(blocks, folder / ON_PAPER[notebook], title=title, running=running)
    if work.has_word and notebook == FOR_WORD:
        write_word(blocks, folder / WORD_FILE, title=title, running=running, as_of=as_of(work))


def _sheets(work: Plan, slug: str, folder: Path) -> None:
    documents = {
        DOCUMENTS[notebook][1]: tables(read_document(executed_path(work, slug, notebook)))
        for notebook in _shown(work, slug)
    }
    write_sheets(
        documents,
        folder / SHEETS,
        title=f"Tabellen {work.names[slug]}",
        running=_running(work, slug),
        as_of=as_of(work),
    )


def _running(work: Plan, slug: str) -> Running:
    """Return what stands on every page and sheet of a pack."""
    marks = _marks(work, slug)
    return Running(work.names[slug], at_date(work), marks.running, marks.banner)


def at_date(work: Plan) -> str:
    """Name the day of the data; never that of making, so that packs of the same data are equal."""
    return f"peildatum {day(as_of(work))}"


def as_of(work: Plan) -> date:
    """Return the newest day of the delivery."""
    described = _store(work).described
    return max(item.peildatum for item in described)


def _made_of(work: Plan, slug: str) -> dict[str, dict[str, str]]:
    """Return what two packs are traced by, without git: digests by name, short enough to read."""
    made = {
        part: {name: value[:SHORT] for name, value in digests.items()}
        for part, digests in made_of(work, slug).items()
    }
    counted = {name: value[:SHORT] for name, value in _release(work, slug).reads.items()}
    made["gegevens"] = dict(sorted({**counted, **made["gegevens"]}.items()))
    areas = {name: area.label for name, area in sorted(work.areas.items())}
    return {"notebooks": made.pop("notebook"), **made, "gebieden": areas}


def _saved(work: Plan, slug: str, notebook: str, name: str) -> Any:
    """Read what a notebook of the chain saved."""
    path = work.project.results(work.dataset.name, work.audience, slug) / notebook / name
    return json.loads(path.read_text(encoding="utf-8"))


def _git(root: Path, *words: str) -> str | None:
    """Ask git; None outside a checkout or without git."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
