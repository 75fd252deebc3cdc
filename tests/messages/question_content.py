"""Questions and answers, for the examples of every message."""

from dataclasses import replace

from messages.question_content import (
    AnswerGiven,
    MessageQuestion,
    PassForm,
    QuestionCard,
    QuestionMoved,
    QuestionNote,
)
from tests.messages.content import Content

LINK = "https://football.slack.com/archives/C0TEAM0001/p1764000000000000"


def card(content: Content) -> QuestionCard:
    asked = content.question
    return QuestionCard(
        hat=asked.hat,
        team=asked.team,
        asker=asked.asker,
        text=asked.text,
        value="12.1",
        recipients=asked.recipients,
        owner=content.person,
        channel_id=asked.channel_id,
        link=None if content.kind == "empty" else LINK,
    )


def passed_card(content: Content) -> QuestionCard:
    word = content.text("Hers since May.")
    return replace(card(content), role="deputy", moved_here=True, note=word, note_by=content.person)


def cards(content: Content) -> list[QuestionCard]:
    shown = card(content)
    roles = ("owner", "deputy", "candidate", "wearer", "admin", "named")
    states = ("waiting", "taken", "elsewhere", "moved", "answered", "solved", "withdrawn")
    return [
        replace(shown, reminder=True),
        replace(shown, recipients=(content.person, content.person)),
        passed_card(content),
        replace(shown, moved_here=True, phrase=content.text("the news")),
        replace(shown, state="moved", may_still_reply=True),
        *(replace(shown, role=role) for role in roles),
        *(replace(shown, state=state, by=content.person) for state in states),
    ]


def notes(content: Content) -> list[QuestionNote]:
    asked = content.question
    moved = QuestionNote(asked.hat, (content.person,), owner=content.person, moved=True)
    return [
        QuestionNote(asked.hat, asked.recipients or (content.person,), role, owner, text, moved)
        for role, owner in (("owner", content.person), ("deputy", content.person), ("wearer", None))
        for text, moved in ((asked.text, False), ("", False), ("", True))
    ] + [
        replace(moved, word=content.text("Hers since May."), word_by=content.person),
        replace(moved, newly_owned=True),
        replace(moved, recipients=(), unreached=True),
        replace(moved, recipients=(), owner=None, text=asked.text, unreached=True),
    ]


def answers(content: Content) -> list[AnswerGiven]:
    asked = content.question
    return [
        AnswerGiven(asked.hat, content.person, content.person, "12.3", text, state)
        for text in (content.text("The new one."), "")
        for state in ("answered", "solved", "open")
    ] + [replace(answer_of(content), question=asked.text)]


def answer_of(content: Content) -> AnswerGiven:
    return AnswerGiven(content.question.hat, content.person, content.person, "12.3", content.text("The new one."))


def mentions(content: Content) -> list[QuestionCard]:
    shown = card(content)
    passed = replace(shown, note=content.text("Hers since May."), note_by=content.person)
    return [shown, passed, replace(shown, recipients=(content.person, content.person)), replace(shown, state="moved")]


def pass_forms(content: Content) -> list[PassForm]:
    menu = tuple((str(number), hat.name) for number, hat in enumerate(content.hats()[:100], start=1))
    return [PassForm(card(content), menu), PassForm(card(content)), PassForm(card(content), by_name=True)]


def moves(content: Content) -> list[QuestionMoved]:
    moved = QuestionMoved(content.question.hat, (content.person,), "12.2")
    return [moved, replace(moved, phrase=content.text("the news"))]


def message_questions(content: Content) -> list[MessageQuestion]:
    asked, hats = content.question, content.hats()[:100]
    form = MessageQuestion("C0TEAM 1.2 1.2 in football", LINK, reachable=True, text=asked.text, hats=hats)
    by_name = replace(form, reachable=False, hats=(), meant=content.hat)
    return [by_name, *([form, replace(form, meant=hats[0])] if hats else [])]
