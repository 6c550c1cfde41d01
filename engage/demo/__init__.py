"""The fictional county that a newcomer meets."""
