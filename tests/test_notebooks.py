"""The notebooks as committed: no outputs, no logic, one parameters cell, readable sizes."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from wib_lib.plan import NOTEBOOKS, REGION_NOTEBOOKS, declared
from wib_lib.project import Project
from wib_lib.region_run import RegionRun
from wib_lib.run import Run

REPO = Path(__file__).parents[1]
PATHS = sorted((REPO / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]
LONGEST, LONGEST_OPENING, MOST_CELLS = 12, 20, 40
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Try,
)
# A path of one machine: /home/..., C:\..., ~/..., at the start of a string.
ABSOLUTE = re.compile(r"""["'](?:/|~|[A-Za-z]:[\\/])""")


@pytest.fixture(params=PATHS, ids=NAMES)
def path(request):
    return request.param


@pytest.fixture
def book(path):
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


def code_cells(book):
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def tagged(book, tag):
    return [cell for cell in book["cells"] if tag in cell["metadata"].get("tags", [])]


OPENINGS = ("open_run", "open_region")


def is_opening(cell):
    return any(f"{name}(" in source(cell) for name in OPENINGS)


def test_the_chain_has_its_notebooks():
    assert {*NOTEBOOKS, *REGION_NOTEBOOKS} == set(NAMES)


def test_valid_and_with_unique_ids(path, book):
    nbformat.validate(nbformat.read(path, as_version=4))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
    assert book["metadata"]["kernelspec"]["name"] == "python3"


def test_committed_without_outputs(book):
    for cell in code_cells(book):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
    known = {"tags"}
    assert all(set(cell["metadata"]) <= known for cell in book["cells"])
    assert set(book["metadata"]) <= {"kernelspec", "language_info"}


def test_sizes(book):
    assert len(book["cells"]) <= MOST_CELLS
    for cell in code_cells(book):
        opens = is_opening(cell) or cell in tagged(book, "parameters")
        n_lines = len(source(cell).splitlines())
        assert n_lines <= (LONGEST_OPENING if opens else LONGEST), source(cell)
        assert n_lines > 0


def test_no_logic(book):
    for cell in code_cells(book):
        found = [type(node).__name__ for node in ast.walk(ast.parse(source(cell)))
                 if isinstance(node, FORBIDDEN)]  # fmt: skip
        assert found == [], source(cell)


def test_no_machine_and_no_silence(book):
    for cell in code_cells(book):
        text = source(cell)
        assert not ABSOLUTE.search(text), text
        for word in ("filterwarnings", "simplefilter", "warnings", "%", "!", "print("):
            assert not any(line.lstrip().startswith(word) for line in text.splitlines()), text
        assert "warnings" not in text


def test_imports_come_from_the_library_alone(book):
    for cell in code_cells(book):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.Import):
                pytest.fail(f"import of another library: {source(cell)}")
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[0] == "wib_lib"


def test_parameters_cell_is_declared_once_and_the_same_everywhere(path, book):
    """The same in all notebooks of an area, and in all of the region."""
    alike = REGION_NOTEBOOKS if path.stem in REGION_NOTEBOOKS else NOTEBOOKS
    (cell,) = tagged(book, "parameters")
    other = REPO / "notebooks" / f"{alike[0]}.ipynb"
    (first,) = tagged(json.loads(other.read_text(encoding="utf-8")), "parameters")
    assert source(cell) == source(first)
    names = [target.id for node in ast.parse(source(cell)).body for target in node.targets]
    assert [name for name in names if name in ("gemeente", "dataset", "audience")] == (
        ["gemeente", "dataset", "audience"] if alike is NOTEBOOKS else ["dataset", "audience"]
    )
    assert declared(Project(REPO), path.stem) == names


def test_parameters_reach_the_run_and_none_is_forgotten(path, book):
    (cell,) = tagged(book, "parameters")
    names = [target.id for node in ast.parse(source(cell)).body for target in node.targets]
    (opening,) = [c for c in code_cells(book) if is_opening(c)]
    call = next(n for n in ast.walk(ast.parse(source(opening)))
                if isinstance(n, ast.Call) and getattr(n.func, "id", "") in OPENINGS)  # fmt: skip
    assert ast.literal_eval(call.args[0]) == path.stem
    assert {word.arg: word.value.id for word in call.keywords} == {name: name for name in names}
    assert book["cells"].index(cell) < book["cells"].index(opening)


def test_area_files_hold_only_declared_names():
    """`papermill -f params/gouda.yaml` warns about a name that a notebook does not declare."""
    import yaml

    names = set(declared(Project(REPO), "04_evaluation"))
    for slug in Project(REPO).area_slugs:
        content = yaml.safe_load((REPO / "params" / f"{slug}.yaml").read_text(encoding="utf-8"))
        assert set(content) <= names, slug


def test_opening_says_question_reads_writes_and_limits(book):
    first = book["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "alleen-notebook" in first["metadata"]["tags"]
    text = source(first)
    assert text.startswith("# ")
    for word in ("**Vraag:**", "**Leest**", "**Schrijft**", "**Zegt niet**"):
        assert word in text


def test_no_second_main_title_reaches_a_pack(book):
    for cell in book["cells"][1:]:
        if cell["cell_type"] == "markdown":
            assert not re.search(r"^# ", source(cell), re.MULTILINE)


def test_no_typed_figures_in_prose(book):
    """A number in prose goes stale: years of law and counts of the checklist aside."""
    allowed = re.compile(r"\b(12|20|24|49|365|1\.000|2016)\b|\b\d{1,2}[A-D]\b|\b0\d_\w+|^#+ \d+",
                         re.MULTILINE)  # fmt: skip
    for cell in book["cells"][1:]:
        if cell["cell_type"] == "markdown":
            left = allowed.sub("", re.sub(r"Onderde(el|len) .*", "", source(cell)))
            assert not re.search(r"\d{2,}", left), source(cell)


def test_last_cell_saves_and_stays_in_the_notebook(book):
    last = book["cells"][-1]
    assert "run.save(" in source(last)
    assert "alleen-notebook" in last["metadata"]["tags"]


def test_every_call_on_the_run_exists(path, book):
    kind = RegionRun if path.stem in REGION_NOTEBOOKS else Run
    for cell in code_cells(book):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "run":
                known = hasattr(kind, node.attr) or node.attr in kind.__dataclass_fields__
                assert known, f"run.{node.attr}"
