"""Every text of the app, by language: a row for each text, a column for each language. What a language lacks is in English.

Keys that begin alike belong together: `task.` names a job and says what it is for, `slot.` a place for files, `field.` a
question, `choice.` an answer, `done.` what was done, `waits.` what a person must decide.
"""

from __future__ import annotations

from collections.abc import Mapping

from postsync.wording import fill

LANGUAGES = ("en", "de")

WORDS: Mapping[str, tuple[str, ...]] = {
    "title": ("postsync", "postsync"),
    "subtitle": (
        "ADR and post sync, from one program to the next",
        "ADR und Nachsynchronisation von Programm zu Programm",
    ),
    "quit": ("Quit", "Beenden"),
    "ended": (
        "The app has ended. This page can be closed.",
        "Das Programm ist beendet. Diese Seite kann geschlossen werden.",
    ),
    "no-session": (
        "This page belongs to no session. Start the app again, or open the address that it shows.",
        "Diese Seite gehört zu keiner Sitzung. Das Programm neu starten oder die Adresse öffnen, die es zeigt.",
    ),
    "no-script": ("This page needs scripts.", "Diese Seite braucht Skripte."),
    "lost": ("The app does not answer. Is it still running?", "Das Programm antwortet nicht. Läuft es noch?"),
    "close": ("Close", "Schließen"),
    "cancel": ("Cancel", "Abbrechen"),
    # Files
    "files": ("Your files", "Ihre Dateien"),
    "drop": (
        "Drop a timeline, a marker list, takes or a returned sheet here",
        "Timeline, Markerliste, Aufnahmen oder eine zurückgekommene Liste hier ablegen",
    ),
    "drop.copy": (
        "What is dropped is copied for this session. Large media are better chosen, they stay where they are.",
        "Was abgelegt wird, wird für diese Sitzung kopiert. Große Medien besser wählen: sie bleiben, wo sie sind.",
    ),
    "choose.files": ("Choose files…", "Dateien wählen…"),
    "choose.here": ("Choose on this computer…", "Auf diesem Rechner wählen…"),
    "sending": ("Taking in {name}", "Nehme {name} auf"),
    "reading": ("Reading {name}", "Lese {name}"),
    "remove": ("Remove {name}", "{name} entfernen"),
    "dropped": ("dropped", "abgelegt"),
    "no-files": ("Nothing here yet.", "Noch nichts da."),
    "role.timeline": ("timeline", "Timeline"),
    "role.list": ("list of cues or markers", "Liste von Cues oder Markern"),
    "role.sound": ("sound", "Ton"),
    "role.folder": ("folder", "Ordner"),
    "role.project": ("settings of the show", "Einstellungen der Show"),
    "role.other": ("not a file that I can read", "keine Datei, die ich lesen kann"),
    # What is in it
    "inside": ("What is in {name}", "Was in {name} ist"),
    "tab.facts": ("Contents", "Inhalt"),
    "tab.cues": ("Cues ({count})", "Cues ({count})"),
    "tab.findings": ("Problems ({count})", "Auffälliges ({count})"),
    "facts.timeline": (
        "{name}: {rate} fps from {start}, {length}; {clips:clip|clips} on {sound} sound and {picture} picture tracks, "
        "{markers:marker|markers}",
        "{name}: {rate} B/s ab {start}, {length}; {clips:Clip|Clips} auf {sound} Ton- und {picture} Bildspuren, "
        "{markers} Marker",
    ),
    "facts.offline": (
        "Clips whose media are not where the file says: {count}",
        "Clips, deren Medien nicht am genannten Ort sind: {count}",
    ),
    "facts.format": ("{format}, written by {producer}", "{format}, geschrieben von {producer}"),
    "facts.sounds": ("sound files: {count}", "Tondateien: {count}"),
    "facts.project": (
        "Read with the files that lie beside it.",
        "Wird mit den Dateien gelesen, neben denen sie liegt.",
    ),
    "facts.notes": ("Harmless notes: {count}", "Harmlose Hinweise: {count}"),
    "drop-frame": ("drop frame", "Drop Frame"),
    "timeline": ("It holds several timelines. Which one?", "Es sind mehrere Timelines darin. Welche?"),
    "timeline.all": ("all of them", "alle"),
    "rate": ("Frame rate", "Bildrate"),
    "rate.why": (
        "The file does not say its frame rate. Choose it, unless what is shown below is right.",
        "Die Datei nennt ihre Bildrate nicht. Bitte wählen, wenn das Gezeigte nicht stimmt.",
    ),
    "rate.use": ("Read with this rate", "Mit dieser Rate lesen"),
    "all-markers": ("Take every marker as a cue", "Jeden Marker als Cue nehmen"),
    "no-cues": ("No cues were found in it.", "Es wurden keine Cues gefunden."),
    "more-cues": ("and {count} more", "und {count} weitere"),
    "no-findings": ("Nothing to object to.", "Nichts zu beanstanden."),
    "head.number": ("Cue", "Cue"),
    "head.in": ("In", "In"),
    "head.out": ("Out", "Out"),
    "head.character": ("Character", "Rolle"),
    "head.line": ("Line", "Text"),
    "head.reason": ("Reason", "Grund"),
    "head.state": ("Found", "Gefunden"),
    "head.status": ("Status", "Stand"),
    "head.severity": ("How bad", "Wie schlimm"),
    "head.where": ("Where", "Wo"),
    "head.what": ("What", "Was"),
    "head.remedy": ("What to do", "Was tun"),
    "head.take": ("Take", "Aufnahme"),
    "head.cue": ("Cue", "Cue"),
    "head.why": ("Why", "Warum"),
    "head.new-in": ("New in", "Neues In"),
    "head.old-in": ("Old in", "Altes In"),
    "head.moved": ("Moved by", "Verschoben um"),
    "head.check": ("To check", "Zu prüfen"),
    "head.length": ("Frames", "Bilder"),
    "head.total": ("Total", "Summe"),
    "head.old": ("Old", "Alt"),
    "head.new": ("New", "Neu"),
    "head.offset": ("Off by", "Abstand"),
    "head.field": ("Field", "Feld"),
    "head.ours": ("Ours", "Unseres"),
    "head.theirs": ("Theirs", "Ihres"),
    "head.result": ("Result", "Ergebnis"),
    "severity.error": ("error", "Fehler"),
    "severity.warning": ("warning", "Warnung"),
    "severity.note": ("note", "Hinweis"),
    # Jobs
    "jobs": ("What shall be done", "Was getan werden soll"),
    "job": ("Job", "Aufgabe"),
    "task.turnover": ("Turn over to sound", "An den Ton übergeben"),
    "task.turnover.why": (
        "The folder that the next program needs: timeline, sound, cues, cue sheet.",
        "Der Ordner für das nächste Programm: Timeline, Ton, Cues, Cue-Liste.",
    ),
    "task.place": ("Place recorded takes", "Aufnahmen anlegen"),
    "task.place.why": (
        "Takes onto their cues, a track for each character.",
        "Aufnahmen auf ihre Cues, eine Spur je Rolle.",
    ),
    "task.reconform": ("Reconform to a new cut", "Auf neuen Schnitt umlegen"),
    "task.reconform.why": (
        "Cues and placed takes go where their picture is now.",
        "Cues und angelegte Aufnahmen gehen dorthin, wo ihr Bild jetzt ist.",
    ),
    "task.conform": ("Conform to the rushes", "An die Originaltöne anpassen"),
    "task.conform.why": (
        "The recorder's own channels under an edit, or the edit relinked to them.",
        "Die Spuren des Rekorders unter den Schnitt, oder der Schnitt damit verknüpft.",
    ),
    "task.compare": ("Compare two cuts", "Zwei Schnitte vergleichen"),
    "task.compare.why": ("What was added, taken out and moved.", "Was dazukam, wegfiel und wanderte."),
    "task.merge": ("Merge a list that came back", "Zurückgekommene Liste einarbeiten"),
    "task.merge.why": (
        "Changes of others into your work, conflicts listed.",
        "Änderungen anderer in die Arbeit, Konflikte gelistet.",
    ),
    "task.report": ("Print a report", "Liste drucken"),
    "task.report.why": (
        "Cue sheets, counts, scripts and the cue browser.",
        "Cue-Listen, Zählungen, Textbücher und die Übersichtsseite.",
    ),
    "task.number": ("Number the cues", "Cues nummerieren"),
    "task.number.why": (
        "Cues without a number get one by the show's scheme.",
        "Cues ohne Nummer bekommen eine nach dem Schema.",
    ),
    "task.sync": ("Measure takes against their guide", "Aufnahmen am Führungston messen"),
    "task.sync.why": (
        "How far each lies from it; nothing is moved.",
        "Wie weit jede davon liegt; nichts wird verschoben.",
    ),
    "task.extract": ("Take the sound out", "Ton herausholen"),
    "task.extract.why": ("Sound that lies inside an AAF, as WAVs.", "Ton, der in einem AAF liegt, als WAV."),
    "task.check": ("Check", "Prüfen"),
    "task.check.why": (
        "What is wrong with cues, media or the file for a program.",
        "Was an Cues, Medien oder der Datei für ein Programm nicht stimmt.",
    ),
    "task.verify": ("Verify what came back", "Vergleichen, was zurückkam"),
    "task.verify.why": (
        "What an application changed of what was sent.",
        "Was ein Programm am Gesendeten geändert hat.",
    ),
    "task.convert": ("Convert", "Umwandeln"),
    "task.convert.why": ("One file into another format.", "Eine Datei in ein anderes Format."),
    "slot.timeline": ("Timeline", "Timeline"),
    "slot.cues": ("Cues from another file", "Cues aus einer anderen Datei"),
    "slot.work": ("Work (timeline with cues, or cue list)", "Arbeit (Timeline mit Cues oder Cue-Liste)"),
    "slot.works": ("Works, a reel each", "Arbeiten, je Akt eine"),
    "slot.earlier": ("Works as the last paper had them", "Arbeiten, wie die letzte Liste sie hatte"),
    "slot.takes": ("Takes (sound files or folders)", "Aufnahmen (Tondateien oder Ordner)"),
    "slot.log": ("Recordist's log", "Aufnahmebericht"),
    "slot.guide": ("Guide sound", "Führungston"),
    "slot.edit": ("Edit", "Schnitt"),
    "slot.rushes": ("Rushes (folders, or an index of them)", "Originaltöne (Ordner oder ein Index davon)"),
    "slot.old": ("Old cut", "Alter Schnitt"),
    "slot.new": ("New cut", "Neuer Schnitt"),
    "slot.returned": ("What came back", "Was zurückkam"),
    "slot.sent": ("What was sent", "Was gesendet wurde"),
    "slot.file": ("File", "Datei"),
    "slot.none": ("none", "keine"),
    "slot.fill": ("Choose one", "Bitte wählen"),
    "field.application": ("For", "Für"),
    "field.handles": ("Handles", "Zugaben"),
    "field.media": ("Sound", "Ton"),
    "field.search": ("Look for media in", "Medien suchen in"),
    "field.search.add": ("Add a folder…", "Ordner dazunehmen…"),
    "field.by": ("Where takes lie", "Wo Aufnahmen liegen"),
    "field.alternates": ("Alternates too, muted", "Auch Alternativen, stumm"),
    "field.accept_guesses": ("Also place what is not sure", "Auch Unsicheres anlegen"),
    "field.alone": ("Give the ADR tracks alone", "Nur die ADR-Spuren ausgeben"),
    "field.relink": ("Only relink the edit's own clips", "Nur die Clips des Schnitts neu verknüpfen"),
    "field.cut": (
        "Cut placed sound where its picture was cut",
        "Angelegten Ton schneiden, wo sein Bild geschnitten wurde",
    ),
    "field.prefer": ("Where both sides changed a field", "Wo beide Seiten ein Feld geändert haben"),
    "field.omit_missing": (
        "Mark cues that did not come back as omitted",
        "Nicht zurückgekommene Cues als gestrichen führen",
    ),
    "field.checked_for": ("Also for", "Auch für"),
    "field.format": ("Format", "Format"),
    "field.kind": ("Report", "Liste"),
    "field.form": ("As", "Als"),
    "field.revision": ("Revision", "Revision"),
    "field.each_character": ("A file for each character", "Je Rolle eine Datei"),
    "choice.form.auto": ("as it is best", "wie es am besten ist"),
    "choice.form.pdf": ("PDF", "PDF"),
    "choice.form.html": ("page for a browser", "Seite für den Browser"),
    "choice.form.xlsx": ("Excel (XLSX)", "Excel (XLSX)"),
    "choice.form.csv": ("CSV", "CSV"),
    "choice.form.json": ("JSON", "JSON"),
    "choice.application.pro-tools": ("Pro Tools", "Pro Tools"),
    "choice.application.media-composer": ("Media Composer", "Media Composer"),
    "choice.application.premiere": ("Premiere Pro", "Premiere Pro"),
    "choice.application.nuendo": ("Nuendo", "Nuendo"),
    "choice.application.logic": ("Logic Pro", "Logic Pro"),
    "choice.application.resolve": ("DaVinci Resolve", "DaVinci Resolve"),
    "choice.application.final-cut": ("Final Cut Pro", "Final Cut Pro"),
    "choice.application.reaper": ("Reaper", "Reaper"),
    "choice.application.none": ("no program: work and list only", "kein Programm: nur Arbeit und Liste"),
    "choice.application.recording": ("the ADR stage", "die ADR-Bühne"),
    "choice.media.copy": ("new files with handles beside it", "neue Dateien mit Zugaben daneben"),
    "choice.media.embed": ("inside the AAF", "im AAF"),
    "choice.media.link": ("linked where it lies", "verknüpft, wo er liegt"),
    "choice.by.auto": ("at their time stamp where it fits", "an ihrem Zeitstempel, wo er passt"),
    "choice.by.cue": ("at their cue", "an ihrem Cue"),
    "choice.by.stamp": ("at their time stamp", "an ihrem Zeitstempel"),
    "choice.by.sync": ("in sync with the guide", "synchron zum Führungston"),
    "choice.prefer.ask": ("keep ours and list the conflict", "unseres behalten und den Konflikt nennen"),
    "choice.prefer.ours": ("ours", "unseres"),
    "choice.prefer.theirs": ("theirs", "ihres"),
    "choice.checked_for.none": ("no program", "kein Programm"),
    "into": ("Folder for the results", "Ordner für die Ergebnisse"),
    "into.choose": ("Choose a folder…", "Ordner wählen…"),
    "into.none": ("No folder chosen yet", "Noch kein Ordner gewählt"),
    "into.why": (
        "A new folder is made in it; nothing that is there is written over.",
        "Darin entsteht ein neuer Ordner; nichts Vorhandenes wird überschrieben.",
    ),
    "do": ("Do it", "Los"),
    "missing.slot": ("{slot} is missing.", "{slot} fehlt."),
    "missing.into": ("Choose a folder for the results first.", "Zuerst einen Ordner für die Ergebnisse wählen."),
    # Choosing on this computer
    "place.folder": ("Choose a folder", "Ordner wählen"),
    "place.file": ("Choose files or a folder", "Dateien oder einen Ordner wählen"),
    "place.path": ("Folder", "Ordner"),
    "place.go": ("Go", "Hin"),
    "place.up": ("Up", "Höher"),
    "place.usual": ("Usual places", "Übliche Orte"),
    "place.take": ("Take this folder", "Diesen Ordner nehmen"),
    "place.new": ("New folder", "Neuer Ordner"),
    "place.make": ("Make it", "Anlegen"),
    "place.inside": ("What is in it", "Was darin ist"),
    "place.locked": ("This folder cannot be written to.", "In diesen Ordner kann nicht geschrieben werden."),
    "place.folder-mark": ("folder", "Ordner"),
    # Results
    "results": ("Results", "Ergebnisse"),
    "state.waiting": ("waiting", "wartet"),
    "state.running": ("working", "arbeitet"),
    "state.done": ("done", "fertig"),
    "state.failed": ("failed", "misslungen"),
    "state.stopped": ("stopped", "angehalten"),
    "stop": ("Stop", "Anhalten"),
    "open.folder": ("Open the folder", "Ordner öffnen"),
    "open.file": ("Open {name}", "{name} öffnen"),
    "made": ("Files", "Dateien"),
    "waits": ("This waits for you", "Das wartet auf Sie"),
    "losses": ("Lost, changed or guessed", "Verloren, geändert oder geraten"),
    "table": ("In detail", "Im Einzelnen"),
    "done.none": ("none", "keine"),
    "done.lost": ("gone", "entfallen"),
    "done.turnover": (
        "{name}: {clips:sound clip|sound clips}, {cues:cue|cues}, {sounds:sound file|sound files}.",
        "{name}: {clips:Tonclip|Tonclips}, {cues:Cue|Cues}, {sounds:Tondatei|Tondateien}.",
    ),
    "done.place": ("Takes: {takes}, of these {told}.", "Aufnahmen: {takes}, davon {told}."),
    "done.place.without": ("Cues without a take: {count}.", "Cues ohne Aufnahme: {count}."),
    "done.reconform": ("{old} to {new}: {cues:cue|cues}: {told}.", "{old} zu {new}: {cues:Cue|Cues}: {told}."),
    "done.ears": ("To be heard and looked at: {count}.", "Anzuhören und anzusehen: {count}."),
    "done.conform": (
        "Events found in the rushes: {placed} of {events}.",
        "In den Originaltönen gefunden: {placed} von {events}.",
    ),
    "done.conform.tracks": ("Clips laid: {clips}; tracks: {tracks}.", "Gelegte Clips: {clips}; Spuren: {tracks}."),
    "done.compare": (
        "{old} to {new}: changes: {rows}, difference in frames: {frames}.",
        "{old} zu {new}: Änderungen: {rows}, Unterschied in Bildern: {frames}.",
    ),
    "done.merge": ("Cues known again: {known}.", "Wiedererkannte Cues: {known}."),
    "done.merge.counts": (
        "Changed: {changed}, conflicts: {conflicts}, new: {new}, not sure: {unsure}, did not come back: {missing}.",
        "Geändert: {changed}, Konflikte: {conflicts}, neu: {new}, unsicher: {unsure}, nicht zurückgekommen: {missing}.",
    ),
    "done.check": (
        "Errors: {errors}, warnings: {warnings}, notes: {notes}.",
        "Fehler: {errors}, Warnungen: {warnings}, Hinweise: {notes}.",
    ),
    "done.verify.same": ("All that was compared is the same.", "Alles Verglichene ist gleich."),
    "done.verify": ("Differences: {count}.", "Unterschiede: {count}."),
    "done.verify.count": (
        "{what}: {sent} sent, {returned} came back, {same} the same.",
        "{what}: {sent} gesendet, {returned} zurückgekommen, {same} gleich.",
    ),
    "done.number": (
        "Numbers given by {scheme}: {given}; kept: {kept}.",
        "Nummern nach {scheme} vergeben: {given}; behalten: {kept}.",
    ),
    "done.number.left": ("Cues still without a number: {count}.", "Cues noch ohne Nummer: {count}."),
    "done.sync": (
        "Takes measured: {count}; without an offset to believe: {unsure}.",
        "Aufnahmen gemessen: {count}; ohne glaubhaften Abstand: {unsure}.",
    ),
    "done.extract": ("Media: {count}.", "Medien: {count}."),
    "done.convert": ("Written: {name}.", "Geschrieben: {name}."),
    "done.report": ("Files: {count}.", "Dateien: {count}."),
    "made.log": ("what went where, and why", "was wohin kam und warum"),
    "made.work": ("the work", "die Arbeit"),
    "known.uid": ("by their tag", "an der Kennung"),
    "known.number": ("by their number", "an der Nummer"),
    "known.fingerprint": ("by line and place", "an Text und Ort"),
    "waits.media": ("{name} is missing; looked in: {tried}", "{name} fehlt; gesucht in: {tried}"),
    "waits.nowhere": ("no folder", "keinem Ordner"),
    "waits.take": ("{file}: {why}", "{file}: {why}"),
    "waits.event": ("{time} {name}: {why}", "{time} {name}: {why}"),
    "waits.perhaps": ("perhaps {cue}: {why}", "vielleicht {cue}: {why}"),
    "waits.no-cue": ("no cue", "kein Cue"),
    "waits.conflict": (
        "{cue}: both sides changed {field}; ours was kept",
        "{cue}: beide Seiten haben {field} geändert; unseres blieb",
    ),
    "waits.unsure": (
        "Cues that came back and may be ones of ours: {count}",
        "Cues, die zurückkamen und unsere sein könnten: {count}",
    ),
}


def table(language: str) -> dict[str, str]:
    """Give every text in a language (`de`, `de-AT`).

    >>> table("de-AT")["stop"], table("xx")["stop"]
    ('Anhalten', 'Stop')
    """
    main = language.replace("_", "-").partition("-")[0].lower()
    column = LANGUAGES.index(main) if main in LANGUAGES else 0
    return {key: texts[column] if column < len(texts) else texts[0] for key, texts in WORDS.items()}


def spoken(language: str) -> str:
    """Give the language that is then really written."""
    main = language.replace("_", "-").partition("-")[0].lower()
    return main if main in LANGUAGES else "en"


class Sayer:
    """Says texts of one language, with their facts filled in."""

    def __init__(self, language: str) -> None:
        self.texts = table(language)

    def __call__(self, key: str, **facts: object) -> str:
        """Give one text; a key without a text reads as its last part, so a new choice still says something."""
        text = self.texts.get(key, key.rpartition(".")[2].replace("-", " ").replace("_", " "))
        return fill(text, facts) if facts else text
