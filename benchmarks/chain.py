"""How long the nine evaluations take, beside the two ways in which they are often made.

Run with `make bench` (some ten minutes), on a machine that does nothing else. All sides run the
four notebooks of every area on the sample data; `wib run` also checks, exports and indexes.
"""

import ast
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from wib_lib.chain import notebook_parameters
from wib_lib.plan import NOTEBOOKS, notebook_path, plan
from wib_lib.project import Project

BIN = Path(sys.executable).parent
WIB = [sys.executable, "-c", "from wib_lib.cli import main; main()", "run"]


def timed(command: list[str], root: Path) -> float:
    """Return the seconds that a command takes; it must succeed."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return time.perf_counter() - begun


def shell_loop(project: Project) -> float:
    """Time a loop of papermill and nbconvert commands, as one would write it in a shell."""
    with tempfile.TemporaryDirectory() as folder:
        return sum(
            timed(
                [str(BIN / "papermill"), f"notebooks/{name}.ipynb", f"{folder}/{name}.ipynb",
                 "-f", f"params/{slug}.yaml"],
                project.root,
            )
            + timed(
                [str(BIN / "jupyter"), "nbconvert", "--to", "html", "--no-input",
                 f"{folder}/{name}.ipynb"],
                project.root,
            )
            for slug in project.area_slugs
            for name in NOTEBOOKS
        )  # fmt: skip


def plain_functions(project: Project) -> float:
    """Time the code cells of all notebooks in this process: no kernels, no exports, imports done."""
    work = plan(project, "voorbeeld")
    slugs = list(work.params)
    run_cells(
        notebook_path(project, NOTEBOOKS[-1]), notebook_parameters(work, slugs[0], NOTEBOOKS[-1])
    )
    begun = time.perf_counter()
    for slug in slugs:
        for name in NOTEBOOKS:
            run_cells(notebook_path(project, name), notebook_parameters(work, slug, name))
    return time.perf_counter() - begun


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


def main() -> None:
    """Print the three times and their ratios."""
    project = Project(Project.find().root)
    own = timed(WIB, project.root)
    plain = plain_functions(project)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; {len(project.area_slugs)} areas x {len(NOTEBOOKS)} notebooks")
    print(f"wib run, packs included           {own:7.1f} s")
    print(f"code cells in one process         {plain:7.1f} s   ({own / plain:.1f} times faster)")
    if "--kort" not in sys.argv:
        loop = shell_loop(project)
        print(f"papermill + nbconvert in a shell  {loop:7.1f} s   ({loop / own:.1f} times slower)")


if __name__ == "__main__":
    main()
