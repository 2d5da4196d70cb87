"""Time and memory of reading a large incident extract, step by step, beside plain pandas.

Run with `python benchmarks/ingest.py [ROWS]` (default 600,000: about ten years of one large
eenheid). The extract is the sample's, repeated with new ids in a folder that is thrown away;
every kind of file is read in a process of its own, so that its peak memory is its own.
"""

import csv
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

ROWS = 600_000
KLASSEN = ("A20", "A30", "B20", "B30")
ENCODING = "cp1252"


def write_extracts(folder: Path, n_rows: int) -> None:
    """Write the repeated extract as CSV and XLSX, each a delivery of its own."""
    from xlsxwriter import Workbook

    from wib_lib.sample import write_sample

    write_sample(folder / "voorbeeld", seed=2018)
    described = yaml.safe_load((folder / "voorbeeld/bronnen.yaml").read_text(encoding="utf-8"))
    source = next(item for item in described["bronnen"] if item["profiel"] == "bvh")
    with (folder / "voorbeeld" / source["bestand"]).open(encoding=ENCODING, newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=";")
    place = header.index(source["kolommen"]["incident_id"])
    for kind in ("csv", "xlsx"):
        made = folder / kind
        made.mkdir()
        changed = source | {"bestand": f"incidenten.{kind}"}
        text = yaml.safe_dump(described | {"bronnen": [changed]}, allow_unicode=True)
        (made / "bronnen.yaml").write_text(text, encoding="utf-8")
    with (folder / "csv/incidenten.csv").open("w", encoding=ENCODING, newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(header)
        writer.writerows(repeated(rows, place, n_rows))
    book = Workbook(folder / "xlsx/incidenten.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet("Extract")
    sheet.write_row(0, 0, header)
    for number, row in enumerate(repeated(rows, place, n_rows), start=1):
        sheet.write_row(number, 0, row)
    book.close()


def repeated(rows: list[list[str]], place: int, n_rows: int) -> Iterator[list[str]]:
    """Yield the rows again and again, with a round number behind every id that is filled."""
    for number in range(n_rows):
        turn, at = divmod(number, len(rows))
        row = rows[at].copy()
        row[place] = row[place] and f"{row[place]}-{turn}"
        yield row


def measure(folder: Path) -> None:
    """Read one delivery and print the seconds per step and the peak memory."""
    from wib_lib import ingest as module
    from wib_lib.project import Project
    from wib_lib.sources import police

    spent: dict[str, float] = {}
    watched: list[tuple[Any, str, str]] = [
        (police, "read_table", "bestand naar tekst"),
        (police, "pick", "kolommen kiezen"),
        (police, "parse", "tekst naar typen"),
        (police, "check_table", "controleren"),
        (module, "_write", "wegschrijven"),
    ]
    for owner, name, label in watched:
        setattr(owner, name, timed(getattr(owner, name), label, spent))
    dataset = Project.find().dataset(str(folder))
    with clock("alles", spent):
        module.ingest(dataset, folder / "verwerkt", klassen=KLASSEN)
    spent["overig"] = 2 * spent["alles"] - sum(spent.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print("  ".join(f"{label} {seconds:.1f} s" for label, seconds in spent.items()))
    print(f"  piek {peak:.2f} GB")


def plain(path: Path) -> None:
    """Read the same file with pandas, types guessed and nothing checked."""
    import pandas as pd

    with clock("pandas.read_csv", spent := {}):
        pd.read_csv(path, sep=";", encoding=ENCODING, low_memory=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"pandas.read_csv {spent['pandas.read_csv']:.1f} s\n  piek {peak:.2f} GB")


def timed(function: Callable[..., Any], label: str, spent: dict[str, float]) -> Callable[..., Any]:
    """Return the function, with its seconds added up under a label."""

    def run(*args: Any, **kwargs: Any) -> Any:
        with clock(label, spent):
            return function(*args, **kwargs)

    return run


@contextmanager
def clock(label: str, spent: dict[str, float]) -> Iterator[None]:
    """Add the seconds of a block to those spent under a label."""
    begun = time.perf_counter()
    yield
    spent[label] = spent.get(label, 0.0) + time.perf_counter() - begun


def main() -> None:
    """Write the extracts, then measure each in a process of its own."""
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_extracts(folder, n_rows)
        print(f"{os.cpu_count()} kernen, Python {platform.python_version()}, {n_rows} rijen")
        for task, path in (
            ("plain", "csv/incidenten.csv"),
            ("measure", "csv"),
            ("measure", "xlsx"),
        ):
            size = folder / path if task == "plain" else next((folder / path).glob("incidenten.*"))
            print(f"{size.name}, {size.stat().st_size / 1e6:.0f} MB")
            subprocess.run([sys.executable, __file__, f"--{task}", str(folder / path)], check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--measure", folder]:
            measure(Path(folder))
        case ["--plain", path]:
            plain(Path(path))
        case _:
            main()
