"""The `bihuan` command: one module a group of verbs, each verb declared once with its help in Chinese and English."""
