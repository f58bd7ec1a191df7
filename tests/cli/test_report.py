"""The report as a user makes it: on the demo, after pockets and what-ifs, and where there is nothing to tell."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd

from tests.cli.program import run_here

HERE = "1.0133880,53.4600504"


def test_the_report_of_the_demo(study):
    run_here("report", study, "--quiet").worked()
    text = (study / "out/report.md").read_text(encoding="utf-8")
    assert text.startswith("# Tidewell Basin (fictional): what was measured\n")
    assert "**Working copy for the team, not for sharing.**" in text
    assert "The study holds 40 rows of residents' marks" in text
    assert "- 18,000 people in 12 zones" in text
    assert "- 37.8 % of the people live in the most deprived fifth" in text  # 6,800 of 18,000, as on paper
    assert "`assetmap pockets` does." in text
    shown = set(re.findall(r"\((plots/[^)]+)\)", text))
    assert shown == {
        f"plots/{n}.{s}" for n in ("distance_by_decile", "equity_curves", "equity_of_shares") for s in ("svg", "png")
    }
    assert {f"plots/{p.name}" for p in (study / "out/plots").iterdir()} == shown


def test_the_indices_of_shares_are_told_in_words(study):
    run_here("report", study, "--quiet").worked()
    text = (study / "out/report.md").read_text(encoding="utf-8")
    table = pd.read_csv(study / "out/equity_of_shares.csv", encoding="utf-8-sig").set_index("measure")
    green = table[(table["category"] == "green_space") & (table["within_m"] == 400)]["value"]
    erreygers, wagstaff, plain = green[["Erreygers index", "Wagstaff index", "concentration index"]]
    assert erreygers > 0.5  # green space is far from the estate, where the most deprived live
    cells = f"higher for the less deprived | {erreygers:.2f} | {wagstaff:.2f} | {plain:.2f} |"
    assert f"| neighbourhood | Green space | on foot | 400 m | {cells}" in text
    far = "| 1,200 m | hardly any difference by deprivation | 0.00 | 0.00 | 0.00 |"
    assert f"| neighbourhood | Green space | on foot {far}" in text
    assert "| Erreygers index | concentration index of a share" in text


def test_it_holds_no_resident_s_word(study):
    run_here("report", study, "--quiet").worked()
    text = (study / "out/report.md").read_text(encoding="utf-8")
    marks = gpd.read_file(study / "out/assetmap.gpkg", layer="annotations")
    words = {word for word in marks["text"].dropna() if len(word) > 3} | set(marks["annotation_id"])
    assert len(words) > 20
    assert not [word for word in words if word in text]


def test_pockets_and_changes_are_told_until_the_inputs_change(study):
    run_here("pockets", study, "--quiet").worked()
    run_here("whatif", study, "--add", f"community_centre@{HERE}", "--minutes", "5", "--quiet").worked()
    run_here("whatif", study, "--extend", "osm:node/2890", "--hours", "Mo-Su 08:00-22:00", "--quiet").worked()
    run_here("report", study, "--quiet").worked()
    text = (study / "out/report.md").read_text(encoding="utf-8")
    assert "| 2 | 1 | 6,800 | 37.8 % |" in text
    assert "plots/hub_coverage.svg" in text
    assert "| a new community centre at 1.01339, 53.46005 | 5 minutes' walk (333 m) | 604 | 0 | 18,000 |" in text
    assert len(re.findall(r"!\[Before and after", text)) == 2
    first = {p.name: p.read_bytes() for p in (study / "out/plots").iterdir()}
    run_here("report", study, "--quiet").worked()
    assert {p.name: p.read_bytes() for p in (study / "out/plots").iterdir()} == first
    people = study / "inputs/tidewell_population.csv"
    people.write_text(people.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    run_here("report", study, "--quiet").refused(2, "run `assetmap build")
    run_here("build", study, "--quiet").worked()
    run_here("report", study, "--quiet").worked()
    text = (study / "out/report.md").read_text(encoding="utf-8")
    assert "`assetmap pockets` does." in text
    assert "Left out, since the inputs have changed since: add_community_centre" in text
    assert "604" not in text


def test_a_study_without_an_index_has_no_plot_and_says_what_it_has(study):
    toml = study / "assetmap.toml"
    toml.write_text(toml.read_text().replace('[deprivation]\nfile = "inputs/tidewell_iod2025.csv"\n', ""))
    run_here("build", study, "--quiet").worked()
    run_here("report", study, "--quiet").worked()
    text = (study / "out/report.md").read_text(encoding="utf-8")
    assert "## How near things are" in text
    assert "## Equity" not in text
    assert not (study / "out/plots").exists()


def test_a_study_that_is_not_built_is_refused(study):
    (study / "out/manifest.json").unlink()
    run_here("report", study, "--quiet").refused(2, "has not been built yet")


def test_without_matplotlib_it_says_what_to_install(study, monkeypatch):
    monkeypatch.setattr("assetmap.plots.extra.find_spec", lambda _: None)
    run_here("report", study, "--quiet").refused(2, "pip install 'assetmap[plots]'")
    assert not (study / "out/report.md").exists()
