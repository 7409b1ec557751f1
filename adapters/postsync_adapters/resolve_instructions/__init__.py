"""How a timeline in DaVinci Resolve shall look, as JSON: `postsync.resolve-instructions/1`, which our menu scripts carry out.

Every cue with its marker and, out of sight, its whole record; every placed take. What each field means is in
`docs/resolve-exchange.md`; the other half is `resolve_scripts/postsync_resolve`. Read back, the cues are as they were.
"""

from postsync.formats import CUE_FEATURES, Format, Purpose
from postsync_adapters.resolve_instructions.cues import SNAPSHOT
from postsync_adapters.resolve_instructions.reading import read, sniff
from postsync_adapters.resolve_instructions.writing import InstructionOptions, write

FORMAT = Format(
    name="resolve_instructions",
    title="DaVinci Resolve instructions",
    suffixes=(".resolve.json",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=CUE_FEATURES,
    writes=CUE_FEATURES,
    write_options=InstructionOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
    keeps=(SNAPSHOT,),
)
globals().update(FORMAT.otio_functions())

__all__ = ["FORMAT", "InstructionOptions", "read", "sniff", "write"]
