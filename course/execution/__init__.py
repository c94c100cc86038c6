"""Lessons executed with nobody watching: their kernels, their outputs, and what may differ from run to run."""
