"""What values look like in a file, and how they are read and written."""
