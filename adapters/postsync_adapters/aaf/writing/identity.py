"""Names that no other thing has: mob ids and other AUIDs made from what they name, never by chance.

A second export of the same media then speaks of the same mobs, and an editor's program finds its files again. SMPTE ST 330
gives the layout of the 32 bytes; the material number is a hash, marked as made by the UUID method.
"""

from __future__ import annotations

import hashlib
import uuid

from postsync_adapters.aaf.properties import MobId

UMID_PREFIX = bytes.fromhex("060a2b340101010501010f2013000000")
"""Universal label, material type not identified, UUID method; length 13h; instance 0."""

NAMES = uuid.UUID("6f2d1a52-90c4-5e0b-9d8d-3b7f0f4f2a11")
"""The name space of everything that we name."""


NO_MOB = MobId(32)
"""The id at the end of a chain of sources."""


def mob_id(*identity: object) -> MobId:
    """Give the mob id of what these facts identify."""
    return MobId(UMID_PREFIX + uuid.UUID(bytes=_digest(identity), version=4).bytes_le)


def auid(*identity: object) -> uuid.UUID:
    """Give the AUID of what these facts identify."""
    return uuid.UUID(bytes=_digest(identity), version=4)


def mob_id_of_urn(text: str) -> MobId | None:
    """Give the mob id that a UMID's URN names; None where it is none.

    >>> str(mob_id_of_urn(str(mob_id("one")))) == str(mob_id("one"))
    True
    """
    digits = text.removeprefix("urn:smpte:umid:").replace(".", "")
    if len(digits) != 64 or not text.startswith("urn:smpte:umid:"):
        return None
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        return None
    for material in (data[16:], data[24:] + data[16:24]):
        found = MobId(data[:16] + uuid.UUID(bytes=material).bytes_le)
        if str(found) == text:
            return found
    return None


def _digest(identity: tuple[object, ...]) -> bytes:
    text = "\x1f".join(str(part) for part in identity)
    return hashlib.sha256(NAMES.bytes + text.encode("utf-8", "surrogatepass")).digest()[:16]
