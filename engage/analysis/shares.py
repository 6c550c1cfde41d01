"""What share of comments are of a kind, when a machine sorted all of them and people checked a few.

The method is prediction-powered inference with a power-tuned weight (PPI++; Angelopoulos, Duchi, Zrnic 2023,
arXiv:2311.01453). People label a simple random sample, drawn comment by comment; the share that the machine
found everywhere is mended by what its mistakes in the sample show, as far as the machine is worth it:
``tuning`` is 0 where it knows nothing (then only the labels count) and 1 where it can be taken at its word.

Three things differ from the paper, because a comment period is not an endless stream:

- The share is that of *these* comments, so labels that are a large part of them leave less open (the finite
  population correction), and a campaign needs no wider interval: chance is only in which comments were drawn.
  A sandwich or a bootstrap by campaign would answer another question, what had come in had other campaigns
  been run. Where ``groups`` are given, a campaign with labels enough becomes a stratum: how large it is is
  known and no longer left to the draw.
- The interval is Wilson's with the effective number of labels, so that it stays within 0 and 1 and holds for
  kinds of which the sample has few or none.
- The machine's errors are estimated as if four more comments had been labelled, one of each way to be right
  or wrong (as Agresti and Coull do for one proportion): a sample that happens to show no mistake must not
  look like certainty.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

MIN_LABELS = 100
"""With fewer labels there is no interval, and the share is told as machine-sorted and unverified."""

_Z = 1.959963984540054  # 97.5 % of a standard normal distribution lie below.
_STRATUM_LABELS = 5
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Share:
    """The share of ``comments`` comments that are of a kind, from 0 to 1.

    ``low`` and ``high`` bound it with 95 % confidence, None where it is not verified; then ``value`` is
    ``machine``, the plain share that the machine found. ``tuning`` is the weight of the machine (λ in the
    paper).
    """

    value: float
    low: float | None
    high: float | None
    machine: float
    labels: int
    comments: int
    tuning: float | None = None

    @property
    def verified(self) -> bool:
        """Whether people checked enough to say how far off the share can be."""
        return self.low is not None


@dataclass(frozen=True, slots=True)
class _Stratum:
    """``size`` comments in which the machine found the share ``machine``, and a random sample of them."""

    size: int
    machine: float
    labels: Numbers
    predictions: Numbers


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A stratum's share, the variance of that estimate; mean and variance of what people say there."""

    value: float
    variance: float
    tuning: float
    mean: float
    spread: float


def share(
    predictions: Sequence[float] | Numbers,
    labels: Sequence[float | None] | Numbers,
    *,
    groups: Sequence[Hashable | None] | None = None,
) -> Share:
    """The share of comments that are of a kind, mended by the labels of a simple random sample of them.

    ``predictions``: for every comment what the machine says, from 0 (no) to 1 (yes). ``labels``: as many,
    what people say, None (or NaN) for the comments that were not drawn; several people may be averaged.
    ``groups``: as many, the campaign of each comment, None for a text of its own. The labelled comments must
    be a simple random sample of all, campaign or not. Raises ValueError where the lengths differ or a value
    is not within 0 and 1.
    """
    import numpy as np

    said = np.asarray(predictions, dtype=np.float64)
    known = np.asarray(labels, dtype=np.float64)
    is_labelled = ~np.isnan(known)
    if said.shape != known.shape or (groups is not None and len(groups) != len(said)):
        raise ValueError("There must be one prediction, one label or None, and one group a comment.")
    if not (_within(said) and _within(known[is_labelled])):
        raise ValueError("Predictions and labels are numbers from 0 to 1.")
    if not len(said):
        return Share(0.0, None, None, 0.0, 0, 0)
    numbers = _numbered(groups, len(said))
    sizes = np.bincount(numbers)
    counts = np.bincount(numbers[is_labelled], minlength=len(sizes))
    own = np.flatnonzero((counts >= _STRATUM_LABELS) & (np.arange(len(sizes)) > 0))
    parts = [numbers == number for number in own]
    rest = ~np.isin(numbers, own)
    if parts and 0 < np.count_nonzero(rest & is_labelled) < _STRATUM_LABELS:
        parts, rest = [], np.ones(len(said), dtype=bool)
    return _combined(
        [
            _Stratum(
                int(part.sum()), float(said[part].mean()), known[part & is_labelled], said[part & is_labelled]
            )
            for part in (*parts, rest)
            if part.any()
        ]
    )


def share_of_sample(
    labels: Sequence[float], predictions: Sequence[float], *, comments: int, machine: float
) -> Share:
    """The same from a sample alone, with the share that the machine found in all ``comments``."""
    import numpy as np

    return _combined([_Stratum(comments, machine, np.asarray(labels, float), np.asarray(predictions, float))])


def _within(values: Numbers) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


def _numbered(groups: Sequence[Hashable | None] | None, comments: int) -> npt.NDArray[np.intp]:
    """A number for each comment's campaign, 0 for those without one."""
    import numpy as np

    if groups is None:
        return np.zeros(comments, dtype=np.intp)
    known: dict[Hashable | None, int] = {None: 0}
    return np.fromiter((known.setdefault(group, len(known)) for group in groups), np.intp, comments)


def _combined(strata: Sequence[_Stratum]) -> Share:
    comments = sum(stratum.size for stratum in strata)
    labels = sum(len(stratum.labels) for stratum in strata)
    machine = sum(stratum.size * stratum.machine for stratum in strata) / comments if comments else 0.0
    if labels < MIN_LABELS or any(not len(stratum.labels) for stratum in strata):
        return Share(machine, None, None, machine, labels, comments)
    parts = [(stratum.size / comments, _estimate(stratum, stratum.size / comments)) for stratum in strata]
    value = min(1.0, max(0.0, sum(weight * part.value for weight, part in parts)))
    mean = sum(weight * part.mean for weight, part in parts)
    variance = sum(weight**2 * part.variance for weight, part in parts)
    spread = sum(weight * (part.spread + (part.mean - mean) ** 2) for weight, part in parts)
    low, high = wilson(value, variance / spread)
    # What was read is known: the share is no less than the yeses in it, and no more than all but the noes.
    yes = float(sum(stratum.labels.sum() for stratum in strata))
    low, high = max(low, yes / comments), min(high, (comments - labels + yes) / comments)
    return Share(
        min(high, max(low, value)),
        low,
        high,
        machine,
        labels,
        comments,
        sum(weight * part.tuning for weight, part in parts),
    )


def _estimate(stratum: _Stratum, weight: float) -> _Estimate:
    """The power-tuned estimate of the paper, with the machine's share taken over all comments.

    ``weight``: the stratum's part of all comments, and so of the four labels that are added.
    """
    n, left_out = len(stratum.labels), stratum.size - len(stratum.labels)
    mean, spread, found, covariance = _moments(stratum, weight)
    tuning = min(1.0, max(0.0, covariance / found))
    value = float(stratum.labels.mean()) + tuning * (stratum.machine - float(stratum.predictions.mean()))
    unexplained = spread - 2 * tuning * covariance + tuning**2 * found
    correction = left_out / (stratum.size - 1) if stratum.size > 1 else 0.0
    return _Estimate(value, correction * unexplained / n, tuning, mean, spread)


def _moments(stratum: _Stratum, weight: float) -> tuple[float, float, float, float]:
    """Mean and variance of the labels, variance of the predictions, covariance; with labels added."""
    import numpy as np

    labels = np.concatenate([stratum.labels, (1.0, 1.0, 0.0, 0.0)])
    predictions = np.concatenate([stratum.predictions, (1.0, 0.0, 1.0, 0.0)])
    weights = np.concatenate([np.ones(len(stratum.labels)), np.full(4, weight)])
    weights /= weights.sum()
    mean, found = float(weights @ labels), float(weights @ predictions)
    of_labels, of_predictions = labels - mean, predictions - found
    return (
        mean,
        float(weights @ of_labels**2),
        float(weights @ of_predictions**2),
        float(weights @ (of_labels * of_predictions)),
    )


def wilson(value: float, deviation: float) -> tuple[float, float]:
    """Wilson's interval; ``deviation`` is one over the effective number of labels."""
    step = _Z**2 * deviation
    middle = (value + step / 2) / (1 + step)
    half = (step * value * (1 - value) + step**2 / 4) ** 0.5 / (1 + step)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Setting:
    """One imagined period: its size, the labels, the true share, the machine, the campaign's part of all.

    ``finds`` is the share of the comments of the kind that the machine finds, ``spares`` the share of the
    others that it leaves alone; ``mixed`` says that members of the campaign add words that change what one
    in twenty says.
    """

    comments: int
    labels: int
    share: float
    finds: float
    spares: float
    campaign: float = 0.0
    mixed: bool = False


MACHINES = ((0.6, 0.6), (0.8, 0.8), (0.95, 0.95), (0.95, 0.6), (0.4, 0.98))
"""As good on both sides, and one that finds too much, one that finds too little."""


def settings() -> list[Setting]:
    """The grid over which coverage is measured: rare to nearly all, few labels to most of the comments."""
    return [
        Setting(comments, labels, true, finds, spares, campaign, mixed=campaign == 0.2)
        for comments, labels in ((4_000, 100), (1_000, 200), (600, 400))
        for true in (0.02, 0.1, 0.3, 0.5, 0.9, 0.98)
        for finds, spares in MACHINES
        for campaign in (0.0, 0.05, 0.2, 0.4)
    ]


def simulate_coverage(
    *, seed: int = 287, rounds: int = 200, grid: Sequence[Setting] | None = None
) -> list[tuple[Setting, float]]:
    """How often the 95 % interval holds the true share, for each setting: of ``rounds`` drawn periods.

    With few rounds a coverage is itself uncertain, by √(.95 × .05 / rounds) as a standard error.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    return [
        (setting, _coverage(setting, random, rounds)) for setting in (settings() if grid is None else grid)
    ]


def _coverage(setting: Setting, random: np.random.Generator, rounds: int) -> float:
    members = round(setting.campaign * setting.comments)
    groups = ["campaign"] * members + [None] * (setting.comments - members) if members else None
    return sum(_is_covered(setting, groups, random) for _ in range(rounds)) / rounds


def _is_covered(setting: Setting, groups: Sequence[str | None] | None, random: np.random.Generator) -> bool:
    """Draw a period and a sample of it, and see whether the interval holds the period's share."""
    import numpy as np

    truth, predictions = _period(setting, random)
    labels = np.full(setting.comments, np.nan)
    drawn = random.choice(setting.comments, setting.labels, replace=False)
    labels[drawn] = truth[drawn]
    found, true = share(predictions, labels, groups=groups), float(truth.mean())
    if found.low is None or found.high is None:
        raise ValueError(f"Coverage needs at least {MIN_LABELS} labels.")
    return found.low - _ROUNDING <= true <= found.high + _ROUNDING


def _period(setting: Setting, random: np.random.Generator) -> tuple[Numbers, Numbers]:
    """What each comment truly is, and what the machine says of it; the campaign comes first, read alike."""
    import numpy as np

    members = round(setting.campaign * setting.comments)
    wanted = round(setting.share * setting.comments)
    truth = np.zeros(setting.comments)
    fits_in, fits_out = members <= wanted, members <= setting.comments - wanted
    truth[:members] = random.random() < setting.share if fits_in and fits_out else fits_in
    if setting.mixed:
        changed = random.random(members) < 0.05
        truth[:members] = np.where(changed, 1 - truth[:members], truth[:members])
    others = setting.comments - members
    still = min(others, max(0, wanted - int(truth[:members].sum())))
    truth[members + random.choice(others, still, replace=False)] = 1
    luck = random.random(setting.comments)
    luck[:members] = random.random()
    return truth, np.where(truth == 1, luck < setting.finds, luck >= setting.spares).astype(float)
