"""Text as it was meant, for the few texts that Python looks at itself: headers and total rows.

Values are typed in SQL; `tidy` and `spelling_key` here are the same maps as the macros of those
names in value_forms.sql, and a test holds the two equal.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from pathlib import Path

#: The macros, to be read into a database.
FORMS_SQL = Path(__file__).parent / "value_forms.sql"

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff]"
)
_SPACES = re.compile("[\t-\r\x1c-\x20\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# What Thai writes around one consonant: the vowels over and under it (with phinthu) and maitaikhu,
# the tone marks, the silencer, nikhahit and yamakkan. No word has one of them twice there.
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_CLUSTER = re.compile(f"[{_MARKS}]*า[า\u0e48-\u0e4b\u0e4d]*|[{_MARKS}]{{2,}}|ะะ+|แแ+|โโ+|ใใ+|ไไ+")
_FORCED_TEXT = re.compile("^['’][ '’]*([-0-9\u0e50-\u0e59=+@])")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

#: What may hold an address, a telephone number or an id, as DuckDB's patterns are written: the
#: others need not be looked at more closely.
MAY_NAME_A_PERSON = r"@|\p{Nd}(\P{Nd}{0,3}\p{Nd}){8}"

#: A whole cell that says its row is a sum of the others.
TOTAL_WORD = (
    r"^(ยอดรวม|รวมยอด|รวม|ผลรวม|grand ?total|sub-?total|total)"
    r"( ?(ทั้งสิ้น|ทั้งหมด|สุทธิ|เป็นเงิน|เงิน|all))? ?:?$"
)


def _in_order(cluster: re.Match[str]) -> str:
    """The marks of one consonant, each once, in the order in which they are written."""
    # Unicode numbers the marks in that order (vowel, tone, silencer); aa stands beside, so last.
    marks = "".join(sorted(set(cluster[0])))
    return marks.replace("า", "") + "า" * ("า" in marks)


@lru_cache(maxsize=20_000)  # of the first rows of files, the same texts come again and again
def tidy(text: str) -> str:
    """The text as it was meant; what that is stands at the macro `tidied`."""
    text = _INVISIBLE.sub("", text).replace("เเ", "แ").replace("ำ", "ํา")
    text = _CLUSTER.sub(_in_order, text).replace("ํา", "ำ")
    return _FORCED_TEXT.sub("\\1", _SPACES.sub(" ", text).strip(" "))


def spelling_key(text: str) -> str:
    """What headers are compared by: tidy, in one case (of A to Z), without any space."""
    return tidy(text).translate(_LOWER).replace(" ", "")
