"""The formats Muniment reads, one line each, and which of them a backup is in."""

from __future__ import annotations

from collections.abc import Sequence

from archive.errors import ExitCode, MunimentError
from ingest.backup import Backup
from ingest.ingestor import Confidence, Ingestor
from ingest.lists.govdelivery import GovDeliveryIngestor
from ingest.lists.mailchimp import MailchimpAudienceIngestor
from ingest.lists.mailchimp_account import MailchimpAccountIngestor
from ingest.mail.eml import EmlIngestor
from ingest.mail.mbox import MboxIngestor
from ingest.platforms.facebook import FacebookIngestor
from ingest.platforms.facebook_graph import FacebookGraphIngestor
from ingest.platforms.facebook_html import FacebookHtmlIngestor
from ingest.platforms.instagram import InstagramIngestor
from ingest.platforms.instagram_graph import InstagramGraphIngestor
from ingest.platforms.instagram_html import InstagramHtmlIngestor
from ingest.platforms.threads import ThreadsIngestor
from ingest.platforms.x import XIngestor

INGESTORS: tuple[Ingestor, ...] = (
    XIngestor(),
    FacebookIngestor(),
    FacebookHtmlIngestor(),
    FacebookGraphIngestor(),
    InstagramIngestor(),
    InstagramHtmlIngestor(),
    InstagramGraphIngestor(),
    ThreadsIngestor(),
    MboxIngestor(),
    EmlIngestor(),
    MailchimpAudienceIngestor(),
    MailchimpAccountIngestor(),
    GovDeliveryIngestor(),
)


class UnknownFormat(MunimentError):
    """No format recognises the backup."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, backup: Backup) -> None:
        names = ", ".join(str(part) for part in backup.parts)
        super().__init__(
            f"{names}: this is none of the formats that Muniment reads (`muniment formats` lists them). "
            "Name one with --format if you know better; nothing was taken in."
        )


class AmbiguousFormat(MunimentError):
    """Two formats recognise the backup equally well."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"This backup looks like {' and like '.join(names)}. Say which with --format; nothing was taken in."
        )


class NoSuchFormat(MunimentError):
    """A format that a person named is not known."""

    def __init__(self, name: str) -> None:
        known = ", ".join(one.name for one in INGESTORS)
        super().__init__(f"“{name}” is not a format. Known formats: {known}.")


def identify(backup: Backup, platform: str = "") -> Ingestor:
    """Return the one ingestor that is surest; a tie is an error that names both.

    ``platform`` is that of the account the backup is brought for, where there is one: it decides a tie.
    """
    sure = [(ingestor.identify(backup), ingestor) for ingestor in INGESTORS]
    best = max(confidence for confidence, _ in sure)
    if best == Confidence.NONE:
        raise UnknownFormat(backup)
    found = [ingestor for confidence, ingestor in sure if confidence == best]
    found = [one for one in found if one.platform == platform] or found
    if len(found) > 1:
        raise AmbiguousFormat([ingestor.name for ingestor in found])
    return found[0]


def by_name(name: str) -> Ingestor:
    """Return the ingestor of this name; raises :class:`NoSuchFormat`."""
    for ingestor in INGESTORS:
        if ingestor.name == name:
            return ingestor
    raise NoSuchFormat(name)
