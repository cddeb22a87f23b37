"""The formats Muniment reads, one line each, and which of them a backup is in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archive.errors import ExitCode, MunimentError
from ingest import other_forms
from ingest.backup import Backup
from ingest.ingestor import Confidence, Ingestor
from ingest.lists.constant_contact import ConstantContactIngestor
from ingest.lists.govdelivery import GovDeliveryIngestor
from ingest.lists.mailchimp import MailchimpAudienceIngestor
from ingest.lists.mailchimp_account import MailchimpAccountIngestor
from ingest.mail.eml import EmlIngestor
from ingest.mail.emlx import EmlxIngestor
from ingest.mail.mbox import MboxIngestor
from ingest.mail.msg import MsgIngestor
from ingest.mail.pst import PstIngestor
from ingest.messaging.discord import DiscordIngestor
from ingest.messaging.discord_package import DiscordPackageIngestor
from ingest.messaging.google_chat import GoogleChatIngestor
from ingest.messaging.google_voice import GoogleVoiceIngestor
from ingest.messaging.slack import SlackIngestor
from ingest.messaging.sms_backup import SmsBackupIngestor
from ingest.messaging.teams import TeamsIngestor
from ingest.messaging.telegram import TelegramIngestor
from ingest.messaging.whatsapp import WhatsAppIngestor
from ingest.platforms.bluesky import BlueskyIngestor
from ingest.platforms.bluesky_api import BlueskyApiIngestor
from ingest.platforms.facebook import FacebookIngestor
from ingest.platforms.facebook_graph import FacebookGraphIngestor
from ingest.platforms.facebook_html import FacebookHtmlIngestor
from ingest.platforms.flickr import FlickrIngestor
from ingest.platforms.instagram import InstagramIngestor
from ingest.platforms.instagram_graph import InstagramGraphIngestor
from ingest.platforms.instagram_html import InstagramHtmlIngestor
from ingest.platforms.linkedin import LinkedInIngestor
from ingest.platforms.linkedin_page import LinkedInPageIngestor
from ingest.platforms.mastodon_api import MastodonApiIngestor
from ingest.platforms.mastodon_archive import MastodonArchiveIngestor
from ingest.platforms.nextdoor import NextdoorIngestor
from ingest.platforms.reddit import RedditIngestor
from ingest.platforms.threads import ThreadsIngestor
from ingest.platforms.tiktok import TikTokIngestor
from ingest.platforms.x import XIngestor
from ingest.platforms.youtube_api import YouTubeApiIngestor
from ingest.platforms.youtube_takeout import YouTubeTakeoutIngestor
from ingest.vendors.loose_files import FilesIngestor
from ingest.vendors.mapped import MappedIngestor, preset_ingestors
from ingest.vendors.mapping import read_mapping
from ingest.websites.feed import FeedIngestor
from ingest.websites.warc import WarcIngestor
from ingest.websites.wordpress import WordPressIngestor

INGESTORS: tuple[Ingestor, ...] = (
    XIngestor(),
    FacebookIngestor(),
    FacebookHtmlIngestor(),
    FacebookGraphIngestor(),
    InstagramIngestor(),
    InstagramHtmlIngestor(),
    InstagramGraphIngestor(),
    ThreadsIngestor(),
    YouTubeTakeoutIngestor(),
    YouTubeApiIngestor(),
    LinkedInIngestor(),
    LinkedInPageIngestor(),
    NextdoorIngestor(),
    MastodonArchiveIngestor(),
    MastodonApiIngestor(),
    BlueskyIngestor(),
    BlueskyApiIngestor(),
    TikTokIngestor(),
    RedditIngestor(),
    FlickrIngestor(),
    SlackIngestor(),
    TeamsIngestor(),
    SmsBackupIngestor(),
    WhatsAppIngestor(),
    GoogleVoiceIngestor(),
    GoogleChatIngestor(),
    DiscordIngestor(),
    DiscordPackageIngestor(),
    TelegramIngestor(),
    MboxIngestor(),
    EmlIngestor(),
    EmlxIngestor(),
    PstIngestor(),
    MsgIngestor(),
    MailchimpAudienceIngestor(),
    MailchimpAccountIngestor(),
    ConstantContactIngestor(),
    GovDeliveryIngestor(),
    FeedIngestor(),
    WordPressIngestor(),
    WarcIngestor(),
    *preset_ingestors(),
    FilesIngestor(),
)


class UnknownFormat(MunimentError):
    """No format recognises the backup."""

    exit_code = ExitCode.DONE_WITH_FINDINGS

    def __init__(self, backup: Backup) -> None:
        names = ", ".join(str(part) for part in backup.parts)
        super().__init__(
            f"{names}: this is none of the formats that Muniment reads (`muniment formats` lists them). "
            "Name one with --format if you know better, or say with --mapping how a table is to be read (`muniment "
            "identify` proposes a mapping); nothing was taken in."
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


class FormatAndMapping(MunimentError):
    """A format and a mapping were named; a mapping is a format of its own."""

    exit_code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__("--format and --mapping exclude each other: a mapping says itself how a table is read.")


def reader_of(backup: Backup, format_name: str = "", mapping: Path | None = None, platform: str = "") -> Ingestor:
    """Return the reader that a person named, by format or mapping file; else the one that knows the backup.

    ``platform`` is that of the account the backup is brought for.
    """
    if mapping is not None and format_name:
        raise FormatAndMapping
    if mapping is None and not format_name:
        return identify(backup, platform)
    reader = MappedIngestor(*read_mapping(mapping)) if mapping is not None else by_name(format_name)
    if isinstance(reader, MappedIngestor):
        reader.check(backup)
    elif reader.platform and reader.identify(backup) == Confidence.NONE:
        other_forms.check(backup, reader.platform)
    return reader


def identify(backup: Backup, platform: str = "") -> Ingestor:
    """Return the one ingestor that is surest; a tie is an error that names both, a form that is not read one that says
    what to ask for instead.

    ``platform`` is that of the account the backup is brought for, where there is one: it decides a tie.
    """
    with backup.heads_kept():
        sure = [(ingestor.identify(backup), ingestor) for ingestor in INGESTORS]
    best = max(confidence for confidence, _ in sure)
    if best == Confidence.NONE:
        other_forms.check(backup)
        raise UnknownFormat(backup)
    found = [ingestor for confidence, ingestor in sure if confidence == best]
    own = [one for one in found if one.platform == platform]
    found = own or [one for one in found if platform in one.also_of] or found
    if len(found) > 1:
        raise AmbiguousFormat([ingestor.name for ingestor in found])
    return found[0]


def others(backup: Backup, reader: Ingestor, account: str) -> Sequence[str]:
    """Return the formats of other platforms that know their own in a backup as surely as its reader does.

    ``account`` is the platform of the account that it is brought for.
    """
    strangers = (one for one in INGESTORS if one.platform and not one.is_of(account))
    with backup.heads_kept():
        sure = reader.identify(backup)
        return tuple(one.name for one in strangers if sure == Confidence.CONTENT == one.identify(backup))


def by_name(name: str) -> Ingestor:
    """Return the ingestor of this name; raises :class:`NoSuchFormat`."""
    for ingestor in INGESTORS:
        if ingestor.name == name:
            return ingestor
    raise NoSuchFormat(name)
