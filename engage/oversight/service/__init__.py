"""What changes in this room, by verb. Every function flushes and never commits."""

from engage.oversight.service.entry import (
    MEETINGS_NOTE,
    BadEntry,
    EntryDraft,
    NotAsRead,
    Unchanged,
    checked_values,
    publish_entry,
)
from engage.oversight.service.importing import BadLine, ImportedEntry, read_entries
from engage.oversight.service.indicator import (
    CategoryDraft,
    IndicatorDraft,
    NotReady,
    SlugTaken,
    TooMany,
    add_method,
    add_standard_set,
    change_indicator,
    create_indicator,
    drop_indicator,
    end_indicator,
    publish_indicator,
)

__all__ = [
    "MEETINGS_NOTE",
    "BadEntry",
    "BadLine",
    "CategoryDraft",
    "EntryDraft",
    "ImportedEntry",
    "IndicatorDraft",
    "NotAsRead",
    "NotReady",
    "SlugTaken",
    "TooMany",
    "Unchanged",
    "add_method",
    "add_standard_set",
    "change_indicator",
    "checked_values",
    "create_indicator",
    "drop_indicator",
    "end_indicator",
    "publish_entry",
    "publish_indicator",
    "read_entries",
]
