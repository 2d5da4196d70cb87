"""Which code a result rests on: imports followed from a notebook, and nothing else."""

import json
import subprocess
import sys

import pytest

from conftest import REPO
from wib_lib import code
from wib_lib.code import (
    module_digests,
    notebook_digest,
    notebook_imports,
    notebooks_reach,
    reached,
)


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of five modules: a draws with b, c stands alone, d lies in a package."""
    root = tmp_path / "wib_lib"
    (root / "deep").mkdir(parents=True)
    (root / "assets").mkdir()
    files = {
        "__init__.py": "",
        "a.py": "import json\nfrom wib_lib import b\nfrom wib_lib.deep.d import thing\n",
        "b.py": "def late():\n    from wib_lib.e import x\n    return x\n",
        "c.py": "PLACE = 'assets'\n",
        "deep/__init__.py": "",
        "deep/d.py": "thing = 1\n",
        "e.py": "x = 1\n",
        "assets/pack.css": "p {}",
    }
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(code, "LIBRARY", root)
    caches = (code.imports_of, code.module_digests, code._file)
    for each in caches:
        each.cache_clear()
    yield root
    for each in caches:
        each.cache_clear()


def test_imports_are_followed_to_the_end_those_in_functions_too(library):
    assert reached(["wib_lib.a"]) == {
        "wib_lib", "wib_lib.a", "wib_lib.b", "wib_lib.e", "wib_lib.deep", "wib_lib.deep.d",
    }  # fmt: skip
    assert reached(["wib_lib.c", "wib_lib.nowhere", "json"]) == {"wib_lib", "wib_lib.c"}


def test_a_digest_follows_its_own_source_only(library):
    names = reached(["wib_lib.a"])
    before = module_digests(names)
    (library / "c.py").write_text("changed = 1\n", encoding="utf-8")
    module_digests.cache_clear()
    assert module_digests(names) == before
    (library / "e.py").write_text("x = 2\n", encoding="utf-8")
    module_digests.cache_clear()
    after = module_digests(names)
    assert {name for name in before if before[name] != after[name]} == {"wib_lib.e"}


def test_files_of_the_package_count_for_modules_that_read_them(library):
    assert "assets" not in module_digests(reached(["wib_lib.a"]))
    names = reached(["wib_lib.c"])
    before = module_digests(names)["assets"]
    (library / "assets" / "pack.css").write_text("p {color: red}", encoding="utf-8")
    module_digests.cache_clear()
    assert module_digests(names)["assets"] != before


def notebook(path, *cells):
    content = {"cells": [
        {"cell_type": kind, "source": source, "metadata": {"tags": tags}, "outputs": []}
        for kind, source, tags in cells
    ]}  # fmt: skip
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_notebook_is_what_it_says(tmp_path):
    said = ("code", "from wib_lib import plots\nx = 1", [])
    first = notebook(tmp_path / "a.ipynb", said)
    assert notebook_imports(first) == {"wib_lib", "wib_lib.plots"}
    executed = json.loads(first.read_text(encoding="utf-8"))
    executed["cells"][0]["outputs"] = [{"output_type": "stream"}]
    executed["cells"][0]["execution_count"] = 3
    executed["metadata"] = {"kernelspec": {"name": "other"}}
    second = tmp_path / "b.ipynb"
    second.write_text(json.dumps(executed), encoding="utf-8")
    assert notebook_digest(second) == notebook_digest(first)
    for other in (
        ("code", "x = 2", []),
        ("markdown", said[1], []),
        ("code", said[1], ["parameters"]),
    ):
        assert notebook_digest(notebook(tmp_path / "c.ipynb", other)) != notebook_digest(first)


def test_the_notebooks_reach_what_they_draw_with():
    """A changed plot redoes 03 and 04, not the problem analysis, which draws nothing."""
    books = {
        path.stem: reached(notebook_imports(path)) for path in (REPO / "notebooks").glob("*.ipynb")
    }
    assert "wib_lib.plots" in books["03_trends_hotspots"]
    assert "wib_lib.plots" not in books["02_problem_analysis"]
    assert all("wib_lib.store" in modules for modules in books.values())
    assert not any("wib_lib.export" in modules for modules in books.values())


def test_a_fork_server_gets_the_packages_that_its_notebooks_use_and_no_others():
    trends, evaluation = (
        notebooks_reach([REPO / "notebooks" / f"{name}.ipynb"])
        for name in ("03_trends_hotspots", "04_evaluation")
    )
    assert {"ruptures", "numba", "scipy.spatial", "wib_lib.near_repeat.kernel"} <= trends
    assert "pandas" in evaluation
    assert evaluation.isdisjoint({"ruptures", "numba", "papermill"})


RUNNER = """
import sys
from wib_lib import kernels  # as a run does, before what reads notebooks
from wib_lib import assessment, index, pack
import papermill
print(*sorted({"lark", "matplotlib", "scipy.stats", "statsmodels", "geopandas"} & set(sys.modules)))
"""


def test_a_runner_loads_no_more_than_it_uses():
    """Kernels draw and test, not the process that waits for them: a small change costs seconds."""
    done = subprocess.run(
        [sys.executable, "-c", RUNNER], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "")
