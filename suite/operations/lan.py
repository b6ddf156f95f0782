"""Serving a local network: the machine's own address and a certificate made for it.

Browsers give camera and microphone only to secure origins, so a phone needs HTTPS even for a trial.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)
DOCUMENTATION_ADDRESS = "192.0.2.1"  # RFC 5737: nobody's; connecting a UDP socket sends nothing


def own_address() -> str:
    """Give the address with which this machine reaches its network; loopback without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((DOCUMENTATION_ADDRESS, 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def keep_certificate(certificate: Path, key: Path, names: Iterable[str]) -> None:
    """Have a certificate for `names` (addresses or host names) in the files; make it when they are stale."""
    wanted = set(names)
    if not (key.is_file() and _is_good(certificate, wanted)):
        _make(certificate, key, wanted)


def own_names(public: str) -> set[str]:
    """Give the names under which this machine is reached: `public`, its host name and loopback."""
    return {public, socket.gethostname(), "localhost", "127.0.0.1"}


def _is_good(path: Path, names: set[str]) -> bool:
    if not path.is_file():
        return False
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    covered = {str(name.value) for name in alternatives}
    return names <= covered and certificate.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC)


def _make(certificate: Path, key: Path, names: set[str]) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Visio on this machine")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in sorted(names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    signed = builder.sign(private, hashes.SHA256())
    certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(key, private.private_bytes(*_KEY_FORMAT))
    _write(certificate, signed.public_bytes(serialization.Encoding.PEM))


_KEY_FORMAT = (
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
