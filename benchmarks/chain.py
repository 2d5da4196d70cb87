"""Wall time of `wib run` beside a shell loop of the papermill command, on the same notebooks.

Run with `make bench` (several minutes). Both sides run the four notebooks of every area on the
sample data; only `wib run` also checks, exports and indexes the packs.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wib_lib.plan import NOTEBOOKS
from wib_lib.project import Project

BIN = Path(sys.executable).parent


def timed(command: list[str], root: Path) -> float:
    """Return the seconds that a command takes; it must succeed."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    """Print both times and their ratio."""
    root = Project.find().root
    slugs = Project(root).area_slugs
    own = timed([str(BIN / "wib"), "run"], root)
    with tempfile.TemporaryDirectory() as folder:
        loop = sum(
            timed(
                [
                    str(BIN / "papermill"),
                    f"notebooks/{notebook}.ipynb",
                    f"{folder}/{notebook}.ipynb",
                    "-f",
                    f"params/{slug}.yaml",
                ],
                root,
            )
            for slug in slugs
            for notebook in NOTEBOOKS
        )
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; {len(slugs)} areas x {len(NOTEBOOKS)} notebooks")
    print(f"wib run, packs included      {own:7.1f} s")
    print(f"papermill command in a loop  {loop:7.1f} s   ({loop / own:.1f} times)")


if __name__ == "__main__":
    main()
