"""nginx, the peer of every proxy: one worker, kept-open connections, an access log."""

import os
from dataclasses import replace
from pathlib import Path

from bench.stand import Stand, free_port
from bench.tools import require_tool
from onebox.checks import answers_on_port
from onebox.processes import ending_with_parent
from onebox.stack import GATEWAY
from onebox.supervisor import Program

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log warn;
{account}
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/nginx-requests.log combined buffer=64k flush=1s;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 100000000;
  upstream registry {{ server unix:{socket}; keepalive 256; keepalive_requests 100000000; }}
  {settings}
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location / {{ proxy_pass http://registry; proxy_http_version 1.1; proxy_set_header Connection ""; {proxying} }}
  }}
}}
"""


async def start_nginx(stand: Stand, socket: Path, *, settings: str = "", proxying: str = "") -> int:
    """Start nginx in front of a unix socket, with extra settings of its server and proxy; returns its port.

    ToolMissing or StartFailed when it is not installed or does not start.
    """
    port, folder = free_port(), stand.folder / "nginx"
    folder.mkdir(exist_ok=True)
    account = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    place = {"folder": folder, "account": account, "socket": socket, "port": port}
    file.write_text(NGINX.format(**place, settings=settings, proxying=proxying))
    command = [str(require_tool("nginx")), "-p", str(folder), "-c", str(file), "-e", str(folder / "start.log")]
    ready = answers_on_port(port, "/")
    program = Program("nginx", ending_with_parent(command, "QUIT"), {"PATH": os.defpath}, ready, rank=GATEWAY)
    await stand.supervisor.start(replace(program, seconds_to_ready=10, attempts=1))
    return port
