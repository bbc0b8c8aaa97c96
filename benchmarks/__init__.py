"""Performance as ratios against a named peer in the same run; never a timed test."""
