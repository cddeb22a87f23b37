"""What the accession says of a signed WACZ, with keys and certificates made here."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from ingest.backup import Backup
from ingest.ingestor import Defect
from ingest.websites.wacz import mismatches
from ingest.websites.wacz_signature import check

CRAWL = (Path(__file__).parents[1] / "data" / "warc" / "milbrook.warc").read_bytes()
BROWSER = ec.derive_private_key(0x4D696C62726F6F6B, ec.SECP384R1())
SERVER = ec.derive_private_key(0x436C65726B, ec.SECP256R1())
OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
PACKAGE = json.dumps(
    {
        "wacz_version": "1.1.1",
        "created": "2026-03-05T08:00:00Z",
        "resources": [{"path": "archive/data.warc", "hash": f"sha256:{hashlib.sha256(CRAWL).hexdigest()}"}],
    }
).encode()


def digest(package: bytes = PACKAGE) -> str:
    return f"sha256:{hashlib.sha256(package).hexdigest()}"


def der(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def by_browser() -> dict[str, Any]:
    """Sign as a browser does: a key without a name, the two numbers of the signature one after the other."""
    halves = decode_dss_signature(BROWSER.sign(digest().encode(), ec.ECDSA(SHA256())))
    signature = b"".join(one.to_bytes(48, "big") for one in halves)
    signed = {"hash": digest(), "created": "2026-03-05T08:00:00Z"}
    return signed | {"signature": text(signature), "publicKey": text(der(BROWSER))}


def by_server(name: str = "crawl.example") -> dict[str, Any]:
    """Sign as a crawler's server does: a certificate for its domain, the signature in DER."""
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An Authority")])
    certificate = (
        x509.CertificateBuilder(issuer, x509.Name([]), SERVER.public_key(), 7)
        .not_valid_before(datetime(2026, 3, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 5, 30, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=True)
        .sign(BROWSER, SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM).decode()
    signature = text(SERVER.sign(digest().encode(), ec.ECDSA(SHA256())))
    return {"hash": digest(), "signature": signature, "domain": "crawl.example", "domainCert": pem}


def said(tmp_path: Path, signed: dict[str, Any], package: bytes = PACKAGE, crawl: bytes = CRAWL) -> list[str]:
    path = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("archive/data.warc", crawl)
        made.writestr("datapackage.json", package)
        about = {"path": "datapackage.json", "hash": digest(package), "signedData": signed}
        made.writestr("datapackage-digest.json", json.dumps(about))
    return [one.reason for one in mismatches(Backup.open([path])) if isinstance(one, Defect)]


def test_a_browsers_signature_fits_and_says_which_key_and_what_it_does_not_prove(tmp_path: Path) -> None:
    [told] = said(tmp_path, by_browser())
    assert told == (
        "it is signed with a key that names nobody, with the date 2026-03-05T08:00:00Z, which is not part of what is "
        f"signed; the signature fits: it is by the key (SHA-256 {hashlib.sha256(der(BROWSER)).hexdigest()}); "
        "whose key that is it does not prove"
    )


def test_a_servers_signature_fits_its_certificate_and_the_domain(tmp_path: Path) -> None:
    [told] = said(tmp_path, by_server())
    assert "in the name of crawl.example; the signature fits: it is by the key of a certificate for the domain" in told
    assert "given out by CN=An Authority" in told and told.endswith("is genuine was not checked")
    [other] = said(tmp_path, by_server("elsewhere.example"))
    assert "a certificate for another name (elsewhere.example)" in other


def test_a_signature_by_rsa_is_checked_too(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    signature = text(key.sign(digest().encode(), padding.PKCS1v15(), SHA256()))
    signed = by_browser() | {"publicKey": text(der(key))}
    assert "the signature fits" in said(tmp_path, signed | {"signature": signature})[0]
    assert "its signature does not fit" in said(tmp_path, signed)[0]


def test_a_file_that_was_changed_after_it_was_signed_is_named(tmp_path: Path) -> None:
    found = said(tmp_path, by_browser(), crawl=CRAWL.replace(b"1 June", b"2 June"))
    assert "its SHA-256 is not the one in datapackage.json: it was changed or damaged after it was signed" in found


@pytest.mark.parametrize("sign", [by_browser, by_server])
def test_who_changes_a_file_and_every_digest_cannot_sign_them(tmp_path: Path, sign: Any) -> None:
    crawl = CRAWL.replace(b"1 June", b"2 June")
    package = PACKAGE.replace(hashlib.sha256(CRAWL).hexdigest().encode(), hashlib.sha256(crawl).hexdigest().encode())
    [told] = said(tmp_path, sign() | {"hash": digest(package)}, package, crawl)
    assert told.startswith("its signature does not fit: it is not by the key")
    assert "or the digest in it was changed after it was signed" in told
    found = said(tmp_path, sign(), package, crawl)
    assert any("is of another datapackage.json than this one: the package was changed after" in one for one in found)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"signature": None}, "it cannot be checked, for it has no 'signature'"),
        ({"publicKey": None}, "it cannot be checked, for it has no 'publicKey'"),
        ({"publicKey": "AAAA"}, "its key or certificate cannot be read"),
        ({"publicKey": text(der(OTHER))}, "neither of ECDSA nor of RSA"),
        ({"domainCert": "-----BEGIN CERTIFICATE-----"}, "its key or certificate cannot be read"),
        ({"signature": "A" * 100_000}, "it cannot be checked"),
        ({"signature": text(bytes(96))}, "its signature does not fit"),
        ({"hash": "\ud800", "domain": "\ud800\0"}, "its signature does not fit"),
        ({"signature": ""}, "its signature does not fit"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_says_why(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    assert any(words in one for one in said(tmp_path, by_browser() | changed))


@given(
    st.dictionaries(
        st.sampled_from(["hash", "signature", "publicKey", "domain", "domainCert"]),
        st.text() | st.binary().map(text) | st.none() | st.integers(),
    )
)
def test_no_signature_however_odd_is_taken_for_one_that_fits(odd: dict[str, Any]) -> None:
    assert not check(by_browser() | {"hash": "sha256:0"} | odd).fits
