"""Who may write the record of a docket."""

from __future__ import annotations

from engage.accounts.models import RoleName

EDITORS = (RoleName.OFFICIAL, RoleName.CLERK, RoleName.ADMINISTRATOR)
"""Those who may know the numbers that are hidden from everybody else. Others read the public pages."""
