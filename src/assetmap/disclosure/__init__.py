"""What may leave the team: small counts, resident points, words, photographs, consent, earlier releases."""
