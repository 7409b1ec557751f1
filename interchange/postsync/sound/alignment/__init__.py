"""How far a take lies from its guide, how sure that is, and where it drifts: sync measured on sound, for any performance.

`spectra` makes guide and take comparable, `likeness` holds every moment against every lag, `hypotheses` says where the take may
lie, `lag_curve` follows each of them, `judging` weighs them, `phrases` cuts the take in its silences and `edits` says where
the pieces lie, `confidence` how sure it all is, `measuring` puts it together. `records` is what comes out. Nothing here moves a
clip.
"""

from postsync.sound.alignment.edits import Edit, edits
from postsync.sound.alignment.measuring import SEARCH_SECONDS, align
from postsync.sound.alignment.records import LIMITS, Alignment, LagPoint, Limits, Phrase

__all__ = ["LIMITS", "SEARCH_SECONDS", "Alignment", "Edit", "LagPoint", "Limits", "Phrase", "align", "edits"]
