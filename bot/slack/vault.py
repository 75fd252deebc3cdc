"""Tokens at rest: encrypted with the newest key, readable with any of them."""

# cryptography is imported where it is used: it takes 6 MB, and only who stores tokens needs it.


class Vault:
    """Encrypts and decrypts bot tokens. `keys` are Fernet keys, comma-separated, newest first.

    Raises:
        ValueError: When a key is none, or there is none at all; the text says what is asked for.
    """

    def __init__(self, keys: str) -> None:
        from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415

        try:
            fernets = [Fernet(key.strip()) for key in keys.split(",") if key.strip()]
            self._fernet = MultiFernet(fernets)
        except ValueError as error:
            raise ValueError(
                "HATTRICK_ENCRYPTION_KEYS must be Fernet keys (32 url-safe base64 bytes), separated by commas."
            ) from error
        self._newest = fernets[0]

    def seal(self, token: str) -> str:
        """Encrypt a token."""
        return self._fernet.encrypt(token.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Decrypt a token; None when no key fits."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def is_newest(self, sealed: str) -> bool:
        """Tell whether a token is encrypted with the newest key."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def new_key() -> str:
    """Make a key."""
    from cryptography.fernet import Fernet  # noqa: PLC0415

    return Fernet.generate_key().decode()
