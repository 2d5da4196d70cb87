"""The region in the graph: behind the areas that end well, never with one that does not hold."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from conftest import Proef
from wib_lib import freshness
from wib_lib.chain import run_chain
from wib_lib.errors import ParamError, RunError
from wib_lib.freshness import RECORD, SAID, holds, standing
from wib_lib.plan import (
    GATHERED,
    GATHERS,
    NOTEBOOKS,
    PACK,
    REGION,
    REGION_AUDIENCES,
    REGION_NOTEBOOKS,
    plan,
)
from wib_lib.region_run import open_region
from wib_lib.step import Outcome, notebook_parameters
from wib_lib.store import Store


@pytest.fixture
def proef(project: Proef) -> Proef:
    project.ingest(project.small())
    return project


def ran(proef, *, fail=(), areas=(), **more):
    """Run the chain with steps that do nothing; return the tasks in the order they ended."""
    work = plan(proef.project, "klein", areas=areas, **more)

    def do(work, slug, step, why, started):
        return Outcome(slug, step, 0.0, "stuk" if (slug, step) in fail else None, why)

    with ThreadPoolExecutor(2) as pool:
        outcomes = run_chain(
            work, pool, jobs=2, report=lambda *_: None, do=do, force=True
        )  # fmt: skip
    return [(o.slug, o.step) for o in outcomes]


def of_region(tasks):
    return [step for slug, step in tasks if slug == REGION]


def in_order(steps):
    """Both notebooks, side by side, and their pack after them."""
    return len(steps) == 3 and {*steps[:2]} == {*REGION_NOTEBOOKS} and steps[2] == PACK


def test_the_region_comes_after_every_area(proef):
    tasks = ran(proef)
    assert in_order(of_region(tasks))
    first = min(tasks.index((REGION, step)) for step in REGION_NOTEBOOKS)
    assert {slug for slug, step in tasks[:first] if step == GATHERED} == set(
        proef.project.area_slugs
    )
    assert len(tasks) == 9 * 6 + 3


@pytest.mark.parametrize("step", NOTEBOOKS)
def test_an_area_that_fails_does_not_stop_the_region(proef, step):
    tasks = ran(proef, fail={("gouda", step)})
    assert in_order(of_region(tasks))
    first = min(tasks.index((REGION, step)) for step in REGION_NOTEBOOKS)
    done = {slug for slug, step in tasks[:first] if step == GATHERED}
    assert done | {"gouda"} == set(proef.project.area_slugs)
    assert ("gouda", PACK) not in tasks


def test_without_any_area_there_is_no_region(proef):
    fail = {(slug, "02_problem_analysis") for slug in proef.project.area_slugs}
    assert of_region(ran(proef, fail=fail)) == []


def test_a_failing_region_makes_no_pack(proef):
    tasks = ran(proef, fail={(REGION, GATHERS)}, areas=["gouda"])
    assert set(of_region(tasks)) == {*REGION_NOTEBOOKS}
    assert ("gouda", PACK) in tasks


def test_a_run_of_one_area_waits_for_that_one(proef):
    tasks = ran(proef, areas=["gouda"])
    assert in_order(of_region(tasks))
    assert {slug for slug, _ in tasks} == {"gouda", REGION}


@pytest.mark.parametrize(
    ("until", "wanted"),
    [("04_evaluation", []), (GATHERS, [GATHERS]), ("07_rbo_summary", [*REGION_NOTEBOOKS])],
)
def test_until(proef, until, wanted):
    tasks = ran(proef, areas=["gouda"], until=until)
    assert sorted(of_region(tasks)) == wanted
    assert not [task for task in tasks if task[1] == PACK]
    with pytest.raises(ParamError, match="--until '05_x' is onbekend; toegestaan: 01_ingest"):
        plan(proef.project, "klein", until="05_x")


def test_gemeenten_outside_the_approach_have_no_region(voorbeeld):
    given = {"areas": ["Leiden"], "overrides": {"venster_start": "2018-01-01"}}
    work = plan(voorbeeld.proef.project, "voorbeeld", **given)
    assert list(work.names.values()) == ["Leiden"]
    assert set(work.steps).isdisjoint(REGION_NOTEBOOKS)
    both = plan(
        voorbeeld.proef.project,
        "voorbeeld",
        areas=["Leiden", "Gouda"],
        overrides=given["overrides"],
    )
    assert list(both.names) == ["leiden", "gouda", REGION]


def test_only_audiences_that_may_see_areas_side_by_side(proef, monkeypatch):
    assert set(REGION_AUDIENCES) == {"openbaar", "werkgroep"}
    monkeypatch.setattr("wib_lib.plan.REGION_AUDIENCES", ("openbaar",))
    assert REGION not in plan(proef.project, "klein").names


# --- which areas hold ------------------------------------------------------------------------


def leave_record(work, slug, steps=NOTEBOOKS):
    """Leave whole records, as steps that ended well do."""
    for step in steps:
        folder = freshness.step_folder(work, slug, step)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RECORD).write_text(json.dumps({name: {} for name in SAID} | {"seconden": 1}))


def test_the_notebook_is_told_which_areas_hold(proef):
    work = plan(proef.project, "klein", areas=["gouda", "delft"])
    leave_record(work, "gouda")
    leave_record(work, "delft", NOTEBOOKS[2:])  # 02 was begun anew and failed
    leave_record(work, "westland")  # not in this run, and nobody looked whether it holds
    assert [slug for slug in work.project.area_slugs if holds(work, slug)] == ["gouda"]
    assert notebook_parameters(work, REGION, GATHERS) == {
        "dataset": "klein",
        "audience": "werkgroep",
        "gebieden": ["gouda"],
        "betrouwbaarheid": 0.95,
    }
    known = replace(work, standing=("westland",))
    assert notebook_parameters(known, REGION, GATHERS)["gebieden"] == ["gouda", "westland"]


def test_an_area_outside_the_run_stands_only_when_nothing_changed(proef, monkeypatch):
    work = plan(proef.project, "klein", areas=["gouda"])
    store = Store(proef.project.processed("klein"))
    leave_record(work, "westland")
    leave_record(work, "delft")
    said = {"delft": ["andere parameter: doelen"]}
    monkeypatch.setattr(freshness, "reasons", lambda _, slug, step, store: said.get(slug, []))
    assert standing(work, store) == ("westland",)
    assert standing(replace(work, params={}), store) == ("westland",)


def test_what_an_area_gives_is_nothing_when_it_does_not_hold(proef):
    work = plan(proef.project, "klein", areas=["gouda"])
    leave_record(work, "gouda")
    folder = freshness.step_folder(work, "gouda", GATHERED)
    (folder / "kerncijfers.json").write_text("{}")
    given = freshness._stated(work, REGION, "gouda")
    assert given
    (folder / "kerncijfers.json").write_text('{"aantal": 1}')
    assert freshness._stated(work, REGION, "gouda") not in ("", given)
    (folder / RECORD).unlink()
    assert freshness._stated(work, REGION, "gouda") == ""


# --- opened by hand --------------------------------------------------------------------------


def test_without_results_that_hold_there_is_one_sentence(proef, monkeypatch):
    monkeypatch.chdir(proef.root)
    with pytest.raises(
        RunError, match="geen enkel gebied heeft uitkomsten die gelden; draai eerst"
    ):
        open_region(GATHERS, dataset="klein", audience="werkgroep")
    with pytest.raises(ParamError, match="audience 'raad' is onbekend"):
        open_region(GATHERS, dataset="klein", audience="raad")


def test_forms_stay_out_of_a_public_pack(proef, monkeypatch):
    monkeypatch.chdir(proef.root)
    run = open_region(GATHERS, dataset="klein", audience="openbaar", gebieden=["gouda"])
    shown = run.table(run.form("kosten"), "kosten", caption="Kosten")
    assert shown.text == "Toelichting: Kosten: staat niet in een openbaar pakket."
    run = open_region(GATHERS, dataset="klein", audience="werkgroep", gebieden=["gouda"])
    assert "formulieren van de gemeenten" in run.source_line("kosten")
    assert "de pakketten van de gebieden" in run.source_line()
    shown = run.table(run.form("kosten"), "kosten", caption="Kosten")
    assert "niet geleverd" in shown.text
    assert "projectleiders van de gemeenten" in shown.text
