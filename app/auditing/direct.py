"""Asks an HTTP address and no other: an answer that sends us elsewhere is no answer."""

import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.request import HTTPRedirectHandler, Request

FAULTS = (OSError, HTTPException, ValueError)
"""What asking may raise: URLError and HTTPError are OSErrors; an answer that is none raises the others."""


class _Nowhere(HTTPRedirectHandler):
    def redirect_request(
        self, _req: Request, _fp: IO[bytes], _code: int, _msg: str, _headers: HTTPMessage, _newurl: str
    ) -> None:
        """Follow nothing: a POST would go on as a GET without its words, and be taken all the same."""


OPENER = urllib.request.build_opener(_Nowhere)
