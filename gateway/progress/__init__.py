"""Progress (办件进度): every case of every service in one place, built from events."""
