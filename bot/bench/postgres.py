"""A PostgreSQL server of a benchmark's own: own data directory, own port, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bot.bench.figures import NotMeasuredError

ACCOUNT = "postgres"  # the server refuses to run as root
DATABASE = "postgres"  # a fresh cluster has it
DEBIAN = Path("/usr/lib/postgresql")
# As delivered, except for what the number of replicas needs: what is measured should be what people run.
SETTINGS = ("max_connections=300",)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server, hand out its database's address, and stop and remove it at the end.

    Raises:
        NotMeasuredError: When PostgreSQL or its driver is not installed.
    """
    if find_spec("psycopg") is None:
        raise NotMeasuredError("the extra `postgres` is not installed")
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="hattrick-bench-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, ACCOUNT, ACCOUNT)
        cluster = str(home / "cluster")
        _run(home, programs / "initdb", "-D", cluster, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        port = _free_port()
        options = f"-h 127.0.0.1 -p {port} -k {home} " + " ".join(f"-c {setting}" for setting in SETTINGS)
        _run(home, programs / "pg_ctl", "start", "-w", "-D", cluster, "-l", str(home / "server.log"), "-o", options)
        try:
            yield f"postgresql://{ACCOUNT}@127.0.0.1:{port}/{DATABASE}"
        finally:
            _run(home, programs / "pg_ctl", "stop", "-D", cluster, "-m", "immediate")
    finally:
        shutil.rmtree(home)


def _programs() -> Path:
    found = shutil.which("initdb")
    if found and Path(found).with_name("pg_ctl").exists():
        return Path(found).resolve().parent
    for folder in sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True):
        if (folder / "initdb").exists():
            return folder
    raise NotMeasuredError(f"PostgreSQL is not installed: no initdb on PATH or in {DEBIAN}/*/bin")


def _run(home: Path, *command: str | Path) -> None:
    change_user = ("runuser", "-u", ACCOUNT, "--") if os.geteuid() == 0 else ()
    subprocess.run(  # noqa: S603  # PostgreSQL's own programs
        [*change_user, *map(str, command)],
        cwd=home,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open in the server, and reading it would never end
        stderr=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
