"""Tokens at rest: encrypted with the newest key, readable with any of them."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """Encrypts and decrypts bot tokens. `keys` are Fernet keys, comma-separated, newest first.

    Raises:
        ValueError: When a key is none, or there is none at all; the text says what is asked for.
    """

    def __init__(self, keys: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])
        except ValueError as error:
            raise ValueError(
                "HATTRICK_ENCRYPTION_KEYS must be Fernet keys (32 url-safe base64 bytes), separated by commas."
            ) from error

    def seal(self, token: str) -> str:
        """Encrypt a token."""
        return self._fernet.encrypt(token.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Decrypt a token; None when no key fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
