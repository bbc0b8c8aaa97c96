"""Reads the file of upper platforms and licence wallets; a file that is not right stops the start."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from gateway.identity.domain.outside_signatures import Algorithm, key_from_jwk
from gateway.identity.domain.providers import LicenceWallet, Names, PersonClaims, Providers, UpperPlatform
from shared.security.keys import SigningKey
from shared.security.strength import Strength

_STRENGTHS: Final = {strength.name.lower(): strength for strength in Strength}
_Url = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+[^\s?#]*[^\s?#/]$", max_length=500)]
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NamesIn(_Model):
    """A name in both languages."""

    zh: _Text
    en: _Text


class ClaimsIn(_Model):
    """The platform's names of what it tells; without `citizen_id` only linked accounts sign in through it."""

    citizen_id: str | None = "citizen_id"
    name: _Text = "name"
    phone: _Text = "phone_number"


class UpperPlatformIn(_Model):
    """One upper platform; `key_file` is a PEM beside this file unless its path is absolute."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    issuer: _Url
    client_id: _Text
    key_file: Path
    names: NamesIn
    scopes: tuple[_Text, ...] = ("openid", "profile")
    algorithm: Algorithm = Algorithm.ES256
    claims: ClaimsIn = ClaimsIn()
    strengths: dict[str, str] = Field(default_factory=dict)
    trusted_for_linking: bool = False

    @model_validator(mode="after")
    def _is_openid(self) -> "UpperPlatformIn":
        if "openid" not in self.scopes:
            raise ValueError("scopes must hold openid")
        if not set(self.strengths.values()) <= set(_STRENGTHS):
            raise ValueError(f"strengths are {', '.join(_STRENGTHS)}")
        return self


class WalletIn(_Model):
    """One wallet platform, with its public keys as JWKs."""

    issuer: _Url
    names: NamesIn
    keys: Annotated[tuple[dict[str, str], ...], Field(min_length=1)]
    trusted_for_linking: bool = False


class ProvidersIn(_Model):
    """The whole file."""

    upper_platforms: tuple[UpperPlatformIn, ...] = ()
    licence_wallets: tuple[WalletIn, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "ProvidersIn":
        keys = [each.key for each in self.upper_platforms]
        issuers = [p.issuer for p in self.upper_platforms] + [w.issuer for w in self.licence_wallets]
        if len(set(keys)) < len(keys) or len(set(issuers)) < len(issuers):
            raise ValueError("every key and every issuer is listed once")
        return self


def read_providers(file: Path | None) -> Providers:
    """Read the file; raises OSError, ValueError or UnusableKey, and the process does not start."""
    if file is None:
        return Providers()
    listed = ProvidersIn.model_validate(YAML(typ="safe").load(file.read_text()) or {})
    return Providers(
        {each.key: _platform(each, file.parent) for each in listed.upper_platforms},
        {each.issuer: _wallet(each) for each in listed.licence_wallets},
    )


def _platform(listed: UpperPlatformIn, folder: Path) -> UpperPlatform:
    return UpperPlatform(
        key=listed.key,
        issuer=listed.issuer,
        client_id=listed.client_id,
        signing_key=SigningKey.from_pem((folder / listed.key_file).read_bytes()),
        names=Names(listed.names.zh, listed.names.en),
        scopes=listed.scopes,
        algorithm=listed.algorithm,
        claims=PersonClaims(listed.claims.citizen_id, listed.claims.name, listed.claims.phone),
        strengths={acr: _STRENGTHS[name] for acr, name in listed.strengths.items()},
        is_trusted_for_linking=listed.trusted_for_linking,
    )


def _wallet(listed: WalletIn) -> LicenceWallet:
    keys = {jwk["kid"]: key_from_jwk(jwk) for jwk in listed.keys if jwk.get("kid")}
    if len(keys) < len(listed.keys):
        raise ValueError("every key of a wallet has a kid of its own")
    names = Names(listed.names.zh, listed.names.en)
    return LicenceWallet(listed.issuer, names, keys, listed.trusted_for_linking)
