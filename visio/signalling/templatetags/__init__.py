"""Template filters of this folder."""
