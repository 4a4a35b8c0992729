"""Deliberation and indicative voting on the questions and outputs of forum sessions."""
