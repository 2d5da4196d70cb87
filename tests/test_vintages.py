"""Figures as known on a date: stands, and what a new delivery changes."""

from datetime import date

import pandas as pd
import pytest

from conftest import COLUMNS, lines
from wib_lib import revisions
from wib_lib.absent import Missing
from wib_lib.errors import DeliveryError, TableError
from wib_lib.vintages import MEASURES, changes, stand

HEADER = "Nr;Bekend;Gemeente;Poging;Oplossing"
FEW = {k: v for k, v in COLUMNS.items() if v in HEADER.split(";")}
PERIOD = {"van": "2017-01-01", "tot": "2018-12-31"}


def incidents(*rows):
    """Rows of (day, gemeente, attempt, cleared)."""
    frame = pd.DataFrame(
        rows, columns=["kennisname_dt", "gemeente_code", "poging_jn", "opgehelderd_jn"]
    )
    return frame.astype(
        {"kennisname_dt": "datetime64[us]", "poging_jn": "boolean", "opgehelderd_jn": "boolean"}
    )


def test_stand_counts_whole_months_and_keeps_empty_ones():
    rows = incidents(
        ("2018-01-05", "GM0513", True, False),
        ("2018-01-31", "GM0513", False, True),
        ("2018-03-01", "GM0513", None, None),
    )
    made = stand("incidenten", rows, date(2018, 1, 1), date(2018, 3, 31)).set_index("start")
    # January: two, of which one attempt and one cleared; February: delivered and empty, so 0.
    assert made["n_burglaries"].tolist() == [2, 0, 1]
    assert made["n_attempts"].tolist() == [1, 0, 0]
    assert made["n_cleared"].tolist() == [1, 0, 0]
    assert made["end"].tolist() == list(pd.to_datetime(["2018-02-01", "2018-03-01", "2018-04-01"]))


def test_stand_leaves_out_months_that_are_covered_in_part():
    rows = incidents(("2018-01-20", "GM0513", True, True), ("2018-03-02", "GM0513", True, True))
    made = stand("incidenten", rows, date(2018, 1, 15), date(2018, 3, 10))
    assert made["start"].tolist() == [pd.Timestamp("2018-02-01")]
    assert made["n_burglaries"].tolist() == [0]


def test_a_measure_that_was_not_delivered_is_missing_and_no_change():
    rows = incidents(("2018-01-05", "GM0513", None, True))
    old = stand("incidenten", rows, date(2018, 1, 1), date(2018, 1, 31))
    assert old["n_attempts"].isna().all()
    new = stand("incidenten", rows.assign(poging_jn=True), date(2018, 1, 1), date(2018, 1, 31))
    assert changes(old, new).empty


def test_changes_over_the_months_that_both_cover():
    old = stand(
        "incidenten",
        incidents(("2018-01-05", "GM0513", True, False), ("2018-02-05", "GM0513", True, False)),
        date(2018, 1, 1),
        date(2018, 2, 28),
    )
    new_rows = incidents(
        ("2018-01-05", "GM0513", True, True),
        ("2018-01-06", "GM0513", False, False),
        ("2018-02-05", "GM0513", True, False),
        ("2018-03-05", "GM0513", True, False),
    )
    new = stand("incidenten", new_rows, date(2018, 1, 1), date(2018, 3, 31))
    found = changes(old, new)
    # March is new, not a change: 2 -> 3 burglaries and 0 -> 1 cleared in January and February.
    assert found[["measure", "old", "new", "difference"]].to_numpy().tolist() == [
        ["n_burglaries", 2, 3, 1],
        ["n_cleared", 0, 1, 1],
    ]


def test_changes_do_not_depend_on_row_order_and_leave_input_alone():
    rows = incidents(
        *[
            (f"2018-{m:02d}-0{d}", g, m % 2 == 0, d == 1)
            for m in (1, 2, 3)
            for d in (1, 2)
            for g in ("GM0513", "GM0627")
        ]
    )
    span = date(2018, 1, 1), date(2018, 3, 31)
    old, new = stand("incidenten", rows, *span), stand("incidenten", rows.iloc[2:], *span)
    before = old.copy()
    turned = changes(old.sample(frac=1, random_state=1), new.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(changes(old, new), turned)
    pd.testing.assert_frame_equal(old, before)
    back = changes(new, old)
    assert (back["difference"] == -changes(old, new)["difference"]).all()


def test_counts_keep_their_own_periods():
    rows = pd.DataFrame(
        {
            "region_code": ["GM0513"],
            "start": pd.to_datetime(["2017-01-01"]),
            "end": pd.to_datetime(["2018-01-01"]),
            "n_burglaries": pd.array([400], dtype="Float64"),
        }
    )
    made = stand("aantallen", rows, date(2017, 1, 1), date(2017, 12, 31))
    assert made["n_burglaries"].tolist() == [400]
    assert made[["n_attempts", "n_cleared"]].isna().all(axis=None)
    assert stand("acties", pd.DataFrame({"actie_id": ["a"]}), None, None).empty


def test_a_frame_that_is_no_stand_is_refused():
    good = stand("acties", pd.DataFrame(), None, None)
    with pytest.raises(TableError, match="new: column n_cleared is missing"):
        changes(good, good.drop(columns="n_cleared"))
    assert list(changes(good, good)["measure"]) == []
    assert set(MEASURES) <= set(good.columns)


OLD = lines(HEADER, "P1;05-01-2018;513;J;N", "P2;06-01-2018;513;N;N", "P3;07-05-2018;513;N;N")
NEW = lines(HEADER, "P1;05-01-2018;513;J;J", "P2;06-01-2018;513;N;N", "P4;08-01-2018;513;N;N",
            "P3;07-05-2018;513;N;N", "P5;01-11-2018;513;N;N")  # fmt: skip


def two_deliveries(project, **more):
    made = project.delivery()
    shared = {"kolommen": FEW, "privacyklasse": "V3"}
    made.add("incidenten", "oud.csv", "bvh", OLD, **shared, peildatum="2018-07-01",
             periode={"van": "2017-01-01", "tot": "2018-06-30"})  # fmt: skip
    made.add(
        "incidenten", "nieuw.csv", "bvh", NEW, **shared, periode=PERIOD, vervangt="oud.csv", **more
    )
    return made.save()


def test_only_the_latest_delivery_counts_and_the_old_one_is_kept(project):
    store = project.ingest(two_deliveries(project))
    rows = store.table("incidenten")
    assert sorted(rows["incident_id"]) == ["P1", "P2", "P3", "P4", "P5"]
    assert [item.bestand for item in store.delivered] == ["nieuw.csv"]
    assert [item.bestand for item in store.replaced] == ["oud.csv"]
    assert store.replaced[0].n_read == 3  # reconciled like any file
    stands = store.stands()
    parts = dict(list(stands.groupby("bestand")))
    found = changes(parts["oud.csv"], parts["nieuw.csv"])
    assert found[["measure", "old", "new"]].to_numpy().tolist() == [
        ["n_burglaries", 3, 4],
        ["n_cleared", 0, 1],
    ]


def opened(project, made, gemeente="gouda"):
    """Open the delivery as a notebook does."""
    from wib_lib.run import evidence_for

    store = project.ingest(made)
    dataset = project.project.dataset("klein")
    params = project.project.params(gemeente, dataset, {})
    return evidence_for(project.project, dataset, store, params)


def test_the_list_of_changes_names_old_new_and_difference(project):
    evidence = opened(project, two_deliveries(project))
    rows = revisions.revised(evidence)
    assert rows.to_numpy().tolist() == [
        ["2018", "woninginbraken", 3, 4, 1],
        ["2018", "opgehelderd", 0, 1, 1],
    ]
    said = revisions.revision_claim(evidence, rows).sentence
    assert said == (
        "Tussen de leveringen van 1 juli 2018 en 15 januari 2019 zijn in Gouda 2 jaarcijfers "
        "gewijzigd, over de maanden die beide leveringen bevatten."
    )


def test_without_an_earlier_delivery_there_is_nothing_to_compare(project):
    evidence = opened(project, project.small())
    rows = revisions.revised(evidence)
    assert isinstance(rows, Missing)
    assert "niets te vergelijken" in revisions.revision_claim(evidence, rows).sentence


def test_gross_counts_what_was_delivered_twice(project):
    table = revisions.gross_and_net(opened(project, project.small()))
    # PL1 stands twice in 2018; PL11 is the one of 2017.
    assert table.to_numpy().tolist() == [["2017", 1, 1, 0], ["2018", 6, 5, 1]]


def test_a_real_delivery_is_never_overwritten(project):
    made = two_deliveries(project)
    made.content["fictief"] = False
    project.ingest(made.save())
    (made.folder / "nieuw.csv").write_text(NEW + "P6;02-11-2018;513;N;N\n", encoding="utf-8")
    with pytest.raises(
        DeliveryError, match=r"nieuw\.csv: de inhoud is gewijzigd, maar de peildatum"
    ):
        project.ingest(made)
    made.source("nieuw.csv")["peildatum"] = "2019-02-01"
    assert len(project.ingest(made.save()).table("incidenten")) == 6
