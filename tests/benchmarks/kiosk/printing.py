"""The sheets to draw on, printed by the program: the demo's neighbourhood on A3 and on A1 at 1:2,500."""

from __future__ import annotations

from pathlib import Path

SHEETS = {"A3": 4, "A1": 1}
SCALE = 2500


def printed_sheets(folder: Path, size: str) -> list[Path]:
    """Print the demo's sheets of a size into ``folder/<size>``, unless they are there: their descriptions."""
    from assetmap import create_demo
    from assetmap.study.kiosk.sheets import print_sheets

    study = folder / size
    found = sorted((study / "kiosk" / "sheets").glob("*.json"))
    if not found:
        create_demo(study)
        print_sheets(study, size=size, scale=SCALE, sheets=SHEETS[size])
        found = sorted((study / "kiosk" / "sheets").glob("*.json"))
    return found
