"""Parameters: four layers, one sentence per mistake, and the files of this repository."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from wib_lib.codes import Area, parent
from wib_lib.errors import ParamError
from wib_lib.params import Params, resolve
from wib_lib.periods import Window

ROOT = Path(__file__).parents[1]
PARAMS = ROOT / "params"
AREAS = sorted(path.stem for path in PARAMS.glob("*.yaml") if path.stem != "regio")


def content(name: str) -> dict[str, Any]:
    return yaml.safe_load((PARAMS / f"{name}.yaml").read_text(encoding="utf-8"))


REGION = content("regio")
GOAL = {
    "id": "doel",
    "indicator": "aantal",
    "doelwaarde": 300,
    "operator": "<=",
    "doelperiode": 2018,
    "partner": "gemeente",
    "bron": "besluit",
}
AREA = {
    "gemeente": "Gouda",
    "gebied": {"gemeentecode": "GM0513"},
    "venster_start": date(2018, 1, 1),
    "doelen": [GOAL],
}


def resolved(
    area: dict[str, Any] | None = None,
    dataset: dict[str, Any] | None = None,
    given: dict[str, Any] | None = None,
) -> Params:
    return resolve(
        [
            ("params/regio.yaml", REGION),
            ("params/gouda.yaml", AREA | (area or {})),
            ("open/bronnen.yaml, parameters", dataset or {}),
            ("opgegeven parameter", given or {}),
        ]
    )


# ---- layers


def test_later_layers_win_key_by_key() -> None:
    assert resolved().jaren_voor == REGION["jaren_voor"] == 5
    assert resolved({"jaren_voor": 4}).jaren_voor == 4
    assert resolved({"jaren_voor": 4}, {"jaren_voor": 3}).jaren_voor == 3
    assert resolved({"jaren_voor": 4}, {"jaren_voor": 3}, {"jaren_voor": 2}).jaren_voor == 2
    assert resolved({"jaren_voor": 4}, None, {"venster_maanden": 6}).jaren_voor == 4


def test_the_window_follows_from_the_layers() -> None:
    assert resolved().window == Window(date(2018, 1, 1), 12)
    changed = resolved(None, {"venster_start": date(2025, 1, 1)}, {"venster_maanden": "6"})
    assert changed.window == Window(date(2025, 1, 1), 6)


def test_layers_are_not_changed_and_the_order_of_keys_does_not_matter() -> None:
    area = dict(reversed(AREA.items()))
    before = copy.deepcopy((REGION, AREA))
    found = resolve([("a", dict(reversed(REGION.items()))), ("b", area)])
    assert found == resolved()
    assert before == (REGION, AREA)


def test_resolved_parameters_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        resolved().jaren_voor = 9  # type: ignore[misc]


# ---- one sentence per mistake: file, key, value, what is allowed


def doel(**changes: Any) -> dict[str, Any]:
    return {"doelen": [GOAL | changes]}


def laak(**changes: Any) -> dict[str, Any]:
    return {"gebied": {"gemeentecode": "GM0518"} | changes}


MISTAKES = [
    ({"venster_strat": 1}, "sleutel 'venster_strat' is onbekend; bedoelt u 'venster_start'? Toegestaan: betrouwbaarheid, doelen,"),
    ({"qqq": 1}, "sleutel 'qqq' is onbekend; toegestaan: betrouwbaarheid, doelen,"),
    ({"venster_start": date(2018, 1, 2)}, "sleutel 'venster_start': gevonden datetime.date(2018, 1, 2); het venster begint op de eerste dag van een maand."),
    ({"venster_start": "1 januari"}, "sleutel 'venster_start': gevonden '1 januari'; verwacht een datum als 2018-01-31."),
    ({"venster_start": 20180101}, "sleutel 'venster_start': gevonden 20180101; verwacht een datum als 2018-01-31."),
    ({"venster_start": "2018-01-01T10:00"}, "sleutel 'venster_start': gevonden '2018-01-01T10:00'; verwacht een datum als 2018-01-31."),
    ({"venster_maanden": "twaalf"}, "sleutel 'venster_maanden': gevonden 'twaalf'; verwacht een geheel getal."),
    ({"venster_maanden": 1.5}, "sleutel 'venster_maanden': gevonden 1.5; verwacht een geheel getal."),
    ({"venster_maanden": 13}, "sleutel 'venster_maanden': gevonden 13; mag hoogstens 12 zijn."),
    ({"venster_maanden": 0}, "sleutel 'venster_maanden': gevonden 0; moet minstens 1 zijn."),
    ({"betrouwbaarheid": 1}, "sleutel 'betrouwbaarheid': gevonden 1; moet kleiner dan 1.0 zijn."),
    ({"betrouwbaarheid": 0.5}, "sleutel 'betrouwbaarheid': gevonden 0.5; moet groter dan 0.5 zijn."),
    ({"periodetoewijzing": "midden"}, "sleutel 'periodetoewijzing': gevonden 'midden'; toegestaan: 'kennisname', 'begin' of 'eind'."),
    ({"klassen": "A20"}, "sleutel 'klassen': gevonden 'A20'; verwacht een lijst."),
    ({"klassen": []}, "sleutel 'klassen': gevonden []; heeft minstens 1 waarde nodig."),
    ({"drempels": {"openbaar": 0, "werkgroep": 5}}, "sleutel 'drempels.openbaar': gevonden 0; moet minstens 1 zijn."),
    ({"drempels": {"openbaar": 10}}, "sleutel 'drempels.werkgroep': deze sleutel ontbreekt en is verplicht."),
    ({"drempels": {"openbaar": 10, "werkgroep": 5, "raad": 3}}, "onder 'drempels': sleutel 'raad' is onbekend; toegestaan: analist, driehoek, openbaar, werkgroep."),
    ({"vergelijking": {"Leiden": "Leiden"}}, r"gevonden 'Leiden'; moet voldoen aan het patroon ^GM\d{4}$."),
    ({"gebied": "GM0513"}, "sleutel 'gebied': gevonden 'GM0513'; verwacht sleutels met waarden."),
    (laak(gemeentecode="513"), r"sleutel 'gebied.gemeentecode': gevonden '513'; moet voldoen aan het patroon ^GM\d{4}$."),
    (laak(buurtcodes=["BU0518381"]), "sleutel 'gebied': BU0518381 is geen buurtcode in GM0518."),
    (laak(buurtcodes=["WK051838"]), "sleutel 'gebied': WK051838 is geen buurtcode in GM0518."),
    (laak(buurtcodes=["BU05130001"]), "sleutel 'gebied': BU05130001 is geen buurtcode in GM0518."),
    (laak(buurtcodes=["Laak"]), "sleutel 'gebied': Laak is geen buurtcode in GM0518."),
    (laak(buurtcodes=["BU05183819"], wijkcodes=["WK051338"]), "sleutel 'gebied': WK051338 is geen wijkcode in GM0518."),
    (laak(buurtcodes=["BU05183819"], wijkcodes=["WK051839"]), "sleutel 'gebied': BU05183819 ligt niet in de genoemde wijkcodes."),
    (laak(wijkcodes=["WK051839"]), "sleutel 'gebied': noem bij wijkcodes ook de buurtcodes waaruit zij bestaan."),
    (doel(operator="=<"), "sleutel 'doelen.0.operator': gevonden '=<'; toegestaan: '<=', '<', '>=' of '>'."),
    (doel(indicator="inbraken"), "sleutel 'doelen.0.indicator': gevonden 'inbraken'; moet voldoen aan het patroon ^(aantal|pogingen|"),
    (doel(mutatie_pct=-10), "sleutel 'doelen.0': geef precies één van mutatie_pct, doelwaarde en benchmark."),
    (doel(doelwaarde=None), "sleutel 'doelen.0': geef precies één van mutatie_pct, doelwaarde en benchmark."),
    (doel(doelwaarde=None, mutatie_pct=-10), "sleutel 'doelen.0': mutatie_pct vraagt een basis met periode, waarde en bron."),
    (doel(doelwaarde=None, benchmark="landelijk"), "sleutel 'doelen.0': een benchmark hoort bij de indicator per_1000_woningen."),
    (doel(benchmark="Leiden"), "sleutel 'doelen.0.benchmark': gevonden 'Leiden'; toegestaan: 'landelijk' of 'regionaal'."),
    (doel(doelwaarde="veel"), "sleutel 'doelen.0.doelwaarde': gevonden 'veel'; verwacht een getal."),
    (doel(doelperiode="2018-13"), "sleutel 'doelen.0.doelperiode': gevonden '2018-13'; verwacht een jaar (2018) of maanden (2018-01/2018-12)."),
    (doel(basis={"periode": 2016, "waarde": 0, "bron": "x"}), "sleutel 'doelen.0.basis.waarde': gevonden 0; moet groter dan 0.0 zijn."),
    (doel(basis={"periode": 2016, "waarde": 9}), "sleutel 'doelen.0.basis.bron': deze sleutel ontbreekt en is verplicht."),
    (doel(partnr="x"), "onder 'doelen.0': sleutel 'partnr' is onbekend; bedoelt u 'partner'? Toegestaan: basis, benchmark,"),
    (doel(voorbeeld="misschien"), "sleutel 'doelen.0.voorbeeld': gevonden 'misschien'; verwacht true of false."),
]  # fmt: skip


@pytest.mark.parametrize("layer", range(1, 4))
@pytest.mark.parametrize(("changes", "sentence"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_one_sentence_that_names_its_file(
    changes: dict[str, Any], sentence: str, layer: int
) -> None:
    layers: list[dict[str, Any]] = [{}, {}, {}]
    layers[layer - 1] = changes
    file = ("params/gouda.yaml", "open/bronnen.yaml, parameters", "opgegeven parameter")[layer - 1]
    with pytest.raises(ParamError) as raised:
        resolved(*layers)
    message = str(raised.value)
    assert message.startswith(f"{file}: ")
    assert sentence in message
    assert message.endswith(".")
    assert "\n" not in message
    assert "Value error" not in message


@pytest.mark.parametrize("key", ["gemeente", "gebied", "venster_start"])
def test_a_key_that_no_layer_has_names_the_files_to_put_it_in(key: str) -> None:
    area = {name: value for name, value in AREA.items() if name != key}
    message = (
        f"params/regio.yaml en params/gouda.yaml: sleutel '{key}': "
        "deze sleutel ontbreekt en is verplicht."
    )
    with pytest.raises(ParamError) as raised:
        resolve([("params/regio.yaml", REGION), ("params/gouda.yaml", area)])
    assert str(raised.value) == message


def test_two_goals_with_one_id_are_refused() -> None:
    with pytest.raises(ParamError, match="doel-id 'doel' komt meer dan eens voor"):
        resolved({"doelen": [GOAL, GOAL | {"doelwaarde": 200}]})


@pytest.mark.parametrize(
    "changes",
    [doel(doelwaarde=float("nan")), {"klassengrenzen": [8, 2]}, {"venster_maanden": True}],
)
def test_values_that_no_analysis_can_use_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ParamError):
        resolved(changes)


def test_breaks_are_those_after_the_first_and_up_to_the_last_day() -> None:
    params = resolved()
    july = date(2018, 7, 1)
    assert [b.datum for b in params.breaks_between(date(2017, 1, 1), date(2018, 12, 31))] == [july]
    assert [b.datum for b in params.breaks_between(date(2018, 6, 30), july)] == [july]
    assert params.breaks_between(july, date(2019, 12, 31)) == ()
    assert params.breaks_between(date(2017, 1, 1), date(2018, 6, 30)) == ()


# ---- the files of this repository


@pytest.fixture(scope="module")
def nine() -> dict[str, Params]:
    return {
        slug: resolve([("params/regio.yaml", REGION), (f"params/{slug}.yaml", content(slug))])
        for slug in REGION["gebieden"]
    }


def test_there_is_one_file_for_each_of_the_nine_areas() -> None:
    assert sorted(REGION["gebieden"]) == AREAS
    assert len(set(AREAS)) == 9


def test_the_nine_stand_in_the_order_of_the_memo_of_2017(nine: dict[str, Params]) -> None:
    # Memo RSIV, 11 September 2017, summary: Leidschendam-Voorburg first, Laak last.
    codes = [params.gebied.gemeentecode for params in nine.values()]
    assert codes == [
        "GM1916", "GM0513", "GM0627", "GM1901", "GM0503", "GM0603", "GM1783", "GM1842", "GM0518",
    ]  # fmt: skip


def test_only_laak_is_a_part_and_it_has_the_seven_buurten_of_two_wijken(
    nine: dict[str, Params],
) -> None:
    # Requirements 7.5: WK051838 and WK051839 are stadsdeel Laak.
    parts = {slug: params for slug, params in nine.items() if not params.gebied.area.is_whole}
    assert list(parts) == ["den-haag-laak"]
    area = parts["den-haag-laak"].gebied.area
    buurten = ["19", "22", "23", "24", "25", "26"]
    assert area == Area(
        "GM0518",
        (*[f"BU051838{buurt}" for buurt in buurten], "BU05183960"),
        ("WK051838", "WK051839"),
    )
    assert parts["den-haag-laak"].gebied.bron


def test_leiden_is_a_comparison_and_never_one_of_the_nine(nine: dict[str, Params]) -> None:
    for params in nine.values():
        assert params.vergelijking == {"GM0546": "Leiden"}
        assert params.gebied.gemeentecode != "GM0546"


def test_the_region_is_a_fixed_list_of_twenty_seven_with_all_areas_in_it(
    nine: dict[str, Params],
) -> None:
    unit = nine["gouda"].eenheid
    assert len(unit.gemeenten) == len(set(unit.gemeenten.values())) == 27
    assert {params.gebied.gemeentecode for params in nine.values()} <= set(unit.gemeenten)
    for params in nine.values():
        if params.gebied.area.is_whole:
            assert unit.gemeenten[params.gebied.gemeentecode] == params.gemeente
    assert "2023" in unit.bron


def test_every_window_is_the_calendar_year_2018(nine: dict[str, Params]) -> None:
    for params in nine.values():
        assert params.window == Window(date(2018, 1, 1), 12)
        assert params.jaren_voor == 5
        assert params.klassen == ("A20", "A30", "B20", "B30")
        assert (params.drempels.openbaar, params.drempels.werkgroep) == (10, 5)
        assert params.minimum_woningen == 10


def test_every_area_has_the_joint_goal_below_the_national_rate(nine: dict[str, Params]) -> None:
    for slug, params in nine.items():
        joint = params.doelen[0]
        assert joint.id == f"{slug}-landelijk-2018"
        assert (joint.indicator, joint.benchmark, joint.operator) == (
            "per_1000_woningen", "landelijk", "<",
        )  # fmt: skip
        assert not joint.voorbeeld
        assert "11 september 2017" in joint.bron


def test_a_goal_that_nobody_set_is_marked_as_an_example(nine: dict[str, Params]) -> None:
    goals = [goal for params in nine.values() for goal in params.doelen]
    assert len({goal.id for goal in goals}) == len(goals)
    for goal in goals:
        assert goal.voorbeeld == goal.bron.startswith("voorbeelddoel")
    assert {goal.id for goal in goals if not goal.voorbeeld and goal.benchmark is None} == {
        "gouda-aantal-2018", "rijswijk-aantal-2016",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "goal_id", "year", "base"),
    [
        ("gouda", "gouda-aantal-2018", "2016", 639),
        ("rijswijk", "rijswijk-aantal-2016", "2015", 211),
    ],
)
def test_stated_goals_have_the_base_of_their_source(
    nine: dict[str, Params], slug: str, goal_id: str, year: str, base: int
) -> None:
    # Requirements 6.7: Gouda 639 in 2016, goal -10 %; Rijswijk 211 in 2015, goal 2016 -10 %.
    goal = next(goal for goal in nine[slug].doelen if goal.id == goal_id)
    assert goal.basis is not None
    assert (goal.basis.periode, goal.basis.waarde, goal.mutatie_pct) == (year, base, -10)


def test_dwellings_and_breaks_are_those_of_the_sources(nine: dict[str, Params]) -> None:
    # Requirements 7.3 (CBS 82550NED) and X-33; 2018 and 2019 are not verified.
    params = nine["delft"]
    assert params.woningen_nederland.aantal[2012] == 7_386_743
    assert params.woningen_nederland.aantal[2017] == 7_686_178
    assert params.woningen_nederland.niet_geverifieerd == (2018, 2019)
    # Requirements, 7.5 (IVM to VM) and 7.6 (shortlist to groepsscan).
    assert {(b.reeks, b.datum.year) for b in params.reeksbreuken} == {
        ("politie", 2010),
        ("politie", 2018),
        ("slachtofferschap", 2012),
        ("groepen", 2016),
    }


def test_codes_in_the_files_belong_together(nine: dict[str, Params]) -> None:
    for params in nine.values():
        for code in (*params.gebied.buurtcodes, *params.gebied.wijkcodes):
            assert parent(code, "gemeente") == params.gebied.gemeentecode
