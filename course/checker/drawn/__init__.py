"""What is drawn of a failing case: the record of its peers, joined with that of the answer."""
