"""Seeded ways to spoil a file: at its bytes, and at the level of its own grammar."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
import warnings
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from copy import deepcopy
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

__all__ = ["spoil"]

ET.register_namespace("", "http://www.opengis.net/kml/2.2")  # so that KML stays KML when it is written again

WORDS = [
    "", " ", "NA", "nan", "NaN", "inf", "-inf", "Infinity", "1e400", "-1e308", "1e-320", "0", "-0", "-1", "180.0001",
    "99999999999999999999999999", "9" * 400, "0x10", "1,5", "1.2.3", "true", "null", "None", "=1+1", "@SUM(A1)", "\t",
    "\x00", "\ufeff", "\u202e", "\u2028", "\ud7ff\ue000", "\U0001f600" * 3, "A" * 5_000, "é" * 300, "../../etc/passwd",
    "C:\\x", "<script>alert(1)</script>", "${x}`", "%s%n%d", "2026-13-45", "0000-00-00", "9999-12-31T25:61:61Z",
    "1;2;3", "E01999001", "W01000001", "TQ 369 833", "E3 5SJ", "way/1", "[]", "{}", '"', "'", "\\", "\n", "a\nb",
    "POINT (1 2", "POLYGON ((0 0, 1 1, 1 0, 0 0))", "GEOMETRYCOLLECTION EMPTY",
]  # fmt: skip
NUMBERS = [0, -0.0, -1, 1e308, -1e308, 5e-324, 2**31, -(2**31), 2**63, 2**64, 10**30, 10**400, 180.5, 90.5, 0.1 + 0.2]
RAW = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5_000, '"\\ud800"', '"\\u0000"', "[" * 20_000, "{}" * 9]

Chance = random.Random


def spoil(kind: str, data: bytes, seed: int) -> bytes:
    """Return `data` spoilt in a way that the seed chooses: half the time at its grammar, else at its bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two entries of one name in an archive, and so on: they are meant
        return _spoil(data, _GRAMMARS[kind], random.Random(f"{kind} {seed}"))


def _spoil(data: bytes, grammar: Callable[[bytes, Chance], bytes], chance: Chance) -> bytes:
    if chance.random() < 0.55:
        with suppress(
            ValueError, IndexError, KeyError, sqlite3.Error, ET.ParseError, zipfile.BadZipFile, RecursionError
        ):  # what was spoilt already can't be spoilt this way again
            for _ in range(chance.choice([1, 1, 1, 2, 5])):
                data = grammar(data, chance)
            return data
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        data = chance.choice(_BYTES)(data, chance)
    return data


# --- Bytes --------------------------------------------------------------------------------------------------------


def _span(data: bytes, chance: Chance) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(chance.paretovariate(0.6)))


def _flip_bits(data: bytes, chance: Chance) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16, 64])):
        if out:
            out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _truncate(data: bytes, chance: Chance) -> bytes:
    return data[
        : chance.choice([0, 1, len(data) - 1, chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)])
    ]


def _drop_chunk(data: bytes, chance: Chance) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _repeat_chunk(data: bytes, chance: Chance) -> bytes:
    start, end = _span(data, chance)
    times = min(chance.choice([1, 2, 50, 5_000]), 100_000 // max(1, end - start))
    return data[:end] + data[start:end] * times + data[end:]


def _zero_chunk(data: bytes, chance: Chance) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + bytes([chance.choice([0, 255])]) * (end - start) + data[end:]


def _swap_chunks(data: bytes, chance: Chance) -> bytes:
    a, b, c = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _insert_noise(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    word = chance.choice([chance.randbytes(chance.choice([1, 4, 64])), chance.choice(WORDS).encode("utf-8", "replace")])
    return data[:at] + word + data[at:]


def _encode_again(data: bytes, chance: Chance) -> bytes:
    text = data.decode("latin-1")
    return chance.choice(
        [
            b"\xef\xbb\xbf" + data,
            text.encode("utf-16"),
            text.encode("utf-16-be"),
            text.encode("utf-32"),
            text.encode("utf-8"),
            data.replace(b"\n", b"\r\n"),
            data.replace(b"\n", b"\r"),
            data.replace(b"\n", b"\x00"),
            data.replace(b"a", b"\xe9"),
            data + b"\x1a",
        ]
    )


_BYTES = [
    _flip_bits, _flip_bits, _truncate, _drop_chunk, _repeat_chunk, _zero_chunk, _swap_chunks, _insert_noise,
    _encode_again,
]  # fmt: skip

# --- JSON ---------------------------------------------------------------------------------------------------------

_MARK = "\u0001raw\u0001"


def _slots(content: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value that something else can be put into."""
    found: list[tuple[Any, Any]] = []
    waiting = [content]
    while waiting:
        here = waiting.pop()
        keys = here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        for key in keys:
            found.append((here, key))
            waiting.append(here[key])
    return found


def _json_value(chance: Chance, old: Any) -> Any:
    deep: Any = old
    for _ in range(chance.choice([1, 3, 200])):
        deep = [deep] if chance.random() < 0.5 else {"x": deep}
    raw = f"{_MARK}{chance.randrange(len(RAW))}"
    swapped = [str(old), [old], {"type": old}, deep, raw, None, True, False, [], {}, old, chance.choice(NUMBERS)]
    return chance.choice([*swapped, chance.choice(NUMBERS), chance.choice(WORDS), raw])


def _spoil_json(data: bytes, chance: Chance) -> bytes:
    content = json.loads(data.decode("utf-8"))
    slots = _slots(content)
    here, key = chance.choice(slots)
    match chance.randrange(5):
        case 0 if isinstance(here, dict):
            del here[key]
        case 1 if isinstance(here, list):
            here.extend([here[key]] * chance.choice([1, 1, 300]))
        case 2:
            there, other = chance.choice(slots)
            here[key], there[other] = there[other], json.loads(json.dumps(here[key]))
        case 3 if isinstance(here, dict):
            here[chance.choice(WORDS)] = here.pop(key)
        case _:
            here[key] = _json_value(chance, here[key])
    text = json.dumps(content, ensure_ascii=chance.random() < 0.5)
    for number, raw in enumerate(RAW):
        text = text.replace(json.dumps(f"{_MARK}{number}"), raw).replace(f'"{_MARK}{number}"', raw)
    return text.encode("utf-8")


# --- XML ----------------------------------------------------------------------------------------------------------

_LAUGHS = "".join(f'<!ENTITY {new} "{f"&{old};" * 9}">' for old, new in pairwise("abcdfghe"))
_DOCTYPES = [
    f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{_LAUGHS}]>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
]


def _spoil_xml(data: bytes, chance: Chance) -> bytes:
    root = ET.fromstring(data)
    parents = [(parent, child) for parent in root.iter() for child in parent]
    parent, child = chance.choice(parents)
    keys = list(child.keys())
    match chance.randrange(8):
        case 0:
            parent.remove(child)
        case 1:
            parent.extend([deepcopy(child)] * chance.choice([1, 1, 400]))
        case 2 if keys:
            del child.attrib[chance.choice(keys)]
        case 3 | 4 if keys:
            child.set(chance.choice(keys), _xml_word(chance))
        case 5:
            child.tag = chance.choice(["node", "way", "relation", "osm", "Point", "Polygon", "coordinates", "x", "kml"])
        case 6:
            child.text = _xml_word(chance)
        case _:
            chance.choice(parents)[1].append(deepcopy(child))
    text = ET.tostring(root, encoding="unicode")
    if chance.random() < 0.1:
        text = chance.choice(_DOCTYPES) + text.replace('name"', '&e;"', 1)
    if chance.random() < 0.05:
        text = text[:40] + "<a>" * 5_000 + text[40:]
    return text.encode("utf-8", "replace")


def _xml_word(chance: Chance) -> str:
    word = chance.choice([*WORDS, *map(str, NUMBERS[:11])])
    return "".join(char for char in word if char >= " " or char in "\t\n") if chance.random() < 0.9 else word


# --- Tables -------------------------------------------------------------------------------------------------------


def _rows(data: bytes) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    if len(rows) < 2:
        raise ValueError("no rows are left")
    return rows


def _spoil_rows(rows: list[list[str]], chance: Chance) -> None:
    row = chance.randrange(len(rows))
    column = chance.randrange(max(1, len(rows[row])))
    match chance.randrange(8):
        case 0:
            rows.insert(row, list(chance.choice(rows)))
        case 1:
            del rows[row]
        case 2:
            for line in rows:
                del line[column : column + 1]
        case 3:
            rows[row].extend(chance.choices(WORDS, k=chance.choice([1, 3, 40])))
        case 4 if rows[0]:
            rows[0][column % len(rows[0])] = chance.choice([*rows[0], *WORDS])
        case 5:
            word = chance.choice(WORDS)
            for line in rows[1:]:
                line[column : column + 1] = [word]
        case _:
            rows[row][column : column + 1] = [chance.choice(WORDS)]


def _spoil_csv(data: bytes, chance: Chance) -> bytes:
    rows = _rows(data)
    _spoil_rows(rows, chance)
    out = io.StringIO()
    delimiter = chance.choice([",", ",", ",", ";", "\t", "|"])
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


# --- Archives, databases, settings --------------------------------------------------------------------------------


def _spoil_zip(data: bytes, chance: Chance) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        entries = [(entry.filename, zipped.read(entry)) for entry in zipped.infolist()]
    place = chance.randrange(len(entries))
    name, inner = entries[place]
    match chance.randrange(8):
        case 0:
            del entries[place]
        case 1:
            entries.append((chance.choice([name, "../x.kml", "/x.kml", "C:\\x.kml", "b.kml", "", "x" * 300]), inner))
        case 2:
            entries[place] = (chance.choice(["doc.kml", "a.shp", "x", "xl/workbook.xml", name.upper()]), inner)
        case 3:
            entries[place] = (name, bytes(chance.choice([0, 3 << 20])))
        case 4 if name.endswith((".kml", ".xml", ".rels")):
            entries[place] = (name, _spoil_xml(inner, chance))
        case _:
            entries[place] = (name, chance.choice(_BYTES)(inner, chance))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for each, content in entries:
            zipped.writestr(zipfile.ZipInfo(each), content)
    return out.getvalue()


def _spoil_database(data: bytes, chance: Chance) -> bytes:
    """Change one cell, row, column or table of a GeoPackage, as SQLite lets one do."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(data)
        base.text_factory = bytes
        tables = [name.decode() for (name,) in base.execute("select name from sqlite_master where type = 'table'")]
        table = chance.choice(["marks", "marks", *[name for name in tables if not name.startswith("sqlite")]])
        columns = [row[1].decode() for row in base.execute(f'pragma table_info("{table}")')]
        for (trigger,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            base.execute(f'drop trigger "{trigger.decode()}"')  # they ask for functions that are GDAL's
        column = chance.choice(columns)
        match chance.randrange(6):
            case 0:
                base.execute(f'delete from "{table}"')
            case 1:
                base.execute(f'alter table "{table}" rename column "{column}" to "x y"')
            case 2 if table == "marks":
                _spoil_shapes(base, chance)
            case _:
                word = chance.choice([*WORDS, None, chance.randbytes(40), 2**62, 1e308, b""])
                row = chance.choice(base.execute(f'select rowid from "{table}"').fetchall() or [(0,)])[0]
                where = "" if chance.random() < 0.3 else f"where rowid = {row}"
                base.execute(f'update "{table}" set "{column}" = ? {where}', (word,))
        base.commit()
        return base.serialize()


def _spoil_shapes(base: sqlite3.Connection, chance: Chance) -> None:
    for row, shape in base.execute("select rowid, geom from marks").fetchall():
        if shape and chance.random() < 0.5:
            base.execute("update marks set geom = ? where rowid = ?", (chance.choice(_BYTES)(shape, chance), row))


def _spoil_settings(data: bytes, chance: Chance) -> bytes:
    lines = data.decode("utf-8").split("\n")
    place = chance.randrange(len(lines))
    key, equals, value = lines[place].partition(" = ")
    values = [*map(str, NUMBERS[:11]), *(json.dumps(word) for word in WORDS), *RAW[:6], "[" * 3_000, "{a = {b = 1}}",
              "[[1], ['a']]", "2026-02-31", "2026-05-04T12:00:00Z", "'''", "[]", "true", value * 2]  # fmt: skip
    match chance.randrange(6):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, chance.choice(lines))
        case 2:
            lines[place] = chance.choice(
                ["[", "[[a]]", "[a.b.c]", "[study]", "x", "= 1", '"" = 1', "[lists]", "a.b = 1"]
            )
        case 3 if equals:
            lines[place] = f"{key[::-1]} = {value}"
        case _ if equals:
            lines[place] = f"{key} = {chance.choice(values)}"
        case _:
            lines.append(f"{chance.choice(['x', 'study', 'place', 'osm', 'lists'])} = {chance.choice(values)}")
    return "\n".join(lines).encode("utf-8", "replace")


_GRAMMARS: dict[str, Callable[[bytes, Chance], bytes]] = {
    "osm": _spoil_xml,
    "pbf": _flip_bits,
    "reply": _spoil_json,
    "geojson": _spoil_json,
    "gpkg": _spoil_database,
    "kml": _spoil_xml,
    "kmz": _spoil_zip,
    "shapefile": _spoil_zip,
    "list": _spoil_csv,
    "workbook": _spoil_zip,
    "index": _spoil_csv,
    "people": _spoil_csv,
    "zones": _spoil_json,
    "settings": _spoil_settings,
    "record": _spoil_settings,
}
