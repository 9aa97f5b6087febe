"""The statements of a file, checked one by one."""
