r"""Text that a spreadsheet program would compute, and how it is kept from doing so.

A cell of a CSV file that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to such programs,
and a formula can run or fetch what its writer wants. One apostrophe is put before such a text. A
text that has the apostrophe by itself gets a second one, so nothing is lost: who takes one
apostrophe away wherever such a text stands behind it has the text as it was.
Numbers are no text and stay as they are, negative ones too.
"""

from __future__ import annotations

import re

#: What programs may pass over before they look: controls, spaces of any kind, characters of no
#: width, and what no workbook can hold and so is not in one.
_PASSED_OVER = (
    r"\x00-\x20\x7f-\x9f"
    "\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufffe\uffff"
)
#: A text that is computed: behind such and behind apostrophes a sign, its full-width form included;
#: or at the very beginning a tab or a line break.
COMPUTED = rf"^(?:['{_PASSED_OVER}]*[=+\-@＝＋－＠]|'*[\t\r\n])"  # noqa: RUF001 - these are meant
_COMPUTED = re.compile(COMPUTED)
#: First characters of a text that is never computed, from one to before another: ASCII's digits and
#: letters. Most texts of large tables are codes and keys; to compare costs less than a pattern.
_PLAIN = (("0", ":"), ("A", "["), ("a", "{"))


def shown_sql(text: str) -> str:
    """SQL of a text as a cell that nothing computes; null stays null.

    Args:
        text: SQL of the text.
    """
    pattern = COMPUTED.replace("'", "''")
    plain = " or ".join(
        f"({text} >= '{first}' and {text} < '{behind}')" for first, behind in _PLAIN
    )
    shown = f"if(regexp_matches({text}, '{pattern}'), '''' || {text}, {text})"
    return f"case when {plain} then {text} else {shown} end"


def original(cell: str) -> str:
    """The text that a cell stands for: the inverse of `shown_sql`."""
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell[1:]) else cell
