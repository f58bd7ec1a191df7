"""An error is one line that is safe to show, with the exit code of its kind."""

import pytest

from assetmap import errors
from assetmap.errors import AssetMapError, InputError, MissingInputError, RemoteError, SettingsError, UsageError


@pytest.mark.parametrize(
    ("error", "code", "builtin"),
    [
        (UsageError, 2, ValueError),
        (SettingsError, 2, ValueError),
        (InputError, 3, ValueError),
        (errors.SchemaError, 3, ValueError),
        (errors.CRSError, 3, ValueError),
        (MissingInputError, 3, FileNotFoundError),
        (RemoteError, 4, ConnectionError),
    ],
)
def test_each_leaf_has_its_code_and_is_the_builtin_it_resembles(error, code, builtin):
    assert error.exit_code == code
    assert issubclass(error, AssetMapError)
    assert issubclass(error, builtin)
    assert str(error("list.csv is torn: get it again.")) == "list.csv is torn: get it again."


@pytest.mark.parametrize("words", ["two\nlines", "a\ttab", "  much \r\n white\u2028space\x0b ", "a\xa0b"])
def test_a_message_is_one_line(words):
    assert str(InputError(words)) == " ".join(words.split())


def test_nothing_from_a_file_acts_on_a_terminal():
    line = str(InputError("no column '\x1b[2J\x07\u202enmuloc\ud800\x00'"))
    assert line == r"no column '\x1b[2J\x07\u202enmuloc\ud800\x00'"
    assert str(InputError("Café Ünter den Linden – 公园 😀")) == "Café Ünter den Linden – 公园 😀"


def test_a_long_message_keeps_its_beginning_and_what_to_do():
    line = str(InputError(f"list.csv has no column 'name': it has {'x' * 5_000}: name the column (columns)."))
    assert len(line) <= 600
    assert line.startswith("list.csv has no column 'name': it has xxx")
    assert line.endswith("xxx: name the column (columns).")
