"""What a process has compiled of the templates, the next one need not compile: that is half a second of each start."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from messages.environment import TEMPLATES

COUNTING = """
import jinja2
compiled = []
compile_ = jinja2.Environment.compile
def counted(self, source, name=None, *rest, **options):
    compiled.append(name)
    return compile_(self, source, name, *rest, **options)
jinja2.Environment.compile = counted
from messages.environment import environment
environment("text", "en"), environment("text", "sv"), environment("json", "en")
print(*compiled)
"""
SAY = "_macros/say.j2"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the messages that nobody has run yet."""
    shutil.copytree(TEMPLATES, tmp_path / "messages", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def compiled(folder: Path, **environment: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", COUNTING],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "", **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return ran.stdout.split()


def test_each_template_is_compiled_once_for_all_languages_and_processes_until_it_is_another(copied: Path) -> None:
    assert compiled(copied) == [SAY]
    assert compiled(copied) == []
    template = copied / "messages" / SAY
    template.write_text(template.read_text(encoding="utf-8") + "{# more #}\n", encoding="utf-8")
    assert compiled(copied) == [SAY]


def test_where_nothing_may_be_written_nothing_is(copied: Path) -> None:
    assert compiled(copied, PYTHONDONTWRITEBYTECODE="1") == [SAY]
    assert not (copied / "messages" / "__pycache__").exists()
    (copied / "messages" / "__pycache__").write_text("in the way", encoding="utf-8")
    assert compiled(copied) == [SAY]
