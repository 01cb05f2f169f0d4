"""Template tags of the portal: shapes, wording, pieces."""
