"""Tests of one reader a format."""
