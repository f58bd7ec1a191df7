"""Sound and film encoded anew: what is heard and seen stays, and nothing else of the file."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
import pytest

from assetmap.disclosure.recordings import release_recording
from assetmap.errors import InputError

PLANTED = b"Jo Bloggs, 14 Ropewalk"
SECONDS = 2


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two seconds of a film of 800 x 600 with words about its maker in its metadata."""
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as out:
        out.metadata.update({"artist": PLANTED.decode(), "location": "+51.53-000.03/", "title": "Ropewalk"})
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 800, 600, "yuv420p"
        for shade in range(10 * SECONDS):
            frame = av.VideoFrame.from_ndarray(np.full((600, 800, 3), 5 * shade, dtype=np.uint8), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    assert PLANTED in path.read_bytes()
    return path


def test_a_film_is_seen_and_says_nothing_of_its_maker(film: Path, tmp_path: Path):
    data = release_recording(film, "film")
    assert PLANTED not in data
    assert b"+51.53" not in data
    target = tmp_path / "released.mp4"
    target.write_bytes(data)
    with av.open(str(target)) as released:
        assert [stream.type for stream in released.streams] == ["video"]
        picture = released.streams.video[0]
        assert (picture.width, picture.height) == (640, 480)
        assert released.duration / av.time_base == pytest.approx(SECONDS, abs=0.2)
        assert sum(1 for _ in released.decode(video=0)) == 10 * SECONDS


def test_the_same_film_gives_the_same_bytes(film: Path):
    assert release_recording(film, "film") == release_recording(film, "film")


def test_a_film_s_pictures_are_not_given_out_as_sound(film: Path):
    with pytest.raises(InputError, match="neither sound nor film"):
        release_recording(film, "sound")


@pytest.mark.parametrize("part", [0.1, 0.5])
def test_a_torn_film_is_one_line(film: Path, part: float):
    data = film.read_bytes()
    film.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(InputError, match="cut short or broken"):
        release_recording(film, "film")


def test_what_is_too_long_by_its_header_is_refused_before_a_picture_is_read(
    film: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("assetmap.disclosure.recordings._SECONDS", SECONDS / 2)
    monkeypatch.setattr("assetmap.disclosure.recordings._quarter_turns", lambda *_: pytest.fail("a picture was read"))
    with pytest.raises(InputError, match="longer than a quarter of an hour"):
        release_recording(film, "film")


def test_what_is_too_long_is_refused_where_no_header_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "film.mjpeg"
    with av.open(str(path), "w", format="mjpeg") as out:
        stream = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for _ in range(50):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), dtype=np.uint8), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    monkeypatch.setattr("assetmap.disclosure.recordings._SECONDS", SECONDS / 2)
    with pytest.raises(InputError, match="longer than a quarter of an hour"):
        release_recording(path, "film")


def test_a_film_shot_upright_is_upright(tmp_path: Path):
    """The matrix that a phone held upright writes (ISO 14496-12, 8.3.2): (x, y) is shown at (height - y, x)."""
    path = tmp_path / "upright.mp4"
    pixels = np.zeros((120, 200, 3), dtype=np.uint8)
    pixels[:60, :100] = 255  # the upper left quarter: upper right when seen
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 200, 120, "yuv420p"
        for _ in range(5):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(stream.encode())
    data = path.read_bytes()
    one, last = 1 << 16, 1 << 30
    straight = struct.pack(">9i", one, 0, 0, 0, one, 0, 0, 0, last)
    at = data.index(straight, data.index(b"tkhd"))
    turned = struct.pack(">9i", 0, one, 0, -one, 0, 0, 120 * one, 0, last)
    path.write_bytes(data[:at] + turned + data[at + 36 :])
    target = tmp_path / "released.mp4"
    target.write_bytes(release_recording(path, "film"))
    with av.open(str(target)) as released:
        frames = list(released.decode(video=0))
    assert len(frames) == 5
    for frame in frames:
        assert (frame.width, frame.height, frame.rotation) == (120, 200, 0)
        seen = frame.to_ndarray(format="gray")
        assert seen[10:90, 70:110].mean() > 200
        assert seen[10:90, 10:50].mean() < 50
        assert seen[110:190].mean() < 50
