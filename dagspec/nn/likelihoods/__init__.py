"""Families of the observed node, one file each."""
