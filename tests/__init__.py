"""The tests mirror the tree. Packs are tested by their own examples."""
