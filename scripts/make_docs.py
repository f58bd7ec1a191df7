"""Write the generated pages of the documentation.

Run ``python scripts/make_docs.py`` after a change to a command, a setting, a table or the taxonomy. It writes
docs/cli.md, docs/tables.md and docs/taxonomy.md, and the settings' part of docs/study.md. ``--out`` names
another folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from assetmap.files import write_text
from manual.commands import cli_page
from manual.settings import put_settings
from manual.tables import tables_page
from manual.taxonomy import taxonomy_page

DOCS = Path(__file__).resolve().parents[1] / "docs"


def make_docs(folder: Path) -> list[Path]:
    """Write the generated pages into a folder, and return their paths."""
    pages = {
        "cli.md": cli_page(),
        "tables.md": tables_page(),
        "taxonomy.md": taxonomy_page(),
        "study.md": put_settings((DOCS / "study.md").read_text(encoding="utf-8")),
    }
    for name, text in pages.items():
        write_text(folder / name, text)
    return [folder / name for name in pages]


def main() -> None:
    """Write the pages and say which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DOCS)
    for path in make_docs(parser.parse_args().out):
        print(path.name)


if __name__ == "__main__":
    main()
