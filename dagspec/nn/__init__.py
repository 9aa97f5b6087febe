"""Blocks that compiled models are made of; they need torch and one another alone."""
