"""One example of every message; a function of the catalogue without one fails a test."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from messages import catalog
from messages.agreement_content import AgreementNote, Decision, ProposalCard
from messages.content import KpiValue, Message, Misread, Refusal, ReportField, SkipForm
from messages.editing_problems import SENTENCES as FIELD_PROBLEMS
from messages.evidence_content import CheckSwitched
from messages.home_content import Home
from messages.life_content import Done
from messages.refusals import REFUSALS
from messages.refusals.problems import NUMBER_PROBLEMS
from messages.settings_content import MySettings
from messages.verbs import VERBS
from tests.messages import api_content as programs
from tests.messages import chain_content as chains
from tests.messages import digest_examples, life
from tests.messages import editing_content as editing
from tests.messages import evidence_content as evidence
from tests.messages import onboarding_content as onboarding
from tests.messages import question_content as questions
from tests.messages import question_list_content as question_lists
from tests.messages.content import Content
from tests.messages.course_content import all_courses

Rendered = Message | dict[str, Any] | str
Example = Callable[[Content, str], list[Rendered]]


def told(content: Content) -> dict[str, Any]:
    return {
        "teams": [content.text("North"), content.text("South")],
        "query": content.text("mail"),
        "person": content.person,
        "text": content.text("foo"),
        "nearest": content.text("who"),
        "owner": content.person,
        "kpi": content.text("Leads"),
        "others": [content.text("Rate"), content.text("Share")],
        "hat": content.text("Email nurturing"),
        "reference": content.text("a1b2"),
        "slug": "email-nurturing",
    }


def refusals(content: Content) -> list[Refusal]:
    return [Refusal(name, values) for name in REFUSALS for values in (told(content), {})]


def number_problems(content: Content, language: str) -> list[Rendered]:
    choices = (Decimal(1234), Decimal("1.234"))
    return [
        catalog.number_problem(name, content.text("1.234"), choices, content.kpi(number), language=language)
        for name in NUMBER_PROBLEMS
        for number in (0, 1)
        if name != "grouped"  # what 'ambiguous' becomes where only whole numbers are taken
    ]


def remarked(content: Content) -> tuple[KpiValue, ...]:
    """Return the KPIs with what their owner said about them."""
    views = ("on_track", "at_risk", "off_track", None)
    return tuple(
        replace(kpi, note=content.text("A trade fair"), confidence=views[i % 4])
        for i, kpi in enumerate(content.receipt.stored)
    )


def remarked_fields(content: Content) -> tuple[ReportField, ...]:
    """Return the form's fields with a number that cannot be read, a note and a confidence."""
    return tuple(
        replace(
            field,
            kpi=replace(field.kpi, note=content.text("A trade fair"), confidence="at_risk"),
            typed=content.text("many"),
            misread=Misread("not_a_number", content.text("many")),
        )
        for field in content.form.fields
    )


def proposals(content: Content) -> list[ProposalCard]:
    shown = content.proposal
    owned = replace(shown, side="counterpart", earlier_owner=shown.counterpart)
    return [
        shown,
        replace(shown, origin="evidence", reminder=True),
        replace(shown, origin="hand_over", remind_on=shown.expires_on),
        replace(shown, readers_turn=False, reason=""),
        replace(shown, kind="terms", terms=tuple(replace(term, removed=True) for term in shown.terms)),
        *(
            replace(base, kind=kind, state=state, origin=origin)
            for base in (shown, replace(shown, side="counterpart", earlier_owner=None), owned)
            for kind, origin in (("owner", "volunteer"), ("terms", "review"))
            for state in ("offered", "countered")
        ),
    ]


def decisions(content: Content) -> list[Decision]:
    removal = replace(content.decision, kind="terms", removes=content.text("Leads"))
    return [replace(removal, state=state) for state in ("accepted", "declined")] + [
        replace(content.decision, kind=kind, state=state, side=side, own=own, origin=origin)
        for kind in ("owner", "terms")
        for state in ("accepted", "countered", "declined", "withdrawn", "expired", "called_off")
        for side in ("candidate", "counterpart")
        for own in (True, False)
        for origin in ("offer", "hand_over")
    ]


def agreement_notes(content: Content) -> list[AgreementNote]:
    told = (
        "offered",
        "agreed",
        "volunteered",
        "owned",
        "withdrawn",
        "forced",
        "passed_on",
        "terms_offered",
        "terms_held",
    )
    return [AgreementNote(what, content.hat, person) for what in told for person in (content.person, None)]


EXAMPLES: dict[str, Example] = {
    "agreement_note": lambda c, lang: [catalog.agreement_note(each, language=lang) for each in agreement_notes(c)],
    "agreement_text": lambda c, lang: [catalog.agreement_text(each, language=lang) for each in agreement_notes(c)],
    "announcement": lambda c, lang: [
        catalog.announcement(c.announcement, language=lang),
        catalog.announcement(replace(c.announcement, forced_by=None, reason=""), language=lang),
    ],
    "archive_question": lambda c, lang: [catalog.archive_question(editing.archive_question(c), language=lang)],
    "archived": lambda c, lang: [catalog.archived(editing.archived(c), language=lang)],
    "chain_report": lambda c, lang: [catalog.chain_report(each, language=lang) for each in chains.all_chains(c)],
    "what_if": lambda c, lang: [catalog.what_if(each, language=lang) for each in chains.what_ifs(c)],
    "what_if_form": lambda c, lang: [
        catalog.what_if_form(each, "1", language=lang) for each in chains.what_if_forms(c)
    ],
    "what_if_notice": lambda c, lang: [catalog.what_if_notice(each, language=lang) for each in chains.what_ifs(c)],
    "what_if_wait": lambda _, lang: [catalog.what_if_wait(language=lang)],
    "chain_list": lambda c, lang: [catalog.chain_list(editing.chain(c), language=lang)],
    "source_form": lambda c, lang: [catalog.source_form(each, language=lang) for each in programs.source_forms(c)],
    "source_news": lambda c, lang: [catalog.source_news(each, language=lang) for each in programs.source_news(c)],
    "source_preview": lambda c, lang: [
        catalog.source_preview(each, language=lang) for each in programs.source_previews(c)
    ],
    "token_form": lambda _, lang: [catalog.token_form("1", language=lang)],
    "token_list": lambda c, lang: [catalog.token_list(each, language=lang) for each in programs.token_lists(c)],
    "token_made": lambda c, lang: [catalog.token_made(programs.token_made(c), language=lang)],
    "field_problem": lambda c, lang: [
        catalog.field_problem(name, editing.told_at_fields(c), language=lang) for name in FIELD_PROBLEMS
    ],
    "hat_form": lambda c, lang: [catalog.hat_form(form, language=lang) for form in editing.hat_forms(c)],
    "kpi_form": lambda c, lang: [catalog.kpi_form(form, language=lang) for form in editing.kpi_forms(c)],
    "link_form": lambda c, lang: [catalog.link_form(form, language=lang) for form in editing.link_forms(c)],
    "no_team": lambda _, lang: [catalog.no_team("C0TEAM0001", language=lang)],
    "team_form": lambda c, lang: [catalog.team_form(form, language=lang) for form in editing.team_forms(c)],
    "welcome": lambda c, lang: [catalog.welcome(told, language=lang) for told in editing.welcomes(c)],
    "audit_log": lambda c, lang: [catalog.audit_log(life.audit_log(c), language=lang)],
    "away_state": lambda c, lang: [catalog.away_state(state, language=lang) for state in life.away_states(c)],
    "change_modal": lambda c, lang: [catalog.change_modal(replace(c.terms_form, other=None), language=lang)],
    "counter_modal": lambda c, lang: [catalog.counter_modal(c.terms_form, language=lang)],
    "decision": lambda c, lang: [catalog.decision(each, language=lang) for each in decisions(c)],
    "decline_modal": lambda c, lang: [catalog.decline_modal(c.terms_form, language=lang)],
    "force_modal": lambda c, lang: [
        catalog.force_modal(replace(c.owner_form, chosen=c.person), language=lang),
        catalog.force_modal(c.owner_form, language=lang),
    ],
    "forced": lambda c, lang: [
        catalog.forced(replace(c.announcement, reader_owns=owns), language=lang) for owns in (True, False)
    ],
    "later_modal": lambda c, lang: [catalog.later_modal(c.terms_form, language=lang)],
    "passing_on": lambda c, lang: [catalog.passing_on(c.passing_on, language=lang)],
    "proposal": lambda c, lang: [catalog.proposal(each, language=lang) for each in proposals(c)],
    "proposal_closed": lambda c, lang: [catalog.proposal_closed(each, language=lang) for each in decisions(c)],
    "propose_modal": lambda c, lang: [
        catalog.propose_modal(c.owner_form, language=lang),
        catalog.propose_modal(replace(c.owner_form, natural=None), language=lang),
        catalog.propose_modal(replace(c.owner_form, natural=None, alone=c.person), language=lang),
    ],
    "review": lambda c, lang: [catalog.review(c.review, language=lang)],
    "review_done": lambda c, lang: [catalog.review_done(c.review, language=lang)],
    "step_down_modal": lambda c, lang: [catalog.step_down_modal(c.owner_form, language=lang)],
    "ask_modal": lambda c, lang: [
        catalog.ask_modal(c.hat, "state", c.several(), language=lang),
        catalog.ask_modal(c.hat, "state", c.several(), language=lang, vacant=True),
    ],
    "check_switched": lambda c, lang: [
        catalog.check_switched(CheckSwitched(on, team), language=lang)
        for on in (True, False)
        for team in ("", c.text("North"))
    ],
    "channel_paused": lambda c, lang: [
        catalog.channel_paused(c.text("North"), "C0TEAM0001", error, language=lang)
        for error in ("is_archived", "restricted_action", "channel_not_found", c.text("strange"))
    ],
    "departure": lambda c, lang: [catalog.departure(told, language=lang) for told in life.departures(c)],
    "digest": digest_examples.digests,
    "digest_change": lambda c, lang: [catalog.digest_change(digest_examples.changes_of(c), language=lang)],
    "digest_detail": lambda c, lang: [catalog.digest_detail(digest_examples.digest_of(c), language=lang)],
    "digest_discussion": digest_examples.discussions,
    "digest_moved": lambda c, lang: [catalog.digest_moved(digest_examples.changes_of(c), language=lang)],
    "digest_text": lambda c, lang: [catalog.digest_text(digest_examples.digest_of(c), language=lang)],
    "discussion_there": lambda c, lang: [
        catalog.discussion_there(c.period, link, language=lang)
        for link in ("https://north.slack.com/archives/C1/p2", "")
    ],
    "done": lambda c, lang: [catalog.done(told, language=lang) for told in life.every_done(c)],
    "done_text": lambda c, lang: [catalog.done_text(told, language=lang) for told in life.every_done(c)],
    "evidence_forgotten": lambda _, lang: [catalog.evidence_forgotten(language=lang)],
    "hat_card": lambda c, lang: [
        catalog.hat_card(c.card, language=lang),
        catalog.hat_card(replace(c.card, owner=None), language=lang),
        catalog.hat_card(replace(c.card, asker_is_owner=True), language=lang),
    ],
    "hat_choices": lambda c, lang: [catalog.hat_choices(c.text("mail"), c.hats() or (c.hat,), language=lang)],
    "hat_not_found": lambda c, lang: [catalog.hat_not_found(c.text("mail"), c.hats(), language=lang)],
    "hat_check_modal": lambda c, lang: [catalog.hat_check_modal(evidence.check_form(c), language=lang)],
    "hat_checked": lambda c, lang: [catalog.hat_checked(evidence.checked(c), language=lang)],
    "hat_evidence": lambda c, lang: [
        catalog.hat_evidence(replace(evidence.hat_evidence(c), **changes), language=lang)
        for changes in (
            {},
            {"owner": c.person},
            {"reader": c.person.slack_id, "may_propose": False},
            {"natural": None, "close": c.people(2)},
            {"natural": None, "close": c.people(1)},
            {"natural": None, "missing": 3, "trend": ()},
        )
    ],
    "hat_history": lambda c, lang: [catalog.hat_history(life.history(c), language=lang)],
    "hat_list": lambda c, lang: [catalog.hat_list(c.text("North"), c.hat_lines(), language=lang)],
    "hats_of": lambda c, lang: [
        catalog.hats_of(replace(c.hats_of, own=own), step, language=lang)
        for own in (True, False)
        for step in (None, *onboarding.steps(c))
    ],
    "help": lambda c, lang: [
        catalog.help("/hat", language=lang),
        *(catalog.help("/hat", onboarding.names(c), step, language=lang) for step in onboarding.steps(c)),
    ],
    "verb_help": lambda c, lang: [
        catalog.verb_help(verb.name, "/hat", names, language=lang)
        for verb in VERBS
        for names in (None, onboarding.names(c))
    ],
    "did_you_mean": lambda c, lang: [catalog.did_you_mean(each, language=lang) for each in onboarding.nearest_ones(c)],
    "installed": lambda _, lang: [catalog.installed(language=lang)],
    "hello": lambda c, lang: [
        catalog.hello("C0TEAM0001", language=lang),
        *(catalog.hello("C0TEAM0001", "mentions", step, language=lang) for step in onboarding.steps(c)),
    ],
    "hats_asked": lambda c, lang: [catalog.hats_asked(c.text("North"), "1", language=lang)],
    "elsewhere": lambda c, lang: [
        catalog.elsewhere(catalog.hats_asked(c.text("North"), "1", language=lang), c.text("South"), here, language=lang)
        for here in (None, "C0TEAM0001")
    ],
    "set_up_steps": lambda c, lang: [
        catalog.set_up_steps(each, just_done, language=lang)
        for each in onboarding.set_up_states(c)
        for just_done in (None, Done("starters_added", {"num": 6}))
    ],
    "tick_form": lambda c, lang: [catalog.tick_form(each, language=lang) for each in onboarding.tick_forms(c)],
    "home": lambda c, lang: [
        catalog.home(replace(c.home, set_up=onboarding.set_up_states(c)[0]), language=lang),
        catalog.home(replace(c.home, due=(), teams=()), language=lang, file_id="F0FILE0001"),
        catalog.home(replace(c.home, plays=False, skipped=True, hat=None, pitch=None), language=lang),
        catalog.home(Home(c.text("North"), c.person), language=lang),
        *(
            catalog.home(Home(c.text("North"), c.person, is_admin=True, set_up=state), language=lang)
            for state in onboarding.set_up_states(c)
        ),
    ],
    "home_form": lambda c, lang: [catalog.home_form(each, language=lang) for each in c.home_forms],
    "home_notice": lambda c, lang: [catalog.home_notice(each, language=lang) for each in refusals(c)],
    "leave_question": lambda c, lang: [catalog.leave_question(one, language=lang) for one in life.leave_questions(c)],
    "notice": lambda c, lang: [
        catalog.notice(
            catalog.refusal_text(Refusal("not_owner", told(c)), language=lang), c.text("Oops"), language=lang
        ),
        *(
            catalog.notice(catalog.done_text(told_of, language=lang), next_step=step, place="team:1", language=lang)
            for told_of in life.every_done(c)[:1]
            for step in onboarding.steps(c)
        ),
    ],
    "number_problem": number_problems,
    "own_evidence": lambda c, lang: [
        catalog.own_evidence(replace(evidence.own_evidence(c), **changes), language=lang)
        for changes in ({}, {"asked": False}, {"team_asks": False})
    ],
    "pitch": lambda c, lang: [catalog.pitch(c.pitch, file_id=file, language=lang) for file in ("", "F0PITCH001")],
    "prompt": lambda c, lang: (
        [
            catalog.prompt(replace(c.prompt, kpis=kpis, check=check), language=lang)
            for kpis in (c.prompt.kpis, ())
            for check in (None, evidence.hat_check(c), evidence.hat_check(c, answered=True))
        ]
        + [
            catalog.prompt(replace(c.prompt, **changes), language=lang)
            for changes in (
                {"asked_again_at": c.digest_at},
                {"kpis": (), "later": (), "skipped": ""},
                {"kpis": (), "later": (), "skipped": c.text("Trade fair"), "check": evidence.hat_check(c)},
            )
        ]
    ),
    "prompt_done": lambda c, lang: [
        catalog.prompt_done(c.receipt, "state", check, language=lang)
        for check in (None, evidence.hat_check(c), evidence.hat_check(c, answered=True))
    ],
    "answer": lambda c, lang: [catalog.answer(each, language=lang) for each in questions.answers(c)],
    "question_list": lambda c, lang: [
        catalog.question_list(each, language=lang) for each in question_lists.question_lists(c)
    ],
    "question_figures": lambda _, lang: [
        catalog.question_figures(each, language=lang) for each in question_lists.FIGURES
    ],
    "hat_questions": lambda c, lang: [
        catalog.hat_questions(each, language=lang) for each in question_lists.hat_questions(c)
    ],
    "question": lambda c, lang: [catalog.question(each, language=lang) for each in questions.cards(c)],
    "question_mention": lambda c, lang: [
        catalog.question_mention(each, c.person, language=lang) for each in questions.mentions(c)
    ],
    "pass_modal": lambda c, lang: [catalog.pass_modal(each, language=lang) for each in questions.pass_forms(c)],
    "question_moved": lambda c, lang: [catalog.question_moved(each, language=lang) for each in questions.moves(c)],
    "question_note": lambda c, lang: [catalog.question_note(each, language=lang) for each in questions.notes(c)],
    "reply_modal": lambda c, lang: [
        catalog.reply_modal(each, language=lang) for each in (questions.card(c), questions.passed_card(c))
    ],
    "question_sent": lambda c, lang: [
        catalog.question_sent(c.question, language=lang, where=where) for where in ("", "thread", "dm")
    ],
    "my_settings_modal": lambda c, lang: [
        catalog.my_settings_modal(each, language=lang)
        for each in (
            MySettings("1", c.text("North"), "thread", "Tuesday 07:30", "Friday 13:00"),
            MySettings("1", c.text("North"), hat_check=None, locale="sv", slack_locale="sv", reminders=False),
        )
    ],
    "kpi_courses": lambda c, lang: [catalog.kpi_courses(each, language=lang) for each in all_courses(c)],
    "message_question_modal": lambda c, lang: [
        catalog.message_question_modal(each, language=lang) for each in questions.message_questions(c)
    ],
    "read_back": lambda c, lang: [
        catalog.read_back(each, language=lang) for each in (c.read_back, replace(c.read_back, kpis=()))
    ],
    "receipt": lambda c, lang: [
        catalog.receipt(c.receipt, language=lang),
        catalog.receipt(replace(c.receipt, stored=remarked(c)), language=lang),
    ],
    "refusal": lambda c, lang: [catalog.refusal(each, language=lang) for each in refusals(c)],
    "refusal_text": lambda c, lang: [catalog.refusal_text(each, language=lang) for each in refusals(c)],
    "reminder": lambda c, lang: [catalog.reminder(c.prompt, language=lang)],
    "report_modal": lambda c, lang: [
        catalog.report_modal(c.form, language=lang),
        catalog.report_modal(replace(c.form, fields=remarked_fields(c), notes=True), language=lang),
    ],
    "skip_modal": lambda c, lang: [
        catalog.skip_modal(SkipForm(c.text("North"), c.period, "1:2026-W48", reason), language=lang)
        for reason in ("", c.text("Trade fair"))
    ],
    "team_health": lambda c, lang: [catalog.team_health(life.health(c), language=lang)],
    "volunteers_wanted": lambda c, lang: [catalog.volunteers_wanted(c.hat, c.several(), language=lang)],
}
