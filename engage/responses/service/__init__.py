"""Answer concerns, promise what will be done, and answer questions with their source."""
