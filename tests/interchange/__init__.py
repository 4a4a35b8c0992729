"""Tests of the formats in which ballots come and go."""
