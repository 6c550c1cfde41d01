"""Verified copies of the database, and marks kept outside it by which an older copy is recognised."""
