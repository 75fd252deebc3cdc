"""One reading of the authorities' certificates for every request of Slack's SDK.

The SDK opens a connection for each call, through `urllib.request.urlopen`, and Python 3.11 reads them anew for each
connection that it is handed no context for: many times the processor time of everything else about a message.
"""

import http.client
import ssl
import urllib.request
from functools import cached_property


class _SharedContext(urllib.request.HTTPSHandler):
    """Opens every connection with the same context, which is made for the first one."""

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open a connection."""
        return self.do_open(http.client.HTTPSConnection, req, context=self._shared)

    @cached_property
    def _shared(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])  # as http.client does with its own
        return context


def share_certificates() -> None:
    """Let all of this process's `urlopen` that name no context of their own share one."""
    urllib.request.install_opener(urllib.request.build_opener(_SharedContext()))
