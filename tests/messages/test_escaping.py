import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.escaping import cut, mrkdwn, plain, quote

TEXTS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("&<>*_~`@!\n \u202e\u200d")), max_size=300)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Anna Berg", "Anna Berg"),
        ("R&D <north>", "R&amp;D &lt;north&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("*bold*", "∗bold∗"),
        ("`rm -rf`", "ˋrm -rfˋ"),
        ("~gone~", "∼gone∼"),
        ("utm_source=a_b", "utm_source=a_b"),
        ("@here, look", "@\u2060here, look"),
        ("two\n lines ", "two lines"),
        ("", "–"),
        ("\u202e", "–"),
        ("שלום", "\u2068שלום\u2069"),
        ("räksmörgås 🎩", "räksmörgås 🎩"),
    ],
)
def test_slack_shows_a_text_letter_by_letter(written: str, shown: str) -> None:
    assert mrkdwn(written) == shown


def test_line_breaks_stay_where_they_are_wanted() -> None:
    assert mrkdwn("one\ntwo", lines=True) == "one\ntwo"
    assert quote("one\n\ntwo <b>") == "> one\n> \n> two &lt;b&gt;"


@given(TEXTS, st.integers(min_value=10, max_value=120))
def test_limits_hold_with_escapes_included(text: str, limit: int) -> None:
    for shown in (mrkdwn(text, limit), mrkdwn(text, limit, lines=True), plain(text, limit), quote(text, limit)):
        assert 0 < len(shown) <= limit


@given(TEXTS)
def test_nothing_live_is_left_of_any_text(text: str) -> None:
    for shown in (mrkdwn(text), quote(text)):
        assert "<" not in shown
        assert "`" not in shown
        shown.encode()
    assert "<!" not in plain(text)
    assert "<@" not in plain(text)


def test_a_cut_text_ends_in_an_ellipsis_and_splits_no_emoji_or_entity() -> None:
    assert cut("email nurturing", 8) == "email n…"
    assert mrkdwn("&&&&&&&&", 20) == "&amp;&amp;&amp;…"
    assert plain("ab👩\u200d👩", 4) == "ab👩…"
