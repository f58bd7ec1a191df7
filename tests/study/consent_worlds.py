"""Random small studies whose every recording, mark and crop can be told apart in whatever is made of them."""

from __future__ import annotations

import base64
import gzip
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile

import av
import geopandas as gpd
import numpy as np
import pandas as pd
import pypdfium2
import shapely
from PIL import Image
from shapely.affinity import translate

from tests.walks.recordings import film, gpx, photograph, sound
from tests.worlds import drawn

BEGIN = pd.Timestamp("2026-05-16T09:00:00Z")
SAID = {
    "public": "public", "Public": "public", " PUBLIC ": "public", "everyone": "public",
    "partners": "partners", "Partners only": "partners",
    "research": "research", "RESEARCH": "research",
    "none": "none", "None": "none", " NO ": "none", "withdrawn": "none", "Refused": "none", "0": "none",
    "": "unknown", "pubic": "unknown", "publik": "unknown", "public?": "unknown", "not public": "unknown",
    "yes": "unknown", "TRUE": "unknown", "unknown": "unknown", "partner ok": "unknown",
}  # fmt: skip
"""What somebody wrote, and what it means: what isn't known for certain means nothing."""
AUDIENCES = {"residents": {"public"}, "partners": {"public", "partners"}}
STEP_M = 130.0
"""Items lie so far apart, which is more than what counts as one stop."""


@dataclass
class Item:
    """A recording, a mark or a crop, with what it can be known by."""

    kind: str
    token: str
    """A made-up word in its title, words and credit."""
    name: str
    """A made-up word in the file's name and metadata, which nobody is shown."""
    look: int
    """Which colour it has, or which tone."""
    x: float
    y: float
    said: str | None
    """What the sheet has of its consent; None where it has no row."""
    who: str | None
    walk: str = ""
    file: Path | None = None
    twin_of: int | None = None
    """The item of which this is the same file."""

    @property
    def point(self) -> shapely.Point:
        return shapely.Point(self.x, self.y)

    @property
    def meant(self) -> str:
        return SAID[self.said] if self.said is not None else "unknown"


@dataclass
class World:
    """A study's items, and who has withdrawn."""

    items: list[Item] = field(default_factory=list)

    def allowed(self, audience: str) -> set[int]:
        """Which items may leave, worked out from what was written alone."""
        refused = {item.who for item in self.items if item.who and item.meant == "none"}
        may = [
            item.meant in AUDIENCES[audience] and item.who not in refused and item.kind != "crop" for item in self.items
        ]
        files: dict[int, dict[str, list[int]]] = {}
        for number, item in enumerate(self.items):
            files.setdefault(self.original(number), {}).setdefault(item.walk, []).append(number)
        for walks in files.values():  # a row about a file is about all its names on a walk; all walks have to agree
            agreed = all(any(may[number] for number in names) for names in walks.values())
            for names in walks.values():
                for number in names:
                    may[number] = agreed
        return {number for number, agreed in enumerate(may) if agreed}

    def original(self, number: int) -> int:
        """Return the item of which this is the same file; itself where it is no copy."""
        twin = self.items[number].twin_of
        return number if twin is None else self.original(twin)


def made_word(rng: np.random.Generator) -> str:
    """Return a word that is in no list of names."""
    return "".join(rng.choice(list("bdgklmnprst")) + rng.choice(list("aeiou")) for _ in range(6)) + "x"


def colour_of(look: int) -> tuple[int, int, int]:
    """Return colours that JPEG and film keep apart."""
    return 20 + 40 * (look % 6), 20 + 40 * (look // 6 % 6), 20 + 40 * (look // 36 % 6)


def tone_of(look: int) -> float:
    return 300.0 + 150.0 * look


def base_study(folder: Path) -> list[Path]:
    """Write the files of a place of two zones, a hall and a thousand people; return them."""
    boxes = [shapely.box(0, 0, 1500, 1500), shapely.box(1500, 0, 3000, 1500)]
    placed = [translate(shape, drawn.WEST, drawn.SOUTH) for shape in boxes]
    zones = gpd.GeoDataFrame({"LSOA21CD": ["E01000001", "E01000002"]}, geometry=placed, crs=27700).to_crs(4326)
    zones.to_file(folder / "zones.geojson", driver="GeoJSON")
    (folder / "people.csv").write_text("LSOA21CD,population\nE01000001,600\nE01000002,900\n", "utf-8")
    (folder / "halls.csv").write_text(
        f"name,type,easting,northing\nThe hall,Community centre,{drawn.WEST + 700},{drawn.SOUTH + 700}\n", "utf-8"
    )
    return [folder / name for name in ("zones.geojson", "people.csv", "halls.csv")]


def draw_world(rng: np.random.Generator, folder: Path) -> World:
    """Draw a study's items, and write their files under `folder`: ``<walk>/`` for each walk, ``marks.geojson``."""
    draw = Draw(rng)
    world = draw.world
    for walk in ("first", "second")[: rng.integers(1, 3)]:
        (folder / walk).mkdir(parents=True)
        draw.add("photograph", walk).said = "public"  # a walk of which nobody was asked anything would be refused
        for kind in rng.choice(["photograph", "photograph", "sound", "film", "row"], rng.integers(1, 5)):
            draw.add(str(kind), walk)
        if rng.random() < 0.3:
            draw.add_copy(walk)
    for item in world.items:
        write_recording(item, folder, world)
    for _ in range(rng.integers(0, 4)):
        draw.add("mark")
    for _ in range(rng.integers(0, 3)):
        draw.add("crop").said = "public"
    for walk in {item.walk for item in world.items if item.walk}:
        write_track(folder / f"{walk}.gpx")
        write_sheet(world, walk, folder / f"{walk}.csv", rng)
    write_marks(world, folder)
    return world


class Draw:
    """Draws the items of a world."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.world = rng, World()
        self.spots = [(200 + STEP_M * column, 200 + STEP_M * row) for row in range(9) for column in range(20)]
        rng.shuffle(self.spots)
        self.people = [None, *(f"walker{made_word(rng)}" for _ in range(6))]

    def add(self, kind: str, walk: str = "") -> Item:
        """Add an item somewhere: a third of them public, a few without a row in the sheet."""
        rng, (x, y) = self.rng, self.spots.pop()
        said = str(rng.choice(list(SAID))) if rng.random() > 0.1 or kind in ("mark", "row") else None
        said = "public" if rng.random() < 0.35 else said
        who = None if said is None else self.people[rng.integers(len(self.people))]
        words = made_word(rng), made_word(rng)
        item = Item(kind, *words, len(self.world.items), drawn.WEST + x, drawn.SOUTH + y, said, who, walk)
        self.world.items.append(item)
        return item

    def add_copy(self, walk: str) -> None:
        """Add a photograph or film again under another name, on the same walk or another."""
        number = int(self.rng.integers(len(self.world.items)))
        original = self.world.items[number]
        if original.kind not in ("photograph", "film"):
            return
        twin = self.add(original.kind, walk)
        twin.look, twin.x, twin.y, twin.twin_of = original.look, original.x, original.y, number
        if original.walk == walk and original.said is not None:
            twin.said = twin.who = None  # two rows about one file are refused


def write_recording(item: Item, folder: Path, world: World) -> None:
    """Write a recording: photographs know their place, sound and film a time on the walk."""
    ending = {"photograph": ".jpg", "sound": ".wav", "film": ".mp4"}.get(item.kind)
    if ending is None:
        return
    when = "" if item.kind == "photograph" else f"2026-05-16_10-{item.look + 10}-00 "
    item.file = folder / item.walk / f"{when}{item.name}{ending}"
    if item.twin_of is not None:
        copyfile(world.items[item.twin_of].file, item.file)
    elif item.kind == "photograph":
        place = lonlat_of(item)
        photograph(item.file, lonlat=(place.x, place.y), colour=colour_of(item.look), words=item.name)
    elif item.kind == "sound":
        sound(item.file, 0.5, tone_hz=tone_of(item.look))
    else:
        film(item.file, colour_of(item.look), words=item.name)


def lonlat_of(item: Item) -> shapely.Point:
    """Return where an item is, in degrees."""
    return gpd.GeoSeries([item.point], crs=27700).to_crs(4326).iloc[0]


def write_track(path: Path) -> None:
    """Write a walk along all rows of spots: every item of the study lies beside it."""
    corners = [(x, 200 + STEP_M * row) for row in range(9) for x in ((150, 2900) if row % 2 == 0 else (2900, 150))]
    line = shapely.LineString(corners)
    points = shapely.line_interpolate_point(line, np.arange(0, line.length, 40))
    way = gpd.GeoSeries(points, crs=27700).translate(drawn.WEST, drawn.SOUTH).to_crs(4326)
    at = BEGIN + pd.to_timedelta(np.arange(len(way)) * 30, unit="s")
    gpx(path, pd.DataFrame({"at": at, "lon": way.x, "lat": way.y}))


def write_sheet(world: World, walk: str, path: Path, rng: np.random.Generator | None = None) -> None:
    """Write the sheet of consent of a walk."""
    header = "consent" if rng is None else str(rng.choice(["consent", "Consent", "CONSENT", "Permission"]))
    rows = [
        {
            "file": item.file.name if item.file else "",
            header: item.said,
            "contributor": item.who or "",
            "title": f"a title {item.token}",
            "text": f"told {item.token} once",
            "theme": "memories",
            "credit": f"made by {item.token}",
            "easting": None if item.kind == "photograph" else item.x,
            "northing": None if item.kind == "photograph" else item.y,
        }
        for item in world.items
        if item.walk == walk and item.said is not None
    ]
    pd.DataFrame(rows).to_csv(path, index=False)


def write_marks(world: World, folder: Path) -> None:
    """Write residents' marks with the crops that a kiosk has cut; crops themselves are never given away."""
    rows = []
    for item in world.items:
        if item.kind == "mark":
            text, crop = f"told {item.token} once", None
        elif item.kind == "crop":
            item.file = folder / "crops" / f"{item.name}.png"
            item.file.parent.mkdir(exist_ok=True)
            Image.new("RGB", (64, 48), colour_of(item.look)).save(item.file)
            text, crop = None, f"kiosk/crops/{item.file.name}"
        else:
            continue
        rows.append(
            {"text": text, "consent": item.said, "contributor": item.who, "crop": crop, "x": item.x, "y": item.y}
        )
    if rows:
        frame = pd.DataFrame(rows)
        places = gpd.points_from_xy(frame.pop("x"), frame.pop("y"))
        gpd.GeoDataFrame(frame, geometry=places, crs=27700).to_crs(4326).to_file(folder / "marks.geojson")


def parts_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give everything that a reader of a file can get at: the file, what is packed in it, the text of a PDF."""
    data = path.read_bytes()
    yield "file", data
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(data)
        yield "text", "".join(page.get_textpage().get_text_range() for page in document).encode()
        for page in document:
            for image in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,)):
                held = io.BytesIO()
                image.get_bitmap().to_pil().convert("RGB").save(held, "PNG")
                yield "picture", held.getvalue()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)
    if path.suffix in (".html", ".svg", ".json", ".geojson", ".csv", ".txt"):
        for run in re.findall(rb"[A-Za-z0-9+/]{200,}={0,2}", data):
            inner = base64.b64decode(run + b"=" * (-len(run) % 4))
            yield "packed", gzip.decompress(inner) if inner[:2] == b"\x1f\x8b" else inner


def looks_in(path: Path) -> Iterator[tuple[str, float | tuple[int, ...]]]:
    """Give the colour or tone of each picture, sound and film that a file holds."""
    if path.suffix in (".m4a", ".mp4"):
        with av.open(str(path)) as held:
            if held.streams.video:
                frame = next(held.decode(video=0)).to_ndarray(format="rgb24")
                yield "film", tuple(int(part) for part in np.median(frame, axis=(0, 1)))
            else:
                samples = np.concatenate([frame.to_ndarray().ravel() for frame in held.decode(audio=0)])
                strength = np.abs(np.fft.rfft(samples))
                yield "sound", float(np.fft.rfftfreq(len(samples), 1 / 44_100)[strength.argmax()])
        return
    for _, data in parts_of(path):
        if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n":
            with Image.open(io.BytesIO(data)) as picture:
                assert not picture.getexif()
                yield "photograph", picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))


def looks_like(kind: str, seen: float | tuple[int, ...], item: Item) -> bool:
    """Whether what was seen or heard is this item's."""
    if kind == "sound":
        return item.kind == "sound" and abs(seen - tone_of(item.look)) < 40
    if item.kind not in ("photograph", "film", "crop"):
        return False
    return math.dist(seen, colour_of(item.look)) < (20 if kind == "film" else 8)


def written_places(item: Item) -> set[bytes]:
    """Return how an item's place is written to a metre or better, in degrees and on the grid."""
    point = lonlat_of(item)
    return {f"{point.x:.9f}"[:9].encode(), f"{point.y:.9f}"[:9].encode(), f"{item.x:.1f}".encode()}


def shown_places(folder: Path) -> gpd.GeoSeries:
    """Return where a release puts stops, in metres."""
    path = folder / "data" / "stops.geojson"
    if not path.exists():
        return gpd.GeoSeries([], crs=27700)
    return gpd.GeoSeries.from_file(path).to_crs(27700)


def payload_of(page: Path) -> dict:
    packed = max(re.findall(r"[A-Za-z0-9+/=]{200,}", page.read_text(encoding="utf-8")), key=len)
    return json.loads(gzip.decompress(base64.b64decode(packed)))
