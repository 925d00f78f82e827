"""Mails to people, over one connection to the company's own server."""

import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from kpibook.exchange.notices.notice import Delivery, Fate, Notice

TIMEOUT = 20.0
REFUSED = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    UnicodeError,
)
"""What the server says before it has taken a mail."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where mails are given up, and as whom; without a user nobody logs in."""

    server: str
    port: int
    security: str
    """tls, starttls or none."""
    sender: str
    user: str = ""
    password: str = ""


class Post:
    """Sends mails; the connection is made with the first one."""

    def __init__(self, account: Account, addresses: Mapping[str, str]) -> None:
        self._account = account
        self._addresses = addresses
        self._connection: smtplib.SMTP | None = None

    def send(self, notice: Notice) -> Delivery:
        """Give a mail to the server; where it takes no more over this connection, once more over a new one."""
        is_used = self._connection is not None
        found = self._hand_over(notice)
        return self._hand_over(notice) if is_used and found.is_down else found

    def _hand_over(self, notice: Notice) -> Delivery:
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException) as err:
            return Delivery(Fate.FAILED, _reason(err), is_down=True)
        try:
            connection.send_message(self._mail(notice))
        except REFUSED as err:
            # smtplib hangs up by itself after a 421: the server takes nothing more over this connection.
            is_over = connection.sock is None
            if is_over:
                self._connection = None
            return Delivery(Fate.FAILED, _reason(err), is_down=is_over)
        except (OSError, smtplib.SMTPException) as err:
            connection.close()
            self._connection = None
            return Delivery(Fate.UNKNOWN, _reason(err))
        return Delivery(Fate.SENT)

    def close(self) -> None:
        """Take leave of the server."""
        if self._connection:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            account = self._account
            if account.security == "tls":
                context = ssl.create_default_context()
                found: smtplib.SMTP = smtplib.SMTP_SSL(account.server, account.port, timeout=TIMEOUT, context=context)
            else:
                found = smtplib.SMTP(account.server, account.port, timeout=TIMEOUT)
            try:
                if account.security == "starttls":
                    found.starttls(context=ssl.create_default_context())
                if account.user:
                    found.login(account.user, account.password)
            except (OSError, smtplib.SMTPException):
                found.close()
                raise
            self._connection = found
        return self._connection

    def _mail(self, notice: Notice) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = " ".join(notice.subject.split())
        mail["From"] = self._account.sender
        mail["To"] = self._addresses[notice.to.casefold()]
        mail["Date"] = formatdate(localtime=True)
        # The same for the same notice: a mail program that gets it twice after all can tell.
        number = hashlib.sha256("\n".join(notice.key).encode("utf-8")).hexdigest()[:32]
        mail["Message-ID"] = f"<{number}@kpibook>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(notice.text + "\n")
        return mail


def _reason(err: Exception) -> str:
    """What the server said, on one line; never an address or a password."""
    if isinstance(err, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(err.recipients.values()))
        return f"{code} {_decoded(said)}"
    if isinstance(err, smtplib.SMTPResponseException):
        return f"{err.smtp_code} {_decoded(err.smtp_error)}"
    return type(err).__name__


def _decoded(said: bytes | str) -> str:
    return said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
