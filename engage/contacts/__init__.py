"""How to reach people who asked to be told: kept apart from what anybody said, encrypted, purged by a date."""
