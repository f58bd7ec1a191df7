"""The settings' part of docs/study.md: every key of assetmap.toml, from the settings themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from assetmap.sources.annotations import ANNOTATION_COLUMNS
from assetmap.sources.lists import LIST_COLUMNS
from assetmap.study.settings import Settings
from manual.markdown import code_list, table

__all__ = ["BEGIN", "END", "known_settings", "put_settings"]

BEGIN = "<!-- settings: written by scripts/make_docs.py from the program and scripts/manual/settings.toml -->"
END = "<!-- end of settings -->"

_COLUMNS = """\
Columns are found by the names that publishers use. Where a file calls one something else, `columns` says what
is what. A list may have these:"""


def known_settings() -> dict[str, dict[str, Any]]:
    """Return table -> key -> default, as the program knows them; a key that must be given has ``...``."""
    return {name: _keys(field.annotation)[1] for name, field in Settings.model_fields.items()}


def _keys(annotation: Any) -> tuple[bool, dict[str, Any]]:
    """Return whether there may be several such tables, and the keys of one."""
    several = any(part is Ellipsis for part in get_args(annotation))
    models = [t for t in (annotation, *get_args(annotation)) if isinstance(t, type) and issubclass(t, BaseModel)]
    return several, {name: _default(field) for name, field in models[0].model_fields.items()}


def _default(field: Any) -> Any:
    if field.default_factory is not None:
        return field.default_factory()
    return ... if field.default is PydanticUndefined else field.default


def put_settings(page: str) -> str:
    """Return a page with its part between `BEGIN` and `END` written anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return "\n".join([before + BEGIN, "", *_tables(), END + after])


def _tables() -> list[str]:
    said = tomllib.loads(Path(__file__).with_name("settings.toml").read_text(encoding="utf-8"))
    lines: list[str] = []
    for name, field in Settings.model_fields.items():
        several, keys = _keys(field.annotation)
        about = said.get(name, {})
        missing = {"about", "example", *keys} - set(about)
        if missing:
            raise SystemExit(f"scripts/manual/settings.toml says nothing of [{name}] {', '.join(sorted(missing))}.")
        heading = f"[[{name}]]" if several else f"[{name}]"
        lines += [f"### `{heading}`", "", about["about"].strip(), ""]
        rows = ((f"`{key}`", about[key], _shown(default)) for key, default in keys.items())
        lines += table(("key", "what it says", "if left out"), rows)
        lines += ["```toml", heading, *about["example"].strip().splitlines(), "```", ""]
    return [
        *lines,
        "### Columns",
        "",
        _COLUMNS,
        "",
        f"{code_list(LIST_COLUMNS)}.",
        "",
        "Annotations may have these:",
        "",
        f"{code_list(ANNOTATION_COLUMNS)}.",
        "",
    ]


def _shown(default: Any) -> str:
    if default is ...:
        return "must be given"
    if default is None or default == "" or default == {} or default == ():
        return ""
    return f"`{list(default)}`" if isinstance(default, tuple) else f"`{default}`"
