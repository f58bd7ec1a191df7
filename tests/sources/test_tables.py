"""Tables as text, from clean and dirty files."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest
from openpyxl import Workbook

from assetmap.errors import InputError, MissingInputError
from assetmap.sources.tables import read_table
from assetmap.tally import Tally


def _csv(tmp_path, data, name="table.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def _book(tmp_path, sheets, name="book.xlsx"):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def test_every_cell_is_text_and_na_is_a_value(tmp_path):
    frame = read_table(_csv(tmp_path, "uprn,code,n\n010033544614,NA,1.00E+11\n00012,,null\n"))
    assert frame.loc[2].tolist() == ["010033544614", "NA", "1.00E+11"]
    assert frame.loc[3, "uprn"] == "00012"
    assert pd.isna(frame.loc[3, "code"])
    assert frame.loc[3, "n"] == "null"


def test_rows_bear_the_numbers_a_spreadsheet_shows(tmp_path):
    tally = Tally("table.csv")
    frame = read_table(_csv(tmp_path, "a,b\n1,2\n,\n\n3,4\n"), tally=tally)
    assert frame.index.tolist() == [2, 5]
    assert tally.read == 2


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfcode,name\n1,x\n",
        b"\tcode,name\n1,x\n",
        b"code;name\n1;x\n",
        b"code\tname\n1\tx\n",
        b"code|name\r\n1|x\r\n",
        b"code,name\r1,x\r",
        "code,name\n1,x\n".encode("utf-16"),
        b"code , name \n1,x\n",
        b"Table 1: codes,\nSource: ONS,\n,\ncode,name\n1,x\n",
        b"code,name,\n1,x,\n",
    ],
    ids=["bom", "tab-first", "semicolon", "tab", "bar", "mac", "utf16", "spaces", "title-rows", "trailing-comma"],
)
def test_dialects_read_alike(tmp_path, data):
    frame = read_table(_csv(tmp_path, data))
    assert list(frame.columns) == ["code", "name"]
    assert frame.iloc[0].tolist() == ["1", "x"]


def test_quoted_delimiters_and_line_ends_stay_in_their_cell(tmp_path):
    frame = read_table(_csv(tmp_path, 'name,address\n"Hall, the","1 Road\n2 Street, a, b, c, d, e"\n'))
    assert frame.iloc[0].tolist() == ["Hall, the", "1 Road\n2 Street, a, b, c, d, e"]


def test_windows_1252_is_read_and_said(tmp_path):
    tally = Tally("table.csv")
    frame = read_table(_csv(tmp_path, "name,x\nCafé – old,1\n".encode("cp1252")), tally=tally)
    assert frame.iloc[0, 0] == "Café – old"
    assert tally.repaired == {"not UTF-8, read as Windows-1252": 1}


def test_cells_longer_than_the_csv_module_takes(tmp_path):
    wkt = "LINESTRING(" + ",".join(f"{i} {i}" for i in range(40_000)) + ")"
    frame = read_table(_csv(tmp_path, f'wkt,text\n"{wkt}",x\n'))
    assert frame.iloc[0, 0] == wkt


def test_hostile_cells_survive_as_text(tmp_path):
    cells = ["=cmd|' /C calc'!A0", "</script><script>alert(1)</script>", "`${x}`", "\u202egnp.exe", "@SUM(A1)"]
    frame = read_table(_csv(tmp_path, "name,x\n" + "".join(f'"{c}",1\n' for c in cells)))
    assert frame["name"].tolist() == cells


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n \n", "white space"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "web page"),
        (b"<?xml version='1.0'?><gpx/>", "XML"),
        (b"a,b\n\x00\x01,2\n", "binary"),
        (b"a,b\n\x81\x8d,2\n", "binary"),
        (b"\xd0\xcf\x11\xe0rest of an old workbook", "old .xls"),
        (b"\xff\xfea\x00,\x00b", "UTF-16"),
        (b"a,b,a\n1,2,3\n", "more than once"),
        (b"a,b\n1,2\n1,2,3\n", "more cells than the header"),
        (b"a,b\n1,2\n1,2,3,4,5\n", r"is not an even table \(row 3 has 5 cells\): a row has"),
        (b"Halls\n\na,b\n1,2\n1,2,3,4,5\n3,4\n3,4\n", r"even table \(row 5 has 5 cells\)"),
        (b'a,b\n1,"2\n3,4\n', r"is not an even table \(a quotation mark is open at the end\): a row"),
        (b",,\n,,\n", "no header"),
    ],
)
def test_what_is_no_table_is_named(tmp_path, data, words):
    with pytest.raises(InputError, match=words) as caught:
        read_table(_csv(tmp_path, data))
    assert "\n" not in str(caught.value)
    assert "C error" not in str(caught.value)


def test_a_folder_and_a_missing_file(tmp_path):
    with pytest.raises(MissingInputError, match="is a folder"):
        read_table(tmp_path)
    with pytest.raises(MissingInputError, match="does not exist"):
        read_table(tmp_path / "none.csv")


def test_workbook_of_a_publisher(tmp_path):
    path = _book(
        tmp_path,
        {
            "Notes": [["Produced by the department"], ["See the report"]],
            "Data": [["Table 3: ranks"], [], ["LSOA code", "Rank", "Rate", "Day"], ["E01000001", 7, 0.25, None]],
        },
    )
    frame = read_table(path)
    assert list(frame.columns) == ["LSOA code", "Rank", "Rate", "Day"]
    assert frame.iloc[0, :3].tolist() == ["E01000001", "7", "0.25"]
    assert frame.index.tolist() == [4]


def test_sheets_with_a_table_that_are_not_read_are_named(tmp_path):
    head = ["Name", "Type", "Longitude", "Latitude"]
    sheets = {
        "North": [head, ["Hall", "Library", -0.03, 51.53]],
        "Notes": [["Produced by the council"], ["See the report"]],
        "South": [head, ["Hut", "Library", -0.02, 51.52]],
    }
    tally = Tally("book.xlsx")
    assert read_table(_book(tmp_path, sheets), tally=tally)["Name"].tolist() == ["Hall"]
    (note,) = tally.notes
    assert note.startswith(
        "of its sheets 'North' is read here, and not 'South': add another list of places with --sheet"
    )
    assert tally.summary() == f"book.xlsx: 1 read, 1 kept; {tally.notes[0]}"
    asked = Tally("book.xlsx")
    assert read_table(tmp_path / "book.xlsx", sheet="South", tally=asked)["Name"].tolist() == ["Hut"]
    assert asked.notes == []


def test_workbook_sheet_by_name(tmp_path):
    path = _book(tmp_path, {"One": [["a", "b", "c"], [1, 2, 3]], "Two": [["x", "y"], ["p", True]]})
    assert read_table(path, sheet="two").iloc[0].tolist() == ["p", "TRUE"]
    with pytest.raises(InputError, match="'One', 'Two'"):
        read_table(path, sheet="Three")


def test_broken_and_swollen_workbooks(tmp_path):
    torn = tmp_path / "torn.xlsx"
    with zipfile.ZipFile(torn, "w") as zipped:
        zipped.writestr("xl/workbook.xml", "<workbook>")
    with pytest.raises(InputError, match="can't be read as a workbook"):
        read_table(torn)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/worksheets/sheet1.xml", b"0" * (50 << 20))
    with pytest.raises(InputError, match="refused"):
        read_table(bomb)
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as zipped:
        zipped.writestr("list.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match="zip archive"):
        read_table(other)


def test_published_files_read_whole(shared_data):
    frame = read_table(shared_data / "deprivation" / "England-IMD-2019.csv")
    assert (len(frame), list(frame.columns)) == (32_844, ["lsoa11cd", "imd_rank", "imd_dec"])
    assert len(read_table(shared_data / "community" / "gla_community_centres.csv")) == 903
