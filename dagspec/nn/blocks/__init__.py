"""What leads from one feature stage to the next."""
