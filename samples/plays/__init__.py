"""What pairs.py plays: the systems, the programs as actors, and the scenes."""
