"""What `fetch` says when there is nothing to fetch, and when there is no network."""

from tests.cli.program import run_here, snapshot


def test_a_study_with_files_of_its_own_is_not_said_to_have_none(tmp_path):
    run_here("demo", "--out", tmp_path / "demo", "--quiet").worked()
    before = snapshot(tmp_path / "demo")
    ran = run_here("fetch", tmp_path / "demo").worked()
    words = "nothing is to be fetched: the study has files of its own, or there is nothing for its zones."
    assert ran.err.splitlines() == [f"{words} See all data of the study with: assetmap sources {tmp_path / 'demo'}"]
    assert snapshot(tmp_path / "demo") == before
