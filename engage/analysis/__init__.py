"""Pure text analysis: text in, frozen dataclasses out. No Flask, no SQLAlchemy, no clock, no network."""
