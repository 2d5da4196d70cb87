"""How long the nine evaluations take, whole and in part, beside the ways they are often made.

Run with `make bench`, on a machine that does nothing else: about an hour for five rounds, of which
the shell loop takes more than half; `--slow` limits it, and the clusters, to the first rounds. Every
round measures every side once, so that a slow minute does not fall on one side only. Prints a
Markdown table; `docs/benchmarks.md` keeps one with the machine and the day.
"""

import argparse
import ast
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from wib_lib.plan import (
    NOTEBOOKS,
    PACK,
    REGION_NOTEBOOKS,
    notebook_path,
    plan,
    read_delivery,
    release_counts,
)
from wib_lib.project import Project

BIN = Path(sys.executable).parent
WIB = [sys.executable, "-c", "from wib_lib.cli import main; main()", "run"]
CLUSTER = ("--scheduler", "lokaal", "--jobs")
COLD = "cold run"
GOAL = ("mutatie_pct: -10", "mutatie_pct: -11")


def timed(command: list[str], root: Path) -> float:
    """Return the seconds that a command takes; it must succeed."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return time.perf_counter() - begun


def copied(root: Path, folder: Path) -> Path:
    """Copy a project without results, so that the analyst's own stay as they are."""
    for name in ("params", "notebooks", "data/raw/voorbeeld"):
        shutil.copytree(root / name, folder / name)
    return folder


def cold(root: Path, *words: str) -> float:
    """Time a run that has everything to do, reading the delivery included."""
    for name in ("data/processed", "reports"):
        shutil.rmtree(root / name, ignore_errors=True)
    return timed([*WIB, *words], root)


def goal_changed(root: Path) -> float:
    """Time a run after one goal of one area changed, and change it back."""
    path = root / "params" / "gouda.yaml"
    text = path.read_text(encoding="utf-8")
    other = text.replace(*GOAL) if GOAL[0] in text else text.replace(*reversed(GOAL))
    path.write_text(other, encoding="utf-8")
    return timed(WIB, root)


def shell_loop(root: Path) -> float:
    """Time a loop of papermill and nbconvert commands, as one would write it in a shell."""
    slugs = Project(root).area_slugs
    seconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        made = f"{folder}/made.ipynb"
        for slug, name in (
            *((slug, name) for slug in slugs for name in NOTEBOOKS),
            *((None, name) for name in REGION_NOTEBOOKS),
        ):
            values = ["-f", f"params/{slug}.yaml"] if slug else []
            papermill = [str(BIN / "papermill"), f"notebooks/{name}.ipynb", made, *values]
            convert = [str(BIN / "jupyter"), "nbconvert", "--to", "html", "--no-input", made]
            seconds += timed(papermill, root) + timed(convert, root)
    return seconds


def plain_functions(root: Path) -> float:
    """Time a new process that runs the code cells of all notebooks: no kernels, no exports."""
    return timed([sys.executable, __file__, "--cells"], root)


def run_all_cells() -> None:
    """Run the analysis of all areas in this process."""
    from wib_lib.step import notebook_parameters

    work = plan(Project.find(), "voorbeeld")
    release_counts(work, read_delivery(work))
    for slug in work.names:
        for name in work.steps_of(slug):
            if name != PACK:
                parameters = notebook_parameters(work, slug, name)
                run_cells(notebook_path(work.project, name), parameters)


def run_cells(path: Path, parameters: dict[str, Any]) -> None:
    """Run the code cells of one notebook, and build the HTML of what each shows."""
    import nbformat

    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source)
        shown = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
        exec(compile(body, path.name, "exec"), names)
        if isinstance(shown, ast.Expr):
            value = eval(compile(ast.Expression(shown.value), path.name, "eval"), names)
            getattr(value, "_repr_html_", str)()
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters


def measure(root: Path, rounds: int, slow: int) -> dict[str, list[float]]:
    """Measure every side once per round, the slow ones in the first `slow` rounds only."""
    sides: dict[str, Callable[[], float]] = {
        COLD: lambda: cold(root),
        "nothing changed": lambda: timed(WIB, root),
        "one goal of one area changed": lambda: goal_changed(root),
        "cells as plain functions, one process": lambda: plain_functions(root),
        "cold run, one job": lambda: cold(root, "--jobs", "1"),
        "import wib_lib": lambda: timed([sys.executable, "-c", "import wib_lib"], root),
        "start of Python itself": lambda: timed([sys.executable, "-c", ""], root),
    }
    slow_sides: dict[str, Callable[[], float]] = {
        "cold run, a cluster of two workers": lambda: cold(root, *CLUSTER, "2"),
        "cold run, a cluster of one worker": lambda: cold(root, *CLUSTER, "1"),
        "papermill + nbconvert in a shell loop": lambda: shell_loop(root),
    }
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        for name, side in (sides | slow_sides if number < slow else sides).items():
            found.setdefault(name, []).append(side())
            print(f"round {number + 1}: {name} {found[name][-1]:.2f} s", file=sys.stderr)
    return found


def table(found: dict[str, list[float]], n_areas: int) -> str:
    """Write medians, spread and the ratio to the cold run with two jobs as Markdown."""
    base = statistics.median(found[COLD])
    n_rounds = len(found[COLD])
    head = (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, "
        f"{date.today().isoformat()}; {n_areas} areas x {len(NOTEBOOKS)} notebooks and "
        f"{len(REGION_NOTEBOOKS)} over all, {n_rounds} rounds\n\n"
        "| what | median (s) | lowest - highest | beside the cold run |\n|---|---|---|---|\n"
    )
    rows = [
        f"| {name} | {statistics.median(times):.2f} | {min(times):.2f} - {max(times):.2f} "
        f"| {statistics.median(times) / base:.2f} |"
        for name, times in found.items()
    ]
    return head + "\n".join(rows)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--slow", type=int, default=5, help="rounds with loop and clusters")
    options.add_argument("--cells", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.cells:
        run_all_cells()
        return
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Project.find().root, Path(folder))
        found = measure(root, given.rounds, given.slow)
        print(table(found, len(Project(root).area_slugs)))


if __name__ == "__main__":
    main()
