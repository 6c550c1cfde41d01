"""Tables from which no small group can be worked out."""

K = 10
"""Counts below this are not told."""
