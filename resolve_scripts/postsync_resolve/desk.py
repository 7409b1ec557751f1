"""What every job has on its desk: the application, the open timeline, a folder, the ways of asking, and the command."""

from __future__ import annotations

import os
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence

from postsync_resolve import applying, undoing
from postsync_resolve.asking import Stop, ask, counted, find_resolve, tell, text, watch
from postsync_resolve.clip_marks import ClipMark, plan_clip_marks, put_clip_marks
from postsync_resolve.clock import Clock, clock_of
from postsync_resolve.command import Answer, command_line, run
from postsync_resolve.instructions import Instructions, check_clock
from postsync_resolve.marker_plan import Marker, MarkerPlan, Row, plan_markers
from postsync_resolve.placing import Placing, Stage
from postsync_resolve.saving import file_name, losses_in_words, timeline_folder, unused, write_json
from postsync_resolve.snapshot import application_facts, open_project, open_timeline, take_snapshot
from postsync_resolve.windows import Dialogs, has_windows

if TYPE_CHECKING:
    from postsync_resolve.api import ResolveApi, TimelineApi

APPLIED = "postsync.resolve-applied/1"
INSTALL = "run `postsync resolve install`, then this again"

MOST_SNAPSHOTS = 60
"""Of a long reel each is some megabytes."""

HIDDEN = "(--verbose shows them)"
"""What the command says where it counts notes: whoever works in a menu cannot type it again."""

GOOD = ("unchanged", "added", "changed", "moved", "adopted", "removed", "nudged", "kept")


class Desk:
    """One run of one job on the timeline that is open."""

    def __init__(
        self, job: str, resolve: ResolveApi, names: Mapping[str, Any], command: Sequence[str], kinds: Sequence[str]
    ) -> None:
        self.job = job
        self.resolve = resolve
        self.command = list(command)
        self.said: List[str] = []
        self.undo: Optional[str] = None
        self.project = open_project(resolve, [])
        self.timeline: TimelineApi = open_timeline(self.project, [])
        self.facts = application_facts(resolve, [])
        self.kinds = kinds
        self.snapshot = take_snapshot(resolve, self.project, self.timeline, kinds)
        self.clock: Clock = clock_of(self.snapshot["timeline"])
        self.name = str(self.snapshot["timeline"]["name"])
        self.folder = timeline_folder(self.snapshot["project"]["name"], self.name)
        studio = self.facts["edition"] == "studio"
        self.dialogs = Dialogs(
            _first(names, "fusion", "fu"),
            names.get("bmd"),
            has_windows(self.facts["product"], self.facts["version"], studio),
            self.folder,
        )

    # ------------------------------------------------------------------------------------------------ words

    def say(self, words: str) -> None:
        """Tell the person something: on the console now, in the window at the end."""
        self.said.append(words)
        tell(words)

    def warn_of_snapshot(self) -> None:
        """Name what Resolve did not answer."""
        for warning in self.snapshot["warnings"]:
            self.say("Resolve did not answer everything: %s" % warning)

    # ------------------------------------------------------------------------------------------------ files

    def look_again(self) -> None:
        """Take the snapshot anew, after a change."""
        self.snapshot = take_snapshot(self.resolve, self.project, self.timeline, self.kinds)
        self.clock = clock_of(self.snapshot["timeline"])

    def save_snapshot(self, snapshot: Optional[Mapping[str, Any]] = None) -> str:
        """Write the snapshot into the timeline's folder; give the path."""
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        place = os.path.join(self.folder, "snapshots", "%s %s.json" % (stamp, file_name(self.name)))
        path = write_json(unused(place), snapshot or self.snapshot)
        for old in self.saved_snapshots()[MOST_SNAPSHOTS:]:
            os.unlink(old)
        return path

    def saved_snapshots(self) -> List[str]:
        """Give the snapshots of this timeline that are on disk, the newest first."""
        folder = os.path.join(self.folder, "snapshots")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        paths = [os.path.join(folder, name) for name in names if not name.endswith(".cues.json")]
        return sorted(paths, key=lambda path: (os.stat(path).st_mtime_ns, path), reverse=True)

    def new_path(self, suffix: str) -> str:
        """Give an unused path for what passes between the command and this job."""
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        folder = os.path.join(self.folder, "exchange")
        os.makedirs(folder, exist_ok=True)
        return unused(os.path.join(folder, "%s %s%s" % (stamp, self.job, suffix)))

    # ------------------------------------------------------------------------------------------------ the command

    def postsync(self, *arguments: str) -> Answer:
        """Run `postsync`; where it cannot be started, or refuses, stop with what to do. Its notices are told."""
        tell("postsync %s ..." % arguments[0])  # long sound takes its time
        losses = "" if "--quiet" in arguments else self.new_path(" losses.json")
        answer = run(self.command, [*arguments, *(["--report", losses] if losses else [])], self.folder)
        if answer.code is None:
            why = "postsync is not installed for this script" if not self.command else answer.notices
            then = ", then run Import Cues and choose what that wrote" if "resolve_instructions" in arguments else ""
            typed = command_line(["postsync", *arguments])
            raise Stop("%s. Everything is saved; %s. Or type in a terminal: %s%s" % (why, INSTALL, typed, then))
        if not answer.worked:
            raise Stop(
                "%s\nNothing was changed." % (answer.notices or answer.output or "postsync ended with %s" % answer.code)
            )
        if answer.notices:
            self.say(answer.notices.replace(HIDDEN, "").strip())
            if os.path.isfile(losses):
                self.say("Each of them in words: %s" % losses_in_words(losses))
        return answer

    # ------------------------------------------------------------------------------------------------ changes

    def apply(self, instructions: Instructions, only_stamp: bool = False) -> bool:
        """Make the timeline look as the instructions say; give whether it does."""
        check_clock(instructions, self.clock, self.name)
        before: List[Marker] = self.snapshot["markers"]
        plan = plan_markers(before, instructions.cues, instructions.remove, self.clock, only_stamp)
        placed = [cue for cue in instructions.cues if only_stamp or not _is_out(plan, cue.uid)]
        marks = plan_clip_marks(self.snapshot["tracks"], placed, only_stamp)
        clips = () if only_stamp else instructions.clips
        if instructions.cues and not self.clock.length:
            raise Stop(
                "The timeline %r is empty, and Resolve takes no markers there: put the picture in first." % self.name
            )
        if not plan.touched and not clips and not marks:
            return self._tell(plan, applying.Outcome(True), Placing(), None)
        undo = self._open_undo(before, plan, marks)
        page = ask(lambda: self.resolve.GetCurrentPage(), [])
        outcome, placing = applying.Outcome(False), Placing()
        try:
            if page != "edit":  # markers are drawn, and clips deleted, on the Edit page alone
                ask(lambda: self.resolve.OpenPage("edit"), [])
            outcome = applying.apply_markers(self.timeline, plan, before)
            if outcome.whole:
                outcome.faults += put_clip_marks(self.timeline, marks)
            if outcome.whole and clips:
                stage = Stage(self.project, self.timeline, self.clock)
                placing = stage.made
                stage.place(clips, "ADR %s" % self.name)
        finally:
            if page and page != "edit":
                ask(lambda: self.resolve.OpenPage(page), [])
            self._close_undo(undo, outcome, placing if clips else None)
        whole = self._tell(plan, outcome, placing, undo)
        if only_stamp and not outcome.whole:
            # A list of cues without their identity in Resolve would come back as a list of strangers.
            raise Stop("The cues could not be marked in Resolve, so the job went no further: nothing was written.")
        return whole

    def change_markers(self, before: Sequence[Marker], plan: MarkerPlan) -> bool:
        """Carry out a plan of markers that no instructions asked for."""
        undo = self._open_undo(before, plan)
        outcome = applying.apply_markers(self.timeline, plan, before)
        self._close_undo(undo, outcome, None)
        return self._tell(plan, outcome, Placing(), undo)

    def _open_undo(self, before: Sequence[Marker], plan: MarkerPlan, marks: Sequence[ClipMark] = ()) -> str:
        """Write the way back; without one nothing is changed."""
        try:
            if self.undo is None:
                self.undo = undoing.open_undo(self.folder, self.job, self.snapshot["timeline"], before)
            return undoing.widen_undo(self.undo, plan.touched, [mark.to_json() for mark in marks])
        except Stop as stop:
            raise Stop("%s Without a way back nothing was changed." % stop) from stop

    def _close_undo(self, undo: str, outcome: applying.Outcome, placing: Optional[Placing]) -> None:
        """Say on disk how the step ended: open where something could not be taken back, undone where all was."""
        now, state = applying.markers_now(self.timeline), "open" if outcome.left else "done"
        try:
            document = undoing.close_undo(undo, now, placing, state)
            if not outcome.whole and not outcome.left and not applying.differences(now, document["before"]):
                undoing.mark_undone(undo)
        except Stop as stop:  # the way back of before the change is on disk; the change itself stands
            self.say(str(stop))

    def _tell(self, plan: MarkerPlan, outcome: applying.Outcome, placing: Placing, undo: Optional[str]) -> bool:
        """Write the record of the job and say what a person must know."""
        rows = plan.rows if outcome.whole else [self._failed(row) for row in plan.rows]
        whole = outcome.whole and placing.whole and all(row.result in GOOD for row in rows)
        document = {
            "schema": APPLIED,
            "job": self.job,
            "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "timeline": self.name,
            "undo": undo,
            "cues": [row.to_json() for row in rows],
            "clips": [row.to_json() for row in placing.rows],
            "foreign": plan.foreign,
            "whole": whole,
            "faults": outcome.faults,
            "left": outcome.left,
        }
        try:
            write_json(self.new_path(" done.json"), document)
        except Stop as stop:
            self.say(str(stop))
        for words in outcome.faults + ["Not as it was: %s" % one for one in outcome.left]:
            self.say(words)
        if outcome.left and undo:
            self.say("How it was is in %s; Undo Last Change brings it back." % undo)
        self.say(
            tallied("cue", [row.result for row in rows]) + ", %s left alone" % counted(plan.foreign, "foreign marker")
        )
        for row in rows:
            if row.result not in GOOD or (row.result == "nudged" or row.why.startswith("a copy")):
                self.say("  %s: %s%s" % (row.label, row.result, row.why and ", " + row.why))
        self._tell_clips(placing)
        return whole

    def _failed(self, row: Row) -> Row:
        untouched = row.result in ("unchanged", "kept", "refused")
        return row if untouched else Row(row.uid, row.label, row.frame, "failed", row.why)

    def _tell_clips(self, placing: Placing) -> None:
        if placing.rows:
            self.say(tallied("take", [row.result for row in placing.rows]))
        for row in placing.rows:
            if row.why or row.off_by:
                off = "%.2f ms off, between two frames" % float(row.off_by * 1000) if row.off_by else ""
                self.say(
                    "  %s on %s: %s"
                    % (
                        row.wanted.name,
                        row.track or row.wanted.track,
                        "; ".join(filter(None, [row.result, row.why, off])),
                    )
                )


def _is_out(plan: MarkerPlan, uid: str) -> bool:
    return any(row.uid == uid and row.result == "refused" for row in plan.rows)


def tallied(what: str, results: Sequence[str]) -> str:
    """Give how many of which came out how."""
    counts: Dict[str, int] = {}
    for result in results:
        counts[result] = counts.get(result, 0) + 1
    told = ", ".join("%d %s" % (count, result) for result, count in counts.items())
    return counted(len(results), what) + (told and ": " + told)


def run_job(job: str, names: Mapping[str, Any], command: Sequence[str] = ()) -> bool:
    """Run a job of the menu with the names that Resolve gave the script; give whether all is well."""
    from postsync_resolve.jobs import JOBS

    over = watch("Nothing is lost: what was there lies in Documents/postsync, and Undo Last Change brings it back.")
    try:
        resolve = find_resolve(names)
        if resolve is None:
            raise Stop("DaVinci Resolve did not answer: run this from Workspace > Scripts.")
        return JOBS[job](resolve, names, command)
    except Stop as stop:
        tell(str(stop))
    except Exception as fault:
        # Resolve shows a traceback nowhere a person looks.
        tell("%s stopped: %s: %s. Python %s." % (job, type(fault).__name__, fault, sys.version.split()[0]))
        tell(traceback.format_exc())
    finally:
        over()
    return False


def _first(names: Mapping[str, Any], *wanted: str) -> Any:
    """Give the first of some names that Resolve gave the script; asking its objects whether they are true is another call."""
    return next((names[name] for name in wanted if names.get(name) is not None), None)


def unique_id(timeline: TimelineApi) -> str:
    """Give the id by which a timeline is known."""
    return text(ask(lambda: timeline.GetUniqueId(), []))
