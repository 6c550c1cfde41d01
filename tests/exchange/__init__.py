"""Tests of what comes in from other systems and goes out to them."""
