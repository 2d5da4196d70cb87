"""Imports point strictly downward: a module imports only from levels below its own."""

import ast
from pathlib import Path

import pytest

import wib_lib

ROOT = Path(wib_lib.__file__).parent
# From the bottom up. A package counts as one module.
LEVELS: dict[str, tuple[set[str], ...]] = {
    "L0": ({"errors", "absent", "chance"},),
    "L1": (
        {"blocks", "codes", "periods", "checks", "validation", "screening", "offline", "audiences"},
        {"fragment"},
    ),
    "L2": ({"dutch", "params", "delivery", "tables", "palette"}, {"marking"}),
    "L3": (
        {
            "rates",
            "series",
            "season",
            "grid",
            "disclosure",
            "effect",
            "concentration",
            "rounding",
            "checklist",
            "vintages",
            "crosswalk",
            "differences",
            "provenance",
            "count_scores",
            "sun",
        },
        {"trend", "hotspots", "density", "capture"},
        {
            "keyfigures",
            "history",
            "data_quality",
            "change_points",
            "part_trend",
            "hotspot_moves",
            "hot_times",
        },
        {
            "day_parts",
            "goals",
            "dark_seasons",
            "registered_hotspots",
            "forecast",
            "fortnight",
            "near_repeat",
            "dark_hours",
        },
        {"keyfile"},
        {"region"},
        {"region_findings"},
    ),
    "L4": (
        {"sources", "elsewhere", "landing", "code", "packfile"},
        {"project"},
        {"store"},
        {"ingest"},
        {"evidence", "forms"},
        {"fortnight_counts"},
        {"cubes"},
        {"release"},
        {"released"},
        {"assessment", "problem", "housing", "courses", "hot_places", "hot_hours", "nearby"},
        {"claims", "region_forms"},
        {"region_claims", "pattern_claims", "own_forms"},
        {"revisions"},
        {"anchors", "sparks", "axes", "offline_map", "typeface"},
        {"html_table"},
        {"multiples"},
        {"html", "plots", "time_plots", "map_classes", "pdf_table", "sheet_cells"},
        {"maps", "quality", "quality_text", "quality_tables", "quality_charts", "boundaries"},
        {"letters", "pdf"},
        {"sheet_page", "word_page", "bundle"},
        {"sheets", "word"},
        {"charts", "report", "tiles", "actions", "overview", "region_layout", "region_tables"},
        {"region_charts", "pattern_charts", "steering"},
        {"steering_text"},
    ),
    "L5": (
        {"release_step"},
        {"export", "run", "open_data"},
        {"gate"},
        {"plan", "kernels", "fetch"},
        {"runs", "freshness"},
        {"document", "region_run"},
        {"pack"},
        {"step"},
        {"chain", "cluster", "index", "progress", "inspection", "comparison"},
        {"comparison_page"},
        {"sample"},
        {"cli"},
    ),
}
ORDER = [group for groups in LEVELS.values() for group in groups]
PURE = {name for level in ("L0", "L1", "L2", "L3") for group in LEVELS[level] for name in group}
INK_AND_FILES = {"matplotlib", "seaborn", "folium", "pathlib", "open", "os", "random", "time"}


def module_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            base = node.module
            inner = base == "wib_lib"
            names |= {f"wib_lib.{alias.name}" for alias in node.names} if inner else {base}
    return names


def rank(module: str) -> int:
    return next(i for i, group in enumerate(ORDER) if module in group)


MODULES = sorted(
    path for path in ROOT.rglob("*.py") if path.name != "__init__.py" or path.parent != ROOT
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_strictly_downward(path: Path) -> None:
    own = module_of(path)
    inside = {name.split(".")[1] for name in imported(path) if name.startswith("wib_lib.")}
    upward = {name for name in inside - {own} if rank(name) >= rank(own)}
    assert not upward, f"{own} imports {upward} from its own level or above"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_statistics_draw_nothing_and_read_nothing(path: Path) -> None:
    if module_of(path) not in PURE - {"palette"}:
        return
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & INK_AND_FILES


def test_only_the_top_level_runs_notebooks() -> None:
    top = {name for group in LEVELS["L5"] for name in group}
    users = {
        module_of(path)
        for path in MODULES
        if {name.split(".")[0] for name in imported(path)} & {"papermill", "nbconvert"}
    }
    assert users
    assert users <= top


def test_every_module_has_a_level() -> None:
    listed = [name for group in ORDER for name in group]
    found = {module_of(path) for path in MODULES}
    assert sorted(listed) == sorted(found)
