"""Notices (通知提醒): what people are told of their cases, by which way, once."""
