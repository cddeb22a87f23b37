"""Chats and telephones: the account that is kept in each format of messages."""

from __future__ import annotations

from demo.every import (
    discord,
    discord_package,
    google_chat,
    google_voice,
    slack,
    sms_backup,
    teams,
    telegram,
    whatsapp,
)
from demo.lives import Lives
from demo.schedule import Planned

_KEPT = (slack, teams, sms_backup, whatsapp, google_voice, google_chat, discord, telegram, discord_package)

HOUSEHOLDS: dict[str, Lives] = {one.NAME: one.LIVES for one in _KEPT}

PLANNED: tuple[Planned, ...] = tuple(one for each in _KEPT for one in each.PLANNED)
