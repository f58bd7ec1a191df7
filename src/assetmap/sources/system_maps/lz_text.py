"""Text that lz-string packed into UTF-16 characters, unpacked within a bound.

A phrase of the dictionary may be as long as all the text before it, so that 100 kB can unpack to gigabytes. The
published Python libraries unpack whatever comes; hence our own decoder. lz-string (pieroxy, MIT) packs 15 bits to a
character, each moved up by 32 so that none is a control character.
"""

from __future__ import annotations

from collections.abc import Iterator

from assetmap.errors import InputError

__all__ = ["unpack_utf16"]

_BITS = 15
_LIFT = 32
_BYTE, _WIDE, _END = 0, 1, 2


class _Bits:
    """Reads numbers out of 15-bit characters: a character's high bit first, a number's low bit first."""

    def __init__(self, packed: str) -> None:
        self._stream = self._each(packed)

    @staticmethod
    def _each(packed: str) -> Iterator[int]:
        for char in packed:
            value = ord(char) - _LIFT
            if not 0 <= value < 1 << _BITS:
                raise InputError(f"{char!a} is no character of lz-string")
            for place in range(_BITS - 1, -1, -1):
                yield value >> place & 1

    def take(self, count: int) -> int:
        """Return the next number of so many bits."""
        try:
            return sum(next(self._stream) << place for place in range(count))
        except (StopIteration, RuntimeError) as error:
            raise InputError("it breaks off") from error


def unpack_utf16(packed: str, *, at_most: int) -> str:
    r"""Return the text that lz-string's ``compressToUTF16`` packed.

    Parameters
    ----------
    packed
        The packed characters, without a byte order mark.
    at_most
        The longest text that is unpacked, in characters.

    Raises
    ------
    InputError
        If it isn't such text, breaks off, or unpacks to more than `at_most`.

    Examples
    --------
    >>> unpack_utf16("\u10e1\u0d70\u0020", at_most=10)
    'abab'
    """
    bits = _Bits(packed)
    phrases: list[str] = ["", "", ""]
    parts: list[str] = []
    size, last, width = 0, "", 2
    while True:
        code = bits.take(width)
        if code == _END:
            return _whole("".join(parts))
        if code in (_BYTE, _WIDE):
            phrases.append(chr(bits.take(8 if code == _BYTE else 16)))
            code = len(phrases) - 1
        if code > len(phrases) or (code == len(phrases) and not last):
            raise InputError("it refers to a phrase that isn't there")
        phrase = phrases[code] if code < len(phrases) else last + last[0]
        parts.append(phrase)
        size += len(phrase)
        if size > at_most:
            raise InputError(f"it unpacks to more than {at_most:,} characters")
        if last:
            phrases.append(last + phrase[0])
        last = phrase
        width = len(phrases).bit_length()


def _whole(text: str) -> str:
    """Put together again what JavaScript packs as two halves of 16 bits; a lone half becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
