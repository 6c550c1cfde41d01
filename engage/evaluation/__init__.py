"""Measuring the analysis on labelled text, and teaching what in it learns; nothing here runs on the site."""
