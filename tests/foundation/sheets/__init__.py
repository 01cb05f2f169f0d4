"""Tests of sheets in and out."""
