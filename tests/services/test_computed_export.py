"""An export can have the values of KPIs with a formula too, and is imported all the same."""

from datetime import timedelta

from bot.services.readings.readings_file import export_readings, import_readings
from storage import Sessions
from tests.support.builders import NOW, a_hat, a_kpi, a_team, a_workspace, reads

HEADER = "week,kpi,value,note,computed\n"


def a_team_with_a_rate(sessions: Sessions, workspace: str) -> None:
    team = a_team(sessions, a_workspace(sessions, workspace))
    hat = a_hat(sessions, team)
    leads = a_kpi(sessions, hat, "Leads", sequence=1)
    a_kpi(sessions, hat, "Rate", sequence=2, unit="ratio", decimals=3, formula="deals / leads")
    deals = a_kpi(sessions, hat, "Deals", sequence=3)
    if workspace == "T1":
        reads(sessions, leads, {"2026-W45": 40, "2026-W46": 8})
        reads(sessions, deals, {"2026-W45": 10, "2026-W47": 3})


def test_computed_values_stand_in_the_chains_order_and_are_marked(sessions: Sessions) -> None:
    a_team_with_a_rate(sessions, "T1")
    assert export_readings(sessions, "T1", None, with_computed=True) == HEADER + (
        "2026-W45,leads,40,,\n2026-W45,rate,0.2500,,yes\n2026-W45,deals,10,,\n2026-W46,leads,8,,\n2026-W47,deals,3,,\n"
    )
    assert "rate" not in export_readings(sessions, "T1", None)


def test_the_same_file_is_imported_without_them(sessions: Sessions) -> None:
    a_team_with_a_rate(sessions, "T1")
    a_team_with_a_rate(sessions, "T2")
    written = export_readings(sessions, "T1", None, with_computed=True)
    result = import_readings(sessions, "T2", None, written, NOW + timedelta(days=7))
    assert (result.new, result.rows) == (4, 4)
    assert export_readings(sessions, "T2", None, with_computed=True) == written
