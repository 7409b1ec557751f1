"""From a clip of a timeline to its story element: `asset-clip` for files, `video` for stills, `title` for words.

A picture and the sound that was recorded with it become one clip again where they lie in step; else the sound is a clip of
its own that enables nothing but its sound. Channels that are to be heard by themselves are named one by one, since Final Cut
plays every channel that is not mentioned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing import note_with_tag
from postsync.model import ClipFacts, PlacedClip, plain
from postsync.report import Report
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.time import seconds
from postsync_adapters.fcpxml.writing.elements import clean, make, with_children, with_text
from postsync_adapters.fcpxml.writing.items import Item
from postsync_adapters.fcpxml.writing.levels import volume_of
from postsync_adapters.fcpxml.writing.options import Habits
from postsync_adapters.fcpxml.writing.resources import File, Resources, metadata_element
from postsync_adapters.fcpxml.writing.returning import Kept, Returning
from postsync_adapters.fcpxml.writing.times import Times
from postsync_adapters.fcpxml.writing.timing import Timing, timing_of

OUTPUTS = {2: "L, R", 6: "L, R, C, LFE, Ls, Rs"}
HOUR = Fraction(3600)
"""Where Final Cut lets the local time of titles and gaps begin."""


@dataclass(frozen=True)
class Sound:
    """A sound clip with the role that it gets."""

    placed: PlacedClip
    role: str


@dataclass
class ClipMaker:
    """Makes the story elements of one document."""

    resources: Resources
    times: Times
    habits: Habits
    version: tuple[int, int]
    report: Report
    returning: Returning
    _styles: int = 0

    # ----------------------------------------------------------------------------------------------------- pictures

    def picture(self, placed: PlacedClip, sounds: Sequence[Sound]) -> Item:
        """Make a picture clip with the sounds that lie in step with it."""
        reference = placed.clip.media_reference
        if isinstance(reference, otio.schema.GeneratorReference):
            return self._generated(placed, reference)
        file = self.resources.file(placed, seen=True)
        if file.is_still:
            return self._still(placed, file)
        item = self._clip(placed, file, sounds)
        if file.heard and not sounds:
            item.element.set("srcEnable", "video")
        role = placed.facts.role
        if role is not None and role != "video":
            item.element.set("videoRole", self._clean(role, placed))
        return item

    def _still(self, placed: PlacedClip, file: File) -> Item:
        element = make(
            "video",
            ref=file.id,
            name=self._clean(placed.clip.name, placed) or None,
            start=self.times.text(placed.source_start),
            duration=self.times.text(placed.duration),
            enabled=self._enabled(placed),
            role=self._clean(placed.facts.role, placed) or None,
        )
        item = Item(element, placed.record_in, placed.record_out, placed.source_start, name=placed.clip.name)
        kept = self.returning.of(placed.clip, retimed=False, sound=False)
        with_children(element, self._note(placed), *kept.pictures)
        return self._with_kept(item, kept, metadata=None)

    def _generated(self, placed: PlacedClip, reference: Any) -> Item:
        """Make a title with its words, or a picture that stands for something generated."""
        words = str(reference.parameters.get("text") or "")
        kind = "title" if reference.generator_kind == "title" else "video"
        start = placed.source_start or HOUR
        element = make(
            kind,
            ref=self.returning.effect_of(placed.clip) or self.resources.effect(kind),
            name=self._clean(placed.clip.name, placed) or None,
            start=self.times.text(start),
            duration=self.times.text(placed.duration),
            enabled=self._enabled(placed),
            role=self._clean(placed.facts.role, placed) or None,
        )
        if kind == "title":
            runs = plain(reference.parameters.get("runs") or [])
            with_children(element, *self.text(self._clean(words, placed), STYLE_OF_TITLES, runs))
        item = Item(element, placed.record_in, placed.record_out, start, name=placed.clip.name)
        kept = self.returning.of(placed.clip, retimed=False, sound=False)
        with_children(element, self._note(placed), *kept.pictures)
        return self._with_kept(item, kept, metadata=kept.metadata if kind == "title" else None)

    def _with_kept(self, item: Item, kept: Kept, metadata: Element | None) -> Item:
        """Add what was kept behind what hangs on a clip."""
        item.markers += [(seconds(one.get("start") or "") or item.start, one) for one in kept.ranges]
        item.tail += kept.filters + ([metadata] if metadata is not None else [])
        return item

    def text(self, words: str, style: dict[str, str], runs: Sequence[Mapping[str, Any]] = ()) -> list[Element]:
        """Make the text of a title or caption, in the styled runs that it came with, and the styles that it refers to."""
        if not words:
            return []
        usual: list[list[Mapping[str, Any]]] = [[{"text": words, "style": style}]]
        texts: list[Element] = []
        styles: list[Element] = []
        for group in self.returning.runs(runs, words) or usual:
            text = make("text", **self.returning.place_of(group[0]))
            for run in group:
                self._styles += 1
                name = f"ts{self._styles}"
                words_of_run = clean(run["text"], "title", self.report)
                text.append(with_text(make("text-style", ref=name), words_of_run))
                stated = make("text-style", **(run.get("style") or style))
                styles.append(with_children(make("text-style-def", id=name), stated))
            texts.append(text)
        return [*texts, *styles]

    # ------------------------------------------------------------------------------------------------------- sounds

    def sound(self, sound: Sound) -> Item:
        """Make a clip of sound alone, exact to the sample."""
        placed = sound.placed
        file = self.resources.file(placed, seen=False)
        item = self._clip(placed, file, [sound])
        if file.seen:
            item.element.set("srcEnable", "audio")
        return item

    def _timing(self, placed: PlacedClip, file: File) -> Timing:
        file.use(placed.source_start, placed.source_start + abs(placed.facts.speed) * placed.duration)
        return timing_of(placed, file, self.times, self.version)

    def _clip(self, placed: PlacedClip, file: File, sounds: Sequence[Sound]) -> Item:
        """Make an `asset-clip`: note, time and level before what hangs on it, components and metadata after."""
        timing = self._timing(placed, file)
        whole = sounds[0] if len(sounds) == 1 and _plays_all(sounds[0].placed.facts, file) else None
        main = whole or (sounds[0] if sounds else None)
        element = make(
            "asset-clip",
            ref=file.id,
            name=self._clean(placed.clip.name, placed) or None,
            start=self.times.text(timing.start),
            duration=self.times.text(placed.duration),
            enabled=self._enabled(placed if not sounds else sounds[0].placed),
            format=self.resources.format(file.rate or self.times.rate) if file.seen else None,
            tcFormat=("DF" if file.media.drop_frame else "NDF") if file.seen else None,
            audioRole=self._clean(main.role, placed) if main else None,
        )
        item = Item(element, placed.record_in, placed.record_out, timing.start, timing.pace, placed.clip.name)
        kept = self._kept(placed, sounds, timing)
        volume = self._volume(whole, item) if whole else None
        with_children(element, self._note(placed), *timing.elements, *kept.pictures, volume, *kept.sounds)
        if sounds and whole is None:
            item.tail += self._components(sounds, file, item)
        stated = kept.metadata if kept.metadata is not None else metadata_element(placed.facts.extra)
        return self._with_kept(item, kept, stated)

    def _kept(self, placed: PlacedClip, sounds: Sequence[Sound], timing: Timing) -> Kept:
        """Give what was kept of a clip, and of the sound that is joined to it, in the order that the DTD wants."""
        retimed = any(element.tag == "timeMap" for element in timing.elements)
        alone = bool(sounds) and sounds[0].placed.clip is placed.clip
        kept = self.returning.of(placed.clip, retimed=retimed, sound=alone)
        for element in timing.elements:
            for name, value in kept.retime.items():
                if name == "frameSampling" or element.tag == "timeMap":
                    element.set(name, value)
        if not sounds or alone:
            return kept
        beside = self.returning.of(sounds[0].placed.clip, retimed=False, sound=True)
        return replace(kept, sounds=beside.sounds, filters=[*kept.filters, *beside.filters])

    def _components(self, sounds: Sequence[Sound], file: File, item: Item) -> list[Element]:
        """Name the channels that are heard, each with its role and level, and switch the others off."""
        made: list[Element] = []
        for sound in sounds:
            channels = sound.placed.facts.channels or tuple(range(1, (file.channels or 1) + 1))
            source = make(
                "audio-channel-source",
                srcCh=", ".join(map(str, channels)),
                outCh=OUTPUTS.get(len(channels)),
                role=self._clean(sound.role, sound.placed),
            )
            made.append(with_children(source, self._volume(sound, item)))
        heard = {channel for sound in sounds for channel in sound.placed.facts.channels or ()}
        silent = [channel for channel in range(1, (file.channels or 0) + 1) if channel not in heard]
        return made + [make("audio-channel-source", srcCh=str(channel), active="0") for channel in silent]

    def _volume(self, sound: Sound, item: Item) -> Element | None:
        placed = sound.placed
        return volume_of(
            placed.facts,
            lambda time: item.local(placed.record_in + time),
            item.pace,
            self.times,
            placed.clip.name,
            self.report,
        )

    # -------------------------------------------------------------------------------------------------------- parts

    def gap(self, begin: Fraction, end: Fraction) -> Item:
        """Make the empty stretch between two picture clips."""
        element = make("gap", name="Gap", start=self.times.text(HOUR), duration=self.times.text(end - begin))
        return Item(element, begin, end, HOUR)

    def _note(self, placed: PlacedClip) -> Element | None:
        text = self._clean(note_with_tag(placed.facts.note, placed.facts.cue_uid), placed)
        return with_text(make("note"), text) if text else None

    def _enabled(self, placed: PlacedClip) -> str | None:
        if not placed.enabled or placed.facts.muted:
            return "0"
        return "1" if self.habits.says_enabled else None

    def _clean(self, text: str | None, placed: PlacedClip) -> str:
        return clean(text, placed.clip.name, self.report)


STYLE_OF_TITLES = {
    "font": "Helvetica", "fontSize": "63", "fontFace": "Regular", "fontColor": "1 1 1 1", "alignment": "center",
}  # fmt: skip
STYLE_OF_CAPTIONS = {"font": ".AppleSystemUIFont", "fontSize": "13", "fontFace": "Regular", "fontColor": "1 1 1 1"}


def _plays_all(facts: ClipFacts, file: File) -> bool:
    """Say whether a sound clip plays every channel of its file, as a clip does that names none."""
    if facts.channels is None:
        return True
    if file.channels is None:
        return False
    return facts.channels == tuple(range(1, file.channels + 1))
