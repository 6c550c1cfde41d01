"""Shares with honest intervals: against the paper's formulas, at the edges, and by how often they hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.analysis.shares import (
    MIN_LABELS,
    Setting,
    Share,
    settings,
    share,
    share_of_sample,
    simulate_coverage,
)


def drawn(
    comments: int, labels: int, *, true: float = 0.3, finds: float = 0.8, spares: float = 0.8
) -> tuple[list[int], list[int | None], float]:
    """Predictions for all comments, labels for some of them, and the true share; always the same."""
    random = np.random.default_rng(7)
    truth = random.random(comments) < true
    said = np.where(truth, random.random(comments) < finds, random.random(comments) >= spares)
    chosen = set(random.choice(comments, labels, replace=False).tolist())
    known = [int(truth[number]) if number in chosen else None for number in range(comments)]
    return said.astype(int).tolist(), known, float(truth.mean())


def width(found: Share) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


class TestShare:
    def test_is_the_power_tuned_estimate_of_the_paper(self) -> None:
        """Angelopoulos, Duchi, Zrnic, arXiv:2311.01453: example 1 (mean) and section 6 (tuning)."""
        predictions, labels, _ = drawn(20_000, 400)
        said, known = np.array(predictions, float), np.array(labels, float)
        read = ~np.isnan(known)
        y, f, others = known[read], said[read], said[~read]
        n, rest = len(y), len(others)
        covariance = float(np.cov(y, f)[0, 1])
        weight = covariance / ((1 + n / rest) * float(said.var(ddof=1)))
        mean = y.mean() + weight * (others.mean() - f.mean())
        deviation = (weight**2 * others.var() / rest + (y - weight * f).var() / n) ** 0.5

        found = share(predictions, labels)

        assert found.value == pytest.approx(mean, abs=0.001)
        assert found.low == pytest.approx(mean - 1.96 * deviation, abs=0.003)
        assert found.high == pytest.approx(mean + 1.96 * deviation, abs=0.003)
        assert found.tuning == pytest.approx(weight * (1 + n / rest), abs=0.02)

    def test_mends_a_machine_that_finds_too_much(self) -> None:
        predictions, labels, true = drawn(5_000, 300, finds=0.95, spares=0.6)

        found = share(predictions, labels)

        assert found.machine > true + 0.2
        assert found.low is not None
        assert found.high is not None
        assert found.low < true < found.high < found.machine

    def test_a_good_machine_narrows_the_interval_and_a_useless_one_does_no_harm(self) -> None:
        good, useless = (drawn(5_000, 200, finds=part, spares=part) for part in (0.97, 0.5))
        labels_only = share([0] * 5_000, useless[1])

        assert width(share(*good[:2])) < 0.6 * width(labels_only)
        assert width(share(*useless[:2])) < 1.05 * width(labels_only)

    @pytest.mark.parametrize("labels", [0, MIN_LABELS - 1])
    def test_under_a_hundred_labels_is_the_machines_share_without_an_interval(self, labels: int) -> None:
        predictions, known, _ = drawn(1_000, labels)

        found = share(predictions, known)

        assert not found.verified
        assert (found.low, found.high) == (None, None)
        assert found.value == found.machine == sum(predictions) / 1_000
        assert found.labels == labels

    def test_a_hundred_labels_verify(self) -> None:
        assert share(*drawn(1_000, MIN_LABELS)[:2]).verified

    def test_is_exact_where_people_read_everything(self) -> None:
        predictions, labels, true = drawn(150, 150)

        found = share(predictions, labels)

        assert found.value == pytest.approx(true)
        assert found.low == pytest.approx(true)
        assert found.high == pytest.approx(true)

    def test_leaves_less_open_the_larger_the_part_that_was_read(self) -> None:
        few, most = drawn(20_000, 400), drawn(500, 400)

        assert width(share(*most[:2])) < 0.6 * width(share(*few[:2]))

    def test_of_a_kind_that_the_sample_has_none_of_is_an_interval_still(self) -> None:
        found = share([0] * 5_000, [0] * 100 + [None] * 4_900)

        assert found.low == 0
        assert found.high is not None
        assert 0.02 < found.high < 0.06

    def test_knows_how_large_a_campaign_is(self) -> None:
        predictions, labels, _ = drawn(3_000, 300)
        predictions[:1_000] = [1] * 1_000
        labels[:1_000] = [None if label is None else 1 for label in labels[:1_000]]
        groups = ["letter"] * 1_000 + [None] * 2_000

        assert width(share(predictions, labels, groups=groups)) < width(share(predictions, labels))

    def test_nothing_has_no_share(self) -> None:
        assert share([], []) == Share(0.0, None, None, 0.0, 0, 0)

    @pytest.mark.parametrize(
        ("predictions", "labels", "groups"),
        [([0, 1], [None], None), ([0, 2], [None, None], None), ([0, 1], [None, -1], None), ([0], [1], [])],
    )
    def test_refuses_what_makes_no_sense(
        self, predictions: list[float], labels: list[float | None], groups: list[str] | None
    ) -> None:
        with pytest.raises(ValueError, match=r"must be one|from 0 to 1"):
            share(predictions, labels, groups=groups)

    def test_is_known_where_everything_was_read(self) -> None:
        found = share_of_sample([True] * 44 + [False] * 56, [False] * 100, comments=100, machine=0.0)

        assert found.low == found.value == found.high == 0.44

    @given(
        st.lists(st.tuples(st.booleans(), st.booleans()), min_size=100, max_size=130),
        st.integers(min_value=0, max_value=2_000),
        st.floats(min_value=0, max_value=1),
    )
    def test_never_leaves_what_is_possible(
        self, pairs: list[tuple[bool, bool]], unread: int, machine: float
    ) -> None:
        labels, predictions = zip(*pairs, strict=True)
        comments = len(pairs) + unread
        whole = (sum(predictions) + round(machine * unread)) / comments

        found = share_of_sample(labels, predictions, comments=comments, machine=whole)

        assert found.low is not None
        assert found.high is not None
        assert sum(labels) / comments <= found.low + 1e-9
        assert found.low <= found.value <= found.high
        assert found.high <= 1 - (len(pairs) - sum(labels)) / comments + 1e-9

    def test_of_a_sample_alone_is_the_same(self) -> None:
        predictions, labels, _ = drawn(2_000, 200)
        read = [number for number, label in enumerate(labels) if label is not None]

        alone = share_of_sample(
            [label for label in labels if label is not None],
            [predictions[number] for number in read],
            comments=2_000,
            machine=sum(predictions) / 2_000,
        )

        assert alone == share(predictions, labels)


class TestSimulateCoverage:
    def test_of_the_interval_is_what_it_says(self) -> None:
        """The machine has another share than the truth, in a period with a campaign and in a small one."""
        grid = [
            Setting(comments=2_000, labels=100, share=0.3, finds=0.95, spares=0.6, campaign=0.4),
            Setting(comments=600, labels=400, share=0.02, finds=0.8, spares=0.8),
            Setting(comments=2_000, labels=200, share=0.9, finds=0.6, spares=0.6, campaign=0.2, mixed=True),
        ]

        measured = simulate_coverage(seed=1, rounds=400, grid=grid)

        assert [setting for setting, _ in measured] == grid
        assert all(0.925 <= coverage <= 0.98 for _, coverage in measured), measured

    def test_covers_rare_and_frequent_few_labels_and_many_with_campaigns_and_without(self) -> None:
        grid = settings()

        assert {setting.labels for setting in grid} == {100, 200, 400}
        assert {0.02, 0.98} <= {setting.share for setting in grid}
        assert {0.0, 0.05, 0.4} <= {setting.campaign for setting in grid}

    def test_needs_labels_enough_for_an_interval(self) -> None:
        with pytest.raises(ValueError, match="at least 100 labels"):
            simulate_coverage(rounds=1, grid=[Setting(500, 50, 0.5, 0.8, 0.8)])
