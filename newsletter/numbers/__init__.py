"""What became of sendings and of readers, in numbers that name nobody."""
