"""Who looks after the uplink: the agency to which the region pack gives the sharing of data."""

from dataclasses import dataclass


@dataclass(eq=False)
class UplinkAuthorityOnly(Exception):
    """Only the data bureau (数据主管部门) may do this."""
