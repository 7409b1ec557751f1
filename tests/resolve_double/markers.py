"""Markers, as timelines, clips and media have them: one on a frame, sixteen colours, no check of the range."""

from __future__ import annotations

from typing import Any

from resolve_double.profiles import Proxy

COLOURS = frozenset({
    "Blue", "Cyan", "Green", "Yellow", "Red", "Pink", "Purple", "Fuchsia", "Rose", "Lavender", "Sky", "Mint", "Lemon",
    "Sand", "Cocoa", "Cream",
})  # fmt: skip


class Marked(Proxy):
    """An object with markers, frame to facts."""

    markers: dict[int, dict[str, Any]]

    def takes_markers(self) -> bool:
        return True

    def AddMarker(self, frame: Any, color: str, name: str, note: str, duration: Any, custom_data: str = "", /) -> bool:
        at = int(frame)
        if at in self.markers or color not in COLOURS or not self.takes_markers() or at < 0:
            return False
        self.markers[at] = {
            "color": color, "name": name, "note": note, "duration": max(1, int(duration)), "customData": custom_data,
        }  # fmt: skip
        if self.world.page != "color":
            self.world.page = "edit"
        return True

    def GetMarkers(self) -> dict[Any, dict[str, Any]]:
        """Give a new dict at each call, in no useful order, numbers as the build gives them."""
        number = self.world.profile.number
        return {
            number(frame): {**facts, "duration": number(facts.get("duration", 1))}
            for frame, facts in sorted(self.markers.items(), reverse=True)
        }

    def UpdateMarkerCustomData(self, frame: Any, custom_data: str, /) -> bool:
        if int(frame) not in self.markers:
            return False
        self.markers[int(frame)]["customData"] = custom_data
        return True

    def DeleteMarkerAtFrame(self, frame: Any, /) -> bool:
        return self.markers.pop(int(frame), None) is not None
