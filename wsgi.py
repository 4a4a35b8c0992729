"""The application for a WSGI server, configured by `DELIBERATE_*` variables."""

from deliberate.app import create_app
from deliberate.settings import Settings

app = create_app(Settings())
