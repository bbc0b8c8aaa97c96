"""The gateway's audit: who read what about whom, in a chain that shows any change."""
