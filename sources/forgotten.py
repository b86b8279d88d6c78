"""Who is forgotten, without saying who: a keyed hash of a natural person's id, and how to find it.

The ledger keeps the hash, so that a later file with the same person is recognised. Its purpose is
part of what is hashed: it is another value than the `enterprise_key` that analysts join on. Who has
the key of the warehouse can test whether an id is in the list; nobody can read an id out of it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from stdnum.th import pin

_PURPOSE = b"forgotten natural person\0"
_DIGIT = "[0-9\u0e50-\u0e59]"
#: What people write between the digits of one id; separators of lists and letters are none of it.
_BETWEEN = "[^0-9\u0e50-\u0e59A-Za-z;,|\n]{0,3}"
#: An id of a natural person among other text, whatever its check digit.
MENTION = f"[1-8\u0e51-\u0e58](?:{_BETWEEN}{_DIGIT}){{12}}"
#: Every place where one may begin: a number that stands before an id must not hide it.
_ALONE = re.compile(f"(?<!{_DIGIT})(?=({MENTION})(?!{_DIGIT}))")
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
#: What stands instead of an id in text that somebody else wrote.
COVER = "•"


class NoNaturalPerson(ValueError):
    """The text is no natural person's id; the message says why, without repeating it."""


def natural_person_id(text: str) -> str:
    """The thirteen digits of a natural person's id, as people write it.

    Raises:
        NoNaturalPerson: it is none, or a juristic person's, which is not personal data.
    """
    digits = re.sub("[\\s\u2010-\u2015\u2212-]", "", text.translate(_ARABIC))
    if not re.fullmatch(r"[0-9]{13}", digits):
        raise NoNaturalPerson("A natural person's id has 13 digits; dashes and spaces may stand.")
    if digits[0] == "0":
        raise NoNaturalPerson(
            "This is a juristic person's id (its first digit is 0). What is known of a firm is no "
            "personal data; `warehouse withdraw` takes a file's rows out."
        )
    if digits[0] == "9":
        raise NoNaturalPerson("The first digit of a natural person's id is 1 to 8.")
    if pin.calc_check_digit(digits[:12]) != digits[12]:
        raise NoNaturalPerson("The check digit does not fit: one of the digits is mistyped.")
    return digits


def person_hash(secret: bytes, person_id: str) -> str:
    """The hash by which a forgotten person is recognised, in hex (HMAC-SHA-256)."""
    return hmac.new(secret, _PURPOSE + person_id.encode(), hashlib.sha256).hexdigest()


def mention_of(person_id: str) -> str:
    """A pattern (RE2 and Python) of this id however its digits are written and parted."""
    digits = [f"[{digit}{chr(0x0E50 + int(digit))}]" for digit in person_id]
    return _BETWEEN.join(digits)


@dataclass(frozen=True)
class Forgotten:
    """Everybody who is forgotten.

    Attributes:
        secret: the key of the warehouse.
        hashes: of the persons.
    """

    secret: bytes
    hashes: Collection[str]
    _known: dict[str, bool] = field(default_factory=dict, compare=False)

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(self.hashes)

    def __bool__(self) -> bool:
        """Whether anybody is."""
        return bool(self.hashes)

    def has(self, written: str) -> bool:
        """Whether an id, as it is written, is a forgotten person's."""
        digits = re.sub("[^0-9]", "", written.translate(_ARABIC))
        if digits not in self._known:
            self._known[digits] = person_hash(self.secret, digits) in self._wanted
        return self._known[digits]

    def is_named_in(self, text: str | None) -> bool:
        """Whether the text has a forgotten person's id in it."""
        return bool(self._places(text or ""))

    def covered(self, text: str, cover: str = COVER) -> str:
        """The text with the ids of forgotten persons covered."""
        for start, end in reversed(self._places(text)):
            text = text[:start] + cover + text[end:]
        return text

    def _places(self, text: str) -> list[tuple[int, int]]:
        return [found.span(1) for found in _ALONE.finditer(text) if self.has(found[1])]
