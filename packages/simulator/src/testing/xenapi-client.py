"""What scripts do with XenAPI.py, by the library beneath it, xmlrpc.client: run by python.test.ts.

Arguments: the URL of a pool member, the password of root. Prints one JSON object; fails with a
traceback where an answer is not as real XenAPI's.
"""

import json
import sys
import time
import xmlrpc.client
from urllib.parse import urlsplit

API_VERSION = "1.0"


class Failure(Exception):
    """A reply whose Status is Failure; `details` are [code, parameters...]."""

    def __init__(self, details):
        super().__init__(details)
        self.details = details


class Session:
    def __init__(self, url):
        self.url = url
        self.server = xmlrpc.client.ServerProxy(url, allow_none=1)
        self.ref = None

    def request(self, method, *params):
        reply = self.server
        for part in method.split("."):
            reply = getattr(reply, part)
        result = reply(*params)
        if not isinstance(result, dict) or "Status" not in result:
            raise AssertionError("no Status in the reply to %s" % method)
        if result["Status"] != "Success":
            raise Failure(result["ErrorDescription"])
        return result["Value"]

    def login(self, user, password):
        self.ref = self.request(
            "session.login_with_password", user, password, API_VERSION, "a Python script"
        )

    def call(self, method, *params):
        return self.request(method, self.ref, *params)


def at_coordinator(url, password):
    """Logs in, at the host that the given one names where it is a member."""
    session = Session(url)
    try:
        session.login("root", password)
    except Failure as error:
        code, address = error.details
        assert code == "HOST_IS_SLAVE", error.details
        parts = urlsplit(url)
        session = Session("%s://%s:%d" % (parts.scheme, address, parts.port))
        session.login("root", password)
    return session


def all_records(session):
    """Objects by class, as a listing script sees them."""
    counts = {}
    methods = session.server.system.listMethods()
    for method in methods:
        cls, _, name = method.partition(".")
        if name != "get_all_records":
            continue
        try:
            records = session.call(method)
        except Failure as error:
            # Of classes whose time is over.
            assert error.details == ["MESSAGE_REMOVED"], (method, error.details)
            continue
        assert isinstance(records, dict), method
        counts[cls] = len(records)
    return counts


def wait(session, task):
    while session.call("task.get_status", task) == "pending":
        time.sleep(0.02)
    record = session.call("task.get_record", task)
    session.call("task.destroy", task)
    return record


def events_until(session, token, vm, state):
    """Follows the VM by event.from until it is in the state; the token then."""
    deadline = time.time() + 20
    while time.time() < deadline:
        batch = session.call("event.from", ["VM", "task"], token, 5.0)
        token = batch["token"]
        for event in batch["events"]:
            if event["class"] == "vm" and event["ref"] == vm and event["operation"] != "del":
                if event["snapshot"]["power_state"] == state:
                    return token
    raise AssertionError("no event that the VM is %s" % state)


def main(url, password):
    session = at_coordinator(url, password)
    counts = all_records(session)
    vms = session.call("VM.get_all_records")
    vm = next(
        ref
        for ref, record in vms.items()
        if record["power_state"] == "Halted"
        and not record["is_a_template"]
        and not record["is_control_domain"]
    )
    # Ints come as text, datetimes and booleans as themselves.
    assert int(vms[vm]["memory_static_max"]) > 0
    assert vms[vm]["is_a_template"] is False
    assert isinstance(vms[vm]["snapshot_time"], xmlrpc.client.DateTime)
    assert session.call("VM.get_by_uuid", vms[vm]["uuid"]) == vm
    assert session.call("VM.get_by_name_label", vms[vm]["name_label"]) == [vm]

    token = session.call("event.from", ["VM", "task"], "", 5.0)["token"]
    started = wait(session, session.call("Async.VM.start", vm, False, False))
    token = events_until(session, token, vm, "Running")
    session.call("VM.hard_shutdown", vm)
    token = events_until(session, token, vm, "Halted")

    refused = wait(session, session.call("Async.VM.clean_shutdown", vm))
    session.call("VM.set_name_description", vm, "gr\u00fc\u00dfe <&> \u2713")
    session.call("VM.remove_from_other_config", vm, "folder")
    session.call("VM.add_to_other_config", vm, "folder", "/a")
    try:
        session.call("VM.add_to_other_config", vm, "folder", "/a")
        raise AssertionError("a key was added twice")
    except Failure as error:
        duplicate = error.details
    record = session.call("VM.get_record", vm)
    session.call("session.logout")
    try:
        session.call("VM.get_all")
        raise AssertionError("the session outlived its end")
    except Failure as error:
        ended = error.details
    print(
        json.dumps(
            {
                "url": session.url,
                "counts": counts,
                "vm": vm,
                "started": started["status"],
                "refused": [refused["status"], refused["error_info"]],
                "description": record["name_description"],
                "duplicate": duplicate,
                "ended": ended[0],
            }
        )
    )


main(*sys.argv[1:])
