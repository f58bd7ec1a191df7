"""The indices of deprivation: published headers, variants, and 2019 on the zones of 2021."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from assetmap.errors import InputError
from assetmap.sources.boundaries import read_lookup
from assetmap.sources.deprivation import EDITIONS, Deprivation, read_deprivation, to_lsoa21
from assetmap.sources.deprivation_headers import deprivation_columns

DOMAIN_HEADERS = {
    "imd": ("Index of Multiple Deprivation (IMD)", "Score"),
    "income": ("Income", "Score (rate)"),
    "employment": ("Employment", "Score (rate)"),
    "education": ("Education, Skills and Training", "Score"),
    "health": ("Health Deprivation and Disability", "Score"),
    "crime": ("Crime", "Score"),
    "barriers": ("Barriers to Housing and Services", "Score"),
    "living_environment": ("Living Environment", "Score"),
    "idaci": ("Income Deprivation Affecting Children Index (IDACI)", "Score (rate)"),
    "idaopi": ("Income Deprivation Affecting Older People (IDAOPI)", "Score (rate)"),
}


def _published(year, lad, *, denominators):
    """Headers of a published File 7: code, names, a triplet a domain, a sub-domain with its cut-off, people."""
    headers = [
        f"LSOA code ({year})",
        f"LSOA name ({year})",
        f"Local Authority District code ({lad})",
        f"Local Authority District name ({lad})",
    ]
    for name, score in DOMAIN_HEADERS.values():
        headers += [
            f"{name} {score}",
            f"{name} Rank (where 1 is most deprived)",
            f"{name} Decile (where 1 is most deprived 10% of LSOAs)",
        ]
    return [
        *headers,
        "Children and Young People Sub-domain Score",
        "Children and Young People Sub-domain Rank (where 1 is most deprived)",
        "Children and Young People Sub-domain Decile (where 1 is most deprived 10% of LSO",
        *denominators,
    ]


HEADERS_2025 = _published(
    2021, 2024, denominators=["Total population: mid 2022", "Dependent Children aged 0-15: mid 2022"]
)
HEADERS_2019 = _published(2011, 2019, denominators=["Total population: mid 2015 (excluding prisoners)"])


def _row(code, rank, size, people):
    figures = [figure for _ in DOMAIN_HEADERS for figure in (20.5, rank, int(np.ceil(10 * rank / size)))]
    return [code, "Name", "E09000030", "Somewhere", *figures, 1, 2, 1, *people]


def _write(tmp_path, headers, rows, name="iod.csv"):
    path = tmp_path / name
    pd.DataFrame(rows, columns=headers).to_csv(path, index=False)
    return path


def test_published_headers_of_2025(tmp_path):
    rows = [_row("E01004228", 14_838, 33_755, [1900, 300]), _row("E01035657", 1, 33_755, [1500, 200])]
    index = read_deprivation(_write(tmp_path, HEADERS_2025, rows))
    assert (index.vintage, index.zone_vintage, index.edition.size) == ("imd25", "lsoa21", 33_755)
    expected = [f"{domain}_{figure}" for domain in DOMAIN_HEADERS for figure in ("score", "rank", "decile")]
    assert set(index.frame.columns) == {*expected, "population", "population_0_15"}
    assert list(index.frame.columns[:3]) == ["imd_score", "imd_rank", "imd_decile"]
    assert index.frame.index.name == "zone_code"
    assert index.frame.loc["E01004228", ["imd_rank", "imd_decile", "population"]].tolist() == [14_838, 5, 1900]


def test_published_headers_of_2019_in_a_workbook(tmp_path):
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["About this file"])
    sheet = book.create_sheet("IoD2019 Scores")
    sheet.append(HEADERS_2019)
    sheet.append(_row("E01004228", 10_000, 32_844, [1900]))
    book.save(tmp_path / "iod.xlsx")
    index = read_deprivation(tmp_path / "iod.xlsx")
    assert (index.vintage, index.zone_vintage) == ("imd19", "lsoa11")
    assert index.frame["imd_decile"].tolist() == [4.0]


@pytest.mark.parametrize(
    ("header", "figure"),
    [
        ("IMDRank0", "imd_rank"),
        ("IMDDec0", "imd_decile"),
        ("IMDScore", "imd_score"),
        ("EnvRank", "living_environment_rank"),
        ("BHSDec", "barriers_decile"),
        ("HDDScore", "health_score"),
        ("Housing_and_Access_rank", "barriers_rank"),
        ("Environment_decile", "living_environment_decile"),
        ("imd_dec", "imd_decile"),
        ("Income Rank (where 1 is most deprived)", "income_rank"),
        ("Income Deprivation Affecting Older People (IDAOPI) Decile (where 1 is", "idaopi_decile"),
        ("LSOA Code", "zone_code"),
        ("lsoa21_code", "zone_code"),
        ("LSOA11CD", "zone_code"),
        ("TotPop", "population"),
    ],
)
def test_variants_of_headers(header, figure):
    assert deprivation_columns([header]) == {figure: header}


@pytest.mark.parametrize(
    "header",
    [
        "Geographical Barriers Sub-domain Rank (where 1 is most deprived)",
        "housing_affordability_indicator",
        "income_domain_numerator",
        "LSOA name (2021)",
        "December 2021",
    ],
)
def test_headers_that_are_not_figures(header):
    assert deprivation_columns([header]) == {}


def test_missing_deciles_are_computed_and_said(tmp_path):
    ranks = [1, 3_375, 3_376, 33_755]
    path = tmp_path / "x.csv"
    path.write_text("LSOA21CD,imd_rank\n" + "".join(f"E0100000{n},{r}\n" for n, r in enumerate(ranks, 1)))
    index = read_deprivation(path)
    assert index.frame["imd_decile"].tolist() == [1, 1, 2, 10]  # 3,375.5 zones a decile
    assert index.tally.repaired == {"imd_decile computed from the rank": 4}
    assert index.frame["imd_score"].isna().all()


def test_edition_from_the_codes_alone(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("LSOA Code,imd_rank,imd_decile\nE01035657,1,1\n")  # a code that 2021 made
    assert read_deprivation(path).vintage == "imd25"
    path.write_text("LSOA Code,imd_rank,imd_decile\nE01004228,1,1\n")  # a code of both
    with pytest.raises(InputError, match="2019 or of 2025"):
        read_deprivation(path)
    assert read_deprivation(path, vintage="imd19").zone_vintage == "lsoa11"
    with pytest.raises(InputError, match="use imd19 or imd25"):
        read_deprivation(path, vintage="imd15")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LSOA11CD,imd_rank\nE01000001,1\nE01000001,2\n", "there twice"),
        ("LSOA11CD,imd_rank\nE01000001,32845\n", "not ranks from 1 to 32,844"),
        ("LSOA11CD,imd_rank\nE01000001,0\n", "not ranks"),
        ("LSOA11CD,imd_rank\nE01000001,low\n", "impossible.*row 2"),
        ("LSOA11CD,imd_rank,imd_decile\nE01000001,1,11\n", "impossible"),
        ("LSOA11CD,imd_rank,imd_decile\nE01000001,1,10\n", "1 must be the most deprived"),
        ("LSOA11CD,imd_rank\nE01035657,1\n", "came in 2021"),
        ("LSOA11CD,imd_rank,IMD Rank\nE01000001,1,1\n", "both look like imd_rank"),
        ("LSOA11CD,name\nE01000001,x\n", "not a table of the English Indices"),
        ("ward,imd_rank\nE05000001,1\n", "no column holds LSOA codes"),
        ("LSOA11CD,imd_rank\nE05000001,1\n", "no row with an LSOA code"),
        ("LSOA11CD,Local Authority District code (2013),imd_rank\nE01000001,E09000001,1\n", "2015"),
    ],
)
def test_wrong_tables_are_refused(tmp_path, text, words):
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_deprivation(path)


def test_footnotes_are_dropped_and_counted(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("LSOA11CD,imd_rank\nE01000001,1\nSource: MHCLG,\n")
    tally = read_deprivation(path).tally
    assert tally.dropped == {"no LSOA code": 1}
    assert (tally.read, tally.kept) == (2, 1)


def _lookup(rows):
    return pd.DataFrame(rows, columns=["lsoa11cd", "lsoa21cd", "chgind"])


def _index_2019(tmp_path, rows):
    path = tmp_path / "2019.csv"
    header = "LSOA11CD,imd_score,imd_rank,imd_decile,Total population: mid 2015\n"
    path.write_text(header + "".join(f"{row}\n" for row in rows))
    return read_deprivation(path)


def test_2019_goes_to_2021_by_the_lookup_only(tmp_path):
    index = _index_2019(
        tmp_path,
        [
            "E01000001,10,20000,7,1000",  # unchanged
            "E01000002,40,3000,1,2000",  # split into three
            "E01000003,30,6000,2,1000",  # merged with the next, of another decile
            "E01000004,10,20001,7,3000",
            "E01000005,20,12000,4,1500",  # merged with the next, of one decile
            "E01000006,22,11500,4,500",
            "E01000007,15,15000,5,100",  # tangled
        ],
    )
    lookup = _lookup(
        [
            ("E01000001", "E01000001", "U"),
            ("E01000002", "E01033801", "S"),
            ("E01000002", "E01033802", "S"),
            ("E01000002", "E01033803", "S"),
            ("E01000003", "E01033804", "M"),
            ("E01000004", "E01033804", "M"),
            ("E01000005", "E01033805", "M"),
            ("E01000006", "E01033805", "M"),
            ("E01000007", "E01033806", "X"),
            ("E01000099", "E01000099", "U"),
        ]
    )
    moved = to_lsoa21(index, lookup)
    assert (moved.vintage, moved.zone_vintage) == ("imd19", "lsoa21")
    frame = moved.frame
    assert frame.loc["E01000001", ["imd_score", "imd_rank", "imd_decile", "population"]].tolist() == [
        10,
        20000,
        7,
        1000,
    ]
    for part in ("E01033801", "E01033802", "E01033803"):
        assert frame.loc[part, ["imd_score", "imd_rank", "imd_decile"]].tolist() == [40, 3000, 1]
        assert np.isnan(frame.loc[part, "population"])  # the whole's people aren't each part's
    # (30 x 1000 + 10 x 3000) / 4000 = 15; ranks aren't averaged
    assert frame.loc["E01033804", "imd_score"] == 15
    assert frame.loc["E01033804", ["imd_rank", "imd_decile"]].isna().all()
    assert frame.loc["E01033804", "population"] == 4000
    # (20 x 1500 + 22 x 500) / 2000 = 20.5; both were in decile 4
    assert frame.loc["E01033805", ["imd_score", "imd_decile"]].tolist() == [20.5, 4]
    assert frame.loc["E01033806", ["imd_score", "imd_rank", "imd_decile"]].isna().all()
    assert frame["change"].to_dict()["E01033804"] == "M"
    assert moved.tally.read == 7
    assert moved.tally.dropped == {"complex change of boundary, no figure": 1}


def test_merged_zones_without_populations_get_no_figure(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("LSOA11CD,imd_score,imd_rank\nE01000003,30,6000\nE01000004,10,20001\n")
    lookup = _lookup([("E01000003", "E01033804", "M"), ("E01000004", "E01033804", "M")])
    moved = to_lsoa21(read_deprivation(path), lookup)
    assert moved.frame.loc["E01033804", ["imd_score", "imd_rank", "imd_decile"]].isna().all()
    assert moved.tally.dropped == {"merged of several, no figure without their scores and populations": 1}


def test_to_lsoa21_refuses_what_it_cant_do(tmp_path):
    index = _index_2019(tmp_path, ["E01000001,10,20000,7,1000"])
    with pytest.raises(InputError, match="doesn't know 1 of the zones"):
        to_lsoa21(index, _lookup([("E01000002", "E01000002", "U")]))
    newer = Deprivation(index.frame, "imd25", "lsoa21", index.tally)
    with pytest.raises(InputError, match="already"):
        to_lsoa21(newer, _lookup([]))


def test_the_sample_index(sample):
    index = read_deprivation(sample / "inputs" / "tidewell_iod2025.csv")
    assert (index.vintage, len(index.frame)) == ("imd25", 12)
    assert index.frame["population"].sum() == 18_000
    assert not index.tally.repaired


@pytest.mark.parametrize(
    ("name", "vintage", "rows", "domains"),
    [
        ("imd2025_england_lsoa21.csv", "imd25", 33_755, 7),
        ("imd2019_england_lsoa11.csv", "imd19", 32_844, 7),
        ("England-IMD-2019.csv", "imd19", 32_844, 0),
        ("File_3_IoD2019_IDACI_IDAOPI.xlsx", "imd19", 32_844, 2),
    ],
)
def test_repackaged_files(shared_data, name, vintage, rows, domains):
    index = read_deprivation(shared_data / "deprivation" / name)
    assert (index.vintage, len(index.frame)) == (vintage, rows)
    assert sum(column.endswith("_rank") for column in index.frame) == domains + 1
    ranks = index.frame["imd_rank"]
    assert (ranks.min(), ranks.max()) == (1, EDITIONS[vintage].size)
    assert index.tally.kept == rows


def test_old_ford_in_2025_and_2019(shared_data):
    index = read_deprivation(shared_data / "deprivation" / "imd2025_england_lsoa21.csv")
    assert index.frame.loc["E01004228", ["imd_rank", "imd_decile"]].tolist() == [14_838, 5]
    old = read_deprivation(shared_data / "deprivation" / "imd2019_england_lsoa11.csv")
    lookup = read_lookup(shared_data / "boundaries" / "England-Wales-LSOA-2011-2021.csv")
    moved = to_lsoa21(old, lookup)
    assert len(moved.frame) == 33_755
    assert moved.frame["change"].value_counts().to_dict() == {"U": 31_810, "S": 1_842, "M": 97, "X": 6}
    parts = moved.frame.loc[["E01035657", "E01035658", "E01035659"], "imd_rank"]
    assert set(parts) == {old.frame.loc["E01004224", "imd_rank"]}
    assert set(moved.frame.index) == set(index.frame.index)


def test_the_indicators_file_is_not_an_index(shared_data):
    with pytest.raises(InputError, match="rank or decile"):
        read_deprivation(shared_data / "deprivation" / "imd2019_england_lsoa11_indicators.csv")
