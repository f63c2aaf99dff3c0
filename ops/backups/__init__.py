"""Every item of a stage's table, to a file and from one."""
