"""The map page's templates, styles and scripts."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from folium.template import tojavascript
from jinja2 import Environment, Template
from markupsafe import Markup

from assetmap.pages.templates import page_environment

__all__ = ["leaflet_files", "page_files", "template"]

CODE = (
    *("first", "unpack", "canvas", "ground", "labels", "zones"),
    *("marks", "told", "places", "tools", "card", "listing", "search", "controls", "start"),
)
"""Our own scripts in page/, in the order in which they run."""


@cache
def _environment() -> Environment:
    environment = page_environment("assetmap.maps")
    # what folium writes of a value is JSON in which <, >, & and ' are escaped, so that no script can end in it
    environment.filters["tojavascript"] = lambda value: Markup(tojavascript(value))  # noqa: S704
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
