"""The release: what each audience sees of the police counts, in all tables and runs together."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from conftest import Proef, make_proef, released_to
from wib_lib import assessment, problem, release_step, report
from wib_lib.absent import Missing, Suppressed, is_known
from wib_lib.cubes import (
    DIVIDED,
    FORTNIGHT,
    FORTNIGHT_PART,
    NINE,
    area_code,
    period_code,
    window_of,
)
from wib_lib.disclosure.cells import codes_of
from wib_lib.dutch import number
from wib_lib.errors import RunError
from wib_lib.evidence import Sealed, describe, described, opened
from wib_lib.params import Params
from wib_lib.periods import parse_period
from wib_lib.plan import Plan, plan, read_delivery
from wib_lib.release import Release
from wib_lib.run import COUNTS, DELIVERY, Run, evidence_for
from wib_lib.store import Store
from wib_lib.tables import KERNCIJFERS, REGISTERS

MD = "midden-delfland"
LATER = "2018-12-18/2018-12-31"
OTHERS = ("leidschendam-voorburg", "gouda", "bodegraven-reeuwijk", "delft", "rijswijk", "westland")


@pytest.fixture(scope="module")
def proef(voorbeeld, tmp_path_factory) -> Proef:
    made = make_proef(tmp_path_factory.mktemp("vrijgave") / "project")
    for name in ("data/raw/voorbeeld", "data/processed/voorbeeld"):
        shutil.copytree(voorbeeld.proef.root / name, made.root / name)
    path = made.root / "params" / "regio.yaml"
    text = path.read_text(encoding="utf-8")
    for slug in OTHERS:  # three areas are enough to be linked, and quick
        text = text.replace(f"  - {slug}\n", "")
    path.write_text(text, encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def nothing_published(proef: Proef) -> Iterator[None]:
    yield
    for name in ("grootboek", "vrijgave"):
        shutil.rmtree(proef.root / "data/processed/voorbeeld" / name, ignore_errors=True)


def planned(proef: Proef, audience: str = "werkgroep", **overrides: Any) -> Plan:
    return plan(proef.project, "voorbeeld", audience=audience, overrides=overrides)


def made(
    proef: Proef, audience: str = "werkgroep", **params: Any
) -> tuple[Plan, dict[str, Release]]:
    """Make a release for all areas; `params` replace parameters of every area."""
    work = planned(proef, audience)
    changed = {slug: changed_params(given, params) for slug, given in work.params.items()}
    work = replace(work, params=changed)
    store = read_delivery(work)
    release_step.ensure_release(work.project, work.dataset, audience, changed, store)
    found = {
        slug: release_step.load_release(work.project, work.dataset, audience, slug, given)
        for slug, given in changed.items()
    }
    return work, found


def changed_params(given: Params, changes: Mapping[str, Any]) -> Params:
    return given.model_validate(given.model_dump() | dict(changes))


def publish(work: Plan) -> None:
    for slug in work.params:
        release_step.publish(work.project, work.dataset.name, work.audience, slug)


def at(**drempels: int) -> dict[str, Any]:
    return {"drempels": {"openbaar": 10, "werkgroep": 5, "driehoek": 3, "analist": 1} | drempels}


# --- cells -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2018", "2018-01", "2017-07/2018-06", "2018-01/2018-03"])
def test_periods_have_one_code(text: str) -> None:
    assert period_code(window_of(text)) == text


def test_an_analyst_gets_every_cell(proef: Proef) -> None:
    _, found = made(proef, "analist")
    assert all(not one.hidden and one.share_kept == 1 for one in found.values())


def test_the_same_cells_as_counting_the_rows(proef: Proef) -> None:
    """The definition another way: rows of the extract, counted here."""
    work, found = made(proef, "analist")
    rows = read_delivery(work).table("incidenten")
    rows = rows[rows["kennisname_dt"].dt.year.eq(2018)]
    own = rows[rows["gemeente_code"].eq("GM1842")]
    one = found[MD]
    about = {"gebied": "GM1842", "periode": "2018"}
    assert one.value("aantallen", **about) == len(own)
    assert one.value("pogingen", **about, poging="ja") == int(own["poging_jn"].sum())
    for buurt, n in own["buurt_code"].value_counts().items():
        assert one.value("delen", gebied=buurt, periode="2018") == n
    for month, n in own["kennisname_dt"].dt.strftime("%Y-%m").value_counts().items():
        assert one.value("aantallen", gebied="GM1842", periode=month) == n


def test_a_count_is_refused_a_value_when_hidden_and_a_reason_when_absent() -> None:
    one = Release("werkgroep", 5, {"incidenten;gebied=GM1842": None}, {"delen": "geen buurten"})
    assert one.value("aantallen", gebied="GM1842") == Suppressed(5)
    assert one.value("delen", gebied="WK184201") == Missing("geen buurten")
    assert one.value("aantallen", gebied="GM0513") == Missing("niet geleverd")


# --- protection ------------------------------------------------------------------------------


def small_shown(one: Release, minimum: int) -> list[str]:
    """Shown small cells of a feature; totals of places and years may be shown whole."""
    features = ("poging", "opgehelderd", "herhaling", "toegang", "binnenkomst", "woningtype")
    return [
        key
        for key, n in one.cells.items()
        if n and n < minimum
        and any(codes_of(key)[1].get(name, "bekend") not in ("bekend", "onbekend")
                for name in features)
    ]  # fmt: skip


@pytest.mark.parametrize(("audience", "minimum"), [("openbaar", 10), ("werkgroep", 5)])
def test_no_small_cell_is_shown_and_the_audit_is_closed(
    proef: Proef, audience: str, minimum: int
) -> None:
    _, found = made(proef, audience)
    for slug, one in found.items():
        assert small_shown(one, minimum) == [], slug
        assert one.open_cells == [], slug
        assert one.hidden or audience == "openbaar"


def test_the_two_wijken_of_midden_delfland_hide_each_other(proef: Proef) -> None:
    """With a limit of 12 one wijk is small; alone it would follow from the gemeente."""
    _, found = made(proef, **at(werkgroep=12))
    cells = found[MD].cells
    for period in ("2017", "2018"):
        for attempt in ("ja", "nee"):
            keys = [
                f"incidenten;gebied={place};periode={period};poging={attempt}"
                for place in ("WK184201", "WK184202", "GM1842")
            ]
            hidden = [key for key in keys if cells[key] is None]
            assert len(hidden) != 1, (period, attempt, hidden)
    assert any("poging" in key and "WK1842" in key for key in found[MD].hidden)
    assert found[MD].open_cells == []


def test_undoing_one_protection_opens_the_audit(proef: Proef, monkeypatch) -> None:
    """A protection that shows a complement again is found, and no pack may be made of it."""
    from wib_lib import release as module

    def careless(*given: Any, **more: Any) -> Any:
        linked, protection = kept(*given, **more)
        cells = protection.cells
        second = cells["status"].eq("secondary") & cells["key"].str.contains("WK1842.*poging=nee")
        cells.loc[second, "status"] = "shown"
        assert second.any()
        return linked, replace(protection, cells=cells)

    kept = module._protected
    monkeypatch.setattr(module, "_protected", careless)
    _, found = made(proef, **at(werkgroep=12))
    assert any("WK1842" in key for key in found[MD].open_cells)


def test_nothing_of_a_hidden_cell_reaches_the_file_that_notebooks_read(proef: Proef) -> None:
    work, found = made(proef)
    folder = release_step.release_folder(work.project, "voorbeeld", "werkgroep")
    assert found["waddinxveen"].hidden
    for slug, one in found.items():
        saved = json.loads((folder / f"{slug}.json").read_text(encoding="utf-8"))
        assert "hidden_counts" not in saved
        assert all(saved["cells"][key] is None for key in one.hidden)


def test_the_public_gets_parts_only_where_they_are_public(proef: Proef) -> None:
    _, found = made(proef, "openbaar")
    one = found["waddinxveen"]
    assert one.absent["delen"] == one.absent["pogingen_per_wijk"] == "niet bestemd voor deze lezers"
    assert not any("BU0627" in key or "WK0627" in key for key in one.cells)
    assert is_known(one.value("aantallen", gebied="GM0627", periode="2018"))


def test_the_nine_together_are_their_sum(proef: Proef) -> None:
    work, found = made(proef)
    path = release_step.release_folder(work.project, "voorbeeld", "werkgroep") / "werkgroep.json"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    codes = {slug: area_code(given.gebied.area) for slug, given in work.params.items()}
    total = sum(
        int(one.value("aantallen", gebied=codes[slug], periode="2018"))  # type: ignore[arg-type]
        for slug, one in found.items()
    )
    assert cells[f"incidenten;gebied={NINE};periode=2018"] == total


# --- runs after each other -------------------------------------------------------------------


def test_what_was_hidden_stays_hidden_and_what_was_shown_stays_shown(proef: Proef) -> None:
    """P-03: a stricter run first; then the usual one may not show what the first one hid."""
    work, strict = made(proef, **at(werkgroep=8))
    publish(work)
    _, later = made(proef)
    gone = {key for one in strict.values() for key in one.hidden}
    shown = {key for one in strict.values() for key, n in one.cells.items() if n is not None}
    for one in later.values():
        assert not gone & {key for key, n in one.cells.items() if n is not None}
        assert not shown & set(one.hidden)


def test_the_public_does_not_get_what_the_working_group_was_refused(proef: Proef) -> None:
    work, group = made(proef)
    publish(work)
    _, public = made(proef, "openbaar")
    for slug, one in public.items():
        refused = set(group[slug].hidden)
        assert not refused & {key for key, n in one.cells.items() if n is not None}
        assert one.open_cells == []


@pytest.mark.parametrize("window", [{"venster_maanden": 11}, {"venster_start": "2017-12-01"}])
def test_windows_that_differ_by_one_month_do_not_give_the_month_away(
    proef: Proef, window: dict[str, Any]
) -> None:
    """Shown in one run, the attempts of twelve months less those of eleven are one month's."""
    work, first = made(proef)
    publish(work)
    work, second = made(proef, **window)
    store = read_delivery(work)
    for slug, one in second.items():
        assert one.open_cells == [], slug
        if "venster_maanden" not in window:
            continue
        evidence = evidence_for(work.project, work.dataset, store.apart(), work.params[slug])
        december = evidence.counts.total(parse_period("2018-12/2018-12"), "n_attempts")
        place = area_code(evidence.area)
        whole = first[slug].value("pogingen", gebied=place, periode="2018", poging="ja")
        rest = one.value("pogingen", gebied=place, periode="2018-01/2018-11", poging="ja")
        assert is_known(december)
        if 0 < december < 5:
            assert not (is_known(whole) and is_known(rest)), slug


def test_two_weeks_that_overlap_earlier_ones_are_not_divided(proef: Proef) -> None:
    """Ways of 17 to 30 December less those of 18 to 31 December are those of one day's burglary."""

    def divided(releases: Mapping[str, Release]) -> dict[str, set[str]]:
        return {
            slug: {key for key in one.cells if FORTNIGHT_PART in codes_of(key)[1]}
            for slug, one in releases.items()
        }

    work, first = made(proef, peildatum=date(2018, 12, 30))
    publish(work)
    told = {slug for slug, keys in divided(first).items() if keys}
    assert told
    assert divided(made(proef, peildatum=date(2018, 12, 30))[1]) == divided(first)
    _, later = made(proef, peildatum=date(2018, 12, 31))
    for slug in told:
        assert not divided(later)[slug]
        assert is_known(later[slug].value(FORTNIGHT, gebied=place_of(work, slug), periode=LATER))
    why = {later[MD].absent[name] for name in DIVIDED}
    assert any("17 december 2018 tot en met 30 december 2018" in text for text in why)
    assert divided(made(proef, "analist", peildatum=date(2018, 12, 31))[1])["waddinxveen"]
    _, before = made(proef, peildatum=date(2018, 12, 16))  # side by side with the first
    assert all("overlappen" not in text for one in before.values() for text in one.absent.values())


def place_of(work: Plan, slug: str) -> str:
    return area_code(work.params[slug].gebied.area)


# --- made once -------------------------------------------------------------------------------


def test_made_once_and_again_only_when_something_differs(proef: Proef, monkeypatch) -> None:
    calls: list[str] = []
    compute = release_step.compute

    def counted(*given: Any) -> Any:
        calls.append("")
        return compute(*given)

    monkeypatch.setattr(release_step, "compute", counted)
    work, _ = made(proef)
    publish(work)  # what this release shows changes nothing
    made(proef)
    assert len(calls) == 1
    made(proef, **at(werkgroep=6))
    assert len(calls) == 2


def test_another_goal_changes_no_release(proef: Proef) -> None:
    work = planned(proef)
    given = work.params["waddinxveen"]
    goals = [
        goal.model_copy(update={"doelwaarde": 3.0, "mutatie_pct": None}) for goal in given.doelen
    ]
    other = given.model_copy(update={"doelen": tuple(goals)})
    assert release_step.own_key(given, "werkgroep") == release_step.own_key(other, "werkgroep")


def test_a_notebook_opened_by_hand_gets_its_own_release(proef: Proef) -> None:
    work, _ = made(proef)
    other = changed_params(work.params["waddinxveen"], {"venster_start": "2017-01-01"})
    one = release_step.load_release(work.project, work.dataset, "werkgroep", "waddinxveen", other)
    assert is_known(one.value("aantallen", gebied="GM0627", periode="2010")) is False
    assert is_known(one.value("aantallen", gebied="GM0627", periode="2017"))


# --- what a notebook can reach ---------------------------------------------------------------


def run_of(proef: Proef, audience: str) -> Run:
    work, _ = made(proef, audience)
    params = work.params["waddinxveen"]
    return Run("proef", work.project, work.dataset, params, audience, "waddinxveen")


def test_below_the_analyst_no_row_can_be_reached(proef: Proef) -> None:
    run = run_of(proef, "werkgroep")
    with pytest.raises(RunError, match="gegevens per incident"):
        _ = run.evidence.incidents
    with pytest.raises(RunError, match="gegevens per incident"):
        run.evidence.incidents_in(None)
    for table in ("incidenten", "verdachten", "pga"):
        with pytest.raises(RunError, match=f"'{table}' is van een hogere privacyklasse dan V1"):
            run.store.table(table)
    with pytest.raises(RunError, match="privacyklasse"):
        run.store.log("rejected")
    assert isinstance(run.rows, Sealed)
    assert "PL" not in repr(run.rows) and "DataFrame" not in repr(run.rows)
    assert len(opened(run.rows).incidents) > 0


def test_a_table_names_the_source_it_rests_on(proef: Proef) -> None:
    run = run_of(proef, "werkgroep")
    frame = pd.DataFrame({"jaar": ["2018"], "n": [4]})
    counts, homes, both, everything = (
        run.table(frame, "t", caption="Per jaar", **how).html
        for how in ({}, {"source": "kerncijfers"}, {"source": (COUNTS, "kerncijfers")},
                    {"source": DELIVERY})
    )  # fmt: skip
    incidents, kwb = run.evidence.series.source, described(run.store.of_table("kerncijfers"))
    assert incidents in counts and kwb not in counts
    assert kwb in homes and incidents not in homes
    assert incidents in both and kwb in both
    assert "alle bestanden van de levering" in everything and incidents not in everything


def test_many_files_of_one_owner_are_counted_and_one_is_named(proef: Proef) -> None:
    first, *_ = run_of(proef, "werkgroep").store.of_table("kerncijfers")
    others = [replace(first, bestand="b.csv", peildatum=date(2019, 3, 1)),
              replace(first, bronhouder="Gouda", bestand="c.csv")]  # fmt: skip
    assert described([first]) == describe(first)
    text = described([first, *others])
    assert text.startswith(
        f"{first.bronhouder}, 2 bestanden, laatste peildatum 1 maart 2019; Gouda"
    )
    assert "c.csv" in text and "b.csv" not in text


def test_every_named_source_is_a_table_that_can_be_delivered() -> None:
    from wib_lib import hot_places, housing, problem, region_layout, steering_text

    layouts = [
        value
        for module in (hot_places, housing, problem, region_layout, steering_text)
        for value in vars(module).values()
        if isinstance(value, dict) and "source" in value
    ]
    named = [one["source"] for one in layouts]
    tables = {name for one in named for name in ([one] if isinstance(one, str) else one)}
    assert len(named) == 9
    known = {KERNCIJFERS.name, *(table.name for table in REGISTERS.values())}
    assert tables - {COUNTS, DELIVERY} <= known


def test_what_is_shown_says_of_how_many_counts_and_what_is_not_among_them(proef: Proef) -> None:
    run = run_of(proef, "werkgroep")
    text, released = run.kept().text, run.release
    assert f"Van de {number(len(released.cells))} aantallen in de vrijgave" in text
    assert "aantallen verdachten zijn apart afgeschermd" in text
    small = [key for key, n in released.cells.items() if n in (1, 2, 3, 4) and "=BU" in key]
    assert small and "ook als zij klein zijn" in text
    assert "ook als zij klein zijn" not in run_of(proef, "analist").kept().text


def test_definitions_tell_earlier_years_from_the_gemeenten_compared_with(proef: Proef) -> None:
    evidence = run_of(proef, "werkgroep").evidence
    text = report.definition_table(evidence).text
    n = len(evidence.reference_codes)
    assert f"{n} gemeenten van de eenheid Den Haag waarin geen gebied van de aanpak ligt" in text
    assert "gast Leiden niet meegeteld; kort: de vergelijking" in text
    for term in ("Eerdere jaren", "even lange naloop", "B3W-vragenlijst", "Gini (gegeneraliseerd)"):
        assert term in text


def test_an_analyst_reaches_the_rows(proef: Proef) -> None:
    run = run_of(proef, "analist")
    assert len(opened(run.rows).incidents) > 0
    assert run.store.table("incidenten") is not None


def test_results_rest_on_what_was_released(proef: Proef) -> None:
    run = run_of(proef, "werkgroep")
    assert is_known(run.evidence.counts.total(run.params.window))
    reads = run.read()["gegevens"]
    assert reads["vrijgave/werkgroep/waddinxveen"]
    store = Store(run.project.processed("voorbeeld"))
    assert all(store.state_of(name) == value for name, value in reads.items())


def test_the_public_sees_no_register_of_the_gemeente(proef: Proef) -> None:
    from wib_lib import actions

    run = run_of(proef, "openbaar")
    assert actions.own(run.evidence) == actions.NOT_FOR
    assert "niet geleverd" not in actions.matrix_table(actions.own(run.evidence)).text


def test_derived_values_follow_their_cells(voorbeeld) -> None:
    params = voorbeeld.proef.project.params("bodegraven-reeuwijk", voorbeeld.dataset, {})
    evidence = evidence_for(voorbeeld.proef.project, voorbeeld.dataset, voorbeeld.store, params)
    released = released_to(evidence)
    figures = assessment.key_figures(released)
    assert figures.n_cleared == figures.pct_cleared == Suppressed(5)
    table = problem.by_wijk(released)
    assert not isinstance(table, Missing)
    assert any(isinstance(cell, Suppressed) for cell in table["attempts_now"])
    assert released.cells.hidden
