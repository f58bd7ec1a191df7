"""A sheet is known by three of its markers or by its code, never by one that another study's sheet shares."""

import numpy as np
import pytest

from assetmap.errors import InputError
from assetmap.kiosk.register.identify import identify_sheet
from assetmap.kiosk.spec import SheetSpec
from tests.kiosk import printing

SQUARE = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> tuple[SheetSpec, ...]:
    from assetmap.kiosk.reading import sheets_of

    folder = tmp_path_factory.mktemp("sheets")
    printing.write_sheet(folder)
    printing.write_sheet(folder, "T7Q2-2", seed=2, first_marker=300)
    return sheets_of(folder)


def seen(*ids: int) -> dict[int, list[np.ndarray]]:
    return {number: [SQUARE] for number in ids}


def test_by_markers_or_by_code(sheets: tuple[SheetSpec, ...]):
    assert identify_sheet(seen(100, 101, 102, 300), [], sheets, "p.jpg").sheet_id == "T7Q2-1"
    assert identify_sheet(seen(), ["T7Q2-2"], sheets, "p.jpg").sheet_id == "T7Q2-2"
    assert identify_sheet(seen(100, 301), [], sheets, "p.jpg").sheet_id is None
    assert identify_sheet(seen(), ["https://example.org"], sheets, "p.jpg").sheet_id is None


def test_a_marker_that_is_seen_twice_is_left_out(sheets: tuple[SheetSpec, ...]):
    shown = identify_sheet(seen(100, 101, 102) | {103: [SQUARE, SQUARE + 50]}, [], sheets, "p.jpg")
    assert sorted(shown.markers) == [100, 101, 102]


@pytest.mark.parametrize("code", ["ASSETMAP:ABCD-3", "ABCD-3"])
def test_another_studys_code_is_refused(sheets: tuple[SheetSpec, ...], code: str):
    with pytest.raises(InputError, match="ABCD-3, which this study hasn't printed"):
        identify_sheet(seen(), [code], sheets, "p.jpg")
    with pytest.raises(InputError, match="a sheet of another study"):
        identify_sheet(seen(100, 101, 102), [code], sheets, "p.jpg")
