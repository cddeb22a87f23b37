"""The files of a Facebook export beside posts and comments: followers, messages, the profile, and private ones.

The private ones (sign-ins, addresses, searches, advertising) are what an archive must never take in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count

from demo.facebook import ACTIVITY, PAGE_URL, founded, unix
from demo.meta_json import Json, Pieces, ascii_json, keyed
from demo.people import Person
from demo.world import Account, Conversation, Line

NEVER_TAKEN_IN = "sign-in of nobody 203.0.113.77"
"""Stands in every private file and in no other."""


def files(account: Account, at: datetime, a_file: int) -> Iterator[tuple[str, Pieces]]:
    """Yield name and content of each file."""
    yield "connections/followers/people_who_followed_you.json", keyed("followers_v3", _followers(account, at))
    for conversation in account.conversations:
        yield from messages(f"{ACTIVITY}/messages", account, conversation, at, a_file)
    yield "profile_information/profile_information/profile_information.json", [ascii_json(_profile(account, at))]
    dashboard = "logged_information/professional_dashboard/your_professional_dashboard_activity.json"
    yield dashboard, [ascii_json({"prodash_activity": [{"page_name": account.title}]})]
    yield f"{ACTIVITY}/groups/no-data.txt", [b"You have no data in this section."]
    yield "start_here.html", [b"<!doctype html><title>Facebook</title><p>Your information</p>\n"]
    yield from _private(account, at)


def _followers(account: Account, at: datetime) -> Iterator[Json]:
    """Yield who follows at a moment: a name, and nothing that tells namesakes apart."""
    for one in account.subscriptions:
        if one.joined_at <= at and (one.left_at is None or at < one.left_at):
            yield {"name": one.person.name}


def _profile(account: Account, at: datetime) -> Json:
    about = [one.text for one in account.biography if one.at <= at][-1:]
    profile = {
        "name": {"full_name": account.title},
        "profile_category": "City hall",
        "websites": [{"address": "https://milbrook.example"}],
        "registration_timestamp": unix(founded(account)),
        "username": account.handle,
        "profile_uri": f"{PAGE_URL}/{account.handle}",
    }
    return {"profile_v2": profile | ({"about_me": about[0]} if about else {})}


# -- messages


def messages(
    folder: str, account: Account, conversation: Conversation, at: datetime, a_file: int
) -> Iterator[tuple[str, Pieces]]:
    """Yield a conversation's files, as Instagram has them too: the first holds the newest messages, newest first."""
    said = [one for one in conversation.lines if one.at <= at][::-1]
    thread = thread_of(conversation)
    for number, begin in zip(count(1), range(0, len(said), a_file), strict=False):
        whole = _thread(account, conversation, thread, said[begin : begin + a_file])
        yield f"{folder}/{thread}/message_{number}.json", [ascii_json(whole)]


def thread_of(conversation: Conversation) -> str:
    """Return the folder of a conversation, below that of all messages."""
    return f"inbox/{_squashed(conversation.person)}_{conversation.id}"


def _squashed(person: Person) -> str:
    return "".join(letter for letter in person.name.lower() if letter.isascii() and letter.isalnum())


def _thread(account: Account, conversation: Conversation, thread: str, said: Sequence[Line]) -> Json:
    return {
        "participants": [{"name": conversation.person.name}, {"name": account.title}],
        "messages": [_message(account, one) for one in said],
        "title": conversation.person.name,
        "is_still_participant": True,
        "thread_path": thread,
        "magic_words": [],
    }


def _message(account: Account, line: Line) -> Json:
    return {
        "sender_name": line.author.name if line.author else account.title,
        "timestamp_ms": int(line.at.timestamp() * 1000),
        "content": line.text,
        "is_geoblocked_for_viewer": False,
        "is_unsent_image_by_messenger_kid_parent": False,
    }


# -- what is nobody's record


def _private(account: Account, at: datetime) -> Iterator[tuple[str, Pieces]]:
    """Yield sign-ins, devices, searches, contacts and advertising."""
    moments = [unix(at - timedelta(days=days)) for days in (1, 3, 9)]
    logins = [
        {
            "action": "Login", "timestamp": moment, "site": "www.facebook.example",
            "ip_address": f"198.51.100.{number}", "user_agent": NEVER_TAKEN_IN,
        }
        for number, moment in enumerate(moments, 1)
    ]  # fmt: skip
    folder = "security_and_login_information"
    yield f"{folder}/logins_and_logouts.json", keyed("account_accesses_v2", logins)
    yield f"{folder}/account_activity.json", keyed("account_activity_v2", logins)
    addresses = [{"ip": f"198.51.100.{number}", "action": NEVER_TAKEN_IN} for number in (1, 2, 3)]
    yield f"{folder}/ip_address_activity.json", keyed("used_ip_address_v2", addresses)
    searches = [{"timestamp": moments[0], "data": [{"text": NEVER_TAKEN_IN}], "title": "You searched Facebook"}]
    yield "logged_information/search/your_search_history.json", keyed("searches_v2", searches)
    contacts = [{"name": NEVER_TAKEN_IN, "contact_point": "555-0177", "created_timestamp": moments[2]}]
    yield "personal_information/other_personal_information/imported_contacts.json", keyed("address_book_v2", contacts)
    yield (
        "ads_information/advertisers_using_your_activity_or_information.json",
        keyed("custom_audiences_all_types_v2", [{"advertiser_name": NEVER_TAKEN_IN}]),
    )
