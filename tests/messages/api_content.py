"""Content about tokens and sources, of each kind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from messages.api_content import SourceForm, SourceNews, SourcePreview, TokenLine, TokenList, TokenMade
from messages.source_problems import SENTENCES
from tests.messages.content import Content

DAY = date(2026, 11, 24)


def token_lists(content: Content) -> list[TokenList]:
    lines = tuple(
        TokenLine(content.text("CRM"), "hat_a1B2c3", DAY, DAY if index % 2 else None, f"1 {index}")
        for index in content.some(3, huge=20)
    )
    return [TokenList(content.text("North"), lines, "1"), TokenList(content.text("North"), (), "1")]


def token_made(content: Content) -> TokenMade:
    return TokenMade(content.text("CRM"), "hat_" + "a" * 43, content.text("North"))


def why(content: Content) -> dict[str, str]:
    names = ("host", "text", "week", "weeks", "values", "status", "limit")
    return {name: content.text("x") for name in names}


def source_forms(content: Content) -> list[SourceForm]:
    blank = SourceForm("1 2", content.hat)
    known = replace(blank, address=content.text("https://example.com"), expression=content.text("visits"), is_new=False)
    return [blank, known, *(replace(known, problem=name, problem_values=why(content)) for name in SENTENCES)]


def source_previews(content: Content) -> list[SourcePreview]:
    weeks = tuple((f"2026-W{43 + index}", Decimal("4200.5")) for index in content.some(6, huge=6))
    shown = SourcePreview("[1,2]", content.kpi(), content.text("docs.google.com"), weeks, left_out=len(weeks))
    return [shown, replace(shown, kept=tuple(week for week, _ in weeks)), replace(shown, weeks=(), left_out=1)]


def source_news(content: Content) -> list[SourceNews]:
    told = SourceNews(content.hat, content.text("docs.google.com"), works=True)
    return [told, *(replace(told, works=False, problem=name, values=why(content)) for name in ("", *SENTENCES))]
