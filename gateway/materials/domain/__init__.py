"""What a material is, which files are taken, and what may be done with one."""
