"""What every channel that speaks HTTP by httpx shares."""

from __future__ import annotations

import logging
from typing import Final

import httpx

# It logs each address it calls, and an address may hold a token or a key.
logging.getLogger("httpx").setLevel(logging.WARNING)

# A request that ended so never left: it may be sent again.
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
