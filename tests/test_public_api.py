"""``import assetmap`` is light, and every public name is there, is documented, and needs what pyproject names."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

import assetmap

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "assetmap"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEAVY = ("geopandas", "pandas", "numpy", "shapely", "pyproj", "folium", "scipy", "osmium", "osmnx", "requests")


def modules() -> list[str]:
    parts = (path.relative_to(SOURCE.parent).with_suffix("").parts for path in sorted(SOURCE.rglob("*.py")))
    return [".".join(p for p in names if p != "__init__") for names in parts]


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def named_in(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9_.\-]", line)[0].lower().replace("_", "-") for line in requirements}


def test_import_loads_no_heavy_library():
    loaded = run_python(f"import assetmap, sys; print([m for m in {HEAVY} if m in sys.modules])")
    assert loaded == "[]"


def test_import_loads_no_module_of_ours_until_it_is_used():
    code = """
import assetmap, sys
print(sum(m.startswith("assetmap.") for m in sys.modules))
assetmap.to_metric
print("assetmap.crs" in sys.modules, "assetmap.sources.osm" in sys.modules)
"""
    assert run_python(code).splitlines() == ["0", "True False"]


def test_there_are_about_twenty_to_thirty_names_sorted_and_each_once():
    assert 20 <= len(assetmap.__all__) <= 32
    assert len(set(assetmap.__all__)) == len(assetmap.__all__)
    assert set(dir(assetmap)) == {*assetmap.__all__, "__version__"}


def test_the_version_is_the_projects():
    assert assetmap.__version__ == PROJECT["version"] == version("assetmap")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'read_tarot'"):
        _ = assetmap.read_tarot
    assert not hasattr(assetmap, "gpd")


def test_type_checkers_see_the_names_that_users_see():
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    block = next(n for n in tree.body if isinstance(n, ast.If) and isinstance(n.test, ast.Name))
    seen = {alias.name: n.module for n in block.body if isinstance(n, ast.ImportFrom) for alias in n.names}
    assert set(seen) == set(assetmap.__all__)
    for name, module in seen.items():
        assert getattr(assetmap, name) is getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("name", assetmap.__all__)
def test_each_name_is_public_where_it_lives_and_documented(name: str):
    thing = getattr(assetmap, name)
    assert name in importlib.import_module(thing.__module__).__all__
    lines = inspect.getdoc(thing).splitlines()
    assert lines[0].endswith("."), lines[0]
    assert lines[1:2] in ([], [""]), "a summary is one line"
    if inspect.isfunction(thing):
        documented = inspect.getdoc(thing)
        parameters = list(inspect.signature(thing).parameters)
        heading = re.search(r"^Parameters\n-+\n", documented, re.MULTILINE)
        if len(parameters) > 1:
            assert heading, f"{name} has no section Parameters"
        if heading:
            section = re.split(r"\n\n[A-Z]\w+\n-+\n", documented[heading.end() :])[0]
            told = re.findall(r"^([a-z][\w, ]*)(?: : .*)?$", section, re.MULTILINE)
            assert [p for line in told for p in line.split(", ")] == parameters


def test_every_library_that_the_package_imports_is_one_that_it_names():
    """Test and benchmark libraries stay out of src, and nothing is used that another library happens to bring."""
    base = named_in(PROJECT["dependencies"])
    rooms = {"kiosk/": "kiosk", "plots/": "plots", "study/figures/workers": "dask"}
    rooms |= {"sources/media": "walks", "disclosure/recordings": "walks", "compiled": "fast"}
    extras = {room: named_in(PROJECT["optional-dependencies"][extra]) for room, extra in rooms.items()}
    homes = packages_distributions()
    used: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            roots = [alias.name.split(".")[0] for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                roots = [str(node.module).split(".")[0]]
            for root in set(roots) - set(sys.stdlib_module_names) - {"assetmap"}:
                used.setdefault(root, set()).add(path.relative_to(SOURCE).as_posix())
    for root, files in used.items():
        named = {home.lower().replace("_", "-") for home in homes.get(root, [])}
        for file in files:
            extra = next((names for room, names in extras.items() if file.startswith(room)), set())
            assert named & (base | extra), (root, file)


def test_every_library_that_the_package_names_is_used():
    homes = packages_distributions()
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    unused = []
    for name in sorted(named_in(PROJECT["dependencies"]) - {"pyarrow"}):  # pandas writes Parquet with it
        roots = [root for root, found in homes.items() if name in {h.lower().replace("_", "-") for h in found}]
        if not any(
            re.search(rf"(import|from) {re.escape(root)}\b|[\"']{re.escape(root)}[\"'.]", text) for root in roots
        ):
            unused.append(name)
    assert unused == []


ROOMS = {
    "kiosk": r"kiosk|photo_redaction|cli\.kiosk_read",
    "plots": r"\.plots\.|report_plots",
    "fast": r"assetmap\.compiled",
}
"""Which modules need which extra."""


@pytest.mark.parametrize("extra", ["", *ROOMS])
def test_every_module_imports_with_the_dependencies_that_it_names(extra: str):
    """With the test and benchmark libraries out of reach, each module still loads; those of an extra with it."""
    optional = PROJECT["optional-dependencies"]
    extras = set().union(*(named_in(lines) for lines in optional.values()))
    extras -= named_in(PROJECT["dependencies"]) | named_in(optional.get(extra, []))
    others = [rooms for name, rooms in ROOMS.items() if name != extra]
    wanted = [name for name in modules() if not re.search("|".join(others), name)]
    hidden = {
        root
        for root, found in packages_distributions().items()
        if {h.lower().replace("_", "-") for h in found} <= extras
    }
    hidden -= {"networkx"}  # OSMnx and pandas' plotting bring it themselves
    assert {"pytest", "hypothesis", "playwright"} <= hidden
    code = f"""
import importlib, sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {sorted(hidden)!r}:
            raise ImportError(f"{{name}} is a test library")
sys.meta_path.insert(0, Hidden())
for name in {wanted!r}:
    importlib.import_module(name)
print("all")
"""
    assert run_python(code) == "all"


def test_the_package_says_that_it_is_typed():
    assert (SOURCE / "py.typed").exists()


def test_importing_answers_at_once():
    """Counted in modules, not seconds: what makes an import slow is what it pulls in."""
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import assetmap"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=ROOT,
    )
    bare = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import typing"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=ROOT,
    )
    assert len(done.stderr.splitlines()) - len(bare.stderr.splitlines()) < 10
