"""Gemeenten without a parameter file: found by code or name, all of the country, side by side."""

import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from conftest import COLUMNS, Proef, lines
from wib_lib import project as project_module
from wib_lib.cli import cli
from wib_lib.errors import ParamError, RunError
from wib_lib.evidence import opened
from wib_lib.plan import REGION, plan, read_delivery
from wib_lib.progress import Progress
from wib_lib.project import Project
from wib_lib.run import open_run

NAMES = {"GM0513": "Gouda", "GM0363": "Amsterdam", "GM0518": "'s-Gravenhage",
         "GM1900": "Súdwest-Fryslân", "GM0893": "Bergen", "GM0373": "Bergen"}  # fmt: skip
HOMES = {"GM0513": 33_000, "GM0363": 420_000, "GM0518": 250_000, "GM1900": 40_000,
         "GM0893": 6_000, "GM0373": 15_000}  # fmt: skip
N = {"GM0513": 30, "GM0363": 44, "GM0518": 25, "GM1900": 17, "GM0893": 12, "GM0373": 9}
HEADER = ("Nr", "Klasse", "Poging", "Bekend", "Gemeente")


def deliver(proef: Proef, *, start: str | None = "2018-01-01") -> None:
    """Deliver six gemeenten with `N` incidents each, all in 2018, and half as many in 2017."""
    made = proef.delivery("land")
    rows, number = [], 0
    for code, n in N.items():
        for year, count in ((2017, n // 2), (2018, n)):
            for k in range(count):
                number += 1
                day = f"{k % 28 + 1:02d}-{k % 12 + 1:02d}-{year}"
                rows.append((f"PL{number}", "A20", "N", day, code))
    made.add(
        "incidenten",
        "incidenten.csv",
        "bvh",
        lines(HEADER, *rows),
        privacyklasse="V3",
        periode={"van": "2013-01-01", "tot": "2018-12-31"},
        kolommen={name: column for name, column in COLUMNS.items() if column in HEADER},
    )
    for year, codes in ((2013, [*N, "GM0003"]), (2018, list(N))):
        names = NAMES | {"GM0003": "Appingedam"}
        figures = [(code, names[code], str((HOMES | {"GM0003": 5_000})[code])) for code in codes]
        kwb = lines(("WijkenEnBuurten", "Gemeentenaam_1", "Woningvoorraad_34"),
                    ("NL00", "Nederland", "7740984"), *figures)  # fmt: skip
        made.add("kerncijfers_wijken", f"kwb_{year}.csv", "kwb", kwb, jaar=year)
    if start:
        made.content["parameters"] = {"venster_start": date.fromisoformat(start)}
    made.save()


@pytest.fixture
def land(project: Proef) -> Proef:
    deliver(project)
    return project


def test_all_is_the_approach_and_every_other_gemeente_of_the_newest_key_figures(land):
    work = plan(land.project, "land", areas=["alle"])
    nine = list(land.project.area_slugs)
    others = {"amsterdam", "den-haag", "sudwest-fryslan", "bergen-gm0893", "bergen-gm0373"}
    assert list(work.params)[:9] == nine
    # Gouda has a file of its own; Laak is a part of Den Haag; Appingedam was there in 2013 only.
    assert set(work.params) - set(nine) == others
    assert work.params["den-haag"].gebied.area.is_whole
    assert not work.params["den-haag-laak"].gebied.area.is_whole
    assert work.params["amsterdam"].gemeente == "Amsterdam"
    # Two of one name are told apart, or a notebook would open the wrong one.
    assert work.params["bergen-gm0893"].gemeente == "Bergen (GM0893)"
    assert list(plan(land.project, "land", areas=["Bergen (GM0373)"]).params) == ["bergen-gm0373"]


def test_the_areas_of_the_approach_stay_the_nine(land):
    work = plan(land.project, "land", areas=["alle"])
    assert len(work.areas) == 9
    assert work.areas == plan(land.project, "land").areas
    assert "Amsterdam" not in work.areas


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("GM0363", "amsterdam"),
        ("gm0363", "amsterdam"),
        ("Amsterdam", "amsterdam"),
        ("AMSTERDAM", "amsterdam"),
        ("Súdwest-Fryslân", "sudwest-fryslan"),
        ("Den Haag", "den-haag"),
        ("GM0518", "den-haag"),
        ("GM0513", "gouda"),
        ("Gouda", "gouda"),
    ],
)
def test_an_area_is_found_by_code_slug_or_name(land, name, slug):
    assert list(plan(land.project, "land", areas=[name]).params) == [slug]


def test_twice_the_same_area_is_once(land):
    work = plan(land.project, "land", areas=["GM0363", "Amsterdam", "gouda"])
    assert list(work.params) == ["amsterdam", "gouda"]


def test_an_unknown_gemeente_says_what_there_is(land):
    with pytest.raises(RunError, match=r"gebied 'GM0034' is onbekend; .*en 5 andere gemeenten"):
        plan(land.project, "land", areas=["GM0034"])


def test_areas_with_a_file_do_not_ask_for_the_delivery_to_be_read(land):
    plan(land.project, "land", areas=["gouda"])
    assert not (land.project.processed("land") / "levering").exists()


def test_what_only_a_parameter_file_says_is_asked_for_in_one_sentence(project):
    deliver(project, start=None)
    said = r"params/amsterdam.yaml is er niet en niets anders noemt 'venster_start'; .*-p venster"
    with pytest.raises(ParamError, match=said):
        plan(project.project, "land", areas=["Amsterdam"])
    given = {"venster_start": date(2018, 1, 1)}
    work = plan(project.project, "land", areas=["Amsterdam"], overrides=given)
    assert work.params["amsterdam"].venster_start == date(2018, 1, 1)


def test_the_only_goal_is_the_joint_one_marked_as_nobodys_own(land):
    (goal,) = plan(land.project, "land", areas=["Amsterdam"]).params["amsterdam"].doelen
    assert (goal.id, goal.indicator, goal.benchmark, goal.operator) == (
        "amsterdam-landelijk-2018", "per_1000_woningen", "landelijk", "<",
    )  # fmt: skip
    assert goal.voorbeeld
    assert "stelde het niet zelf" in goal.bron
    assert (goal.window.start, goal.window.last) == (date(2018, 1, 1), date(2018, 12, 31))


def test_a_window_of_half_a_year_has_no_goal_per_year(land):
    half = plan(land.project, "land", areas=["Amsterdam"], overrides={"venster_maanden": 6})
    assert half.params["amsterdam"].doelen == ()


def test_parameter_files_are_read_once_however_many_areas(land, monkeypatch):
    read_delivery(plan(land.project, "land"))
    seen: Counter[str] = Counter()
    plain = project_module.read_yaml

    def counted(path: Path, **how):
        seen[path.name] += 1
        return plain(path, **how)

    monkeypatch.setattr(project_module, "read_yaml", counted)
    work = plan(land.project, "land", areas=["alle"])
    assert len(work.params) == 14
    assert seen["gouda.yaml"] == seen["regio.yaml"] == 1
    assert max(n for name, n in seen.items() if name != "bronnen.yaml") == 1


def test_a_notebook_opens_a_gemeente_by_name_once_the_delivery_was_read(land, monkeypatch):
    monkeypatch.chdir(land.root)
    how = {"gemeente": "Amsterdam", "dataset": "land", "audience": "werkgroep"}
    with pytest.raises(RunError, match="gebied 'Amsterdam' is onbekend"):
        open_run("04_evaluation", **how)
    read_delivery(plan(land.project, "land"))
    run = open_run("04_evaluation", **how)
    assert run.slug == "amsterdam"
    assert len(opened(run.rows).incidents) == 44 + 22
    assert set(run.evidence.other_areas) == {"Amsterdam", *run.project.areas(run.dataset)}


@pytest.mark.skipif(shutil.which("git") is None, reason="packs name the commit")
def test_the_country_runs_and_its_areas_make_the_whole(land, monkeypatch):
    """One area of the approach and the rest of the country, from the command to the index."""
    regio = land.root / "params" / "regio.yaml"
    text = regio.read_text(encoding="utf-8")
    regio.write_text(re.sub(r"(gebieden:[^\n]*\n)(  - [^\n]+\n)+", r"\1  - gouda\n", text), "utf-8")
    monkeypatch.chdir(land.root)
    done = CliRunner().invoke(
        cli, ["run", "--dataset", "land", "--gemeente", "alle", "--jobs", "2"],
        catch_exceptions=False,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    reports = land.root / "reports" / "land" / "werkgroep"
    figures = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))
        for path in reports.glob("*/kerncijfers.json")
        if path.parent.name != REGION
    }
    assert {figure["gemeente"]["gebied"] for figure in figures.values()} == set(N)
    for figure in figures.values():
        n = N[figure["gemeente"]["gebied"]]
        assert (figure["aantal"]["venster"], figure["aantal"]["voorafgaand"]) == (n, n // 2)
    store = read_delivery(plan(Project(land.root), "land"))
    days = store.table("incidenten")["kennisname_dt"]
    assert sum(f["aantal"]["venster"] for f in figures.values()) == int(days.dt.year.eq(2018).sum())
    index = (reports / "index.html").read_text(encoding="utf-8")
    assert "Aanpak woninginbraken: 6 evaluaties" in index
    rows = re.findall(r"<tr\b[^>]*>\s*<th scope=\"row\" data-waarde=\"([^\"]+)\"", index)
    assert rows[0] == "Gouda"  # of the approach; then the others by name
    assert len(rows) == 6
    # A later run of one area keeps the rows of the others, and has nothing to do.
    again = CliRunner().invoke(
        cli, ["run", "--dataset", "land", "--gemeente", "GM0363"], catch_exceptions=False
    )
    assert again.exit_code == 0
    assert (reports / "index.html").read_text(encoding="utf-8") == index
    assert Project(land.root).dataset("land").elsewhere.keys() == figures.keys() - {"gouda"}


@pytest.mark.parametrize(("height", "n_rows"), [(40, 15), (12, 1)])
def test_a_small_screen_shows_the_areas_that_are_busy(land, height, n_rows):
    work = plan(land.project, "land", areas=["alle"])
    console = Console(height=height, width=120, force_terminal=False)
    shown = Progress(console, work)
    shown.report(None, "amsterdam", "01_ingest")
    table = shown.table()
    assert table.row_count == n_rows
    assert ("0 van 87 stappen klaar" in str(table.caption)) == (n_rows == 1)
