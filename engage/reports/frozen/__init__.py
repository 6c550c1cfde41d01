"""Published reports: kept whole, found again by the digests of what they are made of."""
