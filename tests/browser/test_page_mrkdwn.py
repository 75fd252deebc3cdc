"""The page's reading of mrkdwn, without a browser."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.manifest import Manifest
from bot.playground.model import User
from bot.playground.page.editing import as_typed
from bot.playground.page.mrkdwn import markdown, mrkdwn
from bot.playground.page.reader import Reader
from bot.playground.page.rich_text import rich_text
from bot.playground.state import Slack


def _reader() -> Reader:
    slack = Slack(Manifest.parse({}))
    workspace = slack.add_workspace("FC", "fc", team_id="T1")
    slack.add_user(workspace, User("U1", "T1", "anna", "Anna <Lind>"))
    slack.add_channel(workspace, "general", channel_id="C1", members=["U1"])
    return Reader(workspace, "U1")


READER = _reader()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _it_ ~gone~", "<strong>bold</strong> <em>it</em> <del>gone</del>"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("*bold with `*code*`*", "<strong>bold with <code>*code*</code></strong>"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("<b>", "&lt;b&gt;"),
        ("&gt; quoted\n&gt; more\nplain", "<blockquote>quoted<br>more</blockquote>plain"),
        ("```a *b*\n<c>```", "<pre>a *b*\n&lt;c&gt;</pre>"),
        (":tada: :nothing_known: 10:30:45", "🎉 :nothing_known: 10:30:45"),
        ("hi <@U1>", 'hi <span class="hp-mention hp-me">@Anna &lt;Lind&gt;</span>'),
        ("<#C1|general> <!here>", '<span class="hp-mention">#general</span> <span class="hp-mention">@here</span>'),
        ("<https://a.se/?x=1&amp;y=2|here>", '<a href="https://a.se/?x=1&amp;y=2" rel="noopener noreferrer">here</a>'),
        ("see https://a.se.", 'see <a href="https://a.se" rel="noopener noreferrer">https://a.se</a>.'),
        ("<!date^1795446000^{date_short} {time}|then>", "23 Nov 2026 16:00"),
        ("<!date^99999999999999999999^{time}|then>", "99999999999999999999"),
    ],
)
def test_mrkdwn_reads_as_in_slack(text: str, html: str) -> None:
    assert mrkdwn(text, READER) == html


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}


_HOSTILE = st.lists(
    st.sampled_from(
        ["<", ">", "&lt;", '"', "'", "`", "```", "*", "_", "~", "|", "\n", "&gt;", "<@U1>", "<script>", "onerror=",
         "javascript:alert(1)", "https://a.se", "[x](", ")", "<img src=x>",
         ":tada:", "\ue000", "0", "\ue001", "!date^1^"]
    ) | st.text(max_size=4),
    max_size=20,
).map("".join)  # fmt: skip


@given(_HOSTILE)
def test_no_words_become_tags_or_addresses(text: str) -> None:
    block = {"elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": text, "text": text}]}]}
    for html in (mrkdwn(text, READER), markdown(text), rich_text(block, READER)):
        found = _Tags(html)
        ours = "a blockquote br code del div em h1 h2 hr li ol p pre s span strong table tbody td th thead tr ul"
        assert found.tags <= set(ours.split())
        for name, value in found.attributes:
            assert name in {"href", "rel", "class", "title", "start", "style"}
            if name == "href":
                assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE)


def test_a_message_is_edited_in_the_words_in_which_it_was_typed() -> None:
    assert as_typed("ask <@U1> in <#C1|general> &amp; &lt;b&gt;", READER) == "ask @Anna <Lind> in #general & <b>"
