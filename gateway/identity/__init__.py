"""The gateway's identity: who people and clients are: the OpenID provider."""
