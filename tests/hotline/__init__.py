"""The hotline: domain tables pure, everything else through its API, its events and its sweeps."""
