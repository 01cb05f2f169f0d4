"""Sheets in and out: reading a file safely, checking every cell, writing blank forms and exports that come back unchanged.

A sheet walks reading → checking → confirming. Nothing is written before it is confirmed.
"""
