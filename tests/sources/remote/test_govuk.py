"""The Indices of Deprivation, as published, whole and of the right year."""

import pytest

from assetmap.errors import RemoteError, UsageError
from assetmap.provenance import read_provenance
from assetmap.sources.remote.govuk import fetch_deprivation
from tests.loopback import Reply

ROWS = {2025: 33_755, 2019: 32_844}
FILE = {2025: "_Population_Denominators.csv", 2019: "_Population_Denominators_3.csv"}
ZONES = {2025: 2021, 2019: 2011}


def table(edition: int, rows: int | None = None, *, key: str | None = None, mark: str = "\ufeff") -> bytes:
    """The published header's first columns, and invented rows."""
    zones = ZONES[edition]
    head = [
        key or f"LSOA code ({zones})", f"LSOA name ({zones})", "Local Authority District code (2024)",
        "Local Authority District name (2024)", "Index of Multiple Deprivation (IMD) Score",
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
    ]  # fmt: skip
    lines = [
        f'E01{n:06d},"Nowhere, {n}",E06000001,Nowhere,12.5,{n + 1},{n % 10 + 1}' for n in range(rows or ROWS[edition])
    ]
    return (mark + ",".join(head) + "\r\n" + "\r\n".join(lines) + "\r\n").encode()


@pytest.mark.parametrize("edition", [2025, 2019])
def test_the_published_file_is_kept_byte_for_byte(server, settings, tmp_path, edition):
    data = table(edition)
    server.play(FILE[edition], Reply(data, kind="text/csv"))
    path = fetch_deprivation(edition, tmp_path, settings=settings)
    assert path == tmp_path / f"iod{edition}_file7.csv"
    assert path.read_bytes() == data
    record = read_provenance(path)
    assert record.note.startswith(f"{ROWS[edition]} zones")
    assert record.made_by.startswith(f"{server.url}/assets.publishing.service.gov.uk/media/")
    fetch_deprivation(edition, tmp_path, settings=settings)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (table(2025, 33_754), "sent 33,754 rows with 33,754 zones, not 33,755: torn, or another edition"),
        (table(2025)[:-9_000], "not 33,755"),
        (table(2025).replace(b"E01000007", b"E01000006"), "sent 33,755 rows with 33,754 zones"),
        (table(2025, key="LSOA code (2011)"), "sent a table without 'LSOA code"),
        (table(2025).replace(b"(IMD) Rank", b"(IMD) Place"), r"without 'LSOA code \(2021\)' or the IMD rank"),
        (b"Not a table\n", "without 'LSOA code"),
        (table(2025, 20).replace(b"Nowhere", b"\xff\xfe"), "can't be read"),
    ],
)
def test_what_is_not_the_whole_table_is_not_kept(server, settings, tmp_path, data, says):
    server.play(FILE[2025], Reply(data, kind="text/csv"))
    with pytest.raises(RemoteError, match=says):
        fetch_deprivation(2025, tmp_path, settings=settings)
    assert list(tmp_path.iterdir()) == []


def test_a_header_in_other_letters_is_the_same(server, settings, tmp_path):
    server.play(FILE[2025], Reply(table(2025, key="LSOA  Code (2021) ", mark=""), kind="application/octet-stream"))
    assert fetch_deprivation(2025, tmp_path, settings=settings).exists()


def test_a_landing_page_is_no_table(server, settings, tmp_path):
    server.play(FILE[2019], Reply(b"<!DOCTYPE html><h1>English indices of deprivation</h1>", kind="text/html"))
    with pytest.raises(RemoteError, match=r"web page, not CSV \(English indices of deprivation\)"):
        fetch_deprivation(2019, tmp_path, settings=settings)


def test_an_edition_that_is_not_there(settings, tmp_path):
    with pytest.raises(UsageError, match=r"there is no 2015 edition .* 2025 and 2019 are known"):
        fetch_deprivation(2015, tmp_path, settings=settings)
