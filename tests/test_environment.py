"""One set of packages, written down three times: the three must agree."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]


def name_of(requirement: str) -> str:
    return re.split(r"[\s<>=!~;\[]", requirement.strip())[0].lower().replace("_", "-")


@pytest.fixture(scope="module")
def declared() -> set[str]:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*data["project"]["dependencies"], *data["dependency-groups"]["dev"]]
    for extra in data["project"]["optional-dependencies"].values():
        assert set(extra) <= set(asked), "what is tested is installed to develop"
    return {name_of(requirement) for requirement in asked}


@pytest.fixture(scope="module")
def locked() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_conda_environment_names_the_same_packages(declared: set[str]) -> None:
    data = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, from_pip = data["dependencies"]  # what conda does not have comes from pip
    names = {name_of(item) for item in [*conda, *from_pip["pip"]]}
    assert names - {"python", "pip"} == declared


def test_conda_environment_has_the_recommended_python() -> None:
    data = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert "python=3.12" in data["dependencies"]


def test_lock_pins_every_declared_package(declared: set[str], locked: str) -> None:
    pinned = {name_of(line) for line in locked.splitlines() if "==" in line}
    assert declared <= pinned


def test_every_locked_package_is_hash_checked(locked: str) -> None:
    entries = re.split(r"\n(?=\S)", locked.strip())
    assert len(entries) > 50
    assert all("--hash=sha256:" in entry for entry in entries)


def test_lock_names_no_address(locked: str) -> None:
    assert "://" not in locked


def test_packages_asked_for_are_there(declared: set[str]) -> None:
    asked = "jupyterlab papermill nbconvert pandas matplotlib seaborn folium pytest nbval".split()
    assert set(asked) <= declared


def test_every_imported_package_is_declared(declared: set[str]) -> None:
    names = {"docx": "python-docx", "yaml": "pyyaml"}
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    outside = {n for n in found if n not in sys.stdlib_module_names and n != "wib_lib"}
    assert {names.get(n, n).replace("_", "-") for n in outside} <= declared
