"""What somebody wrote reads as they typed it."""

import pytest

from bot.slack.written import as_typed, people_in

NAMES = {"U0OSKAR001": "Oskar"}


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("plain", "plain"),
        ("<@U0OSKAR001> knows", "@Oskar knows"),
        ("<@U0SARA0001|sara> and <@U0NOBODY01>", "@sara and @U0NOBODY01"),
        ("see <#C0SALES001|sales> or <#C0OTHER001>", "see #sales or #C0OTHER001"),
        ("<!here> <!subteam^S1|@sales> <!subteam^S2>", "@here @sales @subteam"),
        ("<https://x.test/?a=1&amp;b=2|the page>", "the page"),
        ("<https://x.test/?a=1&amp;b=2>", "https://x.test/?a=1&b=2"),
        ("<mailto:a@x.test>", "a@x.test"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2, &amp;lt;", "1 < 2 && 3 > 2, &lt;"),
        ("a < b and c > d <", "a < b and c > d <"),
        ("", ""),
    ],
)
def test_markup_becomes_words(sent: str, typed: str) -> None:
    assert as_typed(sent, NAMES) == typed


def test_the_people_who_are_mentioned_are_found() -> None:
    assert people_in("<@U0OSKAR001> <@W0SARA0001|sara> <#C1|x> <!here>") == {"U0OSKAR001", "W0SARA0001"}
