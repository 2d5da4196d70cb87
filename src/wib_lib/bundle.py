"""All packs of an audience in one file to hand over, with an overview and checksums.

The same packs give the same bytes: files in a fixed order, dated by the data, with fixed rights.
What differs from run to run is left out: the times in `manifest.json`. A bundle is dropped as
soon as a run has something to do, and made when the packs stand, so it never holds an old one.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from wib_lib.audiences import READERS
from wib_lib.dutch import listing
from wib_lib.landing import land
from wib_lib.packfile import MANIFEST
from wib_lib.pdf import Running

README, CHECKSUMS, INDEX = "LEESMIJ.txt", "controlegetallen.txt", "index.html"
NAME = "pakket"
TIMES = ("gestart", "gereed")
OWN_AREA_ONLY = "V2"  # class whose recipients may not see what other areas have
LEVEL = 6  # of compression
FIRST_YEAR = 1980  # of a date in a zip
FILES = {
    INDEX: "overzicht van alle gebieden; begin hier",
    "evaluatie.html": "de evaluatie, om op het scherm te lezen",
    "evaluatie.pdf": "dezelfde evaluatie, om af te drukken",
    "evaluatie.docx": "dezelfde evaluatie, om aan te vullen in Word",
    "probleemanalyse.html": "waar en hoe wordt ingebroken",
    "trends_hotspots.html": "verloop in de tijd en plaatsen met veel inbraken",
    "sturingsinformatie.html": "de laatste weken, voor de sturing",
    "werkgroep.html": "de gebieden naast elkaar",
    "werkgroep.pdf": "de gebieden naast elkaar, om af te drukken",
    "rbo_samenvatting.html": "samenvatting voor het RBO",
    "rbo_samenvatting.pdf": "samenvatting voor het RBO, op twee bladzijden",
    "tabellen.xlsx": "alle tabellen, voor Excel",
    "kerncijfers.json": "de kerncijfers, voor verwerking door een computer",
    MANIFEST: "herkomst: invoer, parameters en versies",
}
HOW = f"""\
CONTROLE
{CHECKSUMS} heeft van elk bestand het controlegetal (SHA-256). Zo gaat u na dat niets is
veranderd, in de map waarin u dit pakket hebt uitgepakt:
- Linux: sha256sum -c {CHECKSUMS}
- macOS: shasum -a 256 -c {CHECKSUMS}
- Windows (PowerShell): Get-FileHash BESTAND, en vergelijk met het getal in de lijst.
Dezelfde invoer geeft hetzelfde pakket, byte voor byte; daarom staan de tijden van de run hier
niet in {MANIFEST}. De bestanden dragen de datum van de gegevens."""


@dataclass(frozen=True)
class Contents:
    """
    What goes into the bundles of an audience.

    Parameters
    ----------
    packs : mapping
        Folder of a pack, beside the index, to its name.
    lacking : mapping
        Name of an area without a pack that holds, to the reason.
    """

    packs: Mapping[str, str]
    lacking: Mapping[str, str]


def bundles(folder: Path) -> list[Path]:
    """Return the bundles in an audience's folder."""
    return sorted(folder.glob(f"{NAME}*.zip"))


def drop_bundles(folder: Path) -> None:
    """Remove the bundles of an audience's folder: what they hold is about to change."""
    for old in bundles(folder):
        old.unlink()


def write_bundles(
    folder: Path, audience: str, contents: Contents, running: Running, as_of: date
) -> list[Path]:
    """
    Write the bundle of an audience; one per area where recipients may see only their own.

    Parameters
    ----------
    folder : Path
        Of the audience, with the index and the packs.
    audience : str
    contents : Contents
        Without packs nothing is written.
    running : Running
        Title, date, class and warning of what is in it.
    as_of : date
        Newest day of the data, as the date of every file.

    Returns
    -------
    list of Path
        Each written whole or not at all.
    """
    drop_bundles(folder)
    index: tuple[str, ...] = (INDEX,)
    each = {NAME: contents}
    if READERS[audience].klasse == OWN_AREA_ONLY:
        index = ()
        each = {
            f"{NAME}_{slug}": Contents({slug: name}, {}) for slug, name in contents.packs.items()
        }
    for name, part in each.items():
        if part.packs:
            _write(folder / f"{name}.zip", index, part, running, as_of)
    return bundles(folder)


def _write(
    target: Path, index: Sequence[str], contents: Contents, running: Running, as_of: date
) -> None:
    names = [*index, *_names(target.parent, contents.packs)]
    sums: list[str] = []
    with land(target) as draft, ZipFile(draft, "w") as archive:

        def add(name: str, content: bytes) -> None:
            archive.writestr(entry(name, as_of), content, compresslevel=LEVEL)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")

        add(README, readme(target.parent, names, contents, running).encode())
        for name in names:
            add(name, _content(target.parent / name))
        add(CHECKSUMS, "".join(sums).encode())


def _names(folder: Path, packs: Mapping[str, str]) -> Iterator[str]:
    """Name the files in their order, pack by pack."""
    for slug in packs:
        for path in sorted((folder / slug).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(folder).as_posix()


def entry(name: str, as_of: date) -> ZipInfo:
    """Describe a file, the same on every machine: a plain one that its owner may write."""
    entry = ZipInfo(name, (max(as_of.year, FIRST_YEAR), as_of.month, as_of.day, 0, 0, 0))
    entry.create_system = 3  # Unix, where rights are known
    entry.external_attr = 0o100644 << 16
    entry.compress_type = ZIP_DEFLATED
    return entry


def _content(path: Path) -> bytes:
    """Read a file; a manifest without the times of its run."""
    if path.name != MANIFEST:
        return path.read_bytes()
    made = {key: value for key, value in _manifest(path).items() if key not in TIMES}
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _manifest(path: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made


def readme(folder: Path, names: Sequence[str], contents: Contents, running: Running) -> str:
    """Tell in Dutch what is in a bundle, for whom, what is fictitious and how to check it."""
    manifests = [_manifest(folder / slug / MANIFEST) for slug in contents.packs]
    facts = {
        "Gegevens": running.date,
        "Bestemd voor": running.audience,
        "Ontvangers": _said(manifests, "ontvangers"),
        "Grondslag": _said(manifests, "grondslag"),
    }
    kinds = dict.fromkeys(Path(name).name for name in names)
    lacking = [f"- {name}: {why}" for name, why in contents.lacking.items()]
    parts = [
        [running.area, "=" * len(running.area)],
        [f"LET OP: {running.banner}. Dat geldt voor elk bestand."] if running.banner else [],
        [f"{name}: {text}" for name, text in facts.items() if text],
        ["GEBIEDEN", *(f"- {name}: map {slug}" for slug, name in contents.packs.items())],
        ["NIET IN DIT PAKKET", *lacking] if lacking else [],
        ["BESTANDEN", *(f"- {kind}: {FILES.get(kind, 'bijlage')}" for kind in kinds)],
        [HOW],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _said(manifests: Sequence[Mapping[str, Any]], key: str) -> str:
    """Return what the packs say, each text once."""
    return listing(list(dict.fromkeys(m[key] for m in manifests if m.get(key))))
