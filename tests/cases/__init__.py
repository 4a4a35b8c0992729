"""Cases that tests of several layers read."""
