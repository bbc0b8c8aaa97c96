"""A mail server that takes mail over SMTP (RFC 5321) and keeps it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default


@dataclass
class MailServer:
    """What came in, in its order; recipients in `unknown` are refused."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client."""
        writer.write(b"220 mail.example\r\n")
        while line := await reader.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"RCPT" and any(each.encode() in line for each in self.unknown):
                writer.write(b"550 no such mailbox\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                self.taken.append(BytesParser(EmailMessage, policy=default).parsebytes(body[:-5]))
                writer.write(b"250 taken\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 good\r\n")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """Serve on the loopback address."""
    server = MailServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
