"""What the demo's people said they wore, and did for hats that nobody owns: seeded, and plausible.

Two hats are shared and vacant. Prospecting has a natural owner: Erik wears it every week and answers for it, while
Maria and Sara leave it to him more and more. Booking has none: Maria and Erik reach for it alike. Everybody else wears
the hat they own, and now and then another one.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.evidence import TREND_WEEKS
from bot.domain.period import Period
from bot.domain.schedule import DEFAULT_PROMPT, prompt_at
from storage import Session, evidences, team_state
from storage.tables import Team

SEED: Final = 1874
ANSWERED_AFTER: Final = timedelta(minutes=20)

# How likely each person ticks a hat, in the first and in the last of the weeks; between them it changes evenly.
_HABITS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "U0ERIKBERG": {"prospecting": (1, 1), "booking": (0.95, 0.95), "sales": (0.4, 0.1)},
    "U0MARIASAN": {"prospecting": (1, 0.1), "booking": (0.9, 0.9)},
    "U0SARANYMA": {"sales": (1, 1), "prospecting": (0.8, 0.05)},
    "U0ANNALIND": {"online-presence": (1, 1), "campaigns": (0.5, 0.2)},
    "U0JOHANEK1": {"campaigns": (1, 1), "online-presence": (0.4, 0.2), "email-nurturing": (0.5, 0.2)},
    "U0OSKARHOL": {"email-nurturing": (1, 1)},
}
# (person, hat, what they did, weeks ago)
_DEEDS: Final = (
    ("U0ERIKBERG", "prospecting", "answered", 1),
    ("U0ERIKBERG", "prospecting", "answered", 3),
    ("U0ERIKBERG", "prospecting", "answered", 6),
    ("U0ERIKBERG", "prospecting", "passed_on", 2),
    ("U0ERIKBERG", "prospecting", "took_it", 4),
    ("U0MARIASAN", "booking", "answered", 2),
    ("U0ERIKBERG", "booking", "took_it", 5),
)


def store_hat_checks(session: Session, team: Team, last: Period, *, now: datetime) -> None:
    """Store the hat checks of the weeks up to `last`, and what was done for the vacant hats."""
    team_id = team_state.identity(team)
    hats = {hat.slug: team_state.identity(hat) for hat in team_state.hats(session, team_id)}
    playing = team_state.memberships(session, team_id)
    people = {member.slack_user_id: member_id for member_id, (_, member) in playing.items()}
    chance = random.Random(SEED)
    for back in range(TREND_WEEKS - 1, -1, -1):
        period = last.shift(-back)
        through = 1 - back / (TREND_WEEKS - 1)
        for person, habits in _HABITS.items():
            worn = [
                hats[slug]
                for slug, (first, final) in habits.items()
                if chance.random() < first + (final - first) * through
            ]
            evidences.check(
                session,
                workspace_id=team.workspace_id,
                team_id=team_id,
                member_id=people[person],
                period=str(period),
                hat_ids=worn,
                now=prompt_at(period, DEFAULT_PROMPT, team.timezone) + ANSWERED_AFTER,
            )
    for number, (person, slug, kind, weeks) in enumerate(_DEEDS):
        evidences.add(
            session,
            workspace_id=team.workspace_id,
            hat_id=hats[slug],
            member_id=people[person],
            kind=kind,
            key=f"demo-{number}",
            now=now - timedelta(weeks=weeks),
        )
