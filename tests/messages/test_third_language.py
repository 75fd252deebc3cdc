"""A third language is one folder: a made-up one, in a copy of the messages, says everything there is to say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from messages.environment import TEMPLATES
from messages.i18n import LOCALE_FOLDER

ROOT = TEMPLATES.parent
LANGUAGE_FILE = """
name = "Schwyzerhut"
locale = "de_CH"

[verbs]
who = ["wer"]
"""
RENDER = """
from pathlib import Path
import messages
assert Path(messages.__file__).parts[:-2] == Path.cwd().parts, messages.__file__
from messages.i18n import LANGUAGES, language_of
from messages.formats import Formats
from messages.verbs import by_word
from tests.messages.content import Content
from tests.messages.examples import EXAMPLES
from decimal import Decimal
assert LANGUAGES == ("en", "sv", "xx"), LANGUAGES
assert language_of("xx-YY") == "xx"
assert Formats("xx").number(Decimal(12500)) == "12’500"
assert Formats("xx").weekly("Friday 13:00") == "Freitag 13:00"
assert Formats("xx").in_english("freitag 13:00") == "Friday 13:00"
assert by_word()["wer"].name == "who"
said = str([EXAMPLES[name](Content("ordinary"), "xx") for name in EXAMPLES])
assert said.count("¤") > 500, said.count("¤")
print("said")
"""


def translated(folder: Path) -> None:
    """Write translations that are the English sentences with a mark before them."""
    with (LOCALE_FOLDER / "sv" / "LC_MESSAGES" / "hattrick.po").open("rb") as file:
        swedish = read_po(file, locale="sv")
    made = Catalog(locale="de")
    for message in swedish:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            said = tuple(f"¤{form}" for form in forms)
            made.add(message.id, said[0] if len(said) == 1 else said)
    (folder / "LC_MESSAGES").mkdir(parents=True)
    with (folder / "LC_MESSAGES" / "hattrick.po").open("wb") as file:
        write_po(file, made)
    (folder / "language.toml").write_text(LANGUAGE_FILE, encoding="utf-8")


def test_a_third_language_is_one_folder(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "messages", ignore=shutil.ignore_patterns("__pycache__"))
    translated(tmp_path / "messages" / "locale" / "xx")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RENDER], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "said\n", done.stderr[-3000:]
