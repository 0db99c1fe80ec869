"""A mail relay on the loopback interface (aiosmtpd), which keeps what it takes and answers as scripted."""

import asyncio
import email
import email.policy
import ssl
from collections import defaultdict, deque
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from .service import PROJECT, free_port
from .waiting import wait_until

CERTIFICATES = PROJECT / "Tests" / "OutboundHTTPTests" / "Data" / "tls"
AUTHORITY = CERTIFICATES / "authority.pem"
USER, PASSWORD = "runbell", "p4ss-0f-the-relay"


@dataclass(frozen=True)
class Mail:
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    is_encrypted: bool

    @property
    def text(self) -> str:
        return self.message.get_body(("plain",)).get_content()


class Mailbox:
    """Whatever keeps mails, the oldest first."""

    mails: list[Mail]

    def to(self, recipient: str) -> list[Mail]:
        return [mail for mail in self.mails if recipient in mail.recipients]

    def wait_for(self, recipient: str, count: int = 1) -> list[Mail]:
        wait_until(lambda: len(self.to(recipient)) >= count, 20, lambda: f"{count} for {recipient}, not {self.mails}")
        return self.to(recipient)


class Relay(Mailbox):
    def __init__(self, tls: str | None = None, user: bool = False):
        """`tls` is "starttls", "from the start", or None for no encryption at all."""
        self.mails = []
        self.asked: list[str] = []
        """The recipients of all RCPT commands."""
        self.refusals: dict[str, deque[str]] = defaultdict(deque)
        """The next answers to a recipient."""
        self.endings: deque[str | float | None] = deque()
        """The next answers to whole mails: a reply, seconds to wait before the usual one, or None for none at all."""
        self.hangs = False
        """Whether whole mails are kept without any answer."""
        self.goodbye = 0.0
        """How many seconds it takes to answer QUIT."""
        context = None
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(CERTIFICATES / "receiver.pem", CERTIFICATES / "receiver-key.pem")
        options = {"decode_data": False}
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        elif tls:
            # aiosmtpd offers no AUTH unless it began TLS itself.
            options |= {"ssl_context": context, "auth_require_tls": False}
        if user:
            options |= {"authenticator": self.authenticate, "auth_required": True}
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), **options)
        self.controller.start()
        self.address = f"127.0.0.1:{self.controller.port}"
        scheme = "smtps" if tls == "from the start" else "smtp"
        self.url = f"{scheme}://{f'{USER}:{PASSWORD}@' if user else ''}{self.address}"

    def close(self):
        self.controller.stop()

    def authenticate(self, server, session, envelope, mechanism, data) -> AuthResult:
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    async def handle_RCPT(self, server: SMTP, session, envelope, address: str, options) -> str:
        self.asked.append(address)
        if answers := self.refusals[address]:
            answer = answers.popleft()
            if not answer.startswith("250"):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session, envelope) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        is_encrypted = server.transport.get_extra_info("sslcontext") is not None
        mail = Mail(envelope.mail_from, tuple(envelope.rcpt_tos), message, is_encrypted)
        ending = self.endings.popleft() if self.endings else 3600.0 if self.hangs else 0
        if isinstance(ending, str):
            return ending
        self.mails.append(mail)
        if ending is None:
            server.transport.abort()
        else:
            await asyncio.sleep(ending)
        return "250 2.0.0 kept"

    async def handle_QUIT(self, server: SMTP, session, envelope) -> str:
        await asyncio.sleep(self.goodbye)
        return "221 2.0.0 bye"
