"""`make audit` never calls a package well that nobody was asked about. No test asks anybody."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.auditing import NOT_ASKED, WEAK, WELL, audit, judge, yanked

SOUND: dict[str, Any] = {"name": "jinja2", "version": "3.1.6", "vulns": []}
WEAKNESS: dict[str, Any] = {"id": "PYSEC-2099-1", "fix_versions": ["3.1.7"], "aliases": [], "description": ""}
UNKNOWN: dict[str, Any] = {"name": "yarl", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def test_all_asked_and_none_weak_is_well() -> None:
    assert judge([SOUND]) == (["1 of 1 packages were asked about; 0 known weaknesses."], WELL)


def test_a_weakness_is_named_with_what_mends_it() -> None:
    lines, code = judge([{**SOUND, "vulns": [WEAKNESS, {**WEAKNESS, "fix_versions": []}]}, UNKNOWN])
    assert code == WEAK
    assert lines[0] == "jinja2 3.1.6: PYSEC-2099-1, mended in 3.1.7"
    assert lines[1] == "jinja2 3.1.6: PYSEC-2099-1, mended in no version"
    assert lines[-1] == "NOT AUDITED: yarl."


@pytest.mark.parametrize("packages", [[UNKNOWN], [UNKNOWN, SOUND], []])
def test_what_could_not_be_asked_is_not_well(packages: list[dict[str, Any]]) -> None:
    lines, code = judge(packages)
    assert code == NOT_ASKED
    assert lines[-1].startswith("NOT AUDITED: ")


@pytest.mark.parametrize(
    ("said", "code", "last"),
    [
        (
            json.dumps({"dependencies": [UNKNOWN]}),
            NOT_ASKED,
            "NOT AUDITED: the advisory service could not be asked about",
        ),
        (json.dumps({"dependencies": [SOUND]}), WELL, "1 of 1 packages"),
        ("", NOT_ASKED, "NOT AUDITED: the advisory service could not be asked (no route to it)."),
    ],
)
def test_pip_audits_answer_is_read_and_its_silence_is_none(tmp_path: Path, said: str, code: int, last: str) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\necho 'no route to it' >&2\ncat <<'END'\n{said}\nEND\n", encoding="utf-8")
    program.chmod(0o755)
    found = audit(str(program), tmp_path / "requirements.lock")
    assert found.code == code
    assert found.lines[-1].startswith(last)


def test_a_version_that_was_taken_back_is_told_with_its_reason() -> None:
    said = (
        "WARNING: The candidate selected for download or install is a yanked version: 'x' candidate (version 1 at y)\n"
        "Reason for being yanked: breaks everything\nWould install x-1\n"
    )
    assert len(yanked(said)) == 2
    assert yanked("Would install x-1\n") == []
