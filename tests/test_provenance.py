"""Where a file came from, and whether it is still that file."""

import hashlib

import pytest

from assetmap.errors import InputError, MissingInputError
from assetmap.provenance import Provenance, provenance_path, read_provenance, record_provenance

WORDS = {
    "title": 'Zones "2021"',
    "publisher": "Office\nfor Ökologie",
    "licence": "OGL v3",
    "attribution": "© Crown copyright\\2021",
    "date": "2026-05-04",
    "made_by": "https://example.org/?a=1&b='2'",
}


@pytest.fixture
def recorded(tmp_path):
    path = tmp_path / "zones.geojson"
    path.write_bytes(b"{}")
    record_provenance(path, note="", **WORDS)
    return path


def test_the_record_is_beside_the_file_and_reads_back(recorded):
    assert provenance_path(recorded) == recorded.with_name("zones.geojson.source.toml")
    sha = hashlib.sha256(b"{}").hexdigest()
    assert read_provenance(recorded) == Provenance(**WORDS, sha256=sha, note="")


def test_no_record_is_no_mistake(tmp_path):
    assert read_provenance(tmp_path / "zones.geojson") is None


def test_a_changed_file_is_noticed_and_can_be_described_all_the_same(recorded):
    recorded.write_bytes(b"[]")
    with pytest.raises(InputError, match="has changed since it was recorded: fetch it again with --refresh"):
        read_provenance(recorded)
    assert read_provenance(recorded, verify=False).licence == "OGL v3"


def test_a_record_without_its_file_says_that_the_file_is_missing(recorded):
    recorded.unlink()
    with pytest.raises(MissingInputError):
        read_provenance(recorded)


@pytest.mark.parametrize(
    "content",
    [
        b"title = ",
        b"title = 'only'",
        b"<html>",
        b"\xff\xfe",
        b"unknown = 1\n",
        b"x = " + b"[" * 5000,
        b"x = " + b"9" * 5000,
        b"x = 2026-99-99",
        b"",
    ],
    ids=["torn", "short", "page", "binary", "strange", "deep", "huge", "date", "empty"],
)
def test_a_broken_record_is_one_line(recorded, content):
    provenance_path(recorded).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_provenance(recorded)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("value", ["5", "[1]", "{a = 1}", "true", "1.5", "2026-05-04"])
@pytest.mark.parametrize("key", ["title", "date", "sha256", "note"])
def test_a_record_of_other_things_than_words_is_one_line(recorded, key, value):
    lines = provenance_path(recorded).read_text().splitlines()
    changed = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lines]
    provenance_path(recorded).write_text("\n".join(changed))
    with pytest.raises(InputError, match="is not a provenance record"):
        read_provenance(recorded, verify=False)
