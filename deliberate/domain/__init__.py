"""The pure core: what deliberation, ballots and consensus mean, without a database or a page."""
