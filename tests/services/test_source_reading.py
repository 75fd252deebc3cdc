"""Values by week are found in columns and by expressions, and what cannot be taken is named."""

import json
import time
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.period import Period
from bot.services.sources.fetching import Page, SourceFailed
from bot.services.sources.source_reading import Reader, Recipe, check_expression, read

PRESENT = Period(2026, 48)
COUNTED = Reader(unit="count", decimals=0, language="en", present=PRESENT)
MONEY = Reader(unit="money", decimals=2, language="sv", present=PRESENT)
CSV = Recipe("csv", "Visits", "week")


def page(content: str | bytes, kind: str = "text/csv", charset: str = "") -> Page:
    return Page(content.encode() if isinstance(content, str) else content, kind, charset)


def values(content: Any, recipe: Recipe = CSV, reader: Reader = COUNTED) -> dict[str, Decimal]:
    shown = content if isinstance(content, Page) else page(content if isinstance(content, str) else json.dumps(content))
    return {str(week): value for week, value in read(shown, recipe, reader).items()}


def why(content: Any, recipe: Recipe = CSV, reader: Reader = COUNTED) -> tuple[str, dict[str, str]]:
    with pytest.raises(SourceFailed) as failed:
        values(content, recipe, reader)
    return failed.value.name, failed.value.values


def test_columns_are_found_by_name_in_any_order_and_case() -> None:
    text = "Note; VISITS ;Week\nx;4 200;2026-W48\ny;;2026-W47\n;4100;2026W46\n;;\n"
    assert values(text) == {"2026-W46": 4100, "2026-W48": 4200}


def test_a_date_stands_for_its_week_and_rows_without_one_are_passed_over() -> None:
    text = "week,visits\n2026-11-23,1\n2026-11-22T10:00:00Z,2\nTotal,3\n"
    assert values(text) == {"2026-W47": 2, "2026-W48": 1}


def test_a_sheet_with_umlauts_is_read_in_the_encoding_that_it_says() -> None:
    text = "vecka,besök\n2026-W48,7\n"
    recipe = Recipe("csv", "Besök", "vecka")
    assert values(page(text.encode("latin-1"), charset="iso-8859-1"), recipe) == {"2026-W48": 7}
    assert values(page(b"\xef\xbb\xbf" + text.encode()), recipe) == {"2026-W48": 7}
    assert why(page(text.encode("latin-1")), recipe)[0] == "not_text"


@pytest.mark.parametrize("charset", ["utf-8", "US-ASCII", "windows-1252", "iso-8859-15", "latin1", "koi8-r", "gb18030"])
def test_encodings_of_texts_are_known_by_the_names_that_servers_use(charset: str) -> None:
    assert values(page("week,visits\n2026-W48,7\n".encode(charset), charset=charset)) == {"2026-W48": 7}


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "undefined", "zip", "no\0name", "x" * 90])
def test_an_encoding_that_is_none_of_texts_is_passed_over(charset: str) -> None:
    assert values(page("week,visits\n2026-W48,7\n", charset=charset)) == {"2026-W48": 7}


def test_an_encoding_that_takes_hours_is_not_tried() -> None:
    takes_time = "\U00010000".encode("punycode") + b"a" * 2_000
    shown = page(b"week,visits,note\n2026-W48,7,x-" + takes_time, charset="punycode")
    assert values(shown) == {"2026-W48": 7}


def test_swedish_decimals_are_read_in_the_teams_language() -> None:
    assert values('week;visits\n2026-W48;"1 234,50"\n', reader=MONEY) == {"2026-W48": Decimal("1234.5")}


def test_hours_are_read_as_people_write_them() -> None:
    hours = Reader(unit="duration", decimals=1, language="en", present=PRESENT)
    assert values("week,visits\n2026-W48,1 h 30 min\n", reader=hours) == {"2026-W48": Decimal("1.5")}
    assert why({"a": -1}, Recipe("json", "a", ""), hours)[0] == "value_unreadable"


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("", "no_value", {}),
        ("week,visits\n", "no_value", {}),
        ("week,leads\n2026-W48,1\n", "no_column", {"text": "Visits"}),
        ("week,visits,Visits\n2026-W48,1,2\n", "column_twice", {"text": "Visits"}),
        ("week,visits\nlast week,1\n", "no_week", {"text": "last week"}),
        ("week,visits\n2026-W48,1\n2026-W48,2\n", "week_twice", {"week": "2026-W48"}),
        ("week,visits\n2026-W48,many\n", "value_unreadable", {"week": "2026-W48", "text": "many"}),
        ("week,visits\n2026-W48,-1\n", "value_unreadable", {"week": "2026-W48", "text": "-1"}),
        ("week,visits\n2026-W48,1.5\n", "value_unreadable", {"week": "2026-W48", "text": "1.5"}),
        ("<!DOCTYPE html><html>week,visits", "web_page", {}),
        ("week,visits\n2026-W48," + "9" * 40 + "\n", "value_unreadable", {"week": "2026-W48", "text": "9" * 40}),
    ],
)
def test_what_cannot_be_read_is_named(text: str, name: str, told: dict[str, str]) -> None:
    assert why(text) == (name, told)


def test_a_single_value_without_a_week_is_the_present_weeks() -> None:
    assert values("visits\n42\n", Recipe("csv", "visits", "")) == {"2026-W48": 42}
    assert why("visits\n42\n43\n", Recipe("csv", "visits", ""))[0] == "week_missing"
    assert values({"a": {"visits": 42}}, Recipe("json", "a.visits", "")) == {"2026-W48": 42}
    assert values([{"visits": 42}], Recipe("json", "[*].visits", "")) == {"2026-W48": 42}
    assert why([{"v": 1}, {"v": 2}], Recipe("json", "[*].v", ""))[0] == "week_missing"


ROWS = {"rows": [{"w": "2026-W47", "n": 1, "s": "x"}, {"w": "2026-11-25", "n": 2.0, "s": "y"}]}


def test_expressions_find_lists_and_single_values() -> None:
    assert values(ROWS, Recipe("json", "rows[*].n", "rows[*].w")) == {"2026-W47": 1, "2026-W48": 2}
    assert values(ROWS, Recipe("json", "rows[?s=='y'].n | [0]", "rows[-1].w")) == {"2026-W48": 2}
    assert values(ROWS, Recipe("json", "sum(rows[*].n)", ""), COUNTED) == {"2026-W48": 3}


def test_a_floats_dust_is_swept_away() -> None:
    assert values({"a": 0.1 + 0.2}, Recipe("json", "a", ""), MONEY) == {"2026-W48": Decimal("0.3")}
    assert values({"a": "1 234,5"}, Recipe("json", "a", ""), MONEY) == {"2026-W48": Decimal("1234.5")}
    assert values({"a": 1.234}, Recipe("json", "a", ""), MONEY) == {"2026-W48": Decimal("1.234")}


@pytest.mark.parametrize(
    ("content", "values_at", "weeks_at", "name"),
    [
        ("{", "a", "", "not_json"),
        ("[" * 100_000, "a", "", "not_json"),
        ("NaN", "@", "", "not_json"),
        ("<html>", "a", "", "not_json"),
        ("{}", "a", "", "no_value"),
        ('{"a": true}', "a", "", "value_unreadable"),
        ('{"a": {"b": 1}}', "a", "", "value_unreadable"),
        ('{"a": 1e300}', "a", "", "value_unreadable"),
        pytest.param(f'{{"a": [{"9" * 4_300}, {"9" * 4_300}]}}', "sum(a)", "", "value_unreadable", id="a huge sum"),
        ('{"a": [1, 2], "w": ["2026-W48"]}', "a", "w", "lengths_differ"),
        ('{"a": 1}', "a[", "", "expression_unreadable"),
        ('{"a": 1}', "(" * 400, "", "expression_unreadable"),
        ('{"a": "x"}', "abs(a)", "", "expression_failed"),
        ('{"a": "x"}', "nothing(a)", "", "expression_too_powerful"),
    ],
)
def test_what_json_does_not_hold_is_named(content: str, values_at: str, weeks_at: str, name: str) -> None:
    assert why(content, Recipe("json", values_at, weeks_at))[0] == name


def test_a_long_expression_is_not_tried_on_very_many_values() -> None:
    many = json.dumps(dict.fromkeys("ab", [0] * 50_000))
    assert why(many, Recipe("json", "a", "b"))[0] == "no_week"
    began = time.process_time()
    assert why(many, Recipe("json", "a[?" + "||".join(["@>`1`"] * 60) + "]", ""))[0] == "too_much"
    assert why(many, Recipe("json", "a", "|".join(["[*]"] * 120)))[0] == "too_much"
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "expression",
    [
        "[@,@] | [@,@] | to_string(@)",
        "[@,@][] | [@,@][] | [@,@][]",
        "{a: @, b: @}",
        "join(to_string(@), keys(@))",
        "map(&[@,@], @)",
        "a[?to_string(@) == 'x']",
    ],
)
def test_an_expression_that_makes_much_of_little_is_left_out(expression: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        check_expression(expression)
    assert failed.value.name == "expression_too_powerful"
