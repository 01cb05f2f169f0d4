"""Tests of the demo city and of the published figures."""
