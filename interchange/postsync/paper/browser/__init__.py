"""The cue browser: one HTML file that shows a whole show at once, with nothing from outside and no network.

`showing` gathers what is shown, `page` makes the file of it with `browser.css` and `browser.js`, `words` has the texts.
"""

from postsync.paper.browser.page import browser_page
from postsync.paper.browser.showing import Shown, shown_cues

__all__ = ["Shown", "browser_page", "shown_cues"]
