"""Download of open data, from a server of the test's own that answers as the services do.

The rows have the form of the real tables (padded keys, requirements 7.4); the numbers are invented.
"""

import json
import re
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from click.testing import CliRunner

from wib_lib import cli, fetch, open_data
from wib_lib.delivery import read_bronnen
from wib_lib.errors import FetchError
from wib_lib.fetch import Download, open_session
from wib_lib.ingest import ingest
from wib_lib.open_data import Addresses, OpenFile, open_files
from wib_lib.project import Dataset
from wib_lib.sources import profile_of
from wib_lib.store import file_hash

TODAY = date(2026, 11, 21)
GEMEENTEN = ["GM0513", "GM0627"]
N_BUURTEN = 7


class Service:
    """A table of rows per region and year, and what goes wrong on which request."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.faults: dict[int, str] = {}

    def rows(self, filter_: str, column: str) -> list[dict[str, Any]]:
        year = re.search(r"substring\(Perioden,0,4\) eq '(\d{4})'", filter_)
        gemeente = re.search(rf"substring\({column},2,4\) eq '(\d{{4}})'", filter_)
        assert gemeente or f"startswith({column},'NL')" in filter_, filter_
        codes = ["NL00"]
        if gemeente:
            codes = [f"GM{gemeente[1]}"] + [f"BU{gemeente[1]}{i:04d}" for i in range(N_BUURTEN)]
        if not year:
            return [{"ID": i, column: f"{code:<10}", "Woningvoorraad_34": 100 + i, "Leeg_1": None}
                    for i, code in enumerate(codes)]  # fmt: skip
        assert "SoortMisdrijf eq '1.1.1 '" in filter_
        return [{"SoortMisdrijf": "1.1.1 ", column: f"{code:<10}", "Perioden": f"{year[1]}MM{m:02d}",
                 "GeregistreerdeMisdrijven_1": m} for code in codes for m in (1, 2)]  # fmt: skip

    def answer(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        if "/wfs/" in path:
            gemeente = re.search(r"<fes:Literal>(GM\d{4})</fes:Literal>", asked["filter"])[1]
            level = LEVELS[asked["typeNames"]]
            first, n = int(asked["startIndex"]), int(asked["count"])
            found = [feature(level, code, i) for i, code in enumerate(codes_of(level, gemeente))]
            return {"type": "FeatureCollection", "numberMatched": len(found),
                    "features": found[first : first + n]}  # fmt: skip
        column = "RegioS" if any(t in path for t in ("47013NED", "82339NED")) else "WijkenEnBuurten"
        first, n = int(asked["$skip"]), int(asked["$top"])
        return {
            "odata.metadata": "x",
            "value": self.rows(asked["$filter"], column)[first : first + n],
        }


LEVELS = {
    "wijkenbuurten:gemeenten": "gemeente",
    "wijkenbuurten:wijken": "wijk",
    "wijkenbuurten:buurten": "buurt",
}


def codes_of(level: str, gemeente: str) -> list[str]:
    number = gemeente.removeprefix("GM")
    if level == "gemeente":
        return [gemeente]
    prefix = "WK" + number if level == "wijk" else "BU" + number + "00"
    return [f"{prefix}{i:02d}" for i in range(N_BUURTEN)]


def feature(level: str, code: str, i: int) -> dict[str, Any]:
    """Return one area as PDOK has it: every level names itself and those above it."""
    x, y = 108_000 + i, 447_000  # Gouda: a place must be in the Netherlands
    ring = [[x, y], [x + 1, y], [x + 1, y + 1.5], [x, y + 1.5], [x, y]]
    above = {"gemeentecode": f"GM{code[2:6]}", "gemeentenaam": "Gouda"}
    if level == "buurt":
        above |= {"wijkcode": f"WK{code[2:8]}", "wijknaam": "Wijk 00"}
    own = {f"{level}code": code, f"{level}naam": f"{level} {i}"}
    return {
        "type": "Feature",
        "properties": above | own | {"water": "NEE"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def service() -> Iterator[tuple[Service, Addresses]]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            fault = state.faults.get(len(state.asked))
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            content = json.dumps(state.answer(parts.path, asked)).encode()
            self.send_response(int(fault) if fault and fault.isdigit() else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if fault == "no json":
                content = content[:-1] + b" "
            self.wfile.write(content[: len(content) // 2] if fault == "half" else content)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    yield state, Addresses(f"{base}/cbs", f"{base}/politie", f"{base}/pdok")
    server.shutdown()
    thread.join()
    server.server_close()


def files_of(at: Addresses, *sources: str, years: tuple[int, ...] = (2018,)) -> list[OpenFile]:
    return open_files(sources, years, GEMEENTEN, today=TODAY, at=at)


def get(folder: Path, files: list[OpenFile], today: date = TODAY) -> list[str]:
    with open_session(backoff=0) as session:
        return Download(folder, today, session).fetch(files, lambda _name, _n: None)


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_key_figures_of_a_region_are_one_file_as_they_came(tmp_path, service):
    state, at = service
    assert get(tmp_path / "open", files_of(at, "kwb", years=(2018, 2013))) == []
    assert contents(tmp_path) == {"open/kwb_2013.json", "open/kwb_2018.json", "open/bronnen.yaml"}
    rows = json.loads((tmp_path / "open" / "kwb_2018.json").read_bytes())["value"]
    assert [row["WijkenEnBuurten"][:6] for row in rows].count("BU0513") == N_BUURTEN
    assert len(rows) == 1 + 2 * (1 + N_BUURTEN)
    assert rows[0] == {
        "ID": 0,
        "WijkenEnBuurten": "NL00      ",
        "Woningvoorraad_34": 100,
        "Leeg_1": None,
    }
    assert sum("84286NED/TypedDataSet" in path for path in state.asked) == 3
    assert sum("82339NED/TypedDataSet" in path for path in state.asked) == 3


def test_the_delivery_describes_itself_with_checksums(tmp_path, service):
    _, at = service
    unread = get(tmp_path, files_of(at, "kwb", "politie", "gebieden"))
    found = read_bronnen(yaml.safe_load((tmp_path / "bronnen.yaml").read_text("utf-8")), source="x")
    assert (found.naam, found.fictief) == ("Open data, opgehaald op 21 november 2026", False)
    for bron in found.bronnen:
        assert profile_of(bron, source="bronnen.yaml")
        assert bron.sha256 == file_hash(tmp_path / bron.bestand)
        assert bron.privacyklasse == "V0"
    listed = {bron.bestand for bron in found.bronnen}
    assert contents(tmp_path) == listed | set(unread) | {"bronnen.yaml"}
    days = {bron.profiel: bron.peildatum for bron in found.bronnen}
    assert (days["kwb"], days["politie_maand"]) == (date(2018, 1, 1), TODAY)


def test_pages_are_put_together(tmp_path, service, monkeypatch):
    """Two and three at a time give the same as all at once; an even last page too."""
    state, at = service
    get(tmp_path / "whole", files_of(at, "kwb", "gebieden"))
    for n in (3, 4):
        small = open_data.Service("value", "$top", "$skip", n)
        tiles = open_data.Service("features", "count", "startIndex", n)
        monkeypatch.setattr(open_data, "ODATA", small)
        monkeypatch.setattr(open_data, "WFS", tiles)
        get(tmp_path / str(n), files_of(at, "kwb", "gebieden"))
        for name in contents(tmp_path / "whole") - {"bronnen.yaml"}:
            assert (tmp_path / str(n) / name).read_bytes() == (
                tmp_path / "whole" / name
            ).read_bytes()
    assert any("skip=6" in path for path in state.asked)
    assert any("startIndex=4" in path for path in state.asked)


def test_a_service_that_gives_less_than_asked_is_asked_on(tmp_path, service, monkeypatch):
    """OData says by a link that there is more, whatever the size that was asked for."""
    state, at = service
    get(tmp_path / "whole", files_of(at, "kwb"))
    answer = state.answer

    def capped(path: str, asked: dict[str, str]) -> dict[str, Any]:
        page = answer(path, asked)
        more = {"odata.nextLink": "verder"} if len(page["value"]) > 3 else {}
        return page | {"value": page["value"][:3]} | more

    monkeypatch.setattr(state, "answer", capped)
    get(tmp_path / "capped", files_of(at, "kwb"))
    both = [(tmp_path / name / "kwb_2018.json").read_bytes() for name in ("whole", "capped")]
    assert both[0] == both[1]


def test_burglary_of_every_year_and_no_other_crime(tmp_path, service):
    _, at = service
    get(tmp_path, files_of(at, "politie", years=(2017, 2018)))
    rows = json.loads((tmp_path / "politie_maand_47022NED.json").read_bytes())["value"]
    assert {row["SoortMisdrijf"] for row in rows} == {"1.1.1 "}
    assert {row["Perioden"][:4] for row in rows} == {"2017", "2018"}
    assert len(rows) == 2 * 2 * (1 + 2 * (1 + N_BUURTEN))


def test_boundaries_can_be_read(tmp_path, service):
    _, at = service
    get(tmp_path, files_of(at, "gebieden"))
    described = yaml.safe_load((tmp_path / "bronnen.yaml").read_text("utf-8"))
    dataset = Dataset(tmp_path, "open", read_bronnen(described, source="bronnen.yaml"))
    store = ingest(dataset, tmp_path / "verwerkt", klassen=("A20",))
    everything = store.areas("GM0513")
    shapes = everything[everything["niveau"].eq("buurt")]
    assert everything["niveau"].value_counts().to_dict() == {
        "buurt": N_BUURTEN, "wijk": N_BUURTEN, "gemeente": 1}  # fmt: skip
    assert shapes["code"].tolist() == codes_of("buurt", "GM0513")
    assert shapes["naam"].iloc[0] == "buurt 0"
    assert shapes.crs.to_epsg() == 28992
    assert shapes.area.tolist() == pytest.approx([1.5] * N_BUURTEN)


def test_tables_can_be_read(tmp_path, service):
    _, at = service
    get(tmp_path, files_of(at, "kwb", "politie"))
    described = yaml.safe_load((tmp_path / "bronnen.yaml").read_text("utf-8"))
    dataset = Dataset(tmp_path, "open", read_bronnen(described, source="bronnen.yaml"))
    store = ingest(dataset, tmp_path / "verwerkt", klassen=("A20",))
    homes = store.table("kerncijfers").set_index("code")["n_dwellings"]
    assert len(homes) == 1 + 2 * (1 + N_BUURTEN)
    assert (homes["NL00"], homes["GM0513"], homes["BU05130006"]) == (100, 100, 107)
    months = store.table("aantallen")
    is_monthly = months["bestand"].eq("politie_maand_47022NED.json")  # one of three tables
    own = months[is_monthly & months["region_code"].eq("GM0627")]
    assert own["n_burglaries"].tolist() == [1, 2]
    assert [day.month for day in own["start"]] == [1, 2]


def test_a_busy_service_is_asked_again(tmp_path, service):
    state, at = service
    state.faults = {2: "503", 3: "503"}
    get(tmp_path, files_of(at, "kwb"))
    assert len(state.asked) == 3 + 2
    assert len(json.loads((tmp_path / "kwb_2018.json").read_bytes())["value"]) == 17


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("half", "is niet heel; draai dezelfde opdracht later opnieuw"),
        ("no json", "is niet heel; draai dezelfde opdracht later opnieuw"),
        ("404", r"heeft dit niet \(404\); kies een ander jaar of bron"),
        ("403", "weigert met code 403; draai dezelfde opdracht later opnieuw"),
    ],
)
def test_what_is_not_whole_is_never_a_file_and_goes_on_where_it_stopped(
    tmp_path, service, fault, message
):
    state, at = service
    state.faults = {5: fault}
    files = files_of(at, "kwb", years=(2017, 2018))
    with pytest.raises(FetchError, match=message) as caught:
        get(tmp_path, files)
    assert str(caught.value).startswith("kwb_2018.json: ")
    assert "kwb_2018.json" not in contents(tmp_path)
    listed = yaml.safe_load((tmp_path / "bronnen.yaml").read_text("utf-8"))["bronnen"]
    assert [bron["bestand"] for bron in listed] == ["kwb_2017.json"]
    get(tmp_path, files)
    assert len(state.asked) == 5 + 2  # the fifth again and the sixth; the first four were kept
    assert contents(tmp_path) == {"bronnen.yaml", "kwb_2017.json", "kwb_2018.json"}


def test_a_service_that_stays_busy_is_given_up(tmp_path, service):
    state, at = service
    state.faults = dict.fromkeys(range(1, 20), "503")
    with pytest.raises(FetchError, match="weigert met code 503; draai dezelfde opdracht"):
        get(tmp_path, files_of(at, "kwb"))
    assert len(state.asked) == 6
    assert contents(tmp_path) == set()


def test_pages_of_another_day_are_not_mixed(tmp_path, service):
    state, at = service
    state.faults = {3: "404"}
    with pytest.raises(FetchError):
        get(tmp_path, files_of(at, "kwb"))
    get(tmp_path, files_of(at, "kwb"), today=date(2026, 11, 22))
    assert len(state.asked) == 3 + 3
    assert contents(tmp_path) == {"bronnen.yaml", "kwb_2018.json"}


def test_a_damaged_page_is_asked_again(tmp_path, service):
    state, at = service
    state.faults = {3: "404"}
    with pytest.raises(FetchError):
        get(tmp_path, files_of(at, "kwb"))
    page = next((tmp_path / fetch.PARTIAL).rglob("*.json"))
    page.write_bytes(page.read_bytes()[:-5])
    get(tmp_path, files_of(at, "kwb"))
    assert len(state.asked) == 3 + 2


def test_what_is_whole_is_not_fetched_again_and_what_was_changed_is(tmp_path, service):
    state, at = service
    files = files_of(at, "kwb", years=(2017, 2018))
    get(tmp_path, files)
    whole = (tmp_path / "kwb_2018.json").read_bytes()
    get(tmp_path, files)
    assert len(state.asked) == 6
    (tmp_path / "kwb_2018.json").write_bytes(whole[:-20])
    get(tmp_path, files)
    assert len(state.asked) == 9
    assert (tmp_path / "kwb_2018.json").read_bytes() == whole


def test_other_sources_of_a_delivery_stay(tmp_path, service):
    _, at = service
    get(tmp_path, files_of(at, "kwb", years=(2017,)))
    path = tmp_path / "bronnen.yaml"
    path.write_text(path.read_text("utf-8").replace("naam: Open data", "naam: Eigen naam"), "utf-8")
    get(tmp_path, files_of(at, "kwb"))
    found = yaml.safe_load(path.read_text("utf-8"))
    assert found["naam"].startswith("Eigen naam")
    assert [bron["jaar"] for bron in found["bronnen"]] == [2017, 2018]


def test_open_data_is_not_put_with_fictitious_data(tmp_path, service, project):
    _, at = service
    made = project.small()
    before = contents(made.folder)
    with pytest.raises(FetchError, match=r"klein/bronnen.yaml is een fictieve dataset"):
        get(made.folder, files_of(at, "kwb"))
    assert contents(made.folder) == before


def test_fewer_areas_than_the_service_has_is_not_whole(tmp_path, service, monkeypatch):
    state, at = service
    answer = state.answer
    monkeypatch.setattr(state, "answer", lambda *asked: answer(*asked) | {"numberMatched": 9})
    with pytest.raises(FetchError, match="gaf 1 van de 9 vlakken; draai dezelfde"):
        get(tmp_path, files_of(at, "gebieden"))


def test_no_rows_at_all_is_said(tmp_path, service, monkeypatch):
    state, at = service
    monkeypatch.setattr(state, "rows", lambda *_: [])
    with pytest.raises(FetchError, match=r"kwb_2018.json: .* geeft geen enkele rij"):
        get(tmp_path, files_of(at, "kwb"))


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, service):
    _, at = service
    (tmp_path / "open").write_text("een bestand")
    with pytest.raises(FetchError, match=r"is niet te schrijven in .*kies met --naar"):
        get(tmp_path / "open", files_of(at, "kwb"))


@pytest.mark.parametrize(
    ("sources", "years", "message"),
    [
        (("kwb", "bag"), (2018,), "bron 'bag' is onbekend; toegestaan: kwb, politie, gebieden."),
        (("kwb",), (2012,), "kerncijfers van 2012 zijn er niet; toegestaan: 2013 tot en met 2024."),
        (("kwb",), (), "noem met --jaar minstens één jaar."),
    ],
)
def test_what_is_not_published_is_refused_before_anything_is_asked(sources, years, message):
    with pytest.raises(FetchError) as caught:
        open_files(sources, years, GEMEENTEN, today=TODAY, at=Addresses())
    assert str(caught.value) == message


def test_addresses_are_those_of_the_register():
    by_source = {
        source: open_files([source], [2018], GEMEENTEN, today=TODAY, at=Addresses())
        for source in open_data.SOURCES
    }
    assert [file.url for file in by_source["kwb"]] == [
        "https://opendata.cbs.nl/ODataApi/odata/84286NED/TypedDataSet"
    ]
    assert {file.url.split("/")[5] for file in by_source["politie"]} == {
        "47022NED", "47018NED", "47013NED"}  # fmt: skip
    assert {file.url for file in by_source["gebieden"]} == {
        "https://service.pdok.nl/cbs/wijkenbuurten/2018/wfs/v1_0"
    }


# --- the command -----------------------------------------------------------------------------


def test_the_command_fetches_what_the_evaluations_need(project, service, monkeypatch):
    state, at = service
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(open_data, "Addresses", lambda: at)
    result = CliRunner().invoke(cli.cli, ["fetch", "--bron", "kwb", "--naar", "data/raw/open"])
    assert result.exit_code == 0, result.output
    assert "Open data: data/raw/open" in result.output
    made = contents(project.root / "data" / "raw" / "open")
    assert made == {"bronnen.yaml", *(f"kwb_{year}.json" for year in range(2013, 2019))}
    assert len(state.asked) == 6 * (1 + 27)  # the country and every gemeente of the region


def test_without_network_it_is_one_sentence(project, monkeypatch, capsys):
    """Nothing listens on port 9 (discard) of this machine."""
    nowhere = Addresses(*["http://127.0.0.1:9"] * 3)
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(open_data, "Addresses", lambda: nowhere)
    monkeypatch.setattr(fetch, "open_session", lambda: open_session(backoff=0))
    monkeypatch.setattr("sys.argv", ["wib", "fetch", "--jaar", "2018", "--naar", "data/raw/open"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 1
    said = capsys.readouterr().err.strip()
    assert said == (
        "Fout: kwb_2018.json: geen verbinding met 127.0.0.1:9; controleer het netwerk en draai "
        "dezelfde opdracht later opnieuw: wat al binnen is, blijft."
    )
    assert not (project.root / "data" / "raw" / "open").exists()
