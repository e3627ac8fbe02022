"""A line to a server that can be cut, slowed, closed on one side or silenced, on command."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Self

READ_AT_ONCE = 64 * 1024
PATIENCE = 10.0


@dataclass(eq=False, slots=True)
class _Line:
    """One connection: the writers of both its ends, and what no longer passes."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    silent: bool = False
    closed: set[str] = field(default_factory=set)

    def end(self, side: str) -> asyncio.StreamWriter | None:
        return self.client if side == "client" else self.server


class Proxy:
    """Listens on `port` of this machine and forwards to `server`, a host and port or a Unix socket.

    Each command has been carried out when it returns. Use it as a context manager.
    """

    def __init__(self, server: tuple[str, int] | Path) -> None:
        self.port = 0
        self._server = server
        self._lines: set[_Line] = set()
        self._refusing = self._silencing = False
        self._delay = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        self._listening: asyncio.Server = self._ask(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        """Cut everything and listen no more."""
        self.cut()
        self._ask(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def cut(self) -> None:
        """Reset every connection, and each new one at once."""
        self._do(self._cut)

    def silence(self) -> None:
        """Let nothing pass any more, not even an end, and let everybody believe that they are connected."""
        self._do(self._silence)

    def delay(self, seconds: float) -> None:
        """Let everything pass, in both directions, so much later."""
        self._do(lambda: setattr(self, "_delay", seconds))

    def half_close(self, side: str) -> None:
        """Tell the "client" or the "server" of every connection that the other has nothing more to say."""
        self._do(lambda: self._half_close(side))

    def heal(self) -> None:
        """Forward what is new at once; what is silent stays so for clients, and ends for the server.

        A server finds out by itself that nobody is there any more, by keep-alives that nobody answers.
        """
        self._do(self._heal)

    def _cut(self) -> None:
        self._refusing = True
        for line in self._lines:
            for writer in (line.client, line.server):
                if writer is not None:
                    writer.transport.abort()

    def _silence(self) -> None:
        self._silencing = True
        for line in self._lines:
            line.silent = True

    def _half_close(self, side: str) -> None:
        for line in self._lines:
            end = line.end(side)
            if end is not None and not line.silent and not end.transport.is_closing():
                line.closed.add(side)
                end.write_eof()

    def _heal(self) -> None:
        self._refusing = self._silencing = False
        self._delay = 0.0
        for line in self._lines:
            if line.silent and line.server is not None:
                line.server.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            writer.transport.abort()
            return
        line = _Line(writer, silent=self._silencing)
        self._lines.add(line)
        try:
            if line.silent:
                while await reader.read(READ_AT_ONCE):
                    continue
                return
            from_server, line.server = await self._connect()
            await asyncio.gather(
                self._forward(reader, line, "server"), self._forward(from_server, line, "client")
            )
        except OSError:
            pass  # either end is gone, or the server is: the other is told by the reset below
        finally:
            self._lines.discard(line)
            for end in (line.client, line.server):
                if end is not None:
                    end.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._server, Path):
            return await asyncio.open_unix_connection(self._server)
        return await asyncio.open_connection(*self._server)

    async def _forward(self, reader: asyncio.StreamReader, line: _Line, side: str) -> None:
        """Pass on to that side what is read, and that it has ended."""
        end = line.end(side)
        assert end is not None
        while read := await reader.read(READ_AT_ONCE):
            if self._delay:
                await asyncio.sleep(self._delay)
            if not line.silent and side not in line.closed:
                end.write(read)
                await end.drain()
        if not line.silent and side not in line.closed:
            line.closed.add(side)
            end.write_eof()

    async def _stop(self) -> None:
        self._listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others)  # each ends with its connection

    def _do(self, act: Callable[[], None]) -> None:
        async def doing() -> None:
            act()

        self._ask(doing())

    def _ask(self, question: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(PATIENCE)
