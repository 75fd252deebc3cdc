"""Messages about the weekly report: the prompt, the form, and what was stored."""

from typing import Any

from messages import environment
from messages.content import (
    HatCheck,
    HatName,
    KpiValue,
    Message,
    Prompt,
    ReadBack,
    Receipt,
    ReportField,
    ReportForm,
    SkipForm,
    Unclear,
)
from messages.escaping import cut, mrkdwn, plain
from messages.formats import Formats
from messages.i18n import language_of, translations
from messages.origins import origin
from messages.refusals.problems import problem

_MOST_FIELDS = 20  # with a heading, a confidence and a note each, of a modal's 100 blocks
_MOST_UNCLEAR = 10


def prompt(asked: Prompt, *, language: str) -> Message:
    """Ask a member for the week's numbers, or which hats they wore, or both; all hats in one message."""
    return environment.message("prompt", language, asked=asked)


def reminder(asked: Prompt, *, language: str) -> Message:
    """Remind an owner of the numbers that are still open."""
    return environment.message("reminder", language, asked=asked)


def prompt_done(receipt: Receipt, state: str, check: HatCheck | None = None, *, language: str) -> Message:
    """Say what was stored, in place of the prompt; `state` opens the form again, `check` is asked beside it."""
    return environment.message("prompt_done", language, receipt=receipt, state=state, check=check)


def report_modal(form: ReportForm, *, language: str) -> dict[str, Any]:
    """Give one page of the form: an optional field per KPI, grouped by hat when there are several."""
    spoken = language_of(language)
    return environment.view(
        "report_modal",
        language,
        form=form,
        groups=_groups(form.fields[:_MOST_FIELDS]),
        hint=lambda field: _hint(field, spoken),
        filled=lambda field: _filled(field, spoken),
        unit_note=lambda kpi: _unit_note(kpi, spoken),
    )


def receipt(stored: Receipt, *, language: str) -> dict[str, Any]:
    """Give the view that takes the form's place after it was saved."""
    return environment.view("receipt", language, receipt=stored)


def skip_modal(form: SkipForm, *, language: str) -> dict[str, Any]:
    """Ask why a week has no numbers; the reason may be left out."""
    return environment.view("skip_modal", language, form=form)


def read_back(read: ReadBack, *, language: str) -> Message:
    """Say which numbers a written message was taken for, before anything is stored."""
    sentences = [_unclear(part, language) for part in read.unclear[:_MOST_UNCLEAR]]
    return environment.message("read_back", language, read=read, unclear=sentences)


def _unclear(part: Unclear, language: str) -> str:
    if part.kpi is not None and part.misread is not None:
        said = problem(part.misread.name, part.misread.text, part.misread.choices, part.kpi, language_of(language))
        return mrkdwn(f"{plain(part.kpi.name, 60)}: {said}", 400)
    return str(environment.sayings(language).unclear(part))


def _groups(fields: tuple[ReportField, ...]) -> list[tuple[HatName, list[ReportField]]]:
    """Group fields by hat in their order."""
    groups: dict[HatName, list[ReportField]] = {}
    for field in fields:
        groups.setdefault(field.hat, []).append(field)
    return list(groups.items())


def _filled(field: ReportField, language: str) -> str:
    if field.typed is not None:
        return plain(field.typed, 200) if field.typed.strip() else ""
    return Formats(language).typed_amount(field.suggested, field.kpi) if field.suggested is not None else ""


def _hint(field: ReportField, language: str) -> str:
    """Say what is wrong with the number that is there; else last week's value and the target."""
    kpi = field.kpi
    if field.misread is not None:
        return cut("⚠ " + problem(field.misread.name, field.misread.text, field.misread.choices, kpi, language), 200)
    formats, gettext = Formats(language), translations(language).gettext
    told = []
    if kpi.previous is not None:
        told.append(gettext("last week %(value)s") % {"value": formats.amount(kpi.previous, kpi)})
    if kpi.target is not None:
        told.append(gettext("target %(target)s") % {"target": formats.target(kpi)})
    if kpi.origin:
        told.append(origin(kpi, language))
    said = cut(" · ".join(told), 200)
    return said[:1].upper() + said[1:]


def _unit_note(kpi: KpiValue, language: str) -> str:
    if kpi.unit == "percent":
        return " (%)"
    if kpi.unit == "money" and kpi.currency:
        return f" ({plain(kpi.currency, 5)})"
    hours = translations(language).gettext("hours")
    return f" ({hours})" if kpi.unit == "duration" else ""
