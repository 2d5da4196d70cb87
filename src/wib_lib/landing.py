"""Files that land whole or not at all, and one writer at a time per dataset.

A folder is made beside its place, written to disk to the last byte, and moved there by renaming:
a process that is killed, a full disk or a power cut leaves the old folder or the new one, or at
worst none, never a half. What a killed process left beside it is swept away by the next run.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wib_lib.errors import RunError

LOCK = ".slot"
DRAFT, OLD = ".nieuw-", ".oud-"


@contextmanager
def landing(target: Path) -> Iterator[Path]:
    """
    Give a folder to fill, which takes the place of `target` when the block ends well.

    Parameters
    ----------
    target : Path
        The folder as readers see it; its parent is made.

    Yields
    ------
    Path
        An empty folder on the same file system.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{DRAFT}{target.name}-", dir=target.parent))
    try:
        yield draft
        draft.chmod(0o755)
        _to_disk(draft)
        _swap(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def land_file(target: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; its folder is made."""
    with land(target) as draft:
        draft.write_bytes(content)


@contextmanager
def land(target: Path) -> Iterator[Path]:
    """Give a file to write, which takes the place of `target` when the block ends well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f"{DRAFT}{target.name}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent) as folder:
        draft = Path(folder) / target.name
        yield draft
        os.replace(draft, target)


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        os.replace(fresh, target)
        return
    old = Path(tempfile.mkdtemp(prefix=f"{OLD}{target.name}-", dir=target.parent))
    os.replace(target, old / target.name)
    os.replace(fresh, target)
    shutil.rmtree(old)


def _to_disk(folder: Path) -> None:
    """Make sure that content is on disk before a name points at it."""
    if os.name == "nt":
        return  # a folder cannot be opened there; renaming is what is left
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what killed processes left in a folder; only for who has the lock."""
    for prefix in (DRAFT, OLD):
        for left in folder.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """
    Hold a dataset's folder of processed tables for this process.

    Parameters
    ----------
    folder : Path
        `data/processed/<dataset>`; made when it is not there. The same process may hold it more
        than once.

    Raises
    ------
    RunError
        When another process holds it.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, timeout=0, is_singleton=True, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(
            f"dataset '{folder.name}' is in gebruik door een andere run; wacht tot die klaar is "
            "en probeer het dan opnieuw."
        ) from None
    try:
        yield
    finally:
        lock.release()
