"""The page for people who never open a terminal: all jobs, on the loopback address of this computer only.

`serving` starts it and opens the browser, `guard` lets in nobody but the page that was opened, `shelf` keeps the files that
were given, `looking` says what is in them, `tasks` are the jobs and `answers` what they tell, `running` does them one after
another, `places` are the folders to choose from, `routes` is what the page may ask, `words` has every text, `page` is what
the browser shows, and `launcher` writes a file to double-click. Needs the extra `app`.
"""
