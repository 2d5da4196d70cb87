"""Folders land whole or not at all, also when the writer is killed; one writer at a time."""

import os
import signal
import subprocess
import sys
import time

import pytest

from wib_lib import landing as module
from wib_lib.errors import RunError
from wib_lib.landing import landing, sole_writer, sweep


def fill(target, text):
    with landing(target) as draft:
        (draft / "deep").mkdir()
        (draft / "deep" / "a.txt").write_text(text, encoding="utf-8")
        (draft / "b.txt").write_text(text, encoding="utf-8")


def content(target):
    return {p.name: p.read_text(encoding="utf-8") for p in target.rglob("*.txt")}


def test_the_new_folder_takes_the_place_of_the_old(tmp_path):
    target = tmp_path / "pak"
    fill(target, "een")
    (target / "stray.txt").write_text("oud", encoding="utf-8")
    fill(target, "twee")
    assert content(target) == {"a.txt": "twee", "b.txt": "twee"}
    assert [p.name for p in tmp_path.iterdir()] == ["pak"]
    assert target.stat().st_mode & 0o777 == 0o755


def test_a_failure_leaves_the_old_folder(tmp_path):
    target = tmp_path / "pak"
    fill(target, "een")
    with pytest.raises(KeyError), landing(target) as draft:
        (draft / "b.txt").write_text({"a": "half"}["b"], encoding="utf-8")
    assert content(target) == {"a.txt": "een", "b.txt": "een"}
    assert [p.name for p in tmp_path.iterdir()] == ["pak"]


@pytest.mark.skipif(os.name == "nt", reason="signals and file limits of POSIX")
def test_a_disk_that_fills_up_leaves_the_old_folder(tmp_path):
    """A real refusal of the operating system: no file may grow beyond 4 KiB."""
    fill(tmp_path / "pak", "een")
    code = (
        "import resource, signal, sys; from pathlib import Path; from wib_lib.landing import landing\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "with landing(Path(sys.argv[1])) as draft:\n"
        "    (draft / 'a.txt').write_text('twee')\n"
        "    (draft / 'b.txt').write_bytes(b'x' * 100_000)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "pak"], capture_output=True, check=False
    )
    assert b"File too large" in done.stderr
    assert content(tmp_path / "pak") == {"a.txt": "een", "b.txt": "een"}
    assert [p.name for p in tmp_path.iterdir()] == ["pak"]


WAIT = (
    "import sys, time; from pathlib import Path; from wib_lib.landing import landing, sole_writer\n"
    "target = Path(sys.argv[1])\n"
    "with sole_writer(target.parent), landing(target) as draft:\n"
    "    (draft / 'a.txt').write_text('half')\n"
    "    print('busy', flush=True)\n"
    "    time.sleep(60)\n"
)


@pytest.fixture
def writer(tmp_path):
    """Another process that holds the folder and is half-way."""
    command = [sys.executable, "-c", WAIT, tmp_path / "pak"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"busy\n"
        yield process
        process.kill()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_writer_leaves_no_half_and_its_draft_is_swept(tmp_path, writer):
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert not (tmp_path / "pak").exists()
    assert len(list(tmp_path.glob(".nieuw-*"))) == 1
    with sole_writer(tmp_path):  # its lock died with it
        sweep(tmp_path)
        fill(tmp_path / "pak", "een")
    assert {p.name for p in tmp_path.iterdir()} == {"pak", module.LOCK}


def test_a_second_process_is_told_to_wait(tmp_path, writer):
    begun = time.monotonic()
    with (
        pytest.raises(RunError, match="is in gebruik door een andere run; wacht"),
        sole_writer(tmp_path),
    ):
        pass
    assert time.monotonic() - begun < 5  # it leaves, it does not hang
    assert writer.poll() is None


def test_the_same_process_may_hold_it_twice(tmp_path):
    with sole_writer(tmp_path), sole_writer(tmp_path):
        fill(tmp_path / "pak", "een")
    assert content(tmp_path / "pak")["a.txt"] == "een"
