"""Imports go down only; one package touches the network; two modules write bytes; nothing reads the clock by itself."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "assetmap"

NETWORK = {"requests", "urllib3", "socket", "ssl", "http", "ftplib", "smtplib", "osmnx", "aiohttp", "httpx"}
URL_OPENERS = {"urllib.request", "urllib.error"}

# What writes is one of these calls. `files.write_aside` gives the path that they may write to.
WRITERS = {
    "write_text", "write_bytes", "to_csv", "to_file", "to_parquet", "to_excel", "to_json", "to_pickle", "to_feather",
    "write_dataframe", "savefig", "copyfile", "copy2", "copytree", "touch", "symlink_to", "hardlink_to",
}  # fmt: skip
MAY_WRITE = {
    "files.py": "the writer itself",
    "folders.py": "a study's copy to rehearse in, gone afterwards",
    "archives.py": "the entries of an archive, into a temporary folder",
    "plots/plot.py": "a picture into memory, for files.write_bytes",
    "table_files.py": "tables, always inside write_aside",
    "study/create.py": "copies files into a study, inside write_aside",
    "disclosure/recordings.py": "sound and film, into memory",
    "study/engagement/decision_tables.py": "a table as text, for files.write_text",
}
REMOVERS = {"unlink", "rmtree", "rmdir", "removedirs"}
MAY_REMOVE = {
    "files.py": "what a writer that was killed has left",
    "folders.py": "an old folder once the new one is in its place, and a rehearsal",
    "sources/remote/kept.py": "a record, before its file changes",
    "study/kiosk/redaction.py": "a photograph whose owner has said yes to its redacted copy",
    "study/resume.py": "what an unfinished build had kept, once it has ended",
    "study/forgetting.py": "what was made of residents' marks, once some of them are forgotten",
    "study/kiosk/unread.py": "a photograph that wasn't read, whose owner has said yes to it",
    "study/kiosk/blanking.py": "pictures of marks that are forgotten",
    "study/removing.py": "a copy of a file that its owner takes out and says --delete to",
}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns"}
MAY_ASK_THE_CLOCK = {
    "cli/options.py": "the commands' today",
    "sources/remote/patience.py": "waiting, and the date of a record",
    "sources/remote/kept.py": "the age of a file",
}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def own_writers(tree: ast.Module) -> set[str]:
    """Names of `assetmap.files` that a module has imported: those calls are the proper ones."""
    nodes = (n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "assetmap.files")
    return {alias.asname or alias.name for node in nodes for alias in node.names}


def opens_to_write(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in ("open", "fdopen"):
        return False
    texts = [a.value for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Constant)]
    modes = [t for t in texts if isinstance(t, str) and 0 < len(t) <= 4 and set(t) <= set("rwaxbt+")]
    return any(set(mode) & set("wax+") for mode in modes)


def test_import_contracts_hold():
    program = Path(sys.executable).with_name("lint-imports")
    found = str(program) if program.exists() else shutil.which("lint-imports")
    assert found, "import-linter is a test dependency: pip install -e '.[test]'"
    done = subprocess.run([found, "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_only_the_remote_sources_know_the_network():
    others = {
        name: sorted(reached)
        for name, tree in trees()
        if not name.startswith("sources/remote/")
        and (reached := {i for i in imported(tree) if i.split(".")[0] in NETWORK or i in URL_OPENERS})
    }
    assert others == {}


def test_only_studies_use_the_remote_sources():
    users = [
        name
        for name, tree in trees()
        if not name.startswith("sources/remote/")
        and any(i.startswith("assetmap.sources.remote") for i in imported(tree))
    ]
    assert users
    assert all(name.startswith("study/") for name in users), users


def test_bytes_are_written_in_one_place():
    writing, removing = set(), set()
    for name, tree in trees():
        proper = own_writers(tree)
        for call in calls(tree):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if opens_to_write(call) or (called in WRITERS and called not in proper):
                writing.add(name)
            if called in REMOVERS:
                removing.add(name)
    assert writing == set(MAY_WRITE)
    assert removing == set(MAY_REMOVE)


def test_every_table_is_written_aside_first():
    """In report.py and create.py each writing call stands inside a ``with write_aside(...)`` or one built on it."""
    for name in ("table_files.py", "study/create.py"):
        tree = ast.parse((SOURCE / name).read_text(encoding="utf-8"))
        proper = own_writers(tree)
        inside = {
            id(call)
            for block in ast.walk(tree)
            if isinstance(block, ast.With)
            and any(getattr(getattr(i.context_expr, "func", None), "id", "").endswith("_aside") for i in block.items)
            for call in ast.walk(block)
        }
        writing = [c for c in calls(tree) if isinstance(c.func, ast.Attribute) and c.func.attr in WRITERS - proper]
        assert writing
        assert all(id(call) in inside for call in writing), name


def test_nothing_asks_the_clock_by_itself():
    """Equal input gives equal bytes: a date comes in as an argument."""
    found = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date", "time")
    }
    assert found == set(MAY_ASK_THE_CLOCK)


def test_random_numbers_have_a_seed():
    for name, tree in trees():
        assert not {i.split(".")[0] for i in imported(tree)} & {"random", "uuid"}, name
        made = [c for c in calls(tree) if isinstance(c.func, ast.Attribute) and c.func.attr == "default_rng"]
        assert all(c.args and "seed" in ast.unparse(c.args[0]) for c in made), name
        assert "RandomState" not in {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}, name


def test_measures_touch_no_file_and_print_nothing():
    for name, tree in trees():
        if name.startswith("measures/"):
            assert not {i for i in imported(tree) if i.split(".")[0] in ("pathlib", "os", "io", "pyogrio")}, name
            assert not [c for c in calls(tree) if getattr(c.func, "id", "") in ("open", "print")], name


def test_commands_are_light_to_load():
    """Heavy libraries are imported inside a command, not with it."""
    light = sys.stdlib_module_names | {"click"}
    for name, tree in trees():
        if not name.startswith("cli/"):
            continue
        top = {
            i.split(".")[0] + ("" if not i.startswith("assetmap.") else "." + i.split(".")[1])
            for node in tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for i in imported(ast.Module([node], []))
        }
        assert top - light <= {"assetmap.cli", "assetmap.encode", "assetmap.errors", "assetmap.plurals"}, name


def test_no_module_is_called_by_a_word_that_says_nothing():
    names = {path.stem for path in SOURCE.rglob("*.py")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core"}
