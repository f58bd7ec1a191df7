"""Nothing leaves an archive's folder, and no archive fills the disk."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from assetmap.archives import ZIP_MAX_BYTES, ZIP_MAX_ENTRIES, unpack_zip
from assetmap.errors import InputError, MissingInputError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def make_zip(path: Path, entries: dict[str, bytes], **options) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as zipped:
        for name, data in entries.items():
            zipped.writestr(name, data)
    return path


def test_an_archive_unpacks_in_its_order_with_folders(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"b/doc.kml": b"<kml/>", "a.txt": b"1", "empty/": b""})
    into = tmp_path / "into"
    assert unpack_zip(archive, into) == [into / "b/doc.kml", into / "a.txt"]
    assert (into / "b/doc.kml").read_bytes() == b"<kml/>"


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/etc/evil.txt",
        "C:\\evil.txt",
        "C:evil.txt",
        "..\\evil.txt",
        "a\\..\\..\\evil.txt",
        "\\\\server\\share\\evil.txt",
        "\\evil.txt",
    ],
)
def test_a_name_that_points_outside_is_refused_before_anything_is_written(tmp_path, name):
    archive = make_zip(tmp_path / "a.zip", {"fine.txt": b"1", name: b"2"})
    with pytest.raises(InputError, match="points outside it"):
        unpack_zip(archive, tmp_path / "into")
    assert names(tmp_path) == ["a.zip"]


def test_a_link_is_refused_before_anything_is_written(tmp_path):
    link = zipfile.ZipInfo("doc.kml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("fine.txt", "1")
        zipped.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match=r"holds a link \('doc.kml'\)"):
        unpack_zip(tmp_path / "a.zip", tmp_path / "into")
    assert names(tmp_path) == ["a.zip"]


def test_too_many_entries_are_refused(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {f"{n}.txt": b"" for n in range(ZIP_MAX_ENTRIES + 1)})
    with pytest.raises(InputError, match="holds 201 entries, more than 200"):
        unpack_zip(archive, tmp_path / "into")


def unpacked_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_a_bomb_is_stopped_at_its_ratio(tmp_path):
    archive = make_zip(tmp_path / "bomb.kmz", {"doc.kml": b"0" * (30 << 20)})
    assert archive.stat().st_size < 40_000
    with pytest.raises(InputError, match="unpacks to more than"):
        unpack_zip(archive, tmp_path / "into")
    assert unpacked_bytes(tmp_path / "into") <= 100 * archive.stat().st_size


def test_the_bytes_of_all_entries_count_together(tmp_path):
    noise = os.urandom(1 << 19)
    archive = make_zip(tmp_path / "many.zip", {f"{n}.bin": noise * 20 for n in range(6)}, compresslevel=0)
    assert archive.stat().st_size > ZIP_MAX_BYTES  # so it is not the ratio that stops it
    with pytest.raises(InputError, match="unpacks to more than 51200 KiB"):
        unpack_zip(archive, tmp_path / "into")
    assert unpacked_bytes(tmp_path / "into") <= ZIP_MAX_BYTES


def test_a_lie_about_the_size_helps_nobody(tmp_path):
    archive = make_zip(tmp_path / "bomb.zip", {"doc.kml": b"0" * (30 << 20)})
    data = bytearray(archive.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the uncompressed size in both headers
        where = data.index(mark) + at
        data[where : where + 4] = (100).to_bytes(4, "little")
    archive.write_bytes(data)
    with pytest.raises(InputError):
        unpack_zip(archive, tmp_path / "into")
    assert unpacked_bytes(tmp_path / "into") <= 1 << 20


@pytest.mark.parametrize("damage", ["torn", "no zip", "crc", "stream", "empty"])
def test_a_broken_archive_is_one_line(tmp_path, damage):
    archive = make_zip(tmp_path / "a.zip", {"a.txt": bytes(range(256)) * 40, "b.txt": b"2" * 999})
    data = archive.read_bytes()
    broken = {
        "torn": data[: len(data) // 2],
        "no zip": b"<html>Sign in</html>",
        "crc": data.replace(data[14:18], bytes(4)),
        "stream": data[:40] + bytes(60) + data[100:],
        "empty": b"",
    }
    archive.write_bytes(broken[damage])
    with pytest.raises(InputError, match=r"can't be unpacked|is empty") as caught:
        unpack_zip(archive, tmp_path / "into")
    assert "\n" not in str(caught.value)


def test_an_archive_under_a_password_is_one_line(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"a.txt": b"1"})
    data = bytearray(archive.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(InputError, match=r"password|encrypted"):
        unpack_zip(archive, tmp_path / "into")


def test_a_missing_archive_stays_a_missing_file(tmp_path):
    with pytest.raises(MissingInputError):
        unpack_zip(tmp_path / "a.zip", tmp_path / "into")
