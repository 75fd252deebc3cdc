"""In which language somebody is spoken to before it is known what they mean."""

import pytest

from bot.services.workspaces.scene import Asker, spoken_to
from storage import Sessions
from tests.support.builders import a_member, a_team, a_workspace, plays


@pytest.mark.parametrize(("own", "expected"), [(None, "sv"), ("en-GB", "en"), ("sv-SE", "sv")])
def test_a_person_is_spoken_to_in_their_own_language_or_else_in_their_teams(
    sessions: Sessions, own: str | None, expected: str
) -> None:
    workspace = a_workspace(sessions)
    swedish = a_team(sessions, workspace=workspace, locale="sv", slug="norr")
    anna = a_member(sessions, workspace, "Anna", locale=own)
    plays(sessions, anna, swedish)
    assert spoken_to(sessions, Asker(workspace.slack_team_id, anna.slack_user_id)) == expected


def test_in_a_teams_home_it_is_that_teams_language(sessions: Sessions) -> None:
    workspace = a_workspace(sessions)
    english = a_team(sessions, workspace=workspace, locale="en", slug="north")
    swedish = a_team(sessions, workspace=workspace, locale="sv", slug="norr")
    anna = a_member(sessions, workspace, "Anna", locale=None)
    for team, language in ((english, "en"), (swedish, "sv")):
        plays(sessions, anna, team)
        asker = Asker(workspace.slack_team_id, anna.slack_user_id, team_id=team.id)
        assert spoken_to(sessions, asker) == language


def test_who_is_in_no_team_is_spoken_to_in_their_own_language_or_english(sessions: Sessions) -> None:
    workspace = a_workspace(sessions)
    bo = a_member(sessions, workspace, "Bo", locale="sv-SE")
    assert spoken_to(sessions, Asker(workspace.slack_team_id, bo.slack_user_id)) == "sv"
    assert spoken_to(sessions, Asker(workspace.slack_team_id, bo.slack_user_id, team_id=999)) == "sv"
    assert spoken_to(sessions, Asker(workspace.slack_team_id, "U0NOBODY")) == "en"
    assert spoken_to(sessions, Asker("T0NOWHERE", "U0NOBODY")) == "en"
