"""A certificate authority of a test, and what it signs."""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


def _pem_of(key, encryption=None) -> str:
    encryption = encryption or serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass(frozen=True)
class Identity:
    """A certificate and its key, in PEM."""

    certificate: str
    key: str

    def write(self, folder: Path) -> Path:
        """Both in one file."""
        path = folder / f"{abs(hash(self))}.pem"
        path.write_text(self.key + self.certificate)
        return path

    def settings(self) -> dict[str, str]:
        return {"client_certificate": self.certificate, "client_key": self.key}

    @property
    def canary(self) -> str:
        """A line of the key that must not be found anywhere."""
        return self.key.splitlines()[2]

    def encrypted_key(self) -> str:
        key = serialization.load_pem_private_key(self.key.encode(), None)
        return _pem_of(key, serialization.BestAvailableEncryption(b"secret"))


class Authority:
    def __init__(self, name: str = "Authority of a test"):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        self.pem = self._signed(self._name, self._key.public_key(), days=365, is_authority=True, names=[])

    def identity(self, name: str, *hosts: str, days: float = 365, bits: int | None = None) -> Identity:
        """A certificate for hosts (names or addresses) that expires after some days; of RSA if it has bits."""
        key = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
        names = [_alternative(host) for host in hosts]
        return Identity(self._signed(_named(name), key.public_key(), days, False, names), _pem_of(key))

    def _signed(self, subject, public_key, days: float, is_authority: bool, names: list) -> str:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=30))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
