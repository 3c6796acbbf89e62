"""What the runner is compared with: scripts that import nothing of it."""
