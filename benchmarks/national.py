"""How long a country takes: the areas of the approach beside hundreds of gemeenten.

Run with `python benchmarks/national.py [GEMEENTEN]` (342 takes an hour on two cores), on a machine
that does nothing else. Both sides run on the sample, from nothing, with two jobs. Asked: every
area ends well, memory does not grow with their number (at most 4 GB), and the time per area is at
most 1.3 times that of nine.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from wib_lib.plan import REGION
from wib_lib.project import Project
from wib_lib.sample import write_sample

WIB = [sys.executable, "-c", "from wib_lib.cli import main; main()", "run", "--jobs", "2"]
LOOK = 0.5  # seconds between two looks at memory
MB = 2**20


@dataclass(frozen=True)
class Measured:
    """Seconds, and most memory of all processes together; `runner` is the command itself."""

    seconds: float
    n_areas: int
    sum_mb: float
    shared_once_mb: float
    runner_mb: float

    def __str__(self) -> str:
        return (
            f"{self.n_areas:4d} areas {self.seconds:7.0f} s {self.seconds / self.n_areas:6.2f} s each; "
            f"memory {self.sum_mb:6.0f} MB, shared pages once {self.shared_once_mb:6.0f} MB, "
            f"runner {self.runner_mb:5.0f} MB"
        )


def measured(command: list[str], root: Path, pack: Path) -> Measured:
    """Run a command that must succeed; look at the memory of its processes all the while."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL)
    looks = [(0.0, 0.0, 0.0)]
    while process.poll() is None:
        looks.append(memory(psutil.Process(process.pid)))
        time.sleep(LOOK)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    seconds = time.perf_counter() - begun
    n_areas = len({path.parent.name for path in pack.glob("*/kerncijfers.json")} - {REGION})
    total, once, runner = (max(column) for column in zip(*looks, strict=True))
    return Measured(seconds, n_areas, total, once, runner)


def memory(runner: psutil.Process) -> tuple[float, float, float]:
    """Return the sum over all processes, that with shared pages counted once, and the runner's."""
    total = once = own = 0.0
    try:
        for process in (runner, *runner.children(recursive=True)):
            used = process.memory_full_info()
            total, once = total + used.rss / MB, once + getattr(used, "pss", used.rss) / MB
            own = own or used.rss / MB
    except psutil.Error:  # a kernel that ended meanwhile
        pass
    return total, once, own


def main() -> None:
    """Print both runs, and the ratio of the times per area."""
    n_gemeenten = int(sys.argv[1]) if len(sys.argv) > 1 else 342
    here = Project.find().root
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("params", "notebooks"):
            shutil.copytree(here / name, root / name)
        found = []
        for name, number, areas in (
            ("nine", None, []),
            ("all", n_gemeenten, ["--gemeente", "alle"]),
        ):
            begun = time.perf_counter()
            write_sample(root / "data" / "raw" / name, n_gemeenten=number)
            print(f"sample '{name}' written in {time.perf_counter() - begun:.0f} s")
            pack = root / "reports" / name / "werkgroep"
            found.append(measured([*WIB, "--dataset", name, *areas], root, pack))
            print(found[-1], flush=True)
    nine, everything = (run.seconds / run.n_areas for run in found)
    print(f"time per area: {everything / nine:.2f} times that of nine (asked: at most 1.3)")


if __name__ == "__main__":
    main()
