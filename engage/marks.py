"""The mark of a text that is translated later: when it is said, in the language of whoever reads it."""


def N_(text: str) -> str:  # noqa: N802 - the name by which pybabel finds such texts.
    """The text itself."""
    return text
