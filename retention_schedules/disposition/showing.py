"""Dispositions as rows for scripts and lines for people."""

from __future__ import annotations

from typing import Any

from archive import clock
from archive.archive import Archive
from archive.terminal import safe
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Batch

SHOWN = ("disposition", "stage", "kind", "records", "disposed", "dropped", "answer", "free_on")


def row(one: Batch) -> dict[str, Any]:
    """Return a batch with how far it is."""
    return {
        "disposition": one.number, "series": one.facts["series"], "schedule": one.facts["schedule"],
        "records": one.facts["records"], "kind": one.kind, "stage": one.stage,
        "proposed_on": one.proposed_on.isoformat(), "free_on": one.free_on.isoformat() if one.free_on else None,
        "answer": one.answer, "disposed": one.done, "dropped": one.dropped,
    }  # fmt: skip


def whole_row(archive: Archive, one: Batch) -> dict[str, Any]:
    """Return a batch with its evidence, steps, approvals and what dropped out."""
    steps = [
        {
            "seq": act.seq,
            "at": clock.in_words(clock.read_stored(act.at), archive.timezone),
            "by": act.actor,
            "event": act.event,
        }
        for act in one.rows
    ]
    approvals = [{"by": each.name, "role": each.role, "via": each.via} for each in one.approvals]
    evidence = {key: value for key, value in one.facts.items() if key != "tables"}
    kept = batches.dropped(archive, one)
    return row(one) | {"evidence": evidence, "steps": steps, "approvals": approvals, "kept": kept}


def lines(whole: dict[str, Any]) -> list[str]:
    """Return a whole row for people."""
    shown = [(key, whole[key]) for key in SHOWN] + list(whole["evidence"].items())
    told = [f"{key.replace('_', ' '):22} {'' if value is None else safe(value)}" for key, value in shown]
    told += [f"kept, {why:16} {', '.join(map(str, those))}" for why, those in whole["kept"].items()]
    return told + [f"{one['seq']:>7}  {one['at']}  {safe(one['by'])}: {one['event']}" for one in whole["steps"]]
