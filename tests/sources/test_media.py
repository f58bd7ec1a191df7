"""Photographs, sound and film: what they know of their time and place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assetmap.errors import MissingInputError, UsageError
from assetmap.sources.media import read_media
from tests.walks.recordings import film, photograph, sound

NOON = pd.Timestamp("2026-05-16T12:00:00")


def test_a_photograph_knows_its_time_zone_place_and_camera(tmp_path: Path):
    photograph(tmp_path / "a.jpg", NOON, lonlat=(-0.0331, 51.5302), offset="+01:00")
    media, tally = read_media(tmp_path)
    (row,) = media.itertuples()
    assert (row.file, row.kind, row.device, row.clock, row.utc_offset_s) == (
        "a.jpg",
        "photograph",
        "Pocket 3",
        NOON,
        3600,
    )
    assert (row.lon, row.lat) == (pytest.approx(-0.0331, abs=1e-6), pytest.approx(51.5302, abs=1e-6))
    assert tally.kept == 1


def test_what_a_file_does_not_say_is_missing_and_not_guessed(tmp_path: Path):
    photograph(tmp_path / "a.jpg", model=None)
    (row,) = read_media(tmp_path)[0].itertuples()
    assert pd.isna(row.clock)
    assert pd.isna(row.device)
    assert np.isnan([row.utc_offset_s, row.lon, row.lat]).all()


def test_sound_has_a_length_the_time_of_its_name_and_its_transcript(tmp_path: Path):
    sound(tmp_path / "Recording_20260516_101530.wav", 12)
    (tmp_path / "Recording_20260516_101530.vtt").write_text(
        "WEBVTT\n\n1\n00:00.000 --> 00:04.000\n<v Jo>There is no room\n\n"
        "2\n00:04.000 --> 00:08.000\nfor young people.\n"
    )
    (row,) = read_media(tmp_path)[0].itertuples()
    assert (row.kind, row.clock) == ("sound", pd.Timestamp("2026-05-16T10:15:30"))
    assert row.duration_s == pytest.approx(12, abs=0.1)
    assert row.transcript == "There is no room for young people."


def test_words_beside_a_recording_and_its_picture_are_those_of_the_recording(tmp_path: Path):
    photograph(tmp_path / "stop3.jpg", NOON)
    sound(tmp_path / "stop3.wav", 1)
    photograph(tmp_path / "stop4.jpg", NOON, model="Other")
    for name in ("stop3", "stop4"):
        (tmp_path / f"{name}.txt").write_text(f"told at {name}")
    media = read_media(tmp_path)[0].set_index("file")["transcript"]
    assert media["stop3.wav"] == "told at stop3"
    assert media["stop4.jpg"] == "told at stop4"
    assert pd.isna(media["stop3.jpg"])  # the sound may be for nobody, and the picture for all


def test_nothing_is_lost_in_silence(tmp_path: Path):
    photograph(tmp_path / "a.jpg", NOON)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "b.jpg").write_bytes((tmp_path / "a.jpg").read_bytes())
    (tmp_path / "torn.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:60])
    (tmp_path / "corrupt.mp3").write_bytes(b"ID3\x04\x00\x00" + bytes(range(256)) * 8)
    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "plan.docx").write_bytes(b"PK")
    (tmp_path / "alone.txt").write_text("words of no file")
    sound(tmp_path / "long.wav", 3 * 3600)
    film(tmp_path / "film.mp4", (90, 90, 90), hours=3)
    media, tally = read_media(tmp_path)
    assert media["file"].tolist() == ["a.jpg"]
    assert tally.read == 9
    assert tally.kept == 1
    assert dict(tally.rows)["deeper/b.jpg"] == "the same file twice"
    assert media["copies"].tolist() == ["deeper/b.jpg"]
    assert dict(tally.rows)["plan.docx"] == dict(tally.rows)["alone.txt"] == "not a photograph, sound or film"
    assert "longer than an hour" in dict(tally.rows)["long.wav"]
    assert "longer than an hour" in dict(tally.rows)["film.mp4"]
    assert {"torn.jpg", "corrupt.mp3", "empty.mp4"} <= dict(tally.rows).keys()


def test_a_playlist_that_calls_itself_a_film_opens_nothing(tmp_path: Path):
    (tmp_path / "film.mp4").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n")
    media, tally = read_media(tmp_path)
    assert media.empty
    assert tally.dropped.total() == 1


def test_a_folder_that_is_none_and_a_missing_extra_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(MissingInputError, match="is not a folder"):
        read_media(tmp_path / "none")
    sound(tmp_path / "a.wav", 1)
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(UsageError, match=r"assetmap\[walks\]"):
        read_media(tmp_path)
