"""Debian's mail server (Exim) as the operator's relay, on the loopback interface: it delivers to a maildir.

Nothing of the system is touched, and no mail leaves it. Exim insists on a user of its own; nss_wrapper tells it that
this is who runs it, or `nobody` where that is root.
"""

import email
import email.policy
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .mail_relay import CERTIFICATES, PASSWORD, USER, Mail, Mailbox
from .service import free_port
from .waiting import wait_until

PROGRAM = Path(sys.prefix, "bin", "exim4")
"""Where scripts/install-test-needs puts it."""
CONFIGURATION = """
exim_path = {folder}/exim4
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
keep_environment = LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
primary_hostname = mail.example.org
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port} : {tls_port}
tls_on_connect_ports = {tls_port}
tls_advertise_hosts = *
tls_certificate = {folder}/receiver.pem
tls_privatekey = {folder}/receiver-key.pem
host_lookup =
deliver_drop_privilege = true
acl_smtp_rcpt = recipient
acl_smtp_data = mail
begin acl
recipient:
  deny !authenticated = *
    message = 5.7.1 relaying denied
  deny local_parts = lsearch;{folder}/unknown
    message = 5.1.1 <$local_part@$domain>: no such user
  defer local_parts = lsearch;{folder}/busy
    message = 4.2.1 <$local_part@$domain>: come back later
  accept
mail:
  warn condition = ${{if exists{{{folder}/slow}}}}
    logwrite = has the whole mail
    delay = 2s
  accept
begin routers
people:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = {folder}/maildir
  maildir_format
  create_directory
  envelope_to_add
  return_path_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{ {{eq{{$auth2}}{{{user}}}}} {{eq{{$auth3}}{{{password}}}}} }}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}
"""


class MailServer(Mailbox):
    def __init__(self, folder: Path):
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.url = f"smtp://{USER}:{PASSWORD}@127.0.0.1:{self.port}"
        self.tls_url = f"smtps://{USER}:{PASSWORD}@127.0.0.1:{self.tls_port}"

    def prepare(self, owner: pwd.struct_passwd):
        shutil.copy(PROGRAM, self.folder)
        for file in ("receiver.pem", "receiver-key.pem"):
            shutil.copy(CERTIFICATES / file, self.folder)
        values = {"port": self.port, "tls_port": self.tls_port, "user": USER, "password": PASSWORD}
        files = {
            "exim.conf": CONFIGURATION.format(folder=self.folder, **values),
            "passwd": f"root:x:0:0::/:/bin/sh\nDebian-exim:x:{owner.pw_uid}:{owner.pw_gid}::/:/bin/false\n",
            "group": f"root:x:0:\nDebian-exim:x:{owner.pw_gid}:\n",
            "unknown": "",
            "busy": "",
        }
        for name, text in files.items():
            (self.folder / name).write_text(text)
        for path in (self.folder, *self.folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def start(self, owner: pwd.struct_passwd) -> subprocess.Popen:
        environment = {
            "PATH": "/usr/bin:/bin",
            "LD_PRELOAD": "libnss_wrapper.so",
            "NSS_WRAPPER_PASSWD": str(self.folder / "passwd"),
            "NSS_WRAPPER_GROUP": str(self.folder / "group"),
        }
        command = [self.folder / "exim4", "-C", self.folder / "exim.conf", "-bdf"]
        who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        with (self.folder / "out").open("wb") as out:
            process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=out, stderr=out, **who)

        def listens() -> bool:
            assert process.poll() is None, (self.folder / "out").read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        wait_until(listens, 20, "the mail server is not ready")
        return process

    def says(self, word: str, *recipients: str):
        """From now on, these are `unknown`, or `busy`; the others are not."""
        names = [recipient.partition("@")[0] for recipient in recipients]
        (self.folder / word).write_text("".join(f"{name}:\n" for name in names))

    @property
    def log(self) -> str:
        return (self.folder / "mainlog").read_text()

    @property
    def mails(self) -> list[Mail]:
        """A copy for each recipient, as they are in the maildir."""
        return [self.read(path) for path in sorted(self.folder.glob("maildir/new/*"))]

    def read(self, path: Path) -> Mail:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        is_encrypted = "with esmtpsa" in str(message["Received"])
        return Mail(str(message["Return-path"]).strip("<>"), (str(message["Envelope-to"]),), message, is_encrypted)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="runbell-mail-"))
    server = MailServer(folder)
    try:
        server.prepare(owner)
        process = server.start(owner)
        try:
            yield server
        finally:
            process.terminate()
            process.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
