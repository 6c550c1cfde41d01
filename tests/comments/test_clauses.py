"""Comments on a clause: chosen on the form, kept with its words, counted where it is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments import attached
from engage.comments.models import Comment, CommentClause, CommentPeriod, Disposition, Stance
from engage.db.types import Localised
from engage.dockets.clauses import clauses
from engage.dockets.models import Docket, DocumentVersion
from engage.dockets.service import add_document, add_document_version
from engage.moderation.service import withdraw_comment
from tests.support import makers
from tests.support.pages import Client, page

FORM = "/en/periods/jail/comment"
DOCUMENT = "/en/dockets/jail/documents/agreement"
TEXT = "About the warrants."
BODY = Localised(
    "## 1. Purpose\n\n**1.1** Officers check people.\n\n**1.2** Patrol takes no part.",
    "## 1. Propósito\n\n**1.1** Los oficiales revisan.\n\n**1.2** La patrulla no participa.",
)


@pytest.fixture
def version(session: Session) -> DocumentVersion:
    """The first version of an agreement in an open period."""
    docket = makers.docket(session, slug="jail")
    makers.comment_period(session, slug="jail", docket=docket)
    document = add_document(
        session,
        docket,
        slug="agreement",
        title=Localised("Agreement", "Acuerdo"),
        body=BODY,
        published_at=utcnow() - timedelta(days=5),
    )
    session.commit()
    return document.versions[0]


def keys(version: DocumentVersion) -> dict[str, str]:
    return {clause.number: clause.key for clause in clauses(version)}


def comments(session: Session) -> list[Comment]:
    session.rollback()
    return list(session.scalars(sa.select(Comment)))


def posted_on(session: Session, version: DocumentVersion, number: str, **fields: Any) -> Comment:
    period = session.scalars(sa.select(CommentPeriod)).one()
    comment = makers.comment(session, period, **fields)
    comment.clauses.append(
        CommentClause(clause=keys(version)[number], version_id=version.id, stance=Stance.CHANGE)
    )
    session.flush()
    session.commit()
    return comment


def revise(session: Session, version: DocumentVersion) -> DocumentVersion:
    """A second version, in which only clause 1.2 has other words."""
    new = add_document_version(
        session,
        version.document,
        body=Localised(BODY.en.replace("no part", "part"), BODY.es),
        change_note=makers.both("Patrol takes part."),
        published_at=utcnow() - timedelta(days=1),
    )
    session.commit()
    return new


class TestTheForm:
    def test_has_the_clause_of_its_address_chosen(
        self, client: Client, session: Session, version: DocumentVersion
    ) -> None:
        key = keys(version)["1.1"]

        answer = client.send(f"{FORM}?clause={key}", body=TEXT, **{f"stance-{key}": "strike"})

        assert answer.status_code == 303
        (comment,) = comments(session)
        (row,) = comment.clauses
        assert (row.clause, row.number, row.stance, row.version_id) == (key, "1.1", "strike", version.id)

    def test_takes_several_with_and_without_a_wish(
        self, client: Client, session: Session, version: DocumentVersion
    ) -> None:
        known = keys(version)
        fields = page(client.get(FORM)).fields() | {"body": TEXT}
        first = client.post(FORM, data=fields | {"add": "clause", "add_clause": known["1.1"]})
        again = page(first).fields() | {f"stance-{known['1.1']}": "keep"}

        # The last one is chosen and sent at once, without the button.
        sent = client.post(FORM, data=again | {"add_clause": known["1.2"]})

        assert (first.status_code, sent.status_code) == (200, 303)
        (comment,) = comments(session)
        assert {row.number: row.stance for row in comment.clauses} == {"1.1": Stance.KEEP, "1.2": None}

    def test_forgets_one_that_is_unticked(
        self, client: Client, session: Session, version: DocumentVersion
    ) -> None:
        fields = page(client.get(f"{FORM}?clause={keys(version)['1.1']}")).fields()
        del fields["clause"]

        client.post(FORM, data=fields | {"body": TEXT})

        assert comments(session)[0].clauses == []

    def test_with_another_wish_is_another_comment(
        self, client: Client, session: Session, version: DocumentVersion
    ) -> None:
        key = keys(version)["1.1"]
        fields = page(client.get(f"{FORM}?clause={key}")).fields() | {"body": TEXT}
        client.post(FORM, data=fields | {f"stance-{key}": "keep"})

        assert client.post(FORM, data=fields | {f"stance-{key}": "keep"}).status_code == 303
        assert client.post(FORM, data=fields | {f"stance-{key}": "strike"}).status_code == 409
        assert len(comments(session)) == 1

    @pytest.mark.parametrize("key", ["1.1-000000000000", "<script>", "1.1", "%00", "1.1' OR 1=1"])
    def test_opens_without_a_clause_that_is_none_and_says_so_where_one_is_sent(
        self, client: Client, session: Session, version: DocumentVersion, key: str
    ) -> None:
        opened = client.get(FORM, query_string={"clause": key})
        answer = client.post(FORM, data=page(opened).fields() | {"body": TEXT, "clause": key})

        assert opened.status_code == 200
        assert answer.status_code == 422
        assert "is no longer in the documents" in page(answer).text()
        assert comments(session) == []

    def test_speaks_spanish(self, client: Client, version: DocumentVersion) -> None:
        opened = page(client.get(f"/es/periods/jail/comment?clause={keys(version)['1.1']}")).text()

        assert "Los oficiales revisan." in opened


class TestTheDocument:
    def test_offers_a_form_for_each_clause_while_the_period_is_open(
        self, client: Client, session: Session, version: DocumentVersion
    ) -> None:
        offered = page(client.get(DOCUMENT))

        assert offered.links()["Comment on clause 1.2"].endswith(f"clause={keys(version)['1.2']}")
        assert offered.one(".//*[@id='clause-1.2']") is not None
        session.execute(sa.update(CommentPeriod).values(closes_at=utcnow() - timedelta(days=1)))
        session.commit()
        assert "Comment on clause 1.2" not in page(client.get(DOCUMENT)).links()

    def test_counts_only_posted_comments_and_leads_to_them(
        self, client: Client, session: Session, version: DocumentVersion
    ) -> None:
        comment = posted_on(session, version, "1.1", body="Posted words")
        posted_on(session, version, "1.1", body="Waiting words", disposition=Disposition.RECEIVED)

        found = page(client.get(DOCUMENT)).links()["1 comment on clause 1.1"]

        shown = page(client.get(found))
        assert "Posted words" in shown.text()
        assert "Waiting words" not in shown.text()
        assert "1 comment: Clause “1.1”" in shown.text()
        read = page(client.get(f"/en/comments/{comment.tracking_number}"))
        assert read.links()["Clause 1.1"] == f"{DOCUMENT}?version=1#clause-1.1"
        assert "Change it" in read.text()

    def test_leaves_comments_with_the_words_that_they_were_made_on(
        self, client: Client, session: Session, version: DocumentVersion
    ) -> None:
        posted_on(session, version, "1.1")
        posted_on(session, version, "1.2")
        revise(session, version)

        new, old = page(client.get(DOCUMENT)).links(), page(client.get(f"{DOCUMENT}?version=1")).links()

        # The words of 1.1 are the same in both versions; those of 1.2 are not.
        assert "1 comment on clause 1.1" in new
        assert "1 comment on clause 1.2" not in new
        assert "1 comment on clause 1.2" in old
        assert "Comment on clause 1.2" in new
        assert "Comment on clause 1.2" not in old

    def test_shows_all_its_text(self, client: Client, version: DocumentVersion) -> None:
        text = page(client.get(DOCUMENT)).text()

        for words in ("1. Purpose", "1.1 Officers check people.", "1.2 Patrol takes no part."):
            assert words in text


def test_the_period_lists_the_clauses(client: Client, version: DocumentVersion) -> None:
    links = page(client.get("/en/periods/jail")).links()

    assert links["1.1"] == f"{DOCUMENT}#clause-1.1"
    assert "Comment on clause 1.1" in links


def test_counts_are_of_public_comments_of_these_periods(session: Session, version: DocumentVersion) -> None:
    posted_on(session, version, "1.1")
    posted_on(session, version, "1.1", disposition=Disposition.RECEIVED)
    period = session.scalars(sa.select(CommentPeriod)).one()
    other = makers.comment_period(session, docket=session.scalars(sa.select(Docket)).one())
    key = keys(version)["1.1"]

    found = attached.count_by_stance(session, [key], [period, other])
    assert {(clause, of): n for (clause, of, _stance), n in found.items()} == {(key, period.id): 1}
    assert attached.count_by_stance(session, [key], [other]) == {}


def test_a_withdrawn_comment_is_about_no_clause(session: Session, version: DocumentVersion) -> None:
    comment = posted_on(session, version, "1.1")

    withdraw_comment(session, comment, None, utcnow())

    assert session.scalar(sa.select(sa.func.count()).select_from(CommentClause)) == 0
    assert comment.clauses == []
