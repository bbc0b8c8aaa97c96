"""The four business services. None imports another: they meet in events and published REST APIs."""
