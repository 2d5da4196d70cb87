"""
Deliveries broken in one way each: a sentence, no traceback, no lost row.

A delivery that cannot be used is refused in one sentence. One that can is read; the row or the
field that is wrong is in the log, with file, row, column and rule, and every row is accounted for.
"""

import datetime as dt
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pytest
import xlsxwriter

from conftest import COLUMNS, Levering, Proef, lines
from wib_lib.errors import DeliveryError
from wib_lib.ingest import ingest

HEADER = "Nr;Klasse;Poging;Bekend;Begin;Beginuur;Eind;Einduur;Gemeente;Buurt;X;Y;Adressleutel"
GOOD = "P1;A20;J;05-01-2018;04-01-2018;22:00;05-01-2018;07:00;GM0513;BU05130101;108000;447000;"
NAMES = {"Gouda": "GM0513", "Den Haag": "GM0518"}
KLASSEN = ("A20", "A30", "B20", "B30")


@dataclass(frozen=True)
class Case:
    """How a delivery is broken, and what the analyst is told."""

    make: Callable[[Levering], None]
    sentence: str = ""  # pattern of the refusal
    log: tuple[str, int, str, str] | None = None  # which log, row, check, pattern of the rule
    note: str = ""  # pattern of a remark
    reads: int | None = None  # rows accepted


def extract(*rows: str, header: str = HEADER, **more: object) -> Callable[[Levering], None]:
    """An incident extract with some rows."""

    def make(made: Levering) -> None:
        more.setdefault("kolommen", {k: v for k, v in COLUMNS.items() if all(
            name in header.split(";") for name in ([v] if isinstance(v, str) else v))})  # fmt: skip
        encoding = "cp1252" if more.get("codering") == "cp1252" else "utf-8"
        made.add("incidenten", "uittreksel.csv", "bvh", lines(header, *rows).encode(encoding),
                 privacyklasse="V3", **more)  # fmt: skip

    return make


def changed(**cells: str) -> str:
    """The good row with some cells changed."""
    names = HEADER.split(";")
    values = GOOD.split(";")
    for name, value in cells.items():
        values[names.index(name)] = value
    return ";".join(values)


def other(profiel: str, soort: str, data: str | bytes, name: str = "bestand.csv", **more: object):
    """A file of another profile."""
    return lambda made: made.add(soort, name, profiel, data, **more)


def boundaries(*features: tuple[str, list[list[float]]], crs: str = "EPSG:28992"):
    """A map with some polygons."""
    content = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": crs}},
        "features": [
            {"type": "Feature", "properties": {"code": code, "naam": "x"},
             "geometry": {"type": "Polygon", "coordinates": [ring]}}
            for code, ring in features
        ],
    }  # fmt: skip
    return other("cbs_gebieden", "gebieden", json.dumps(content), "kaart.geojson")


def square(x: float, y: float) -> list[list[float]]:
    return [[x, y], [x + 100, y], [x + 100, y + 100], [x, y + 100], [x, y]]


def book(*sheets: tuple[str, list[list[object]], bool], name: str = "maatregelen.xlsx"):
    """A workbook of measures; per sheet a name, its rows, and whether it is hidden."""

    def make(made: Levering) -> None:
        made_book = xlsxwriter.Workbook(str(made.folder / name))
        for title, rows, hidden in sheets:
            sheet = made_book.add_worksheet(title)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if hidden:
                sheet.hide()
        made_book.close()
        made.add("maatregelen", name, "maatregelen", privacyklasse="V1")

    return make


FORM = ["Nummer", "Gemeente", "Maatregel", "Typering", "Aantal gepland"]
KWB_HEAD = "WijkenEnBuurten;Gemeentenaam_1;AantalInwoners_5;Woningvoorraad_34"
POLICE = "SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1"


def zip_without_book(made: Levering) -> None:
    path = made.folder / "maatregelen.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "geen werkmap")
    made.add("maatregelen", "maatregelen.xlsx", "maatregelen", privacyklasse="V1")


CASES = {
    # --- the file itself
    "leeg bestand": Case(other("bvh", "incidenten", "", kolommen={}), r"bestand\.csv: het bestand is leeg; vraag Politie"),
    "alleen een kop": Case(extract(), r"uittreksel\.csv: het bestand bevat geen rijen; vraag Politie"),
    "cp1252 zonder dat het gezegd is": Case(
        other("bvh", "incidenten", (HEADER + "\n" + changed(Nr="Façade") + "\n").encode("cp1252"), kolommen={"incident_id": "Nr"}),
        r"bestand\.csv: rij 2 is niet in UTF-8 geschreven; zet de juiste codering",
    ),
    "onbekende codering": Case(extract(GOOD, codering="utf-99"), "codering 'utf-99' in bronnen.yaml bestaat niet"),
    "BOM en spaties": Case(
        other("politie_maand", "misdrijven_gemeente_maand", ("\ufeff" + POLICE + "\n1.1.1 ;GM0513    ;2018MM01;30\n").encode()),
        reads=1,
    ),
    "rij met te veel velden": Case(extract(GOOD + ";extra"), "rij 2 heeft meer velden dan de kop"),
    "rij met te weinig velden": Case(extract(GOOD, "P2;A20"), log=("rejected", 3, "kennisname_onleesbaar", "verplicht en leesbaar"), reads=1),
    "aanhalingsteken dat niet sluit": Case(extract(changed(Nr='"P1')), "rij 2 heeft een aanhalingsteken dat niet sluit"),
    "kolom komt twee keer voor": Case(extract(GOOD + ";x", header=HEADER + ";Nr"), "kolom 'Nr' .* komt meer dan eens voor"),
    "kolom ontbreekt": Case(extract(GOOD, kolommen={"incident_id": "Nr", "kennisname_dt": "Kennisname", "gemeente_code": "Gemeente"}), "kolom 'Kennisname' .* ontbreekt; aanwezig: Nr, "),
    "geen werkmap": Case(zip_without_book, r"maatregelen\.xlsx: dit is geen leesbare werkmap"),
    "geen antwoord van OData": Case(other("politie_maand", "misdrijven_gemeente_maand", '{"error": "404"}', "a.json"), r"a\.json: dit is geen antwoord van OData"),
    "geen kaart": Case(other("cbs_gebieden", "gebieden", "code;naam\nGM0513;Gouda\n", "kaart.gpkg"), r"kaart\.gpkg: "),
    "onvolledig opgehaald": Case(extract(GOOD, sha256="0" * 64), "past niet bij het controlegetal"),
    # --- personal data
    "kolom met BSN": Case(extract(GOOD + ";111222333", header=HEADER + ";BSN"), r"kolom 'BSN' is een persoonsgegeven of adres en mag niet in de levering"),
    "kolom met huisnummer": Case(extract(GOOD + ";12", header=HEADER + ";Huisnummer"), "kolom 'Huisnummer'"),
    "kolom met vrije tekst": Case(extract(GOOD + ";via achterdeur", header=HEADER + ";MO toelichting"), "kolom 'MO toelichting'"),
    "adres in plaats van pseudoniem": Case(extract(changed(Adressleutel="Kerkstraat 12")), log=("emptied", 2, "adres_pseudo_onleesbaar", "pseudoniem"), reads=1),
    "naam in een toelichting": Case(
        other("actieregister", "acties", lines("actie_id;gemeente_code;actie;resultaat", "1;513;brief;gesproken met mevrouw Pietersen"), "acties.csv"),
        log=("emptied", 2, "persoonsgegeven_in_tekst", "noemt geen persoon"), reads=1,
    ),
    "verborgen blad met personen": Case(book(("Blad1", [FORM, ["1", "Gouda", "Flexcamera", "preventie", 3]], False), ("Bron", [["Achternaam", "BSN"], ["Pietersen", "111222333"]], True)), "het verborgen blad 'Bron' heeft kolommen met persoonsgegevens"),
    # --- incidents
    "andere maatschappelijke klasse": Case(extract(GOOD, changed(Nr="P2", Klasse="A10")), log=("rejected", 3, "buiten_delictselectie", "A20, A30, B20, B30"), reads=1),
    "dubbel kenmerk": Case(extract(GOOD, GOOD), log=("duplicates", 3, "dubbel", "één keer"), reads=1),
    "geen kenmerk": Case(extract(GOOD, changed(Nr=" ")), log=("rejected", 3, "incident_id_ontbreekt", "verplicht"), reads=1),
    "onbestaande dag": Case(extract(GOOD, changed(Nr="P2", Bekend="31-02-2018")), log=("rejected", 3, "kennisname_onleesbaar", "verplicht"), reads=1),
    "Excel-getal als dag": Case(extract(changed(Bekend="43105")), reads=1),
    "dag na de peildatum": Case(extract(GOOD, changed(Nr="P2", Bekend="05-01-2020")), log=("rejected", 3, "buiten_leverperiode", "periode van de levering"), reads=1),
    "van ligt na tot": Case(extract(changed(Begin="06-01-2018")), log=("emptied", 2, "pleegtijd_omgekeerd", "begin ligt niet na het eind"), reads=1),
    "gemeente zonder voorloopnul": Case(extract(changed(Gemeente="513")), reads=1),
    "gemeente met haar officiële naam": Case(extract(changed(Gemeente="'s-Gravenhage", Buurt="BU05183819")), reads=1),
    "gemeente die niet bestaat": Case(extract(GOOD, changed(Nr="P2", Gemeente="Nergenshuizen")), log=("rejected", 3, "gemeente_onbekend", "gemeente"), reads=1),
    "x en y verwisseld": Case(extract(changed(X="447000", Y="108000")), log=("emptied", 2, "coordinaat_", ""), reads=1),
    "punt op nul": Case(extract(changed(X="0", Y="0")), log=("emptied", 2, "coordinaat_", ""), reads=1),
    "nulpunt van het stelsel": Case(extract(changed(X="155000", Y="463000")), log=("emptied", 2, "coordinaat_", ""), reads=1),
    "graden tussen de meters": Case(extract(changed(X="4,7", Y="52,0")), log=("emptied", 2, "coordinaat_", ""), reads=1),
    "poging met een onbekend woord": Case(extract(changed(Poging="misschien")), log=("emptied", 2, "poging_jn_onleesbaar", "poging"), reads=1),
    "geen enkele bruikbare rij": Case(extract(changed(Bekend="ooit")), r"geen enkele rij is bruikbaar; rij 2, kolom kennisname_dt"),
    # --- open tables
    "jaartotaal naast maanden": Case(other("politie_maand", "misdrijven_gemeente_maand", lines(POLICE, "1.1.1 ;GM0513    ;2018MM01;30", "1.1.1 ;GM0513    ;2018JJ00;50")), log=("rejected", 3, "jaartotaal_naast_maanden", "jaartotaal"), reads=1),
    "schuren in dezelfde tabel": Case(other("politie_maand", "misdrijven_gemeente_maand", lines(POLICE, "1.1.1 ;GM0513    ;2018MM01;30", "1.1.2 ;GM0513    ;2018MM01;5")), log=("rejected", 3, "buiten_delictselectie", "1.1.1"), reads=1),
    "duizendtallen met een punt": Case(other("politie_maand", "misdrijven_gemeente_maand", lines(POLICE, "1.1.1 ;NL00      ;2018MM01;1.521")), reads=1),
    "aantal dat geen aantal is": Case(other("politie_maand", "misdrijven_gemeente_maand", lines(POLICE, "1.1.1 ;GM0513    ;2018MM01;30", "1.1.1 ;GM0513    ;2018MM02;veel")), log=("rejected", 3, "aantal_onleesbaar", "misdrijven"), reads=1),
    "kerncijfers zonder woningen": Case(other("kwb", "kerncijfers_wijken", lines("WijkenEnBuurten;AantalInwoners_5", "GM0513    ;73000")), "(?i)woningvoorraad"),
    "kerncijfers met een punt": Case(other("kwb", "kerncijfers_wijken", lines(KWB_HEAD, "GM0513    ;Gouda;73000;32996", "BU05130102;Gouda;20;.")), reads=2),
    "percentage boven honderd": Case(other("kwb", "kerncijfers_wijken", lines(KWB_HEAD + ";Koopwoningen_40", "GM0513    ;Gouda;73000;32996;155")), log=("emptied", 2, "pct_owner_onleesbaar", "koopwoningen"), reads=1),
    "onbekende gebiedscode": Case(other("kwb", "kerncijfers_wijken", lines(KWB_HEAD, "GM0513    ;Gouda;73000;32996", "XX99;Elders;1;1")), log=("rejected", 3, "gebied_onbekend", "GM"), reads=1),
    "onzekerheid zonder grenzen": Case(
        other("veiligheidsmonitor", "veiligheidsmonitor", lines("gebied;jaar;indicator;pct;onder;boven;n", "GM0513;2017;slachtoffer;3,1;2,0;4,2;400", "GM0513;2017;poging;3,1;;;400")),
        log=("", 3, "", ""), reads=None,
    ),
    # --- boundaries
    "kaart zonder stelsel in meters": Case(boundaries(("BU05130101", square(108000, 447000)), crs="EPSG:4326"), r"kaart\.geojson: "),
    "grens die zichzelf kruist": Case(boundaries(("BU05130101", square(108000, 447000)), ("BU05130102", [[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]])), log=("rejected", 2, "", ""), reads=1),
    "gebied twee keer op de kaart": Case(boundaries(("BU05130101", square(108000, 447000)), ("BU05130101", square(108000, 447000))), log=("duplicates", 2, "dubbel", ""), reads=1),
    # --- forms
    "totaalrij in de gegevens": Case(book(("Blad1", [FORM, ["1", "Gouda", "Flexcamera", "preventie", 3], ["Totaal", "", "", "", 3]], False)), log=("rejected", 3, "totaalrij", ""), reads=1),
    "lege rijen en een titel": Case(book(("Blad1", [["Maatregelen 2018"], [], FORM, [], ["1", "Gouda", "Flexcamera", "preventie", 3]], False)), reads=1),
    "repressief in plaats van repressie": Case(book(("Blad1", [FORM, ["1", "Gouda", "Flexcamera", "Repressief", 3]], False)), reads=1),
    "typering die niet bestaat": Case(book(("Blad1", [FORM, ["1", "Gouda", "Flexcamera", "zomaar", 3]], False)), log=("emptied", 2, "typering_onleesbaar", ""), reads=1),
    "kolom die niemand kent": Case(book(("Blad1", [[*FORM, "Gezien door"], ["1", "Gouda", "Flexcamera", "preventie", 3, "ja"]], False)), note="Gezien door", reads=1),
    "twee kolommen voor één veld": Case(book(("Blad1", [[*FORM, "Nr"], ["1", "Gouda", "Flexcamera", "preventie", 3, "2"]], False)), r"maatregelen\.xlsx: .*Nummer"),
    "week zonder jaar": Case(other("actieregister", "acties", lines("actie_id;gemeente_code;actie;periode_van", "1;513;brief;wk 3"), "acties.csv"), log=("emptied", 2, "periode_van_onleesbaar", ""), reads=1),
    "onderdrukt aantal": Case(other("verdachten", "verdachten", lines("gebied;periode;kenmerk;klasse;n_personen", "GM0513;2018;leeftijdsgroep;12-17;<5"), "verdachten.csv", privacyklasse="V2"), reads=1),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_broken_in_one_way(project: Proef, name: str, caplog: pytest.LogCaptureFixture) -> None:
    case = CASES[name]
    made = project.delivery()
    case.make(made)
    made.save()
    folder = project.project.processed("klein")
    if case.sentence:
        with pytest.raises(DeliveryError) as refusal:
            ingest(made.dataset(), folder, klassen=KLASSEN, gemeenten=NAMES)
        said = str(refusal.value)
        assert re.search(case.sentence, said), said
        assert said.endswith(".")
        assert "\n" not in said
        assert not any(text in said for text in ("Pietersen", "111222333", "achterdeur"))
        return
    store = ingest(made.dataset(), folder, klassen=KLASSEN, gemeenten=NAMES)
    (item,) = store.delivered
    assert item.n_read == item.n_accepted + item.n_rejected + item.n_duplicates
    if case.reads is not None:
        assert item.n_accepted == case.reads
    logs = {kind: store.log(kind) for kind in ("rejected", "duplicates", "emptied")}
    for log in logs.values():
        told = log[["bestand", "rij", "kolom", "regel"]]
        assert told.notna().all(axis=None)
        assert told["regel"].ne("").all()
    if case.log:
        kind, row, check, rule = case.log
        rows = [r for k, log in logs.items() if kind in ("", k) for r in log.itertuples()]
        hits = [
            r
            for r in rows
            if r.rij == row and r.toets.startswith(check) and re.search(rule, r.regel)
        ]
        assert hits, rows
    elif not case.note:
        assert all(log.empty for log in logs.values()), logs
    if case.note:
        assert any(re.search(case.note, note) for note in item.notes), item.notes
    everything = "".join(log.to_csv() for log in logs.values()) + caplog.text
    assert not any(text in everything for text in ("Pietersen", "111222333", "Kerkstraat 12"))


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40


def test_values_survive_their_notation(project: Proef) -> None:
    """What is read without a remark is read rightly: each notation, its value."""
    made = project.delivery()
    extract(
        changed(Nr="P1", Bekend="43105"),
        changed(Nr="P2", Gemeente="'s-Gravenhage"),
        changed(Nr="P3", Gemeente="513"),
    )(made)
    made.add(
        "misdrijven_gemeente_maand",
        "maand.csv",
        "politie_maand",
        lines(POLICE, "1.1.1 ;NL00      ;2018MM01;1.521"),
    )
    made.add(
        "verdachten",
        "v.csv",
        "verdachten",
        lines("gebied;periode;kenmerk;klasse;n_personen", "GM0513;2018;leeftijdsgroep;12-17;<5"),
        privacyklasse="V2",
    )
    store = ingest(
        made.save().dataset(), project.project.processed("klein"), klassen=KLASSEN, gemeenten=NAMES
    )
    rows = store.table("incidenten").set_index("incident_id")
    assert rows.loc["P1", "kennisname_dt"].date() == dt.date(2018, 1, 5)  # day 43.105 of a sheet
    assert rows.loc["P2", "gemeente_code"] == "GM0518"
    assert rows.loc["P3", "gemeente_code"] == "GM0513"
    assert store.table("aantallen")["n_burglaries"].tolist() == [1521]
    (suspects,) = store.table("verdachten").itertuples()
    assert suspects.n_personen_below == 5
    assert pd.isna(suspects.n_personen)
