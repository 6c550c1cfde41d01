"""Formats of other systems, in and out."""
