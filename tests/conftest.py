"""Shared ground: a small project of the test's own, and the sample, read once per session."""

import csv
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from pypdf import PdfReader
from pypdf.generic import IndirectObject, NameObject, StreamObject

from wib_lib.delivery import read_bronnen
from wib_lib.ingest import ingest
from wib_lib.project import Dataset, Project
from wib_lib.sources import PROFILES, read_source
from wib_lib.sources.reading import Context, Reading
from wib_lib.store import Store

REPO = Path(__file__).parents[1]
KLASSEN = ("A20", "A30", "B20", "B30")

# A dozen and one incidents of Gouda, one flaw each; the row number in the file is index + 2.
INCIDENTS = """\
Nr;Klasse;Poging;Bekend;Begin;Beginuur;Eind;Einduur;Gemeente;Buurt;X;Y;Oplossing;Opgelost;Adressleutel
PL1;A20;J;05-01-2018;04-01-2018;22:00;05-01-2018;07:00;GM0513;BU05130101;108000,5;447000;J;09-01-2018;a1b2c3d4e5f60718
PL2;A30;N;06-02-2018;06-02-2018;10:00;06-02-2018;12:00;513;BU05130101;108100;447100;N;;a2b2c3d4e5f60718
PL3;B20;N;07-03-2018;;;07-03-2018;12:00;GM0513    ;BU05130102;;;N;;a3b2c3d4e5f60718
PL1;A20;J;05-01-2018;04-01-2018;22:00;05-01-2018;07:00;GM0513;BU05130101;108000,5;447000;J;09-01-2018;a1b2c3d4e5f60718
;A20;N;08-03-2018;;;;;GM0513;BU05130102;;;N;;
  ;A20;N;08-03-2018;;;;;GM0513;BU05130102;;;N;;
PL5;A20;N;31-02-2018;;;;;GM0513;BU05130102;;;N;;
PL6;A21;N;10-03-2018;;;;;GM0513;BU05130102;;;N;;
PL7;A20;N;11-03-2018;;;;;GM9999;;;;N;;
PL8;A20;N;01-01-2019;;;;;GM0513;;;;N;;
PL9;A20;N;12-04-2018;12-04-2018;09:00;11-04-2018;09:00;GM0513;BU05130102;;;N;;
PL10;A20;N;13-05-2018;;;;;GM0513;BU05130102;155000;463000;N;;
PL11;A20;J;14-06-2017;;;;;GM0513;BU05130102;447000;108000;N;;
"""
COLUMNS = {
    "incident_id": "Nr",
    "mk_code": "Klasse",
    "poging_jn": "Poging",
    "kennisname_dt": "Bekend",
    "pleeg_van": ["Begin", "Beginuur"],
    "pleeg_tot": ["Eind", "Einduur"],
    "gemeente_code": "Gemeente",
    "buurt_code": "Buurt",
    "rd_x": "X",
    "rd_y": "Y",
    "opgehelderd_jn": "Oplossing",
    "opgehelderd_dt": "Opgelost",
    "adres_pseudo": "Adressleutel",
}
INCIDENTS_WANTED = {
    "read": 13,
    "accepted": ["PL1", "PL2", "PL3", "PL9", "PL10", "PL11"],
    "rejected": {
        "incident_id_ontbreekt": 2,
        "kennisname_onleesbaar": 1,
        "buiten_delictselectie": 1,
        "gemeente_onbekend": 1,
        "buiten_leverperiode": 1,
    },
    "duplicates": 1,
    "emptied": {
        "pleegtijd_omgekeerd": 1,
        "coordinaat_oorsprong": 1,
        "coordinaat_assen_verwisseld": 1,
    },
}
KWB = """\
WijkenEnBuurten;Gemeentenaam_1;AantalInwoners_5;Woningvoorraad_34;Koopwoningen_40
NL00      ;Nederland ;17181084;7740984;56
GM0513    ;Gouda     ;73000;32996;55
BU05130101;Gouda     ;1200;500;.
BU05130102;Gouda     ;20;.;.
"""
MONTHS = """\
SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1
1.1.1 ;NL00      ;2018MM01;4000
1.1.1 ;GM0513    ;2018MM01;30
1.1.1 ;GM0513    ;2018MM02;20
1.1.1 ;GM0513    ;2018JJ00;50
1.1.2 ;GM0513    ;2018MM01;7
"""
ACTIONS = """\
actie_id;gemeente_code;actie;typering;gericht_op;uitgevoerd
GM0513-1;GM0513;preventiebus;Preventie;slachtoffer;ja
GM0513-2;GM0513;extra bezoeken;proactie;dader;
"""


@dataclass
class Levering:
    """A delivery under construction; `save` writes its `bronnen.yaml`."""

    folder: Path
    content: dict[str, Any]

    def add(
        self, soort: str, bestand: str, profiel: str, data: str | bytes | None = None, **more: Any
    ) -> dict[str, Any]:
        """Add a source, with its file when `data` is given."""
        if data is not None:
            raw = data if isinstance(data, bytes) else data.encode()
            (self.folder / bestand).write_bytes(raw)
        source = {
            "soort": soort,
            "bestand": bestand,
            "profiel": profiel,
            "bronhouder": "Politie",
            "peildatum": "2019-01-15",
            "privacyklasse": "V0",
        } | more
        self.content["bronnen"].append(source)
        return source

    def source(self, bestand: str) -> dict[str, Any]:
        """Return the description of a file, to change it."""
        return next(item for item in self.content["bronnen"] if item["bestand"] == bestand)

    def save(self) -> "Levering":
        """Write `bronnen.yaml`."""
        text = yaml.safe_dump(self.content, sort_keys=False, allow_unicode=True)
        (self.folder / "bronnen.yaml").write_text(text, encoding="utf-8")
        return self

    def dataset(self) -> Dataset:
        """Return the delivery as the library sees it."""
        return Dataset(
            self.folder, self.folder.name, read_bronnen(self.content, source="bronnen.yaml")
        )


@dataclass
class Proef:
    """A project of the test's own: parameters and notebooks as in the repository, no data."""

    root: Path

    @property
    def project(self) -> Project:
        return Project(self.root)  # anew, because a project remembers the region's parameters

    def delivery(self, name: str = "klein") -> Levering:
        """Start an empty delivery in `data/raw/`."""
        folder = self.root / "data" / "raw" / name
        folder.mkdir(parents=True)
        return Levering(folder, {"naam": f"Proef {name}", "fictief": True, "bronnen": []})

    def small(self, name: str = "klein") -> Levering:
        """Write a delivery of a few dozen rows with one of everything."""
        made = self.delivery(name)
        made.add(
            "incidenten",
            "incidenten.csv",
            "bvh",
            INCIDENTS,
            privacyklasse="V3",
            periode={"van": "2013-01-01", "tot": "2018-12-31"},
            kolommen=COLUMNS,
        )
        made.add("kerncijfers_wijken", "kwb_2018.csv", "kwb", KWB, jaar=2018)
        made.add("misdrijven_gemeente_maand", "maand.csv", "politie_maand", MONTHS)
        made.add("acties", "acties.csv", "actieregister", ACTIONS, privacyklasse="V1")
        return made.save()

    def ingest(self, levering: Levering) -> Store:
        """Read a delivery into `data/processed/`."""
        folder = self.project.processed(levering.folder.name)
        return ingest(levering.dataset(), folder, klassen=KLASSEN)

    def edit(self, file: str, old: str, new: str) -> None:
        """Change one text in a file of the project; it must be there once."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def make_proef(root: Path) -> Proef:
    """Copy what a run needs; data and packs start empty."""
    for name in ("params", "notebooks"):
        shutil.copytree(
            REPO / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
        )
    for name in ("data/raw", "data/processed", "reports"):
        (root / name).mkdir(parents=True)
    return Proef(root)


@pytest.fixture
def project(tmp_path: Path) -> Proef:
    """Return a project with the repository's parameters and notebooks, and no data."""
    return make_proef(tmp_path / "project")


@dataclass
class Voorbeeld:
    """The sample in a project of its own, ingested; to be read only."""

    proef: Proef
    dataset: Dataset
    store: Store
    truth: dict[str, Any]

    def raw_rows(self) -> list[dict[str, str]]:
        """Return the rows of `incidenten.csv` as delivered."""
        path = self.dataset.folder / "incidenten.csv"
        with path.open(encoding="cp1252", newline="") as stream:
            return list(csv.DictReader(stream, delimiter=";"))


@pytest.fixture(scope="session")
def voorbeeld(tmp_path_factory: pytest.TempPathFactory) -> Voorbeeld:
    """Write and ingest the sample once."""
    from wib_lib.sample import write_sample

    proef = make_proef(tmp_path_factory.mktemp("voorbeeld") / "project")
    folder = proef.root / "data" / "raw" / "voorbeeld"
    write_sample(folder, seed=2018)
    dataset = proef.project.dataset("voorbeeld")
    store = ingest(dataset, proef.project.processed("voorbeeld"), klassen=KLASSEN)
    truth = json.loads((folder / "waarheid.json").read_text(encoding="utf-8"))
    return Voorbeeld(proef, dataset, store, truth)


def withheld(series: Any, year: int, **columns: int) -> Any:
    """Return counts of which the release hides some columns of a year."""
    from wib_lib.absent import Suppressed
    from wib_lib.released import ReleasedSeries

    hidden = tuple((str(year), name, Suppressed(minimum)) for name, minimum in columns.items())
    return ReleasedSeries(series.rows, series.source, series.is_public, totals=hidden)


def released_to(evidence: Any, audience: str = "werkgroep") -> Any:
    """Return one area as an audience may see it, protected by itself."""
    from wib_lib.release import Published, release
    from wib_lib.released import Released

    found = release([("dit", evidence)], audience, Published(), approach=())["dit"]
    return Released(evidence.store, evidence.params, evidence.other_areas, found)


def read_file(
    folder: Path,
    profiel: str,
    data: str | bytes | None,
    *,
    bestand: str = "levering.csv",
    tables: dict[str, Any] | None = None,
    **more: Any,
) -> Reading:
    """Read one hand-made file with a profile; every row must be accounted for."""
    path = folder / bestand
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    described = {
        "soort": PROFILES[profiel].kinds[0],
        "bestand": bestand,
        "profiel": profiel,
        "bronhouder": "Politie",
        "peildatum": "2019-01-15",
        "privacyklasse": "V0",
    }
    content = {"naam": "Proef", "fictief": True, "bronnen": [described | more]}
    bron = read_bronnen(content, source="bronnen.yaml").bronnen[0]
    reading = read_source(bron, path, Context(KLASSEN, tables or {}), source="bronnen.yaml")
    checked = reading.checked
    parts = len(checked.accepted) + len(checked.rejected) + len(checked.duplicates)
    assert parts == checked.n_read, "a row was lost or counted twice"
    return reading


def counts(log: Any) -> dict[str, int]:
    """Count the rows of a log per check."""
    return {str(name): int(n) for name, n in log["toets"].value_counts().items()}


def lines(*rows: Iterable[str] | str) -> str:
    """Join rows to the text of a file."""
    return "\n".join([row if isinstance(row, str) else ";".join(row) for row in rows]) + "\n"


def readable(path: Path) -> str:
    """Return all that a file says, whatever its kind: a zip, Excel or Word file part by part."""
    return _readable(path.name, path.read_bytes())


def _readable(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        return pdf_text(BytesIO(content))
    if name.endswith((".zip", ".xlsx", ".docx")):
        with ZipFile(BytesIO(content)) as parts:
            return "\n".join(
                f"{part}\n{_readable(part, parts.read(part))}" for part in parts.namelist()
            )
    return "" if name.endswith((".png", ".jpeg")) else content.decode()


def pdf_text(path: Path | BytesIO) -> str:
    """Return the text of all pages, and every string beside them: titles, contents in words."""
    pdf = PdfReader(path)
    objects = (IndirectObject(i, 0, pdf).get_object() for i in range(1, pdf.trailer["/Size"]))
    pages = [page.extract_text() for page in pdf.pages]
    return "\n".join([*pages, *(text for item in objects for text in _strings(item))])


def _strings(item: Any) -> Iterable[str]:
    if isinstance(item, str) and not isinstance(item, NameObject):
        yield item
    elif isinstance(item, StreamObject) and item.get("/Type") == "/Metadata":
        yield item.get_data().decode()
    elif isinstance(item, dict | list):
        for part in item.values() if isinstance(item, dict) else item:
            yield from _strings(part)
