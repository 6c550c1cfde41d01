"""A docket's own concerns: everybody reads how they are found, clerks change them by a file."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import Analyser, default_taxonomy, parse_taxonomy
from engage.analysis.position_model import CrossValidation, PositionModel
from engage.analysis.semantic import E5Embedder
from engage.db.session import write_transaction
from engage.dockets.models import Docket
from engage.dockets.service import change_taxonomy, checked_taxonomy, declare_analysers, is_declared
from engage.dockets.taxonomy import default_toml, taxonomy_of
from engage.dockets.views.concerns import readable
from engage.errors import RuleBroken
from tests.support import makers
from tests.support.pages import Client, Page, page

STAFF = "/en/staff/dockets/jail/concerns"
CHANGE = f"{STAFF}/change"
DOGS = """
name = "dogs"
version = 3
[[concern]]
code = "police_dogs"
name = { en = "Police dogs", es = "Perros policía" }
description = { en = "Dogs that deputies work with.", es = "Perros con los que trabajan los agentes." }
cues = { en = ["=k9|canine ... unit"], es = ["perro policia"] }
"""


@pytest.fixture
def docket(session: Session) -> Docket:
    docket = makers.docket(session, slug="jail")
    makers.comment(session, makers.comment_period(session, docket=docket))
    session.commit()
    return docket


@pytest.fixture
def clerk(sign_in: Callable[..., Client]) -> Client:
    return sign_in(RoleName.CLERK)


def upload(clerk: Client, content: bytes, name: str = "mine.toml") -> Page:
    data = {"csrf_token": clerk.csrf_token(), "file": (io.BytesIO(content), name)}
    answer = clerk.post(CHANGE, data=data, content_type="multipart/form-data")
    shown = page(answer)
    assert answer.status_code == (422 if "Please fix this first" in shown.text() else 200)
    return shown


def confirm(clerk: Client, shown: Page) -> Page:
    answer = clerk.post(f"{STAFF}/confirm", data=shown.fields())
    assert answer.status_code == 303
    return page(clerk.get(answer.location))


def in_force(session: Session) -> tuple[str | None, str | None]:
    session.rollback()
    toml, version = session.execute(sa.select(Docket.taxonomy_toml, Docket.analyser_version)).one()
    return toml, version


class TestPublicPage:
    def test_tells_every_concern_with_its_words_in_both_languages(
        self, client: Client, docket: Docket
    ) -> None:
        shown = page(client.get("/es/dockets/jail/concerns"))

        for concern in default_taxonomy().concerns:
            assert concern.names["es"] in shown.text()
            assert concern.code in shown.text()
        assert "driving while/\u200bbeing brown" in shown.text()
        assert "perfil/\u200bperfiles/\u200bperfilamiento" in shown.text()
        assert default_taxonomy().digest in shown.text()

    def test_gives_the_file_that_the_analyser_reads(self, client: Client, docket: Docket) -> None:
        given = client.get("/en/dockets/jail/concerns.toml").get_data(as_text=True)

        assert parse_taxonomy(given, source="x") == default_taxonomy()

    def test_is_not_there_for_a_draft(self, session: Session, client: Client, docket: Docket) -> None:
        docket.published_at = None
        session.commit()

        for way in ("/en/dockets/jail/concerns", "/en/dockets/jail/concerns.toml"):
            assert client.get(way).status_code == 404

    def test_is_found_from_the_docket(self, client: Client, docket: Docket) -> None:
        links = page(client.get("/en/dockets/jail")).links()

        assert "/en/dockets/jail/concerns" in links.values()

    @pytest.mark.parametrize(
        ("phrase", "read"),
        [("=k9|canine ... unit", "k9/\u200bcanine … unit"), ("discrimin*", "discrimin*")],
    )
    def test_shows_phrases_without_the_signs_of_programs(self, phrase: str, read: str) -> None:
        assert readable(phrase) == read


class TestChange:
    def test_is_shown_before_it_is_made(self, session: Session, clerk: Client, docket: Docket) -> None:
        shown = upload(clerk, DOGS.encode())

        assert "Comments that will be measured again 1" in shown.text()
        assert "New concerns Police dogs" in shown.text()
        assert "Concerns that go Equal treatment" in shown.text()
        assert in_force(session) == (None, None)

    def test_is_made_when_it_is_confirmed(
        self, session: Session, client: Client, clerk: Client, docket: Docket
    ) -> None:
        told = confirm(clerk, upload(clerk, b"\xef\xbb\xbf" + DOGS.encode()))

        assert "1 comment is being measured again" in told.text(".//body")
        assert "0 of 1 comments are measured by this version so far" in told.text()
        toml, version = in_force(session)
        taxonomy = parse_taxonomy(toml or "", source="x")
        assert taxonomy.codes == ("police_dogs", "other_unclassified")
        assert version == Analyser(taxonomy).version
        public = page(client.get("/es/dockets/jail/concerns")).text()
        assert "Perros policía" in public
        assert "Igualdad de trato" not in public
        assert b"police_dogs" in clerk.get(f"{STAFF}.toml").data

    def test_can_be_taken_back(self, session: Session, clerk: Client, docket: Docket) -> None:
        confirm(clerk, upload(clerk, DOGS.encode()))
        asked = page(clerk.post(CHANGE, data={"csrf_token": clerk.csrf_token(), "default": "yes"}))
        assert "Concerns that go Police dogs" in asked.text()

        confirm(clerk, asked)

        assert in_force(session) == (None, Analyser().version)

    def test_leaves_another_docket_alone(self, session: Session, clerk: Client, docket: Docket) -> None:
        other = makers.docket(session)
        session.commit()

        confirm(clerk, upload(clerk, DOGS.encode()))

        session.refresh(other)
        assert (taxonomy_of(other), other.analyser_version) == (default_taxonomy(), None)

    def test_is_refused_with_the_place_that_is_wrong(
        self, session: Session, clerk: Client, docket: Docket
    ) -> None:
        refused = {
            b"": "Choose the file",
            b"name = ": "mine.toml: not TOML",
            b"\xff\xfe": "mine.toml: not UTF-8 text (byte 0)",
            DOGS.replace("canine ...", "...").encode(): "mine.toml: concern “police_dogs”: “cues.en”",
            DOGS.replace('"dogs"', '"a/b"').encode(): "mine.toml: “name” is not 1 to 30",
            DOGS.replace("3", '"' + "3" * 21 + '"').encode(): "mine.toml: “version” is not 1 to 20",
            b"#" * 500_001: "too large",
            default_toml().encode(): "in force already",
        }
        for content, said in refused.items():
            shown = upload(clerk, content, "mine.toml" if content else "")
            assert said in shown.text(".//div[@role='alert']")

        assert in_force(session) == (None, None)

    def test_is_checked_again_when_it_is_confirmed(
        self, session: Session, clerk: Client, docket: Docket
    ) -> None:
        data = {"csrf_token": clerk.csrf_token(), "toml": "name = 1"}
        answer = clerk.post(f"{STAFF}/confirm", data=data)

        assert answer.status_code == 422
        assert "“name” is missing" in page(answer).text(".//div[@role='alert']")
        assert in_force(session) == (None, None)

    @pytest.mark.parametrize("way", [CHANGE, f"{STAFF}/confirm"])
    def test_asks_for_the_password_again(self, clerk: Client, docket: Docket, way: str) -> None:
        with clerk.session_transaction() as cookie:
            cookie["fs_paa"] = 0

        answer = clerk.post(way, data={"csrf_token": clerk.csrf_token()})

        assert (answer.status_code, "/confirm?next=" in answer.location) == (303, True)


class TestDeclaration:
    def test_brings_this_release_into_force_for_every_docket(self, session: Session, docket: Docket) -> None:
        own = makers.docket(session, taxonomy_toml=DOGS, analyser_version="0+older")
        session.commit()

        with write_transaction() as writing:
            assert declare_analysers(writing) == 2
            assert declare_analysers(writing) == 0

        session.refresh(docket)
        session.refresh(own)
        assert docket.analyser_version == Analyser().version
        assert own.analyser_version == Analyser(parse_taxonomy(DOGS, source="x")).version

    def test_is_missed_by_a_worker_of_another_release(self, session: Session, docket: Docket) -> None:
        assert is_declared(session)
        docket.analyser_version = "0+older"
        session.flush()

        assert not is_declared(session)

    def test_names_the_docket_whose_concerns_cannot_be_read_any_more(
        self, session: Session, docket: Docket
    ) -> None:
        docket.taxonomy_toml = "name = 1"
        session.flush()

        with pytest.raises(RuleBroken, match=r"“jail” cannot be read: .*“name” is missing"):
            declare_analysers(session)

    def test_of_a_change_needs_a_taxonomy(self, session: Session, docket: Docket) -> None:
        with pytest.raises(ValueError, match="“name” is missing"):
            change_taxonomy(session, docket, "version = 1")


def test_the_longest_version_of_an_analyser_fits_its_column() -> None:
    toml = DOGS.replace('"dogs"', f'"{"n" * 30}"').replace("version = 3", f'version = "{"9" * 20}"')

    class AsE5:
        name, version = E5Embedder.name, E5Embedder.version

        def embed(self, texts: Sequence[str]) -> Any:
            raise AssertionError(texts)

    analyser = Analyser(
        checked_taxonomy(toml, source="x"),
        embedder=AsE5(),
        positions=PositionModel(
            terms={},
            cues={},
            intercept=(0, 0, 0),
            thresholds=(1, 1),
            validation=CrossValidation(100, 1.0, 1.0, 1.0, 0.0, {}),
        ),
    )

    assert analyser.version.count("+") == 2
    assert len(analyser.version) < 120, "docket.analyser_version and comment_analysis.analyser_version"
