"""Every number of a summary, for tests that recount them."""

from __future__ import annotations

from engage.reports.summary import Line, Summary


def every_line(summary: Summary) -> list[Line]:
    """All numbers of posted comments that the summary tells."""
    lines = [summary.posted, summary.named, summary.unnamed, summary.late]
    for group in (
        summary.positions, summary.tones, summary.tone_reasons, summary.languages, summary.districts,
        summary.channels, summary.days, summary.analysers,
    ):  # fmt: skip
        lines += group
    for split in summary.tone_by_position:
        lines += (split.position, *split.tones)
    for concern in summary.concerns:
        lines += (concern.line, *concern.by_position, concern.denied, concern.unnamed)
        lines += (*concern.by_tone, *concern.by_part)
    return lines + [text.line for text in summary.count.repeated]
