"""What a trained generator makes: a data set, where it comes from, and how good it is."""
