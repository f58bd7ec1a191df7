"""The documentation says what the program does: generated pages, links, command lines, settings, columns."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pydantic import BaseModel

import assetmap
from assetmap.cli.main import COMMANDS, cli
from assetmap.definitions import column_definitions, output_files
from assetmap.sources.deprivation_headers import DOMAINS
from assetmap.study.flow import OUTPUTS
from assetmap.study.settings import Settings
from assetmap.taxonomy import taxonomy

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
GENERATED = ("cli.md", "tables.md", "taxonomy.md", "study.md")
AGAIN = "run: python scripts/make_docs.py"
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Give each fenced block with the name of its language."""
    for found in re.finditer(r"^ *```(\w*)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield found[1], found[2]


def prose(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    plain = [
        re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in headings
    ]
    return set(plain)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated pages as the program would write them today."""
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, str(ROOT / "scripts/make_docs.py"), "--out", str(folder)], check=True, cwd=folder)
    return folder


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_page_is_what_the_program_says(written: Path, name: str):
    assert text_of(DOCS / name) == text_of(written / name), AGAIN


def test_no_other_page_is_generated(written: Path):
    assert {path.name for path in written.iterdir()} == set(GENERATED)


# --- Commands ---------------------------------------------------------------------------------------------------------


def test_every_command_is_documented_and_every_documented_command_exists():
    told = re.findall(r"^## assetmap (.+)$", text_of(DOCS / "cli.md"), re.MULTILINE)
    assert told == list(cli.leaves()), AGAIN


def test_every_command_has_a_file_and_every_file_a_command():
    files = {path.stem for path in (ROOT / "src/assetmap/cli").glob("*.py")} - {
        "__init__",
        "command_files",
        "main",
        "options",
    }
    assert files == {name.replace(" ", "_") for name in (*COMMANDS, *cli.leaves())}
    listed = tomllib.loads(text_of(ROOT / "scripts/manual/examples.toml"))
    assert set(listed) == set(cli.leaves())


def test_every_option_says_what_it_means():
    for name, command in cli.leaves().items():
        silent = [o.name for o in command.params if isinstance(o, click.Option) and not (o.help or o.show_default)]
        assert silent == [], name


def command_lines(text: str) -> Iterator[list[str]]:
    for language, block in blocks(text):
        if language not in ("sh", "powershell"):
            continue
        for line in block.splitlines():
            words = shlex.split(line.split("#")[0].replace("\\", "/"))
            if words and words[0].split("/")[-1] == "assetmap":
                yield words[1:]


@pages
def test_command_lines_are_understood(page: Path):
    for words in command_lines(text_of(page)):
        assert words[0] in COMMANDS, f"{page.name}: assetmap {words[0]}"
        leaves = cli.leaves()
        depth = 1 if words[0] in leaves else 2
        command = leaves[" ".join(words[:depth])]
        try:
            command.make_context(words[0], list(words[depth:]))
        except click.UsageError as error:
            pytest.fail(f"{page.name}: assetmap {' '.join(words)}: {error.format_message()}")


def test_command_lines_are_looked_at():
    found = [words for page in PAGES for words in command_lines(text_of(page))]
    assert {words[0] for words in found} == set(COMMANDS)


@pages
def test_commands_in_running_text_exist(page: Path):
    for code in re.findall(r"`([^`\n]+)`", prose(text_of(page))):
        words = code.split()
        if words[0] == "assetmap" and len(words) > 1 and words[1] not in ("VERB", "COMMAND", "--help"):
            assert words[1] in COMMANDS, f"{page.name}: {code}"


def test_python_in_the_readme_calls_public_names():
    for language, block in blocks(text_of(ROOT / "README.md")):
        if language == "python":
            names = {n.attr for n in ast.walk(ast.parse(block)) if isinstance(n, ast.Attribute)}
            used = {f"assetmap.{n}" for n in names} & {f"assetmap.{n}" for n in re.findall(r"assetmap\.(\w+)", block)}
            assert used
            assert {name.removeprefix("assetmap.") for name in used} <= set(assetmap.__all__)


def test_make_targets_that_are_named_exist():
    targets = set(re.findall(r"^(\w+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    for page in PAGES:
        text = text_of(page)
        named = re.findall(r"`make (\w+)`", text) + re.findall(
            r"^make (\w+)", "\n".join(b for _, b in blocks(text)), re.M
        )
        assert set(named) <= targets, page.name


# --- Settings ---------------------------------------------------------------------------------------------------------


def settings_tables() -> dict[str, type[BaseModel]]:
    found = {}
    for name, field in Settings.model_fields.items():
        options = (field.annotation, *get_args(field.annotation))
        found[name] = next(t for t in options if isinstance(t, type) and issubclass(t, BaseModel))
    return found


def test_every_setting_is_documented_and_no_other():
    said = tomllib.loads(text_of(ROOT / "scripts/manual/settings.toml"))
    assert set(said) == set(settings_tables())
    for name, model in settings_tables().items():
        assert set(said[name]) - {"about", "example"} == set(model.model_fields), f"[{name}]: {AGAIN}"
        assert all(said[name][key].strip() for key in said[name])


def test_every_setting_is_on_the_page():
    page = text_of(DOCS / "study.md")
    for name, model in settings_tables().items():
        section = re.split(r"^### `\[+(\w+)\]+`$", page, flags=re.MULTILINE)
        body = section[section.index(name) + 1]
        assert re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE) == list(model.model_fields)


def test_the_examples_of_settings_are_settings():
    examples = [block for language, block in blocks(text_of(DOCS / "study.md")) if language == "toml"]
    assert len(examples) == len(Settings.model_fields)
    for example in examples:
        Settings.model_validate({"study": {"name": "x"}, **tomllib.loads(example)})
    whole = Settings.model_validate(tomllib.loads("\n".join(examples)))
    assert whole.lists[0].columns == {"name": "Hall", "postcode": "Post code"}


# --- Tables -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "study"
    assetmap.create_demo(folder)
    assetmap.build_study(folder, today="2026-11-22")
    return folder / "out"


def described(name: str) -> set[str]:
    return {*column_definitions(name), *({"geometry"} if output_files()[name].table else set())}


def fits(column: str, pattern: str) -> bool:
    known = taxonomy()
    parts = {
        "<T>": r"\d+",
        "<category>": "|".join((*known.categories, *known.groups)),
        "<domain>": "|".join(DOMAINS),
    }
    expression = re.escape(pattern)
    for mark, words in parts.items():
        expression = expression.replace(re.escape(mark), f"(?:{words})")
    return re.fullmatch(expression, column) is not None


def columns_of(path: Path) -> list[str]:
    if path.suffix == ".json":
        return list(json.loads(path.read_text(encoding="utf-8")))
    if path.suffix == ".parquet":
        return list(pd.read_parquet(path).columns)
    return list(pd.read_csv(path).columns)


def test_every_output_is_described_and_no_other(demo: Path):
    said = set(output_files())
    assert said == {*OUTPUTS, "manifest.json"}
    assert said == {path.name for path in demo.iterdir() if not path.name.startswith(".")}


@pytest.mark.parametrize("name", [n for n in (*OUTPUTS, "manifest.json") if n.endswith((".csv", ".parquet", ".json"))])
def test_every_column_of_every_output_is_described(demo: Path, name: str):
    patterns = described(name)
    unsaid = [column for column in columns_of(demo / name) if not any(fits(column, p) for p in patterns)]
    assert unsaid == []


def test_what_is_described_is_there(demo: Path):
    """But for what the demo has no cause for: straight lines, a profile, 2019, rasters, a frame, seats, languages."""
    absent = {"euclid_count_<T>m", "step_free_unknown_share", "change", "group"}
    absent |= {
        "population_kind",
        "canopy_share",
        "canopy_known_share",
        "canopy_30",
        "name_en",
        "name_ro",
        "name_so",
        "seats",
        "share_inside",
        "inside_kind",
    }
    absent |= {f"<category>_e2sfca_{supply}" for supply in ("area_m2", "hours", "seats", "places")}
    for name in [n for n in OUTPUTS if n.endswith((".csv", ".parquet")) and n != "frame.csv"]:
        found = columns_of(demo / name)
        missing = {p for p in described(name) - absent if not any(fits(c, p) for c in found)}
        assert missing - ({"geometry"} if name.endswith("csv") or name == "access.parquet" else set()) == set(), name


def test_the_geopackage_has_the_layers_that_are_named(demo: Path):
    page = text_of(DOCS / "tables.md")
    layers = {name for name, _ in pyogrio.list_layers(demo / "assetmap.gpkg")}
    assert layers == set(re.findall(r"^Layer `(\w+)` of `assetmap.gpkg`", page, re.MULTILINE))
    assert gpd.read_file(demo / "assetmap.gpkg", layer="zones").shape[0] == 12


# --- The taxonomy, the data -------------------------------------------------------------------------------------------


def test_every_rule_is_on_the_page():
    page = text_of(DOCS / "taxonomy.md")
    for rule in (*taxonomy().rules, *taxonomy().excludes):
        assert f"({rule.wiki})" in page
        assert rule.reason in page


def test_every_licence_that_is_fetched_is_named():
    addresses = tomllib.loads(text_of(ROOT / "src/assetmap/sources/remote/addresses.toml"))
    page = text_of(DOCS / "data.md")
    names = {"ODbL-1.0": "ODbL 1.0", "OGL-UK-3.0": "OGL 3.0"}
    assert {entry["licence"] for entry in addresses.values()} == set(names)
    assert all(name in page for name in names.values())
    assert "© OpenStreetMap contributors" in page


# --- Links, words -----------------------------------------------------------------------------------------------------


@pages
def test_links_lead_somewhere(page: Path):
    text = prose(text_of(page))
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for link in links:
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(ROOT), f"{page.name}: {link} leaves the repository"
        if anchor:
            assert anchor in anchors(text_of(target)), f"{page.name}: {link}"


@pages
def test_pages_name_no_machine_and_no_process(page: Path):
    text = text_of(page)
    assert not re.search(r"(?<![\w.])/(?:root|work|home|Users|tmp)/", text), page.name
    assert not re.search(r"\b(TODO|FIXME|TBD|lorem)\b", text, re.IGNORECASE), page.name
    assert not re.search(r"#\d+\b|\b(?:sessions? of ours|coding agent|chatbot|LLM)\b", text), page.name


@pages
def test_pages_are_modest(page: Path):
    hype = r"\b(powerful|seamless|robust|cutting-edge|state-of-the-art|effortless|blazing|revolutionary|simply)\b"
    assert not re.search(hype, text_of(page), re.IGNORECASE), page.name


@pages
def test_pages_are_written_in_british_english(page: Path):
    american = (
        r"\b(neighborhoods?|colors?|centers?|meters?|analyze[sd]?|organiz\w+|recogniz\w+|catalogs?|licensed?\b(?=s))\b"
    )
    text = re.sub(r"`[^`]*`", "", prose(text_of(page)))
    if page.name == "taxonomy.md":
        text = text.replace("community center", "")  # what lists call it
    assert not re.search(american, text, re.IGNORECASE), page.name


def test_pictures_are_small_and_used():
    told = [text_of(page) for page in (ROOT / "README.md", *DOCS.glob("*.md"))]
    used = {name for text in told for name in re.findall(r"\bpictures/([\w-]+\.\w+)", text)}
    pictures = {path.name: path.stat().st_size for path in (DOCS / "pictures").iterdir()}
    assert set(pictures) == used
    assert all(size < 300_000 for size in pictures.values())


def test_the_readme_leads_to_every_page():
    text = text_of(ROOT / "README.md")
    assert [page.name for page in DOCS.glob("*.md") if f"docs/{page.name}" not in text] == []


def test_the_readme_names_two_commands():
    first = next(block for language, block in blocks(text_of(ROOT / "README.md")) if language == "sh")
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make demo", "make test"]


def test_the_licence_is_the_one_that_is_named():
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    assert project["license"] == "MIT"
    assert text_of(ROOT / "LICENSE").startswith("MIT License")


def test_the_changelog_names_the_version():
    assert assetmap.__version__ in text_of(ROOT / "CHANGELOG.md")
