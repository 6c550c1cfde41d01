"""What other rooms' pages show of forms."""
