"""`make audit`: asks whether a pinned package has a known weakness, and says so when nobody could be asked.

pip-audit alone does not: behind an index that has no advisories it calls every package 'not found', and ends with
'No known vulnerabilities found'.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

LOCK: Final = Path("requirements.lock")
WELL, WEAK, NOT_ASKED = 0, 1, 2
_LONGEST: Final = 600  # seconds


class Audit(NamedTuple):
    """What to say, a line each, and the exit code: 0 asked and well, 1 a weakness, 2 not everything could be asked."""

    lines: list[str]
    code: int


def judge(packages: list[dict[str, Any]]) -> Audit:
    """Read what pip-audit says of each package."""
    weak = [
        f"{one['name']} {one['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no version'}"
        for one in packages
        for known in one.get("vulns", ())
    ]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    asked = len(packages) - len(skipped)
    if not asked:
        return Audit(["NOT AUDITED: the advisory service could not be asked about any package."], NOT_ASKED)
    lines = [*weak, f"{asked} of {len(packages)} packages were asked about; {len(weak)} known weaknesses."]
    if skipped:
        lines.append(f"NOT AUDITED: {', '.join(skipped)}.")
    return Audit(lines, WEAK if weak else NOT_ASKED if skipped else WELL)


def audit(pip_audit: str, lock: Path) -> Audit:
    """Let pip-audit look at a lock file."""
    command = [pip_audit, "--requirement", str(lock), "--require-hashes", "--disable-pip", "--format", "json"]
    done = _run([*command, "--progress-spinner", "off"])
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return Audit([f"NOT AUDITED: the advisory service could not be asked ({_last(done.stderr)})."], NOT_ASKED)
    return judge(packages)


def yanked(said: str) -> list[str]:
    """Read from what pip says about a lock file which versions their authors have taken back, and why."""
    signs = ("is a yanked version", "Reason for being yanked")
    return [line.strip() for line in said.splitlines() if any(sign in line for sign in signs)]


def pins(lock: Path) -> Audit:
    """Ask the package index, which every install needs anyway, whether it still has what is pinned."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"]
    command += ["--disable-pip-version-check", "--require-hashes", "--requirement", str(lock)]
    done = _run(command)
    if done.returncode:
        return Audit([f"The package index does not give everything that is pinned ({_last(done.stderr)})."], NOT_ASKED)
    taken_back = yanked(done.stderr)
    return Audit(taken_back or ["No pinned version was taken back by its author."], WEAK if taken_back else WELL)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, NOT_ASKED, "", f"no answer within {_LONGEST} s")


def _last(said: str) -> str:
    return (said.strip().splitlines() or ["it said nothing"])[-1][:300]


def main() -> None:
    """Audit the lock file of the working directory with the pip-audit that is named."""
    results = [pins(LOCK), audit(sys.argv[1], LOCK)]
    sys.stdout.writelines(f"{line}\n" for result in results for line in result.lines)
    codes = [result.code for result in results]
    sys.exit(WEAK if WEAK in codes else max(codes))


if __name__ == "__main__":
    main()
