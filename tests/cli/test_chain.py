"""`hattrick chain analyse`, as a person at the terminal meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.cli import main
from bot.domain.period import Period

Run = Callable[..., tuple[int, str, str]]
OLIST = Path(__file__).parents[3] / "shared" / "data" / "olist_weekly.csv"
WEEKS = 60


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `hattrick chain analyse`; give its exit code and what it wrote to stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def hattrick(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["hattrick", "chain", "analyse", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return (code if isinstance(code, int) else 0, *capsys.readouterr())

    return hattrick


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of visits, leads two weeks later and deals in the same week."""
    random = np.random.default_rng(1)
    visits = random.poisson(1000, WEEKS) + random.integers(-300, 300, WEEKS)
    leads = np.concatenate([[100, 100], random.binomial(visits[:-2], 0.1)])
    deals = random.binomial(leads, 0.5)
    rows = [f"{Period(2025, 1).shift(week)},{visits[week]},{leads[week]},{deals[week]}" for week in range(WEEKS)]
    path = tmp_path / "weeks.csv"
    path.write_text("\n".join(["week,visits,leads,deals", *rows]) + "\n", encoding="utf-8")
    return path


def report(run: Run, *arguments: str) -> dict[str, Any]:
    code, out, err = run(*arguments, "--format", "json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_json_has_the_promised_keys_and_no_others(run: Run, file: Path) -> None:
    found = report(run, str(file), "--link", "visits -> leads", "--link", "leads -> deals")

    assert list(found) == ["links", "variance", "focus"]
    assert {tuple(link) for link in found["links"]} == {("source", "target", "lag", "n", "r", "ci", "p", "verdict")}
    assert {tuple(part) for part in found["variance"]} == {("kpi", "goals")}
    assert {tuple(one) for one in found["focus"]} == {("kpi", "goals_if_norm", "goals_if_plus_10_percent")}
    assert [(link["source"], link["lag"], link["verdict"]) for link in found["links"]] == [
        ("visits", 2, "holds_together"),
        ("leads", 0, "holds_together"),
    ]
    assert [part["kpi"] for part in found["variance"]] == ["visits", "leads", "deals"]
    lifts = [one["goals_if_plus_10_percent"] for one in found["focus"]]
    assert lifts == [pytest.approx(lifts[0])] * 3


def test_rows_of_week_kpi_and_value_are_read_the_same(run: Run, file: Path, tmp_path: Path) -> None:
    head, *rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [f"{row[0]},{kpi},{value}" for row in rows for kpi, value in zip(head[1:], row[1:], strict=True)]
    (tmp_path / "long.csv").write_text("\n".join(["week,kpi,value", *reversed(lines)]), encoding="utf-8")
    links = ("--link", "visits -> leads", "--link", "leads -> deals")

    assert report(run, "long.csv", *links)["links"] == report(run, str(file), *links)["links"]


def test_a_lag_that_is_known_is_taken_as_it_is(run: Run, file: Path) -> None:
    found = report(run, str(file), "--link", "visits->leads @2", "--link", "Leads → deals@1")

    assert [(link["source"], link["lag"]) for link in found["links"]] == [("visits", 2), ("leads", 1)]


def test_a_longest_lag_is_kept_to(run: Run, file: Path) -> None:
    found = report(run, str(file), "--link", "visits -> leads", "--max-lag", "1")

    assert (found["links"][0]["lag"] <= 1, found["links"][0]["verdict"]) == (True, "not_shown")


def test_the_text_says_links_goals_and_focus(run: Run, file: Path) -> None:
    code, out, _ = run(str(file), "--link", "visits -> leads", "--link", "leads -> deals")

    assert code == 0
    for said in ("visits → leads", "hang together", "no proof that one number causes the other", "10 % more", "ocus"):
        assert said in out


def test_another_week_can_be_looked_at(run: Run, file: Path) -> None:
    assert "deals in 2025-W50" in run(str(file), "--link", "leads -> deals", "--week", "2025-W50")[1]


def test_weeks_may_be_written_as_days_and_numbers_with_commas(run: Run, tmp_path: Path) -> None:
    rows = [f"{Period(2025, 1).shift(week).sunday};{week % 5},5;{week % 3}" for week in range(20)]
    (tmp_path / "excel.csv").write_text("\ufeffweek;Leads i år;deals\r\n" + "\r\n".join(rows), encoding="utf-8")

    assert report(run, "excel.csv", "--link", "Leads i år -> deals @0")["links"][0]["n"] == 20


def test_gaps_stay_gaps_and_the_json_says_null(run: Run, tmp_path: Path) -> None:
    rows = [
        f"{Period(2025, 1).shift(week)},{100 + week % 7},{'' if week == 29 else 10 + week % 3}" for week in range(30)
    ]
    (tmp_path / "gap.csv").write_text("\n".join(["week,leads,deals", *rows]), encoding="utf-8")

    found = report(run, "gap.csv", "--link", "leads -> deals @0")
    code, out, _ = run("gap.csv", "--link", "leads -> deals @0")

    assert (found["variance"], found["links"][0]["n"]) == ([], 29)
    assert (code, "cannot be told: no reading" in out) == (0, True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("kpi,value\nleads,1\n", "no column week"),
        ("week,leads,deals\n2026-W60,1,2\n", "Line 2: There is no week 60 in 2026"),
        ("week,leads,deals\n2026-W01,1\n", "Line 2: 2 columns instead of 3"),
        ("week,leads,deals\n2026-W01,many,2\n", "Line 2: the value of leads"),
        ("week,leads,deals\n2026-W01,inf,2\n", "Line 2: the value of leads"),
        ("week,leads,deals\n2026-W01,nan,2\n", "Line 2: the value of leads"),
        ("week,leads,deals\n2026-W01,1e999,2\n", "Line 2: the value of leads"),
        ("week,leads,deals\n2026-W01,1,2\n2026-W01,1,2\n", "Line 3: the week 2026-W01 stands there twice"),
        ("week,kpi,value\n2026-W01,leads,1\n2026-W01,leads,2\n", "Line 3: leads has two values for 2026-W01"),
        ("week,leads,leads\n2026-W01,1,2\n", "stands there twice"),
        ("week,leads,deals\n2026-W01,,\n", "no readings"),
        ("week,leads,bales\n2026-W01,1,2\n", "There is no KPI deals in the file. There are leads, bales"),
        ('week,leads,deals\n2026-W01,"1,2\n', "not CSV"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(run: Run, tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")

    code, out, err = run("bad.csv", "--link", "leads -> deals")

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert reason in err


def test_a_file_that_is_not_there_or_no_text_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0")

    assert run("none.csv", "--link", "a -> b")[0] == 1
    assert run("photo.csv", "--link", "a -> b")[0] == 1


def test_a_loop_without_a_lag_is_refused_by_name(run: Run, file: Path) -> None:
    code, _, err = run(str(file), "--link", "leads -> deals @0", "--link", "deals -> leads @0")

    assert (code, "takes no time" in err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--link", "leads"),
        ("--link", "leads -> deals", "--max-lag", "-1"),
        ("--link", "leads -> deals", "--week", "soon"),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, file: Path, arguments: tuple[str, ...]) -> None:
    assert run(str(file), *arguments)[0] == 2


@pytest.mark.skipif(not OLIST.exists(), reason="the public data set is not beside the project")
def test_26_real_weeks_show_no_link_between_leads_and_deals_though_both_grew(run: Run) -> None:
    found = report(run, str(OLIST), "--link", "leads -> deals")["links"][0]

    assert (found["verdict"], found["n"] >= 18) == ("not_shown", True)
    assert found["p"] > 0.05
