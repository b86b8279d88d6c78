r"""Text that a spreadsheet program would compute, and how it is kept from doing so.

A cell of a CSV file that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to such programs,
and a formula can run or fetch what its writer wants. One apostrophe is put before such a text. A
text that has the apostrophe by itself gets a second one, so nothing is lost: who takes one
apostrophe away wherever such a text stands behind it has the text as it was.
Numbers are no text and stay as they are, negative ones too.
"""

from __future__ import annotations

import re

#: Spaces of Unicode, which DuckDB's expressions know as a class and Python's as these.
_SPACES = "\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
#: A text that is computed: behind apostrophes and spaces a sign, its full-width form included; or
#: at the very beginning a tab or a line break, which programs drop before they look.
COMPUTED = rf"^(?:['\t\r\n{_SPACES}]*[=+\-@＝＋－＠]|'*[\t\r\n])"  # noqa: RUF001 - these are meant
_COMPUTED = re.compile(COMPUTED)


def shown_sql(text: str) -> str:
    """SQL of a text as a cell that nothing computes; null stays null.

    Args:
        text: SQL of the text.
    """
    pattern = COMPUTED.replace("'", "''")
    return f"if(regexp_matches({text}, '{pattern}'), '''' || {text}, {text})"


def original(cell: str) -> str:
    """The text that a cell stands for: the inverse of `shown_sql`."""
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell[1:]) else cell
