"""Logs: one JSON object a line, made of names that we chose. No address of a client is ever among them."""

import logging
import sys

import structlog


def configure() -> None:
    """Send structlog to stderr, newlines escaped, and quieten libraries that would log requests."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    for name in ("werkzeug", "granian.access", "huey"):
        logging.getLogger(name).setLevel(logging.WARNING)
