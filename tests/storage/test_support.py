"""The tests' own ground: no way out of the machine, and databases that do not share rows."""

import asyncio
import socket

import pytest

from storage import Sessions, schema
from storage.tables import Workspace
from tests.support.builders import a_workspace
from tests.support.loopback import OutgoingConnectionError, is_loopback


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "0.0.0.0", "slack.example", "2001:db8::1"])
def test_a_test_cannot_leave_the_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as outgoing:
        with pytest.raises(OutgoingConnectionError, match="may not connect"):
            outgoing.connect((host, 443))
        with pytest.raises(OutgoingConnectionError, match="may not connect"):
            outgoing.connect_ex((host, 443))


def test_asynchronous_code_cannot_leave_it_either() -> None:
    async def leave() -> None:
        await asyncio.open_connection("192.0.2.1", 443)

    with pytest.raises(OutgoingConnectionError):
        asyncio.run(leave())


def test_a_test_may_talk_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
    assert is_loopback("127.8.9.10")
    assert is_loopback("::1")
    assert is_loopback("localhost")


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_an_empty_migrated_database(sessions: Sessions, turn: int) -> None:
    assert schema.current(sessions.engine) == schema.HEAD
    workspace = a_workspace(sessions, f"T{turn}")
    with sessions.read() as session:
        assert session.get_one(Workspace, workspace.id).slack_team_id == f"T{turn}"
        assert workspace.id == 1
