"""Meetings in the words of other systems: calendars, Open Civic Data, City Scrapers, schema.org.

All are made of meetings that a query of the room has found to be public; nothing here looks anything up.
"""
