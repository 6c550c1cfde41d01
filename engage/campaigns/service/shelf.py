"""The campaigns of one period as far as a batch of new texts needs them: read at once, then changed here.

The rule is that of engage.analysis.campaigns, and so is the order in which letters are looked up, compared,
made anew and united; only the numbers that letters are found by stand in the database, and the words are read
from the comments each time. So no copy of a text is kept for this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.analysis.anchors import POSTINGS
from engage.analysis.campaigns import (
    REMADE_AFTER,
    VERSIONS,
    are_versions,
    has_letter,
    least_shared,
    nearest,
)
from engage.analysis.fingerprint import normalise
from engage.analysis.shingles import Shingles, common_letter, numbers_of, overlap
from engage.comments.models import Campaign, CampaignText, Comment, LetterAnchor, TextAnchor

Group = tuple[bool, int]
"""A campaign (True, its id) or a text that stands alone (False, its id)."""

_ASKED_AT_ONCE = 10_000

BODY = (
    sa.select(Comment.body)
    .where(Comment.period_id == CampaignText.period_id, Comment.body_digest == CampaignText.digest)
    .limit(1)
    .scalar_subquery()
)
"""The words of a text, from any comment that has it."""


def shingles_of(body: str) -> Shingles:
    """A text as it is compared."""
    return Shingles(numbers_of(normalise(body).split()))


@dataclass(slots=True)
class Letter:
    """What some versions of a campaign have in common. Of one version alone it is that version."""

    shingles: Shingles
    versions: list[tuple[int, Shingles]]

    @property
    def is_made(self) -> bool:
        """Whether it was made of several versions."""
        return len(self.versions) > 1


@dataclass(slots=True)
class _Found:
    """Which groups are found by an anchor: as stored, and by whom they were added since."""

    owners: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    added: list[tuple[int, int]] = field(default_factory=list)

    def add(self, anchors: Iterable[int], owner: int) -> None:
        for anchor in anchors:
            there = self.owners[anchor]
            # A common phrase is an anchor of many, and tells little.
            if len(there) < POSTINGS and owner not in there:
                there.append(owner)
                self.added.append((anchor, owner))


class Shelf:
    """Places texts one by one; `store` writes what has become of it. One at a time works on a period."""

    def __init__(self, session: Session, period_id: int) -> None:
        self._session = session
        self._period_id = period_id
        self._asked: set[int] = set()
        self._by_letter, self._by_text = _Found(), _Found()
        self._campaign_of: dict[int, int | None] = {}
        self._united: dict[int, int] = {}
        self._letters: dict[int, Letter] = {}
        self._singles: dict[int, Shingles] = {}
        self._used_ids: set[int] = set()

    def expect(self, texts: Sequence[Shingles]) -> None:
        """Read at once what these texts will be compared with."""
        anchors = [text.anchors() for text in texts]
        self._ask({anchor for some in anchors for anchor in some})
        wanted: set[Group] = set()
        for some in anchors:
            for found in (self._by_letter, self._by_text):
                wanted.update(nearest(self._shared(found, some)))
        self._load(wanted)

    def place(self, text: CampaignText, own: Shingles) -> None:
        """Let a text join the campaign whose letter it has most of; keep it by itself where there is none."""
        text.is_placed = True
        anchors = own.anchors()
        self._ask(anchors)
        matches = self._matches(own, self._shared(self._by_letter, anchors))
        if not matches:
            matches = self._matches(own, self._shared(self._by_text, anchors))
        self._campaign_of[text.id] = None
        if not matches:
            self._singles[text.id] = own
            self._by_text.add(anchors, text.id)
            return
        first, *others = matches
        campaign = self._session.get_one(Campaign, first[1]) if first[0] else self.begin(first[1])
        self._join(campaign, text, own, others)

    def begin(self, text_id: int) -> Campaign:
        """Make a campaign of a text: somebody else has sent it, or a version of it."""
        first = self._session.get_one(CampaignText, text_id)
        campaign = self._former(first) or Campaign(period_id=self._period_id)
        campaign.is_stale = True
        self._session.add(campaign)
        self._session.flush()
        self._used_ids.add(campaign.id)
        first.campaign_id, first.version, first.is_exemplar, first.recount = campaign.id, 1, True, True
        self._campaign_of[text_id] = campaign.id
        return campaign

    def store(self) -> None:
        """Write the anchors that were added."""
        self._session.flush()
        for table, found in ((LetterAnchor, self._by_letter), (TextAnchor, self._by_text)):
            insert_anchors(self._session, table, self._period_id, found.added)
            found.added.clear()

    def _former(self, text: CampaignText) -> Campaign | None:
        """The campaign that the text was in before everything was grouped anew, if it is free."""
        former = self._session.get(Campaign, text.former_id) if text.former_id else None
        if former is None or former.id in self._used_ids:
            return None
        taken = sa.select(CampaignText.id).where(CampaignText.campaign_id == former.id).limit(1)
        if self._session.scalar(taken) is not None:
            return None
        former.merged_into_id, former.is_broken = None, False
        return former

    def _join(self, campaign: Campaign, text: CampaignText, own: Shingles, others: list[Group]) -> None:
        letter = self._letter(campaign.id)
        text.campaign_id, text.recount = campaign.id, True
        self._campaign_of[text.id] = campaign.id
        campaign.is_stale = True
        if len(letter.versions) < VERSIONS:
            letter.versions.append((text.id, own))
            text.version = len(letter.versions)
            if len(letter.versions) in REMADE_AFTER:
                others = others + self._remake(campaign, letter)
        for other in others:
            campaign = self._unite_if_same(campaign, other)

    def _remake(self, campaign: Campaign, letter: Letter) -> list[Group]:
        """Make a letter anew from its versions; gives the groups that may be the same campaign."""
        letter.shingles, place = common_letter([version for _, version in letter.versions])
        _prefer(self._session, campaign, letter.versions[place][0])
        anchors = letter.shingles.anchors()
        self._ask(anchors)
        self._by_letter.add(anchors, campaign.id)
        return [*self._shared(self._by_letter, anchors), *self._shared(self._by_text, anchors)]

    def _unite_if_same(self, campaign: Campaign, other: Group) -> Campaign:
        group = self._now(other)
        if group == (True, campaign.id):
            return campaign
        mine, theirs = self._letter(campaign.id), self._letter_of(group)
        both = overlap(mine.shingles, theirs.shingles)
        is_same = are_versions if theirs.is_made else has_letter
        if not is_same(mine.shingles, theirs.shingles, both):
            return campaign
        if not group[0]:
            self.begin(group[1])
            group = self._now(group)
        return self._unite(campaign, self._session.get_one(Campaign, group[1]))

    def _unite(self, one: Campaign, other: Campaign) -> Campaign:
        """Make one campaign of two: of the one that more is known of, else of the lower id."""
        kept, gone = sorted(
            (one, other), key=lambda campaign: (-len(self._letter(campaign.id).versions), campaign.id)
        )
        self._session.flush()
        texts = sa.update(CampaignText).where(CampaignText.campaign_id == gone.id)
        self._session.execute(
            texts.values(campaign_id=kept.id, version=None, is_exemplar=False, recount=True)
        )
        self._session.execute(
            sa.update(Campaign)
            .where(sa.or_(Campaign.id == gone.id, Campaign.merged_into_id == gone.id))
            .values(merged_into_id=kept.id, is_stale=False, is_broken=False)
        )
        self._session.execute(sa.delete(LetterAnchor).where(LetterAnchor.owner_id == gone.id))
        kept.organiser = kept.organiser or gone.organiser
        kept.is_stale = True
        self._united[gone.id] = kept.id
        self._letters.pop(gone.id, None)
        self._by_letter.added = [
            (anchor, owner) for anchor, owner in self._by_letter.added if owner != gone.id
        ]
        moved = [anchor for anchor, owners in self._by_letter.owners.items() if gone.id in owners]
        for anchor in moved:
            self._by_letter.owners[anchor].remove(gone.id)
        self._by_letter.add(moved, kept.id)
        return kept

    def _ask(self, anchors: Iterable[int]) -> None:
        """Read who is found by anchors that were not asked for yet."""
        new = sorted(set(anchors) - self._asked)
        self._asked.update(new)
        for at in range(0, len(new), _ASKED_AT_ONCE):
            some = new[at : at + _ASKED_AT_ONCE]
            of_letters = sa.select(LetterAnchor.anchor, LetterAnchor.owner_id).where(
                LetterAnchor.period_id == self._period_id, LetterAnchor.anchor.in_(some)
            )
            for anchor, owner in self._session.execute(of_letters):
                self._by_letter.owners[anchor].append(owner)
            of_texts = (
                sa.select(TextAnchor.anchor, TextAnchor.owner_id, CampaignText.campaign_id)
                .join(CampaignText, CampaignText.id == TextAnchor.owner_id)
                .where(TextAnchor.period_id == self._period_id, TextAnchor.anchor.in_(some))
            )
            for anchor, owner, campaign_id in self._session.execute(of_texts):
                self._by_text.owners[anchor].append(owner)
                self._campaign_of.setdefault(owner, campaign_id)

    def _shared(self, found: _Found, anchors: Sequence[int]) -> dict[Group, int]:
        """The groups that have enough of some anchors, and how many of them."""
        counts: dict[int, int] = defaultdict(int)
        for anchor in anchors:
            for owner in found.owners.get(anchor, ()):
                counts[owner] += 1
        least = least_shared(len(anchors))
        most: dict[Group, int] = {}
        for owner, shared in counts.items():
            if shared >= least:
                group = self._now((found is self._by_letter, owner))
                most[group] = max(shared, most.get(group, 0))
        return most

    def _now(self, group: Group) -> Group:
        """What has become of a group since it was looked up."""
        is_campaign, number = group
        if not is_campaign:
            campaign_id = self._campaign_of.get(number)
            if campaign_id is None:
                return group
            number = campaign_id
        while number in self._united:
            number = self._united[number]
        return True, number

    def _matches(self, own: Shingles, shared: Mapping[Group, int]) -> list[Group]:
        """Those that a text is of: the one first of whose letter it has most."""
        found = []
        for group in nearest(shared):
            letter = self._letter_of(group)
            both = overlap(letter.shingles, own)
            if (has_letter if letter.is_made else are_versions)(letter.shingles, own, both):
                found.append((-both.common, both.one - both.common, group))
        return [group for *_, group in sorted(found)]

    def _letter_of(self, group: Group) -> Letter:
        is_campaign, number = group
        if is_campaign:
            return self._letter(number)
        if number not in self._singles:
            self._load([group])
        return Letter(self._singles[number], [(number, self._singles[number])])

    def _letter(self, campaign_id: int) -> Letter:
        if campaign_id not in self._letters:
            self._load([(True, campaign_id)])
        return self._letters[campaign_id]

    def _load(self, groups: Iterable[Group]) -> None:
        """Read the words of groups that are not here yet."""
        campaigns = {number for is_one, number in groups if is_one and number not in self._letters}
        singles = {number for is_one, number in groups if not is_one and number not in self._singles}
        self._session.flush()
        for number, _, body in self._words(CampaignText.id.in_(singles) if singles else None):
            self._singles[number] = shingles_of(body)
        versions: dict[int, list[tuple[int, Shingles]]] = defaultdict(list)
        is_version = sa.and_(CampaignText.campaign_id.in_(campaigns), CampaignText.version.is_not(None))
        for number, campaign_id, body in self._words(is_version if campaigns else None):
            versions[campaign_id].append((number, self._singles.get(number) or shingles_of(body)))
        for campaign_id in campaigns:
            self._letters[campaign_id] = letter_of(versions[campaign_id])

    def _words(self, condition: sa.ColumnElement[bool] | None) -> Sequence[Any]:
        if condition is None:
            return ()
        statement = sa.select(CampaignText.id, CampaignText.campaign_id, BODY).where(condition)
        return self._session.execute(statement.order_by(CampaignText.version, CampaignText.id)).all()


def letter_of(versions: list[tuple[int, Shingles]]) -> Letter:
    """The letter of some versions. Of none, because all have just gone, it is empty and like no text."""
    if len(versions) < 2:
        return Letter(versions[0][1] if versions else Shingles([]), versions)
    return Letter(common_letter([version for _, version in versions])[0], versions)


def insert_anchors(
    session: Session,
    table: type[LetterAnchor | TextAnchor],
    period_id: int,
    anchors: Iterable[tuple[int, int]],
) -> None:
    """Let groups be found by anchors, given as (anchor, owner)."""
    rows = [{"period_id": period_id, "anchor": anchor, "owner_id": owner} for anchor, owner in anchors]
    if rows:
        insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(table).on_conflict_do_nothing(), rows)


def _prefer(session: Session, campaign: Campaign, text_id: int) -> None:
    """Show a campaign by another text, where the present one was sent once only."""
    session.flush()
    of_campaign = sa.select(CampaignText).where(CampaignText.campaign_id == campaign.id)
    present = session.scalars(of_campaign.where(CampaignText.is_exemplar)).first()
    if present is None or present.id == text_id or copies(session, [present]).get(present.digest, 0) > 1:
        return
    present.is_exemplar, present.recount = False, True
    chosen = session.get_one(CampaignText, text_id)
    chosen.is_exemplar, chosen.recount = True, True


def copies(session: Session, texts: Sequence[CampaignText]) -> dict[str, int]:
    """How many comments have each of some texts of one period, by fingerprint."""
    if not texts:
        return {}
    statement = (
        sa.select(Comment.body_digest, sa.func.count())
        .where(
            Comment.period_id == texts[0].period_id, Comment.body_digest.in_([text.digest for text in texts])
        )
        .group_by(Comment.body_digest)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
