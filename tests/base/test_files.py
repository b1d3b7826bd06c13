"""Files are written whole or not at all, a lock has one holder, and a checksum is what the system's tool says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPO

from analysis.base import files
from analysis.base.errors import AlreadyRunning, CannotWrite


def test_a_file_is_replaced_with_what_is_written_and_may_be_read_by_all(tmp_path):
    file = tmp_path / "new folder/table.csv"
    files.write(file, "灯台\n")
    files.write(file, "灯台と港\n")
    assert file.read_bytes() == "灯台と港\n".encode()
    assert file.stat().st_mode & 0o777 == 0o644
    assert os.listdir(file.parent) == ["table.csv"]


@pytest.mark.parametrize("step", ["replace", "fsync", "chmod"])
def test_a_disk_that_is_full_at_any_step_leaves_the_earlier_file(tmp_path, monkeypatch, step):
    file = tmp_path / "table.csv"
    file.write_text("earlier")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"os.{step}", full)
        with pytest.raises(CannotWrite, match=r"cannot write .*table\.csv \(No space left on device\)"):
            files.write(file, "new")
    assert file.read_text() == "earlier"
    assert os.listdir(tmp_path) == ["table.csv"]


def test_a_block_that_raises_changes_nothing(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("earlier")

    def interrupted() -> None:
        with files.replacing(file) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_text() == "earlier"
    assert os.listdir(tmp_path) == ["table.csv"]


def test_a_checksum_is_sha256(tmp_path):
    file = tmp_path / "abc"
    file.write_bytes(b"abc")  # the example of FIPS 180-2
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.checksum(file) == files.checksum(b"abc") == expected


HOLDS = """
import sys
from pathlib import Path
from analysis.base import files
with files.exclusive_lock(Path(sys.argv[1]), "busy"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_lock_has_one_holder_and_a_killed_holder_frees_it(tmp_path):
    mark = tmp_path / "reports/.lock"
    command = [sys.executable, "-c", HOLDS, str(mark)]
    environment = os.environ | {"PYTHONPATH": str(REPO)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match="busy"), files.exclusive_lock(mark, "busy"):
            pass
        holder.kill()
    with files.exclusive_lock(mark, "busy"):
        pass


def test_a_lock_where_no_file_can_be_is_named(tmp_path):
    (tmp_path / "reports").write_text("in the way")
    with (
        pytest.raises(CannotWrite, match=r"cannot write .*reports"),
        files.exclusive_lock(Path(tmp_path / "reports/.lock"), ""),
    ):
        pass
