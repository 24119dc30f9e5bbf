"""Files that applicants hand in: what they are, whether they may be kept, where they lie."""
