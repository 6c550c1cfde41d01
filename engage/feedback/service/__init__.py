"""What can be done with forms, their answers and their results."""
