"""The database: base class, column types, session. Imports nothing of the rooms above it."""
