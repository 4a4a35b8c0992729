"""Tables and queries, one file for each noun; every function takes a session first."""
