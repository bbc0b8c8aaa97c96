"""What the benchmarks write and show, without measuring anything."""
