"""Questionnaires as data: what is asked, on what condition, and which answers fit. Pure.

The definition of a form is JSON in a subset of SurveyJS' published format (surveyjs.io, survey-core 3): see
``surveyjs``. Conditions are read into a tree and worked out by us, never by ``eval``: see ``conditions``.
"""
