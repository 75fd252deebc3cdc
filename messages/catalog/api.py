"""Messages about programs: the tokens with which they send values, and the sources from which values are pulled."""

from typing import Any, Final

from messages import environment, ids, source_problems
from messages.api_content import SourceForm, SourceNews, SourcePreview, TokenLine, TokenList, TokenMade
from messages.content import Message
from messages.escaping import mrkdwn
from messages.formats import Formats
from messages.forms import Field, Option
from messages.i18n import language_of, translations

_LONGEST_ADDRESS: Final = 1500
_LONGEST_EXPRESSION: Final = 500


def token_list(shown: TokenList, *, language: str) -> Message:
    """List a team's tokens, each with the button that revokes it, and the button that makes one."""
    lines = [(token, _token_line(token, language_of(language))) for token in shown.tokens]
    return environment.message("token_list", language, shown=shown, lines=lines)


def token_form(state: str, *, language: str) -> dict[str, Any]:
    """Give the form for a new token."""
    gettext = translations(language).gettext
    fields = (
        Field("name", gettext("What is it for?"), hint=gettext("For example CRM: you see it in the list."), longest=80),
    )
    return environment.view(
        "form",
        language,
        callback=ids.TOKEN_SUBMIT,
        state=state,
        title=gettext("A new token"),
        intro=[gettext("Whoever has the token can send and read this team's numbers, and nothing else.")],
        fields=fields,
        submit=gettext("Create"),
    )


def token_made(made: TokenMade, *, language: str) -> dict[str, Any]:
    """Show a new token, this once."""
    return environment.view("token_made", language, made=made)


def source_form(form: SourceForm, *, language: str) -> dict[str, Any]:
    """Give the form for where a KPI's values are pulled from; it is tried before it is saved."""
    gettext = translations(language).gettext
    intro = [mrkdwn(form.kpi.name, 100)]
    if form.problem:
        intro.append(f":warning: {source_problems.sentence(form.problem, form.problem_values, language)}")
    return environment.view(
        "form",
        language,
        callback=ids.SOURCE_SUBMIT,
        state=form.state,
        title=gettext("Where values come from"),
        intro=intro,
        fields=_source_fields(form, language),
        submit=gettext("Try it"),
    )


def source_preview(shown: SourcePreview, *, language: str) -> dict[str, Any]:
    """Show what would be read from a source, with the button that saves it."""
    return environment.view("source_preview", language, shown=shown, host=mrkdwn(shown.host, 80))


def source_news(told: SourceNews, *, language: str) -> Message:
    """Tell a KPI's owner that its source fails, or works again."""
    why = source_problems.sentence(told.problem, told.values, language) if told.problem else ""
    sentence = environment.text("source_news", language, told=told, why=why)
    return environment.message("source_news", language, told=told, why=why, sentence=sentence)


def _token_line(token: TokenLine, language: str) -> str:
    gettext, formats = translations(language).gettext, Formats(language)
    made = gettext("made on %(day)s") % {"day": formats.day(token.made_on)}
    used = (
        gettext("last used on %(day)s") % {"day": formats.day(token.used_on)}
        if token.used_on
        else gettext("never used")
    )
    return f"*{mrkdwn(token.name, 80)}* · `{mrkdwn(token.prefix, 16)}…` · {made} · {used}"


def _source_fields(form: SourceForm, language: str) -> tuple[Field, ...]:
    gettext = translations(language).gettext
    kinds = (Option("csv", gettext("A Google Sheet, or a CSV file")), Option("json", gettext("JSON")))
    stop = "" if form.is_new else gettext("Leave it empty to pull nothing any more.")
    return (
        Field(
            "address",
            gettext("Address"),
            hint=stop or gettext("The link of a published Google Sheet, or of a CSV or JSON file."),
            initial=form.address,
            optional=not form.is_new,
            longest=_LONGEST_ADDRESS,
        ),
        Field("format", gettext("What is there?"), "menu", options=kinds, initial=form.format),
        Field(
            "expression",
            gettext("Where the values stand"),
            hint=gettext("The name of a column, or for JSON a JMESPath expression such as %(example)s.")
            % {"example": "rows[*].visits"},
            initial=form.expression,
            optional=not form.is_new,
            longest=_LONGEST_EXPRESSION,
        ),
        Field(
            "week",
            gettext("Where their weeks stand"),
            hint=gettext("Weeks like 2026-W48, or dates. Leave it empty when there is just one value, for now."),
            initial=form.week_expression,
            optional=True,
            longest=_LONGEST_EXPRESSION,
        ),
    )
