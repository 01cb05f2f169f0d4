"""Samples, being filled."""

from bihuan.portal.styleguide.samples.frame import Sample

PAGES: dict[str, Sample] = {}
