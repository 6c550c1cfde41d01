"""What can be done with the numbers, by verb."""

from engage.reports.service.count import count_due, recount_period, start_over

__all__ = ["count_due", "recount_period", "start_over"]
