"""What differs between two packs: figures, verdicts, findings, sentences, and what they rest on."""

import copy
import random
from typing import Any

import pytest

from wib_lib.absent import Missing, Suppressed
from wib_lib.differences import (
    CLAIM,
    FIGURE,
    FINDING,
    NUMBER,
    PERCENT,
    VERDICT,
    Change,
    Place,
    changes,
    claim_changes,
    written,
)
from wib_lib.provenance import Cause, can_trace, causes

KEY_FILE: dict[str, Any] = {
    "gemeente": {"naam": "Gouda", "gebied": "GM0513"},
    "dataset": "voorbeeld",
    "fictief": True,
    "audience": "werkgroep",
    "venster": {"start": "2018-01-01", "eind": "2018-12-31"},
    "aantal": {"venster": 245, "voorafgaand": 500, "pct": -51.0, "gemiddelde_5_jaar": 592.2},
    "pogingen": {"venster": 65, "voorafgaand": 130, "share": 0.266393},
    "opheldering": {"venster": 5, "voorafgaand": 31, "pct": 2.040816},
    "woningen": 32996,
    "woningen_jaar": 2018,
    "per_1000_woningen": {"venster": 7.425142, "landelijk": 5.540252, "onder_landelijk": False},
    "doelen": [
        {
            "id": "g1",
            "indicator": "aantal",
            "naam": "aantal woninginbraken",
            "oordeel": "behaald",
            "doelwaarde": 575.1,
            "gerealiseerd": 245,
            "bevindingen": ["aan de goede kant", "de basis is 639"],
        }
    ],
    "effect": {"ratio": 0.501699, "laag": 0.347824, "hoog": 0.723649, "oordeel": "gunstiger"},
    "reeks": {"labels": ["2017", "2018"], "aantal": [500, 245]},
    "ontbreekt": ["4 Woningen met PKVW-certificaat (Gemeente)"],
}
MANIFEST: dict[str, Any] = {
    "parameters": {
        "venster_maanden": 12,
        "betrouwbaarheid": 0.95,
        "doelen": [{"id": "g1", "mutatie_pct": -10.0, "basis": None}],
    },
    "invoer": [{"bestand": "incidenten.csv", "sha256": "a" * 64, "peildatum": "2019-01-15"}],
    "pakketten": {"numpy": "2.4.6", "python": "3.11.2"},
    "gemaakt_van": {
        "notebooks": {"04_evaluation": "n1"},
        "bibliotheek": {"wib_lib.rates": "r1", "wib_lib.trend": "t1"},
        "gegevens": {"incidenten/GM0513": "p1", "aantallen/*": "p2", "levering": "p3"},
        "gebieden": {"Gouda": "GM0513"},
    },
}


def edited(source: dict[str, Any], **blocks: Any) -> dict[str, Any]:
    """Return a copy in which some blocks have other fields."""
    made = copy.deepcopy(source)
    for name, value in blocks.items():
        made[name] = made[name] | value if isinstance(value, dict) else value
    return made


def goal(**fields: Any) -> dict[str, Any]:
    """Return the key file with a changed goal."""
    return edited(KEY_FILE, doelen=[KEY_FILE["doelen"][0] | fields])


def said(old: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Return what is written per line that differs."""
    found = changes(old, new)
    texts: dict[str, tuple[str, str, str]] = {}
    for change in found:
        w = written(change)
        then, now, _ = texts.get(change.place.what, ("–", "–", ""))
        sides = (w.old if w.old != "–" else then, w.new if w.new != "–" else now)
        texts[change.place.what] = (*sides, f"{w.difference} {w.unit}".strip())
    return texts


# --- figures: a value by hand, and a published one ---------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        # 251 - 245 = 6
        ({"aantal": {"venster": 251}}, {"woninginbraken": ("245", "251", "+6")}),
        # 28,0 % - 26,6393 % = 1,3607 percentage points
        (
            {"pogingen": {"share": 0.28}},
            {"pogingen, aandeel": ("26,6 %", "28,0 %", "+1,4 procentpunt")},
        ),
        # 4 % - 2,040816 % = 1,959184 percentage points
        (
            {"opheldering": {"pct": 4.0}},
            {"opgehelderd, percentage": ("2,0 %", "4,0 %", "+2,0 procentpunt")},
        ),
        # 0,45 - 0,501699 = -0,051699
        (
            {"effect": {"ratio": 0.45}},
            {"vergelijking, verhouding": ("0,50", "0,45", "−0,05")},
        ),
        ({"woningen": 33100}, {"woningen": ("32.996", "33.100", "+104")}),
        ({"woningen_jaar": 2017}, {"woningen, jaar": ("2018", "2017", "")}),
        (
            {"per_1000_woningen": {"onder_landelijk": True}},
            {"onder landelijk": ("nee", "ja", "")},
        ),
        (
            {"venster": {"eind": "2018-06-30"}},
            {"venster, eind": ("31 december 2018", "30 juni 2018", "")},
        ),
    ],
)  # fmt: skip
def test_a_figure_is_written_with_its_own_difference(blocks, wanted):
    assert said(KEY_FILE, edited(KEY_FILE, **blocks)) == wanted


def test_published_revision_of_2014():
    """Woninginbraken 2014: first 70.651, later 71.143 (requirements.md, X-30): 492 more."""
    old, new = ({"aantal": {"venster": n}} for n in (70_651, 71_143))
    assert said(old, new) == {"woninginbraken": ("70.651", "71.143", "+492")}


def test_a_difference_below_the_usual_decimals_is_still_seen():
    assert said({"effect": {"ratio": 0.501699}}, {"effect": {"ratio": 0.5017}}) == {
        "vergelijking, verhouding": ("0,501699", "0,501700", "+0,000001")
    }


def test_a_difference_that_rounds_away_gets_another_decimal():
    # 0,348 is shown as 0,35 and 0,344 as 0,34, while 0,344 - 0,348 = -0,004
    assert said({"effect": {"laag": 0.348}}, {"effect": {"laag": 0.344}}) == {
        "vergelijking, ondergrens": ("0,348", "0,344", "−0,004")
    }


def test_a_block_that_is_newer_than_this_version_is_compared():
    old, new = (
        {
            "clusters": {"nabij": {"n": n, "deel_pct": 2.0 * n}},
            "teams": [{"id": "laak", "n": n}, {"n": n}],
            "reeks": {"labels": ["2018"], "aantal": [1], "verwacht": [n]},
        }
        for n in (3, 4)
    )
    assert said(old, new) == {
        "clusters, nabij, n": ("3", "4", "+1"),
        "clusters, nabij, deel pct": ("6,0 %", "8,0 %", "+2,0 procentpunt"),
        "teams, laak, n": ("3", "4", "+1"),
        "teams, 2, n": ("3", "4", "+1"),
        "reeks, verwacht": ("3", "4", ""),
    }


# --- the definition another way ----------------------------------------------------------------


def leaves(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Flatten JSON without knowing what it means."""
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return {path: value}
    return {
        key: leaf for name, inner in pairs for key, leaf in leaves(inner, (*path, name)).items()
    }


def test_every_number_in_the_file_counts_once():
    """Change one number at a time, wherever it stands: exactly one line differs, and no other."""
    numbers = {path for path, leaf in leaves(KEY_FILE).items() if isinstance(leaf, int | float)}
    numbers -= {path for path in numbers if isinstance(leaves(KEY_FILE)[path], bool)}
    assert len(numbers) == 4 + 3 + 3 + 2 + 2 + 2 + 3 + 2  # per block, in the order of the file
    for path in numbers:
        other = copy.deepcopy(KEY_FILE)
        block: Any = other
        for name in path[:-1]:
            block = block[name]
        block[path[-1]] += 1
        (found,) = changes(KEY_FILE, other)
        if path[-1] != "woningen_jaar":
            assert found.new - found.old == pytest.approx(1, abs=1e-12), path


# --- missing is not suppressed, and neither is a number ----------------------------------------


def test_missing_suppressed_and_numbers_are_told_apart():
    missing = {"venster": None, "reden": {"venster": "niet geleverd"}}
    secret = {"venster": None, "onderdrukt": True}
    states = {"12": {"venster": 12}, ". (niet geleverd)": missing, "x": secret}
    for old_text, old in states.items():
        for new_text, new in states.items():
            found = said({"pogingen": old}, {"pogingen": new})
            if old is new:
                assert found == {}
                continue
            side = {old_text, new_text}
            wanted = [("getoond" if "x" in side and t == "12" else t) for t in (old_text, new_text)]
            assert found == {"pogingen": (*wanted, "")}


def test_a_missing_figure_with_another_reason_is_a_change():
    old, new = ({"p": {"n": None, "reden": {"n": why}}} for why in ("te kort", "niet geleverd"))
    assert said(old, new) == {"p, n": (". (te kort)", ". (niet geleverd)", "")}


def test_only_the_new_pack_that_withholds_counts_as_suppressed():
    place, x = Place(FIGURE, "n"), Suppressed(0)
    assert Change(place, 12, x).became_suppressed
    assert Change(place, Missing("weg"), x).became_suppressed
    assert not Change(place, x, 12).became_suppressed


def test_what_one_pack_withholds_is_not_repeated_from_the_other():
    """No number of the open side, its findings or its sentence stands in what is written."""
    old = goal(gerealiseerd=7, bevindingen=["het zijn er 7"])
    new = goal(gerealiseerd=None, onderdrukt=True, bevindingen=["niet getoond"])
    texts = [(w.old, w.new) for w in map(written, changes(old, new))]
    assert ("getoond", "x") in texts
    assert not [text for pair in texts for text in pair if "7" in text]
    before = {"04": [{"key": "pogingen", "sentence": "Het zijn er 7."}]}
    after = {"04": [{"key": "pogingen", "sentence": "Minder dan 10 en wordt niet getoond."}]}
    for pair in ((before, after), (after, before)):
        (claim,) = claim_changes(*pair)
        assert "7" not in f"{claim.old}{claim.new}"
        assert "getoond" in (claim.old, claim.new)


# --- verdicts, findings, sentences -------------------------------------------------------------


def test_a_changed_goal():
    new = goal(
        oordeel="niet behaald", doelwaarde=200.0, bevindingen=["de basis is 639", "boven het doel"]
    )
    found = [(c.place.kind, c.place.what, c.old, c.new) for c in changes(KEY_FILE, new)]
    assert found == [
        (VERDICT, "doel g1", "behaald", "niet behaald"),
        (FIGURE, "doel g1, doelwaarde", 575.1, 200.0),
        (FINDING, "doel g1", "aan de goede kant", None),
        (FINDING, "doel g1", None, "boven het doel"),
    ]


def test_a_goal_that_came_is_new_on_every_line():
    found = changes(edited(KEY_FILE, doelen=[]), KEY_FILE)
    assert {change.old for change in found} == {None}
    assert written(next(c for c in found if c.place.kind == VERDICT)).old == "–"


def test_the_figures_of_a_goal_have_the_unit_of_its_indicator():
    old, new = (
        goal(indicator="opheldering_pct", gerealiseerd=pct, doelwaarde=10.0) for pct in (7.0, 9.5)
    )
    assert said(old, new) == {"doel g1, gerealiseerd": ("7,0 %", "9,5 %", "+2,5 procentpunt")}


def test_a_part_that_was_delivered_is_no_longer_missing():
    (found,) = changes(KEY_FILE, edited(KEY_FILE, ontbreekt=[]))
    assert (found.place.what, found.new) == ("ontbreekt", None)


def test_sentences_that_differ():
    old = {"04": [{"key": "a", "sentence": "Een."}, {"key": "b", "sentence": "Twee."}]}
    new = {"04": [{"key": "a", "sentence": "Een."}, {"key": "c", "sentence": "Drie."}]}
    found = {(c.place.kind, c.place.what): (c.old, c.new) for c in claim_changes(old, new)}
    assert found == {(CLAIM, "04, b"): ("Twee.", None), (CLAIM, "04, c"): (None, "Drie.")}
    assert claim_changes(old, old) == []


# --- invariance --------------------------------------------------------------------------------


def test_identical_files_differ_in_nothing():
    assert changes(KEY_FILE, copy.deepcopy(KEY_FILE)) == []
    assert causes(MANIFEST, copy.deepcopy(MANIFEST)) == []


def test_order_of_keys_and_goals_does_not_matter_and_input_is_untouched():
    second = KEY_FILE["doelen"][0] | {"id": "g2"}
    old = edited(KEY_FILE, doelen=[*KEY_FILE["doelen"], second])
    names = list(old)
    random.Random(1).shuffle(names)
    shuffled = {name: old[name] for name in names} | {"doelen": old["doelen"][::-1]}
    kept = copy.deepcopy(old)
    assert changes(old, shuffled) == []
    new = edited(old, aantal={"venster": 251})
    assert set(changes(shuffled, new)) == set(changes(old, new)) != set()
    assert old == kept


def test_changes_turn_around():
    new = edited(goal(oordeel="niet behaald", bevindingen=[]), aantal={"venster": 251})
    there = {(c.place, c.old, c.new) for c in changes(KEY_FILE, new)}
    back = {(c.place, c.new, c.old) for c in changes(new, KEY_FILE)}
    assert there == back
    numbers = [written(Change(Place(FIGURE, "n", PERCENT), *pair)) for pair in ((2, 5), (5, 2))]
    assert [w.difference for w in numbers] == ["+3,0", "−3,0"]


def test_percentages_do_not_depend_on_share_or_per_cent():
    share = written(Change(Place(FIGURE, "n", "aandeel"), 0.25, 0.266))
    assert share == written(Change(Place(FIGURE, "n", PERCENT), 25.0, 26.6))
    assert share != written(Change(Place(FIGURE, "n", NUMBER), 25.0, 26.6))


# --- bad input ---------------------------------------------------------------------------------


def test_a_series_of_unequal_length_is_refused():
    broken = edited(KEY_FILE, reeks={"labels": ["2017"]})
    with pytest.raises(ValueError, match=r"zip\(\)"):
        changes(KEY_FILE, broken)


# --- causes ------------------------------------------------------------------------------------


def made(**parts: Any) -> dict[str, Any]:
    """Return the manifest with another part of what it was made of."""
    return edited(
        MANIFEST, gemaakt_van={k: MANIFEST["gemaakt_van"][k] | v for k, v in parts.items()}
    )


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        (
            edited(MANIFEST, invoer=[MANIFEST["invoer"][0] | {"sha256": "b" * 64}]),
            Cause(
                "invoerbestand",
                "incidenten.csv",
                "aaaaaaaaaaaa, peildatum 15 januari 2019",
                "bbbbbbbbbbbb, peildatum 15 januari 2019",
            ),
        ),
        (
            edited(MANIFEST, invoer=[MANIFEST["invoer"][0] | {"peildatum": "2019-03-01"}]),
            Cause(
                "invoerbestand",
                "incidenten.csv",
                "aaaaaaaaaaaa, peildatum 15 januari 2019",
                "aaaaaaaaaaaa, peildatum 1 maart 2019",
            ),
        ),
        (
            edited(MANIFEST, parameters={"doelen": [{"id": "g1", "mutatie_pct": -15.0, "basis": None}]}),
            Cause("parameter", "doelen.g1.mutatie_pct", "−10", "−15"),
        ),
        (
            edited(MANIFEST, parameters={"breuken": [{"datum": "2018-07-01"}]}),
            Cause("parameter", "breuken.1.datum", "", "1 juli 2018"),
        ),
        (
            edited(MANIFEST, parameters={"betrouwbaarheid": 0.9}),
            Cause("parameter", "betrouwbaarheid", "0,95", "0,9"),
        ),
        (
            made(gegevens={"incidenten/GM0513": "p9"}),
            Cause("deel van de levering", "incidenten van GM0513", "p1", "p9"),
        ),
        (
            made(bibliotheek={"wib_lib.rates": "r9"}),
            Cause("module van de bibliotheek", "wib_lib.rates", "r1", "r9"),
        ),
        (
            made(notebooks={"04_evaluation": "n9"}),
            Cause("notebook", "04_evaluation", "n1", "n9"),
        ),
        (
            made(gebieden={"Delft": "GM0503"}),
            Cause("gebied van de aanpak", "Delft", "", "GM0503"),
        ),
        (
            edited(MANIFEST, pakketten={"numpy": "2.5.0"}),
            Cause("pakketversie", "numpy", "2.4.6", "2.5.0"),
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Cause) else "",
)  # fmt: skip
def test_each_kind_of_cause(new, wanted):
    assert causes(MANIFEST, new) == [wanted]


def test_a_published_manifest_is_compared_on_what_it_tells():
    """It has no digests of confidential tables; what it does have is compared."""
    told = made(gegevens={"aantallen/*": "ffff"}) | {"gepubliceerd": True}
    del told["gemaakt_van"]["gegevens"]["incidenten/GM0513"]
    told["invoer"] = [
        {k: v for k, v in item.items() if k != "sha256"} for item in MANIFEST["invoer"]
    ]
    for old, new in ((MANIFEST, told), (told, MANIFEST)):
        assert [(c.kind, c.name) for c in causes(old, new)] == [
            ("deel van de levering", "aantallen (geheel)")
        ]


def test_an_older_manifest_is_compared_on_what_it_has():
    """A manifest of before the record of code: no module or package is called new."""
    older = edited(MANIFEST, pakketten={"numpy": "2.4.0"}, parameters={"venster_maanden": 6})
    del older["gemaakt_van"], older["pakketten"]["python"]
    assert not can_trace(older)
    assert can_trace(MANIFEST)
    assert [(c.kind, c.name) for c in causes(older, MANIFEST)] == [
        ("parameter", "venster_maanden"),
        ("pakketversie", "numpy"),
    ]
