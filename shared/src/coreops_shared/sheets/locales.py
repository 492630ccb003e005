"""How people of different places write numbers, dates and truth in cells.

A store hands over what its cells show, so the words of a spreadsheet's locale arrive: ``WAHR``, ``1.234,5``,
``31.01.2026`` (Sheets API: ValueRenderOption ``FORMATTED_VALUE``; Sheets help: "Change a spreadsheet's locale").
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final

from coreops_shared.suggest import did_you_mean

__all__ = ["NEUTRAL", "Locale", "locale_of"]

_EXACT: Final = 2**53
"""Up to here a double holds every whole number."""

_TRUE: Final = ("true", "yes", "y", "on", "1")
_FALSE: Final = ("false", "no", "n", "off", "0")
_DAY: Final = re.compile(r"([0-9]{1,4})[./-] ?([0-9]{1,2})[./-] ?([0-9]{1,4})\.?")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\s?([AaPp])\.?[Mm]\.?)?")


@dataclass(frozen=True)
class Locale:
    """How cells are written. The English words of truth and ISO 8601 dates are understood in each.

    Args:
        name: Language and perhaps country: ``de``, ``en_GB``; empty for the neutral one.
        decimal: Between whole and fraction of a number.
        groups: Characters that may stand between groups of three digits.
        order: Order of day, month and year in a date: ``dmy``, ``mdy`` or ``ymd``; empty for ISO 8601 only.
        separator: Between them, for examples.
        true: Further words for true, in lower case.
        false: Further words for false, in lower case.
    """

    name: str
    decimal: str = "."
    groups: str = ","
    order: str = ""
    separator: str = "-"
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()

    def integer(self, text: str) -> int:
        """Read a whole number of any size; one with a fraction or exponent as a double. Raises ValueError."""
        if text.isascii() and text.isdigit():
            return int(text)
        if self._whole.fullmatch(text):
            return int(self._plain(text))
        number = self.number(text)
        if not number.is_integer() or abs(number) > _EXACT:
            raise ValueError(text)
        return int(number)

    def number(self, text: str) -> float:
        """Read a finite number. Raises ValueError."""
        if not self._decimal.fullmatch(text):
            raise ValueError(text)
        number = float(self._plain(text))
        if not math.isfinite(number):
            raise ValueError(text)
        return number

    def boolean(self, text: str) -> bool:
        """Read a word for true or false, whatever its case. Raises ValueError."""
        value = self._truth.get(text.casefold())
        if value is None:
            raise ValueError(text)
        return value

    def day(self, text: str) -> date:
        """Read a date; years have four digits. Raises ValueError."""
        match = _DAY.fullmatch(text) if self.order else None
        if match is None:
            return date.fromisoformat(text)
        parts = dict(zip(self.order, match.groups(), strict=True))
        if len(parts["y"]) != 4:
            return date.fromisoformat(text)
        return date(int(parts["y"]), int(parts["m"]), int(parts["d"]))

    def instant(self, text: str) -> datetime:
        """Read a date with a time, or midnight of a date; UTC where no offset stands. Raises ValueError."""
        written, _, time = text.partition(" ")
        match = _TIME.fullmatch(time.strip()) if self.order else None
        if match is None:
            instant = self._iso(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        hour, minute, second, half = match.groups()
        day = self.day(written.rstrip(","))
        hours = int(hour) if half is None else int(hour) % 12 + (12 if half in "Pp" else 0)
        return datetime(day.year, day.month, day.day, hours, int(minute), int(second or 0), tzinfo=UTC)

    @property
    def today(self) -> str:
        """How the last day of January 2026 is written."""
        return self.separator.join({"y": "2026", "m": "01", "d": "31"}[part] for part in self.order or "ymd")

    @property
    def native(self) -> bool:
        """Whether a number is never written differently from JSON's and means something else (RFC 8259 section 6)."""
        return self.decimal == "."

    def _iso(self, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            day = self.day(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)

    def _plain(self, text: str) -> str:
        for letter in self.groups:
            text = text.replace(letter, "")
        return text.replace(self.decimal, ".")

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile(rf"[+-]?{self._digits}")

    @cached_property
    def _decimal(self) -> re.Pattern[str]:
        mark = re.escape(self.decimal)
        return re.compile(rf"[+-]?(?:{self._digits}(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]+)?")

    @property
    def _digits(self) -> str:
        return rf"(?:[0-9]{{1,3}}(?:[{re.escape(self.groups)}][0-9]{{3}})+|[0-9]+)"

    @cached_property
    def _truth(self) -> Mapping[str, bool]:
        return {**dict.fromkeys((*_TRUE, *self.true), True), **dict.fromkeys((*_FALSE, *self.false), False)}


NEUTRAL: Final = Locale("")
"""Where no locale is set: English words and numbers, and no date that could mean two days."""

_DOTS: Final = ".' \u00a0\u202f"
_SPACES: Final = " \u00a0\u202f."


def _continental(name: str, true: str, false: str, *, groups: str = _DOTS, separator: str = ".") -> Locale:
    return Locale(name, ",", groups, "dmy", separator, (true,), (false,))


_KNOWN: Final = {
    locale.name.casefold(): locale
    for locale in (
        Locale("en", order="mdy", separator="/"),
        *(Locale(f"en_{country}", order="dmy", separator="/") for country in ("GB", "AU", "NZ", "IE", "IN", "ZA")),
        Locale("en_CA", order="ymd"),
        _continental("de", "wahr", "falsch"),
        Locale("de_CH", ".", "'’", "dmy", ".", ("wahr",), ("falsch",)),
        _continental("da", "sand", "falsk"),
        _continental("es", "verdadero", "falso", separator="/"),
        Locale("es_MX", order="dmy", separator="/", true=("verdadero",), false=("falso",)),
        _continental("fi", "tosi", "epätosi", groups=_SPACES),
        _continental("fr", "vrai", "faux", groups=_SPACES, separator="/"),
        _continental("it", "vero", "falso", separator="/"),
        _continental("nb", "sann", "usann", groups=_SPACES),
        _continental("nl", "waar", "onwaar", separator="-"),
        _continental("pl", "prawda", "fałsz", groups=_SPACES),
        _continental("pt", "verdadeiro", "falso", separator="/"),
        _continental("ru", "истина", "ложь", groups=_SPACES),
        Locale("sv", ",", _SPACES, "ymd", "-", ("sant",), ("falskt",)),
        _continental("tr", "doğru", "yanliş"),
        _continental("uk", "істина", "хибність", groups=_SPACES),
        Locale("ja", order="ymd", separator="/"),
    )
}


def locale_of(name: str) -> Locale:
    """Return the locale of a name such as ``de``, ``de_DE`` or ``de-CH``; the neutral one for an empty name.

    Raises:
        ValueError: with a whole sentence: it is not known.
    """
    wanted = name.strip().replace("-", "_")
    if not wanted:
        return NEUTRAL
    found = _KNOWN.get(wanted.casefold()) or _KNOWN.get(wanted.partition("_")[0].casefold())
    if found is None:
        hint = did_you_mean(wanted, [locale.name for locale in _KNOWN.values()])
        known = ", ".join(sorted(locale.name for locale in _KNOWN.values()))
        raise ValueError(f'"{name}" is not a known locale{hint}; there are: {known}')
    return found
