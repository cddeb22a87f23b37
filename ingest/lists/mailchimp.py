"""The export of a Mailchimp audience: a zip with a file for each status, or one or several of those files."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.backup import Backup
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists import mailchimp_contacts as contacts
from ingest.lists.mailchimp_account import is_account_export
from ingest.lists.mailchimp_contacts import ContactFile
from ingest.tables import TEXTS

GAPS = (
    "contacts that were archived or deleted in Mailchimp before the export",
    "who subscribed and left again before the export and was deleted then; earlier times on the list of who came back",
)
UNNAMED = "the files do not say which list they are of; say its name with --list, or no missing subscribers are found"
SEVERAL = (
    "these are the files of several exports ({}); bring each by itself, or no missing subscribers are found, and "
    "people of several lists come under one name"
)


class MailchimpAudienceIngestor(Ingestor):
    """Reads the subscribed, unsubscribed, cleaned and nonsubscribed contacts of an audience or a segment."""

    name = "mailchimp-audience"
    platform = "mailchimp"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the system's columns; a whole account's export is another format."""
        if is_account_export(backup):
            return Confidence.NONE
        found = any(map(contacts.is_contacts, backup.likely(200, *TEXTS, ".json")))
        return Confidence.CONTENT if found else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """A named list with its subscribed contacts is whole, unless its name says that it is a segment."""
        files = contacts.contact_files(backup)
        whole = all(one.whole for one in files) and any(one.status == "subscribed" for one in files)
        complete = whole and bool(backup.list_name) and len(_exports(files)) == 1
        return Coverage(
            complete=frozenset({"subscriber"}) if complete else frozenset(), lists=frozenset({backup.list_name})
        )

    def material(self, native: bytes) -> bytes:
        """Leave out what Mailchimp computes anew by itself."""
        return contacts.material(native)

    def read(self, backup: Backup) -> Reading:
        """Yield the contacts, file by file."""
        yield from (Gap(what) for what in GAPS)
        if not backup.list_name:
            yield Defect(backup.parts[0].name, UNNAMED, quarantined=False)
        files = {one.member: one for one in contacts.contact_files(backup)}
        if len(_exports(files.values())) > 1:
            reason = SEVERAL.format(", ".join(sorted(_exports(files.values()))))
            yield Defect(backup.parts[0].name, reason, quarantined=False)
        for member in backup.members():
            if member in files:
                yield from contacts.read_contacts(files[member], backup.list_name)
            elif member.size:
                yield Defect(member.path, "this file holds no contacts; it was not read", quarantined=False)


def _exports(files: Iterable[ContactFile]) -> set[str]:
    return {one.export for one in files if one.export}
