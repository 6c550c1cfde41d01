"""Engage: a community stakeholder engagement platform. Importing it loads neither Flask nor SQLAlchemy."""
