"""What can be done with comments, by verb."""

from engage.comments.service.analyse import analyse_due
from engage.comments.service.submit import AlreadySent, PeriodClosed, TextTooLong, submit_comment

__all__ = ["AlreadySent", "PeriodClosed", "TextTooLong", "analyse_due", "submit_comment"]
