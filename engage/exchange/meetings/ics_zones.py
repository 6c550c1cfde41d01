"""The time zones of an iCalendar file: of the IANA's list, of Windows, or explained by the file itself."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from engage.exchange.meetings.ics_blocks import Block, value_of
from engage.exchange.values import BadRecord

_MOST_OBSERVANCES: Final = 200


def known_zone(name: str) -> ZoneInfo | None:
    """A zone by its name in the IANA's list or in Windows, or by the end of a longer one."""
    name = name.strip().strip('"')
    name = WINDOWS_TO_OLSON.get(name, name)
    parts = name.split("/")
    for length in (len(parts), 3, 2):
        wanted = "/".join(parts[-length:])
        if wanted in available_timezones():
            return ZoneInfo(wanted)
    return None


class Zones:
    """The time zones that a file speaks of."""

    def __init__(self, blocks: list[Block], default: ZoneInfo) -> None:
        self.default = default
        self._blocks = {value_of(block, "TZID"): block for block in blocks}
        self._found: dict[str, tzinfo | None] = {}

    def get(self, name: str) -> tzinfo:
        """A zone by its TZID. Raises BadRecord for one that nobody knows and the file does not explain."""
        if name not in self._found:
            self._found[name] = known_zone(name) or self._explained(name)
        zone = self._found[name]
        if zone is None:
            raise BadRecord(f"The time zone “{name[:60]}” is not known, and the file does not explain it.")
        return zone

    def name_of(self, zone: tzinfo) -> str:
        """The name to keep; a zone of the file's own keeps its instants and is told in the default zone."""
        return zone.key if isinstance(zone, ZoneInfo) else self.default.key

    def _explained(self, name: str) -> tzinfo | None:
        block = self._blocks.get(name)
        if block is None:
            return None
        known = known_zone(value_of(block, "X-LIC-LOCATION"))
        if known:
            return known
        rules = [line for line in block.lines if line.upper().startswith("RRULE")]
        begun = [line for line in block.lines if line.upper().startswith("BEGIN:")]
        if len(begun) > _MOST_OBSERVANCES or not all("FREQ=YEARLY" in rule.upper() for rule in rules):
            return None
        try:
            component = Timezone.from_ical(block.text)
            zone = component.to_tz() if isinstance(component, Timezone) else None
        except Exception:
            # Whatever a library makes of a stranger's zone: it is not known then.
            return None
        return zone
