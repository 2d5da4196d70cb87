"""Processed tables: read once, replaced as a whole or not at all, and reconciled per file."""

import hashlib
import json
import os
from dataclasses import fields

import pandas as pd
import pytest

from conftest import COLUMNS, INCIDENTS, INCIDENTS_WANTED, KLASSEN, MONTHS, lines
from wib_lib import ingest as module
from wib_lib import store as store_module
from wib_lib.errors import DeliveryError, RunError
from wib_lib.ingest import ingest
from wib_lib.periods import parse_period
from wib_lib.run import evidence_for
from wib_lib.store import Delivered, Store, file_hash

FILES = ("incidenten.csv", "kwb_2018.csv", "maand.csv", "acties.csv")


def stamps(folder):
    """Identify every file by content and by the moment it was written."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_ino,
            path.stat().st_mtime_ns,
            file_hash(path),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def leftovers(proef):
    """Return hidden folders, which only a write in progress may have."""
    return [p.name for p in (proef.root / "data").rglob(".*") if p.is_dir()]


def test_reconciles_every_file(project):
    store = project.ingest(project.small())
    assert {item.bestand for item in store.delivered} == set(FILES)
    for item in store.delivered:
        assert item.n_read == item.n_accepted + item.n_rejected + item.n_duplicates
        assert sum(item.rejected.values()) == item.n_rejected
        for log, n in (("rejected", item.n_rejected), ("duplicates", item.n_duplicates)):
            assert int(store.log(log)["bestand"].eq(item.bestand).sum()) == n
    found = next(item for item in store.delivered if item.bestand == "incidenten.csv")
    assert (found.n_read, found.n_accepted) == (13, 6)
    assert found.rejected == INCIDENTS_WANTED["rejected"]
    assert found.emptied == INCIDENTS_WANTED["emptied"]
    assert (found.n_duplicates, found.privacyklasse) == (1, "V3")
    assert found.sha256 == file_hash(project.root / "data/raw/klein/incidenten.csv")
    assert len(found.sha256) == 64


def test_rejected_rows_are_kept_with_file_row_column_value_and_rule(project):
    log = project.ingest(project.small()).log("rejected")
    assert set(log.columns) == {"bestand", "rij", "kolom", "waarde", "toets", "regel"}
    row = log[log["toets"].eq("kennisname_onleesbaar")].iloc[0]
    assert row[["bestand", "rij", "kolom", "waarde"]].tolist() == [
        "incidenten.csv",
        8,
        "kennisname_dt",
        "31-02-2018",
    ]
    assert "verplicht en leesbaar" in row["regel"]


def test_tables_have_their_rows_and_their_file(project):
    store = project.ingest(project.small())
    incidents = store.table("incidenten")
    assert incidents["incident_id"].tolist() == INCIDENTS_WANTED["accepted"]
    assert incidents["bestand"].unique().tolist() == ["incidenten.csv"]
    assert incidents["kennisname_dt"].dt.year.tolist() == [2018, 2018, 2018, 2018, 2018, 2017]
    assert store.table("aantallen")["n_burglaries"].tolist() == [30, 20, 4000]  # by gemeente
    assert store.table("inwoners") is None  # nothing delivered feeds it
    assert store.areas("GM0513") is None
    assert [item.bestand for item in store.of_table("kerncijfers")] == ["kwb_2018.csv"]


def test_second_file_of_a_table_is_added_not_instead(project):
    made = project.small()
    made.add("misdrijven_gemeente_maand", "later.csv", "politie_maand",
             MONTHS.replace("2018", "2019"))  # fmt: skip
    counts = project.ingest(made.save()).table("aantallen")
    assert counts.groupby("bestand")["n_burglaries"].sum().to_dict() == {
        "later.csv": 4050,
        "maand.csv": 4050,
    }


def test_second_time_writes_nothing(project):
    made = project.small()
    first = project.ingest(made)
    before = stamps(first.folder)
    again = project.ingest(made)
    assert again.key == first.key
    assert stamps(first.folder) == before


def test_changed_file_is_read_again(project):
    made = project.small()
    first = project.ingest(made)
    path = made.folder / "incidenten.csv"
    path.write_text(INCIDENTS.replace("PL2;A30", "PL2;A21"), encoding="utf-8")
    again = project.ingest(made)
    assert again.key != first.key
    assert "PL2" not in set(again.table("incidenten")["incident_id"])
    found = next(item for item in again.delivered if item.bestand == "incidenten.csv")
    assert found.rejected["buiten_delictselectie"] == 2


def test_same_bytes_written_anew_are_not_read_again(project):
    made = project.small()
    before = stamps(project.ingest(made).folder.parent)
    path = made.folder / "incidenten.csv"
    path.write_bytes(path.read_bytes())
    os.utime(path, (0, 0))
    assert stamps(project.ingest(made).folder.parent) == before


@pytest.mark.parametrize("what", ["description", "classes", "code"])
def test_read_again_when_the_meaning_changed(project, monkeypatch, what):
    made, klassen = project.small(), KLASSEN
    folder = project.project.processed("klein")
    first = ingest(made.dataset(), folder, klassen=klassen)
    if what == "description":
        made.source("maand.csv")["peildatum"] = "2019-02-01"
    elif what == "classes":
        klassen = ("A20",)
    else:
        monkeypatch.setattr(store_module, "module_digests", lambda names: dict.fromkeys(names, "x"))
    again = ingest(made.save().dataset(), folder, klassen=klassen)
    assert again.key != first.key
    if what == "classes":
        assert again.table("incidenten")["mk_code"].unique().tolist() == ["A20"]


def test_file_that_disappears_leaves_the_old_tables(project):
    made = project.small()
    before = stamps(project.ingest(made).folder.parent)
    (made.folder / "acties.csv").unlink()
    with pytest.raises(DeliveryError, match=r"acties\.csv ontbreekt in klein/"):
        project.ingest(made)
    assert stamps(project.project.processed("klein")) == before
    assert leftovers(project) == []


def test_unusable_file_leaves_the_old_tables(project):
    made = project.small()
    before = stamps(project.ingest(made).folder.parent)
    (made.folder / "incidenten.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="kolom 'Nr'"):
        project.ingest(made)
    assert stamps(project.project.processed("klein")) == before
    assert leftovers(project) == []


def test_failure_while_writing_leaves_the_old_tables(project, monkeypatch):
    made = project.small()
    before = stamps(project.ingest(made).folder.parent)
    (made.folder / "maand.csv").write_text(MONTHS.replace(";30", ";31"), encoding="utf-8")

    def full(*args, **more):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "part_digests", full)
        with pytest.raises(OSError, match="No space left"):
            project.ingest(made)
    assert stamps(project.project.processed("klein")) == before
    assert leftovers(project) == []
    assert project.ingest(made).table("aantallen")["n_burglaries"].tolist() == [31, 20, 4000]


def test_failure_of_the_first_ingest_leaves_nothing(project):
    made = project.small()
    (made.folder / "incidenten.csv").write_text("", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"incidenten\.csv: het bestand is leeg"):
        project.ingest(made)
    assert list((project.root / "data" / "processed").iterdir()) == []


def test_replacing_leaves_no_temporary_folders(project):
    made = project.small()
    project.ingest(made)
    (made.folder / "maand.csv").write_text(MONTHS.replace(";30", ";31"), encoding="utf-8")
    project.ingest(made)
    assert leftovers(project) == []
    assert [p.name for p in (project.root / "data" / "processed").iterdir()] == ["klein"]


def test_without_ingest_it_says_what_to_do(project):
    folder = project.project.processed("klein")
    with pytest.raises(RunError, match=r"'klein' is nog niet ingelezen.*wib run --dataset klein"):
        Store(folder)


def test_unknown_profile_stops_before_anything_is_read(project, monkeypatch):
    made = project.small()
    made.source("acties.csv")["profiel"] = "actielijst"
    monkeypatch.setattr(module, "read_source", pytest.fail)
    with pytest.raises(DeliveryError, match=r"'actielijst' van acties\.csv is onbekend"):
        project.ingest(made)


def test_delivered_survives_the_json(project):
    store = project.ingest(project.small())
    saved = json.loads((store.folder / "levering.json").read_text(encoding="utf-8"))
    assert set(saved["delivered"][0]) == {field.name for field in fields(Delivered)}
    again = Store(store.folder.parent)
    assert again.delivered == store.delivered
    assert again.delivered[0].peildatum.isoformat() == saved["delivered"][0]["peildatum"]
    found = next(item for item in again.delivered if item.bestand == "incidenten.csv")
    assert pd.Timestamp(found.last) == pd.Timestamp("2018-12-31")


def test_a_file_that_is_listed_twice_does_not_double_the_counts(project):
    made = project.small()
    made.content["bronnen"].append(dict(made.source("incidenten.csv")))
    with pytest.raises(DeliveryError, match=r"incidenten\.csv staat er meer dan eens in"):
        project.ingest(made.save())


def test_overlapping_files_do_not_double_an_incident(project):
    made = project.small()
    source = dict(made.source("incidenten.csv"), bestand="nagekomen.csv")
    more = INCIDENTS + "PL99;A20;N;01-12-2018;;;;;GM0513;;;;N;;\n"
    (made.folder / "nagekomen.csv").write_text(more, encoding="utf-8")
    made.content["bronnen"].append(source)
    store = project.ingest(made.save())
    rows = store.table("incidenten")
    assert rows["incident_id"].tolist() == [*INCIDENTS_WANTED["accepted"], "PL99"]
    later = next(item for item in store.delivered if item.bestand == "nagekomen.csv")
    assert later.n_read == later.n_accepted + later.n_rejected + later.n_duplicates == 14


def test_an_extract_in_two_files_covers_both_periods(project):
    made = project.small()
    made.source("incidenten.csv")["periode"] = {"van": "2013-01-01", "tot": "2017-12-31"}
    later = {"van": "2018-01-01", "tot": "2018-12-31"}
    made.add("incidenten", "later.csv", "bvh", INCIDENTS, periode=later, kolommen=COLUMNS)
    store = project.ingest(made.save())
    params = project.project.params("gouda", made.dataset(), {})
    series = evidence_for(project.project, made.dataset(), store, params).series
    assert series.total(parse_period("2018")) == 5
    assert series.total(parse_period("2017")) == 1


def test_checksum_is_held_against_the_file(project):
    made = project.small()
    right = hashlib.sha256((made.folder / "acties.csv").read_bytes()).hexdigest()
    made.source("acties.csv")["sha256"] = right
    assert project.ingest(made.save()).delivered[-1].sha256 == right
    with (made.folder / "acties.csv").open("a", encoding="utf-8") as stream:
        stream.write("GM0513-3;GM0513;later erbij;;;\n")
    with pytest.raises(
        DeliveryError, match=r"^acties\.csv: de inhoud past niet bij het controlegetal"
    ):
        project.ingest(made)


def test_rows_delivered_twice_are_kept_for_the_gross_count(project):
    store = project.ingest(project.small())
    doubles = store.doubles("incidenten")
    assert doubles["incident_id"].tolist() == ["PL1"]
    gross = len(store.table("incidenten")) + len(doubles)
    assert gross == INCIDENTS_WANTED["read"] - sum(INCIDENTS_WANTED["rejected"].values())
    assert store.doubles("acties").empty


def test_a_replaced_file_must_be_there(project):
    made = project.small()
    made.source("acties.csv")["vervangt"] = "acties_2018.csv"
    with pytest.raises(
        DeliveryError, match=r"acties\.csv vervangt acties_2018\.csv, dat er niet in staat"
    ):
        made.dataset()


def test_finer_coordinates_need_a_decision(project):
    made = project.small()
    made.source("incidenten.csv")["afronding_m"] = 1
    with pytest.raises(DeliveryError, match="vragen een besluit"):
        made.dataset()
    made.source("incidenten.csv")["besluit"] = "besluit 12, 1 maart 2018"
    rows = project.ingest(made.save()).table("incidenten").set_index("incident_id")
    assert rows.loc["PL1", "rd_x"] == 108_000  # 108.000,5 to the even metre
    made.source("incidenten.csv")["afronding_m"] = 250
    rows = project.ingest(made.save()).table("incidenten").set_index("incident_id")
    assert rows.loc["PL2", "rd_y"] == 447_000  # 447.100


def test_a_digest_changes_with_its_own_rows_only(project):
    made = project.delivery()
    rows = ["Nr;Bekend;Gemeente", "P1;05-01-2018;GM0513", "P2;06-01-2018;GM0627"]
    kolommen = {"incident_id": "Nr", "kennisname_dt": "Bekend", "gemeente_code": "Gemeente"}
    made.add("incidenten", "a.csv", "bvh", lines(*rows), kolommen=kolommen)
    before = project.ingest(made.save()).digests["incidenten"]
    assert set(before) == {"GM0513", "GM0627"}
    (made.folder / "a.csv").write_text(lines(*rows, "P3;07-01-2018;GM0627"), encoding="utf-8")
    after = project.ingest(made).digests["incidenten"]
    assert after["GM0513"] == before["GM0513"]
    assert after["GM0627"] != before["GM0627"]
    # The other way round: rows before it in the file and in the table.
    (made.folder / "a.csv").write_text(
        lines(rows[0], "P0;01-01-2018;GM0503", *rows[1:]), encoding="utf-8"
    )
    last = project.ingest(made).digests["incidenten"]
    assert last["GM0513"] == before["GM0513"]
    assert last["GM0627"] == before["GM0627"]


def test_what_is_read_is_remembered_with_its_state(project):
    made = project.small()
    store = project.ingest(made)
    assert store.table("incidenten", ["GM0513"])["gemeente_code"].unique().tolist() == ["GM0513"]
    assert set(store.reads) == {"incidenten/GM0513"}
    assert store.table("verdachten", ["GM0513"]) is None  # not delivered is a state too
    assert store.reads["verdachten/GM0513"] == ""
    assert store.areas("GM0513") is None
    assert store.described[0].bestand
    assert store.table("kerncijfers") is not None
    assert set(store.reads) == {"incidenten/GM0513", "verdachten/GM0513", "gebieden/GM0513",
                                "beschrijving", "kerncijfers/*"}  # fmt: skip
    fresh = Store(store.folder.parent)
    assert {read: fresh.state_of(read) for read in store.reads} == store.reads
    assert store.delivered[0].n_read
    assert store.reads["levering"] == fresh.state_of("levering")
    with (project.root / "data/raw/klein/maand.csv").open("a", encoding="utf-8") as stream:
        stream.write("1.1.1 ;GM0627    ;2018MM01;3\n")
    again = project.ingest(made)
    assert again.state_of("levering") != store.reads["levering"]


def test_a_reader_is_told_nothing_of_row_counts(project):
    """What 02 to 04 print of a source does not change when another gemeente's rows do."""
    store = project.ingest(project.small())
    assert not hasattr(store.described[0], "n_read")
    assert not hasattr(store.of_table("incidenten")[0], "sha256")
