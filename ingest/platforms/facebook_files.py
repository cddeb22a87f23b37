"""What a Facebook export is made of: the files that are read, and those that are not on purpose.

Security and login files, contacts, advertising, searches and whom the account follows are nobody's
record of the city.
"""

from __future__ import annotations

import re

from ingest.platforms.meta_files import Layout, sorts

FACEBOOK = Layout(
    platform="Facebook",
    sorts=sorts(
        {
            "posts": r"posts/(your|profile)_posts[^/]*|posts/posts_on_other_pages_and_profiles|reels/your_reels",
            "visitors' posts": r"posts/other_people[^/]*posts_to_your_timeline",
            "group posts": r"groups/(your_posts_in_groups|group_posts_and_comments)[^/]*",
            "stories": r"stories/(archived|your)_stories[^/]*",
            "comments": r"comments[^/]*/(your_)?comments(_\d+)?|groups/your_comments_in[^/]*",
            "reactions": r"((likes|comments)_and_)?reactions/(likes_and_reactions|posts_and_comments|pages)?(_\d+)?",
            "albums": r"album/\d+",
            "videos": r"(posts|photos_and_videos)/(your_)?videos(_\d+)?",
            "photos": r"(posts|photos_and_videos)/(your_)?(uncategorized_)?photos(_\d+)?",
            "messages": r"(messages|your_group_messages)/([^/]+/)*message(_\d+)?",
            "followers": r"people_who_follow(ed)?_you|followers",
            "friends": r"friends/(your_)?friends",
            "events": r"events/(your_)?events(_\d+)?",
            "hosted events": r"events/events_you_hosted",
            "reviews": r"[^/]*(reviews|recommendations)[^/]*/[^/]*(reviews?|recommendations)[^/]*",
            "edits": r"edits_you_made_to_posts",
            "comment edits": r"your_comment_edits",
            "trash": r"trash",
            "archived": r"archive",
            "pending": r"groups/your_pending_(group_posts|posts_in_groups)[^/]*",
            "moderation": r"groups/(your_actions_on_violating_content_in_your_groups|your_admin_actions"
            r"|your_participation_requests)[^/]*",
            "profile": r"profile_information/profile_information",
            "dashboard": r"professional_dashboard/your_professional_dashboard_activity",
        }
    ),
    content_folder=re.compile(
        r"(^|/)(posts|reels|groups|stories|events|(likes_and_|comments_and_)?reactions|comments)/"
    ),
    no_records=re.compile(
        r"(content_sharing_links_you_have_created|places_you_have_been_tagged_in|check-ins|birthday_media"
        r"|media_used_for_memories|video_collaboration_events|facebook_editor|event_invitations"
        r"|your_event_invitation_links|(your_)?event_responses|story_reactions|your_groups"
        r"|your_group_membership_activity|your_comment_active_days|your_group_shortcuts|your_badges"
        r"|your_settings_for_groups_tab)$"
    ),
    elsewhere=re.compile(r"(^|/)(instagram-[^/]+|your_instagram_activity)/", re.IGNORECASE),
)
"""Files that hold settings, memberships or a second list of what other files tell are no records."""
