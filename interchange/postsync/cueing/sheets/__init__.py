"""Cue sheets: a table of cells into cues, and cues into a table of cells; CSV and XLSX are two files around the same table.

`columns` is the table of what columns there are, `templates` which of them a sheet has, `headings` finds the header and what
it means, `rows` and `values` take back what spreadsheets do to cells, `clock` and `times` read times, `cast` and `words`
names and codes; `reading` and `writing` put it together.
"""

from postsync.cueing.sheets.clock import SheetQuestion
from postsync.cueing.sheets.columns import COLUMNS
from postsync.cueing.sheets.headings import Heading, Row, find_heading
from postsync.cueing.sheets.reading import read_sheet
from postsync.cueing.sheets.templates import TEMPLATES, Layout, header_words, layout_of, sheet_options
from postsync.cueing.sheets.texts import inert, live, typed_inert
from postsync.cueing.sheets.values import Value
from postsync.cueing.sheets.writing import SheetTable, WrittenColumn, sheet_table

__all__ = [
    "COLUMNS",
    "TEMPLATES",
    "Heading",
    "Layout",
    "Row",
    "SheetQuestion",
    "SheetTable",
    "Value",
    "WrittenColumn",
    "find_heading",
    "header_words",
    "inert",
    "layout_of",
    "live",
    "read_sheet",
    "sheet_options",
    "sheet_table",
    "typed_inert",
]
