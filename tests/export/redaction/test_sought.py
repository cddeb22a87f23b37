from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from export.redaction.sought import Sought
from export.redaction.words import occurrences

PIECES = st.sampled_from(
    ["Grace", "Lor", "grace", "608-555-0142", "(608) 555 0142", "5550142", "王小明", "小", "Zoë", "zoe", "a@b.example",
     "mailto:a@b.example", "C++", "O’Brien", "o'brien", "%20", ".", ",", "—", "no", "12", "https://x.example/grace%20lor"]
)  # fmt: skip
GAPS = st.sampled_from(["", " ", "_", "+", "\n"])
TEXTS = st.lists(st.tuples(PIECES, GAPS), min_size=1, max_size=8).map(lambda parts: "".join(a + b for a, b in parts))


@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS)
def test_many_words_at_once_are_found_as_each_by_itself(words: list[str], text: str) -> None:
    wanted = [one for one in dict.fromkeys(words) if occurrences(one, text)]
    assert sorted(Sought(words).within(text)) == sorted(wanted)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_texts_looked_through_together_have_what_each_of_them_has(words: str, texts: list[str]) -> None:
    sought = Sought([words])
    if any(sought.within(one) for one in texts):
        assert sought.within("\n".join(texts))


def test_nothing_is_looked_for_in_vain() -> None:
    assert not Sought(())
    assert Sought(()).within("anything") == []
