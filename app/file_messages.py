"""Why a file of addresses cannot be read, in words: for whoever sent it."""

from flask_babel import lazy_gettext as _l

UNREADABLE = {
    "double_encoded": _l("The accents were encoded twice (é has become Ã©): export the file once, straight from your system."),
    "undecodable": _l("The letters cannot be read in any usual encoding: export it in UTF-8."),
    "mixed_encodings": _l("Two encodings are mixed in the file: export it again, whole, in UTF-8."),
    "layout_needed": _l("It has fixed columns and came without its record layout: send it again with the layout."),
    "layout_misfit": _l("The record layout is not this file's: where it has the postcode, the file has something else."),
    "several_sheets": _l("Several sheets hold records: leave one, or send a file for each."),
    "bad_layout": _l("The record layout does not fit the file: check lengths and positions."),
    "empty_file": _l("The file is empty."),
    "no_records": _l("The file has column names, but no record."),
    "no_header": _l("The first line does not name the columns. If they are fixed, send the file again with its record layout."),
    "duplicate_header": _l("Two columns have the same name."),
    "ambiguous_column": _l("Two columns say the same thing: keep one of them."),
    "missing_column": _l("A column is missing: name, address, postcode and town are needed."),
    "too_many_columns": _l("Lines have more columns than the first one announces: a separator stands inside a value."),
    "shifted_row": _l("Some lines have slid: a separator stands inside a value."),
    "binary_file": _l("This is not a table of addresses: send CSV, text with fixed columns, or XLSX."),
    "unreadable_spreadsheet": _l("The spreadsheet does not open: save it again, or send CSV."),
    "too_large": _l("The file is too large: send it in parts."),
}
"""Why a file cannot be read, and what to do."""

_WHOM = _l("It needs e-mails, or names with a postcode or a town: give its columns headers that say so.")
UNREADABLE_SUPPRESSION = UNREADABLE | {
    "missing_column": _WHOM,
    "no_header": _WHOM,
    "layout_needed": _l("It has fixed columns: send it with a separator between them, or as XLSX."),
    "ambiguous_column": _l("Two columns say the same thing: keep one of them, or give them headers of their own."),
}
"""The same of a suppression file, which need not hold an address and comes without a layout."""
