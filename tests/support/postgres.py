"""A private PostgreSQL server for one test session: own data directory, own port, gone afterwards.

To create a database takes fifty times as long as to empty one, so migrated ones are emptied and used again.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from storage import open_engine, schema
from tests.support.reusable import Reusable

ACCOUNT = "postgres"  # the server refuses to run as root
TEMPLATE = "migrated"
CLUSTER, LOG = "cluster", "server.log"
ATTEMPTS = 3  # another process may take the free port between looking and listening
# Nothing here has to survive a power cut.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "shared_buffers=32MB",
    "max_connections=200",
)
NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$
"""
NO_ROOM_IN = "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION no_room()"


class PostgresMissingError(Exception):
    """PostgreSQL is not installed here; the message says what was looked for."""


def programs() -> Path:
    """Return the directory that holds initdb and pg_ctl.

    Raises:
        PostgresMissingError: When there is none.
    """
    found = shutil.which("initdb")
    if found and Path(found).with_name("pg_ctl").exists():
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql")
    for folder in sorted(debian.glob("*/bin"), key=lambda bin_: int(bin_.parent.name), reverse=True):
        if (folder / "initdb").exists():
            return folder
    raise PostgresMissingError(f"PostgreSQL is not installed: no initdb on PATH or in {debian}/*/bin")


@dataclass(frozen=True)
class PostgresServer:
    """A running server that trusts everybody on 127.0.0.1."""

    port: int
    home: Path
    _numbers: Iterator[int]
    _free: list[Reusable] = field(default_factory=list)

    def url(self, name: str) -> str:
        """Return a database's address as the bot's settings take it."""
        return f"postgresql://{ACCOUNT}@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Hand out the address of a database without rows, and leave nothing in it afterwards."""
        if migrated:
            with self._reused() as url:
                yield url
            return
        name = self._created("template0")
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    @contextmanager
    def _reused(self) -> Iterator[str]:
        one = self._free.pop() if self._free else Reusable.opened(self.url(self._created(TEMPLATE)))
        try:
            yield one.url
        finally:
            if one.is_emptied():
                self._free.append(one)
            else:
                one.inside.close()
                self._drop(one.url.rpartition("/")[2])

    def stop(self) -> None:
        """Stop it as its administrator does in a hurry: every connection is cut."""
        _as_account(self.home, programs() / "pg_ctl", "stop", "-w", "-D", self.home / CLUSTER, "-m", "fast")

    def start(self) -> None:
        """Start it again, at the same address."""
        _start_at(self.port, programs(), self.home, self.home / CLUSTER)

    @contextmanager
    def full_disk(self, url: str) -> Iterator[None]:
        """Let a database find no room for a row, new or changed, as PostgreSQL says it where its disk is full."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(NO_ROOM)
            for (table,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall():
                connection.execute(sql.SQL(NO_ROOM_IN).format(sql.Identifier(table)))
        try:
            yield
        finally:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DROP FUNCTION no_room CASCADE")

    def make_template(self) -> None:
        """Migrate the database that all others are copied from."""
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(TEMPLATE)))
        engine = open_engine(self.url(TEMPLATE))
        schema.upgrade(engine)
        engine.dispose()

    def _created(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        create = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        self._run(sql.SQL(create).format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Let go of the databases that are ready to be used again."""
        for one in self._free:
            one.inside.close()

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server with a migrated template, and stop and remove it at the end.

    Raises:
        PostgresMissingError: When PostgreSQL is not installed.
    """
    folder = programs()
    home = Path(tempfile.mkdtemp(prefix="hattrick-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, ACCOUNT, ACCOUNT)
        cluster = home / CLUSTER
        _as_account(
            home,
            *(folder / "initdb", "-D", cluster, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"),
            "--no-sync",
        )
        port = _start(folder, home, cluster)
        try:
            server = PostgresServer(port, home, count(1))
            server.make_template()
            yield server
            server.close()
        finally:
            _as_account(home, folder / "pg_ctl", "stop", "-D", cluster, "-m", "immediate")
    finally:
        shutil.rmtree(home)


def _start(folder: Path, home: Path, cluster: Path) -> int:
    for attempt in range(1, ATTEMPTS + 1):
        port = _free_port()
        try:
            _start_at(port, folder, home, cluster)
        except subprocess.CalledProcessError as error:
            if attempt == ATTEMPTS:
                log = (home / LOG).read_text()
                raise RuntimeError(f"PostgreSQL does not start:\n{log}") from error
        else:
            return port
    raise AssertionError("the last attempt returns or raises")


def _start_at(port: int, folder: Path, home: Path, cluster: Path) -> None:
    options = [f"-h 127.0.0.1 -p {port} -k {home}", *(f"-c {setting}" for setting in SETTINGS)]
    _as_account(home, folder / "pg_ctl", "start", "-w", "-D", cluster, "-l", home / LOG, "-o", " ".join(options))


def _as_account(home: Path, *command: str | Path) -> None:
    change_user = ("runuser", "-u", ACCOUNT, "--") if os.geteuid() == 0 else ()
    subprocess.run(
        [*change_user, *map(str, command)],
        cwd=home,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open in the server, and reading it would never end
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
