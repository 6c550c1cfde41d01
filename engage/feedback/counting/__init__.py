"""From counted answers to what is told of them.

``plan``: which questions of which versions are counted as one. ``tally``: raw counts, small ones too, which
never leave the job. ``tell``: what can be told of them (``engage.feedback.results``).
"""
