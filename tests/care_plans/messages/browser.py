"""A browser for tests: the keys of a push subscription, and how it reads what is sent to it."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUTH = b"sixteen bytes it"


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


class Browser:
    """One that has agreed to messages; its push service listens at `endpoint`."""

    def __init__(self, endpoint: str = "https://push.example/one") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = {"endpoint": endpoint, "p256dh": text(point), "auth": text(AUTH)}

    @property
    def address(self) -> str:
        return " ".join(self.subscription.values())

    def read(self, body: bytes) -> Any:
        return json.loads(
            http_ece.decrypt(body, private_key=self._key, auth_secret=AUTH, version="aes128gcm")
        )
