"""The command `wib`: what the analyst types."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml
from rich.console import Console

from wib_lib.errors import ParamError, RunError, WibError

if TYPE_CHECKING:  # heavy to import, for a command that may only print its help
    from wib_lib.chain import Do
    from wib_lib.plan import Plan
    from wib_lib.step import Outcome

STARTING = 2  # kernels that start or end use no core: as many more may be under way
dataset_option = click.option(
    "--dataset", default="voorbeeld", show_default=True, help="Naam in data/raw/, of een map."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Evaluaties van de aanpak woninginbraken."""


@cli.command()
@dataset_option
@click.option("--gemeente", "areas", multiple=True, help="Gebied of gemeentecode; mag vaker; alle.")
@click.option(
    "--audience",
    default="werkgroep",
    show_default=True,
    help="openbaar, werkgroep, driehoek of analist.",
)
@click.option(
    "--jobs", type=click.IntRange(1), help="Stappen naast elkaar; standaard de kernen plus twee."
)
@click.option(
    "--scheduler", metavar="ADRES", help="Werk op een cluster: tcp://adres:poort, of lokaal."
)
@click.option("--force", is_flag=True, help="Draai alles opnieuw, ook wat niet veranderde.")
@click.option("--docx", "word", is_flag=True, help="Maak ook evaluatie.docx, om aan te vullen.")
@click.option("--why", is_flag=True, help="Zeg per notebook waarom het wel of niet draait.")
@click.option("--until", help="Laatste notebook, bijvoorbeeld 01_ingest.")
@click.option(
    "-p",
    "pairs",
    nargs=2,
    multiple=True,
    metavar="SLEUTEL WAARDE",
    help="Overschrijf een parameter.",
)
def run(
    dataset: str,
    areas: tuple[str, ...],
    audience: str,
    jobs: int | None,
    scheduler: str | None,
    force: bool,
    word: bool,
    why: bool,
    until: str | None,
    pairs: tuple[tuple[str, str], ...],
) -> None:
    """Maak de evaluaties: alle notebooks per gebied en voor de werkgroep, en de pakketten."""
    from wib_lib.bundle import drop_bundles
    from wib_lib.chain import run_chain
    from wib_lib.freshness import stale, standing
    from wib_lib.landing import sole_writer, sweep
    from wib_lib.plan import (
        PACK,
        REGION_NOTEBOOKS,
        check_windows,
        counts_stand,
        plan,
        read_delivery,
        release_counts,
        standing_tables,
    )
    from wib_lib.progress import Progress, closing_table
    from wib_lib.project import Project

    out = Console(highlight=False)
    work = plan(
        Project.find(),
        dataset,
        areas=areas,
        audience=audience,
        until=until,
        overrides=parse_overrides(pairs),
    )
    work = replace(work, has_word=word)
    names = work.names
    folder = work.project.processed(work.dataset.name)
    with sole_writer(folder):
        sweep(folder)
        # a worker on another machine checks that it sees the same tables, so these come first
        store = read_delivery(work) if scheduler else standing_tables(work)
        if force or store is None or not counts_stand(work, store):  # these decide all the rest
            todo = {*work.tasks}
        else:
            todo = stale(work, store)
        notebooks = {step for _, step in todo} - {PACK}
        if notebooks:  # those of the region follow when an area says something else
            notebooks |= {*REGION_NOTEBOOKS} & {*work.steps}
        hands = _far(work, scheduler, jobs) if scheduler and todo else _here(work, jobs, notebooks)
        with hands as (executor, do, n_jobs):  # kernels get ready while the delivery is read
            store = store or read_delivery(work)
            release_counts(work, store)
            work = replace(work, standing=standing(work, store))
            check_windows(work, store, {slug for slug, _ in todo})
            if todo:
                drop_bundles(work.project.reports(work.dataset.name, work.audience))
            with Progress(out, work) as shown:
                try:
                    outcomes = run_chain(
                        work, executor, jobs=n_jobs, report=shown.report, do=do, force=force
                    )
                except KeyboardInterrupt:
                    out.print(f"Afgebroken. {shown.kept()}")
                    raise SystemExit(130) from None
        if why:
            _print_reasons(outcomes, names)
        out.print(closing_table(shown, outcomes))
        _publish(work, outcomes)
    errors = [f"{names[outcome.slug]}: {outcome.error}" for outcome in outcomes if outcome.error]
    for line in errors:
        click.echo(f"Mislukt: {line}", err=True)
    if errors:
        raise SystemExit(1)


@contextmanager
def _here(
    work: "Plan", jobs: int | None, notebooks: Collection[str]
) -> Iterator[tuple[Executor, "Do", int]]:
    """Give what does the steps on this machine, with a fork server when there are notebooks."""
    from wib_lib.code import notebooks_reach
    from wib_lib.kernels.fork import fork_server
    from wib_lib.plan import notebook_path
    from wib_lib.step import do_step

    n_jobs = jobs or (os.cpu_count() or 1) + STARTING
    modules = notebooks_reach(notebook_path(work.project, notebook) for notebook in notebooks)
    with fork_server(work.project.root, modules) if notebooks else nullcontext() as server:
        pool = ThreadPoolExecutor(n_jobs)  # the work itself is done in kernels
        try:
            yield pool, partial(do_step, server=server), n_jobs
        finally:
            pool.shutdown(wait=False)  # after Ctrl+C nobody waits; the server ends its kernels


@contextmanager
def _far(work: "Plan", scheduler: str, jobs: int | None) -> Iterator[tuple[Executor, "Do", int]]:
    """Give what does the steps at the workers of a cluster."""
    try:
        from wib_lib.cluster import cluster, do_at_worker
    except ModuleNotFoundError as problem:
        raise RunError(
            f"--scheduler: het pakket {problem.name} ontbreekt; installeer 'distributed'."
        ) from None
    with cluster(scheduler, work, jobs) as (executor, n_jobs):
        yield executor, do_at_worker, n_jobs


def _print_reasons(outcomes: Sequence["Outcome"], names: Mapping[str, str]) -> None:
    """Say for each step why it ran, or that nothing changed."""
    for outcome in outcomes:
        said = "; ".join(outcome.why) or "niets gewijzigd"
        click.echo(f"{names[outcome.slug]}, {outcome.step}: {said}")


def _publish(work: "Plan", outcomes: Sequence["Outcome"]) -> None:
    """Write index and bundle, unless they hold already; say what could not be protected."""
    from wib_lib.bundle import bundles
    from wib_lib.landing import sweep
    from wib_lib.plan import PACK
    from wib_lib.release_step import n_findings

    if PACK not in work.steps:
        return
    reports = work.project.reports(work.dataset.name, work.audience)
    index = reports / "index.html"
    stands = index.is_file() and bundles(reports)
    if not stands or not all(outcome.was_done for outcome in outcomes):
        from wib_lib.index import write_overview

        write_overview(work, outcomes)
    sweep(reports)
    for slug, name in work.names.items():
        if n := n_findings(work.project, work.dataset, work.audience, slug):
            click.echo(
                f"{name}: {n} {'onderdrukt aantal is' if n == 1 else 'onderdrukte aantallen zijn'}"
                " niet verder te beveiligen; zie "
                f"'bevindingen' in {slug}/manifest.json en overleg met de bronhouder."
            )
    click.echo(f"Pakketten: {os.path.relpath(index)}")


@cli.command()
@dataset_option
def check(dataset: str) -> None:
    """Controleer parameters en levering; zegt wat ontbreekt of beter kan, en schrijft brieven."""
    from wib_lib.inspection import inspect
    from wib_lib.plan import check_windows, plan, read_delivery
    from wib_lib.project import Project

    work = plan(Project.find(), dataset)
    store = read_delivery(work)
    check_windows(work, store, work.params)
    for line in inspect(work, store):
        click.echo(line)


@cli.command()
@click.argument("folder", metavar="[MAP]", type=click.Path(path_type=Path), required=False)
@click.option("--seed", default=2018, show_default=True, help="Zelfde getal, zelfde bestanden.")
@click.option(
    "--gemeenten",
    "n_gemeenten",
    type=int,
    help="Meer gemeenten dan de tien, tot het hele land (342).",
)
def sample(folder: Path | None, seed: int, n_gemeenten: int | None) -> None:
    """Maak de fictieve voorbeelddata (standaard in data/raw/voorbeeld of voorbeeld-AANTAL)."""
    from wib_lib.project import Project
    from wib_lib.sample import write_sample

    name = f"voorbeeld-{n_gemeenten}" if n_gemeenten else "voorbeeld"
    target = folder or Project.find().root / "data" / "raw" / name
    write_sample(target, seed=seed, n_gemeenten=n_gemeenten)
    click.echo(f"Voorbeelddata: {os.path.relpath(target)}")


@cli.command()
@click.option(
    "--naar",
    "folder",
    type=click.Path(path_type=Path),
    metavar="MAP",
    help="Standaard data/raw/open-JJJJ-MM-DD.",
)
@click.option(
    "--jaar",
    "years",
    type=int,
    multiple=True,
    help="Mag vaker; standaard de jaren van de evaluaties.",
)
@click.option(
    "--bron", "sources", multiple=True, help="kwb, politie of gebieden; mag vaker, standaard alle."
)
def fetch(folder: Path | None, years: tuple[int, ...], sources: tuple[str, ...]) -> None:
    """Haal open data van CBS, politie en PDOK op; nooit vanzelf, alleen met deze opdracht."""
    from datetime import date

    from rich.progress import Progress

    from wib_lib.fetch import Download, open_session
    from wib_lib.open_data import SOURCES, Addresses, open_files
    from wib_lib.project import Project

    project, today = Project.find(), date.today()
    target = folder or project.root / "data" / "raw" / f"open-{today}"
    files = open_files(
        sources or SOURCES,
        years or project.evaluated_years(),
        list(project.unit.gemeenten),
        today=today,
        at=Addresses(),
    )
    with Progress(console=Console(highlight=False)) as bar:
        task = bar.add_task("Ophalen", total=sum(len(file.questions) for file in files))
        unread = Download(target, today, open_session()).fetch(
            files, lambda name, n: bar.update(task, advance=n, description=name)
        )
    click.echo(f"Open data: {os.path.relpath(target)}")
    for name in unread:
        click.echo(
            f"{name}: opgehaald, maar er is nog geen lezer voor; staat niet in bronnen.yaml."
        )


@cli.command()
@dataset_option
@click.option("--gemeente", "areas", multiple=True, help="Alleen dit gebied; mag vaker.")
@click.option("--inleveren", "send_to", help="Waar het ingevulde formulier naartoe gaat.")
@click.argument("folder", metavar="MAP", type=click.Path(path_type=Path))
def forms(dataset: str, areas: tuple[str, ...], send_to: str | None, folder: Path) -> None:
    """Maak de invulformulieren (Excel), per gebied een map."""
    from wib_lib.errors import RunError
    from wib_lib.forms import form_areas, read_questionnaire, write_forms
    from wib_lib.forms.sending import SEND_TO
    from wib_lib.project import Project
    from wib_lib.store import Store

    project = Project.find()
    try:
        store = Store(project.processed(Path(dataset).name))
    except RunError:
        store = None
    slugs = [project.slug_of(name) for name in areas]
    written = write_forms(
        folder,
        form_areas(project, slugs, store),
        questionnaire=read_questionnaire(project.root / "params"),
        send_to=send_to or SEND_TO,
    )
    known = "met" if store else f"zonder (dataset '{dataset}' is niet ingelezen)"
    click.echo(
        f"Formulieren: {len(written)} in {os.path.relpath(folder)}, {known} keuzelijst van buurten"
    )


@cli.command()
@click.argument("old", metavar="[OUD]", required=False)
@click.argument("new", metavar="[NIEUW]", required=False)
@dataset_option
@click.option(
    "--audience",
    default="werkgroep",
    show_default=True,
    help="openbaar, werkgroep, driehoek of analist.",
)
@click.option("--gemeente", "areas", multiple=True, help="Alleen dit gebied; mag vaker.")
@click.option(
    "--naar",
    "folder",
    type=click.Path(path_type=Path),
    metavar="MAP",
    help="Standaard data/processed/<dataset>/vergelijking/<audience>.",
)
def diff(
    old: str | None,
    new: str | None,
    dataset: str,
    audience: str,
    areas: tuple[str, ...],
    folder: Path | None,
) -> None:
    """Zeg welke cijfers tussen twee runs veranderden, en waardoor.

    OUD en NIEUW zijn een run, `vorige`, `laatste` of een map met pakketten; zonder iets de vorige
    run en de pakketten die er zijn.
    """
    from wib_lib.comparison import compare, printed, sentences
    from wib_lib.comparison_page import write_comparison
    from wib_lib.params import check_audience
    from wib_lib.project import Project
    from wib_lib.runs import PREVIOUS, find_packs

    check_audience(audience)
    project, name = Project.find(), Path(dataset).name
    sides = [
        find_packs(project, said, dataset=name, audience=audience)
        for said in (old or PREVIOUS, new)
    ]
    found = compare(*sides, areas=areas)
    out = Console(highlight=False)
    for line in sentences(found):
        click.echo(line)
    for part in printed(found):
        out.print(part, markup=False)
    place = folder or project.processed(found.dataset) / "vergelijking" / found.audience
    for path in write_comparison(found, place):
        click.echo(f"Vergelijking: {os.path.relpath(path)}")


def parse_overrides(pairs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """
    Read `-p KEY VALUE` pairs; a value is YAML, as in the parameter files.

    Examples
    --------
    >>> parse_overrides((("venster_maanden", "6"), ("venster_start", "2017-01-01")))
    {'venster_maanden': 6, 'venster_start': datetime.date(2017, 1, 1)}
    """
    from wib_lib.validation import Loader

    values: dict[str, Any] = {}
    for key, text in pairs:
        try:
            values[key] = yaml.load(text, Loader=Loader)
        except yaml.YAMLError:
            raise ParamError(f"-p {key}: de waarde {text!r} is geen geldige YAML.") from None
    return values


def main() -> None:
    """Run the command; an expected error is one sentence and exit code 1."""
    try:
        cli()
    except WibError as problem:
        click.echo(f"Fout: {problem}", err=True)
        raise SystemExit(1) from None
    except OSError as problem:  # a full disk, a folder that may not be written
        click.echo(
            f"Fout: lezen of schrijven lukte niet ({problem.strerror or problem}); controleer "
            "schijfruimte en rechten, en probeer het opnieuw.",
            err=True,
        )
        raise SystemExit(1) from None
