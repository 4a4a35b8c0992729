"""Tests of the session page reader."""
