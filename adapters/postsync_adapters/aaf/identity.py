"""Names that no other thing has: mob ids and other AUIDs made from what they name, never by chance.

A second export of the same media then speaks of the same mobs, and an editor's program finds its files again. SMPTE ST 330
gives the layout of the 32 bytes; the material number is a hash, marked as made by the UUID method.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from aaf2.auid import AUID
from aaf2.mobid import MobID

UMID_PREFIX = bytes.fromhex("060a2b340101010501010f2013000000")
"""Universal label, material type not identified, UUID method; length 13h; instance 0."""

NAMES = uuid.UUID("6f2d1a52-90c4-5e0b-9d8d-3b7f0f4f2a11")
"""The name space of everything that we name."""


def mob_id(*identity: object) -> Any:
    """Give the mob id of what these facts identify."""
    return MobID(bytes_le=UMID_PREFIX + uuid.UUID(bytes=_digest(identity), version=4).bytes_le)


def auid(*identity: object) -> Any:
    """Give the AUID of what these facts identify."""
    return AUID(str(uuid.UUID(bytes=_digest(identity), version=4)))


def _digest(identity: tuple[object, ...]) -> bytes:
    text = "\x1f".join(str(part) for part in identity)
    return hashlib.sha256(NAMES.bytes + text.encode("utf-8", "surrogatepass")).digest()[:16]
