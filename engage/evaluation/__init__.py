"""Measuring the analysis on labelled text, and teaching the parts of it that learn; nothing here runs on the site."""
