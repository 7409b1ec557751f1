"""Roles and subroles: how they are written, in what order their tracks stand, and what containers say of them.

`main.sub`; a role alone means its own first subrole. The order of tracks is the one that X2Pro made usual: dialogue, the
user's own roles, effects, music.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from postsync.model import natural_key
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.reading.levels import Level, levels_in
from postsync_adapters.fcpxml.time import Clock, Window

USUAL_ORDER = "dialogue, *, effects, music"
"""Names of roles in the order of their tracks; `*` stands for every other one."""


@lru_cache(maxsize=4096)
def role_parts(role: str | None) -> tuple[str, str]:
    """Give role and subrole; a role alone means its own first subrole, so `dialogue` is `dialogue.dialogue-1`.

    >>> role_parts("dialogue.Boom 1")
    ('dialogue', 'Boom 1')
    """
    text = (role or "dialogue").split("?")[0]
    main, _, sub = text.partition(".")
    return main, sub or f"{main}-1"


@lru_cache(maxsize=4096)
def role_text(role: str | None) -> str:
    """Give a role in its shortest spelling: `dialogue`, `dialogue.Boom 1`."""
    main, sub = role_parts(role)
    return main if sub == f"{main}-1" else f"{main}.{sub}"


def role_title(role: str) -> str:
    """Give the name of a role's track: `Dialogue`, `Dialogue Boom 1`."""
    title = role.replace(".", " ", 1)
    return title[:1].upper() + title[1:]


def role_key(role: str, order: Sequence[str]) -> tuple[Any, ...]:
    """Give what sorts roles: their place in an order of names, then by name, the plain role before its subroles."""
    main, sub = role_parts(role)
    names = [name.casefold() for name in order]
    rest = names.index("*") if "*" in names else len(names)
    whole = role_text(role).casefold()
    name = whole if whole in names else main.casefold()
    place = names.index(name) if name in names else rest
    return place, natural_key(main), sub != f"{main}-1", natural_key(sub)


def role_names(text: str) -> tuple[str, ...]:
    """Read a list of roles as people type it: `dialogue, music`."""
    return tuple(name for part in text.split(",") if (name := part.strip()))


def is_among(role: str, names: Sequence[str]) -> bool:
    """Say whether a role, or the main role of a subrole, is named in a list."""
    folded = {name.casefold() for name in names}
    return role_parts(role)[0].casefold() in folded or role_text(role).casefold() in folded


@dataclass(frozen=True)
class RoleSetting:
    """What a container says of one role inside it. `whole_role` speaks of every subrole."""

    role: tuple[str, str]
    whole_role: bool
    active: bool
    enabled: bool
    levels: tuple[Level, ...]


Switch = tuple[RoleSetting, ...]


def role_settings(parent: Element, clock: Clock, span: Window) -> Switch:
    """Read the `audio-role-source` elements of a sync, multicam or compound clip."""
    return tuple(
        RoleSetting(
            role_parts(source.get("role")),
            "." not in (source.get("role") or ""),
            source.get("active") != "0",
            source.get("enabled") != "0",
            tuple(levels_in(source, clock, span)),
        )
        for source in parent.iterchildren("audio-role-source")
    )


def setting_for(role: str | None, switch: Switch) -> RoleSetting | None:
    """Give what a container says of a role: of the subrole itself first, then of its whole role."""
    if not switch:
        return None
    parts = role_parts(role)
    exact = next((one for one in switch if one.role == parts), None)
    return exact or next((one for one in switch if one.whole_role and one.role[0] == parts[0]), None)
