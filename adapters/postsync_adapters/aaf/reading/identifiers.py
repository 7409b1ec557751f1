"""The AUIDs by which an AAF says what a thing is; names are not trusted, because no two applications agree on them.

Pro Tools writes definitions without names, Premiere calls Audio Gain `Mono Audio Gain`, and old files use the AUIDs of
before the AAF specification. The AMWA's registers and the files of the four applications.
"""

from __future__ import annotations

from uuid import UUID


def _table(rows: dict[str, str]) -> dict[UUID, str]:
    return {UUID(auid): meaning for auid, meaning in rows.items()}


DATA_KINDS = _table({
    "01030202-0200-0000-060e-2b3404010101": "sound",
    "78e1ebe1-6cef-11d2-807d-006008143e6f": "sound",
    "01030202-0100-0000-060e-2b3404010101": "picture",
    "6f3c8ce1-6cef-11d2-807d-006008143e6f": "picture",
    "05cba731-1daa-11d3-80ad-006008143e6f": "picture",
    "01030201-0100-0000-060e-2b3404010101": "timecode",
    "7f275e81-77e5-11d2-807f-006008143e6f": "timecode",
    "01030201-1000-0000-060e-2b3404010101": "descriptive",
    "01030201-0200-0000-060e-2b3404010101": "edgecode",
    "d2bb2af0-d234-11d2-89ee-006097116212": "edgecode",
    "01030203-0100-0000-060e-2b3404010105": "data",
    "01030202-0300-0000-060e-2b3404010101": "data",
    "01030202-0300-0000-060e-2b3404010105": "data",
    "0e040101-0101-0000-060e-2b3404010101": "sound-master",
})  # fmt: skip
"""Data definitions: what runs in a slot. The sound master is Avid's own bus, not a track."""

USAGES = _table({
    "0d010102-0101-0500-060e-2b3404010101": "sub-clip",
    "0d010102-0101-0600-060e-2b3404010101": "adjusted-clip",
    "0d010102-0101-0700-060e-2b3404010101": "top-level",
    "0d010102-0101-0800-060e-2b3404010101": "lower-level",
    "0d010102-0101-0900-060e-2b3404010101": "template",
})  # fmt: skip
"""What a composition is for."""

GAIN, PAN, COMBINER, WARP, DISSOLVE = "gain", "pan", "combiner", "warp", "dissolve"
OPERATIONS = _table({
    "9d2ea894-0968-11d3-8a38-0050040ef7d2": GAIN,
    "9d2ea895-0968-11d3-8a38-0050040ef7d2": GAIN,
    "9d2ea893-0968-11d3-8a38-0050040ef7d2": PAN,
    "6b46dd7a-132d-4856-ab21-8b751d8462ec": COMBINER,
    "f1db0f27-8d64-11d3-80df-006008143e6f": WARP,
    "9d2ea890-0968-11d3-8a38-0050040ef7d2": WARP,
    "9d2ea891-0968-11d3-8a38-0050040ef7d2": WARP,
    "0c3bea41-fc05-11d2-8a29-0050040ef7d2": DISSOLVE,
    "0c3bea40-fc05-11d2-8a29-0050040ef7d2": DISSOLVE,
    "0c3bea42-fc05-11d2-8a29-0050040ef7d2": DISSOLVE,
    "2311bd90-b5da-4285-aa3a-8552848779b3": DISSOLVE,
    "89d9b67e-5584-302d-9abd-8bd330c46841": DISSOLVE,
})  # fmt: skip
"""Operations that are understood; all others ride along."""

AMPLITUDE, PAN_VALUE, LEVEL = "amplitude", "pan", "level"
CLIP_RATIO, CURVE_TYPE, SPEED, OFFSETS = "clip-ratio", "curve-type", "speed", "offsets"
PARAMETERS = _table({
    "e4962321-2267-11d3-8a4c-0050040ef7d2": AMPLITUDE,
    "e4962322-2267-11d3-8a4c-0050040ef7d2": PAN_VALUE,
    "e4962320-2267-11d3-8a4c-0050040ef7d2": LEVEL,
    "47c00f7d-fb55-11d3-9ff7-0004ac969f50": CLIP_RATIO,
    "8134fc48-3bd6-4904-9520-7a6360cc7127": CURVE_TYPE,
    "72559a80-24d7-11d3-8a50-0050040ef7d2": SPEED,
    "8d56827d-847e-11d5-935a-50f857c10000": OFFSETS,
})  # fmt: skip
"""Parameters of operations. The clip ratio is Media Composer's level curve, the offsets its map of time."""

INTERPOLATIONS = _table({
    "5b6c85a5-0ede-11d3-80a9-006008143e6f": "constant",
    "5b6c85a4-0ede-11d3-80a9-006008143e6f": "linear",
    "5b6c85a6-0ede-11d3-80a9-006008143e6f": "b-spline",
    "15829ec3-1f24-458a-960d-c65bb23c2aa1": "logarithmic",
    "c09153f7-bd18-4e5a-ad09-cbdd654fa001": "equal-power",
})  # fmt: skip
"""Ways from one value to the next."""

SOUND_DESCRIPTORS = ("SoundDescriptor", "WAVEDescriptor", "AIFCDescriptor")
PICTURE_DESCRIPTORS = ("DigitalImageDescriptor", "TIFFDescriptor")
"""Classes of file descriptors, with all that descend from them."""
