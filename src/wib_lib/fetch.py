"""Explicit download of open data into a folder that is then a delivery like any other.

No run calls this. A page that came in whole is kept until its file is complete, so that an
interrupted download goes on where it stopped; pages of another day are not mixed with today's.
A file appears under its own name only when it is whole, and `bronnen.yaml` holds its checksum.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import yaml
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from wib_lib.delivery import Bronnen, read_bronnen
from wib_lib.dutch import day
from wib_lib.errors import DeliveryError, FetchError
from wib_lib.open_data import OpenFile
from wib_lib.project import read_yaml
from wib_lib.store import file_hash

PARTIAL = ".gedeeltelijk"
TIMEOUT = (10, 120)  # seconds to connect, and between two bytes
AGAIN = "draai dezelfde opdracht later opnieuw: wat al binnen is, blijft."


@dataclass(frozen=True)
class Download:
    """
    Where files go, and how they are asked for.

    Parameters
    ----------
    folder : Path
        Becomes the delivery; nothing outside it is touched.
    today : date
    session : Session
        As `open_session` returns it.
    """

    folder: Path
    today: date
    session: requests.Session

    def fetch(self, files: Sequence[OpenFile], report: Callable[[str, int], None]) -> list[str]:
        """
        Fetch what is not whole yet, and describe it in `bronnen.yaml` after every file.

        Parameters
        ----------
        files : sequence of OpenFile
        report : callable
            Told the name of a file and how many of its questions are answered.

        Returns
        -------
        list of str
            Names of the files that no reader exists for: they stay out of `bronnen.yaml`.

        Raises
        ------
        FetchError
            One Dutch sentence: no connection, a refusal, or an answer that is not whole.
        """
        known = self._described()
        listed = {bron["bestand"]: bron.get("sha256") for bron in known["bronnen"]}
        for file in files:
            path = self.folder / file.name
            if path.is_file() and listed.get(file.name) in (None, file_hash(path)):
                report(file.name, len(file.questions))
            else:
                write_whole(path, self._content(file, report))
            if file.has_reader:
                known = _with(known, file.bron | {"sha256": file_hash(path)})
                self._describe(known)
        shutil.rmtree(self.folder / PARTIAL, ignore_errors=True)
        return [file.name for file in files if not file.has_reader]

    def _content(self, file: OpenFile, report: Callable[[str, int], None]) -> bytes:
        """Put the answers to all questions of a file together, the rows as they came."""
        items: list[Any] = []
        for question in file.questions:
            items += self._answer(file, question)
            report(file.name, 1)
        if not items:
            raise FetchError(
                f"{file.name}: {_host(file)} geeft geen enkele rij; kies een ander jaar."
            )
        content: dict[str, Any] = {file.service.items: items}
        if file.service.items == "features":
            crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
            content = {"type": "FeatureCollection", "crs": crs} | content
        return json.dumps(content, ensure_ascii=False).encode()

    def _answer(self, file: OpenFile, question: dict[str, str]) -> Iterator[Any]:
        """Yield all items of one question, page by page."""
        service, n = file.service, 0
        while True:
            paging = {service.size: str(service.n_page), service.start: str(n)}
            page = self._page(file, question | paging)
            n += len(page[service.items])
            yield from page[service.items]
            if len(page[service.items]) < service.n_page and "odata.nextLink" not in page:
                break
        matched = page.get("numberMatched", n)
        if isinstance(matched, int) and matched != n:
            raise FetchError(
                f"{file.name}: {_host(file)} gaf {n} van de {matched} vlakken; {AGAIN}"
            )

    def _page(self, file: OpenFile, params: dict[str, str]) -> dict[str, Any]:
        """Return one page: kept from an earlier try of today, else asked for and kept."""
        key = hashlib.sha256(json.dumps([file.url, params]).encode()).hexdigest()[:24]
        path = self.folder / PARTIAL / self.today.isoformat() / f"{key}.json"
        kept = _page_of(path.read_bytes(), file) if path.is_file() else None
        if kept is not None:
            return kept
        content = self._get(file, params)
        page = _page_of(content, file)
        if page is None:
            raise FetchError(f"{file.name}: het antwoord van {_host(file)} is niet heel; {AGAIN}")
        write_whole(path, content)
        return page

    def _get(self, file: OpenFile, params: dict[str, str]) -> bytes:
        host = _host(file)
        try:
            answer = self.session.get(file.url, params=params, timeout=TIMEOUT)
        except (requests.ConnectionError, requests.Timeout):
            raise FetchError(
                f"{file.name}: geen verbinding met {host}; controleer het netwerk en {AGAIN}"
            ) from None
        except requests.RequestException:
            raise FetchError(
                f"{file.name}: het antwoord van {host} is niet heel; {AGAIN}"
            ) from None
        if answer.status_code == requests.codes.not_found:
            raise FetchError(
                f"{file.name}: {host} heeft dit niet (404); kies een ander jaar of bron."
            )
        if not answer.ok:
            raise FetchError(f"{file.name}: {host} weigert met code {answer.status_code}; {AGAIN}")
        return answer.content

    def _described(self) -> dict[str, Any]:
        """Return the content of `bronnen.yaml`, or that of a new one."""
        path = self.folder / "bronnen.yaml"
        if not path.is_file():
            name = f"Open data, opgehaald op {day(self.today)}"
            return {"naam": name, "fictief": False, "bronnen": []}
        source = f"{self.folder.name}/bronnen.yaml"
        found = read_bronnen(read_yaml(path, error=DeliveryError), source=source)
        if found.fictief:
            raise FetchError(
                f"{source} is een fictieve dataset; haal open data in een andere map op."
            )
        return found.model_dump(mode="json", exclude_unset=True)

    def _describe(self, content: dict[str, Any]) -> None:
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
        write_whole(self.folder / "bronnen.yaml", text.encode())


def open_session(*, backoff: float = 1.0) -> requests.Session:
    """Open a session that tries again, ever later, when a service is busy or out of reach."""
    retry = Retry(
        total=5,
        connect=2,
        backoff_factor=backoff,
        status_forcelist=(429, 500, 502, 503, 504),
        raise_on_status=False,
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is never seen half: beside it first, then in its place."""
    draft = path.with_name(f".{path.name}.deel")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError as problem:
        raise FetchError(
            f"{path.name} is niet te schrijven in {path.parent} ({problem.strerror}); maak ruimte of "
            "kies met --naar een andere map."
        ) from None


def _page_of(content: bytes, file: OpenFile) -> dict[str, Any] | None:
    """Return a page when it is whole: JSON with the list that this service gives."""
    try:
        page = json.loads(content)
    except ValueError:
        return None
    return (
        page if isinstance(page, dict) and isinstance(page.get(file.service.items), list) else None
    )


def _with(known: dict[str, Any], bron: dict[str, Any]) -> dict[str, Any]:
    """Return the description with one source added or replaced; checked as a reader would."""
    others = [item for item in known["bronnen"] if item["bestand"] != bron["bestand"]]
    content = known | {"bronnen": [*others, bron]}
    checked: Bronnen = read_bronnen(content, source="bronnen.yaml")
    return checked.model_dump(mode="json", exclude_unset=True)


def _host(file: OpenFile) -> str:
    return urlsplit(file.url).netloc
