"""The self-made certificate of a local network."""

from __future__ import annotations

import ipaddress
import stat
from pathlib import Path

import pytest
from cryptography import x509

from suite.operations import lan


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "lan" / "certificate.pem", tmp_path / "lan" / "key.pem"


def test_it_names_addresses_and_hosts(files: tuple[Path, Path]) -> None:
    lan.keep_certificate(*files, {"192.0.2.7", "kitchen", "localhost"})
    certificate = x509.load_pem_x509_certificate(files[0].read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"kitchen", "localhost"}
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("192.0.2.7")]


def test_the_key_is_private(files: tuple[Path, Path]) -> None:
    lan.keep_certificate(*files, {"localhost"})
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o600


def test_it_stays_while_it_is_good(files: tuple[Path, Path]) -> None:
    lan.keep_certificate(*files, {"192.0.2.7", "localhost"})
    first = files[0].read_bytes()
    lan.keep_certificate(*files, {"localhost"})
    assert files[0].read_bytes() == first


def test_a_new_address_makes_a_new_one(files: tuple[Path, Path]) -> None:
    lan.keep_certificate(*files, {"192.0.2.7"})
    first = files[0].read_bytes()
    lan.keep_certificate(*files, {"192.0.2.8"})
    assert files[0].read_bytes() != first


@pytest.mark.parametrize("content", [b"", b"not a certificate"])
def test_a_broken_file_is_replaced(files: tuple[Path, Path], content: bytes) -> None:
    files[0].parent.mkdir()
    files[0].write_bytes(content)
    lan.keep_certificate(*files, {"localhost"})
    assert x509.load_pem_x509_certificate(files[0].read_bytes())


def test_this_machine_has_an_address() -> None:
    assert not ipaddress.ip_address(lan.own_address()).is_unspecified
