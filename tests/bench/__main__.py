"""Runs the benchmarks."""

from __future__ import annotations

import sys

import click

from tests.bench import (
    analysis,
    calendars,
    campaigns,
    faults,
    form_exports,
    forms,
    log,
    pages,
    registrations,
    reports,
    run,
    way,
)

__all__ = [
    "analysis",
    "calendars",
    "campaigns",
    "faults",
    "form_exports",
    "forms",
    "log",
    "pages",
    "registrations",
    "reports",
    "way",
]

if __name__ == "__main__":
    try:
        run(sys.argv[1:])
    except click.UsageError as error:
        sys.exit(error.format_message())
