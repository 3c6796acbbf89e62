"""The main plots as pictures, drawn with Matplotlib.

Its figures are used directly: pyplot takes a second more to import, and keeps them alive.
"""
