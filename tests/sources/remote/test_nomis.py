"""Census populations, all zones or none."""

import pytest

from assetmap.errors import InputError, RemoteError, UsageError
from assetmap.provenance import read_provenance
from assetmap.sources.remote.nomis import fetch_population
from tests.loopback import Reply

HEAD = '"DATE","GEOGRAPHY","GEOGRAPHY_NAME","GEOGRAPHY_CODE","C2021_RESTYPE_3_NAME","MEASURES_NAME","OBS_VALUE"\n'


def code(n: int) -> str:
    return f"E01{n:06d}"


def table(*people: tuple[str, object]) -> Reply:
    lines = "".join(f'"2021",1,"Nowhere, {c}","{c}","Total: All usual residents","Value",{n}\n' for c, n in people)
    return Reply((HEAD + lines).encode(), kind="text/csv; charset=utf-8")


def test_residents_come_in_order_of_code(server, settings, tmp_path):
    server.play(".data.csv", table((code(2), 1610), (code(1), 0)))
    path = fetch_population([code(2), code(1)], tmp_path, settings=settings)
    assert path == tmp_path / "population_2021.csv"
    assert path.read_text().splitlines() == [
        "zone_code,name,population", f'{code(1)},"Nowhere, {code(1)}",0', f'{code(2)},"Nowhere, {code(2)}",1610',
    ]  # fmt: skip
    (asked,) = server.asked
    assert asked.query == {
        "date": "latest", "geography": f"{code(1)},{code(2)}", "c2021_restype_3": "0", "measures": "20100",
    }  # fmt: skip
    assert "Census 2021" in read_provenance(path).title
    fetch_population([code(1), code(2)], tmp_path, settings=settings)
    assert len(server.asked) == 1


def test_many_codes_go_in_several_questions(server, settings, tmp_path):
    server.play(".data.csv", *(table(*((code(n), n) for n in range(s, min(s + 200, 450)))) for s in (0, 200, 400)))
    path = fetch_population(map(code, range(450)), tmp_path, settings=settings)
    assert len(path.read_text().splitlines()) == 451
    assert len(server.asked) == 3


def test_zones_without_residents_are_named(server, settings, tmp_path):
    server.play(".data.csv", table((code(1), 5)))
    with pytest.raises(InputError, match=r"no residents for 1 of 2 zones: E01000002\. Are they codes of 2021"):
        fetch_population([code(1), code(2)], tmp_path, settings=settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(b"error: no such dataset", kind="text/plain"), "without GEOGRAPHY_CODE, GEOGRAPHY_NAME, OBS_VALUE"),
        (table((code(1), "")), "can't be read"),
        (table((code(1), -3)), "can't be read"),
        (table((code(1), 3.5)), "can't be read"),
        (table((code(1), "1e999")), "can't be read"),
        (table((code(1), 5), (code(1), 6)), "several figures for one zone"),
        (Reply(HEAD.encode() + b'"2021",1', kind="text/csv"), "can't be read"),
        (Reply(b"<html>Too many rows</html>", kind="text/html"), "web page"),
    ],
)
def test_what_is_no_whole_table_is_not_kept(server, settings, tmp_path, reply, says):
    server.play(".data.csv", reply)
    with pytest.raises(RemoteError, match=says):
        fetch_population([code(1)], tmp_path, settings=settings)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_code_is_not_asked(server, settings, tmp_path):
    with pytest.raises(UsageError, match="TYPE151 can't be codes of zones"):
        fetch_population(["TYPE151"], tmp_path, settings=settings)
    assert server.asked == []
