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
from assetmap.study.sharing.feedback import FILES, write_answers
from assetmap.table_files import write_table
from assetmap.words import words_for

__all__ = ["ShareFiles", "page_name", "write_share"]

TABLES = {
    "assets": "places, with what is known of each",
    "zones": "areas, with their deprivation and their figures",
    "access_by_zone": "how far people have to places of each kind, area by area",
    "access_by_deprivation": "the same by how deprived areas are",
    "standards": "who lives near enough to green space by published standards",
    "equity": "how unequal distances are",
    "mark_cells": "residents' marks, counted in squares",
    "comments": "residents' remarks, near where they were made",
    "stops": "stops of walks, with what was told there",
}
"""Frames of a release that go out as tables, with what each is."""
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


def page_name(language: str) -> str:
    """Return the file name of a language's page."""
    return f"map.{language}.html"


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
    if not share.share_url:
        notes.append("no address: handouts have no QR code and places no links until [study] share_url is set")
    for language in share.languages:
        content = _in_language(share, language)
        write_text(folder / page_name(language), map_html(content))
        handout = handout_of(content)
        for size in _SIZES:
            try:
                write_handout(folder / f"map.{language}.{size}.pdf", handout, size=size)
            except InputError as error:
                notes.append(f"no {size} handout in {words_for(language).name}: {error}")
    notes += write_answers(folder, share.passed, share.content, page_name(share.languages[0]))
    tables = _write_tables(folder / "data", share)
    if share.content.media is not None:
        for file, data in zip(share.content.media["file"], share.content.media["data"], strict=True):
            write_bytes(folder / "media" / file, data)
    write_json(folder / "publish.json", _record(share))
    write_text(folder / "README.txt", _read_me(share, tables))
    return tuple(notes)


def _in_language(share: ShareFiles, language: str) -> MapContent:
    pages = [(other, page_name(other)) for other in share.languages]
    address = share.share_url + page_name(language) if share.share_url else ""
    return replace(share.content, language=language, address=address, siblings=pages if len(pages) > 1 else ())


def _write_tables(folder: Path, share: ShareFiles) -> list[str]:
    """Write each table as CSV, and as GeoJSON if it is on the map; return their names."""
    names = []
    for name in TABLES:
        frame = share.passed.frames.get(name)
        if frame is None:
            continue
        require_stamp(frame, share.content.audience, name)
        for suffix in (".csv", ".geojson") if isinstance(frame, gpd.GeoDataFrame) else (".csv",):
            write_table(folder / f"{name}{suffix}", frame, layer=name, made_on=share.content.made_on)
            names.append(f"data/{name}{suffix}")
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


def _read_me(share: ShareFiles, tables: Sequence[str]) -> str:
    content, first = share.content, share.languages[0]
    lines = [
        _line(content.title),
        "",
        *([_line(content.notice), ""] if content.notice else []),
        f"Made on {content.made_on} with assetmap, for {content.audience}.",
        *([f"Something wrong, or yours to take down? Tell {_line(content.contact)}."] if content.contact else []),
        "",
        "The map",
        *(f"  {page_name(language)}  in {words_for(language).name}" for language in share.languages),
        "  Each opens in a browser without a network. Keep them in one folder: they link to one another.",
        "  On an iPhone or iPad open it with a browser app: the preview in Mail or Messages shows a picture alone.",
        "",
        "On paper",
        f"  map.{first}.A4.pdf, map.{first}.A3.pdf, and so for each language",
        "",
        *(["You said, we did", f"  {FILES[0]}, {FILES[1]}", ""] if "answers" in share.passed.frames else []),
        "Tables, for spreadsheets (CSV) and maps (GeoJSON)",
        *(f"  {name}  {TABLES[Path(name).stem]}" for name in tables if name.endswith(".csv")),
        "",
        "What was left out",
        "  Counts of few people, and others that would give them away, are empty; the column `hidden` says where.",
        "  Residents' marks are here as far as their contributors have agreed: counted in squares, and single",
        "  remarks without names, near where they were made and not there. publish.json says how much was left out.",
        "",
        "Where the data come from",
        *(f"  {_source(source)}" for source in content.sources),
    ]
    return "\n".join(lines) + "\n"


def _source(source: Sequence[Any]) -> str:
    words = words_for("en")
    title, attribution, licence, day = source
    parts = (words.say(part).rstrip(". ") for part in (title, attribution, licence))
    return _line(". ".join(filter(None, [*parts, day])))


def _line(text: object) -> str:
    """Return a text as one line."""
    return " ".join(plain_text(text).split())
