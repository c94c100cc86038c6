"""A lesson as data: its file, its place among the others, its parts and cells. Nothing runs here."""
