"""Which code a result rests on: the notebook, and the modules that its imports reach.

A notebook is done again when code that it can reach changed, and only then: a changed plot
function redoes what draws with it. Imports are read from the source, those inside functions too,
and followed to the end; a module that reads files of the package (style sheets, templates) rests
on those files as well.
"""

import ast
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from platform import python_version

LIBRARY = Path(__file__).parent
NAME = LIBRARY.name
ASSETS = "assets"
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")  # where statements hold statements


@cache
def imports_of(path: Path) -> frozenset[str]:
    """
    Return what a source file imports, by dotted name, inside functions too.

    A name taken from a module counts as a module of it: `scipy.stats`, but `math.ceil` as well.

    Raises
    ------
    SyntaxError
        When the file is no Python.
    """
    return _imports(path.read_text(encoding="utf-8"))


def reached(names: Iterable[str]) -> frozenset[str]:
    """
    Follow imports from some modules of this library to the end.

    Parameters
    ----------
    names : iterable of str
        Dotted names, such as `wib_lib.trend`.

    Returns
    -------
    frozenset of str
        Those modules, the packages that hold them, and all that they import.

    Examples
    --------
    >>> sorted(reached(["wib_lib.errors"]))
    ['wib_lib', 'wib_lib.errors']
    """
    return _reached(frozenset(names))


@cache
def _reached(names: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    left = set(names)
    while left:
        name = left.pop()
        if name in found or (path := _file(name)) is None:
            continue
        found.add(name)
        holder = name.rpartition(".")[0]
        left |= imports_of(path) | ({holder} if holder else set())
    return frozenset(found)


def notebook_imports(path: Path) -> frozenset[str]:
    """Return the modules of this library that the code cells of a notebook import."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found: set[str] = set()
    for cell in cells:
        if cell["cell_type"] == "code":
            found |= _imports("".join(cell["source"]))
    return frozenset(name for name in found if name.split(".")[0] == NAME)


def notebooks_reach(paths: Iterable[Path]) -> frozenset[str]:
    """Return every module, of this library and of packages, that notebooks can come to use."""
    own = reached(name for path in paths for name in notebook_imports(path))
    return own.union(*(imports_of(path) for name in own if (path := _file(name))))


def notebook_digest(path: Path) -> str:
    """Identify what a notebook says: its cells and their tags, not what editors keep beside them."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    said = [
        (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", []))
        for cell in cells
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@cache
def module_digests(names: frozenset[str]) -> dict[str, str]:
    """Return the digest of each module's source, and of the package's files if one reads them."""
    files = {name: path for name in sorted(names) if (path := _file(name)) is not None}
    found = {name: _digest(path) for name, path in files.items()}
    if any(_reads_assets(path) for path in files.values()):
        assets = sorted(path for path in (LIBRARY / ASSETS).rglob("*") if path.is_file())
        found[ASSETS] = hashlib.sha256("".join(map(_digest, assets)).encode()).hexdigest()
    return found


@cache
def versions() -> dict[str, str]:
    """Return the installed version of every package, and of Python."""
    found = (package.metadata for package in distributions())  # parsed at each look
    installed = {of["Name"].lower().replace("-", "_"): of["Version"] for of in found}
    return dict(sorted(installed.items())) | {"python": python_version()}


@cache
def _imports(source: str) -> frozenset[str]:
    """Walk the statements of a source; expressions hold no imports, and most of what there is."""
    found: set[str] = set()
    left: list[ast.AST] = [ast.parse(source)]
    while left:
        node = left.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # `from wib_lib import trend` imports a module, `from wib_lib.trend import x` a name.
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        for part in BLOCKS:
            left += getattr(node, part, ())
    return frozenset(found)


@cache
def _file(name: str) -> Path | None:
    """Return the source file of a module; None for a name that is no module."""
    top, *parts = name.split(".")
    if top != NAME:
        return None
    path = LIBRARY.joinpath(*parts)
    for candidate in (path.with_suffix(".py") if parts else None, path / "__init__.py"):
        if candidate and candidate.is_file():
            return candidate
    return None


def _reads_assets(path: Path) -> bool:
    return f'"{ASSETS}"' in path.read_text(encoding="utf-8").replace("'", '"')


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
