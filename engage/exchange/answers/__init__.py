"""Answers that were collected elsewhere: SurveyMonkey, LimeSurvey, Google Forms, plain tables."""
