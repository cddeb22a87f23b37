from __future__ import annotations

import json
from pathlib import Path

from disposing import PASSWORD
from pdf_reading import text
from schedules import rule, series, toml
from test_cli import Shell

PROVED = {"MUNIMENT_PASSWORD": PASSWORD}


def as_user(shell: Shell, name: str, *words: str, expect: int = 0) -> str:
    return shell("--as", name, *words, expect=expect, env=PROVED)


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_city_disposes_of_records_by_commands_alone(tmp_path: Path, city: Path) -> None:
    shell = Shell(tmp_path / "archive")
    shell("init", str(shell.folder), "--name", "City of Milbrook")
    shell("account", "add", "x-city", "--platform", "x", "--department", "Clerk", "--handle", "CityOfMilbrook")
    for name, role in (("ann", "clerk"), ("bob", "attorney"), ("ivan", "it")):
        shell("user", "add", name, "--role", role, "--password", PASSWORD)
    shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city", "--kept-at", "the vault")
    (tmp_path / "s.toml").write_bytes(toml(series("posts", code="X1", period="1 day", notice="N"), rule("posts")))
    shell.adopt(str(tmp_path / "s.toml"), "--checked", "posts=Anna, RDA 1")
    shell("backup", str(tmp_path / "copy"))

    placed = rows(
        shell("hold", "place", "pool", "-q", "pool", "--reason", "Action 26-CV-12", "--custodian", "Mara", "--json")
    )
    held = placed[0]["records"]
    assert isinstance(held, int) and held > 10
    assert placed[0]["needs_backup"] == ["x-city"]
    assert "Nobody is left" in shell("hold", "acknowledge", "pool", "--by", "Mara")
    assert "words" not in shell("hold", "list")
    assert "query pool" in as_user(shell, "ann", "hold", "show", "pool")
    assert "Do not delete" in as_user(shell, "ann", "hold", "show", "pool", "--notice")
    notice = tmp_path / "hold.pdf"
    assert "hold.pdf" in as_user(shell, "ann", "hold", "show", "pool", "--to", str(notice))
    assert "Notice to preserve records: pool" in text(notice)
    as_user(shell, "ivan", "hold", "show", "pool", "--to", str(tmp_path / "peeked.pdf"), expect=3)
    assert not (tmp_path / "peeked.pdf").exists()
    as_user(shell, "ivan", "hold", "show", "pool", expect=3)

    proposed = rows(shell("disposition", "propose", "--json"))[0]
    count = proposed["records"]
    letter = shell("disposition", "notice", "1", "--contact", "Ann Mason", "--to", str(tmp_path / "letter.pdf"))
    assert "State Historical Society" in letter
    assert "(address unverified: look it up" in text(tmp_path / "letter.pdf")
    shell("disposition", "notice", "1", "--contact", "Ann Mason", "--address", "1 Archive Row; Madison, WI 53700")
    shell("disposition", "show", "1", "--notice", "--to", str(tmp_path / "again.pdf"))
    assert "1 Archive Row" in text(tmp_path / "again.pdf") and "unverified" not in text(tmp_path / "again.pdf")
    as_user(shell, "ivan", "disposition", "execute", "1", expect=3)
    shell("disposition", "answer", "1", "waived")
    as_user(shell, "ann", "disposition", "approve", "1")
    as_user(shell, "ann", "disposition", "approve", "1", expect=3)
    shell("--as", "bob", "disposition", "approve", "1", env={"MUNIMENT_PASSWORD": "not the password"}, expect=3)
    as_user(shell, "bob", "disposition", "approve", "1")
    assert f"{count:,} records would go" in shell("disposition", "execute", "1", "--dry-run")
    done = rows(as_user(shell, "ivan", "disposition", "execute", "1", "--json"))[0]
    assert (done["disposed"], done["stage"]) == (count, "executed")
    as_user(shell, "ivan", "disposition", "finish", "1", "--to", str(tmp_path / "certificate.pdf"))
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    certificate = shell("disposition", "show", "1", "--certificate")
    assert "bob, attorney" in certificate and "kept at the vault" in certificate
    assert f"Lawfully destroyed on {done['proposed_on']}: {count:,} records" in shell("verify", "--deep")
    assert int(shell("search", "*", "--count")) >= held

    first = rows(as_user(shell, "ann", "disposition", "show", "1", "--json"))[0]["kept"]
    assert first == {}
    gone = int(certificate.split("Numbers: ")[1].split("-")[0].split(",")[0])
    assert "was destroyed on" in shell("record", "show", str(gone), expect=4)
    again = shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city")
    assert f"({count:,} of its records were lawfully disposed of, and do not come back)" in again

    restored = Shell(tmp_path / "restored")
    assert f"{count:,} records that were disposed of since have been taken out" in restored(
        "restore", str(tmp_path / "copy")
    )
    assert "Sound" in restored("verify", "--deep")
    shell.folder.rename(tmp_path / "elsewhere")
    third = Shell(tmp_path / "third")
    assert "restore again with" in third("restore", str(tmp_path / "copy"))
    named = Shell(tmp_path / "fourth")
    assert "have been taken out" in named("restore", str(tmp_path / "copy"), "--after", str(tmp_path / "elsewhere"))
    named_wrongly = Shell(tmp_path / "fifth")
    named_wrongly("restore", str(tmp_path / "elsewhere"), "--after", str(tmp_path / "copy"), expect=3)


def test_a_production_whose_records_are_gone_is_not_built_again_as_something_else(tmp_path: Path, city: Path) -> None:
    shell = Shell(tmp_path / "archive")
    shell("init", str(shell.folder), "--name", "City of Milbrook")
    shell("account", "add", "x-city", "--platform", "x", "--department", "Clerk", "--handle", "CityOfMilbrook")
    for name, role in (("ann", "clerk"), ("bob", "attorney")):
        shell("user", "add", name, "--role", role, "--password", PASSWORD)
    shell("ingest", str(city / "x-2026-03-01.zip"), "--account", "x-city")
    (tmp_path / "s.toml").write_bytes(toml(series("posts", code="X1", period="1 day"), rule("posts")))
    shell.adopt(str(tmp_path / "s.toml"), "--checked", "posts=Anna, RDA 1")
    shell("request", "open", "--received-on", "2026-04-02", "--description", "Snow")
    shell("request", "collect", "1", "--query", "snow")
    shell(
        "review",
        "mark",
        "1",
        *(str(row["record"]) for row in shell.rows("review", "queue", "1")),
        "--decision",
        "release",
    )
    shell("export", "1")
    as_user(shell, "bob", "review", "approve", "1")
    shell("export", "1", "--final")
    for status in ("ready", "released"):
        shell("request", "status", "1", status)
    shell("disposition", "propose")
    for name in ("ann", "bob"):
        as_user(shell, name, "disposition", "approve", "1")
    as_user(shell, "ann", "disposition", "execute", "1")
    assert "have been lawfully disposed of since" in shell(
        "export", "1", "--production", "1", "--to", str(tmp_path / "again"), expect=3
    )
    as_user(shell, "ann", "disposition", "finish", "1")
    assert "Packages made for request 1" in shell("disposition", "show", "1", "--certificate")
