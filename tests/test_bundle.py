"""All packs in one file: the same for the same packs, never with an old one, safe to check."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from wib_lib.bundle import (
    CHECKSUMS,
    README,
    Contents,
    bundles,
    drop_bundles,
    write_bundles,
)
from wib_lib.packfile import read_pack
from wib_lib.pdf import Running

AS_OF = date(2019, 1, 15)
RUNNING = Running("Aanpak woninginbraken", "peildatum 15 januari 2019", "werkgroep en RBO (V1)",
                  "Fictieve voorbeelddata")  # fmt: skip
PACKS = {"gouda": "Gouda", "delft": "Delft"}
LACKING = {"Rijswijk": "04_evaluation is mislukt"}


def make_pack(
    folder: Path, *, started: str = "2026-11-21T09:30:00+00:00", said: str = "245"
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    key_file = {
        "gemeente": {"naam": folder.name},
        "dataset": "d",
        "audience": "werkgroep",
        "fictief": True,
    }
    manifest = {"gestart": started, "gereed": started, "parameters": {}, "invoer": [], "pakketten": {},
                "ontvangers": "de werkgroep"}  # fmt: skip
    for name, content in (("kerncijfers.json", key_file), ("manifest.json", manifest)):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "evaluatie.html").write_text(said, encoding="utf-8")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "werkgroep"
    for slug in PACKS:
        make_pack(folder / slug)
    (folder / "index.html").write_text("overzicht", encoding="utf-8")
    return folder


def made(
    reports: Path, audience: str = "werkgroep", contents: Contents | None = None
) -> dict[str, dict[str, bytes]]:
    """Write the bundles and return what is in each, in order."""
    found = {}
    for path in write_bundles(
        reports, audience, contents or Contents(PACKS, LACKING), RUNNING, AS_OF
    ):
        with ZipFile(path) as archive:
            assert archive.testzip() is None
            found[path.name] = {name: archive.read(name) for name in archive.namelist()}
    return found


def digest(reports: Path) -> str:
    made(reports)
    return hashlib.sha256((reports / "pakket.zip").read_bytes()).hexdigest()


def test_it_holds_the_index_every_pack_and_what_a_reader_needs(reports: Path) -> None:
    (content,) = made(reports).values()
    assert list(content) == [
        README, "index.html",
        "gouda/evaluatie.html", "gouda/kerncijfers.json", "gouda/manifest.json",
        "delft/evaluatie.html", "delft/kerncijfers.json", "delft/manifest.json",
        CHECKSUMS,
    ]  # fmt: skip
    said = content[README].decode()
    for text in ("Fictieve voorbeelddata", "werkgroep en RBO (V1)", "Ontvangers: de werkgroep\n",
                 "peildatum 15 januari 2019", "- Gouda: map gouda", "- Delft: map delft",
                 "- Rijswijk: 04_evaluation is mislukt", "evaluatie.html: de evaluatie"):  # fmt: skip
        assert text in said


def test_the_checksums_hold_for_every_file(reports: Path) -> None:
    (content,) = made(reports).values()
    lines = content.pop(CHECKSUMS).decode().splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines)  # as sha256sum writes them
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}


def test_the_same_packs_made_by_another_run_give_the_same_bytes(reports: Path) -> None:
    before = digest(reports)
    for slug in reversed(PACKS):  # other times, other order on disk, other rights
        make_pack(reports / slug, started="2026-12-01T10:00:00+00:00")
        (reports / slug / "evaluatie.html").chmod(0o600)
    assert digest(reports) == before


def test_the_order_on_disk_does_not_count(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(reports)
    walk = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda *given: sorted(walk(*given), reverse=True))
    assert digest(reports) == before


def change_a_page(reports: Path) -> None:
    make_pack(reports / "delft", said="246")


def add_a_file(reports: Path) -> None:
    (reports / "delft" / "evaluatie.docx").write_bytes(b"tekst")


def change_the_index(reports: Path) -> None:
    (reports / "index.html").write_text("ander overzicht", encoding="utf-8")


@pytest.mark.parametrize("change", [change_a_page, add_a_file, change_the_index])
def test_it_changes_when_a_pack_changes(reports: Path, change: Callable[[Path], None]) -> None:
    before = digest(reports)
    change(reports)
    assert digest(reports) != before


def test_files_carry_the_date_of_the_data_and_plain_rights(reports: Path) -> None:
    made(reports)
    with ZipFile(reports / "pakket.zip") as archive:
        for entry in archive.infolist():
            assert entry.date_time == (2019, 1, 15, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            assert entry.extra == b""


def test_only_packs_that_hold_are_in_it(reports: Path) -> None:
    make_pack(reports / "rijswijk")  # left behind, no part of this run's index
    (reports / "gouda" / ".evaluatie.html.tmp").write_text("half", encoding="utf-8")
    (content,) = made(reports, contents=Contents({"gouda": "Gouda"}, LACKING)).values()
    assert {name.split("/")[0] for name in content if "/" in name} == {"gouda"}
    assert not [name for name in content if ".tmp" in name]


def test_without_a_pack_there_is_no_bundle(reports: Path) -> None:
    made(reports)
    assert made(reports, contents=Contents({}, LACKING)) == {}
    assert bundles(reports) == []


def test_who_may_see_only_the_own_area_gets_no_other(reports: Path) -> None:
    made(reports)  # one for all, of before
    found = made(reports, "driehoek")
    assert set(found) == {"pakket_gouda.zip", "pakket_delft.zip"}
    for name, content in found.items():
        other = "Delft" if "gouda" in name else "Gouda"
        assert "index.html" not in content
        for path, data in content.items():
            assert other.lower() not in path
            assert other not in data.decode()
            assert "Rijswijk" not in data.decode()


def test_a_bundle_that_cannot_be_finished_leaves_nothing(reports: Path) -> None:
    made(reports)
    (reports / "delft" / "manifest.json").write_text("geen json", encoding="utf-8")
    with pytest.raises(ValueError, match="Expecting value"):
        made(reports)
    assert sorted(path.name for path in reports.iterdir()) == ["delft", "gouda", "index.html"]


def test_dropping_leaves_the_packs(reports: Path) -> None:
    made(reports)
    drop_bundles(reports)
    assert sorted(path.name for path in reports.iterdir()) == ["delft", "gouda", "index.html"]
    drop_bundles(reports / "nergens")


def test_a_pack_from_a_bundle_can_still_be_compared(reports: Path, tmp_path: Path) -> None:
    made(reports)
    with ZipFile(reports / "pakket.zip") as archive:
        archive.extractall(tmp_path / "uitgepakt")
    pack = read_pack(tmp_path / "uitgepakt" / "gouda", "gouda")
    assert (pack.name, pack.started) == ("gouda", None)
