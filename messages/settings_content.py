"""What the forms for settings say, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MySettings:
    """What somebody has set for themselves. `state` goes into private_metadata.

    `reach`: dm or thread. `prompt` is their own time, `team_prompt` the team's, both as `Friday 13:00`, '' for none.
    `hat_check` is None for somebody who is never asked which hats they wore. `locale` is the language that they chose,
    '' for the one that Slack tells, which is `slack_locale`.
    """

    state: str
    team: str
    reach: str = "dm"
    prompt: str = ""
    team_prompt: str = ""
    hat_check: bool | None = True
    locale: str = ""
    slack_locale: str = "en"
    reminders: bool = True


@dataclass(frozen=True)
class WorkingTime:
    """When a team works: ISO weekdays (`12345`), local times, a code of public holidays, '' for none.

    `answer_hours` is after how many working hours somebody is reminded of a question. Between `quiet_from` and
    `quiet_until` nobody is asked for numbers, and `edit_weeks` is how many weeks back those can be changed.
    """

    days: str = "12345"
    starts: str = "08:00"
    ends: str = "17:00"
    holidays: str = ""
    answer_hours: int = 8
    quiet_from: str = "20:00"
    quiet_until: str = "07:00"
    edit_weeks: int = 6
