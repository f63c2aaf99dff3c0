"""What docs/security.md says, where no other test showed it."""
