"""What is done to themes: found by a job, named by staff."""

from engage.themes.service.forget import forget_quotes
from engage.themes.service.name import (
    CannotMerge,
    NameMissing,
    confirm_theme,
    dismiss_theme,
    merge_theme,
    reopen_theme,
)

__all__ = [
    "CannotMerge",
    "NameMissing",
    "confirm_theme",
    "dismiss_theme",
    "forget_quotes",
    "merge_theme",
    "reopen_theme",
]
