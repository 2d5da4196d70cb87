"""How long the export of all areas takes, part by part: HTML, PDF, Excel, Word, index, bundle.

Run after `wib run`: it takes the executed notebooks that are there and writes into a folder of its
own. `--rounds` repeats; the median counts. One process, one part after the other, so the sum is
what one core needs. Prints a Markdown table.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from wib_lib import bundle, export, index, pack, pdf, sheets, word
from wib_lib.freshness import step_folder
from wib_lib.plan import PACK, Plan, plan
from wib_lib.project import Project

# What a part is called, and the function that makes it, where its caller looks it up.
PARTS = {
    "HTML": (pack, "export_html", export.export_html),
    "PDF": (pack, "write_pdf", pdf.write_pdf),
    "Excel": (pack, "write_sheets", sheets.write_sheets),
    "Word (--docx)": (pack, "write_word", word.write_word),
    "index": (index, "write_index", export.write_index),
    "zip": (index, "write_bundles", bundle.write_bundles),
}


def clocked(name: str, seconds: dict[str, float], function: Callable) -> Callable:
    """Let a function add its time to that of its part."""

    def timed(*given, **named):
        begun = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - begun

    return timed


def one_round(work: Plan, slugs: list[str]) -> dict[str, float]:
    """Make all packs once; return the seconds of each part and of all of it."""
    seconds: dict[str, float] = {}
    for name, (module, attribute, function) in PARTS.items():
        setattr(module, attribute, clocked(name, seconds, function))
    begun = time.perf_counter()
    for slug in slugs:
        pack.make_pack(work, slug, datetime.now(UTC))
    index.write_overview(work, [])
    return seconds | {"alles": time.perf_counter() - begun}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default="voorbeeld")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--docx", action="store_true")
    given = parser.parse_args()
    root = Project.find().root
    with tempfile.TemporaryDirectory() as folder:
        for name in ("params", "notebooks", "data"):
            shutil.copytree(root / name, Path(folder) / name)
        work = plan(Project(Path(folder)), given.dataset)
        work = Plan(**(vars(work) | {"has_word": given.docx}))
        slugs = [slug for slug in work.names if step_folder(work, slug, PACK).is_dir()]
        rounds = [one_round(work, slugs) for _ in range(given.rounds)]
    print(f"| {len(slugs)} pakketten | seconden |\n|---|---:|")
    for name in rounds[0]:
        print(f"| {name} | {statistics.median(r[name] for r in rounds):.2f} |")


if __name__ == "__main__":
    main()
