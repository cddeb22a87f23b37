"""The export of a whole Mailchimp account: its audiences, its campaigns, and whom each was sent to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists import mailchimp_campaigns as campaigns
from ingest.lists import mailchimp_contacts as contacts
from ingest.lists.mailchimp_campaigns import Facts
from ingest.lists.mailchimp_contacts import ContactFile
from ingest.tables import Table

GAPS = (
    "contacts that were archived or deleted in Mailchimp before the export, and lists that were deleted",
    "templates, files of the Content Studio, who opened and clicked: in the export, and not read",
    "pictures in the campaigns: the campaigns only name their addresses",
)
_ACCOUNT = re.compile(
    r"(^|/)(lists/(members|unsubscribed|cleaned|transactional|nonsubscribed)/|campaigns_content/|"
    r"(granular|aggregate)_activity/)",
    re.I,
)
NOT_READ = re.compile(
    r"(^|/)(templates?|files|gallery(_files)?|geo_data|granular_activity|aggregate_activity|automations?|surveys?|"
    r"landing_pages?|events?|ecommerce|reports)/",
    re.I,
)


def is_account_export(backup: Backup) -> bool:
    """Say whether a backup has the folders of an account's export, and contacts or campaigns in them."""
    if not any(_ACCOUNT.search(member.path) for member in backup.members()):
        return False
    tables = [member for member in backup.members() if member.path.lower().endswith(".csv")]
    return any(
        contacts.is_contacts(member) if contacts.in_lists(member) else campaigns.table_of_campaigns(member) is not None
        for member in tables
        if not NOT_READ.search(member.path)
    )


class MailchimpAccountIngestor(Ingestor):
    """Reads the contacts and the campaigns of a whole account."""

    name = "mailchimp-account"
    platform = "mailchimp"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the folders of the export by their names, and a table in them by its columns."""
        return Confidence.CONTENT if is_account_export(backup) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Name the lists. That it is whole it does not say: it may hold only what is newer than some day."""
        facts: list[Facts] = []
        for _ in campaigns.read_facts(_tables(backup), facts):
            pass
        files = _contact_files(backup)
        return Coverage(lists=frozenset(_list_name(one, files, facts, backup.list_name) for one in files))

    def material(self, native: bytes) -> bytes:
        """Leave out of a contact what Mailchimp computes anew by itself."""
        return contacts.material(native)

    def read(self, backup: Backup) -> Reading:
        """Yield the contacts, list by list, and the campaigns."""
        yield from (Gap(what) for what in GAPS)
        facts: list[Facts] = []
        tables = _tables(backup)
        yield from campaigns.read_facts(tables, facts)
        files = _contact_files(backup)
        for file in files:
            yield from contacts.read_contacts(file, _list_name(file, files, facts, backup.list_name))
        for campaign in campaigns.joined(backup, facts):
            yield from campaigns.read_campaign(campaign)
        read = {one.member for one in files} | {one.member for one in tables}
        for member in backup.members():
            if member.size and member not in read and not _is_known(member):
                yield Defect(member.path, "nothing is known about this file; it was not read", quarantined=False)


def _contact_files(backup: Backup) -> list[ContactFile]:
    inside = [one for one in contacts.contact_files(backup) if contacts.in_lists(one.member)]
    return sorted(inside, key=lambda one: (one.list_name, one.member.path))


def _tables(backup: Backup) -> list[Table]:
    found = (
        campaigns.table_of_campaigns(member)
        for member in backup.members()
        if not (contacts.in_lists(member) or NOT_READ.search(member.path))
    )
    return [table for table in found if table is not None]


def _list_name(file: ContactFile, files: Sequence[ContactFile], facts: Sequence[Facts], named: str) -> str:
    """Return a list's name as its campaigns write it; the names of files have neither blanks nor capitals."""
    if named and len({one.list_name for one in files}) == 1:
        return named
    written = {one.told(campaigns.LISTS) for one in facts}
    same = sorted(one for one in written if campaigns.letters(one) == campaigns.letters(file.list_name))
    return same[0] if same else file.list_name


def _is_known(member: Member) -> bool:
    return any(pattern.search(member.path) for pattern in (NOT_READ, campaigns.CONTENT, campaigns.REPORT))
