"""Templates in which every expression is encoded unless it is marked safe."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assetmap.encode import html_text, json_script

__all__ = ["page_environment"]


def _encode(value: Any) -> Markup:
    if isinstance(value, Markup):
        return value
    return Markup(html_text(value))  # noqa: S704 - html_text encodes it, which is what Markup says


@cache
def page_environment(package: str) -> Environment:
    """Return the templates in the folder ``page`` of a package.

    Every expression passes `encode.html_text`; the filter ``tojson`` passes `encode.json_script`.
    """
    environment = Environment(
        loader=PackageLoader(package, "page"),
        autoescape=True,
        finalize=_encode,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tojson"] = lambda value: Markup(json_script(value))  # noqa: S704 - json_script escapes it
    return environment
