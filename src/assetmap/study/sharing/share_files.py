"""The files of a release: a page and handouts in each language, open tables, what to know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd

from assetmap.disclosure.gate import Passed
from assetmap.disclosure.stamp import require_stamp
from assetmap.encode import plain_text
from assetmap.errors import InputError
from assetmap.files import write_bytes, write_json, write_text
from assetmap.maps import MapContent, map_html
from assetmap.maps.handout import handout_of
from assetmap.paper.handout import write_handout
from assetmap.study.sharing.feedback import answer_files, reading_note, write_answers
from assetmap.study.sharing.read_me import read_me, read_me_name
from assetmap.study.sharing.releases import page_name
from assetmap.table_files import write_table
from assetmap.words import words_for

__all__ = ["ShareFiles", "write_share"]

TABLES = (
    "assets",
    "zones",
    "access_by_zone",
    "access_by_deprivation",
    "standards",
    "equity",
    "mark_cells",
    "comments",
    "stops",
)
"""Frames of a release that go out as tables; what each is, is the phrase ``read_me_table_<name>``."""
_SIZES: tuple[Literal["A4", "A3"], ...] = ("A4", "A3")


@dataclass(frozen=True)
class ShareFiles:
    """What the files of a release are made from."""

    content: MapContent
    """The map, in any language."""
    languages: Sequence[str]
    share_url: str
    """The folder on the web in which the release will be; may be empty."""
    passed: Passed
    written_in: str
    """The language that residents and the team mostly write in."""


def write_share(folder: Path, share: ShareFiles) -> tuple[str, ...]:
    """Write a release into an empty folder.

    Returns
    -------
    tuple of str
        What it does without, each with the remedy.

    Raises
    ------
    DisclosureError
        If a frame doesn't carry the gate's stamp.
    """
    notes = []
    handouts: dict[str, list[str]] = {language: [] for language in share.languages}
    if not share.share_url:
        notes.append("no address: handouts have no QR code and places no links until [study] share_url is set")
    for language in share.languages:
        content = _in_language(share, language)
        write_text(folder / page_name(language), map_html(content))
        handout = handout_of(content)
        for size in _SIZES:
            name = f"map.{language}.{size}.pdf"
            try:
                write_handout(folder / name, handout, size=size)
                handouts[language].append(name)
            except InputError as error:
                notes.append(f"no {size} handout in {words_for(language).name}: {error}")
        notes += write_answers(folder, share.passed, content, share.written_in)
    notes += filter(None, [reading_note(share.passed)])
    tables = _write_tables(folder / "data", share)
    if share.content.media is not None:
        for file, data in zip(share.content.media["file"], share.content.media["data"], strict=True):
            write_bytes(folder / "media" / file, data)
    write_json(folder / "publish.json", _record(share))
    for language in share.languages:
        content, paper = _in_language(share, language), handouts[language]
        answers = [name for name in answer_files(language) if (folder / name).exists()]
        said = read_me(content, pages=_pages(share), handouts=paper, answers=answers, tables=tables)
        write_text(folder / read_me_name(language, share.languages), said)
    return tuple(notes)


def _pages(share: ShareFiles) -> list[tuple[str, str]]:
    return [(language, page_name(language)) for language in share.languages]


def _in_language(share: ShareFiles, language: str) -> MapContent:
    pages = _pages(share)
    address = share.share_url + page_name(language) if share.share_url else ""
    return replace(share.content, language=language, address=address, siblings=pages if len(pages) > 1 else ())


def _write_tables(folder: Path, share: ShareFiles) -> list[str]:
    """Write each table as CSV, and as GeoJSON if it is on the map; return the CSVs' paths."""
    names = []
    for name in TABLES:
        frame = share.passed.frames.get(name)
        if frame is None:
            continue
        require_stamp(frame, share.content.audience, name)
        for suffix in (".csv", ".geojson") if isinstance(frame, gpd.GeoDataFrame) else (".csv",):
            write_table(folder / f"{name}{suffix}", frame, layer=name, made_on=share.content.made_on)
        names.append(f"data/{name}.csv")
    return names


def _record(share: ShareFiles) -> dict[str, Any]:
    """Return what readers may know of what the release does without: never of whom."""
    content = share.content
    kept = Counter((item.what, item.reason, item.remedy) for item in share.passed.withheld)
    return {
        "study": plain_text(content.title),
        "made_on": content.made_on,
        "audience": content.audience,
        "languages": list(share.languages),
        "withheld": [
            {"what": what, "why": reason, "remedy": remedy, "count": count}
            for (what, reason, remedy), count in sorted(kept.items())
        ],
        **share.passed.facts,
    }
