"""What can be done with campaigns, by verb. Every function flushes and never commits."""

from engage.campaigns.service.bursts import dismiss_burst
from engage.campaigns.service.group import GROUP, group_due, regroup_period
from engage.campaigns.service.organiser import state_organiser

__all__ = ["GROUP", "dismiss_burst", "group_due", "regroup_period", "state_organiser"]
