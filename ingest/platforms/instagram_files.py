"""What an Instagram export is made of, in every layout, and the Threads posts that come with it.

Sign-ins, devices, contacts, advertising, searches, likes, saved posts and whom the account follows are not
read, on purpose.
"""

from __future__ import annotations

import re

from ingest.platforms.meta_files import Layout, sorts

FACEBOOKS = re.compile(
    r"(^|/)(facebook-[^/]+|your_facebook_activity|(your|this_profile.s)_activity_across_facebook)/", re.IGNORECASE
)
"""Folders of Facebook in a download of both."""

INSTAGRAM = Layout(
    platform="Instagram",
    sorts=sorts(
        {
            "posts": r"(content|media)/posts(_\d+)?",
            "reels": r"(content|media)/(reels|igtv_videos)(_\d+)?",
            "other": r"(content|media)/other_content(_\d+)?",
            "profile pictures": r"(content|media)/profile_photos(_\d+)?",
            "stories": r"(content|media)/stories(_\d+)?",
            "archived": r"(content|media)/archived_posts(_\d+)?",
            "deleted": r"(content|media)/recently_deleted_(content|media)(_\d+)?",
            "comments": r"comments/(post_comments|reels_comments|media_comments|story_comments|hype)(_\d+)?",
            "messages": r"messages/([^/]+/)*message(_\d+)?",
            "followers": r"followers_and_following/followers(_\d+)?",
            "blocked": r"followers_and_following/blocked_(profiles|accounts)(_\d+)?",
            "restricted": r"followers_and_following/restricted_(profiles|accounts)(_\d+)?",
            "profile": r"(account|personal)_information/personal_information",
            "first media": r"media",
            "first comments": r"comments",
            "first connections": r"connections",
            "first messages": r"messages",
            "first profile": r"profile",
        }
    ),
    content_folder=re.compile(r"(^|/)(your_instagram_activity/(content|media|comments)|content|comments)/[^/]+$"),
    no_records=re.compile(r"(reposts|your_cameras|profile_photo_likes)$"),
    elsewhere=FACEBOOKS,
)
"""The sorts that begin with *first* are the flat layout of 2018 to 2020."""

THREADS = Layout(
    platform="Threads",
    sorts=sorts({"threads": r"threads/threads_and_replies(_\d+)?", "followers": r"threads/followers(_\d+)?"}),
    content_folder=re.compile(r"(?!)"),
    no_records=re.compile(r"(?!)"),
    elsewhere=FACEBOOKS,
)
"""What Threads adds to an export of Instagram."""
