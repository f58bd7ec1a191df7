"""Two studies side by side: Old Ford and Kings Heath on published figures, and the demo beside variants of itself."""

import re
import shutil
from html.parser import HTMLParser

import pandas as pd
import pytest

from assetmap.errors import MissingInputError, UsageError
from assetmap.study.adding import add_files
from assetmap.study.comparing import compare_studies
from assetmap.study.create import create_study
from assetmap.study.flow import build_study

DAY = "2026-11-22"


def variant(built, folder, *, name="Tidewell again", without=(), build=True):
    """Copy the demo without some tables of its settings, under another name."""
    shutil.copytree(built, folder, ignore=shutil.ignore_patterns("out"))
    text = (folder / "assetmap.toml").read_text(encoding="utf-8")
    for table in without:
        text = re.sub(rf"^\[+{table}\]+\n(?:(?!\[).*\n)*", "", text, flags=re.MULTILINE)
    text = re.sub(r'^name = ".*"$', lambda _: f"name = '{name}'", text, count=1, flags=re.MULTILINE)
    (folder / "assetmap.toml").write_text(text, encoding="utf-8")
    if build:
        build_study(folder, today=DAY)
    return folder


@pytest.fixture(scope="module")
def again(built, tmp_path_factory):
    """The demo, built a second time under another name. Look and don't touch."""
    return variant(built, tmp_path_factory.mktemp("again") / "again")


def compared(out):
    return pd.read_csv(out / "comparison.csv", encoding="utf-8-sig", dtype=object)


def figure(table, words):
    rows = table[table["figure"].str.startswith(words)]
    assert len(rows) == 1, rows["figure"].tolist()
    return rows.iloc[0]


def test_a_study_beside_its_copy_has_equal_figures(built, again, tmp_path):
    compare_studies(built, again, out=tmp_path / "out", today=DAY)
    table = compared(tmp_path / "out")
    rows = table[~table["figure"].isin(["study", "Built on"])]
    assert len(rows) > 30
    assert (rows["value_1"].fillna("") == rows["value_2"].fillna("")).all()
    assert (rows["comparable"] == "yes").all()
    assert rows["note"].fillna("").str.contains("not known alike").sum() == 0
    zones = pd.read_csv(tmp_path / "out" / "zones.csv")
    assert zones.groupby("study").size().tolist() == [12, 12]
    assert zones["population"].sum() == 36_000
    assert set(zones["index_of_deprivation"]) == {"English Indices of Deprivation 2025"}


def test_missing_figures_say_why_and_no_index_is_no_rank(built, tmp_path):
    bare = variant(built, tmp_path / "bare", without=("population", "deprivation"))
    compare_studies(built, bare, out=tmp_path / "out", today=DAY)
    table = compared(tmp_path / "out")
    people = table[table["figure"] == "People"].iloc[0]
    assert (people["value_1"], people["missing_2"]) == ("18000.0", "the people of some zones aren't known")
    score = table[table["section"] == "Deprivation"]
    assert score["value_2"].isna().all()
    assert set(score["missing_2"]) == {"the study has no index of deprivation"}
    page = (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    assert "the study has no index of deprivation" in page
    assert "Zones without an index of deprivation" in page
    empty = table[table["value_2"].isna()]
    assert empty["missing_2"].notna().all()


def test_a_score_that_the_index_does_not_have_is_said_so_where_the_people_are_known(built, tmp_path):
    other = variant(built, tmp_path / "other", build=False)
    file = other / "inputs/tidewell_iod2025.csv"
    index = pd.read_csv(file, dtype=str)
    index.drop(columns=[name for name in index.columns if "(IMD) Score" in name]).to_csv(file, index=False)
    build_study(other, today=DAY)
    compare_studies(built, other, out=tmp_path / "out", today=DAY)
    table = compared(tmp_path / "out")
    lacking = table[(table["section"] == "Deprivation") & table["value_2"].isna()]
    assert len(lacking)
    assert set(lacking["missing_2"]) == {"the table of its index doesn't have it"}


def test_figures_of_two_editions_are_marked_and_their_zones_kept_apart(built, tmp_path):
    other = variant(built, tmp_path / "other", build=False)
    years = {"tidewell_iod2025.csv": {"2021": "2011", "2024": "2019", "2022": "2015"}}
    years |= {"tidewell_zones.geojson": {"LSOA21": "LSOA11"}, "tidewell_population.csv": {"LSOA21": "LSOA11"}}
    for name, words in years.items():
        text = (other / "inputs" / name).read_text(encoding="utf-8")
        for word, other_word in {**words, "E01999": "E01009"}.items():  # codes of 2011 end at E01033768
            text = text.replace(word, other_word)
        (other / "inputs" / name).write_text(text, encoding="utf-8")
    manifest = build_study(other, today=DAY)
    assert manifest.figures["deprivation_index"] == "English Indices of Deprivation 2019"
    found = compare_studies(built, other, out=tmp_path / "out", today=DAY)
    rows = [f for f in found.figures if f.section == "Deprivation"]
    assert rows
    assert not any(f.comparable for f in rows)
    assert all("ranks of two editions" in f.note for f in rows)
    assert all(f.comparable for f in found.figures if f.section == "Access")
    page = (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    assert page.count("Not comparable.") == len(rows)
    captions = re.findall(r"<caption><bdi>(Zones by[^<]*)", page)
    assert captions == [f"Zones by the English Indices of Deprivation {year}" for year in (2019, 2025)]


def test_walks_are_not_compared_with_straight_lines(built, tmp_path):
    flat = variant(built, tmp_path / "flat", without=("osm",))
    found = compare_studies(built, flat, out=tmp_path / "out", today=DAY)
    access = [f for f in found.figures if f.section == "Access"]
    assert access
    assert not any(f.comparable for f in access)
    assert all("Measured on foot, profile standard beside in a straight line." in f.note for f in access)
    walks = [f for f in found.figures if f.section == "Green space standards" and "on foot" in f.label]
    assert walks
    assert {f.missing[1] for f in walks} == {"there is no walking network"}


def test_the_comparison_never_ranks_people_across_studies(built, again, tmp_path):
    found = compare_studies(built, again, out=tmp_path / "out", today=DAY)
    labels = " ".join(f.label.casefold() for f in found.figures)
    assert not re.search(r"slope|\bsii\b|\brii\b|gini|concentration", labels)


class Tables(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables = self.captions = self.scripts = self.loose_heads = 0

    def handle_starttag(self, tag, attrs):
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.scripts += tag == "script"
        self.loose_heads += tag == "th" and dict(attrs).get("scope") not in ("col", "row")


def test_hostile_names_stay_text_and_every_table_can_be_read_aloud(built, tmp_path):
    hostile = variant(built, tmp_path / "hostile", name='<script>alert(1)</script>"=1+1')
    compare_studies(built, hostile, out=tmp_path / "out", today=DAY)
    page = (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    reader = Tables()
    reader.feed(page)
    assert reader.tables == reader.captions == 5
    assert (reader.scripts, reader.loose_heads) == (0, 0)
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"(?:src|href)=", page)
    assert "Working copy, not for sharing" in page


def test_nothing_is_replaced_unless_asked(built, again, tmp_path):
    out = tmp_path / "out"
    compare_studies(built, again, out=out, today=DAY)
    before = (out / "comparison.html").read_bytes()
    with pytest.raises(UsageError, match="say --overwrite"):
        compare_studies(built, again, out=out, today=DAY)
    compare_studies(built, again, out=out, today=DAY, overwrite=True)
    assert (out / "comparison.html").read_bytes() == before


def test_what_can_t_be_compared_is_said_in_one_line(built, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(UsageError, match="are one study: give two"):
        compare_studies(built, built, out=out, today=DAY)
    with pytest.raises(MissingInputError, match="is not a study"):
        compare_studies(built, tmp_path, out=out, today=DAY)
    raw = variant(built, tmp_path / "raw", build=False)
    with pytest.raises(UsageError, match="has not been built yet by this assetmap: run `assetmap build"):
        compare_studies(built, raw, out=out, today=DAY)
    build_study(raw, today=DAY)
    (raw / "out" / "zones.csv").write_text("torn", encoding="utf-8")
    with pytest.raises(UsageError, match="isn't as it was built"):
        compare_studies(built, raw, out=out, today=DAY)
    assert not out.exists()


def test_two_studies_of_one_name_can_be_told_apart(built, tmp_path):
    name = re.search(r'name = "(.*)"', (built / "assetmap.toml").read_text(encoding="utf-8"))[1]
    again = variant(built, tmp_path / "again", name=name)
    found = compare_studies(built, again, out=tmp_path / "out", today=DAY)
    assert found.names == (f"{name} (first)", f"{name} (second)")


@pytest.fixture(scope="module")
def pair(shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    hall = folder / "hall.csv"
    hall.write_text("name,longitude,latitude,category\nA hall,-0.925,52.258,community_centre\n", encoding="utf-8")
    wanted = {
        "old-ford": [
            "boundaries/London-LSOA-2021.gpkg",
            "deprivation/imd2025_england_lsoa21.csv",
            "greenspace/tower_hamlets_800m_os_open_greenspace_2020.geojson",
            "community/gla_community_centres.csv",
        ],
        "kings-heath": [
            "boundaries/lsoa2021_northampton_composite.geojson",
            "deprivation/imd2025_england_lsoa21.csv",
            "population/worldpop_gbr_ppp_2020_1km.tif",
        ],
    }
    for site, names in wanted.items():
        create_study(folder / site, site=site)
        files = [shared_data / name for name in names] + ([hall] if site == "kings-heath" else [])
        add_files(folder / site, files, today=DAY)
        build_study(folder / site, today=DAY)
    return folder, compare_studies(folder / "old-ford", folder / "kings-heath", out=folder / "out", today=DAY)


def test_old_ford_beside_kings_heath_on_published_ranks(pair, shared_data):
    folder, _ = pair
    zones = pd.read_csv(folder / "out" / "zones.csv").set_index("zone_code")
    published = pd.read_csv(shared_data / "deprivation" / "imd2025_england_lsoa21.csv")
    published = published.set_index(published.columns[0])
    assert zones.index.tolist() == ["E01004222", "E01004226", "E01027243", "E01027244"]
    assert zones["imd_rank"].tolist() == published.loc[zones.index, "IMD_rank"].tolist()
    assert zones["imd_rank"].loc["E01004222"] == 5303


def test_kings_heath_s_weights_are_said_to_be_an_estimate(pair):
    folder, found = pair
    table = compared(folder / "out")
    origin = figure(table, "Where the people come from")
    assert origin["value_1"] == "from a table by zone (2 of 2 zones)"
    assert origin["value_2"] == "estimated from a population grid (2 of 2 zones)"
    score = figure(table, "Score of the index")
    assert score["comparable"] == "yes"
    page = (folder / "out" / "comparison.html").read_text(encoding="utf-8")
    assert page.count("known alike in both") == 1  # said once, before all figures that rest on it
    assert "estimate from the grid worldpop_gbr_ppp_2020_1km.tif" in page
    assert page.count("estimated from a grid") == 2
    assert found.names == ("Old Ford, Tower Hamlets", "Kings Heath, Northampton")


def test_the_averages_are_those_of_the_zones(pair):
    folder, _ = pair
    zones = pd.read_csv(folder / "out" / "zones.csv")
    score = figure(compared(folder / "out"), "Score of the index")
    for number, (_, rows) in enumerate(zones.groupby("study", sort=False), start=1):
        weighted = (rows["population"] * rows["imd_score"]).sum() / rows["population"].sum()
        assert float(score[f"value_{number}"]) == pytest.approx(weighted, abs=1e-3)


def test_no_green_space_in_the_sources_is_no_0_per_cent(pair):
    _, found = pair
    standards = [f for f in found.figures if f.section == "Green space standards"]
    assert standards
    assert {f.values[1] for f in standards} == {None}
    assert {f.missing[1] for f in standards} <= {"no green space is known here"}
    assert all(f.values[0] is not None for f in standards)
