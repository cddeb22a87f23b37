from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import cli
import generate
from demo.truth import load

ROOT = Path(__file__).parents[1]


class Shell:
    """The command line on one archive, in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, expect: int = 0, env: dict[str, str] | None = None) -> str:
        result = self.run(*arguments, env=env)
        assert result.exit_code == expect, (arguments, result.output, result.exception)
        return result.output

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        return CliRunner().invoke(
            cli.muniment, ["--archive", str(self.folder), *arguments], env=env, catch_exceptions=True
        )

    def rows(self, *arguments: str, expect: int = 0) -> list[dict[str, object]]:
        return [json.loads(line) for line in self(*arguments, "--json", expect=expect).splitlines()]

    def adopt(self, name: str, *options: str) -> str:
        """Adopt a schedule as two people, who are registered first."""
        password = "correct horse battery"
        papers = []
        for key in ("form", "ordinance"):
            path = self.folder.with_name(f"{key}.txt")
            path.write_text(f"The {key}", encoding="utf-8")
            papers += [f"--{key}", str(path)]
        known = {row["name"] for row in self.rows("user", "list")}
        for user, role in (("anna", "clerk"), ("dana", "attorney")):
            if user not in known:
                self("user", "add", user, "--role", role, "--password", password)
        env = {"MUNIMENT_PASSWORD": password, "MUNIMENT_SECOND_PASSWORD": password}
        return self("schedule", "adopt", name, "--by", "anna", "--second", "dana", *papers, *options, env=env)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path / "archive")
    made("init", str(made.folder), "--name", "City of Milbrook")
    made("account", "add", "x-city", "--platform", "x", "--department", "Clerk", "--handle", "CityOfMilbrook")
    made("account", "add", "mail-clerk", "--platform", "email", "--department", "Clerk")
    return made


def test_from_a_backup_to_a_bundle(shell: Shell, city: Path) -> None:
    evidence = load(city).evidence
    shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city")
    missing = sum(one.account == "x-city" and one.seen == "missing" and one.by < "2026-04-02" for one in evidence)
    assert f"{missing} missing" in shell("ingest", str(city / "x-2026-04-01.zip"), "--account", "x-city", expect=1)
    shell("ingest", str(city / "clerk-2026-04-01.mbox"), "--account", "mail-clerk")
    assert int(shell("search", "pool", "--count")) > 50
    assert "[deleted]" in shell("search", "state:deleted kind:post", "--sort", "newest")
    shell.adopt("wisconsin-municipal")
    assert "it expires on" in shell("retention", "why", "12")
    shell("request", "open", "--received-on", "2026-04-02", "--description", "The pool")
    shell("request", "collect", "1", "--query", "pool")
    bag = Path(shell("export", "1").strip().splitlines()[-1])
    assert (bag / "START-HERE.html").is_file()
    assert bag.with_name(bag.name + ".zip").is_file()
    assert shell("verify", "--deep").startswith("Sound.")
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines())
    assert shell("verify", "--checkpoint", info["Ledger-Checkpoint"]).startswith("Sound.")


def test_every_command_that_prints_prints_json_lines_too(shell: Shell, city: Path) -> None:
    (first,) = shell.rows("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city")
    counts = first["counts"]
    assert counts["items"] == counts["added"] + counts["edited"]  # type: ignore[index]
    assert shell.rows("accession", "list")[0]["items"] == first["counts"]["items"]  # type: ignore[index]
    assert shell.rows("accession", "show", "1")[0]["backup_sha256"]
    assert shell.rows("account", "list")[1]["id"] == "mail-clerk"
    assert shell.rows("account", "show", "x-city")[0]["handle"] == "CityOfMilbrook"
    record = shell.rows("search", "pool", "--limit", "1")[0]
    assert set(record) >= {
        "record", "version", "account", "platform", "kind", "state", "created_at", "edited_at", "author", "handle",
        "by_account", "title", "text", "url", "parent", "thread", "audience", "attachments", "tags", "captured_at",
        "accession", "series", "expires_on",
    }  # fmt: skip
    assert shell.rows("record", "show", str(record["record"]))[0]["text"] == record["text"]
    assert shell.rows("record", "history", str(record["record"]))
    assert shell.rows("record", "context", str(record["record"]))
    assert len(shell.rows("subscribers", "x-city")) == load(city).of("x-city")[0].kinds["subscriber"]
    assert shell.rows("search", "pool", "--count")[0]["count"]
    assert shell.rows("log")[0]["event"] == "archive.created"
    assert shell.rows("formats")[0]["format"] == "x-archive"
    assert shell.rows("identify", str(city / "clerk-2026-04-01.mbox"))[0]["format"] == "mbox"
    assert shell.rows("verify") == []
    assert {one["kind"] for one in shell.rows("finding", "list")} == {"edited", "removed"}
    assert shell.rows("schedule", "check", "wisconsin-municipal")[0]["remark"] is True
    assert shell.rows("retention", "due")[0]["series"] == "unscheduled"
    assert shell.rows("retention", "why", "3")[0]["reasoning"]
    assert shell.rows("request", "open", "--received-on", "2026-04-02", "--description", "x")[0]["shown"] == "2026-0001"
    assert shell.rows("request", "collect", "1", "--query", "pool")[0]["added"]
    assert shell.rows("request", "show", "1")[0]["versions"]
    assert shell.rows("request", "list")[0]["description"] == "x"
    assert shell.rows("export", "1")[0]["bag"]
    assert shell.rows("user", "list") == []
    assert shell.rows("schedule", "list") == []
    assert shell.rows("schedule", "preview", "wisconsin-municipal")[0]["kind"] == "gains a date"
    assert shell.rows("schedule", "adopt", "wisconsin-municipal", "--dry-run")[0]["kind"] == "gains a date"
    assert shell.rows("retention", "calendar") == []
    kept = ("retention", "override", "--record", "3", "--keep-until", "2050-01-01", "--reason", "x")
    assert shell.rows(*kept, "--dry-run") == []
    assert shell.rows(*kept)[0]["subject"] == "record:3"
    assert {row["clause"] for row in shell.rows("retention", "adm12", expect=1)} >= {"masked", "scheduled"}


def test_the_day_of_a_backup_is_told_as_it_was_typed(shell: Shell, city: Path) -> None:
    told = shell(
        "ingest", str(city / "clerk-2026-04-01.mbox"), "--account", "mail-clerk", "--exported-on", "2026-04-01"
    )
    assert "made on 2026-04-01\n" in told
    assert shell.rows("accession", "list")[0]["exported_on"] == "2026-04-01"


def test_a_dry_run_changes_nothing(shell: Shell, city: Path) -> None:
    before = shell("log")
    assert "303  post" not in shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city", "--dry-run")
    shell("request", "open", "--received-on", "2026-04-02", "--description", "x")
    shell("request", "collect", "1", "--query", "pool", "--dry-run")
    assert shell("log").startswith(before.rsplit("\n", 2)[0][:200])
    assert "accession.opened" not in shell("log")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("record", "show", "99"), 4, "There is no record 99"),
        (("request", "show", "9"), 4, "There is no request 9"),
        (("accession", "show", "9"), 4, "There is no accession 9"),
        (("account", "show", "nobody"), 4, "Registered: x-city, mail-clerk"),
        (("account", "add", "x-city", "--platform", "x", "--department", "D"), 3, "already"),
        (("account", "add", "bad id", "--platform", "x", "--department", "D"), 2, "use letters"),
        (("search", "form:x"), 2, "did you mean “from:”"),
        (("ingest", "nothing.zip", "--account", "x-city"), 4, "no such file"),
        (("ingest", "setup.cfg", "--account", "x-city"), 1, "none of the formats"),
        (("export", "9"), 4, "no request 9"),
        (("verify", "--checkpoint", "x"), 2, "not a checkpoint"),
        (("log", "--since", "yesterday"), 2, "write it as 2026-03-01"),
        (("schedule", "adopt", "nothing.toml"), 4, "Shipped with Muniment"),
        (("schedule", "adopt", "texas-gr"), 3, "cannot be adopted here"),
        (("schedule", "adopt", "wisconsin-municipal"), 3, "nobody was named"),
        (("schedule", "adopt", "wisconsin-municipal", "--by", "anna", "--second", "dana"), 3, "no active registered"),
        (("schedule", "preview", "setup.cfg"), 2, "cannot be used as a schedule"),
        (("retention", "event", "End of lease", "--on", "2026-01-01"), 4, "wait for: nothing"),
        (("retention", "event", "End of lease"), 2, "--on DATE"),
        (("retention", "override", "--reason", "x", "--series", "a"), 2, "one record or one account"),
        (("retention", "override", "--reason", "x", "--series", "a", "--record", "1"), 4, "no schedule is adopted"),
        (("no-such-command",), 2, "No such command"),
    ],
)
def test_a_mistake_is_one_clear_message_and_its_exit_code(
    shell: Shell, arguments: tuple[str, ...], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    output = shell(*arguments, expect=code)
    assert said in output
    assert "Traceback" not in output


def test_without_an_archive_every_command_says_how_to_name_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli.muniment, ["account", "list"], env={"MUNIMENT_ARCHIVE": ""})
    assert result.exit_code == 2
    assert "--archive DIR" in result.output
    assert Shell(tmp_path)("account", "list", expect=4).startswith("muniment: There is no archive")


def test_damage_is_named_and_ends_with_five(shell: Shell, city: Path) -> None:
    import sqlite3
    from contextlib import closing

    shell("ingest", str(city / "clerk-2026-04-01.mbox"), "--account", "mail-clerk")
    with closing(sqlite3.connect(shell.folder / "archive.db")) as connection, connection:
        connection.execute("DROP TRIGGER content_never_updated")
        connection.execute("UPDATE content SET text = 'forged' WHERE id = 7")
    output = shell("verify", expect=5)
    assert "content 7 (record 7)" in output
    (shell.folder / "archive.db").write_bytes(b"not a database at all" * 1000)
    assert "damaged" in shell("verify", expect=5)


def test_who_acts_and_how_it_was_proved_is_on_the_ledger(shell: Shell) -> None:
    shell("user", "add", "anna", "--role", "clerk", "--password", "correct horse battery")
    shell("--as", "anna", "account", "close", "mail-clerk")
    proved = {"MUNIMENT_PASSWORD": "correct horse battery"}
    shell("--as", "anna", "account", "close", "x-city", env=proved)
    assert "not the password" in shell("--as", "anna", "account", "list", expect=3, env={"MUNIMENT_PASSWORD": "wrong"})
    asserted, with_password = [row for row in shell.rows("log") if row["event"] == "account.closed"]
    assert asserted["actor"] == with_password["actor"] == "anna"
    assert "with password" not in str(asserted["via"])
    assert "with password" in str(with_password["via"])
    shell("user", "disable", "anna")
    assert "no active user" in shell("--as", "anna", "account", "list", expect=4)


def test_backup_and_restore_give_the_same_answers(shell: Shell, city: Path, tmp_path: Path) -> None:
    shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city")
    found = shell("search", "pool", "--count")
    shell("backup", str(tmp_path / "copy"))
    other = Shell(tmp_path / "restored")
    other("restore", str(tmp_path / "copy"))
    assert other("search", "pool", "--count") == found
    assert other("verify", "--deep").startswith("Sound.")


def test_a_schedule_goes_from_check_to_calendar(shell: Shell, city: Path, tmp_path: Path) -> None:
    from schedules import rule, series, toml

    shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city")
    file = tmp_path / "milbrook.toml"
    file.write_bytes(
        toml(
            series("posts", trigger="EVT", event="Account closed", period="8 years"), series("rest"),
            rule("posts", kind="post"), rule("rest", kind=["comment", "message", "subscriber", "profile", "story"]),
            rule("rest", account="x-town"),
        )
    )  # fmt: skip
    checked = shell("schedule", "check", str(file))
    assert f"{file}:" in checked
    assert "remark: rule 3, account: no account “x-town” is registered" in checked
    assert checked.endswith("It can be adopted.\n")
    assert "records would move" in shell("schedule", "preview", str(file))
    said = shell.adopt(str(file), "--checked", "posts=Anna, RDA 1", "--checked", "rest=Anna, RDA 1")
    assert "is adopted by anna and dana" in said
    assert shell.rows("schedule", "list")[0]["second"] == "dana"
    post = str(shell.rows("search", "kind:post", "--limit", "1")[0]["record"])
    assert "That has not been recorded yet" in shell("retention", "why", post)
    assert "gains a date" in shell("retention", "event", "account closed", "--on", "2026-03-01", "--dry-run")
    shell("account", "close", "x-city")
    assert "it expires on" in shell("retention", "why", post)
    shell("retention", "override", "--record", post, "--keep-until", "permanent", "--reason", "A lawsuit is near.")
    assert "“A lawsuit is near.”" in shell("retention", "why", post)
    shell("retention", "override", "--record", post, "--lift", "--reason", "x", expect=3)
    env = {"MUNIMENT_PASSWORD": "correct horse battery"}
    shell("--as", "anna", "retention", "override", "--record", post, "--lift", "--reason", "It is over.", env=env)
    assert "lawsuit" not in shell("retention", "why", post)
    assert "records due within 20 years" in shell("retention", "calendar", "--years", "20")


def test_verify_and_backup_leave_evidence_for_the_self_check(shell: Shell, tmp_path: Path) -> None:
    assert "LACKS  Records are authentic" in shell("retention", "adm12", expect=1)
    checkpoint = shell("verify", "--deep").rsplit(" ", 1)[1].strip()
    assert shell("verify", "--checkpoint", checkpoint).startswith("Sound.")
    shell("backup", str(tmp_path / "copy"))
    shell.adopt("wisconsin-municipal")
    assert "LACKS" not in shell("retention", "adm12")


def test_rebuild_and_reindex_change_no_answer(shell: Shell, city: Path) -> None:
    shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city")
    shell.adopt("wisconsin-municipal")
    before = shell("search", "pool", "--json") + shell("retention", "due", "--on", "2040-01-01")
    shell("rebuild")
    shell("reindex")
    assert shell("search", "pool", "--json") + shell("retention", "due", "--on", "2040-01-01") == before


def test_hostile_text_cannot_steer_the_terminal(shell: Shell, tmp_path: Path) -> None:
    mail = tmp_path / "evil.eml"
    mail.write_bytes(
        b"From: a@b.example\nSubject: pool \x1b[2J\x07 evil\nMessage-ID: <e@b.example>\n\n\x1b]0;title\x07 body\n"
    )
    shell("ingest", str(mail), "--account", "mail-clerk")
    for output in (shell("search", "evil"), shell("record", "show", "1"), shell("record", "context", "1")):
        assert "\x1b" not in output
        assert "\x07" not in output


def test_a_reader_that_goes_away_is_no_error(shell: Shell) -> None:
    command = f"{sys.executable} -m cli --archive {shell.folder} log | head -c 1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_no_index_leaves_the_search_complete(shell: Shell, city: Path) -> None:
    shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city", "--no-index")
    assert not (shell.folder / "index" / "current.json").exists()
    assert int(shell("search", "pool", "--count")) > 20


def test_every_command_and_option_has_help() -> None:
    for name, command in generate.commands(cli.muniment):
        assert command.help, name
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, (
                name,
                parameter.opts,
            )


def test_every_command_but_that_for_raw_bytes_takes_json() -> None:
    for name, command in generate.commands(cli.muniment):
        options = {opt for one in command.params for opt in one.opts}
        assert "--json" in options or name == "muniment record native", name


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_the_pages_made_from_the_program_are_those_of_this_program(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generate.PAGES[name](), "run `make docs`"


def test_every_error_says_in_its_docstring_what_happened() -> None:
    assert len(generate.errors()) > 30
    assert [one for one in generate.errors() if not one.__doc__] == []


@pytest.mark.slow
def test_the_installed_program_runs_from_anywhere(tmp_path: Path) -> None:
    """The wheel holds everything the program needs: schedules, templates, texts."""
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "demo-city", "tests"))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("muniment-*.whl")
    target = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(wheel)],
        check=True,
        capture_output=True,
    )
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment = {"PYTHONPATH": f"{target}:{packages}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    walked = subprocess.run(
        [sys.executable, "-P", "-m", "demo.walk", str(tmp_path / "demo")],
        cwd="/", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert walked.returncode == 0, walked.stderr
    assert Path(walked.stdout.strip().splitlines()[-1]).is_dir()
