"""The benchmarks run at a small size and tell what they found. Their bars are for a quiet machine, not for tests."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.bench import deliveries, digest, growth, listening, local_slack, page, run, who_inside, who_socket
from bot.bench.figures import Figure, NotMeasuredError, quantile
from bot.cli import app


def named(figures: list[Figure]) -> dict[str, float]:
    return {figure.name: figure.value for figure in figures}


def stub(monkeypatch: pytest.MonkeyPatch, *figures: Figure) -> None:
    """Let the one benchmark be an instant one with these figures."""
    monkeypatch.setattr(run, "BENCHMARKS", {"who-inside": lambda: list(figures)})


def test_who_inside_measures_both_apps_and_misspelt_names() -> None:
    figures = who_inside.measure(who_inside.Size(hats=30, requests=60, misspelt=3, warm=5, after_pauses=3))
    assert all(figure.value > 0 for figure in figures)
    found = named(figures)
    share = found["/hat who, 30 hats, p50"] / found["bare Bolt listener, p50"]
    assert found["share of a bare Bolt listener's time, p50"] == pytest.approx(share)


def test_who_socket_measures_two_processes() -> None:
    figures = who_socket.measure(who_socket.Size(at_once=5, rounds=2, hats=10))
    assert all(figure.value > 0 for figure in figures)


def test_every_prompt_of_a_small_run_arrives_once() -> None:
    figures = deliveries.measure(deliveries.Size(workspaces=3, people=2, latency_ms=10, bar=None))
    found = named(figures)
    assert found["messages that were lost or doubled"] == 0
    assert found["6 prompts, first claim to last recorded"] > 0


def test_digests_are_sent_at_once_with_the_prompts_and_told_apart() -> None:
    size = deliveries.Size(workspaces=2, people=7, latency_ms=10, with_digests=True, bar=None)
    found = named(deliveries.measure(size))
    assert found["messages that were lost or doubled"] == 0
    whole = found["14 prompts and 2 digests at once, first claim to last recorded"]
    assert 0 < found["of these, the 14 prompts, first claim to last sent"] <= whole
    assert 0 < found["of these, the 2 digests, first claim to last sent"] <= whole


def test_what_is_lost_and_what_is_doubled_is_counted() -> None:
    def run_with(messages: int, keys: int) -> deliveries.Run:
        return deliveries.Run(
            seconds=1, last_sent={}, bot_cpu=1, slack_cpu=1, recorded=10, messages=messages, keys=keys
        )

    assert deliveries.astray(run_with(messages=10, keys=10)) == 0
    assert deliveries.astray(run_with(messages=9, keys=9)) == 1
    assert deliveries.astray(run_with(messages=12, keys=10)) == 2
    assert deliveries.astray(run_with(messages=10, keys=9)) == 2


def test_growth_compares_few_workspaces_with_many_and_counts_a_digest_s_queries() -> None:
    size = growth.Size(few=1, many=3, people=1, rounds=1, few_per_round=1, kpis=(3, 6), links=(2, 6), weeks=(2, 8))
    found = named(growth.measure(size))
    assert found["cost per prompt, 3 workspaces against 1"] > 0
    assert found["digest's queries, 6 KPIs and 8 weeks"] > 0


def test_a_digest_s_processor_time_is_measured() -> None:
    figures = digest.measure(digest.Size(kpis=3, links=2, weeks=4, rounds=2))
    assert figures[0].name == "processor time of a digest with its statistics, 3 KPIs, 2 links, 4 weeks"
    assert figures[0].value > 0


def test_a_message_that_is_no_question_opens_no_session_of_the_database() -> None:
    found = named(listening.measure(listening.Size(hats=10, rounds=2, warm=1, bar=None)))
    assert found["database sessions for 40 such messages"] == 0
    assert found["message that is no question, p50"] > 0
    assert found["bare Bolt app with one pattern, its whole dispatch, p50"] > 0


def test_a_question_would_have_been_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "SENTENCES", ("Who owns email nurturing?",))
    found = named(listening.measure(listening.Size(hats=10, rounds=3, warm=1, bar=None)))
    assert found["database sessions for 3 such messages"] == 4, "one each, and one to warm up with"


@pytest.mark.browser
def test_the_page_is_measured_in_a_browser() -> None:
    figures = page.measure(page.Size(openings=1, messages=1))
    assert all(0 < figure.value < 20_000 for figure in figures)
    assert len(figures) == 3


def test_the_local_slack_has_the_people_that_were_asked_for() -> None:
    with local_slack.local_slack(workspaces=2, people=3) as (address, child):
        assert [len(place.users) for place in address.places] == [3, 3]
        assert len({place.token for place in address.places}) == 2
        assert address.posted() == {"messages": 0, "keys": 0}
        assert child.resident_mb() > 10


def test_kept_bars_come_out_as_a_table_and_as_json_with_exit_code_0(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stub(monkeypatch, Figure("p50", 0.5, "ms", 1), Figure("p99", 7, "ms"))
    file = tmp_path / "figures.json"
    result = CliRunner().invoke(app, ["bench", "--only", "who-inside", "--output", str(file)])
    assert result.exit_code == 0
    assert "passed" in result.stdout
    assert "reported" in result.stdout
    line = result.stdout.strip().splitlines()[-1]
    written = json.loads(file.read_text())
    assert json.loads(line) == written
    assert written["kept"] is True
    assert [figure["verdict"] for figure in written["figures"]] == ["passed", "reported"]


def test_a_missed_bar_gives_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    stub(monkeypatch, Figure("p50", 0.5, "ms", 1), Figure("p99", 7, "ms", 5))
    result = CliRunner().invoke(app, ["bench"])
    assert result.exit_code == 1
    assert "missed" in result.stdout
    assert json.loads(result.stdout.strip().splitlines()[-1])["kept"] is False


def test_what_cannot_be_measured_is_said_and_has_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure() -> list[Figure]:
        raise NotMeasuredError("PostgreSQL is not installed")

    monkeypatch.setattr(run, "BENCHMARKS", {"deliveries-postgres": measure})
    result = CliRunner().invoke(app, ["bench"])
    assert result.exit_code == 0
    assert "not measured" in result.stdout
    assert "passed" not in result.stdout
    told = json.loads(result.stdout.strip().splitlines()[-1])
    assert told["not_measured"] == {"deliveries-postgres": "PostgreSQL is not installed"}
    assert told["figures"] == []


def test_a_quantile_is_a_value_that_was_measured() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile(range(100), 0.99) == 99
    assert quantile([4], 0.99) == 4
