"""Notices (办件通知): a person is told of each step of a case, once, by short message, app or mail."""
