"""Fetched files stay whole, are found again, and can be listed."""

import json
from dataclasses import replace
from datetime import date

import pytest

from assetmap.errors import MissingInputError, RemoteError
from assetmap.provenance import provenance_path, read_provenance
from assetmap.sources.remote.kept import Item, describe_ask, fetch_item, is_kept, list_sources


@pytest.fixture
def item(tmp_path, settings):
    return Item(tmp_path / "data" / "table.csv", settings.addresses["iod2019"], "https://x/1", "A table")


class Download:
    def __init__(self, data=b"code\n1\n"):
        self.data, self.calls = data, 0

    def __call__(self):
        self.calls += 1
        return self.data, "1 row"


def test_what_is_fetched_has_a_record_beside_it(item, settings):
    path = fetch_item(item, Download(), settings=settings)
    record = read_provenance(path)
    assert (record.title, record.made_by, record.date) == ("A table", "https://x/1", "2026-05-04")
    assert record.publisher == "Ministry of Housing, Communities and Local Government"
    assert record.licence == "OGL-UK-3.0"
    assert record.note.startswith("1 row; superseded by 2025")
    assert sorted(p.name for p in path.parent.iterdir()) == ["table.csv", "table.csv.source.toml"]


def test_a_second_call_fetches_nothing_and_refresh_does(item, settings):
    download = Download()
    for refresh, calls in ((False, 1), (False, 1), (True, 2)):
        fetch_item(item, download, settings=settings, refresh=refresh)
        assert download.calls == calls


def test_another_question_is_fetched(item, settings):
    fetch_item(item, Download(), settings=settings)
    other = replace(item, asked="https://x/2")
    assert not is_kept(other)
    fetch_item(other, Download(b"code\n2\n"), settings=settings)
    assert item.path.read_bytes() == b"code\n2\n"
    assert is_kept(other)


def test_a_torn_file_is_set_aside_and_fetched_again(item, settings, told):
    fetch_item(item, Download(), settings=settings)
    item.path.write_bytes(b"cod")
    download = Download()
    fetch_item(item, download, settings=settings)
    assert download.calls == 1
    assert item.path.read_bytes() == b"code\n1\n"
    assert item.path.with_name("table.csv.torn").read_bytes() == b"cod"
    assert "table.csv was torn: set aside as table.csv.torn" in str(told)


def test_a_file_of_no_bytes_and_a_record_that_is_none_heal(item, settings):
    fetch_item(item, Download(), settings=settings)
    item.path.write_bytes(b"")
    fetch_item(item, Download(), settings=settings)
    assert is_kept(item)
    provenance_path(item.path).write_text("= not toml")
    assert not is_kept(item)
    fetch_item(item, Download(), settings=settings)
    assert is_kept(item)


def test_a_record_without_its_file_is_a_miss(item, settings):
    fetch_item(item, Download(), settings=settings)
    item.path.unlink()
    fetch_item(item, Download(), settings=settings)
    assert is_kept(item)


def test_a_file_of_the_users_own_is_not_lost(item, settings):
    item.path.parent.mkdir()
    item.path.write_bytes(b"my own table\n")
    fetch_item(item, Download(), settings=settings)
    assert item.path.with_name("table.csv.replaced").read_bytes() == b"my own table\n"


def test_a_refresh_that_fails_leaves_the_old_file_and_its_record(item, settings):
    fetch_item(item, Download(), settings=settings)

    def fail():
        raise RemoteError("busy")

    with pytest.raises(RemoteError):
        fetch_item(item, fail, settings=settings, refresh=True)
    assert is_kept(item)


def test_leftovers_of_a_killed_writer_are_swept(item, settings):
    item.path.parent.mkdir()
    left = item.path.parent / ".table.4194304-abcd1234.partial.csv"  # above the kernel's largest process id
    left.write_bytes(b"half")
    fetch_item(item, Download(), settings=settings)
    assert not left.exists()


def test_a_long_question_is_recorded_by_its_checksum():
    long = describe_ask("https://x/q", {"where": "A" * 3000})
    assert len(long) < 100
    assert long != describe_ask("https://x/q", {"where": "B" * 3000})


def test_sources_are_listed_with_age_licence_and_state(item, settings):
    whole = fetch_item(item, Download(), settings=settings)
    folder = whole.parent
    changed = fetch_item(replace(item, path=folder / "sub" / "changed.csv"), Download(), settings=settings)
    changed.write_bytes(b"edited")
    gone = fetch_item(replace(item, path=folder / "gone.csv"), Download(), settings=settings)
    gone.unlink()
    (folder / "mine.csv").write_text("x")
    (folder / "odd.csv").write_text("x")
    (folder / "odd.csv.source.toml").write_text("title = 3")
    (folder / "old.csv.torn").write_text("x")
    (folder / ".hidden").write_text("x")
    found = list_sources(folder, today=date(2026, 5, 14))
    assert [(s.path.name, s.state, s.age_days) for s in found] == [
        ("gone.csv", "missing", 10),
        ("mine.csv", "unrecorded", None),
        ("odd.csv", "unreadable record", None),
        ("changed.csv", "changed", 10),
        ("table.csv", "whole", 10),
    ]
    assert found[-1].record.licence == "OGL-UK-3.0"
    assert json.dumps([s.state for s in found])


def test_a_record_without_a_date_has_no_age(item, settings):
    path = fetch_item(item, Download(), settings=settings)
    record = provenance_path(path)
    record.write_text(record.read_text().replace("2026-05-04", "in spring"))
    (found,) = list_sources(path.parent)
    assert (found.state, found.age_days) == ("whole", None)


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(MissingInputError, match="is not a folder"):
        list_sources(tmp_path / "nowhere")
