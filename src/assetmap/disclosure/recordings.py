"""Sound and film as they may leave: decoded and encoded anew, and not a byte else of the file they came in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assetmap.errors import AssetMapError, InputError, UsageError
from assetmap.files import require_file

__all__ = ["release_recording"]

_EXACT = {"fflags": "+bitexact"}
"""The same bytes for the same input: no dates, no name of a library's version."""
_RATE = 44_100
_LONGEST_PX = 640
_SECONDS = 15 * 60.0


def release_recording(path: Path, kind: Literal["sound", "film"]) -> bytes:
    """Return a recording as an MP4 file (AAC, for film H.264 beside it) that was encoded from what is heard and seen.

    Nothing else of the file goes along: no place, time, device, name, chapter, subtitle, cover or further track. A
    film is made no larger than 640 pixels, and is turned as its file says that it should be seen. What is said and
    seen, a voice among it, stays: a person has to listen.

    Parameters
    ----------
    path
        The file.
    kind
        ``sound``, or ``film``.

    Raises
    ------
    InputError
        If it can't be decoded whole, or is longer than a quarter of an hour.
    UsageError
        If the extra ``[walks]`` isn't installed.
    """
    try:
        import av
    except ImportError as error:
        raise UsageError("recordings need PyAV: install it with pip install 'assetmap[walks]'.") from error
    require_file(path, kind)
    target = io.BytesIO()
    try:
        with (
            path.open("rb") as stream,
            av.open(stream, "r", metadata_errors="replace", options={"protocol_whitelist": "file"}) as source,
            av.open(target, "w", format="mp4", options=_EXACT) as out,
        ):
            _encode(source, out, kind, path.name)
    except AssetMapError:
        raise
    except (av.FFmpegError, OSError, ValueError) as error:
        raise InputError(f"{path.name} is cut short or broken ({error}): get it again.") from error
    return target.getvalue()


def _encode(source: Any, out: Any, kind: str, name: str) -> None:
    from av.audio.resampler import AudioResampler

    heard = source.streams.audio[0] if source.streams.audio else None
    seen = source.streams.video[0] if kind == "film" and source.streams.video else None
    if heard is None and seen is None:
        raise InputError(f"{name} holds neither sound nor film: get it again.")
    if source.duration is not None and source.duration / 1e6 > _SECONDS:  # FFmpeg counts in microseconds
        raise _too_long(name)
    turns = 0 if seen is None else _quarter_turns(source, seen)
    tracks: dict[int, Any] = {}
    if heard is not None:
        tracks[heard.index] = out.add_stream("aac", rate=_RATE, layout="mono")
    if seen is not None:
        tracks[seen.index] = _film(out, seen, turns)
    even = AudioResampler(format="fltp", layout="mono", rate=_RATE)
    for packet in source.demux([stream for stream in (heard, seen) if stream is not None]):
        track = tracks[packet.stream.index]
        for frame in packet.decode():
            if frame.time is not None and frame.time > _SECONDS:  # a file needn't say how long it is
                raise _too_long(name)
            parts = even.resample(frame) if packet.stream is heard else [_upright(frame, track, turns)]
            for part in parts:
                out.mux(track.encode(part))
    for track in tracks.values():
        out.mux(track.encode())


def _too_long(name: str) -> InputError:
    return InputError(f"{name} is longer than a quarter of an hour: cut out the part that is told.")


def _quarter_turns(source: Any, seen: Any) -> int:
    """Return how many quarter turns anticlockwise the display matrix asks for; the file is then at its beginning."""
    first = next(source.decode(seen), None)
    source.seek(0)
    return 0 if first is None else round(first.rotation / 90) % 4


def _upright(frame: Any, track: Any, turns: int) -> Any:
    """Return a picture turned and in the size of its track, without what the file said of its turn."""
    if not turns:
        return frame.reformat(track.width, track.height, "yuv420p")
    pixels = np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24"), turns))
    turned = type(frame).from_ndarray(pixels, format="rgb24")
    turned.pts, turned.time_base = frame.pts, frame.time_base
    return turned.reformat(track.width, track.height, "yuv420p")


def _film(out: Any, seen: Any, turns: int) -> Any:
    """Add a track for film, no larger than is needed on a phone; one thread, so that equal input gives equal bytes."""
    film = out.add_stream("h264", rate=round(float(seen.average_rate or 25)), options={"crf": "28", "threads": "1"})
    shrink = min(1.0, _LONGEST_PX / max(seen.width, seen.height))
    sides = (seen.height, seen.width) if turns % 2 else (seen.width, seen.height)
    film.width, film.height = (max(2, round(side * shrink / 2) * 2) for side in sides)
    film.pix_fmt = "yuv420p"
    return film
