"""Tables that people open in a spreadsheet: it takes some texts for formulas, and would carry out what an outsider wrote (trade
reference, section 10). Not for files that machines read, such as a mailing or a net file: there every character is printed or compared.
"""

import re

FORMULA = r"^[=+\-@\t\r]"
"""How a text begins that a spreadsheet would carry out."""
NUMBER = r"^[+-]?[0-9 .,\u00a0\u202f]+%?$"
"""A number, though it begins like one: a negative one, or a telephone's."""
MARK = "'"
"""What is put before it, so that it is read as a text."""


def defused(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    return MARK + text if re.match(FORMULA, text) and not re.match(NUMBER, text) else text


def as_meant(text: str) -> str:
    """A cell's text without the mark that `defused` put before it."""
    bare = text.removeprefix(MARK)
    return bare if defused(bare) == text else text
