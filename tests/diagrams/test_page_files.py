"""The scripts of the diagrams' pages set no markup and parse."""

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

SCRIPTS = sorted(Path(str(files("assetmap.diagrams").joinpath("page"))).glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_set_markup_and_parse(script):
    text = script.read_text()
    assert text.startswith('"use strict";')
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)
    node = shutil.which("node")
    if node is None:
        pytest.skip("node isn't installed")
    subprocess.run([node, "--check", str(script)], check=True)
