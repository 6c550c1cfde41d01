"""What readers say of a published summary: fair, leaves something out, hard to understand. Numbers only."""
