"""`wib diff`: runs that were kept, folders with packs, and what the analyst is told."""

import copy
import csv
import json
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import Proef
from test_differences import KEY_FILE, MANIFEST, edited, goal
from wib_lib import cli, runs
from wib_lib.offline import requests
from wib_lib.plan import Plan

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FIRST, SECOND = "2026-11-21T093000Z", "2026-11-21T103000Z"
CLAIMS = {"04_evaluation": [{"key": "doelen", "sentence": "Van 1 doel is 1 behaald."}]}


class Bench:
    """A project in which packs are made by hand, at one hour's distance."""

    def __init__(self, proef: Proef) -> None:
        self.proef = proef
        project = proef.project
        dataset = project.dataset(str(proef.small("klein").folder))
        self.work = Plan(project, replace(dataset, name="voorbeeld"), "werkgroep", {}, (), {})

    def pack(
        self,
        hour: int = 0,
        key_file: Any = KEY_FILE,
        manifest: Any = MANIFEST,
        *,
        slug: str = "gouda",
        claims: Any = CLAIMS,
    ) -> Path:
        """Make a pack in reports/, and keep it as a run does."""
        started = START + timedelta(hours=hour)
        folder = self.reports / slug
        folder.mkdir(parents=True, exist_ok=True)
        key_file = edited(key_file, gemeente={"naam": slug.capitalize()})
        made = manifest | {"gestart": started.isoformat(), "commit": None}
        for name, content in (("kerncijfers.json", key_file), ("manifest.json", made)):
            (folder / name).write_text(json.dumps(content), encoding="utf-8")
        runs.keep(self.work, slug, started, made, claims)
        return folder

    @property
    def reports(self) -> Path:
        return self.proef.root / "reports" / "voorbeeld" / "werkgroep"

    @property
    def kept(self) -> Path:
        return self.proef.root / "data" / "processed" / "voorbeeld" / "runs"

    @property
    def written(self) -> Path:
        return self.proef.root / "data/processed/voorbeeld/vergelijking/werkgroep"

    def csv(self) -> list[dict[str, str]]:
        with (self.written / "verschillen.csv").open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream, delimiter=";"))

    def page(self) -> str:
        return (self.written / "verschillen.html").read_text(encoding="utf-8")


@pytest.fixture
def bench(project) -> Bench:
    return Bench(project)


@pytest.fixture
def diff(bench, monkeypatch, capsys):
    """Run `wib diff` as the analyst does; return exit code, output and errors."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.chdir(bench.proef.root)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["wib", "diff", *words])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def refused(result: tuple[int, str, str], root: Path, *pieces: str) -> None:
    """Check what holds for every refusal."""
    code, out, err = result
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("Fout: ")
    assert err.rstrip().endswith(".")
    for piece in pieces:
        assert piece in err
    assert str(root) not in err


def part(**parts: Any) -> dict[str, Any]:
    made = {name: MANIFEST["gemaakt_van"][name] | changed for name, changed in parts.items()}
    return edited(MANIFEST, gemaakt_van=made)


# --- what is kept ------------------------------------------------------------------------------


def test_a_pack_that_is_replaced_leaves_its_figures_manifest_and_sentences(bench):
    bench.pack(0)
    bench.pack(1, edited(KEY_FILE, aantal={"venster": 251}))
    old = bench.kept / FIRST / "werkgroep" / "gouda"
    assert {path.name for path in old.iterdir()} == {
        "kerncijfers.json",
        "manifest.json",
        "uitspraken.json",
    }
    assert json.loads((old / "kerncijfers.json").read_text())["aantal"]["venster"] == 245
    assert json.loads((old / "uitspraken.json").read_text()) == CLAIMS
    assert {path.name for path in bench.kept.iterdir()} == {FIRST, SECOND}


def test_the_last_twenty_packs_of_every_area_are_kept(bench):
    bench.pack(0, slug="delft")
    for hour in range(runs.KEPT + 2):
        bench.pack(hour)
    kept = sorted(bench.kept.glob("*/werkgroep/gouda"))
    assert len(kept) == 20
    assert kept[0].parts[-3] == "2026-11-21T113000Z"
    # the first run keeps Delft, which it alone made; the second has nothing left
    assert [path.name for path in (bench.kept / FIRST / "werkgroep").iterdir()] == ["delft"]
    assert not (bench.kept / SECOND).exists()


def test_a_run_stands_for_the_newest_pack_of_every_area(bench):
    bench.pack(0, slug="delft")
    bench.pack(0)
    bench.pack(1, edited(KEY_FILE, aantal={"venster": 251}))
    bench.pack(2, slug="delft", key_file=edited(KEY_FILE, woningen=1))
    found = runs.find_packs(bench.proef.project, SECOND, dataset="voorbeeld", audience="werkgroep")
    figures = {name: pack.key_file for name, pack in found.packs.items()}
    assert list(figures) == ["Delft", "Gouda"]
    assert figures["Gouda"]["aantal"]["venster"] == 251
    assert figures["Delft"]["woningen"] == KEY_FILE["woningen"]
    assert found.label == f"run van 21 november 2026, 10:30 uur UTC ({SECOND})"


# --- what the analyst is told ------------------------------------------------------------------


def test_a_changed_goal(bench, diff):
    bench.pack(0)
    parameters = {"doelen": [{"id": "g1", "mutatie_pct": -65.0, "basis": None}]}
    new = goal(oordeel="niet behaald", doelwaarde=223.65, bevindingen=["de basis is 639", "nee"])
    claims = {"04_evaluation": [{"key": "doelen", "sentence": "Van 1 doel is 1 niet behaald."}]}
    bench.pack(1, new, edited(MANIFEST, parameters=parameters), claims=claims)
    code, out, _ = diff()
    assert code == 0
    assert "In Gouda verschilt iets: 1 oordeel, 1 kerncijfer, 2 bevindingen en 1 uitspraak." in out
    assert "Waardoor, voor Gouda:\n  parameter doelen.g1.mutatie_pct: −10 → −65\n" in out
    assert "herleiden" not in out
    assert "Van 1 doel" not in out, "sentences are for the page"
    rows = {(r["soort"], r["wat"]): (r["oud"], r["nieuw"], r["verschil"]) for r in bench.csv()}
    assert rows["oordeel", "doel g1"] == ("behaald", "niet behaald", "")
    assert rows["kerncijfer", "doel g1, doelwaarde"] == ("575,1", "223,7", "-351,5")  # 351,45
    assert rows["uitspraak", "04_evaluation, doelen"][1] == "Van 1 doel is 1 niet behaald."
    assert rows["oorzaak: parameter", "doelen.g1.mutatie_pct"] == ("−10", "−65", "")
    for text in ("behaald", "−351,5", "doelen.g1.mutatie_pct", "Van 1 doel is 1 niet behaald."):
        assert text in bench.page()


def test_a_changed_input_row(bench, diff):
    bench.pack(0)
    bench.pack(0, slug="delft")
    made = part(gegevens={"incidenten/GM0513": "p9"}) | {
        "invoer": [MANIFEST["invoer"][0] | {"sha256": "b" * 64}]
    }
    bench.pack(1, edited(KEY_FILE, aantal={"venster": 246}), made)
    bench.pack(1, slug="delft", manifest=edited(made, gemaakt_van=MANIFEST["gemaakt_van"]))
    _, out, _ = diff("vorige", "laatste")
    assert "In 1 van de 2 gebieden verschilt iets: 1 kerncijfer." in out
    of_delft, of_gouda = out.split("Waardoor, voor ")[1:]
    file = "invoerbestand incidenten.csv: aaaaaaaaaaaa, peildatum 15 januari 2019 → bbbbbbbbbbbb"
    assert of_delft.startswith("Delft:")
    assert file in of_delft
    assert file in of_gouda
    assert "deel van de levering: incidenten van GM0513" in of_gouda
    assert "deel van" not in of_delft, "the rows that Delft reads are the same"


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (part(bibliotheek={"wib_lib.rates": "r9"}), "module van de bibliotheek: wib_lib.rates"),
        (edited(MANIFEST, pakketten={"numpy": "2.5.0"}), "pakketversie numpy: 2.4.6 → 2.5.0"),
        (part(notebooks={"04_evaluation": "n9"}), "notebook: 04_evaluation"),
    ],
)
def test_changed_code(bench, diff, made, line):
    bench.pack(0)
    bench.pack(1, edited(KEY_FILE, effect={"ratio": 0.49}), made)
    _, out, _ = diff()
    assert f"Waardoor, voor Gouda:\n  {line}\n" in out
    assert "herleiden" not in out
    bench.pack(2, edited(KEY_FILE, effect={"ratio": 0.49}), MANIFEST)
    _, out, _ = diff()
    assert "De twee runs zijn gelijk" in out
    assert "al verschilt waarmee ze zijn gemaakt." in out


def test_a_figure_that_nothing_explains_is_a_defect(bench, diff):
    bench.pack(0)
    bench.pack(1, edited(KEY_FILE, aantal={"venster": 246}))
    code, out, _ = diff()
    assert code == 0
    assert "Niet te herleiden: in Gouda verschilt iets" in out
    assert "Dat is een fout; zoek die uit voordat u een pakket verstuurt." in out
    assert "Niet te herleiden: in Gouda" in bench.page()


def test_a_pack_of_an_older_version_is_no_defect(bench, diff):
    older = {name: value for name, value in MANIFEST.items() if name != "gemaakt_van"}
    bench.pack(0, manifest=older)
    bench.pack(1, edited(KEY_FILE, aantal={"venster": 246}))
    _, out, _ = diff()
    assert "Niet te herleiden:" not in out
    assert "is niet bewaard; waardoor iets verschilt, is daar niet volledig te zeggen." in out


def test_areas_that_came_and_went(bench, diff, tmp_path):
    bench.pack(0)
    bench.pack(0, slug="delft")
    old = shutil.copytree(bench.reports, tmp_path / "oud")
    shutil.rmtree(bench.reports / "delft")
    bench.pack(1, slug="rijswijk")
    _, out, _ = diff(str(old))
    assert "gelijk: in Gouda" in out
    assert "Nieuw: een pakket van Rijswijk." in out
    assert "Vervallen: een pakket van Delft." in out
    gone = {r["gebied"]: (r["oud"], r["nieuw"]) for r in bench.csv() if r["soort"] == "gebied"}
    assert gone == {"Delft": ("pakket", "–"), "Rijswijk": ("–", "pakket")}


def test_identical_runs_say_so(bench, diff):
    bench.pack(0)
    bench.pack(1)
    code, out, err = diff()
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == (
        "De twee runs zijn gelijk: in Gouda verschilt geen cijfer, oordeel, bevinding of uitspraak."
    )
    assert "Waardoor" not in out
    assert bench.csv() == []
    assert bench.page().count("Geen verschil.") == 4
    assert "Wat de pakketten maakte, is gelijk." in bench.page()


def test_one_area_and_one_folder(bench, diff, tmp_path):
    old = shutil.copytree(bench.pack(0), tmp_path / "elders" / "gouda")
    bench.pack(0, slug="delft")
    bench.pack(1, edited(KEY_FILE, aantal={"venster": 246}))
    _, whole, _ = diff(str(old), "reports/voorbeeld/werkgroep/gouda")
    assert "woninginbraken" in whole
    assert "Delft" not in whole
    _, named, _ = diff(FIRST, SECOND, "--gemeente", "gouda", "--naar", str(tmp_path / "uit"))
    assert "In Gouda verschilt iets: 1 kerncijfer." in named
    assert {p.name for p in (tmp_path / "uit").iterdir()} == {"verschillen.html", "verschillen.csv"}


def test_sentences_of_a_folder_come_from_the_run_that_made_it(bench, diff, tmp_path):
    old = shutil.copytree(bench.pack(0), tmp_path / "gouda")
    bench.pack(1, claims={"04_evaluation": [{"key": "doelen", "sentence": "Anders."}]})
    _, out, _ = diff(str(old))
    assert "1 uitspraak" in out
    shutil.rmtree(bench.kept / FIRST)
    _, out, _ = diff(str(old))
    assert "Uitspraken zijn niet bewaard en niet vergeleken: Gouda." in out


# --- privacy and the page ----------------------------------------------------------------------


def test_a_suppressed_figure_is_a_change_and_its_number_stays_away(bench, diff):
    bench.pack(0, edited(KEY_FILE, opheldering={"venster": 7321, "pct": 73.21}))
    secret = {"venster": None, "pct": None, "onderdrukt": True}
    bench.pack(1, edited(KEY_FILE, opheldering=secret))
    _, out, _ = diff()
    assert "Nu onderdrukt en eerder niet: 2 kerncijfers." in out
    rows = {r["wat"]: (r["oud"], r["nieuw"]) for r in bench.csv()}
    assert rows["opgehelderd"] == rows["opgehelderd, percentage"] == ("getoond", "x")
    table = (bench.written / "verschillen.csv").read_text(encoding="utf-8-sig")
    for number in ("7.321", "7321", "73,2"):
        assert not [text for text in (out, table, bench.page()) if number in text]


def test_the_page_asks_for_nothing_and_says_what_it_is(bench, diff):
    bench.pack(0)
    bench.pack(1, edited(KEY_FILE, gemeente={"gebied": '<script src="http://x"></script>'}))
    diff()
    page = bench.page()
    assert requests(page) == []
    assert '<script src="http' not in page
    assert page.count("<h1") == 1
    assert "Fictieve voorbeelddata" in page
    assert "Alleen voor de analist" in page
    assert str(bench.proef.root) not in page


# --- bad input ---------------------------------------------------------------------------------


def test_nothing_to_compare_yet(bench, diff):
    root = bench.proef.root
    refused(diff(), root, "er is nog geen vorige run van dataset 'voorbeeld' voor werkgroep")
    bench.pack(0)
    refused(diff(), root, "er is nog geen vorige run")
    refused(diff("gisteren"), root, "'gisteren' is geen bewaarde run", FIRST, "vorige en laatste")
    refused(diff("laatste", "notebooks"), root, "in notebooks staat geen pakket")
    refused(diff("laatste", "--audience", "iedereen"), root, "iedereen")
    refused(diff("laatste", "--gemeente", "Utrecht"), root, "van Utrecht", "pakketten van: Gouda")


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [("audience", "openbaar", "doelgroepen"), ("dataset", "a", "datasets")],
)
def test_packs_of_another_audience_or_dataset_are_refused(bench, diff, tmp_path, key, value, word):
    other = shutil.copytree(bench.pack(0), tmp_path / "gouda")
    content = copy.deepcopy(KEY_FILE) | {key: value}
    (other / "kerncijfers.json").write_text(json.dumps(content), encoding="utf-8")
    refused(diff(str(other)), bench.proef.root, f"verschillende {word}", str(value))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kerncijfers.json", "{", "gouda/kerncijfers.json is beschadigd: geen geldige JSON"),
        ("kerncijfers.json", '{"n": NaN}', "is beschadigd: geen geldige JSON"),
        ("kerncijfers.json", b"\xff\xfe", "is beschadigd: geen geldige JSON"),
        ("kerncijfers.json", '["geheim"]', "is beschadigd: verwacht sleutels met waarden"),
        ("kerncijfers.json", "{}", "gouda/kerncijfers.json: sleutel 'gemeente'"),
        ("kerncijfers.json", None, "gouda/kerncijfers.json ontbreekt"),
        ("manifest.json", None, "gouda/manifest.json ontbreekt"),
        ("manifest.json", '{"gestart": "gisteren"}', "gouda/manifest.json: sleutel 'gestart'"),
        (
            "kerncijfers.json",
            json.dumps(edited(KEY_FILE, reeks={"labels": ["2017"]})),
            "sleutel 'reeks': labels en aantal zijn niet even lang.",
        ),
        ("kerncijfers.json", json.dumps(edited(KEY_FILE, doelen=[{}])), "sleutel 'doelen.0.id'"),
    ],
)
def test_damaged_files(bench, diff, name, content, said):
    folder = bench.pack(0)
    bench.pack(1)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    result = diff()
    refused(result, bench.proef.root, said)
    assert "geheim" not in result[2]


def test_two_packs_of_one_area_are_refused(bench, diff):
    shutil.copytree(bench.pack(0), bench.reports / "gouda-oud")
    bench.pack(1)
    refused(diff(), bench.proef.root, "heeft twee pakketten van Gouda")
