"""Quality in the chain: the planted flaws are found, said in Dutch, and asked for in letters."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from conftest import Proef, Voorbeeld
from wib_lib import plots, quality, quality_charts, quality_tables, quality_text
from wib_lib.absent import Missing, Suppressed
from wib_lib.cli import cli
from wib_lib.data_quality import Finding, Quality, assess
from wib_lib.evidence import Evidence
from wib_lib.letters import letters, missing_parts, write_letters
from wib_lib.run import evidence_for

NAMES = {"GM1783": "Westland"}


def evidence_of(voorbeeld: Voorbeeld, slug: str) -> Evidence:
    project = voorbeeld.proef.project
    params = project.params(slug, voorbeeld.dataset, {})
    return evidence_for(project, voorbeeld.dataset, voorbeeld.store, params)


@pytest.fixture(scope="session")
def delivery(voorbeeld: Voorbeeld) -> Quality:
    found = quality.of_delivery(evidence_of(voorbeeld, "gouda"))
    assert isinstance(found, Quality)
    return found


def of_kind(found: Quality, kind: str) -> list[Finding]:
    return [item for item in found.findings if item.kind == kind]


# ---- the sample: what was planted


def test_the_changed_code_list_is_found_where_and_when(
    voorbeeld: Voorbeeld, delivery: Quality
) -> None:
    truth = voorbeeld.truth["levering"]["codelijst"]
    (found,) = of_kind(delivery, "shift")
    assert (found.column, found.gemeente_code) == (truth["veld"], truth["gemeente"])
    assert found.first == date.fromisoformat(truth["vanaf"])
    assert found.numbers["after"] - found.numbers["before"] > 0.4


def test_the_field_that_fell_out_is_found(voorbeeld: Voorbeeld, delivery: Quality) -> None:
    truth = voorbeeld.truth["levering"]["leeg_veld"]
    (found,) = of_kind(delivery, "empty_months")
    assert found.column == truth["veld"]
    assert [f"{d:%Y-%m}" for d in (found.first, found.last) if d] == truth["maanden"]
    # A row of the spell may have lost its attempt flag: then loot could have been filled.
    assert found.n == truth["rijen"]


def test_the_default_address_and_the_pile_are_found(
    voorbeeld: Voorbeeld, delivery: Quality
) -> None:
    truth = voorbeeld.truth["levering"]
    (address,), (point,) = of_kind(delivery, "address_pile"), of_kind(delivery, "point_pile")
    assert address.n == truth["standaardadres"]["rijen"]
    assert point.n == truth["stapel_op_punt"]["rijen"]
    assert (address.numbers["n_places"], point.numbers["n_places"]) == (1, 1)


def test_nothing_is_found_where_nothing_was_planted(delivery: Quality) -> None:
    kinds = {item.kind for item in delivery.findings}
    assert kinds == {"shift", "empty_months", "address_pile", "point_pile", "unknown", "time_heap"}
    heaps = {(item.column, item.what) for item in of_kind(delivery, "time_heap")}
    assert heaps == {("pleeg_tot", "23:59"), ("pleeg_van", "00:00 tot 00:00")}


def test_points_elsewhere_than_their_buurt_are_found(voorbeeld: Voorbeeld) -> None:
    evidence = evidence_of(voorbeeld, "delft")
    own = evidence.incidents
    assert own is not None
    both = own["buurt_punt"].notna() & own["buurt_code"].notna()
    assert both.sum() > 2000
    months = pd.period_range("2013-01", "2018-12", freq="M")
    moved = own["buurt_punt"].mask(np.arange(len(own)) % 20 == 0, "BU05030000")
    found = assess(own, months, delivered=list(own), located=moved)
    (misplaced,) = of_kind(found, "misplaced")
    assert misplaced.gemeente_code == "GM0503"
    assert misplaced.n == (own["buurt_code"].notna() & moved.eq("BU05030000")).sum()
    clean = assess(own, months, delivered=list(own), located=own["buurt_punt"])
    assert not of_kind(clean, "misplaced")


def test_a_delivery_without_incidents_says_so(project: Proef) -> None:
    made = project.delivery("alleen-aantallen")
    data = "SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1\n1.1.1 ;GM0513;2018MM01;3\n"
    made.add("misdrijven_gemeente_maand", "maand.csv", "politie_maand", data)
    store = project.ingest(made.save())
    evidence = evidence_for(
        project.project, made.dataset(), store, project.project.params("gouda", made.dataset(), {})
    )
    found = quality.of_area(evidence)
    assert isinstance(found, Missing)
    assert "geen incidenten" in quality_text.summary(found, minimum=5, names={}).sentence
    for made_of in (
        quality_text.table(found, minimum=5, names={}),
        quality_tables.filled_grid(found, minimum=5),
        quality_tables.unknown_table(found, minimum=5),
        quality_tables.delay_table(found, minimum=5),
        quality_charts.completeness(found),
    ):
        assert made_of == found
    assert quality_tables.filled_words(found) == found.reason


# ---- sentences


@pytest.mark.parametrize(
    ("finding", "wanted"),
    [
        (
            Finding("unknown", "woningtype", 120, 400, p=1e-9),
            "Het veld woningtype (type woning) is leeg of onbekend bij 120 van de 400 incidenten (30 %).",
        ),
        (
            Finding("unknown", "woningtype", 3, 20, p=0.001),
            "Het veld woningtype (type woning) is leeg of onbekend bij minder dan 5 van de 20 incidenten.",
        ),
        (
            Finding("unknown", "woningtype", 18, 20, p=0.001),
            ("Het veld woningtype (type woning) is leeg of onbekend bij op minder dan 5 na alle van de "
            "20 incidenten."),
        ),
        (
            Finding("silent_months", first=date(2016, 5, 1), last=date(2016, 6, 1),
                    gemeente_code="GM1783", numbers={"expected": 61.4}),
            ("Van Westland is in mei 2016 tot en met juni 2016 geen enkel incident geleverd; ongeveer 61 "
            "waren te verwachten."),
        ),
        (
            Finding("shift", "poging_jn", 9, 40, date(2017, 1, 1), date(2017, 1, 1), 0.001,
                    numbers={"before": 0.25, "after": 0.5}),
            "Het aandeel pogingen verspringt vanaf januari 2017, van 25 % naar 50 %.",
        ),
        (
            Finding("weekday_gap", "kennisname_dt", 6, 700, p=0.001, what="6", numbers={"expected": 100}),
            ("Het veld kennisname_dt (dag waarop de politie kennis nam) valt op een zondag bij 6 "
            "incidenten; te verwachten: ongeveer 100."),
        ),
        (
            Finding("address_pile", "adres_pseudo", 61, 900, p=0.001, numbers={"n_places": 2}),
            "Op 2 adressen staan 61 incidenten, veel meer dan herhaald slachtofferschap verklaart.",
        ),
    ],
)  # fmt: skip
def test_sentences(finding: Finding, wanted: str) -> None:
    ((text, _, request),) = quality_text.sentences([finding], minimum=5, names=NAMES)
    assert text == wanted
    assert request == quality_text.ASKS[finding.kind]


def test_every_kind_has_a_sentence_and_a_request() -> None:
    for kind in quality_text.ASKS:
        numbers = {"expected": 10.0, "before": 0.1, "after": 0.4, "n_places": 1.0}
        item = Finding(
            kind, "woningtype", 40, 90, date(2018, 1, 1), date(2018, 1, 1), 0.001, "GM1783",  # type: ignore[arg-type]
            "3", numbers,
        )  # fmt: skip
        ((text, _, request),) = quality_text.sentences([item], minimum=5, names=NAMES)
        assert text.endswith(".")
        assert request.endswith(".")


@pytest.mark.parametrize(
    ("n", "words"), [(0, "geen punten die"), (1, "1 punt dat"), (2, "2 punten die")]
)
def test_the_summary_counts_lines(n: int, words: str, delivery: Quality) -> None:
    findings = [Finding("all_empty", name, 40, 40) for name in ("pc4", "mk_code")[:n]]
    some = Quality(40, findings, *(pd.DataFrame(),) * 4, {})  # type: ignore[arg-type]
    assert f"vonden {words}" in quality_text.summary(some, minimum=5, names={}).sentence


# ---- tables and figure


def test_tables_withhold_small_parts(voorbeeld: Voorbeeld) -> None:
    found = quality.of_area(evidence_of(voorbeeld, "midden-delfland"))
    assert isinstance(found, Quality)
    table = quality_tables.unknown_table(found, minimum=5)
    assert isinstance(table, pd.DataFrame)
    years = [name for name in table.columns if name != "Veld"]
    rows = found.unknown.set_index(["column", "year"])
    labels = dict(zip(table["Veld"], found.unknown["column"].unique(), strict=True))
    n_withheld = 0
    for label, column in labels.items():
        for year in years:
            n, n_of = rows.loc[(column, int(year)), ["n_unknown", "n"]].astype(int)
            shown = table.loc[table["Veld"].eq(label), year].iloc[0]
            if 0 < n < 5 or 0 < n_of - n < 5:
                assert shown == Suppressed(5)
                n_withheld += 1
            elif n_of >= 10:
                assert shown == pytest.approx(100 * n / n_of)
    assert n_withheld > 3


def test_the_grid_hides_months_with_few_incidents_and_words_name_the_emptiest(
    voorbeeld: Voorbeeld,
) -> None:
    found = quality.of_area(evidence_of(voorbeeld, "midden-delfland"))
    assert isinstance(found, Quality)
    grid = quality_tables.filled_grid(found, minimum=5)
    assert isinstance(grid, pd.DataFrame)
    few = found.filled["n"].between(1, 4)
    assert grid.map(lambda value: value == Suppressed(5)).sum().sum() == few.sum() > 0
    assert quality_tables.filled_words(found).startswith("Minst gevuld: gebruikt werktuig")


def test_the_figure_shows_shares_in_classes_and_absence_as_absence() -> None:
    months = pd.period_range("2017-12", periods=3, freq="M")
    shares = pd.DataFrame(
        [[0.2, 0.97, 1.0], [Missing("weg"), Suppressed(5), 0.0]], ["a", "b"], months
    )
    _, ax = plots.canvas(6, 3)
    assert plots.completeness(ax, shares, classes=(0.5, 0.8, 0.9, 0.98)) is ax
    drawn = ax.collections[0].get_array()
    assert np.ma.getmaskarray(drawn).ravel().tolist() == [False] * 3 + [True, True, False]
    assert drawn.compressed().tolist() == [0.2, 0.97, 1.0, 0.0]
    colors = ax.collections[0].to_rgba(drawn.compressed())
    assert len({tuple(color) for color in colors}) == 3  # 0 and 0,2 share a class
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2017", "2018"]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[0] == "0 tot 50 %"
    assert legend[-1] == "niet geleverd of te weinig"
    low, high = ax.get_ylim()
    assert low > high  # first field on top


# ---- letters and the command


COVERAGE = pd.DataFrame(
    {
        "number": ["4", "8A", "3"],
        "text": ["Woningen met PKVW-certificaat", "Hanggroepen: aantal", "Totaal aan woningen"],
        "owner": ["Gemeente", "Politie", "CBS"],
        "status": ["niet geleverd", "niet geleverd", "geleverd"],
    }
)


def test_missing_parts_name_the_areas() -> None:
    other = COVERAGE[COVERAGE["number"].eq("4")]
    third = COVERAGE[COVERAGE["number"].eq("3")]
    found = missing_parts({"Gouda": COVERAGE, "Delft": other, "Rijswijk": third})
    assert found == {
        "Gemeente": ["4. Woningen met PKVW-certificaat (Gouda en Delft)"],
        "Politie": ["8A. Hanggroepen: aantal (Gouda)"],
    }
    everywhere = missing_parts({"Gouda": COVERAGE, "Delft": COVERAGE})
    assert everywhere["Politie"] == ["8A. Hanggroepen: aantal (alle 2 gebieden)"]
    assert missing_parts({}) == {}


def test_letters_per_owner(voorbeeld: Voorbeeld) -> None:
    points = [("Het veld x is leeg.", "geteld", "Vul het.")]
    texts = letters(
        {"Gouda": COVERAGE}, voorbeeld.store.delivered, points, dataset="Proef", minimum=17
    )
    assert set(texts) == {"gemeente", "politie"}  # CBS is asked for nothing
    police, gemeente = texts["politie"], texts["gemeente"]
    assert "- Het veld x is leeg. Vul het." in police
    assert "x is leeg" not in gemeente
    assert "Proef" in gemeente
    assert "één rij per incident" in police
    assert "één rij per incident" not in gemeente
    assert "ontbreekt (minder dan 17)" in police.replace("\n  ", " ")  # 14 rows
    assert "onleesbaar (18)" in police.replace("\n  ", " ")
    assert "buiten delictselectie" not in police
    for text in texts.values():
        assert text.count("INVULLEN]") >= 5
        assert max(map(len, text.splitlines())) <= 88


def test_letters_replace_those_of_before(tmp_path) -> None:
    (tmp_path / "oud.txt").write_text("oud", encoding="utf-8")
    (tmp_path / "blijft.md").write_text("van iemand anders", encoding="utf-8")
    paths = write_letters({"politie": "Geachte"}, tmp_path)
    assert [path.name for path in paths] == ["politie.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blijft.md", "politie.txt"]


def test_check_prints_the_points_and_writes_the_letters(
    voorbeeld: Voorbeeld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(voorbeeld.proef.root)
    result = CliRunner().invoke(cli, ["check"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "incidenten.csv: 17.168 gelezen" in result.output
    assert "verspringt vanaf juli 2017 in Westland" in result.output
    assert "te vragen aan Veiligheidshuis: 23A" in result.output
    folder = voorbeeld.proef.root / "reports" / "voorbeeld" / "brieven"
    names = {path.stem for path in folder.iterdir()}
    assert names == {"politie", "gemeente", "cbs", "woningcorporaties", "veiligheidshuis"}
    police = (folder / "politie.txt").read_text(encoding="utf-8")
    assert "verspringt vanaf juli 2017" in police.replace("\n  ", " ")
    incidents = voorbeeld.store.table("incidenten")
    assert incidents is not None
    everything = result.output + police
    tokens = set(re.findall(r"[0-9a-f]{16}|PL1500-\d+", everything))
    assert not tokens  # no address, street or registration
    piles = pd.read_csv(
        voorbeeld.store.folder / "controle" / "ophoping_adres.csv", sep=";", decimal=","
    )
    wanted = incidents["adres_pseudo"].value_counts()
    assert piles["adres_pseudo"].tolist() == [wanted.index[0]]
    assert piles["n"].tolist() == [wanted.iloc[0]]
