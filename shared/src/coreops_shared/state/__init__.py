"""What must survive a restart, and who may write it."""
