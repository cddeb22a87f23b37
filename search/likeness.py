"""Patterns and misspellings, word by word and plainly."""

from __future__ import annotations


def fits(pattern: str, word: str) -> bool:
    """Say whether a word is of a pattern in which * is any letters or none and ? is one; linear in the word."""
    place = taken = 0
    star, resume = -1, 0
    while taken < len(word):
        if place < len(pattern) and pattern[place] == "*":
            star, resume = place, taken
            place += 1
        elif place < len(pattern) and pattern[place] in ("?", word[taken]):
            place, taken = place + 1, taken + 1
        elif star >= 0:
            resume += 1
            place, taken = star + 1, resume
        else:
            return False
    return not pattern[place:].strip("*")


def is_one_apart(one: str, other: str) -> bool:
    """Say whether at most one letter is more, less or other: Levenshtein's distance of 1, so no transposition."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), -1)
    if same < 0:
        return True
    left, right = one[same:], other[same:]
    return left[1:] == right[1:] or left == right[1:] or left[1:] == right
