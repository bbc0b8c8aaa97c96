"""Uplink (上联): what the provincial and national platforms are told of cases and licences."""
