"""One file a command: the first line is its help, `main(argv)` runs it and returns the exit code.

`complete(words, word)`, where it has one, says what a word on the command line may become.
"""
