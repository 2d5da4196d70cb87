"""
The sample is checked by reading its files plainly and by rules of its own.

Neither the readers nor the analyses of the library are used, and neither are the
modules that made the files: what `waarheid.json` says must follow from the bytes.
"""

import csv
import io
import json
import math
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import shapely
import yaml

import wib_lib
from wib_lib.errors import RunError
from wib_lib.sample import write_sample

SELECTED = {"A20", "A30", "B20", "B30"}
NUMBERS = {
    "GM0513": (9, 51), "GM0627": (4, 22), "GM1901": (7, 54), "GM0503": (13, 91),
    "GM1783": (10, 77), "GM1842": (2, 13), "GM0518": (2, 7), "GM0603": (11, 32),
    "GM1916": (13, 43), "GM0546": (10, 54),
}  # fmt: skip  # requirements 7.5
YEARS = range(2013, 2019)
# police open data 47022NED, download of January 2024
PUBLISHED = {2012: 91595, 2013: 87455, 2014: 71143, 2015: 64676, 2016: 55495, 2017: 49209,
             2018: 42887}  # fmt: skip
FORMS = (
    "b3w-basisteam_gouda", "b3w-basisteam_leidschendam-voorburg", "b3w-gemeente_gouda",
    "b3w-gemeente_leidschendam-voorburg", "groepen_delft", "groepen_laak", "kosten_gouda",
    "kosten_rijswijk", "maatregelen_delft", "maatregelen_gouda", "maatregelen_westland",
    "opheldering", "overleg_gouda", "overleg_midden-delfland", "pga_gouda", "pkvw_gouda",
    "pkvw_waddinxveen", "verdachten",
)  # fmt: skip
NAMES = {
    "acties.csv", "bronnen.yaml", "gebieden_2018.geojson", "gebiedsovergang.csv", "incidenten.csv",
    "landelijke_reeks.csv", "politie_maand.csv", "waarheid.json",
    *(f"kwb_{year}.csv" for year in YEARS),
    *(f"formulier_{name}.xlsx" for name in FORMS),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write the default sample once."""
    path = tmp_path_factory.mktemp("raw") / "voorbeeld"
    write_sample(path)
    return path


@pytest.fixture(scope="module")
def truth(folder):
    return json.loads((folder / "waarheid.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def raw(folder):
    return read(folder / "incidenten.csv", "cp1252")


@pytest.fixture(scope="module")
def sorted_rows(raw):
    """Sort the rows by the rules of the test: reason to rows."""
    groups, seen = {}, set()
    for row in raw:
        groups.setdefault(reason_of(row, seen), []).append(row)
    return groups


@pytest.fixture(scope="module")
def accepted(sorted_rows):
    return sorted_rows["goed"]


@pytest.fixture(scope="module")
def shapes(folder):
    collection = json.loads((folder / "gebieden_2018.geojson").read_text("utf-8"))
    table = {kind: {} for kind in ("gemeente", "wijk", "buurt")}
    for feature in collection["features"]:
        properties = feature["properties"]
        table[properties["niveau"]][properties["code"]] = shapely.geometry.shape(
            feature["geometry"]
        )
    return table


def read(path, encoding="utf-8", delimiter=";"):
    text = path.read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def day_of(text):
    """Return the date, or None for anything but an existing dd-mm-yyyy."""
    if not re.fullmatch(r"\d\d-\d\d-\d{4}", text):
        return None
    day, month, year = map(int, text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moment_of(row, which):
    day = day_of(row[f"{which}datum"])
    if day is None:
        return None
    hour, minute = map(int, row[f"{which}tijd"].split(":"))
    return datetime(day.year, day.month, day.day, hour, minute)


def gemeente_of(row):
    digits = row["Gemeentecode"].strip().removeprefix("GM")
    return f"GM{int(digits):04d}" if digits else ""


def point_of(row):
    if not row["X"]:
        return None
    return float(row["X"].replace(",", ".")), float(row["Y"].replace(",", "."))


def reason_of(row, seen):
    number = row["Registratienummer"].strip()
    if not number:
        return "incident_id_ontbreekt"
    if number in seen:
        return "dubbel"
    seen.add(number)
    if row["Maatschappelijke klasse"] not in SELECTED:
        return "buiten_delictselectie"
    known = day_of(row["Datum kennisname"])
    if known is None:
        return "kennisname_onleesbaar"
    if known.year not in YEARS:
        return "buiten_leverperiode"
    return "goed" if gemeente_of(row) in NUMBERS else "gemeente_onbekend"


def year_of(row):
    return int(row["Datum kennisname"][-4:])


def per_year(rows, gemeente):
    return Counter(year_of(row) for row in rows if gemeente_of(row) == gemeente)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# -- writing ---------------------------------------------------------------------------


def test_same_seed_gives_same_bytes(folder, tmp_path):
    write_sample(tmp_path / "again")
    assert contents(tmp_path / "again") == contents(folder)
    assert set(contents(folder)) == NAMES


def test_same_bytes_under_another_hash_seed(folder, tmp_path):
    code = (
        "import sys; from pathlib import Path; from wib_lib.sample import write_sample;"
        "write_sample(Path(sys.argv[1]));"
        "print(*sorted({'geopandas', 'statsmodels'} & set(sys.modules)))"
    )
    source = str(Path(wib_lib.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "other")],
        env={**os.environ, "PYTHONHASHSEED": "4242", "PYTHONPATH": source},
        check=True,
        capture_output=True,
        text=True,
    )
    assert contents(tmp_path / "other") == contents(folder)
    assert done.stdout.strip() == ""  # no heavy import


def test_other_seed_gives_other_incidents_and_same_form(folder, tmp_path):
    told = write_sample(tmp_path / "seven", seed=7)
    assert told["seed"] == 7
    mine, other = contents(folder), contents(tmp_path / "seven")
    assert set(mine) == set(other)
    same = {name for name in mine if mine[name] == other[name]}
    undrawn = {f"formulier_overleg_{area}.xlsx" for area in ("gouda", "midden-delfland")}
    assert same - {"formulier_groepen_laak.xlsx"} == {"bronnen.yaml", *undrawn}


def test_returns_what_the_truth_file_holds_and_replaces_an_old_sample(tmp_path, truth):
    target = tmp_path / "voorbeeld"
    target.mkdir()
    (target / "waarheid.json").write_text("{}")
    (target / "oud.csv").write_text("weg")
    assert write_sample(target) == truth
    assert not (target / "oud.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["voorbeeld"]


def test_refuses_a_folder_with_something_else(tmp_path):
    (tmp_path / "incidenten.csv").write_text("echt")
    with pytest.raises(RunError, match="bevat iets anders dan voorbeelddata"):
        write_sample(tmp_path)
    assert (tmp_path / "incidenten.csv").read_text() == "echt"


def test_leaves_nothing_behind_when_writing_fails(tmp_path, monkeypatch):
    def fail(_path, _forms, _n_gemeenten):
        raise OSError("schijf vol")

    monkeypatch.setattr("wib_lib.sample.dataset.write_manifest", fail)
    with pytest.raises(OSError, match="schijf vol"):
        write_sample(tmp_path / "voorbeeld")
    assert list(tmp_path.iterdir()) == []


# -- incidents -------------------------------------------------------------------------


def test_incidents_are_cp1252_and_not_utf8(folder, raw):
    content = (folder / "incidenten.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.count(b"\r\n") == content.count(b"\n") == len(raw) + 1
    text = content.decode("cp1252")
    assert "€" in text
    assert "ï" in text
    assert ";'s-Gravenhage;" in text


def test_every_row_has_the_columns_of_the_header(raw):
    assert len(raw[0]) == 31
    assert all(None not in row and None not in row.values() for row in raw)


def test_bad_rows_are_as_many_as_the_truth_says(raw, sorted_rows, truth):
    told = truth["bestanden"]["incidenten.csv"]
    found = {reason: len(rows) for reason, rows in sorted_rows.items()}
    assert found.pop("goed") == told["geaccepteerd"]
    assert found.pop("dubbel") == told["dubbel"] > 0
    assert found == told["afgekeurd"]
    assert min(found.values()) > 0
    assert told["gelezen"] == len(raw)
    parts = told["geaccepteerd"] + told["dubbel"] + sum(told["afgekeurd"].values())
    assert parts == len(raw)


def test_emptied_cells_are_as_many_as_the_truth_says(accepted, truth):
    turned = impossible = odd = no_begin = no_point = 0
    for row in accepted:
        begin, end, point = moment_of(row, "Begin"), moment_of(row, "Eind"), point_of(row)
        turned += begin is not None and begin > end
        no_begin += begin is None
        no_point += point is None
        if point is not None:
            x, y = point
            inside = 66_000 < x < 118_000 and 436_000 < y < 472_000
            impossible += not inside
        odd += row["Gemeentecode"] != gemeente_of(row)
    told = truth["bestanden"]["incidenten.csv"]
    emptied = dict(told["leeggemaakt"])
    assert emptied.pop("pleegtijd_omgekeerd") == turned
    assert sum(emptied.values()) == impossible
    assert set(emptied) == {
        "coordinaat_nulpunt",
        "coordinaat_oorsprong",
        "coordinaat_assen_verwisseld",
    }
    assert told["gemeentecode_afwijkend_geschreven"] == odd
    assert 0.005 < odd / len(accepted) < 0.015
    assert told["zonder_begin"] == no_begin
    assert 0.02 < no_begin / len(accepted) < 0.04
    assert told["zonder_coordinaat"] == no_point


def test_each_bad_row_has_one_flaw(sorted_rows):
    for reason, rows in sorted_rows.items():
        if reason in ("goed", "dubbel"):
            continue
        for row in rows:
            known = day_of(row["Datum kennisname"])
            flaws = [
                not row["Registratienummer"].strip(),
                known is None,
                known is not None and known.year not in YEARS,
                row["Maatschappelijke klasse"] not in SELECTED,
                gemeente_of(row) not in NUMBERS,
            ]
            assert sum(flaws) == 1, row


def test_repeated_rows_are_whole_and_later(raw, sorted_rows):
    first = {}
    for place, row in enumerate(raw):
        first.setdefault(row["Registratienummer"], place)
    for row in sorted_rows["dubbel"]:
        assert raw[first[row["Registratienummer"]]] == row
    # without the repeated rows the file stands in order of registration
    numbers = [raw[place]["Registratienummer"].strip() for place in sorted(first.values())]
    numbers = [number for number in numbers if number]
    assert numbers == sorted(numbers)


def test_totals_per_area_and_year(accepted, truth):
    found = {}
    for row in accepted:
        cell = found.setdefault((gemeente_of(row), str(year_of(row))), [0, 0, 0])
        cell[0] += 1
        cell[1] += row["Poging"] == "J"
        cell[2] += row["Opgehelderd"] == "J"
    told = {
        (code, year): [cell["totaal"], cell["pogingen"], cell["opgehelderd"]]
        for code, years in truth["incidenten"].items()
        for year, cell in years.items()
    }
    assert found == told
    assert {code for code, _ in told} == set(NUMBERS)
    assert truth["laak"]["incidenten"] == truth["incidenten"]["GM0518"]


def test_levels_are_plausible(accepted):
    share = {
        flag: sum(row[flag] == "J" for row in accepted) / len(accepted)
        for flag in ("Poging", "Opgehelderd")
    }
    assert 0.22 < share["Poging"] < 0.26
    assert 0.065 < share["Opgehelderd"] < 0.095
    assert 2_000 < len(accepted) / 6 < 3_300
    months = Counter(int(row["Datum kennisname"][3:5]) for row in accepted)
    winter = sum(months[m] for m in (10, 11, 12, 1, 2, 3)) / len(accepted)
    assert 0.55 < winter < 0.60  # requirements 7.3: 57-60 % of a winter-centred year


def test_codes_nest_and_points_lie_in_their_buurt(accepted, shapes):
    misplaced = 0
    for row in accepted:
        wijk, buurt = row["Wijkcode"], row["Buurtcode"]
        assert wijk[2:6] == gemeente_of(row)[2:]
        assert buurt[2:8] == wijk[2:]
        assert buurt in shapes["buurt"]
        if row["Geocodering"] != "geen":
            misplaced += not shapely.contains_xy(shapes["buurt"][buurt], *point_of(row))
    assert misplaced == 25  # the impossible coordinates and no other


def test_offence_ends_before_it_is_known(accepted):
    spans = []
    for row in accepted:
        begin, end = moment_of(row, "Begin"), moment_of(row, "Eind")
        if begin is not None and begin <= end:
            assert end.date() <= day_of(row["Datum kennisname"])
            spans.append((end - begin).total_seconds() / 86_400)
    assert max(spans) <= 14
    assert 0.05 < sum(span > 1 for span in spans) / len(spans) < 0.15


def test_no_column_that_identifies_a_person(raw, folder):
    forbidden = re.compile(r"bsn|burgerservice|voornaam|achternaam|telefoon|huisnummer|geboorte")
    headers = [name for path in folder.glob("*.csv") for name in read(path, "cp1252")[0]]
    assert len(headers) > 100
    assert not [name for name in headers if forbidden.search(name.lower())]
    assert not [name for name in raw[0] if re.fullmatch(r"(?i)(straat)?naam|adres", name)]
    for column in ("Straatsleutel", "Adressleutel"):
        assert all(re.fullmatch(r"[0-9a-f]{16}", row[column]) for row in raw)


# -- planted truths --------------------------------------------------------------------


def test_effect_in_gouda_and_nowhere_else(accepted, truth):
    planted = truth["geplant"]["effect"]
    assert planted["gemeente"] == "GM0513"
    # share of the country without 2016: (641+583+586+505)/272483, times 42887
    assert planted["verwacht_zonder_effect"] == pytest.approx(364.4, abs=0.2)
    found = per_year(accepted, "GM0513")[2018]
    assert 0.6 < found / 364.4 < 0.8
    for code in truth["geplant"]["controle"]:
        before = per_year(accepted, code)
        base = sum(before[year] for year in (2013, 2014, 2015, 2017))
        expected = base / sum(PUBLISHED[year] for year in (2013, 2014, 2015, 2017)) * 42_887
        assert 0.8 < before[2018] / expected < 1.25, code


def test_waddinxveen_regresses_to_the_mean(accepted):
    counts = per_year(accepted, "GM0627")
    assert counts[2015] == pytest.approx(116, abs=10)
    assert counts[2016] == pytest.approx(212, abs=15)
    assert counts[2017] < 110
    assert counts[2018] < 90
    gang = range(3, 12)  # March to November 2016; by season alone these hold 68 %
    months = [
        int(row["Datum kennisname"][3:5])
        for row in accepted
        if (gemeente_of(row), year_of(row)) == ("GM0627", 2016)
    ]
    assert sum(month in gang for month in months) / len(months) > 0.77


def test_hotspot_moves(accepted, truth):
    spot = truth["geplant"]["hotspot"]
    rows = [row for row in accepted if gemeente_of(row) == spot["gemeente"]]
    counts = Counter((row["Buurtcode"], year_of(row)) for row in rows)
    for part in ("eerst", "daarna"):
        buurt = spot[part]["buurt"]
        assert {y: counts[buurt, int(y)] for y in spot[part]["aantallen"]} == spot[part][
            "aantallen"
        ]
        for year in spot[part]["jaren"]:
            top = max(n for (_, y), n in counts.items() if y == year)
            assert counts[buurt, year] == top > 20
    assert counts[spot["eerst"]["buurt"], 2018] < 10
    assert counts[spot["daarna"]["buurt"], 2017] < 10


def test_displacement_over_the_border(accepted, truth, shapes):
    shift = truth["geplant"]["verplaatsing"]
    assert shift["verplaatst"] > 10
    assert shift["netto"] == 0
    before, after = Counter(), Counter()
    for row in accepted:
        (after if year_of(row) == 2018 else before)[row["Buurtcode"]] += 1
    fall = 42_887 / (sum(PUBLISHED[y] for y in YEARS if y != 2018) / 5)

    def ratio(codes):
        return sum(after[c] for c in codes) / (sum(before[c] for c in codes) / 5 * fall)

    assert ratio(shift["van_buurten"]) < 0.8
    assert ratio(shift["naar_buurten"]) > 1.25
    assert all(code.startswith("BU0503") for code in shift["van_buurten"])
    assert all(code[2:8] == shift["naar_wijk"][2:] for code in shift["naar_buurten"])
    shared = shapes["gemeente"]["GM0503"].boundary.intersection(
        shapes["wijk"][shift["naar_wijk"]].boundary
    )
    assert shared.length > 500


def pairs(rows, gemeente, days):
    """Count pairs within 150 m whose ends lie within the given range of days."""
    points = sorted(
        (moment_of(row, "Eind").toordinal(), *point_of(row))
        for row in rows
        if gemeente_of(row) == gemeente and row["Geocodering"] == "adres"
    )
    n = 0
    for i, (day, x, y) in enumerate(points):
        for later, x2, y2 in points[i + 1 :]:
            if later - day > days[1]:
                break
            n += later - day >= days[0] and math.hypot(x - x2, y - y2) <= 150
    return n


def test_near_repeats_except_in_the_control_area(accepted, truth):
    told = truth["geplant"]["near_repeat"]
    control = told["controlegebied"]
    assert told["gerealiseerd"]["per_gebied"][control] == 0
    # pairs per day soon after, against pairs per day between one and four months after
    excess = {}
    for code in ("GM0513", "GM0603", "GM1783", control):
        soon, late = pairs(accepted, code, (0, 14)), pairs(accepted, code, (31, 120))
        excess[code] = (soon / 15) / ((late + 1) / 90)
    assert min(v for code, v in excess.items() if code != control) > 1.5
    assert excess[control] < 1.2
    made = told["gerealiseerd"]
    assert 0.10 < made["nakomelingen"] / made["incidenten"] < 0.14
    assert 0.20 < made["zelfde_adres"] / made["nakomelingen"] < 0.30
    assert made["grootste_afstand_m"] <= 150
    assert made["meeste_dagen"] <= 14


# -- the other files -------------------------------------------------------------------


def test_police_months_equal_accepted_incidents(folder, accepted, truth):
    rows = read(folder / "politie_maand.csv")
    assert {row["SoortMisdrijf"] for row in rows} == {"1.1.1 ", "1.1.2 "}
    assert {len(row["WijkenEnBuurten"]) for row in rows} == {10}
    table = {
        (row["WijkenEnBuurten"].strip(), row["Perioden"]): int(row["GeregistreerdeMisdrijven_1"])
        for row in rows
        if row["SoortMisdrijf"] == "1.1.1 "
    }
    assert len(table) == 28 * 6 * 13
    months = Counter()
    for row in accepted:
        day = row["Datum kennisname"]
        months[gemeente_of(row), f"{day[-4:]}MM{day[3:5]}"] += 1
    for (region, period), n in table.items():
        year, month = period[:4], period[4:]
        if month == "JJ00":
            parts = sum(table[region, f"{year}MM{m:02d}"] for m in range(1, 13))
            assert n == parts == truth["politie"][region][year]
        elif region == "GM0518":
            assert n > months[region, period]  # Laak and the rest of the town
        elif region in NUMBERS:
            assert n == months[region, period]
    account = truth["bestanden"]["politie_maand.csv"]
    assert account["gelezen"] == len(rows)
    assert account["geaccepteerd"] == sum("MM" in period for _, period in table)


def test_national_months_add_up_to_the_published_years(folder, truth):
    rows = read(folder / "landelijke_reeks.csv", delimiter=",")
    assert [row["date"] for row in rows] == [
        f"{year}-{month:02d}-01" for year in PUBLISHED for month in range(1, 13)
    ]
    years = Counter()
    for row in rows:
        years[int(row["date"][:4])] += int(row["wib_nl"])
    assert dict(years) == PUBLISHED
    assert truth["politie"]["NL00"] == {str(year): PUBLISHED[year] for year in YEARS}


@pytest.mark.parametrize("year", YEARS)
def test_dwellings_add_up(folder, truth, year):
    rows = read(folder / f"kwb_{year}.csv")
    key = "RegioS" if year == 2013 else "WijkenEnBuurten"
    stock = next(name for name in rows[0] if name.startswith("Woningvoorraad_"))
    people = next(name for name in rows[0] if name.startswith("AantalInwoners_"))
    homes = {row[key].strip(): int(row[stock]) for row in rows}
    n_old = 1 if year <= 2015 else 0  # one buurt of Laak became two in 2016
    assert len(homes) == len(rows) == 1 + 27 + sum(w + b for w, b in NUMBERS.values()) - n_old
    for code, n in homes.items():
        if code[:2] == "WK":
            assert n == sum(v for c, v in homes.items() if c.startswith(f"BU{code[2:]}"))
        elif code in NUMBERS and code != "GM0518":
            assert n == sum(v for c, v in homes.items() if c.startswith(f"WK{code[2:]}"))
    laak = homes["WK051838"] + homes["WK051839"]
    told = {code: years[str(year)] for code, years in truth["woningen"].items()}
    assert told.pop("laak") == laak
    assert told == {code: n for code, n in homes.items() if code[:2] in ("NL", "GM")}
    small = [row for row in rows if row[key].startswith(("WK", "BU"))]
    assert all(row[people] == "." or int(row[people]) % 5 == 0 for row in small)
    owned = next(name for name in rows[0] if name.startswith("Koopwoningen_"))
    assert all((row[owned] == ".") == (int(row[stock]) < 20) for row in rows)
    assert 2 <= sum(int(row[stock]) < 10 for row in small) <= 3


def test_one_buurt_became_two(folder, truth):
    told = truth["indeling"]
    new, old = told["nieuw"], told["oud"]
    assert told["laatste_jaar"] == 2015
    for year in YEARS:
        rows = read(folder / f"kwb_{year}.csv")
        key = "RegioS" if year == 2013 else "WijkenEnBuurten"
        stock = next(name for name in rows[0] if name.startswith("Woningvoorraad_"))
        homes = {row[key].strip(): int(row[stock]) for row in rows}
        found = {code: homes[code] for code in (old, *new) if code in homes}
        by_new = {code: years[str(year)] for code, years in new.items()}
        assert found == ({old: sum(by_new.values())} if year <= 2015 else by_new)
    pairs = read(folder / "gebiedsovergang.csv")
    assert [row["code_nieuw"] for row in pairs] == list(new)
    assert all((row["code_oud"], row["jaar_oud"]) == (old, "2015") for row in pairs)
    moved = [int(row["n_woningen"]) for row in pairs]
    assert moved == [years["2016"] for years in new.values()]


def test_kwb_columns_drift(folder):
    def stems(year):
        return {
            name.rsplit("_", 1)[0]: name
            for name in read(folder / f"kwb_{year}.csv")[0]
            if name not in ("RegioS", "WijkenEnBuurten")
        }

    first, last = stems(2013), stems(2018)
    assert set(first) == set(last)
    assert (first["Woningvoorraad"], last["Woningvoorraad"]) == (
        "Woningvoorraad_33",
        "Woningvoorraad_34",
    )
    assert first["Koopwoningen"] == "Koopwoningen_39"
    assert last["EigendomOnbekend"] == "EigendomOnbekend_44"


def test_shapes_are_valid_nested_and_do_not_overlap(shapes):
    buurten, wijken, gemeenten = shapes["buurt"], shapes["wijk"], shapes["gemeente"]
    assert {
        code: (
            sum(w[2:6] == code[2:] for w in wijken),
            sum(b[2:6] == code[2:] for b in buurten),
        )
        for code in gemeenten
    } == NUMBERS
    everything = [*buurten.values(), *wijken.values(), *gemeenten.values()]
    assert all(shape.is_valid and shape.geom_type == "Polygon" for shape in everything)
    assert shapely.coverage_is_valid(list(buurten.values()))
    for code, wijk in wijken.items():
        parts = [shape for b, shape in buurten.items() if b[2:8] == code[2:]]
        assert shapely.union_all(parts).equals(wijk)
        assert sum(part.area for part in parts) == pytest.approx(wijk.area, abs=1e-3)
    for code, gemeente in gemeenten.items():
        parts = [shape for w, shape in wijken.items() if w[2:6] == code[2:]]
        assert shapely.union_all(parts).equals(gemeente)
    coordinates = shapely.get_coordinates(everything)
    assert (coordinates == coordinates.round()).all()
    assert (coordinates[:, 0] > 66_000).all()
    assert (coordinates[:, 0] < 118_000).all()


def test_shapes_look_like_a_map(shapes):
    compact = [4 * math.pi * s.area / s.length**2 for s in shapes["buurt"].values()]
    assert min(compact) > 0.35  # no slivers; a square has 0.79
    for code in ("1901", "0503", "0513"):
        areas = sorted(s.area for b, s in shapes["buurt"].items() if b[2:6] == code)
        tenth = len(areas) // 10
        # without crowding in town the largest tenth is some 2.5 times the smallest
        assert sum(areas[-tenth:]) > 3 * sum(areas[:tenth]), code


def test_names_are_unique_within_a_gemeente(folder):
    collection = json.loads((folder / "gebieden_2018.geojson").read_text("utf-8"))
    assert collection["crs"]["properties"]["name"].endswith("EPSG::28992")
    names = Counter()
    for feature in collection["features"]:
        p = feature["properties"]
        assert p["water"] == "NEE"
        names[p["code"][2:6], p["niveau"], p["naam"]] += 1
    assert set(names.values()) == {1}


def test_actions_have_the_columns_and_no_persons(folder):
    assert (folder / "acties.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read(folder / "acties.csv", "utf-8-sig")
    assert list(rows[0])[:3] == ["actie_id", "gemeente_code", "gebied"]
    counts = Counter(row["gemeente_code"] for row in rows)
    assert set(counts) == set(NUMBERS) - {"GM0546"}
    assert all(6 <= n <= 10 for n in counts.values())
    assert {row["typering"] for row in rows} == {"proactie", "preventie", "repressie"}
    assert {row["gericht_op"] for row in rows} == {"dader", "domein", "slachtoffer"}
    assert {row["uitgevoerd"] for row in rows} == {"ja", "nee", ""}
    assert len({row["actie_id"] for row in rows}) == len(rows)
    for row in rows:
        if row["periode_van"]:
            assert day_of(row["periode_van"]) <= day_of(row["periode_tot"])
    assert any(not row["periode_van"] for row in rows)


def test_forms_came_back_with_the_flaws_that_the_truth_counts(folder, truth):
    for name in FORMS:
        file = f"formulier_{name}.xlsx"
        sheet = openpyxl.load_workbook(folder / file)["Invullen"]
        rows = [row for row in sheet.iter_rows(values_only=True) if any(v is not None for v in row)]
        header = next(i for i, row in enumerate(rows) if sum(v is not None for v in row) > 3)
        told = truth["bestanden"][file]
        assert len(rows) - header - 1 == told["gelezen"], file
        assert told["gelezen"] == told["geaccepteerd"] + told["dubbel"] + sum(
            told["afgekeurd"].values()
        )
        cells = [str(value) for row in rows[header + 1 :] for value in row]
        assert sum(cell == "Totaal" for cell in cells) == told["afgekeurd"].get("totaalrij", 0)
        n_named = sum("mevr." in cell for cell in cells)
        assert n_named == told["leeggemaakt"].get("persoonsgegeven_in_tekst", 0)
    reasons = Counter(reason for name in FORMS
                      for kind in ("afgekeurd", "leeggemaakt")
                      for reason in truth["bestanden"][f"formulier_{name}.xlsx"][kind])  # fmt: skip
    assert len(reasons) >= 9


def test_manifest_names_every_file_and_its_columns(folder, raw):
    content = yaml.safe_load((folder / "bronnen.yaml").read_text("utf-8"))
    assert content["fictief"] is True
    assert content["parameters"] == {}
    assert "&id" not in (folder / "bronnen.yaml").read_text("utf-8")
    files = [source["bestand"] for source in content["bronnen"]]
    assert sorted(files) == sorted(NAMES - {"bronnen.yaml", "waarheid.json"})
    needed = {"soort", "bestand", "profiel", "bronhouder", "peildatum", "privacyklasse"}
    assert all(needed <= set(source) for source in content["bronnen"])
    columns = content["bronnen"][0]["kolommen"].values()
    named = [name for entry in columns for name in (entry if isinstance(entry, list) else [entry])]
    assert set(named) <= set(raw[0])
    assert content["bronnen"][0]["periode"] == {"van": date(2013, 1, 1), "tot": date(2018, 12, 31)}
