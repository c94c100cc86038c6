"""What makes the notebooks a course: exercises, editions, and the checks that keep the lessons true."""
