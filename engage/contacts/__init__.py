"""How to reach people who asked to be told: apart from what anybody said, encrypted, purged by a date."""
