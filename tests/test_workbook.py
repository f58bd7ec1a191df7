"""The workbook: numbers stay numbers, text never runs, equal tables give equal bytes, Excel's limits are kept."""

import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from assetmap import workbook
from assetmap.errors import UsageError
from assetmap.workbook import Sheet, write_workbook

DAY = "2026-11-22"


def write(path, *sheets, read_me=(("A study",), ("Built on", DAY)), title="A study"):
    write_workbook(path, sheets, read_me=read_me, title=title, made_on=DAY)
    return openpyxl.load_workbook(path)


def test_numbers_are_numbers_in_the_format_of_their_unit(tmp_path):
    table = pd.DataFrame({"zone_code": ["Z1", "Z2"], "share": [0.25, np.nan], "m": [1234.56, 0.0], "n": [7, 8]})
    page = write(tmp_path / "a.xlsx", Sheet("Zones", table, {"share": "share", "m": "m"}))["Zones"]
    assert [cell.value for cell in page[1]] == ["zone_code", "share", "m", "n"]
    assert [cell.value for cell in page[2]] == ["Z1", 0.25, 1234.56, 7]
    assert [cell.number_format for cell in page[2]] == ["General", "0.0%", "#,##0", "General"]
    assert page["B3"].value is None  # what isn't known is empty, and no 0
    assert page["C3"].value == 0


def test_a_row_may_say_its_own_unit(tmp_path):
    table = pd.DataFrame({"figure": ["extent", "people"], "value": [0.5, 1800.0], "unit": ["share", "people"]})
    page = write(tmp_path / "a.xlsx", Sheet("Figures", table, unit_column="unit"))["Figures"]
    assert [page[f"B{row}"].number_format for row in (2, 3)] == ["0.0%", "#,##0"]


def test_a_place_for_each_person_is_not_shown_as_none(tmp_path):
    table = pd.DataFrame({"zone_code": ["Z1"], "supply_per_person": [1.483e-05], "library_e2sfca_places": [1.483e-05]})
    units = {"supply_per_person": "see supply", "library_e2sfca_places": "places a person"}
    page = write(tmp_path / "a.xlsx", Sheet("Catchments", table, units))["Catchments"]
    assert [(cell.value, cell.number_format) for cell in page[2][1:]] == [(1.483e-05, "General")] * 2


HOSTILE = ["=1+1", '=HYPERLINK("http://x")', "+44 20 7946 0000", "-2+3", "@SUM(A1)", "\t=1", "#REF!", "=", "{=A1}"]


def test_no_text_is_a_formula(tmp_path):
    table = pd.DataFrame({text: [text] for text in HOSTILE})
    write(tmp_path / "a.xlsx", Sheet("Names", table), read_me=[("=1+1",), ("a", "=2+2")], title="=3")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for page in book:
        assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert book["Names"]["A2"].value == "'=1+1"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        sheets = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 2
    assert not any(b"<f>" in sheet or b'Type="http' in sheet for sheet in sheets)


def test_what_excel_cannot_hold_in_a_cell(tmp_path):
    texts = ["a\x00b\x0bc", "half\ud800", "right\u202eleft", "x" * 40_000, "two\nlines", "Café 公园 🌳", "&<>\"'"]
    page = write(tmp_path / "a.xlsx", Sheet("Texts", pd.DataFrame({"text": texts}, dtype=object)))["Texts"]
    found = [page[f"A{row}"].value for row in range(2, len(texts) + 2)]
    assert found[:3] == ["abc", "half", "rightleft"]
    assert len(found[3]) == workbook.MAX_TEXT
    assert found[3].endswith("x [cut]")
    assert found[4:] == texts[4:]


def test_kinds_of_values(tmp_path):
    table = pd.DataFrame({"values": [True, None, np.float64("inf"), np.int64(3), pd.NA, "001", "1e5"]}, dtype=object)
    page = write(tmp_path / "a.xlsx", Sheet("Kinds", table, {"values": "m"}))["Kinds"]
    assert [page[f"A{row}"].value for row in range(2, 9)] == [True, None, None, 3, None, "001", "1e5"]


def test_equal_tables_give_equal_bytes(tmp_path):
    sheets = [Sheet("One", pd.DataFrame({"a": [1.5, 2.5]})), Sheet("Two", pd.DataFrame({"b": ["x"]}))]
    for name in ("a", "b"):
        write(tmp_path / f"{name}.xlsx", *sheets)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        assert packed.testzip() is None
    properties = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert (properties.creator, properties.title) == ("assetmap", "A study")
    assert properties.created.date().isoformat() == properties.modified.date().isoformat() == DAY


def test_a_sheet_is_ready_to_be_read(tmp_path):
    table = pd.DataFrame({"name": ["a", "b" * 300], "a_column_with_a_rather_long_name": [1.0, 2.0]})
    page = write(tmp_path / "a.xlsx", Sheet("Names", table))["Names"]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:B3"
    assert all(cell.font.bold for cell in page[1])
    widths = [page.column_dimensions[letter].width for letter in "AB"]
    assert widths == [48, len("a_column_with_a_rather_long_name") + 4]
    assert page["A3"].alignment.wrap_text
    assert not page["A2"].alignment.wrap_text
    assert page.row_dimensions[2].height is None
    assert page.row_dimensions[3].height == 6 * 15  # 300 letters in lines of 52
    assert page["B3"].alignment.vertical == "top"


def test_a_table_without_rows_or_columns(tmp_path):
    book = write(tmp_path / "a.xlsx", Sheet("Empty", pd.DataFrame()), Sheet("Head", pd.DataFrame({"a": []})))
    assert [cell.value for cell in book["Empty"][1]] == ["no rows"]
    assert book["Head"].max_row == 1


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_COLUMNS"])
def test_a_table_too_large_is_refused_before_anything_is_written(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(workbook, limit, 3)
    fits = pd.DataFrame(np.zeros((2, 3)))
    write(tmp_path / "fits.xlsx", Sheet("Zones", fits))
    large = pd.DataFrame(np.zeros((3, 3) if limit == "MAX_ROWS" else (2, 4)))
    with pytest.raises(UsageError, match=r"'Zones' has . rows and . columns, more than a sheet of Excel") as caught:
        write(tmp_path / "large.xlsx", Sheet("Zones", large))
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["fits.xlsx"]


def test_an_older_workbook_stays_where_a_new_one_fails(tmp_path):
    write(tmp_path / "a.xlsx", Sheet("Zones", pd.DataFrame({"a": [1]})))
    before = (tmp_path / "a.xlsx").read_bytes()
    with pytest.raises(TypeError):
        write(tmp_path / "a.xlsx", Sheet("Zones", pd.DataFrame({"a": [1]})), read_me=[None])
    assert (tmp_path / "a.xlsx").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
