"""A recorded server, and settings that ask it with a clock of their own: no test waits."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from assetmap.sources.remote.addresses import load_addresses
from assetmap.sources.remote.patience import Patience, RemoteSettings
from tests.loopback import Loopback


@dataclass
class Clock:
    """Real time, with sleeps skipped and remembered."""

    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def now(self) -> float:
        return time.monotonic() + sum(self.slept)


@dataclass
class Told:
    lines: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> None:
        self.lines.append(line)

    def __str__(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def settings(server: Loopback, clock: Clock, told: Told) -> RemoteSettings:
    return RemoteSettings(
        addresses=load_addresses(mirror=server.url),
        contact="map@example.org",
        patience=Patience(sleep=clock.sleep, clock=clock.now),
        tell=told,
        today=lambda: date(2026, 5, 4),
    )


@pytest.fixture
def hurried(settings: RemoteSettings) -> Callable[..., RemoteSettings]:
    """Settings with shorter bounds."""

    def shorten(**bounds: float) -> RemoteSettings:
        return replace(settings, patience=replace(settings.patience, **bounds))

    return shorten


@pytest.fixture
def small_reply() -> bytes:
    """An invented Overpass reply: a park of four corners and its gate."""
    corners = [(51.5301, -0.0332), (51.5301, -0.0312), (51.5311, -0.0312), (51.5311, -0.0332)]
    nodes = [{"type": "node", "id": n, "lat": lat, "lon": lon} for n, (lat, lon) in enumerate(corners, start=1)]
    nodes[1]["tags"] = {"barrier": "gate"}
    park = {"type": "way", "id": 9, "nodes": [1, 2, 3, 4, 1], "tags": {"leisure": "park", "name": "Nowhere Park"}}
    about = {"timestamp_osm_base": "2026-05-03T20:15:00Z"}
    return json.dumps({"version": 0.6, "osm3s": about, "elements": [*nodes, park]}).encode()
