"""Text as it was meant, for the few texts that Python looks at itself: headers and total rows.

Values are typed in SQL; `tidy` and `spelling_key` here are the same maps as the macros of those
names in value_forms.sql, and a test holds the two equal.
"""

from __future__ import annotations

import re
import string

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_SPACES = re.compile("[\t-\r\x1c-\x20\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

#: A whole cell that says its row is a sum of the others.
TOTAL_WORD = (
    r"^(ยอดรวม|รวมยอด|รวม|ผลรวม|grand ?total|sub-?total|total)"
    r"( ?(ทั้งสิ้น|ทั้งหมด|สุทธิ|เป็นเงิน|เงิน|all))? ?:?$"
)


def tidy(text: str) -> str:
    """The text without invisible characters, with one kind of space, sara am and mae composed."""
    text = _INVISIBLE.sub("", text)
    text = _SPLIT_SARA_AM.sub("\\1\u0e33", text).replace("เเ", "แ")
    return _SPACES.sub(" ", text).strip(" ")


def spelling_key(text: str) -> str:
    """What headers are compared by: tidy, in one case (of A to Z), without any space."""
    return tidy(text).translate(_LOWER).replace(" ", "")
