"""Who may open what: every route of the site as every kind of reader, against the table below.

A new route needs a line in the table. A line says who is let in; everybody else must be sent to the sign-in
or told 403.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from tests.guards.routes import routes
from tests.support import makers
from tests.support.pages import Client

ADMINISTRATOR, CLERK, HOST = RoleName.ADMINISTRATOR, RoleName.CLERK, RoleName.HOST
MODERATOR, OFFICIAL, RESIDENT = RoleName.MODERATOR, RoleName.OFFICIAL, RoleName.RESIDENT

ANONYMOUS = None
READERS = (ANONYMOUS, *RoleName)
PUBLIC: frozenset[RoleName | None] = frozenset(READERS)
SIGNED_IN: frozenset[RoleName | None] = frozenset(RoleName)
STAFF: frozenset[RoleName | None] = SIGNED_IN - {RESIDENT}

TABLE: dict[str, frozenset[RoleName | None] | set[RoleName]] = {
    "accounts.change_password": SIGNED_IN,
    "accounts.forgot_password": PUBLIC,
    "accounts.login": PUBLIC,
    "accounts.logout": PUBLIC,
    "accounts.mf_recovery": PUBLIC,
    "accounts.mf_recovery_codes": SIGNED_IN,
    "accounts.reset_password": PUBLIC,
    "accounts.tf_select": PUBLIC,
    "accounts.two_factor_rescue": PUBLIC,
    "accounts.two_factor_setup": PUBLIC,
    "accounts.two_factor_setup_validate": SIGNED_IN,
    "accounts.two_factor_token_validation": PUBLIC,
    "accounts.verify": SIGNED_IN,
    "calendars.city_scrapers": PUBLIC,
    "calendars.docket": PUBLIC,
    "calendars.meeting": PUBLIC,
    "calendars.open_civic_data": PUBLIC,
    "calendars.site": PUBLIC,
    "campaigns.bursts": {ADMINISTRATOR, CLERK, MODERATOR},
    "campaigns.campaign": PUBLIC,
    "campaigns.campaign_list": PUBLIC,
    "campaigns.dismiss_warning": {ADMINISTRATOR, CLERK, MODERATOR},
    "comments.attachment": PUBLIC,
    "comments.cancel_period": {ADMINISTRATOR, CLERK},
    "comments.comment": PUBLIC,
    "comments.edit_period": {ADMINISTRATOR, CLERK},
    "comments.extend_period": {ADMINISTRATOR, CLERK},
    "comments.large_print": PUBLIC,
    "comments.new_period": {ADMINISTRATOR, CLERK},
    "comments.notice": PUBLIC,
    "comments.period": PUBLIC,
    "comments.period_list": PUBLIC,
    "comments.reading_room": PUBLIC,
    "comments.reopen_period": {ADMINISTRATOR, CLERK},
    "comments.similar": PUBLIC,
    "comments.staff_periods": {ADMINISTRATOR, CLERK},
    "comments.submit_comment": PUBLIC,
    "dockets.add_standard_phases": {ADMINISTRATOR, CLERK},
    "dockets.change_concerns": {ADMINISTRATOR, CLERK},
    "dockets.changes": PUBLIC,
    "dockets.concerns": PUBLIC,
    "dockets.concerns_file": PUBLIC,
    "dockets.confirm_concerns": {ADMINISTRATOR, CLERK},
    "dockets.docket": PUBLIC,
    "dockets.docket_list": PUBLIC,
    "dockets.document": PUBLIC,
    "dockets.edit_decision": {ADMINISTRATOR, CLERK},
    "dockets.edit_docket": {ADMINISTRATOR, CLERK},
    "dockets.edit_phases": {ADMINISTRATOR, CLERK},
    "dockets.new_docket": {ADMINISTRATOR, CLERK},
    "dockets.new_document": {ADMINISTRATOR, CLERK},
    "dockets.new_update": {ADMINISTRATOR, CLERK},
    "dockets.new_version": {ADMINISTRATOR, CLERK},
    "dockets.publish_docket": {ADMINISTRATOR, CLERK},
    "dockets.staff_concerns": {ADMINISTRATOR, CLERK},
    "dockets.staff_concerns_file": {ADMINISTRATOR, CLERK},
    "dockets.staff_docket": {ADMINISTRATOR, CLERK},
    "dockets.staff_dockets": {ADMINISTRATOR, CLERK},
    "feedback.add_line": {ADMINISTRATOR, CLERK, HOST},
    "feedback.add_part": {ADMINISTRATOR, CLERK, HOST},
    "feedback.answers": {ADMINISTRATOR, CLERK, OFFICIAL},
    "feedback.answers_csv": {ADMINISTRATOR, CLERK, OFFICIAL},
    "feedback.answers_json": {ADMINISTRATOR, CLERK, OFFICIAL},
    "feedback.answers_xlsx": {ADMINISTRATOR, CLERK, OFFICIAL},
    "feedback.answers_zip": {ADMINISTRATOR, CLERK, OFFICIAL},
    "feedback.build": {ADMINISTRATOR, CLERK, HOST},
    "feedback.check": PUBLIC,
    "feedback.close_form": {ADMINISTRATOR, CLERK},
    "feedback.code_sheet": {ADMINISTRATOR, CLERK, HOST},
    "feedback.codes": {ADMINISTRATOR, CLERK, HOST},
    "feedback.codes_csv": {ADMINISTRATOR, CLERK, HOST},
    "feedback.copy_form": {ADMINISTRATOR, CLERK, HOST},
    "feedback.copy_part": {ADMINISTRATOR, CLERK, HOST},
    "feedback.cross_tables": PUBLIC,
    "feedback.definition_json": PUBLIC,
    "feedback.definition_xlsx": {ADMINISTRATOR, CLERK, HOST},
    "feedback.delete_form": {ADMINISTRATOR, CLERK, HOST},
    "feedback.dictionary_csv": {ADMINISTRATOR, CLERK, OFFICIAL},
    "feedback.edit_condition": {ADMINISTRATOR, CLERK, HOST},
    "feedback.edit_form": {ADMINISTRATOR, CLERK, HOST},
    "feedback.edit_part": {ADMINISTRATOR, CLERK, HOST},
    "feedback.edit_question": {ADMINISTRATOR, CLERK, HOST},
    "feedback.edit_texts": {ADMINISTRATOR, CLERK, HOST},
    "feedback.enter": {ADMINISTRATOR, CLERK, HOST},
    "feedback.form": PUBLIC,
    "feedback.form_changes": {ADMINISTRATOR, CLERK, HOST},
    "feedback.form_list": PUBLIC,
    "feedback.form_version": {ADMINISTRATOR, CLERK, HOST},
    "feedback.helper_enter": PUBLIC,
    "feedback.move_part": {ADMINISTRATOR, CLERK, HOST},
    "feedback.new_form": {ADMINISTRATOR, CLERK, HOST},
    "feedback.new_page": {ADMINISTRATOR, CLERK, HOST},
    "feedback.new_question": {ADMINISTRATOR, CLERK, HOST},
    "feedback.new_section": {ADMINISTRATOR, CLERK, HOST},
    "feedback.paper": PUBLIC,
    "feedback.preview": {ADMINISTRATOR, CLERK, HOST},
    "feedback.publish_form": {ADMINISTRATOR, CLERK},
    "feedback.question_texts": PUBLIC,
    "feedback.received": PUBLIC,
    "feedback.remove_part": {ADMINISTRATOR, CLERK, HOST},
    "feedback.result_list": {ADMINISTRATOR, CLERK, HOST, OFFICIAL},
    "feedback.results": PUBLIC,
    "feedback.results_csv": PUBLIC,
    "feedback.results_json": PUBLIC,
    "feedback.results_schema": PUBLIC,
    "feedback.return_form": {ADMINISTRATOR, CLERK, HOST},
    "feedback.staff_cross_tables": {ADMINISTRATOR, CLERK, HOST, OFFICIAL},
    "feedback.staff_definition_json": {ADMINISTRATOR, CLERK, HOST},
    "feedback.staff_form": {ADMINISTRATOR, CLERK, HOST},
    "feedback.staff_forms": {ADMINISTRATOR, CLERK, HOST},
    "feedback.staff_results": {ADMINISTRATOR, CLERK, HOST, OFFICIAL},
    "feedback.staff_results_csv": {ADMINISTRATOR, CLERK, HOST, OFFICIAL},
    "feedback.staff_results_json": {ADMINISTRATOR, CLERK, HOST, OFFICIAL},
    "feedback.strike_out": {ADMINISTRATOR, CLERK, MODERATOR},
    "feedback.submit_form": {ADMINISTRATOR, CLERK, HOST},
    "feedback.take_from": {ADMINISTRATOR, CLERK, HOST},
    "feedback.take_questions": {ADMINISTRATOR, CLERK, HOST},
    "feedback.text_queue": {ADMINISTRATOR, CLERK, MODERATOR},
    "feedback.texts": {ADMINISTRATOR, CLERK, MODERATOR},
    "feedback.upload_definition": {ADMINISTRATOR, CLERK, HOST},
    "feeds.docket": PUBLIC,
    "feeds.meeting": PUBLIC,
    "feeds.meetings": PUBLIC,
    "feeds.period": PUBLIC,
    "feeds.periods": PUBLIC,
    "follows.add": PUBLIC,
    "follows.add_comment": PUBLIC,
    "follows.confirm": PUBLIC,
    "follows.follow_comment": PUBLIC,
    "follows.follow_docket": PUBLIC,
    "follows.follow_meeting": PUBLIC,
    "follows.follow_period": PUBLIC,
    "follows.following": PUBLIC,
    "follows.mail": {ADMINISTRATOR, CLERK},
    "follows.mail_receipt": PUBLIC,
    "follows.no_reminder": PUBLIC,
    "follows.queue_notice": {ADMINISTRATOR, MODERATOR},
    "follows.receipt_sent": PUBLIC,
    "follows.sent": PUBLIC,
    "follows.stop": PUBLIC,
    "follows.stopped": PUBLIC,
    "intake.batch_entry": PUBLIC,
    "intake.batch_paper": {ADMINISTRATOR, CLERK},
    "intake.batches": {ADMINISTRATOR, CLERK},
    "intake.close_batch": {ADMINISTRATOR, CLERK},
    "intake.code": PUBLIC,
    "intake.entry_periods": {ADMINISTRATOR, CLERK, MODERATOR},
    "intake.helper_paper": PUBLIC,
    "intake.leave": PUBLIC,
    "intake.mistaken": PUBLIC,
    "intake.paper": PUBLIC,
    "intake.staff_entry": {ADMINISTRATOR, CLERK, MODERATOR},
    "labelling.draw": {ADMINISTRATOR, CLERK, MODERATOR},
    "labelling.label": {ADMINISTRATOR, CLERK, MODERATOR},
    "labelling.labels": {ADMINISTRATOR, CLERK, MODERATOR, OFFICIAL},
    "labelling.next_comment": {ADMINISTRATOR, CLERK, MODERATOR},
    "labelling.sample": {ADMINISTRATOR, CLERK, MODERATOR, OFFICIAL},
    "labelling.samples": {ADMINISTRATOR, CLERK, MODERATOR, OFFICIAL},
    "labelling.suggested": {ADMINISTRATOR, CLERK, MODERATOR, OFFICIAL},
    "machines.healthz": PUBLIC,
    "machines.readyz": PUBLIC,
    "machines.root": PUBLIC,
    "machines.security_txt": PUBLIC,
    "mail.one_click": PUBLIC,
    "meetings.accommodations": {ADMINISTRATOR, CLERK, HOST},
    "meetings.add_link": {ADMINISTRATOR, CLERK, HOST},
    "meetings.answer_accommodation": {ADMINISTRATOR, CLERK, HOST},
    "meetings.approve_minutes": {ADMINISTRATOR, CLERK},
    "meetings.ask_for_need": PUBLIC,
    "meetings.attendees": {ADMINISTRATOR, CLERK, HOST},
    "meetings.attending": PUBLIC,
    "meetings.calendar": PUBLIC,
    "meetings.cancel_attendance": PUBLIC,
    "meetings.cancel_wish": PUBLIC,
    "meetings.chair": {ADMINISTRATOR, CLERK, HOST},
    "meetings.chair_act": {ADMINISTRATOR, CLERK, HOST},
    "meetings.change_attendance": PUBLIC,
    "meetings.change_meeting": {ADMINISTRATOR, CLERK},
    "meetings.comments": PUBLIC,
    "meetings.count_attendance": {ADMINISTRATOR, CLERK, HOST},
    "meetings.default_notice_rule": {ADMINISTRATOR, CLERK},
    "meetings.delete_meeting": {ADMINISTRATOR, CLERK, HOST},
    "meetings.door": {ADMINISTRATOR, CLERK, HOST},
    "meetings.door_come": {ADMINISTRATOR, CLERK, HOST},
    "meetings.door_person": {ADMINISTRATOR, CLERK, HOST},
    "meetings.edit_file": {ADMINISTRATOR, CLERK, HOST},
    "meetings.edit_item": {ADMINISTRATOR, CLERK, HOST},
    "meetings.edit_meeting": {ADMINISTRATOR, CLERK, HOST},
    "meetings.file": PUBLIC,
    "meetings.leave_out_date": {ADMINISTRATOR, CLERK, HOST},
    "meetings.meeting": PUBLIC,
    "meetings.meeting_list": PUBLIC,
    "meetings.minutes": PUBLIC,
    "meetings.move_item": {ADMINISTRATOR, CLERK, HOST},
    "meetings.new_file": {ADMINISTRATOR, CLERK, HOST},
    "meetings.new_item": {ADMINISTRATOR, CLERK, HOST},
    "meetings.new_meeting": {ADMINISTRATOR, CLERK, HOST},
    "meetings.new_series": {ADMINISTRATOR, CLERK, HOST},
    "meetings.notice_chain_csv": PUBLIC,
    "meetings.notice_json": PUBLIC,
    "meetings.notice_ledger": PUBLIC,
    "meetings.notice_ledger_csv": PUBLIC,
    "meetings.notice_rule": {ADMINISTRATOR, CLERK},
    "meetings.notice_rules": {ADMINISTRATOR, CLERK},
    "meetings.notice_version": PUBLIC,
    "meetings.oral": {ADMINISTRATOR, CLERK, HOST},
    "meetings.post_agenda": {ADMINISTRATOR, CLERK},
    "meetings.post_notice": {ADMINISTRATOR, CLERK},
    "meetings.proof": PUBLIC,
    "meetings.publish_meeting": {ADMINISTRATOR, CLERK},
    "meetings.publish_minutes": {ADMINISTRATOR, CLERK},
    "meetings.publish_series": {ADMINISTRATOR, CLERK},
    "meetings.put_in_date": {ADMINISTRATOR, CLERK, HOST},
    "meetings.register": PUBLIC,
    "meetings.remove_file": {ADMINISTRATOR, CLERK, HOST},
    "meetings.remove_item": {ADMINISTRATOR, CLERK, HOST},
    "meetings.remove_link": {ADMINISTRATOR, CLERK, HOST},
    "meetings.return_meeting": {ADMINISTRATOR, CLERK, HOST},
    "meetings.screen": PUBLIC,
    "meetings.screen_json": PUBLIC,
    "meetings.series_list": {ADMINISTRATOR, CLERK, HOST},
    "meetings.speak": PUBLIC,
    "meetings.staff_file": {ADMINISTRATOR, CLERK, HOST},
    "meetings.staff_meeting": {ADMINISTRATOR, CLERK, HOST},
    "meetings.staff_meetings": {ADMINISTRATOR, CLERK, HOST},
    "meetings.staff_record": {ADMINISTRATOR, CLERK, HOST},
    "meetings.staff_series": {ADMINISTRATOR, CLERK, HOST},
    "meetings.stop_mail": PUBLIC,
    "meetings.submit_meeting": {ADMINISTRATOR, CLERK, HOST},
    "meetings.submit_series": {ADMINISTRATOR, CLERK, HOST},
    "meetings.take_off_item": {ADMINISTRATOR, CLERK, HOST},
    "meetings.walk_in": {ADMINISTRATOR, CLERK, HOST},
    "meetings.withdraw_need": PUBLIC,
    "meetings.write": PUBLIC,
    "meetings.write_decisions": {ADMINISTRATOR, CLERK, HOST},
    "meetings.write_minutes": {ADMINISTRATOR, CLERK, HOST},
    "moderation.appeal": PUBLIC,
    "moderation.appeals": {ADMINISTRATOR, MODERATOR},
    "moderation.attachment": {ADMINISTRATOR, MODERATOR},
    "moderation.comment": {ADMINISTRATOR, MODERATOR},
    "moderation.comments": {ADMINISTRATOR, MODERATOR},
    "moderation.contest": PUBLIC,
    "moderation.contest_case": PUBLIC,
    "moderation.contest_comment": PUBLIC,
    "moderation.contests": {ADMINISTRATOR, MODERATOR},
    "moderation.decide": {ADMINISTRATOR, MODERATOR},
    "moderation.decide_appeal": {ADMINISTRATOR, MODERATOR},
    "moderation.decide_attachment": {ADMINISTRATOR, MODERATOR},
    "moderation.decide_contest": {ADMINISTRATOR, MODERATOR},
    "moderation.decide_letter": {ADMINISTRATOR, MODERATOR},
    "moderation.decide_removal": {ADMINISTRATOR, MODERATOR},
    "moderation.dismiss_reports": {ADMINISTRATOR, MODERATOR},
    "moderation.letter": {ADMINISTRATOR, MODERATOR},
    "moderation.neutrality": PUBLIC,
    "moderation.neutrality_csv": PUBLIC,
    "moderation.organiser": {ADMINISTRATOR, MODERATOR},
    "moderation.original": {ADMINISTRATOR, MODERATOR},
    "moderation.public_log": PUBLIC,
    "moderation.public_log_csv": PUBLIC,
    "moderation.queue": {ADMINISTRATOR, MODERATOR},
    "moderation.redact": {ADMINISTRATOR, MODERATOR},
    "moderation.remove": {ADMINISTRATOR, MODERATOR},
    "moderation.report_comment": PUBLIC,
    "moderation.reports": {ADMINISTRATOR, MODERATOR},
    "moderation.restore": {ADMINISTRATOR, MODERATOR},
    "moderation.second_look": {ADMINISTRATOR, MODERATOR},
    "moderation.translation": {ADMINISTRATOR, MODERATOR},
    "moderation.undo": {ADMINISTRATOR, MODERATOR},
    "moderation.undo_letter": {ADMINISTRATOR, MODERATOR},
    "moderation.waiting_letters": {ADMINISTRATOR, MODERATOR},
    "pages.accessibility": PUBLIC,
    "pages.analysis": PUBLIC,
    "pages.home": PUBLIC,
    "pages.privacy": PUBLIC,
    "people.add_person": {ADMINISTRATOR},
    "people.deactivate_person": {ADMINISTRATOR},
    "people.invite_person": {ADMINISTRATOR},
    "people.people": {ADMINISTRATOR},
    "people.person": {ADMINISTRATOR},
    "people.reactivate_person": {ADMINISTRATOR},
    "people.reset_second_factor": {ADMINISTRATOR},
    "receipts.checkpoint": PUBLIC,
    "receipts.consistency": PUBLIC,
    "receipts.cosign": PUBLIC,
    "receipts.download": PUBLIC,
    "receipts.entries": PUBLIC,
    "receipts.log": PUBLIC,
    "receipts.lookup": PUBLIC,
    "receipts.manifest": PUBLIC,
    "receipts.openings": PUBLIC,
    "receipts.proof": PUBLIC,
    "receipts.receipt": PUBLIC,
    "receipts.verifier": PUBLIC,
    "receipts.withdraw": PUBLIC,
    "reports.changes": PUBLIC,
    "reports.frozen_comments": PUBLIC,
    "reports.frozen_numbers": PUBLIC,
    "reports.open_report": PUBLIC,
    "reports.public_list": PUBLIC,
    "reports.publish": STAFF,
    "reports.publish_version": {ADMINISTRATOR, CLERK, OFFICIAL},
    "reports.repeated_texts": PUBLIC,
    "reports.report": PUBLIC,
    "reports.report_brief": PUBLIC,
    "reports.report_csv": PUBLIC,
    "reports.report_dictionary": PUBLIC,
    "reports.report_json": PUBLIC,
    "reports.report_list": STAFF,
    "reports.report_pdf": PUBLIC,
    "reports.report_xlsx": PUBLIC,
    "reports.schema": PUBLIC,
    "reports.version": PUBLIC,
    "reports.versions": PUBLIC,
    "retention.change_days": {ADMINISTRATOR},
    "retention.schedule": PUBLIC,
    "retention.staff_schedule": {ADMINISTRATOR},
    "staff.accept_invitation": PUBLIC,
    "staff.account": SIGNED_IN,
    "staff.account_data": SIGNED_IN,
    "staff.delete_account": SIGNED_IN,
    "staff.home": SIGNED_IN,
    "staff.sign_out_everywhere": SIGNED_IN,
    "themes.decide": {ADMINISTRATOR, CLERK, MODERATOR},
    "themes.docket_list": {ADMINISTRATOR, CLERK, MODERATOR, OFFICIAL},
    "themes.theme": {ADMINISTRATOR, CLERK, MODERATOR, OFFICIAL},
    "themes.theme_list": {ADMINISTRATOR, CLERK, MODERATOR, OFFICIAL},
}


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert set(app.view_functions) == set(TABLE)


def test_no_address_leads_to_two_views(app: Flask) -> None:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found[method, re.sub(r"<[^>]*>", "<>", rule.rule)].add(rule.endpoint)

    assert {address: views for address, views in found.items() if len(views) > 1} == {}


def test_the_table_is_sorted() -> None:
    assert list(TABLE) == sorted(TABLE)


@pytest.mark.parametrize("endpoint", TABLE)
def test_lets_in_exactly_whom_the_table_says(
    app: Flask, client: Client, sign_in: Callable[..., Client], endpoint: str
) -> None:
    wanted = [route for route in routes(app) if route.endpoint == endpoint]
    assert wanted
    admitted = {}
    for route in wanted:
        for reader in READERS:
            browser = client if reader is ANONYMOUS else sign_in(reader)
            data = {"csrf_token": browser.csrf_token()} if route.method != "GET" else None
            answer = browser.open(route.url, method=route.method, data=data)
            assert answer.status_code < 500, f"{route} as {reader}"
            admitted[route.method, reader] = not is_refusal(answer)

    assert admitted == {
        (route.method, reader): reader in TABLE[endpoint] for route in wanted for reader in READERS
    }


def is_refusal(answer: TestResponse) -> bool:
    """Whether somebody was sent to the sign-in or told that this is not for them."""
    is_sent_away = answer.status_code == 303 and "/staff/sign-in?next=" in answer.location
    return is_sent_away or answer.status_code == 403


def test_all_other_roles_together_do_not_make_an_administrator(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    person = makers.user(session, *(role for role in RoleName if role is not ADMINISTRATOR))
    session.commit()

    assert sign_in(person).get("/en/staff/people").status_code == 403
