"""What can be done with the log, by verb. Functions that take a session flush and never commit; jobs have
transactions of their own.
"""

from engage.receipts.service.enter import enter_comments, enter_missing, forget_codes
from engage.receipts.service.manifest import manifest_due
from engage.receipts.service.seal import seal, seal_due
from engage.receipts.service.witness import NoWitness, add_witness, take_cosignatures

__all__ = [
    "NoWitness",
    "add_witness",
    "enter_comments",
    "enter_missing",
    "forget_codes",
    "manifest_due",
    "seal",
    "seal_due",
    "take_cosignatures",
]
