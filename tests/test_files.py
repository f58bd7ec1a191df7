"""Bytes reach the disk whole or not at all."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from assetmap.errors import InputError, MissingInputError, UsageError
from assetmap.files import (
    read_text,
    require_file,
    sha256_of,
    sweep_aside,
    write_aside,
    write_bytes,
    write_json,
    write_private,
    write_text,
)
from assetmap.folders import hold_lock, write_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- What is read ---------------------------------------------------------------------------------


def test_a_file_that_is_there_is_returned(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("x")
    assert require_file(str(path)) == path


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("missing.csv", MissingInputError, "does not exist: check the name of the list"),
        ("folder", MissingInputError, "is a folder: name the list inside it"),
        ("empty.csv", InputError, r"is empty \(0 bytes\): get the list again"),
        ("empty.csv/inner", MissingInputError, "does not exist"),
        ("n" * 300, MissingInputError, "can't be looked at"),
        ("nul\0.csv", MissingInputError, "does not exist"),
    ],
)
def test_a_file_that_is_not_there_is_told_apart(tmp_path, name, error, words):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").touch()
    with pytest.raises(error, match=words):
        require_file(tmp_path / name, "list")


def test_a_link_that_leads_nowhere_or_in_a_circle_is_no_file(tmp_path):
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for name in ("dangling", "circle"):
        with pytest.raises(MissingInputError):
            require_file(tmp_path / name)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(InputError, match="may not be read by you"):
        require_file(path)


def test_text_is_read_with_and_without_its_mark(tmp_path):
    path = tmp_path / "a.toml"
    for data in ("naïve ☂".encode(), b"\xef\xbb\xbf" + "naïve ☂".encode()):
        path.write_bytes(data)
        assert read_text(path) == "naïve ☂"


def test_text_that_is_not_utf_8_names_the_byte(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes("name = 'café'".encode("latin-1"))
    with pytest.raises(InputError, match=r"not UTF-8 text \(byte 11 is 0xe9\): save the settings as UTF-8"):
        read_text(path, "settings")


def test_a_checksum_is_the_known_one(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    # FIPS 180-4's own example
    assert sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


# --- What is written ------------------------------------------------------------------------------


def test_what_is_written_is_there_whole_and_alone(tmp_path):
    path = tmp_path / "new" / "folder" / "a.bin"
    write_bytes(path, b"\x00\xff")
    write_text(path.with_name("b.txt"), "line\nß")
    write_json(path.with_name("c.json"), {"b": 1, "a": "ß"})
    assert path.read_bytes() == b"\x00\xff"
    assert path.with_name("b.txt").read_bytes() == b"line\n\xc3\x9f"
    assert path.with_name("c.json").read_text("utf-8") == '{\n  "a": "ß",\n  "b": 1\n}\n'
    assert names(path.parent) == ["a.bin", "b.txt", "c.json"]


def test_json_without_a_standard_is_refused_and_the_old_stays(tmp_path):
    path = tmp_path / "m.json"
    write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="Out of range float"):
        write_json(path, {"a": float("nan")})
    assert json.loads(path.read_text()) == {"a": 1}
    assert names(tmp_path) == ["m.json"]


def test_half_characters_are_refused_with_one_line(tmp_path):
    with pytest.raises(InputError, match=r"near_caf.udce9\.csv.* is not Unicode text"):
        write_text(tmp_path / "a.toml", "file = 'near_caf\udce9.csv'")
    assert names(tmp_path) == []


class HaltedError(Exception):
    """Something of ours that went wrong while a file was written."""


def refuse(aside):
    raise HaltedError(aside.name)


def write_badly(path, failure):
    with write_aside(path, refuse if failure == "verify" else None) as aside:
        assert (aside.parent, aside.suffix) == (path.parent, path.suffix)
        if failure == "nothing written":
            return
        if failure != "before":
            aside.write_bytes(b"new")
        if failure == "beside":
            aside.with_name(aside.name + "-journal").write_bytes(b"j")
        if failure != "verify":
            raise HaltedError


@pytest.mark.parametrize("failure", ["before", "midway", "verify", "nothing written", "beside"])
def test_the_old_file_stays_whatever_goes_wrong(tmp_path, failure):
    path = tmp_path / "table[1]*.gpkg"
    path.write_bytes(b"old")
    with pytest.raises((HaltedError, UsageError)):
        write_badly(path, failure)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == [path.name]


def test_the_check_sees_the_new_bytes_before_they_replace_the_old(tmp_path):
    path, seen = tmp_path / "a.txt", []
    path.write_text("old")
    with write_aside(path, lambda aside: seen.append((aside.read_text(), path.read_text()))) as aside:
        aside.write_text("new")
    assert seen == [("new", "old")]
    assert path.read_text() == "new"


def write_to_a_disk_that_refuses(path, number):
    with write_aside(path) as aside:
        aside.write_text("ne")
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_a_disk_that_refuses_is_one_line_and_the_old_stays(tmp_path, number):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UsageError, match=rf"a\.txt can't be written .*{os.strerror(number)}"):
        write_to_a_disk_that_refuses(path, number)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_our_own_errors_pass_through_unchanged(tmp_path):
    with pytest.raises(MissingInputError, match=r"^the source is gone$"), write_aside(tmp_path / "a.txt"):
        raise MissingInputError("the source is gone")


def test_a_folder_or_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="taken is a folder: give the name of a file"):
        write_text(tmp_path / "taken", "x")
    with pytest.raises(UsageError, match="can't be written"):
        write_text(tmp_path / "file" / "a.txt", "x")


def test_a_name_as_long_as_the_disk_allows_can_be_written(tmp_path):
    path = tmp_path / ("ü" * 125 + ".txt")  # 254 bytes
    write_text(path, "x")
    assert names(tmp_path) == [path.name]


@pytest.mark.skipif(os.name != "posix", reason="links need no rights here")
def test_writing_through_a_link_replaces_the_link_and_not_what_it_leads_to(tmp_path):
    (tmp_path / "real").write_text("theirs")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(tmp_path / "link", "ours")
    assert (tmp_path / "real").read_text() == "theirs"
    assert (tmp_path / "link").read_text() == "ours"


def test_what_a_dead_writer_left_goes_and_a_living_one_s_stays(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    dead = [f".map.{gone.pid}-0123abcd.partial.html", f".a.partial.{gone.pid}-0123abcd.partial.gpkg-journal"]
    kept = [f".map.{os.getpid()}-0123abcd.partial.html", "notes.partial.txt", ".x.partial", ".y.1-2.partial.csv"]
    for name in (*dead, *kept):
        (tmp_path / name).touch()
    assert sweep_aside(tmp_path) == 2
    assert names(tmp_path) == sorted(kept)


def test_a_process_that_began_after_the_file_is_another_of_the_same_number(tmp_path):
    left = tmp_path / f".map.{os.getpid()}-0123abcd.partial.html"
    left.touch()
    before = psutil.Process().create_time() - 60
    os.utime(left, (before, before))
    assert sweep_aside(tmp_path) == 1


# --- One writer at a time -------------------------------------------------------------------------


def test_a_second_writer_is_refused_and_a_third_gets_in_afterwards(tmp_path):
    program = (
        "import sys, pathlib; from assetmap.folders import hold_lock\nwith hold_lock(pathlib.Path(sys.argv[1])): pass"
    )

    def other():
        return subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False)

    with hold_lock(tmp_path):
        refused = other()
    assert "is being written by another assetmap: wait until it has ended" in refused.stderr
    assert other().returncode == 0


def test_the_lock_of_a_killed_writer_is_free(tmp_path):
    program = (
        "import sys, time, pathlib; from assetmap.folders import hold_lock\n"
        "with hold_lock(pathlib.Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UsageError, match="another assetmap"), hold_lock(tmp_path):
            pass
        holder.kill()
    with hold_lock(tmp_path):
        pass


def test_the_lock_is_given_back_after_an_error_within(tmp_path):
    with pytest.raises(HaltedError), hold_lock(tmp_path):
        raise HaltedError
    with hold_lock(tmp_path):
        pass


def test_a_lock_where_no_folder_can_be_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="can't be written to"), hold_lock(tmp_path / "file"):
        pass


def test_a_fresh_partial_file_is_not_mistaken_for_an_old_one(tmp_path):
    with write_aside(tmp_path / "a.txt") as aside:
        aside.write_text("x")
        time.sleep(0.01)
        assert sweep_aside(tmp_path) == 0
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    folder = tmp_path / "out" / "share"
    with write_folder(folder) as new:
        write_text(new / "a.txt", "one")
        write_text(new / "b.txt", "two")
        assert not folder.exists()
    with write_folder(folder) as new:
        write_text(new / "a.txt", "three")
        assert (folder / "b.txt").read_text() == "two"
    assert [p.name for p in folder.iterdir()] == ["a.txt"]
    assert [p.name for p in folder.parent.iterdir()] == ["share"]


def test_a_folder_that_could_not_be_made_leaves_the_old_one(tmp_path):
    folder = tmp_path / "share"
    with write_folder(folder) as new:
        write_text(new / "a.txt", "one")

    def fail():
        with write_folder(folder) as new:
            write_text(new / "a.txt", "two")
            raise InputError("no")

    with pytest.raises(InputError):
        fail()
    assert (folder / "a.txt").read_text() == "one"
    assert [p.name for p in tmp_path.iterdir()] == ["share"]
    with pytest.raises(InputError), write_folder(tmp_path / "first"):
        raise InputError("no")
    assert names(tmp_path) == ["share"]


def test_a_folder_whose_writer_was_killed_between_two_names_comes_back(tmp_path):
    folder = tmp_path / "share"
    (tmp_path / ".share.old").mkdir()
    (tmp_path / ".share.old" / "a.txt").write_text("one")
    (tmp_path / ".share.new").mkdir()
    with pytest.raises(InputError), write_folder(folder):
        raise InputError("no")
    assert (folder / "a.txt").read_text() == "one"
    assert [p.name for p in tmp_path.iterdir()] == ["share"]


def test_a_folder_where_a_file_stands_is_refused_or_replaced_by_nothing(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match="can't be written"), write_folder(tmp_path / "out" / "share"):
        pass
    assert (tmp_path / "out").read_text() == "a file"


def test_a_private_file_is_written_once_whoever_writes(tmp_path):
    path = tmp_path / "secret"
    write_private(path, "first\n")
    write_private(path, "second\n")
    assert path.read_text(encoding="utf-8") == "first\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]
