"""The cue browser: one HTML file that shows a whole show at once, with nothing from outside and no network.

`showing` gathers what is shown, `page` makes the file of it with `strips`, `browser.css` and `browser.js`; `words` are the
texts that it has beside those of all reports.
"""

from postsync.paper.browser.page import browser_bytes, browser_page
from postsync.paper.browser.showing import Shown, shown_cues

__all__ = ["Shown", "browser_bytes", "browser_page", "shown_cues"]
