"""The texts that only the cue browser has; those of fields and codes are the words of all reports.

A row for each text, a column for each language, in the order of the word table: English, German, French, Spanish.
"""

from __future__ import annotations

from collections.abc import Mapping

from postsync.paper.words import LOCALES, Words
from postsync.wording import fill

PAGE_WORDS: Mapping[str, tuple[str, ...]] = {
    "skip": ("Go to the list of cues", "Zur Liste der Cues", "Aller à la liste des boucles", "Ir a la lista de cues"),
    "no-script": (
        "Filters, details and other colours need scripts; the list is complete without them.",
        "Filter, Einzelheiten und andere Farben brauchen Skripte; die Liste ist auch ohne sie vollständig.",
        "Filtres, détails et autres couleurs demandent des scripts ; la liste est complète sans eux.",
        "Los filtros, los detalles y otros colores necesitan scripts; la lista está completa sin ellos.",
    ),
    "no-cues": (
        "There are no cues here.",
        "Hier gibt es keine Cues.",
        "Il n'y a pas de boucles ici.",
        "Aquí no hay cues.",
    ),
    "strip": ("Where the cues lie", "Wo die Cues liegen", "Où sont les boucles", "Dónde están los cues"),
    "strip.reel": (
        "{reel}: {count:cue|cues} from {first} to {last}",
        "{reel}: {count:Cue|Cues} von {first} bis {last}",
        "{reel} : {count:boucle|boucles} de {first} à {last}",
        "{reel}: {count:cue|cues} de {first} a {last}",
    ),
    "reel-named": ("Reel {name}", "Akt {name}", "Bobine {name}", "Rollo {name}"),
    "whole": ("Whole timeline", "Ganze Timeline", "Toute la timeline", "Toda la línea de tiempo"),
    "zoom": ("Zoom", "Vergrößern", "Agrandir", "Ampliar"),
    "colour": ("Colour by", "Farbe nach", "Couleur selon", "Color por"),
    "search": ("Search", "Suchen", "Chercher", "Buscar"),
    "search.hint": (
        "number, words, note …",
        "Nummer, Wörter, Notiz …",
        "numéro, mots, note …",
        "número, palabras, nota …",
    ),
    "mark-filter": ("Reason or mark", "Grund oder Vermerk", "Raison ou mention", "Motivo o marca"),
    "all": ("all", "alle", "toutes", "todos"),
    "open": ("still open", "noch offen", "encore ouvertes", "aún abiertos"),
    "clear": ("Show all", "Alle zeigen", "Tout montrer", "Mostrar todo"),
    "print": ("Print", "Drucken", "Imprimer", "Imprimir"),
    "keys": ("Keys", "Tasten", "Touches", "Teclas"),
    "close": ("Close", "Schließen", "Fermer", "Cerrar"),
    "shown": (
        "{shown} of {count} cues",
        "{shown} von {count} Cues",
        "{shown} boucles sur {count}",
        "{shown} de {count} cues",
    ),
    "list": ("List of cues", "Liste der Cues", "Liste des boucles", "Lista de cues"),
    "back": ("Back to the list", "Zurück zur Liste", "Retour à la liste", "Volver a la lista"),
    "shot": ("Shot", "Einstellung", "Plan", "Plano"),
    "translation": ("Translation", "Übersetzung", "Traduction", "Traducción"),
    "group": ("Pass", "Durchgang", "Passe", "Pasada"),
    "former_numbers": ("Former numbers", "Frühere Nummern", "Anciens numéros", "Números anteriores"),
    "omitted_on": ("Omitted on", "Gestrichen am", "Supprimée le", "Suprimida el"),
    "reconform": (
        "Last change of picture",
        "Letzte Bildänderung",
        "Dernier changement d'image",
        "Último cambio de imagen",
    ),
    "extra": ("Also stated", "Außerdem angegeben", "Aussi indiqué", "También indicado"),
    "choice": ("Choice", "Wahl", "Choix", "Elección"),
    "history": ("History", "Verlauf", "Historique", "Historial"),
    "rate": ("Rate", "Bildrate", "Cadence", "Cadencia"),
    "key.move": (
        "↑ ↓ Page Home End: move in the list",
        "↑ ↓ Bild Pos1 Ende: in der Liste gehen",
        "↑ ↓ Page Début Fin : se déplacer dans la liste",
        "↑ ↓ Página Inicio Fin: moverse por la lista",
    ),
    "key.enter": (
        "Enter: to the details; Escape: back",
        "Eingabe: zu den Einzelheiten; Escape: zurück",
        "Entrée : vers les détails ; Échap : retour",
        "Intro: a los detalles; Escape: volver",
    ),
    "key.search": (
        "/: search (from the list)",
        "/: suchen (aus der Liste)",
        "/ : chercher (depuis la liste)",
        "/: buscar (desde la lista)",
    ),
    "key.colour": (
        "C: colour by character or status (from the list)",
        "C: Farbe nach Rolle oder Stand (aus der Liste)",
        "C : couleur selon personnage ou état (depuis la liste)",
        "C: color por personaje o estado (desde la lista)",
    ),
    "key.reel": (
        "[ and ]: previous and next reel (from the list)",
        "[ und ]: voriger und nächster Akt (aus der Liste)",
        "[ et ] : bobine précédente et suivante (depuis la liste)",
        "[ y ]: rollo anterior y siguiente (desde la lista)",
    ),
    "key.strip": (
        "← → in the strip: previous and next cue",
        "← → im Streifen: voriger und nächster Cue",
        "← → dans la bande : boucle précédente et suivante",
        "← → en la tira: cue anterior y siguiente",
    ),
}

KEYS = tuple(key for key in PAGE_WORDS if key.startswith("key."))


def say(words: Words, key: str, **facts: object) -> str:
    """Give a text of the page, or one of all reports, with its facts filled in.

    >>> say(Words.of("de"), "print"), say(Words.of("de-AT"), "character")
    ('Drucken', 'Rolle')
    """
    if key not in PAGE_WORDS:
        return words.say(key, **facts)
    texts = PAGE_WORDS[key]
    column = words.locale.column
    text = texts[column] if column < len(texts) else texts[0]
    return fill(text, facts) if facts else text


def written_in(words: Words) -> str:
    """Give the tag of the language that is really written, for screen readers."""
    return next(tag for tag, locale in LOCALES.items() if locale.column == words.locale.column)
