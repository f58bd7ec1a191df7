"""The one table of addresses."""

from urllib.parse import urlsplit

import pytest

from assetmap.errors import SettingsError
from assetmap.sources.remote.addresses import load_addresses

TABLE = load_addresses()


def test_the_table_names_what_a_study_can_fetch_and_what_people_download():
    fetched = {"overpass", "lsoa21", "lsoa11", "lookup", "iod2025", "iod2019", "population"}
    assert set(TABLE) == fetched | {"greenspace"}


@pytest.mark.parametrize("name", TABLE)
def test_every_entry_says_whose_it_is(name):
    entry = TABLE[name]
    assert urlsplit(entry.url).scheme == "https"
    assert entry.licence in ("ODbL-1.0", "OGL-UK-3.0")
    assert entry.title
    assert entry.publisher
    assert entry.note
    wanted = "OpenStreetMap" if entry.licence == "ODbL-1.0" else "Open Government Licence v3.0"
    assert wanted in entry.attribution


def test_the_indices_say_how_many_zones_are_whole():
    assert (TABLE["iod2025"].rows, TABLE["iod2019"].rows) == (33_755, 32_844)


def test_a_mirror_stands_in_for_every_host():
    for name, entry in load_addresses(mirror="http://127.0.0.1:81/copies/").items():
        published = urlsplit(TABLE[name].url)
        assert entry.url == f"http://127.0.0.1:81/copies/{published.netloc}{published.path}"
        assert entry.publisher == TABLE[name].publisher


@pytest.mark.parametrize(
    "url", ["https://o.example.org/api", "https://o.example.org/api/interpreter", "https://o.example.org/api/"]
)
def test_a_study_may_name_its_own_overpass(url):
    table = load_addresses({"overpass": url}, mirror="http://127.0.0.1:81")
    assert table["overpass"].url == "https://o.example.org/api"
    assert table["lsoa21"].host == "127.0.0.1"


@pytest.mark.parametrize(
    "url",
    ["", "overpass.example.org", "ftp://example.org", "https://", "https://a b/c", "http://[::1", "http://h:99999/"],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(SettingsError, match="is not an address: write it as https://host/path"):
        load_addresses({"overpass": url})
    with pytest.raises(SettingsError, match="the mirror"):
        load_addresses(mirror=url)


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(SettingsError, match=r"no address is called 'overpas': did you mean 'overpass'\?"):
        load_addresses({"overpas": "https://example.org"})
    with pytest.raises(SettingsError, match="known: overpass, lsoa21"):
        load_addresses({"xyz": "https://example.org"})


def test_the_table_can_not_be_changed():
    with pytest.raises(TypeError):
        load_addresses()["overpass"] = TABLE["lsoa21"]
