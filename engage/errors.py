"""What can go wrong in the rules of the house, as facts. Views make them pages, commands one line."""


class EngageError(Exception):
    """The base of all; its text is a full sentence that may be shown to a person."""


class NotFound(EngageError):
    """The thing is not there, or this reader may not know that it is."""


class NotAllowed(EngageError):
    """This person may not do this."""


class RuleBroken(EngageError):
    """The request contradicts a rule of the domain, such as a closed comment period."""
