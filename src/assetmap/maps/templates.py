"""The page's templates, in which every expression is encoded unless it is marked safe."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from folium.template import tojavascript
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from assetmap.encode import html_text, json_script

__all__ = ["leaflet_files", "page_files", "template"]

CODE = (
    *("first", "unpack", "canvas", "ground", "labels", "zones"),
    *("marks", "places", "card", "search", "controls", "start"),
)
"""Our own scripts in page/, in the order in which they run."""


def _encode(value: Any) -> Markup:
    if isinstance(value, Markup):
        return value
    return Markup(html_text(value))  # noqa: S704 - html_text encodes it, which is what Markup says


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assetmap.maps", "page"),
        autoescape=True,
        finalize=_encode,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tojavascript"] = lambda value: Markup(tojavascript(value))  # noqa: S704 - folium escapes it
    environment.filters["tojson"] = lambda value: Markup(json_script(value))  # noqa: S704 - json_script escapes it
    return environment


def template(name: str) -> Template:
    """Return a template of page/."""
    return _environment().get_template(name)


@cache
def page_files() -> tuple[str, tuple[str, ...]]:
    """Return our own style sheet and our scripts, in the order in which they run."""
    page = files("assetmap.maps").joinpath("page")
    scripts = tuple(page.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in CODE)
    return page.joinpath("page.css").read_text(encoding="utf-8"), scripts


@cache
def leaflet_files() -> tuple[str, str]:
    """Return Leaflet's style sheet and script from the xstatic-leaflet package, without what they would load."""
    data = files("xstatic.pkg.leaflet").joinpath("data")
    style = data.joinpath("leaflet.css").read_text(encoding="utf-8")
    script = data.joinpath("leaflet.js").read_text(encoding="utf-8")
    style = re.sub(r"(behavior|background-image):\s*url\([^)]*\);", "", style)
    return style, re.sub(r"//# sourceMappingURL=\S+\s*$", "", script)
