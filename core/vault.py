"""Text kept unreadable at rest, and found again without opening it."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from core.errors import Unavailable


class Vault:
    """Encrypts single values with a key derived from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._blind_key = hmac.digest(secret_key.encode(), b"hearthline blind index", hashlib.sha256)
        key = hmac.digest(secret_key.encode(), b"hearthline vault", hashlib.sha256)
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, plain: str) -> bytes:
        """The encrypted form; another each time."""
        return self._fernet.encrypt(plain.encode())

    def open(self, sealed: bytes) -> str:
        """The plain text; Unavailable when it was sealed with another secret key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as fault:
            raise Unavailable("This value was sealed with another secret key (HEARTH_SECRET_KEY).") from fault

    def blind(self, plain: str) -> bytes:
        """The same 32 bytes for the same text: an index that finds it and does not tell it."""
        return hmac.digest(self._blind_key, plain.encode(), hashlib.sha256)
