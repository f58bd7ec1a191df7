"""Sound and film encoded anew: what is heard and seen stays, and nothing else of the file."""

from __future__ import annotations

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


def test_what_is_too_long_is_refused_whatever_the_file_says(film: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assetmap.disclosure.recordings._SECONDS", SECONDS / 2)
    with pytest.raises(InputError, match="longer than a quarter of an hour"):
        release_recording(film, "film")
