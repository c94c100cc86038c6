"""A scene: the clock, the calls of the answer, and the peers and addresses that it meets."""
