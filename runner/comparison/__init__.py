"""What a sweep says: runs read from their files, ranked, and the effect of each option with its uncertainty."""
