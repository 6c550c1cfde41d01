"""What can be done with campaigns, by verb. Every function flushes and never commits."""

from engage.campaigns.service.group import GROUP, group_due, regroup_period

__all__ = ["GROUP", "group_due", "regroup_period"]
