"""Families of concepts, one file each."""
