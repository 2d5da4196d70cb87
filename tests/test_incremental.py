"""
Only what changed is done again, and what is done survives whatever ends a run.

Two areas are run once; most tests then change one thing and ask what would run and why.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest

from conftest import Proef, make_proef
from wib_lib import code, freshness
from wib_lib.freshness import RECORD, reasons, stale
from wib_lib.plan import (
    GATHERS,
    NOTEBOOKS,
    PACK,
    REGION,
    REGION_NOTEBOOKS,
    plan,
    read_delivery,
    release_counts,
)
from wib_lib.store import summary

GOUDA, WADDINXVEEN = "gouda", "waddinxveen"
INGEST, PROBLEM, TRENDS, EVALUATION, STEERING = NOTEBOOKS
# A process that is started in the background ignores Ctrl+C; an analyst's does not.
HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
COMMAND = [sys.executable, "-c", f"{HEARS}from wib_lib.cli import main; main()", "run"]
BOTH = ["--gemeente", GOUDA, "--gemeente", WADDINXVEEN]


def wib(root, *words):
    return subprocess.run(
        [*COMMAND, *words], cwd=root, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="module")
def finished(voorbeeld, tmp_path_factory) -> Proef:
    """Two areas, run to the end; tests work on a copy."""
    proef = make_proef(tmp_path_factory.mktemp("klaar") / "project")
    for name in ("data/raw/voorbeeld", "data/processed/voorbeeld"):
        shutil.copytree(voorbeeld.proef.root / name, proef.root / name)
    done = wib(proef.root, *BOTH)
    assert done.returncode == 0, done.stderr
    return proef


@pytest.fixture
def proef(finished, tmp_path) -> Proef:
    shutil.copytree(finished.root, tmp_path / "project")
    return Proef(tmp_path / "project")


def to_do(proef, **more):
    """Plan the same run again: the steps with a reason, and the reasons."""
    work = plan(proef.project, "voorbeeld", areas=[GOUDA, WADDINXVEEN], **more)
    store = read_delivery(work)
    release_counts(work, store)
    found = stale(work, store)
    return {task: reasons(work, *task, store) for task in found}


def areas_of_region(proef) -> list[str]:
    path = reports(proef) / REGION / "kerncijfers.json"
    return json.loads(path.read_text(encoding="utf-8"))["gebieden"]


def results(proef, slug, step) -> Path:
    return proef.project.results("voorbeeld", "werkgroep", slug) / step


def reports(proef) -> Path:
    return proef.project.reports("voorbeeld", "werkgroep")


# --- what would run, and why -----------------------------------------------------------------


def test_nothing_changed(proef):
    assert to_do(proef) == {}


def test_a_goal_redoes_the_evaluation_of_its_own_area(proef):
    proef.edit("params/gouda.yaml", "mutatie_pct: -10", "mutatie_pct: -11")
    said = ["andere parameter: doelen"]
    assert to_do(proef) == {(GOUDA, EVALUATION): said, (GOUDA, PACK): said}


def test_a_parameter_counts_only_where_it_is_looked_at(proef):
    proef.edit("params/regio.yaml", "[2, 4, 6, 8, 12]", "[2, 4, 6, 8, 13]")  # classes of the maps
    assert {step for _, step in to_do(proef)} == {TRENDS, EVALUATION, PACK}


def test_an_override_is_a_parameter(proef):
    found = to_do(proef, overrides={"betrouwbaarheid": 0.9})
    assert (GOUDA, EVALUATION) in found
    assert found[GOUDA, EVALUATION] == ["andere parameter: betrouwbaarheid"]


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A copy of the library's source that a test may change."""
    copy = tmp_path / "wib_lib"
    shutil.copytree(code.LIBRARY, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code, "LIBRARY", copy)
    caches = (code.imports_of, code.module_digests, code._file)
    for each in caches:
        each.cache_clear()
    yield copy
    for each in caches:
        each.cache_clear()


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_plot_redoes_what_draws_with_it(proef, library):
    assert to_do(proef) == {}  # the same source at another place
    append(library / "maps.py", "\nCHANGED = 1\n")
    code.module_digests.cache_clear()
    found = to_do(proef)
    assert {step for _, step in found} == {TRENDS, EVALUATION, STEERING, *REGION_NOTEBOOKS}
    assert found[GOUDA, TRENDS] == ["de bibliotheek is gewijzigd: maps"]


def test_the_exporter_redoes_packs_only(proef, library):
    append(library / "export.py", "\nCHANGED = 1\n")
    assert {step for _, step in to_do(proef)} == {PACK}


def test_a_package_version_redoes_all(proef, monkeypatch):
    monkeypatch.setattr(freshness, "versions", lambda: code.versions() | {"pandas": "0.1"})
    found = to_do(proef)
    assert len(found) == 2 * 6 + 3
    assert all(said == ["andere versie van een pakket: pandas"] for said in found.values())


def test_a_notebook_redoes_itself(proef):
    path = proef.root / "notebooks" / f"{PROBLEM}.ipynb"
    book = nbformat.read(path, as_version=4)
    book.metadata["opened"] = "by an editor"
    nbformat.write(book, path)
    assert to_do(proef) == {}
    book.cells[-1].source += "  # more"
    nbformat.write(book, path)
    said = ["het notebook is gewijzigd"]
    assert to_do(proef) == {(GOUDA, PROBLEM): said, (WADDINXVEEN, PROBLEM): said}


def test_a_delivery_redoes_the_areas_that_it_touches(proef):
    """One burglary in Waddinxveen gets another kind of dwelling."""
    path = proef.root / "data/raw/voorbeeld/incidenten.csv"
    rows = path.read_bytes().split(b"\r\n")
    header = rows[0].split(b";")
    place, kind = header.index(b"Gemeentecode"), header.index(b"Woningtype")
    for i in reversed(range(len(rows))):  # the latest, in the window
        cells = rows[i].split(b";")
        if len(cells) > place and cells[place] == b"GM0627" and cells[kind] == b"tussenwoning":
            rows[i] = b";".join([*cells[:kind], b"hoekwoning", *cells[kind + 1 :]])
            break
    path.write_bytes(b"\r\n".join(rows))
    found = to_do(proef)
    # 01 and the manifest tell of the delivery as a whole, and 04 puts the areas side by side;
    # the problem analysis and the trends are of the own area alone.
    whole = {(s, step) for s in (GOUDA, WADDINXVEEN) for step in (INGEST, EVALUATION, PACK)}
    region = {(REGION, GATHERS), (REGION, PACK)}  # counts all at once; tells of the delivery
    own = {(WADDINXVEEN, step) for step in (PROBLEM, TRENDS, STEERING)}
    assert set(found) == whole | region | own
    assert found[WADDINXVEEN, PROBLEM] == ["andere gegevens: vrijgave/werkgroep/waddinxveen"]


def test_damaged_and_deleted_output_is_noticed(proef):
    (results(proef, GOUDA, TRENDS) / "claims.json").write_text("[]", encoding="utf-8")
    (reports(proef) / WADDINXVEEN / "evaluatie.html").unlink()
    found = to_do(proef)
    assert found[GOUDA, TRENDS] == ["uitvoer ontbreekt of is beschadigd: claims.json"]
    assert found[GOUDA, EVALUATION] == [f"andere uitkomst van een eerdere stap: {TRENDS}"]
    assert found[WADDINXVEEN, PACK] == ["uitvoer ontbreekt of is beschadigd: evaluatie.html"]
    assert (WADDINXVEEN, TRENDS) not in found


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"notebook": {}'])
def test_a_record_that_is_not_whole_is_none(proef, text):
    (results(proef, GOUDA, INGEST) / RECORD).write_text(text, encoding="utf-8")
    assert to_do(proef)[GOUDA, INGEST] == ["nog niet gedraaid"]


def test_tables_of_another_version_are_read_again(proef):
    path = proef.root / "data/processed/voorbeeld/levering/levering.json"
    data = summary(path.parents[1])
    path.write_text(
        json.dumps(data | {"key": "oud", "delivered": [{"bestand": "x"}]}), encoding="utf-8"
    )
    assert to_do(proef) == {}  # read again, to the same rows


# --- runs ------------------------------------------------------------------------------------


def test_a_second_run_does_what_is_left_and_gives_what_a_whole_run_gives(proef):
    before = {path: path.stat().st_mtime_ns for path in (reports(proef) / WADDINXVEEN).iterdir()}
    proef.edit("params/gouda.yaml", "mutatie_pct: -10", "mutatie_pct: -30")
    done = wib(proef.root, *BOTH, "--why")
    assert done.returncode == 0, done.stderr
    ran = re.findall(r"^(\w+), (\w+): (?!niets)", done.stdout, re.MULTILINE)
    assert ran == [("Gouda", EVALUATION), ("Gouda", PACK)]
    assert before == {p: p.stat().st_mtime_ns for p in (reports(proef) / WADDINXVEEN).iterdir()}
    partly = json.loads((reports(proef) / GOUDA / "kerncijfers.json").read_text(encoding="utf-8"))
    assert partly["doelen"][1]["doelwaarde"] == pytest.approx(639 * 0.7)
    # The region follows the goal, and a run of one area keeps the other that still holds.
    assert "≤ 447,3" in (reports(proef) / REGION / "werkgroep.html").read_text(encoding="utf-8")
    done = wib(proef.root, "--gemeente", GOUDA, "--force")
    assert done.returncode == 0, done.stderr
    whole = json.loads((reports(proef) / GOUDA / "kerncijfers.json").read_text(encoding="utf-8"))
    assert partly == whole
    assert areas_of_region(proef) == ["Gouda", "Waddinxveen"]


def test_the_bundle_is_made_when_a_pack_changed_and_is_the_same_for_the_same_packs(proef):
    bundle = reports(proef) / "pakket.zip"
    before, made = bundle.read_bytes(), bundle.stat().st_mtime_ns
    assert wib(proef.root, *BOTH).returncode == 0
    assert bundle.stat().st_mtime_ns == made  # nothing changed: not made again
    (reports(proef) / GOUDA / "evaluatie.html").unlink()
    done = wib(proef.root, *BOTH, "--docx", "--why")
    assert done.returncode == 0, done.stderr
    assert "Gouda, pakket: gevraagd met --docx: evaluatie.docx" in done.stdout
    assert bundle.read_bytes() != before
    with ZipFile(bundle) as archive:
        assert {f"{slug}/evaluatie.docx" for slug in (GOUDA, WADDINXVEEN)} < set(archive.namelist())
    for slug in (GOUDA, WADDINXVEEN):
        (reports(proef) / slug / "evaluatie.docx").unlink()
    assert wib(proef.root, *BOTH).returncode == 0
    assert bundle.read_bytes() == before  # made again by another run, from the same


def test_a_bundle_is_gone_while_packs_are_made(proef):
    proef.edit("params/gouda.yaml", "mutatie_pct: -10", "mutatie_pct: -30")
    assert wib(proef.root, *BOTH, "--until", INGEST).returncode == 0
    assert (reports(proef) / "pakket.zip").is_file()  # nothing to do before 04
    proef.edit("notebooks/04_evaluation.ipynb", "report.closing_questions()", "report.closing()")
    assert wib(proef.root, *BOTH).returncode == 1
    assert not (reports(proef) / "pakket.zip").exists()  # not one pack is left that holds


def test_a_pack_that_no_longer_holds_is_not_under_a_fresh_index(proef):
    proef.edit("params/gouda.yaml", "mutatie_pct: -10", "mutatie_pct: -30")
    (reports(proef) / WADDINXVEEN / "manifest.json").unlink()  # something to do there
    done = wib(proef.root, "--gemeente", WADDINXVEEN)
    assert done.returncode == 0, done.stderr
    assert not (reports(proef) / GOUDA).exists()
    rows = re.findall(
        r"<tr\b.*?</tr>", (reports(proef) / "index.html").read_text("utf-8"), re.DOTALL
    )
    (row,) = [row for row in rows if "Gouda" in row]
    assert "verouderd" in row
    assert areas_of_region(proef) == ["Waddinxveen"]  # the region shows no stale area either


def started(root, *words):
    return subprocess.Popen(
        [*COMMAND, *words], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(path, process, seconds=120):
    """Wait until a file is there, while the run goes on."""
    end = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)


def begin_again(proef):
    """Forget all results, so that a run has everything to do."""
    shutil.rmtree(proef.root / "data/processed/voorbeeld/uitkomsten")
    shutil.rmtree(proef.root / "reports/voorbeeld")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_half_way_goes_on_where_it_stopped(proef, how):
    begin_again(proef)
    words = ["--gemeente", GOUDA, "--jobs", "1"]
    with started(proef.root, *words) as process:
        wait_for(results(proef, GOUDA, INGEST) / RECORD, process)
        if how == signal.SIGKILL:
            # Meanwhile a second run leaves with a clear word.
            second = wib(proef.root, *words)
            assert second.returncode == 1
            assert "dataset 'voorbeeld' is in gebruik door een andere run" in second.stderr
        process.send_signal(how)
        out, err = process.communicate(timeout=60)
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    if how == signal.SIGINT:
        assert re.search(r"Afgebroken\. \d van 9 stappen zijn klaar en blijven bewaard", out)
        assert "Traceback" not in out + err
    pack = reports(proef) / GOUDA
    assert not pack.exists() or (pack / "manifest.json").exists()
    kept = results(proef, GOUDA, INGEST) / RECORD
    before = kept.stat().st_mtime_ns
    done = wib(proef.root, *words)
    assert done.returncode == 0, done.stderr
    assert kept.stat().st_mtime_ns == before
    assert (pack / "evaluatie.html").is_file()
    left = [p.name for p in (proef.root / "reports").rglob(".*") if p.is_dir()]
    assert left == []
