"""A page that would load anything is refused; what a page may run is named by its checksum."""

from __future__ import annotations

import base64
import hashlib

import folium
import pytest

from assetmap.errors import UsageError
from assetmap.maps import map_html, render_map
from assetmap.pages.seal import content_policy, require_self_contained
from tests.maps.contents import small_content


@pytest.mark.parametrize(
    "loads",
    [
        '<script src="https://example.org/a.js"></script>',
        '<script src="a.js"></script>',
        '<link rel="stylesheet" href="a.css">',
        '<link rel="icon" href="https://example.org/i.png">',
        '<img src="http://example.org/x.png">',
        '<img srcset="x.png 2x">',
        '<iframe src="//example.org"></iframe>',
        '<object data="x.svg"></object>',
        '<video poster="x.png"></video>',
        '<form action="https://example.org"></form>',
        '<a href="#x" ping="https://example.org">x</a>',
        '<svg><image href="x.png"/></svg>',
        '<svg><use xlink:href="http://example.org/x.svg#a"/></svg>',
        '<div style="background: url(https://example.org/x.png)"></div>',
        "<style>@import 'x.css';</style>",
        "<style>p { background: URL( x.png ); }</style>",
        "<script>fetch('https://example.org/')</script>",
        "<script>new WebSocket('wss:\\/\\/example.org')</script>",
        "<body background='x.png'>",
        "<base href='https://example.org/'>",
        "<template><img src='https://example.org/x.png'></template>",
        '<iframe srcdoc="<img src=x.png>"></iframe>',
        "<noscript><img src='x.png'></noscript>",
    ],
)
def test_what_loads_something_is_refused(loads):
    with pytest.raises(UsageError, match="would load 1 thing"):
        require_self_contained(f"<!DOCTYPE html><p>{loads}</p>")


@pytest.mark.parametrize(
    "fine",
    [
        '<a href="https://www.openstreetmap.org/copyright">licence</a>',
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="#x">1</a></svg>',
        "<p>https://example.org/ and url(x.png) in words</p>",
        '<img src="data:image/png;base64,AAAA">',
        "<style>p { background: url(data:image/png;base64,AAAA); }</style>",
        "<script>document.createElementNS('http://www.w3.org/2000/svg', 'g')</script>",
    ],
)
def test_links_and_words_are_no_loads(fine):
    assert require_self_contained(fine) == fine


def test_the_policy_names_each_script_by_its_checksum():
    script = "go('£')"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = content_policy([script], [])
    assert f"script-src 'sha256-{digest}'; style-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_layer_of_tiles_is_refused_with_its_address():
    made = render_map(small_content())
    folium.TileLayer("OpenStreetMap").add_to(made)
    with pytest.raises(UsageError, match=r"tile\.openstreetmap\.org"):
        made.get_root().render()


def test_a_hostile_source_cannot_pass_for_a_load_or_hide_one():
    content = small_content(sources=[("<img src=x>", "https://example.org/x.js", "x", "")])
    assert "https://example.org/x.js" in map_html(content)
