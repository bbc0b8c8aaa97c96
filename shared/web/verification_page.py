"""How pages look that tell people whether a certificate is genuine: no script, nothing loaded from elsewhere."""

import base64
import hashlib
from typing import Final

STYLE: Final = """
body { font-family: system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; line-height: 1.6; margin: 0;
  color: #1b1b1b; background: #f5f6f8; }
main { max-width: 44rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border: 1px solid #c9ced6;
  border-radius: 8px; }
h1 { font-size: 1.4rem; margin-top: 0; }
h2 { font-size: 1.1rem; }
.verdict { padding: .75rem 1rem; border-left: 6px solid; font-weight: 700; }
.good { border-color: #0b6b2e; background: #e8f5ec; color: #0b4f23; }
.bad { border-color: #a61b1b; background: #fdecec; color: #7c1212; }
dt { font-weight: 700; }
dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid #c9ced6; vertical-align: top; }
a { color: #0a4b9c; }
a:focus-visible { outline: 3px solid #0a4b9c; outline-offset: 2px; }
figure { margin: 1rem 0; }
@media print { body { background: #fff; } main { border: 0; margin: 0; } }
"""
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
