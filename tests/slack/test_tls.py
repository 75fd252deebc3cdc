"""Calls of Slack over TLS: the authorities' certificates are read once, and who has none is not talked to."""

import json
import ssl
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.slack.client import SlackClient
from bot.slack.outcomes import Sent
from bot.slack.tls import share_certificates
from messages.content import Message

HELLO = Message("Hello", [])


class AnswersOk(BaseHTTPRequestHandler):
    """Takes every message."""

    def do_POST(self) -> None:
        body = json.dumps({"ok": True, "channel": "C1", "ts": "1.000001"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and the certificate that it has given itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Slack")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path_factory.mktemp("tls") / "slack.pem"
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def slack(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackClient]:
    monkeypatch.setattr(urllib.request, "_opener", None)  # put back afterwards
    server = HTTPServer(("127.0.0.1", 0), AnswersOk)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield SlackClient(lambda _: "xoxb-1", base_url=f"https://localhost:{server.server_port}/api/")
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_authorities_certificates_are_read_once(
    slack: SlackClient, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorities = tmp_path / "authorities.pem"
    authorities.write_bytes(certificate.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    share_certificates()
    assert slack.post("T1", "C1", HELLO) == Sent("C1", "1.000001")
    authorities.unlink()
    assert slack.post("T1", "C1", HELLO) == Sent("C1", "1.000001")


def test_whom_no_authority_vouches_for_is_told_nothing(slack: SlackClient) -> None:
    share_certificates()
    assert not isinstance(slack.post("T1", "C1", HELLO), Sent)
