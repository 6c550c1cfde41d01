"""Promises and their steps: words stay, days may move and are seen to move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.types import Localised
from engage.dockets.models import Docket, PhaseKind
from engage.dockets.service.phase import add_standard_phases
from engage.errors import NotFound
from engage.responses import queries
from engage.responses.models import Commitment, CommitmentState, CommitmentStep
from engage.responses.service import commitment as service
from engage.web.locale import site_day
from tests.responses.answering import OFFICE
from tests.support import makers
from tests.support.pages import Client, page

TODAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)
NOTE = Localised("Half is done.", "La mitad está hecha.")


@pytest.fixture
def docket(session: Session) -> Docket:
    docket = makers.docket(session)
    session.commit()
    return docket


def promised(session: Session, docket: Docket, *, publish: bool = True, **fields: Any) -> Commitment:
    values: dict[str, Any] = {
        "title": Localised("Count calls", "Contar llamadas"),
        "body": Localised("By district.", "Por distrito."),
        "owner": OFFICE,
        "due_on": TODAY,
    }
    row = service.create_commitment(session, docket, service.CommitmentDraft(**values | fields))
    if publish:
        service.publish_commitment(session, row, seen=service.mark_of(row), today=TODAY, now=NOW)
    return row


def told(session: Session, docket: Docket, now: datetime = NOW) -> queries.Promise:
    session.flush()
    session.expire_all()
    (promise,) = queries.commitments(session, docket.id, now)
    return promise


def test_a_moved_day_leaves_the_first_one_visible(session: Session, docket: Docket) -> None:
    row = promised(session, docket)
    later = TODAY + timedelta(20)
    moved = service.StepDraft(state=CommitmentState.UNDER_WAY, percent=50, due_on=later, note=NOTE)
    service.add_step(session, row, moved, today=TODAY, now=NOW + timedelta(hours=1))
    on = service.StepDraft(state=CommitmentState.UNDER_WAY, note=NOTE)
    service.add_step(session, row, on, today=TODAY, now=NOW + timedelta(hours=2))

    found = told(session, docket, NOW + timedelta(days=1)).told

    assert (found.first_due_on, found.due_on, found.percent) == (TODAY, later, 50)
    assert found.overdue_days(later + timedelta(2)) == 2
    assert told(session, docket, NOW).told.due_on == TODAY


@pytest.mark.parametrize("ended", [CommitmentState.DONE, CommitmentState.DROPPED])
def test_what_is_kept_or_given_up_stays_and_is_not_overdue(
    session: Session, docket: Docket, ended: CommitmentState
) -> None:
    row = promised(session, docket)
    service.add_step(session, row, service.StepDraft(state=ended, note=NOTE), today=TODAY, now=NOW)

    assert told(session, docket).told.overdue_days(TODAY + timedelta(99)) == 0


def test_overdue_ones_come_first_the_longest_first(session: Session, docket: Docket) -> None:
    kept = promised(session, docket, title=Localised("kept", "c"))
    service.add_step(
        session, kept, service.StepDraft(state=CommitmentState.DONE, note=NOTE), today=TODAY, now=NOW
    )
    for name, days in (("to come", 90), ("late", 1), ("later", 0)):
        promised(session, docket, title=Localised(name, name), due_on=TODAY + timedelta(days))
    session.expire_all()

    found = queries.ordered(queries.commitments(session, docket.id, NOW), TODAY + timedelta(30))

    assert [promise.told.title.en for promise in found] == ["later", "late", "to come", "kept"]


def test_words_that_residents_read_are_not_written_anew(session: Session, docket: Docket) -> None:
    row = promised(session, docket)
    changed = service.CommitmentDraft(title=Localised("Other", "Otra"))

    with pytest.raises(service.AlreadyPromised):
        service.change_commitment(session, row, changed, seen=service.mark_of(row))
    with pytest.raises(service.AlreadyPromised):
        service.delete_commitment(session, row, seen=service.mark_of(row))


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"title": Localised("Only English")}, service.NotComplete),
        ({"due_on": None}, service.NotComplete),
        ({"due_on": TODAY - timedelta(1)}, service.PastDay),
    ],
)
def test_only_a_complete_promise_with_a_day_to_come_is_published(
    session: Session, docket: Docket, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    row = promised(session, docket, publish=False, **fields)

    with pytest.raises(refusal):
        service.publish_commitment(session, row, seen=service.mark_of(row), today=TODAY, now=NOW)
    step = service.StepDraft(state=CommitmentState.DONE, note=NOTE)
    with pytest.raises(service.NotPromised):
        service.add_step(session, row, step, today=TODAY, now=NOW)


def test_only_what_was_read_is_promised(session: Session, docket: Docket) -> None:
    row = promised(session, docket, publish=False)
    read = service.mark_of(row)
    other = service.CommitmentDraft(title=Localised("Other", "Otra"))
    service.change_commitment(session, row, other, seen=read)

    with pytest.raises(service.NotAsRead):
        service.publish_commitment(session, row, seen=read, today=TODAY, now=NOW)
    with pytest.raises(service.NotAsRead):
        service.change_commitment(session, row, other, seen=read)
    with pytest.raises(service.NotAsRead):
        service.delete_commitment(session, row, seen=read)


def test_what_somebody_has_thrown_away_meanwhile_is_not_there(session: Session, docket: Docket) -> None:
    row = promised(session, docket, publish=False)
    read = service.mark_of(row)
    session.commit()
    with Session(session.get_bind()) as colleague:
        service.delete_commitment(colleague, colleague.get_one(Commitment, row.id), seen=read)
        colleague.commit()

    with pytest.raises(NotFound):
        service.publish_commitment(session, row, seen=read, today=TODAY, now=NOW)


def test_a_step_that_is_sent_twice_is_told_once(session: Session, docket: Docket) -> None:
    row = promised(session, docket)
    step = service.StepDraft(state=CommitmentState.UNDER_WAY, percent=10, note=NOTE)
    service.add_step(session, row, step, today=TODAY, now=NOW)

    with pytest.raises(service.NothingNew):
        service.add_step(session, row, step, today=TODAY, now=NOW)


def test_the_database_refuses_to_change_a_step(session: Session, docket: Docket) -> None:
    row = promised(session, docket)
    service.add_step(
        session, row, service.StepDraft(state=CommitmentState.DONE, note=NOTE), today=TODAY, now=NOW
    )
    session.commit()

    with pytest.raises(sa.exc.DBAPIError, match="what was published stays as it is"):
        session.execute(sa.update(CommitmentStep).values(percent=100))


def test_the_phase_that_puts_it_into_practice_names_what_was_promised(
    session: Session, client: Client, docket: Docket
) -> None:
    add_standard_phases(session, docket)
    promised(session, docket, due_on=TODAY + timedelta(400), title=Localised("Train", "Formar"))
    promised(session, docket)
    session.commit()

    text = page(client.get(f"/en/dockets/{docket.slug}/phases/train_and_implement")).text()

    assert "will stand here" not in text
    assert text.index("Count calls") < text.index("Train Planned")
    assert "overdue" in text


def test_a_phase_that_is_over_without_a_promise_says_so(
    session: Session, client: Client, docket: Docket
) -> None:
    add_standard_phases(session, docket)
    phase = next(one for one in docket.phases if one.kind is PhaseKind.TRAIN_AND_IMPLEMENT)
    phase.starts_on, phase.ends_on = date(2020, 1, 1), date(2020, 2, 1)
    session.commit()

    text = page(client.get(f"/en/dockets/{docket.slug}/phases/train_and_implement")).text()

    assert "will stand here" not in text
    assert "Nothing was written here." in text


def test_an_official_drafts_promises_and_tells_what_becomes_of_it(
    session: Session, docket: Docket, client: Client, sign_in: Callable[..., Client]
) -> None:
    official = sign_in(RoleName.OFFICIAL)
    today = site_day(utcnow())
    public, staff = f"/en/dockets/{docket.slug}/commitments", f"/en/staff/dockets/{docket.slug}"
    typed = {
        "title_en": "=Count calls", "title_es": "Contar llamadas", "body_en": "By <b>district</b>.",
        "body_es": "Por distrito.", "owner_en": "Sheriff’s Office", "owner_es": "Oficina del Alguacil",
        "due_on": today.isoformat(), "published_at": "2020-01-01", "docket_id": "1",
    }  # fmt: skip

    made = official.send(f"{staff}/new-commitment", **typed)
    assert made.status_code == 303
    assert "Count calls" not in client.get(public).get_data(as_text=True)
    assert official.send(made.location).status_code == 303
    step = {"state": "under_way", "percent": "40", "note_en": "Begun.", "note_es": "Empezado."}
    moved = (today + timedelta(9)).isoformat()
    assert official.send(f"{made.location}/step", **step, due_on=moved).status_code == 303

    text = page(client.get(public)).text()
    assert "=Count calls" in text
    assert "40% done" in text
    assert "moved to" in text
    assert "<b>" not in client.get(public).get_data(as_text=True)
    file = client.get(f"{public}.csv").get_data()
    assert file.startswith(b"\xef\xbb\xbfnumber,title_en"), "or a spreadsheet spoils every accent"
    assert "'=Count calls" in file.decode()
    assert "Contar llamadas" in page(client.get(public.replace("/en/", "/es/"))).text()
    assert client.get(f"{public}?owner=Nobody").status_code == 404
    assert "Count calls" in page(client.get(f"{public}?owner=Sheriff’s Office")).text()
    assert "1 promised, 0 kept, 0 of them overdue." in page(client.get(f"/en/dockets/{docket.slug}")).text()


def test_a_draft_says_what_it_still_lacks(
    session: Session, docket: Docket, sign_in: Callable[..., Client]
) -> None:
    row = promised(
        session, docket, publish=False, body=Localised("By district."), owner=Localised(), due_on=None
    )
    session.commit()
    official, path = sign_in(RoleName.OFFICIAL), f"/en/staff/dockets/{docket.slug}/commitments/{row.id}"

    told, form = page(official.get(path)), page(official.get(f"{path}/edit"))

    ids = [link.partition("/edit#")[2] for link in told.links().values() if "/edit#" in link]
    assert ids == ["body_es", "owner_en", "owner_es", "due_on"]
    assert all(form.field(name) is not None for name in ids)
    assert "Needed before it is published." in form.text()
    assert "(optional)" not in form.text()


def test_a_promise_of_another_docket_is_not_there(
    session: Session, docket: Docket, sign_in: Callable[..., Client]
) -> None:
    other = makers.docket(session)
    row = promised(session, other)
    session.commit()
    official = sign_in(RoleName.OFFICIAL)

    assert official.get(f"/en/staff/dockets/{other.slug}/commitments/{row.id}").status_code == 200
    assert official.get(f"/en/staff/dockets/{docket.slug}/commitments/{row.id}").status_code == 404
    host = sign_in(RoleName.HOST)
    assert host.get(f"/en/staff/dockets/{other.slug}/commitments/{row.id}").status_code == 200
    assert host.get(f"/en/staff/dockets/{other.slug}/commitments/{row.id}/step").status_code == 403


def test_what_is_kept_is_not_half_done(session: Session, docket: Docket) -> None:
    row = promised(session, docket)
    half = service.StepDraft(state=CommitmentState.UNDER_WAY, percent=50, note=NOTE)
    service.add_step(session, row, half, today=TODAY, now=NOW)
    with pytest.raises(service.KeptInPart):
        service.add_step(
            session,
            row,
            service.StepDraft(state=CommitmentState.DONE, percent=50, note=NOTE),
            today=TODAY,
            now=NOW,
        )

    service.add_step(
        session, row, service.StepDraft(state=CommitmentState.DONE, note=NOTE), today=TODAY, now=NOW
    )

    assert told(session, docket).told.percent is None


def test_offices_of_one_english_name_are_one_in_the_filter(
    client: Client, session: Session, docket: Docket
) -> None:
    for spanish in ("Alguacil", "Oficina del alguacil"):
        promised(session, docket, title=Localised(f"By {spanish}", "x"), owner=Localised("Sheriff", spanish))
    session.commit()

    told = page(client.get(f"/en/dockets/{docket.slug}/commitments?owner=Sheriff")).text()

    assert "By Alguacil" in told
    assert "By Oficina del alguacil" in told
