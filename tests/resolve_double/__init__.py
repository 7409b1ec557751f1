"""A double of DaVinci Resolve's scripting interface: it behaves as was measured or documented for each build.

Only what our scripts call exists. A name that no build has is `Typo`, which nothing catches; one that this build lacks answers
`None`, as Resolve's proxies do, and `dir` does not list it.
"""

from resolve_double.application import Fusion, Project, ProjectManager, Resolve, World, new_world
from resolve_double.pool import Folder, MediaPool, MediaPoolItem
from resolve_double.profiles import PROFILES, V19_1, V21_0, V21_0_FREE, V21_1, Profile, Typo
from resolve_double.timeline import Timeline, TimelineItem, Track, marker
from resolve_double.windows import Windows

__all__ = [
    "PROFILES", "V19_1", "V21_0", "V21_0_FREE", "V21_1", "Folder", "Fusion", "MediaPool", "MediaPoolItem", "Profile", "Project",
    "ProjectManager", "Resolve", "Timeline", "TimelineItem", "Track", "Typo", "Windows", "World", "marker", "new_world",
]  # fmt: skip
