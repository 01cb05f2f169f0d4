"""The packs: one folder an application, mostly YAML, with its worked examples. Nothing in Bihuan imports a pack."""
