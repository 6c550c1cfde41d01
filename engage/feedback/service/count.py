"""Open the boxes and tell what is in them."""


def count_due() -> int:
    """Make results anew where answers wait to be counted. May run twice at once."""
    return 0
