"""Claims about the product, each a test that fails when the claim is no longer true."""
