"""How a request may fail on its way to a service and back, told apart by what the service may have done."""


class UpstreamUnreachable(Exception):
    """No connection could be made: the service has seen nothing of the request."""


class UpstreamTimeout(Exception):
    """The service did not answer in time; it may have done what it was asked."""


class UpstreamBroken(Exception):
    """The service ended the connection before its answer was whole; it may have done what it was asked."""


class KeptConnectionClosed(UpstreamBroken):
    """A kept connection was closed as it was used again: most likely the service saw nothing of the request."""


class UpstreamBusy(Exception):
    """As many requests as may be are waiting for the service: this one was not sent."""


class CallerGone(Exception):
    """The caller hung up before its request was whole or its answer had come."""
