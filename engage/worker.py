"""The work's table of contents: which job calls which handler, and when."""

from __future__ import annotations

import threading

import structlog
from flask import Flask

from engage.backup.marks import keep_marks
from engage.campaigns.service import GROUP, group_due
from engage.checks.service import FORGET_COUNTS, forget_counts
from engage.comments.service.analyse import analyse_due
from engage.comments.service.remeasure import remeasure_due
from engage.dockets.service import REMEASURE
from engage.feedback.service.box import COUNT, READ
from engage.feedback.service.count import count_due as count_answers
from engage.feedback.service.quote import QUOTE, quote_due
from engage.feedback.service.read import read_due
from engage.follows.service.find import find_comment_news, find_news
from engage.follows.service.find_answers import find_answers
from engage.follows.service.queue import tell_moderators
from engage.follows.service.tell import forget_told, tell_news
from engage.jobs.queue import KEEP_MARKS, QUEUE_DOWN, Handler, make_huey, register
from engage.jobs.scrub import SCRUB, scrub_due
from engage.labelling.service import learn_due, measure_due
from engage.mail.service import send_due
from engage.meetings.service.tell import TELL, tell_attendees
from engage.moderation.service import note_due
from engage.receipts import service as receipts
from engage.receipts.models import MANIFEST, SEAL
from engage.reports.service.count import count_due
from engage.reports.service.publish import PUBLISH, publish_due
from engage.retention.service import purge_due
from engage.themes.service.find import find_due

log = structlog.get_logger()

HANDLERS: dict[str, Handler] = {
    "analyse_comments": analyse_due,
    GROUP: group_due,
    "count_comments": count_due,
    PUBLISH: publish_due,
    COUNT: count_answers,
    READ: read_due,
    QUOTE: quote_due,
    "measure_labels": measure_due,
    REMEASURE: remeasure_due,
    "learn_positions": learn_due,
    "find_news": find_news,
    "find_comment_news": find_comment_news,
    "find_answers": find_answers,
    "tell_news": tell_news,
    "forget_told": forget_told,
    "tell_moderators": tell_moderators,
    TELL: tell_attendees,
    "send_mail": send_due,
    "find_themes": find_due,
    "purge": purge_due,
    SCRUB: scrub_due,
    KEEP_MARKS: keep_marks,
    "note_disputes": note_due,
    FORGET_COUNTS: forget_counts,
    SEAL: receipts.seal_due,
    MANIFEST: receipts.manifest_due,
}

SWEEP_SECONDS = 3.0


def run(app: Flask, *, workers: int) -> None:
    """Work until told to stop (SIGINT, SIGTERM). Any number of workers may run, on any number of machines."""
    huey = make_huey(app.config["ENGAGE_QUEUE_URL"])
    enqueue = register(huey, app, HANDLERS)
    stopped = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(enqueue, huey, stopped), name="sweeper", daemon=True)
    sweeper.start()
    try:
        huey.create_consumer(
            workers=workers, worker_type="thread", periodic=False, backoff=1.15, max_delay=1.0
        ).run()
    finally:
        stopped.set()
        with app.app_context():
            keep_marks()


def _sweep(enqueue: object, huey: object, stopped: threading.Event) -> None:
    """Look for work that no wake-up announced: one that was lost, or that a killed worker left."""
    while not stopped.wait(SWEEP_SECONDS):
        try:
            if huey.pending_count() == 0:  # type: ignore[attr-defined]
                for job in HANDLERS:
                    enqueue(job)  # type: ignore[operator]
        except QUEUE_DOWN as error:
            log.warning("queue_down", error=type(error).__name__)
