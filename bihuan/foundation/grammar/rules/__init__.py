"""The house rules of packs, a module for each part of a mechanism. `lint` runs them all."""
