"""Every component and every page template with invented data: to look at, and to hold the templates to their contracts.

Mounted only where a site is a demonstration or in debug; see `urls`.
"""
