"""A real Mosquitto for tests, as docs/operations/mqtt-brokers.md sets one up, and authorities for TLS."""

import os
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.children import Child, Children
from core.clock import real_time
from core.embedded.ports import answers, free_port
from core.mosquitto import MosquittoFiles
from tools.mosquitto import MISSING, find_mosquitto

CONFIGURATION = """\
listener {port} 127.0.0.1
{tls}
allow_anonymous false
password_file {files}/passwords
acl_file {files}/rights
pid_file {folder}/mosquitto.pid
persistence true
persistence_location {folder}/
autosave_interval 1
max_inflight_messages 1000
max_queued_messages 0
"""


class Mosquitto:
    """A broker in a folder of the test's own; with `tls`, its certificate and key, it speaks TLS alone."""

    def __init__(self, folder: Path, tls: tuple[Path, Path] | None = None) -> None:
        program = find_mosquitto()
        if program is None:
            pytest.fail(MISSING)
        self.port = free_port()
        self.files = MosquittoFiles(folder, folder / "mosquitto.pid")
        lines = "" if tls is None else f"certfile {tls[0]}\nkeyfile {tls[1]}"
        text = CONFIGURATION.format(port=self.port, tls=lines, files=folder, folder=folder)
        if os.geteuid() == 0:
            text += "user root\n"  # else it becomes another user, to whom the test's folder is closed
        (folder / "mosquitto.conf").write_text(text)
        for path in (self.files.passwords, self.files.rights):
            path.touch(0o600)
        self._command = (program, "-c", str(folder / "mosquitto.conf"))
        self._folder = folder
        self._children = Children(folder / "logs", Event())

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._children.start(
            Child("mosquitto", self._command, lambda: answers(self.port), folder=self._folder)
        )

    def stop(self) -> None:
        """Stop it as a machine that is shut down does."""
        self._children.stop_all()
        self._children = Children(self._folder / "logs", Event())

    def url(self, user: str, password: str, scheme: str = "mqtt", host: str = "127.0.0.1") -> str:
        """The address for somebody."""
        return f"{scheme}://{user}:{password}@{host}:{self.port}"


class Authority:
    """An authority of the test's own, and a certificate of it for localhost."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Westmere test authority")])
        self.pem = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        theirs = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        certificate = self._sign(name, theirs, x509.SubjectAlternativeName([x509.DNSName("localhost")]))
        self.certificate, self.key = folder / "server.crt", folder / "server.key"
        self.certificate.write_text(certificate)
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        self.key.write_bytes(theirs.private_bytes(serialization.Encoding.PEM, form, plain))

    def _sign(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> str:
        now = real_time().real_start
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .add_extension(identifier, critical=False)
            .add_extension(ours, critical=False)
        )
        if isinstance(extension, x509.BasicConstraints):
            usage = dict.fromkeys(
                ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                 "key_agreement", "encipher_only", "decipher_only"), False
            )  # fmt: skip
            made = made.add_extension(
                x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True), critical=True
            )
        return made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
