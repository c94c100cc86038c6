"""What a notebook lacks for network programming: a second terminal, a picture, a view of the kernel."""
