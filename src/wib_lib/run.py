"""What a notebook opens: one area of one dataset, for one audience.

`open_run` is the single call at the top of every notebook. The `Run` it returns reads checked
tables, wraps tables and figures for the pack (with source and, where needed, the mark of
fictitious data), collects claims, and saves all results with one call.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from wib_lib import boundaries, claims, html
from wib_lib.absent import Missing, NotGiven, Suppressed
from wib_lib.audiences import READERS
from wib_lib.claims import Claim
from wib_lib.dutch import day, listing, number
from wib_lib.dutch import window as window_label
from wib_lib.errors import RunError
from wib_lib.evidence import Evidence, Sealed, described, opened
from wib_lib.fragment import of_class
from wib_lib.marking import Marking, marking
from wib_lib.params import Params, check_audience, check_ground
from wib_lib.project import Dataset, Project
from wib_lib.release import NOT_FOR, Release
from wib_lib.release_step import evidence_for, load_release
from wib_lib.released import Released
from wib_lib.report import break_line
from wib_lib.store import READ_FILE, RELEASES, Store, write_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WITHOUT_MOUSE = "Zonder muis: dezelfde cijfers staan in de tabel per buurt van de probleemanalyse."
__all__ = ["Run", "evidence_for", "open_run"]


COUNTS = "woninginbraken"  # source of a table that shows counts, from whichever table gives them
DELIVERY = "levering"  # source of a table about all that was delivered
EVALUATION = "Aanpak woninginbraken, evaluatie na 12 maanden"


@dataclass
class Run:
    """
    One notebook's view of one area.

    Parameters
    ----------
    notebook : str
        Name without suffix, such as `04_evaluation`.
    project : Project
    dataset : Dataset
    params : Params
    audience : str
    slug : str
        Name of the area's parameter file.
    """

    notebook: str
    project: Project
    dataset: Dataset
    params: Params
    audience: str
    slug: str
    claims: dict[str, Claim] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    quoted: set[str] = field(default_factory=set)

    @property
    def is_fictitious(self) -> bool:
        """Tell whether the dataset is invented."""
        return self.dataset.bronnen.fictief

    @property
    def place(self) -> str:
        """What a figure is of."""
        return self.params.gemeente

    @property
    def minimum(self) -> int:
        """Smallest count that this audience may see."""
        return int(getattr(self.params.drempels, self.audience))

    @cached_property
    def store(self) -> Store:
        """Checked tables of the dataset, as far as this audience may see their rows."""
        klasse = READERS[self.audience].klasse
        return Store(self.project.processed(self.dataset.name), klasse=klasse)

    @cached_property
    def release(self) -> Release:
        """What this audience may see of the area's police counts."""
        return load_release(self.project, self.dataset, self.audience, self.slug, self.params)

    @cached_property
    def evidence(self) -> Released:
        """The area as this audience may see it: released counts and open tables."""
        known = evidence_for(self.project, self.dataset, self.store, self.params)
        return Released(known.store, known.params, known.other_areas, self.release)

    @cached_property
    def rows(self) -> Sealed | Evidence:
        """All tables, for library functions that count rows; only an analyst can look inside."""
        whole = Store(self.project.processed(self.dataset.name))
        found = evidence_for(self.project, self.dataset, whole, self.params)
        return found if self.audience == "analist" else Sealed(found)

    @property
    def marking(self) -> Marking:
        """For whom this is, by which right, and what stands above every page."""
        return marking(self.audience, self.params, fictitious=self.is_fictitious)

    def ingest(self) -> Store:
        """Read and check the delivery, unless nothing changed since the last time."""
        folder = self.project.processed(self.dataset.name)
        from wib_lib.ingest import ingest

        rules = self.params
        ingest(self.dataset, folder, klassen=rules.klassen, gemeenten=rules.eenheid.codes)
        for name in ("store", "rows", "evidence"):
            self.__dict__.pop(name, None)
        return self.store

    def head(self, title: str) -> html.Fragment:
        """Open the pack: title, area, window, reference date, class, fictitious or not."""
        return self.opening(title)

    def opening(self, title: str, *, subtitle: str = EVALUATION, about: str = "") -> html.Fragment:
        """
        Open a document: title, area, period, reference date, class, fictitious or not.

        `about`: the days it is about, when that is not the window of the evaluation.
        """
        peildata = sorted({item.peildatum for item in self.store.described})
        facts = [
            ("Gebied", self.params.gemeente),
            ("Periode", about) if about else ("Venster", window_label(self.params.window)),
            ("Gegevens", self.dataset.bronnen.naam),
            ("Peildatum", day(peildata[-1])),
            *self.marking.facts,
        ]
        return html.head(
            f"{title} {self.params.gemeente}",
            subtitle=subtitle,
            facts=facts,
            banner=self.marking.banner,
        )

    def claim(self, claim: Claim) -> html.Fragment:
        """Record a claim and show its sentence."""
        self.claims[claim.key] = claim
        return html.claim(claim.sentence, key=claim.key)

    def below(self, *claims: Claim, shown: html.Fragment) -> html.Fragment:
        """
        Show what claims rest on below them.

        A claim that states no number is recorded and not shown: what is there says why already.
        """
        told = [self.claim(claim) for claim in claims]
        known = [text for text, claim in zip(told, claims, strict=True) if claim.value is not None]
        return self.show(*known, shown)

    def boundary_notes(self) -> html.Fragment:
        """Say what a reader must know about the area's boundaries, if there is anything."""
        return html.join(*map(self.claim, boundaries.notes(self.evidence)))

    def quote(self, notebook: str, key: str) -> html.Fragment:
        """Show a sentence that an earlier notebook of the chain stated."""
        return html.claim(self.earlier_claims(notebook)[key], key=key, origin=notebook)

    def keep(self, name: str, table: pd.DataFrame) -> None:
        """Record a table that is shown as a figure."""
        self.tables[name] = table

    def answer(self, *claims: Claim) -> html.Fragment:
        """Record the claims that make the answer and show them first."""
        self.claims |= {claim.key: claim for claim in claims}
        keys = [claim.key for claim in claims]
        return html.answer([claim.sentence for claim in claims], keys=keys)

    def table(
        self,
        frame: pd.DataFrame | Missing,
        name: str,
        *,
        years: int | None = None,
        source: str | Sequence[str] = COUNTS,
        **how: Any,
    ) -> html.Fragment:
        """
        Record a table and show it (`how` as in `wib_lib.html.table`), or say why it is missing.

        `years`: it shows the window and that many years before; breaks get their footnote.
        `source`: the delivered tables it rests on; `COUNTS` for the counts, whatever gives them.
        """
        if isinstance(frame, Missing):
            return self.lacking(how["caption"], frame)
        how["source"] = self.source_line(*[source] if isinstance(source, str) else source)
        how["note"] = " ".join(filter(None, [how.get("note"), self.footnote(years)]))
        columns = list(how.get("labels") or frame.columns)
        self.tables[name] = pd.DataFrame(frame)[columns]
        return self.show(html.table(frame, name=name, **how))

    def figure(
        self,
        fig: "Figure | Missing",
        *,
        caption: str,
        alt: str,
        years: int | None = None,
        note: str = "",
    ) -> html.Fragment:
        """
        Show a figure with its source and the mark of fictitious data, or why it is missing.

        `years`: it shows the window and that many years before; breaks get their footnote.
        `note`: how to read it, in a paragraph that is there only with the figure.
        """
        if isinstance(fig, Missing):
            return self.lacking(caption, fig)
        source = ". ".join(filter(None, [self.source_line(), self.footnote(years)]))
        shown = html.figure(
            fig,
            caption=caption,
            alt=alt,
            source=source,
            fictitious=self.is_fictitious,
            place=self.place,
        )
        return self.show(shown, *([html.paragraph(note)] if note else []))

    def show(self, *fragments: html.Fragment) -> html.Fragment:
        """
        Show parts below each other that were made from what this run may read.

        Their tables and figures are of the class of this audience, unless they have their own.
        """
        return of_class(html.join(*fragments), READERS[self.audience].klasse)

    def footnote(self, years: int | None) -> str:
        """Return the breaks of the police series within the span that is shown."""
        return "" if years is None else break_line(self.params, years)

    def lacking(self, what: str, why: Missing, owner: str = "Politie") -> html.Fragment:
        """Say that something is not delivered, why, and whom to ask; or that it is not shown."""
        if isinstance(why, NotGiven) or why.reason == NOT_FOR:
            return html.note(f"{what}: niets te tonen ({why.reason}).")
        return html.note(f"{what}: niet geleverd ({why.reason}). Te vragen aan: {owner}.")

    def screen_map(self, document: str | Missing, *, title: str) -> html.Fragment:
        """Show an interactive map, or why it is missing; the public gets images only."""
        if self.audience == "openbaar":
            return html.note("De kaart voor het scherm staat niet in een openbaar pakket.")
        if isinstance(document, Missing):
            return self.lacking(title, document)
        return self.show(html.embed(document, title=title, below=WITHOUT_MOUSE))

    def kept(self) -> html.Fragment:
        """State how many cells of the declared tables these readers get."""
        return self.claim(claims.kept(self.release))

    def absent(self, coverage: pd.DataFrame) -> html.Fragment:
        """List what is missing from whom, by owner."""
        missing = coverage[coverage["status"].eq("niet geleverd")]
        items = [
            (_n_parts(len(group)), listing(group["number"].tolist()), str(owner))
            for owner, group in missing.groupby("owner", sort=False)
        ]
        return html.absent(items)

    def source_line(self, *tables: str) -> str:
        """Name the sources of what is shown, those of the counts without more, and the dataset."""
        sources = map(self.source_of, tables or [COUNTS])
        return "; ".join(filter(None, [*sources, self.dataset.bronnen.naam]))

    def source_of(self, table: str) -> str:
        """Name the source of the area's counts, or of what a delivered table has for it."""
        if table == DELIVERY:
            return "alle bestanden van de levering"
        if table != COUNTS:
            _, files = self.evidence.filled(table) or ("", [])
            return described(files)
        owners = dict.fromkeys(item.bronhouder for item in self.store.described)
        return getattr(self.evidence.series, "source", "") or listing(list(owners))

    def earlier_claims(self, notebook: str) -> Mapping[str, str]:
        """
        Return the sentences that an earlier notebook of the chain saved, by key.

        Raises
        ------
        RunError
            When that notebook did not run for this area.
        """
        path = self.results_folder / notebook / "claims.json"
        if not path.is_file():
            raise RunError(
                f"{notebook} is voor {self.params.gemeente} nog niet gedraaid; draai eerst "
                f"{notebook} of `wib run --gemeente {self.slug} --dataset {self.dataset.name}`."
            )
        self.quoted.add(notebook)
        saved = json.loads(path.read_text(encoding="utf-8"))
        return {item["key"]: item["sentence"] for item in saved}

    @property
    def results_folder(self) -> Path:
        """Folder of this area's results, per notebook."""
        return self.project.results(self.dataset.name, self.audience, self.slug)

    def save(self, key_file: Mapping[str, Any] | None = None) -> html.Fragment:
        """
        Save claims, tables and, for the evaluation, the key figures.

        Returns
        -------
        Fragment
            What was saved, with row counts.
        """
        folder = self.results_folder / self.notebook
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "claims.json", [asdict(claim) for claim in self.claims.values()])
        for name, table in self.tables.items():
            table.map(_cell).to_csv(folder / f"{name}.csv", index=False, sep=";", encoding="utf-8")
        if key_file is not None:
            write_json(folder / "kerncijfers.json", self.key_file_head() | dict(key_file))
        write_json(folder / READ_FILE, self.read())
        rows = [f"{name}: {len(table)} rijen" for name, table in self.tables.items()]
        return html.paragraph(
            f"Bewaard: {len(self.claims)} uitspraken en {len(rows)} tabellen ({listing(rows)})."
        )

    def read(self) -> dict[str, Any]:
        """Return on what the results rest: delivered rows, parameters, earlier sentences."""
        reads = dict(self.store.reads)
        if "rows" in self.__dict__:
            reads |= opened(self.rows).store.reads
        if "release" in self.__dict__:
            name = f"{RELEASES}/{self.audience}/{self.slug}"
            reads[name] = self.store.state_of(name)
        return {
            "gegevens": dict(sorted(reads.items())),
            "parameters": sorted(self.params.used),
            "uitspraken": sorted(self.quoted),
        }

    def key_file_head(self) -> dict[str, Any]:
        """Return the part of `kerncijfers.json` that says what was evaluated."""
        area = {"naam": self.params.gemeente, "gebied": self.params.gebied.area.label}
        return {
            "gemeente": area,
            "dataset": self.dataset.name,
            "fictief": self.is_fictitious,
            "audience": self.audience,
        }


def open_run(notebook: str, *, gemeente: str, dataset: str, audience: str, **overrides: Any) -> Run:
    """
    Open one area of a dataset in a notebook.

    Parameters
    ----------
    notebook : str
        Name of the notebook that calls, without suffix.
    gemeente : str
        Area by name or by the name of its parameter file; a gemeente of the delivery by its code.
    dataset : str
        Name in `data/raw/`, or a path.
    audience : str
    **overrides
        Parameters that differ from the files; None means "as in the files".

    Raises
    ------
    WibError
        One Dutch sentence when something cannot be used.
    """
    check_audience(audience)
    project = Project.find()
    delivery = project.dataset(dataset)
    slug = project.slug_of(gemeente, delivery)
    given = {key: value for key, value in overrides.items() if value is not None}
    params = project.params(slug, delivery, given)
    check_ground(params, audience, f"params/{slug}.yaml")
    return Run(notebook, project, delivery, params, audience, slug)


def _n_parts(n: int) -> str:
    return f"{n} onderdeel" if n == 1 else f"{n} onderdelen"


def _cell(value: Any) -> Any:
    """Write an absent value with its sign, a verdict without its mark-up."""
    if isinstance(value, Missing | Suppressed):
        return number(value)
    return value.striptags() if hasattr(value, "striptags") else value
