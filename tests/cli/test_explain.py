"""What a figure means: every column of a build is explained, and a name that is not known leads to one that is."""

import json
import string

import pandas as pd
import pytest

from assetmap.definitions import (
    column_definitions,
    command_files,
    define_column,
    define_figure,
    explain,
    figures,
    measures,
    output_files,
)
from assetmap.measures.standards import ACCESSIBLE_GREENSPACE, GREEN_WITHIN_300M, LONDON_PLAN
from assetmap.study.comparing import Comparison
from assetmap.words import languages
from tests.cli.program import run_here

PLACEHOLDERS = {"T", "one", "the", "site"}


def test_a_figure_is_explained_with_what_it_is_made_of():
    said = run_here("explain", "green_near_m2_per_person").worked().out.splitlines()
    assert said[0] == "green_near_m2_per_person"
    assert said[1].startswith("    green space within 800 m in a straight line")
    facts = dict(line.strip().split(": ", 1) for line in said[2:])
    assert facts["unit"] == "m² a person"
    assert facts["denominator"] == "people living in the zone"
    assert facts["found in"] == "zones.csv"
    assert {"numerator", "how to read"} < set(facts)


def test_a_pattern_takes_the_words_of_the_name():
    (found,) = json.loads(run_here("explain", "park_share_400m", "--json").worked().out)
    assert found["name"] == "park_share_400m"
    assert found["meaning"] == "share of all people within 400 m of one (Park)"
    assert found["numerator"] == "people of the zone within 400 m of one (Park)"
    assert found["where"] == ["zones.csv"]
    area, zone = explain("green_space_median_m")
    assert zone.unit == area.unit == "m"
    assert (zone.where, area.where) == (("zones.csv",), ("results_by_area.csv",))
    (pattern,) = explain("<category>_share_<T>m")
    assert pattern.meaning == "share of all people within T m of one"


def test_an_abbreviation_is_known_in_small_letters():
    assert [entry.name for entry in explain("sii")] == [entry.name for entry in explain("SII")] == ["SII"]


def test_a_name_with_several_meanings_is_explained_once_for_each():
    found = explain("people")
    where = [entry.where for entry in found]
    assert where[:2] == [("Neighbourhood",), ("access_by_zone.csv", "access_by_deprivation.csv")]
    assert {("standards.csv",), ("equity.csv",)} < set(where)
    files = [name for names in where for name in names]
    assert len(files) == len(set(files))
    assert run_here("explain", "people").worked().out.count("\n\n") == len(found) - 1


def test_the_standard_names_its_publication():
    assert "Natural England (2023)" in run_here("explain", "share_at_least").worked().out


def test_without_a_name_every_figure_is_listed():
    said = run_here("explain").worked().out
    for name in (
        "extent",
        "green_ha_per_1000",
        "<category>_share_<T>m",
        "<domain>_decile",
        "population",
        "edge_origins",
    ):
        assert f"\n{name}  [" in said
    listed = json.loads(run_here("explain", "--json").worked().out)
    assert all(entry["unit"] and entry["meaning"] for entry in listed)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("parc_share_400m", "park_share_400m"),
        ("green_ha_per_thousand", "green_ha_per_1000"),
        ("imd_decil", "imd_decile"),
        ("median_walk", "median_m"),
        ("ags_lokal", "ags_local"),
        ("green300_1ha_walk_share", "green300_1ha_walk_share_at_least"),
    ],
)
def test_a_name_that_is_not_known_leads_to_one_that_is(name, near):
    run_here("explain", name).refused(2, repr(name), near, "`assetmap explain` lists all")


def test_a_name_like_no_other_is_one_line():
    line = run_here("explain", "qqqqqqqq").refused(2, "'qqqqqqqq'")
    assert "did you mean" not in line


def test_a_category_that_is_none_fits_no_pattern():
    assert define_column("zones.csv", "castle_share_400m") is None
    assert define_column("zones.csv", "park_share_m") is None


def test_every_column_of_a_built_study_is_explained(built):
    for name in (n for n in output_files() if n.endswith(".csv")):
        for column in pd.read_csv(built / "out" / name, encoding="utf-8-sig").columns:
            found = define_column(name, column)
            assert found is not None, (name, column)
            assert not set("{}") & set(found.meaning + found.numerator + found.denominator + found.read)


@pytest.mark.parametrize("name", [name for name, about in output_files().items() if about.names])
def test_every_figure_that_stands_in_a_row_is_explained(built, name):
    about = output_files()[name]
    for figure in pd.read_csv(built / "out" / name, encoding="utf-8-sig")[about.names].unique():
        entry = define_figure(name, figure)
        assert entry is not None, figure
        assert entry.name == figure
        assert all((entry.meaning, entry.unit, entry.numerator, entry.denominator, entry.read)), figure
        assert name in entry.where
        assert not set("{}") & set(entry.meaning + entry.numerator + entry.denominator + entry.read)
        assert any(name in other.where for other in explain(figure)), figure


@pytest.mark.parametrize("criterion", [*ACCESSIBLE_GREENSPACE, *GREEN_WITHIN_300M, *LONDON_PLAN], ids=lambda c: c.code)
def test_a_standard_says_which_green_space_it_asks_for(criterion):
    size = f"at least {criterion.min_ha:g} ha" if criterion.min_ha else "any size"
    site = f"a green space of {size} within {criterion.within_m:,.0f} m"
    (standard,) = explain(criterion.code)
    assert standard.numerator == f"people who have {site}"
    for mode, how in (("euclid", "in a straight line to its boundary"), ("walk", "on foot to an entrance")):
        (figure,) = explain(f"{criterion.code}_{mode}_share_at_least")
        assert figure.numerator == f"people who have {site}, {how}"
        assert figure.source == standard.source


def test_a_category_has_no_figures_by_area_but_a_group_has():
    assert define_figure("results_by_area.csv", "park_mean_m") is None
    assert define_figure("results_by_area.csv", "green_space_mean_m") is not None


def test_every_number_has_a_unit(built):
    for name in (n for n in output_files() if n.endswith(".csv")):
        table = pd.read_csv(built / "out" / name, encoding="utf-8-sig")
        for column in table.select_dtypes("number").dropna(axis="columns", how="all"):
            assert define_column(name, column).unit, (name, column)


def test_sentences_have_no_words_to_fill_in_but_the_known_ones():
    columns = (entry for name in output_files() for entry in column_definitions(name).values())
    entries = [*figures().values(), *measures().values(), *columns]
    for entry in entries:
        for text in (entry.meaning, entry.numerator, entry.denominator, entry.read):
            assert {field for _, field, _, _ in string.Formatter().parse(text) if field is not None} <= PLACEHOLDERS


def test_every_figure_says_what_it_is_made_of_and_how_to_read_it():
    for entry in explain():
        assert entry.numerator, entry
        assert entry.denominator, entry
        assert entry.read.endswith("."), entry


def test_a_share_has_a_denominator_that_is_one():
    shares = [entry for entry in explain() if entry.unit in ("share", "ratio")]
    assert len(shares) > 15
    assert not [entry for entry in shares if entry.denominator.startswith("none")]


@pytest.mark.parametrize(
    "name",
    [
        *("SII", "Gini", "concentration index", "concentration curve", "Lorenz", "equity_curves", "hub_coverage"),
        *("Erreygers index", "Wagstaff index"),
        *("2SFCA", "E2SFCA", "gravity", "ags_doorstep_or_local"),
    ],
)
def test_measures_and_plots_are_explained(name):
    said = run_here("explain", name).worked().out
    assert "how to read: " in said
    assert "source: " in said


def test_every_column_of_the_other_commands_is_explained(study):
    run_here("pockets", study, "--quiet").worked()
    run_here("whatif", study, "--extend", "osm:node/2890", "--hours", "24/7", "--quiet").worked()
    run_here("whatif", study, "--close", "osm:node/2890", "--quiet").worked()
    told = {name.rpartition("/")[2]: name for name in command_files()}
    found = [*study.glob("out/pockets/*.csv"), *study.glob("out/whatif/*/*.csv")]
    pockets = json.loads((study / "out/pockets/summary.json").read_text(encoding="utf-8"))
    assert set(pockets) == set(column_definitions("pockets/summary.json"))
    elsewhere = {"comparison.csv", "sites.csv"}
    assert {path.name for path in found} == {name for name in told if name.endswith(".csv")} - elsewhere
    for path in found:
        for column in pd.read_csv(path, encoding="utf-8-sig").columns:
            assert define_column(told[path.name], column) is not None, (path, column)
    summaries = [json.loads(path.read_text(encoding="utf-8")) for path in study.glob("out/whatif/*/summary.json")]
    keys = {key for summary in summaries for part in _parts_of(summary) for key in part}
    assert keys == set(column_definitions("whatif/summary.json"))
    assert all(define_column("whatif/by_decile.csv", key) for found in summaries for key in found["by_decile"][0])


def _parts_of(summary):
    return [summary, summary["slope"], summary["supply"] or {}]


def test_the_name_in_each_language_of_the_pages_is_explained():
    for language in languages():
        said = define_column("assets.parquet", f"name_{language}")
        assert said is not None, language
        assert said.meaning.startswith("the name in "), language


def test_every_column_of_a_selection_is_explained(built, tmp_path):
    for name in ("sites.csv", "sites.geojson"):
        ran = run_here("select", built, "--quiet", "--json", "--out", tmp_path / name).worked()
        assert list(json.loads(ran.out)) == list(column_definitions("select --json"))
    table = pd.read_csv(tmp_path / "sites.csv", encoding="utf-8-sig")
    assert [*table.columns, "geometry"] == list(column_definitions("sites.csv"))
    for column in table.select_dtypes("number"):
        assert define_column("sites.csv", column).unit, column
    (feature, *_) = json.loads((tmp_path / "sites.geojson").read_text(encoding="utf-8"))["features"]
    assert all(define_column("sites.csv", name) for name in (*feature["properties"], "geometry"))


def test_every_column_of_a_comparison_is_explained():
    table = Comparison(("a", "b"), (), pd.DataFrame()).table()
    assert list(column_definitions("comparison.csv")) == list(table.columns)
