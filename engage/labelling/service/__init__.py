"""What can be done with samples and labels, by verb."""

from engage.labelling.service.draw import NothingToDraw, draw_sample
from engage.labelling.service.label import label_comment
from engage.labelling.service.learn import learn_due
from engage.labelling.service.measure import mark_changed, measure_due
from engage.labelling.service.review import NotMeasured, WordsChanged, review_comment, undo_review

__all__ = [
    "NotMeasured",
    "NothingToDraw",
    "WordsChanged",
    "draw_sample",
    "label_comment",
    "learn_due",
    "mark_changed",
    "measure_due",
    "review_comment",
    "undo_review",
]
