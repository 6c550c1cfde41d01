"""Shares within each side and of tones: how often their ranges hold, and that no side is told otherwise."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.analysis import PositionLabel
from engage.analysis.shares import MIN_LABELS, Share
from engage.comments.models import Comment, CommentPeriod
from engage.comments.reviewed import machine_codes
from engage.jobs.queue import run_once
from engage.labelling import service
from engage.labelling.models import Label, LabelConcern, LabelTone, MeasureKind, Sample
from engage.labelling.service import draw_sample, measure_due
from engage.labelling.service.measure import Checked as CheckedComment
from engage.labelling.service.measure import Key, Pair, pairs_of
from engage.reports import bounds
from engage.reports.checked import Checked, check
from engage.reports.measures import MACHINE_CONCERN, Facts, TallyKey, tallies, tally_key
from engage.reports.service import count_due
from tests.labelling.test_service import measured
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page

CODE = "cost_resources"
SIDES = ("support", "oppose")
SWAPPED = {"support": "oppose", "oppose": "support"}
ROUNDS = 300


@dataclass(frozen=True)
class Written:
    """A comment as it truly is, and as the machine reads it."""

    position: str | None
    is_of: bool
    tone: str
    found: bool
    measured_tone: str

    def facts(self) -> Facts:
        return Facts(
            disposition="posted",
            position=self.position,
            tone=self.measured_tone,
            concerns=(CODE,) if self.found else (),
        )

    def labelled(self) -> CheckedComment:
        label = Label(position=PositionLabel.UNCLEAR, tone=LabelTone(self.tone))
        label.concerns = [LabelConcern(code=CODE)] if self.is_of else []
        found = frozenset([CODE] if self.found else [])
        return CheckedComment(self.position, False, "unclear", self.measured_tone, found, (label,))


def crowd(random: np.random.Generator, comments: int) -> list[Written]:
    """Both sides raise the concern and sound angry in other parts, and of one the machine finds less."""
    chances = random.random((comments, 6)).tolist()
    return [_comment(*chance) for chance in chances]


def _comment(who: float, of: float, finds: float, sounds: float, hears: float, other: float) -> Written:
    position = "support" if who < 0.35 else "oppose" if who < 0.8 else None
    is_of = of < {"support": 0.15, "oppose": 0.4, None: 0.3}[position]
    found = finds < ((0.6 if position == "oppose" else 0.9) if is_of else 0.1)
    tone = _tone(sounds, {"support": 0.25, "oppose": 0.6, None: 0.4}[position])
    return Written(position, is_of, tone, found, tone if hears < 0.75 else _tone(other, 0.33))


def _tone(chance: float, negative: float) -> str:
    return "negative" if chance < negative else "neutral" if chance < negative + 0.3 else "positive"


@cache
def tallied(comment: Written) -> frozenset[TallyKey]:
    return frozenset(tallies(comment.facts()))


@cache
def paired(comment: Written) -> list[tuple[Key, Pair]]:
    """What one labelled comment adds: what is measured of a sample is the sum of it."""
    found = pairs_of([comment.labelled()], [CODE])
    return [(key, pair) for key, counts in found.items() for pair in counts]


def checked_of(comments: list[Written], drawn: list[Written]) -> Checked:
    """The whole way: what the period counts, what the sample measures, and the shares of both."""
    numbers: Counter[TallyKey] = Counter()
    for comment, n in Counter(comments).items():
        numbers.update(dict.fromkeys(tallied(comment), n))
    pairs: defaultdict[Key, list[tuple[float, float, int]]] = defaultdict(list)
    for comment, n in Counter(drawn).items():
        for key, (label, said) in paired(comment):
            pairs[key].append((label, said, n))
    measures: dict[tuple[str, str], list[tuple[float, float, int]]] = {
        (kind, code): found for (kind, code), found in pairs.items()
    }
    return check(numbers, measures, None, posted=len(comments), concerns=[CODE])


def shares(found: Checked) -> Iterator[tuple[str, str | None, Share]]:
    """What was checked of tones and sides: of what, of which side, the share."""
    for row in found.tones:
        yield row.line.key, None, row.share
    for side in found.sides:
        for row in (*side.concerns, *side.tones):
            yield row.line.key, side.position, row.share


def true_share(comments: list[Written], what: str, position: str | None) -> float:
    among = [comment for comment in comments if position is None or comment.position == position]
    return sum(comment.is_of if what == CODE else comment.tone == what for comment in among) / len(among)


def measure_coverage(*, comments: int, labels: int, rounds: int, seed: int) -> Mapping[object, float]:
    """How often each range holds the true share, of ``rounds`` periods and draws."""
    random = np.random.default_rng(seed)
    held: Counter[object] = Counter()
    told: Counter[object] = Counter()
    for _ in range(rounds):
        everybody = crowd(random, comments)
        drawn = [everybody[number] for number in random.choice(comments, labels, replace=False)]
        for what, position, share in shares(checked_of(everybody, drawn)):
            if share.low is not None and share.high is not None:
                told[what, position] += 1
                true = true_share(everybody, what, position)
                held[what, position] += share.low - 1e-9 <= true <= share.high + 1e-9
    return {name: held[name] / told[name] for name in told if told[name] > rounds / 2}


class TestRanges:
    @pytest.mark.parametrize(("comments", "labels"), [(900, 300), (420, 380)])
    def test_hold_as_often_as_they_say(self, comments: int, labels: int) -> None:
        """Within each side and for each tone; the machine is worse on one side than on the other."""
        coverage = measure_coverage(comments=comments, labels=labels, rounds=ROUNDS, seed=7)

        assert len(coverage) == 3 + 2 * 4
        assert all(0.91 <= held <= 0.99 for held in coverage.values()), coverage

    def test_would_not_hold_if_the_machine_were_taken_at_its_word(self) -> None:
        """The control: the machine finds 60 of 100 on one side, and its own share is far outside."""
        random = np.random.default_rng(3)
        everybody = crowd(random, 3_000)
        drawn = [everybody[number] for number in random.choice(3_000, 1_200, replace=False)]

        opposed = next(side for side in checked_of(everybody, drawn).sides if side.position == "oppose")

        share = opposed.concerns[0].share
        assert share.high is not None
        assert share.low is not None
        assert share.machine < share.low < true_share(everybody, CODE, "oppose") < share.high

    def test_are_not_told_of_a_side_with_fewer_than_a_hundred_labels(self) -> None:
        everybody = crowd(np.random.default_rng(5), 2_000)
        few = [comment for comment in everybody if comment.position == "support"][: MIN_LABELS - 1]
        many = [comment for comment in everybody if comment.position == "oppose"][:MIN_LABELS]

        support, oppose = checked_of(everybody, few + many).sides

        assert {row.share.low for row in (*support.concerns, *support.tones)} == {None}
        assert {row.share.labels for row in support.concerns} == {MIN_LABELS - 1}
        assert all(row.share.verified for row in (*oppose.concerns, *oppose.tones))


def test_exchanging_the_sides_exchanges_the_shares_and_nothing_else() -> None:
    everybody = crowd(np.random.default_rng(11), 800)
    exchanged = [
        Written(
            SWAPPED.get(one.position or "", one.position), one.is_of, one.tone, one.found, one.measured_tone
        )
        for one in everybody
    ]

    before, after = (checked_of(crowded, crowded[:400]) for crowded in (everybody, exchanged))

    sides = {(what, position): share for what, position, share in shares(before)}
    assert {
        (what, SWAPPED.get(position or "", position)): share for what, position, share in shares(after)
    } == sides
    assert any(share.verified for (_, position), share in sides.items() if position)


def test_a_text_without_a_tone_or_a_label_that_names_none_says_nothing_about_tones() -> None:
    scored = Written("support", True, "negative", True, "negative").labelled()
    unscored = Written("support", True, "negative", True, "not_scored").labelled()
    silent = Written("support", True, "negative", True, "negative").labelled()
    silent.labels[0].tone = None

    pairs = pairs_of([scored, unscored, silent], [CODE])

    assert pairs[MeasureKind.TONE, "negative"].total() == 1
    assert pairs[MeasureKind.TONE_SUPPORT, "negative"].total() == 1
    assert pairs[MeasureKind.CONCERN_SUPPORT, CODE].total() == 3
    assert (MeasureKind.TONE_OPPOSE, "negative") not in pairs


def test_the_machine_is_measured_by_what_it_finds_itself_where_people_corrected_it() -> None:
    """Whoever corrects the comments of one side makes that side's numbers better, not its machine."""
    numbers = {
        tally_key(("position",), ("oppose",)): 200,
        tally_key(("concern", "position"), (CODE, "oppose")): 120,
        tally_key((MACHINE_CONCERN, "position"), (CODE, "oppose")): 50,
    }

    support, oppose = check(numbers, {}, None, posted=200, concerns=[CODE]).sides

    assert (support.concerns, support.tones) == ((), ())
    # What stands under "by the program" is the program's; no list of comments is made by that any more.
    assert (oppose.concerns[0].line.n, oppose.concerns[0].line.base) == (50, 200)
    assert not oppose.concerns[0].is_listed
    assert oppose.concerns[0].share.machine == 0.25


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """120 comments in support and 120 in opposition, all drawn; 110 and 40 of them are labelled."""
    period = makers.comment_period(session)
    person = makers.user(session, RoleName.CLERK)
    comments = []
    for number in range(240):
        analysis = measured("unclear", CODE if number % 3 else "family_unity")
        analysis.tone, analysis.tone_reason = ("negative" if number % 4 < 2 else "positive"), None
        analysis.tone_score = -0.5 if number % 4 < 2 else 0.5
        side = "support" if number % 2 else "oppose"
        comments.append(makers.comment(session, period, analysis=analysis, analysis_due=False, position=side))
    draw_sample(session, period, size=240, now=NOON)
    labelled = [one for one in comments if one.position == "support"][:110]
    labelled += [one for one in comments if one.position == "oppose"][:40]
    for number, comment in enumerate(labelled):
        tone = LabelTone.NEGATIVE if number % 3 else LabelTone.NEUTRAL
        label = Label(comment_id=comment.id, person_id=person.id, position="unclear", tone=tone)
        label.concerns = [LabelConcern(code=CODE)]
        session.add(label)
    session.commit()
    run_once({"count": count_due, "measure": measure_due})
    return period


class TestReport:
    def test_tells_a_range_of_the_side_that_was_labelled_and_none_of_the_other(
        self, client: Client, period: CommentPeriod
    ) -> None:
        told = client.get(f"/en/reports/{period.slug}.json").get_json()["checked"]

        (support,) = [row for row in told["concerns_of_support"] if row["key"] == CODE]
        (oppose,) = [row for row in told["concerns_of_oppose"] if row["key"] == CODE]
        assert (support["base"], support["labels"], support["is_verified"]) == (120, 110, True)
        assert support["low_percent"] <= support["checked_percent"] <= support["high_percent"]
        assert (oppose["base"], oppose["labels"], oppose["is_verified"]) == (120, 40, False)
        assert {row["is_verified"] for row in told["tones"]} == {True}
        assert {row["is_verified"] for row in told["tones_of_oppose"]} == {False}
        assert told["read_by_person"]["count"] == 0

    def test_shows_it_beside_tones_and_on_the_page_of_the_concern(
        self, client: Client, period: CommentPeriod
    ) -> None:
        shown = page(client.get(f"/en/reports/{period.slug}")).text()
        concern = page(client.get(f"/en/reports/{period.slug}/concerns/{CODE}")).text()
        spanish = page(client.get(f"/es/reports/{period.slug}")).text()

        assert shown.count("Mended by what people found in a random sample:") == 2  # All, and support.
        assert "fewer than 100 of these comments were labelled" in shown
        assert "What part of each side raises it" in concern
        assert "100% (" in concern
        assert "machine-sorted, unverified" in concern
        assert "Mended by what people" not in spanish

    def test_every_number_of_a_side_leads_to_exactly_its_comments(
        self, client: Client, period: CommentPeriod
    ) -> None:
        told = client.get(f"/en/reports/{period.slug}.json").get_json()["checked"]

        for row in (*told["concerns_of_support"], *told["tones_of_oppose"], *told["tones"]):
            if row["comments"]:
                found = page(client.get(row["comments"].removeprefix("http://localhost"))).text()
                assert f"{row['count']} comments" in found

    def test_tells_the_same_in_the_table_for_programs(self, client: Client, period: CommentPeriod) -> None:
        text = client.get(f"/en/reports/{period.slug}.csv").get_data().decode("utf-8-sig")
        rows = {(row["section"], row["key"]): row for row in csv.DictReader(io.StringIO(text))}

        support = rows["checked_concerns_of_support", CODE]
        assert (support["base"], support["within"], support["labels"]) == ("120", "support", "110")
        assert float(support["low_percent"]) <= float(support["high_percent"])
        assert rows["checked_tones_of_oppose", "negative"]["low_percent"] == ""
        assert rows["checked_tones", "negative"]["labels"] == "150"


def test_what_a_person_corrects_changes_the_count_of_a_side_and_not_what_is_said_of_the_machine(
    session: Session, client: Client, period: CommentPeriod
) -> None:
    before, stood = of_support(client, period), raised_by_support(client, period)
    url = f"/en/reports/{period.slug}"
    assert "the program alone" not in page(client.get(url)).text()
    wrong = sa.select(Comment).where(Comment.position == "support").order_by(Comment.id)
    for comment in [one for one in session.scalars(wrong) if machine_codes(one) != [CODE]][:5]:
        person = session.scalars(sa.select(User)).first()
        assert person is not None
        service.review_comment(
            session, comment, person, concerns=[CODE], of_digest=comment.body_digest, today=NOON.date()
        )
    session.query(Sample).update({"measure_due": True})
    session.commit()
    run_once({"count": count_due, "measure": measure_due})

    after = of_support(client, period)

    assert raised_by_support(client, period) == stood + 5
    assert {name: after[name] for name in CHECKED} == {name: before[name] for name in CHECKED}
    told = f"the program alone found {before['count']}. People have corrected some of these"
    concern = page(client.get(f"{url}/concerns/{CODE}")).text()
    assert f"“Support”: {told}, so above it says {stood + 5}." in concern
    (own,) = [
        row
        for row in page(client.get(f"{url}/concerns/{CODE}")).all(".//tr[th]")
        if " ".join(row.itertext()).split()[:2] == ["Support", f"{before['count']:,}"]
    ]
    assert own.findall(".//a") == []
    assert "“By the program” is what the program alone found." in page(client.get(url)).text()
    # No list of comments is made by what the program alone finds.
    assert (bool(before["comments"]), after["comments"]) == (True, None)


CHECKED = ("count", "percent", "checked_percent", "low_percent", "high_percent", "labels")


def raised_by_support(client: Client, period: CommentPeriod) -> int:
    told = client.get(f"/en/reports/{period.slug}.json").get_json()["concerns"]
    (concern,) = [each for each in told if each["key"] == CODE]
    return next(int(line["count"]) for line in concern["positions"] if line["key"] == "support")


def of_support(client: Client, period: CommentPeriod) -> dict[str, Any]:
    told = client.get(f"/en/reports/{period.slug}.json").get_json()["checked"]
    (row,) = [row for row in told["concerns_of_support"] if row["key"] == CODE]
    found: dict[str, Any] = row
    return found


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share(0.31, 0.262, 0.3671, 0.3, 120, 900), "31% (26% to 37%)"),
        (Share(0.3, None, None, 0.3, 40, 900), "machine-sorted, unverified"),
        (Share(0.0, 0.0, 0.031, 0.0, 120, 900), "0% (0% to 4%)"),
    ],
)
def test_a_range_is_told_in_the_same_words_everywhere(client: Client, share: Share, words: str) -> None:
    with client.application.test_request_context("/en/"):
        assert bounds.bounds_in_words(share) == words
