"""A table of projects as a Django application, for the trackers of changes that `bench.tracked` measures."""
