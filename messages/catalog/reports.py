"""Messages about the weekly report: the prompt, the form, and what was stored."""

from collections.abc import Iterator
from typing import Any

from messages import environment
from messages.content import HatCheck, HatName, KpiValue, Message, Prompt, Receipt, ReportField, ReportForm
from messages.escaping import cut, plain
from messages.formats import Formats
from messages.i18n import language_of, translations

_MOST_BLOCKS = 97  # of a modal's 100; two are kept for the sentences around the fields


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
    """Give the form: one optional field per KPI, grouped by hat when there are several."""
    spoken = language_of(language)
    groups = _groups(form.fields)
    shown = sum(len(fields) for _, fields in groups)
    return environment.view(
        "report_modal",
        language,
        form=form,
        groups=groups,
        left_out=form.left_out + len(form.fields) - shown,
        hint=lambda kpi: _hint(kpi, spoken),
        unit_note=lambda kpi: _unit_note(kpi, spoken),
    )


def receipt(stored: Receipt, *, language: str) -> dict[str, Any]:
    """Give the view that takes the form's place after it was saved."""
    return environment.view("receipt", language, receipt=stored)


def _groups(fields: tuple[ReportField, ...]) -> list[tuple[HatName, list[ReportField]]]:
    """Group fields by hat in their order, as many as fit with a heading per hat."""
    groups: dict[HatName, list[ReportField]] = {}
    for blocks, field in _counted(fields):
        if blocks > _MOST_BLOCKS:
            break
        groups.setdefault(field.hat, []).append(field)
    return list(groups.items())


def _counted(fields: tuple[ReportField, ...]) -> Iterator[tuple[int, ReportField]]:
    """Yield each field with the number of blocks up to it, headings included."""
    hats: set[HatName] = set()
    for number, field in enumerate(fields, start=1):
        hats.add(field.hat)
        yield number + len(hats), field


def _hint(kpi: KpiValue, language: str) -> str:
    formats, gettext = Formats(language), translations(language).gettext
    told = []
    if kpi.previous is not None:
        told.append(gettext("last week %(value)s") % {"value": formats.amount(kpi.previous, kpi)})
    if kpi.target is not None:
        told.append(gettext("target %(target)s") % {"target": formats.target(kpi)})
    said = cut(" · ".join(told), 200)
    return said[:1].upper() + said[1:]


def _unit_note(kpi: KpiValue, language: str) -> str:
    if kpi.unit == "percent":
        return " (%)"
    if kpi.unit == "money" and kpi.currency:
        return f" ({plain(kpi.currency, 5)})"
    hours = translations(language).gettext("hours")
    return f" ({hours})" if kpi.unit == "duration" else ""
