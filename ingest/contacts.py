"""Mail addresses and telephone numbers, however they are written."""

from __future__ import annotations

import re
from functools import lru_cache

_PHONE = re.compile(r"\+?[\d\s().-]+")


def is_phone(contact: str) -> bool:
    """Say whether a contact is a telephone number and not a mail address."""
    return _PHONE.fullmatch(contact.strip()) is not None and sum(map(str.isdigit, contact)) >= 7


@lru_cache(maxsize=4096)
def normal_contact(contact: str) -> str:
    """Return a contact in the form that is the same however it is written: lower case, ten digits."""
    if not is_phone(contact):
        return contact.strip().casefold()
    digits = "".join(one for one in contact if one.isdigit())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
