"""A test client that reads every answer as strictly as the strictest browser."""

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.headers import check_headers
from tests.support.pages import Page, check_fragment, check_page, parse


class PageChecker(FlaskClient):
    """Fails the test when any answer breaks the rules of `pages` and `headers`."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request as Flask's client does, then check the answer."""
        response = super().open(*args, **kwargs)
        problems = check_headers(dict(response.headers))
        is_redirect = 300 <= response.status_code < 400
        if response.mimetype == "text/html" and not is_redirect:
            is_part = response.request.headers.get("HX-Request-Type") == "partial"
            whole = response.text.lstrip().lower().startswith("<!doctype")
            check = check_fragment if is_part and not whole else check_page
            problems += check(response.text)
        if problems:
            address = f"{response.request.method} {response.request.path} {response.status_code}"
            raise AssertionError(f"{address}:\n  " + "\n  ".join(problems))
        return response

    def page(self, path: str, status: int = 200) -> Page:
        """Get a page, expecting this status, and parse it."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status}\n{response.text[:2000]}"
        return parse(response.text)

    def submit(
        self, path: str, action: str | None = None, data: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> TestResponse:  # fmt: skip
        """Fill in the form to `action` (default: `path`) on the page at `path` and send it.

        Fields that are not named keep what the page put into them, the CSRF token and the
        submission key included; a field the form does not have fails the test.
        """
        form = self.page(path).form(action or path)
        entered = dict(data or {})
        unknown = set(entered) - form.names
        assert not unknown, f"the form to {form.action} has no field {sorted(unknown)}"
        values = {**form.fields, **entered}
        if form.method == "get":
            return self.get(form.action or path, query_string=values, **options)
        return self.post(form.action or path, data=values, **options)
