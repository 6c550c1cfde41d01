"""What every page shares: transactions, headers, languages, forms, errors, templates."""
