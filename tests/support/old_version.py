"""The version before this one, out of the repository, to run beside it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage import schema
from tests.support.bot_process import START_SECONDS, BotProcess, environment

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class OldVersion:
    """A work tree of another version. Its own code runs there, in this version's environment."""

    ref: str
    tree: Path

    def python(self, *arguments: str, settings: Mapping[str, str]) -> str:
        """Run Python in it, where `bot` is that version's, and return what it wrote."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.tree,
            env=environment(settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, settings: Mapping[str, str], log_file: Path) -> BotProcess:
        """Start a bot of that version and return when it is ready."""
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "run"],
                cwd=self.tree,
                env=environment(settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        bot = BotProcess(process, log_file)
        bot.wait_for("ready", seconds=START_SECONDS)
        return bot


def old_ref() -> str:
    """Name the version to take: `HATTRICK_OLD_REF`, the newest tag, or the last one with an older schema."""
    if named := os.environ.get("HATTRICK_OLD_REF"):
        return named
    tags = _git("tag", "--list", "--sort=-creatordate").split()
    if tags:
        return tags[0]
    (newest,) = (REPOSITORY / "storage" / "migrations" / "versions").glob(f"{schema.HEAD}_*.py")
    added = _git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(newest.relative_to(REPOSITORY))).strip()
    return f"{added}^"


@contextmanager
def checked_out(ref: str, folder: Path) -> Iterator[OldVersion]:
    """Take a version out of the repository into a folder, and away at the end."""
    tree = folder / "old"
    _git("worktree", "add", "--detach", str(tree), ref)
    try:
        yield OldVersion(ref, tree)
    finally:
        _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60
    ).stdout
