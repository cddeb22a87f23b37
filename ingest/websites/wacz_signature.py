"""What the signature in a WACZ proves (WACZ Signing and Verification 0.1.0), without asking anybody.

Signed is the digest of datapackage.json, as text, by ECDSA or RSA with SHA-256, and nothing else: no date, no name.
A browser's key comes in the file and names nobody; a crawler's comes in a certificate for its domain. Not checked are
whether a certificate is genuine, who holds a key, and the stamp of a time server (RFC 3161): that takes roots of trust
as they were on that day.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    Key = EllipticCurvePublicKey | RSAPublicKey

LONGEST = 64 << 10
"""Characters of a key, certificate or signature; a chain of four has less than 10,000."""


class Signature(Struct, frozen=True):
    """Whether a signature fits (None: it cannot be checked), and what that says, as the end of a sentence."""

    fits: bool | None
    words: str


def check(signed: Mapping[str, Any]) -> Signature:
    """Check the ``signedData`` of a datapackage-digest.json by the key that comes with it."""
    texts = {key: value for key, value in signed.items() if isinstance(value, str) and len(value) <= LONGEST}
    try:
        key, whose = _key(texts)
        signature = base64.b64decode(texts["signature"], validate=True)
    except KeyError as missing:
        return Signature(None, f"it cannot be checked, for it has no {str(missing)[:20]}")
    except Exception as error:  # what is wrong with a key has many kinds
        return Signature(None, f"it cannot be checked, for its key or certificate cannot be read: {str(error)[:200]}")
    if _is_by(key, signature, texts.get("hash", "").encode("utf-8", "surrogatepass")):
        return Signature(True, f"it is by {whose}")
    return Signature(False, f"it is not by {whose}, or the digest in it was changed after it was signed")


def _key(texts: Mapping[str, str]) -> tuple[Key, str]:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    from cryptography.x509 import load_pem_x509_certificates

    key: object
    if texts.get("domainCert"):
        certificate = load_pem_x509_certificates(texts["domainCert"].encode())[0]
        key, names = certificate.public_key(), _domains(certificate)
        of = "the domain it names" if texts.get("domain") in names else f"another name ({', '.join(names)[:100]})"
        whose = f"the key of a certificate for {of}, given out by {certificate.issuer.rfc4514_string()[:100]}"
    else:
        key = load_der_public_key(base64.b64decode(texts["publicKey"], validate=True))
        whose = "the key"
    if not isinstance(key, EllipticCurvePublicKey | RSAPublicKey):
        raise ValueError("it is a key neither of ECDSA nor of RSA")
    return key, f"{whose} (SHA-256 {_fingerprint(key)})"


def _domains(certificate: Any) -> list[str]:
    from cryptography.x509 import DNSName, ExtensionNotFound, SubjectAlternativeName
    from cryptography.x509.oid import NameOID

    named = [str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        others = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return named
    return named + [str(one) for one in others.get_values_for_type(DNSName)]


def _fingerprint(key: Key) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _is_by(key: Key, signature: bytes, text: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, text, PKCS1v15(), SHA256())
        else:
            key.verify(_in_der(signature, (key.key_size + 7) // 8), text, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _in_der(signature: bytes, width: int) -> bytes:
    """Return a signature in DER; browsers write its two numbers one after the other, each ``width`` bytes long."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if len(signature) != 2 * width:
        return signature
    return encode_dss_signature(int.from_bytes(signature[:width], "big"), int.from_bytes(signature[width:], "big"))
