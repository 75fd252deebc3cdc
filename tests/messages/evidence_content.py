"""Content of messages about hat checks and evidence, of the four kinds that `tests.messages.content` names."""

from decimal import Decimal

from messages.agreement_content import EvidenceLine
from messages.content import HatCheck, Person
from messages.evidence_content import HatChecked, HatCheckForm, HatEvidence, HatOption, OwnEvidence
from tests.messages.content import Content


def hat_check(content: Content, *, answered: bool = False) -> HatCheck:
    since = {"ordinary": "week", "empty": "now", "huge": "earlier", "hostile": "now"}[content.kind]
    hats = content.hats()
    said = hats if answered else None
    return HatCheck(hats, since, "1:2026-W48", "1:2026-W48:1.2.3", said)  # type: ignore[arg-type]  # one of the three


def check_form(content: Content) -> HatCheckForm:
    options = tuple(HatOption(i, hat, i % 2 == 0) for i, hat in enumerate(content.hats()[:100] or (content.hat,)))
    return HatCheckForm(content.text("North"), content.period, options, "1:2026-W48", len(content.some(0)))


def checked(content: Content) -> HatChecked:
    return HatChecked(content.text("North"), content.period, content.hats(), asked_again=content.kind != "hostile")


def evidence_line(content: Content, number: int = 0) -> EvidenceLine:
    count = {"ordinary": 3, "empty": 0, "huge": 10**9, "hostile": 1}[content.kind]
    return EvidenceLine(content.people(3)[number % 3], count, count, count, count, count)


def hat_evidence(content: Content) -> HatEvidence:
    weeks = content.some(13)
    trend = tuple(
        (content.period if content.kind == "hostile" else f"2026-W{i % 50 + 1:02}", Decimal(i) / 10) for i in weeks
    )
    return HatEvidence(
        hat=content.hat,
        team=content.text("North"),
        weeks=8,
        lines=tuple(evidence_line(content, i) for i in content.some(3)),
        natural=content.person,
        share=Decimal("0.77"),
        trend=trend,
        may_propose=True,
    )


def own_evidence(content: Content) -> OwnEvidence:
    hats = tuple((hat, evidence_line(content)) for hat in content.hats())
    return OwnEvidence(content.text("North"), 8, Person("U0ANNA0001", content.text("Anna")), hats)
