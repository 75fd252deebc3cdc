"""What failed in a group is remembered under its own name: `make test` runs it once more where there are no groups."""

from typing import cast

import pytest

from tests.conftest import OwnNames


class Report:
    """A report with nothing but its name."""

    def __init__(self, nodeid: str) -> None:
        self.nodeid = nodeid


@pytest.mark.parametrize(
    ("reported", "own"),
    [
        ("tests/a.py::test_b@a group", "tests/a.py::test_b"),
        ("tests/a.py::test_b[postgres]@replicas on postgres", "tests/a.py::test_b[postgres]"),
        ("tests/a.py::test_b[<@U1>]@a group", "tests/a.py::test_b[<@U1>]"),
        ("tests/a.py::test_b[<@U1>]", "tests/a.py::test_b[<@U1>]"),
        ("tests/a.py::test_b", "tests/a.py::test_b"),
    ],
)
def test_a_test_s_group_is_no_part_of_its_name(reported: str, own: str) -> None:
    report = Report(reported)
    OwnNames().pytest_runtest_logreport(cast("pytest.TestReport", report))
    assert report.nodeid == own
