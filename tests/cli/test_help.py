"""Help is quick, and every command explains itself."""

import statistics
import subprocess
import sys
import time

import pytest

from assetmap.cli.main import COMMANDS, cli
from tests.cli.program import run_here


def test_every_command_is_in_the_help_and_explains_itself():
    listing = run_here("--help").worked().out
    for name in COMMANDS:
        assert f"\n  {name} " in listing
    for name in cli.leaves():
        page = run_here(*name.split(), "--help").worked().out
        assert page.startswith(f"Usage: assetmap {name} ")
        for line in page.split("Options:")[1].strip().splitlines():
            assert len(line.split("  ")) > 1, line  # an option with what it does


def test_without_a_command_there_is_help_and_a_refusal():
    ran = run_here()
    assert ran.code == 2
    assert "Usage: assetmap" in ran.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["bild"], "No such command 'bild'"),
        (["build"], "Missing argument 'DIR'"),
        (["build", "x", "--ofline"], "No such option '--ofline'"),
        (["access", "x", "--osm", "y", "--out", "z", "--profile", "fast"], "'fast' is not one of 'standard'"),
        (["assets", "--out", "a.csv"], "Missing option '--osm'"),
        (["open", "a", "b"], "unexpected extra argument"),
    ],
)
def test_a_word_that_is_not_understood_is_one_line_that_leads_to_help(args, words):
    line = run_here(*args).refused(2, words)
    assert line.endswith("--help")


def test_the_version_is_the_package_s():
    assert run_here("--version").worked().out == "assetmap, version 0.1.0\n"


def imported_by(*args):
    program = (
        "import sys; sys.argv = ['assetmap', *sys.argv[1:]]\n"
        "from assetmap.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: print(','.join(sys.modules), file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=True)
    return set(found.stderr.strip().split("\n")[-1].split(","))


@pytest.mark.parametrize("args", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(args):
    heavy = {"geopandas", "pandas", "numpy", "shapely", "pyproj", "osmium", "pyogrio", "scipy", "folium", "pandera"}
    assert not heavy & imported_by(*args)


def test_help_takes_little_longer_than_click_itself():
    def seconds(*args):
        start = time.perf_counter()
        subprocess.run([sys.executable, *args], capture_output=True, check=True)
        return time.perf_counter() - start

    pairs = [(seconds("-m", "assetmap.cli.main", "--help"), seconds("-c", "import click")) for _ in range(5)]
    ratio = statistics.median(ours / click for ours, click in pairs)
    assert ratio < 3, f"assetmap --help takes {ratio:.2f} times as long as importing click"
