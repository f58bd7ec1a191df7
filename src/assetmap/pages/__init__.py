"""What every HTML page of ours shares: templates that encode, and the proof that a page loads nothing."""
