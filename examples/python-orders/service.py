"""An order service in the Python standard library alone: it takes orders, has a supplier ship them, and books shipments.

It keeps its orders in SQLite, checks the signature of every report, books a shipment once however often it is
reported, and asks the supplier about orders whose report does not come.
"""

import hashlib
import hmac
import http.client
import json
import os
import signal
import sqlite3
import sys
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "3000"))
DATA_DIR = os.environ.get("DATA_DIR", "data")
SUPPLIER_URL = os.environ.get("SUPPLIER_URL", "http://127.0.0.1:4000")
SUPPLIER_TOKEN = os.environ.get("SUPPLIER_TOKEN", "")
WEBHOOK_SECRET = os.environ.get("WEBHOOK_SECRET", "")

RESULTS = ("shipped", "backordered")
REQUEST_TIMEOUT_S = 2
# Every way in which a request can fail, an unreadable answer included.
FAILURES = (OSError, http.client.HTTPException, ValueError, KeyError, TypeError)
# The supplier promises a report within two seconds.
ASK_AFTER_S = 2.5

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
  number TEXT PRIMARY KEY, ref TEXT NOT NULL UNIQUE, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
  phase TEXT NOT NULL, supplier_id TEXT, ask_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS shipments (order_number TEXT PRIMARY KEY, quantity INTEGER NOT NULL);
"""


class Store:
    """The orders. One connection, used by one thread at a time."""

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.lock = threading.Lock()
        self.connection = sqlite3.connect(os.path.join(folder, "orders.db"), check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + SCHEMA)

    def rows(self, sql, *values):
        with self.lock, self.connection:
            return self.connection.execute(sql, values).fetchall()

    def add(self, ref, sku, quantity):
        """The number of a new order, or of the one that has this reference already."""
        with self.lock, self.connection:
            count = self.connection.execute("SELECT count(*) FROM orders").fetchone()[0]
            self.connection.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, 'open', NULL, ?) ON CONFLICT (ref) DO NOTHING",
                (f"SO-{count + 1:05d}", ref, sku, quantity, time.time() + ASK_AFTER_S),
            )
            return self.connection.execute("SELECT number FROM orders WHERE ref = ?", (ref,)).fetchone()[0]

    def finish(self, ref, result):
        """Takes a result over, with its shipment, in one transaction: the first result stands."""
        with self.lock, self.connection:
            changed = self.connection.execute(
                "UPDATE orders SET phase = ? WHERE ref = ? AND phase IN ('open', 'sent')", (result, ref)
            ).rowcount
            if changed and result == "shipped":
                self.connection.execute(
                    "INSERT INTO shipments SELECT number, quantity FROM orders WHERE ref = ?", (ref,)
                )


def call_supplier(method, path, body=None):
    """The supplier's answer as JSON. Raises one of FAILURES when there is none."""
    request = urllib.request.Request(
        SUPPLIER_URL + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {SUPPLIER_TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as response:
        return json.load(response)


def submit(store, number):
    order = store.rows("SELECT * FROM orders WHERE number = ?", number)[0]
    lines = [{"sku": order["sku"], "quantity": order["quantity"]}]
    try:
        reply = call_supplier("POST", "/api/orders", {"order_ref": order["ref"], "lines": lines})
        supplier_id = reply["order"]
    except FAILURES as error:
        print(f"order {order['ref']}: not submitted: {error}", file=sys.stderr, flush=True)
        return
    store.rows("UPDATE orders SET supplier_id = ? WHERE number = ?", supplier_id, number)
    store.rows("UPDATE orders SET phase = 'sent' WHERE number = ? AND phase = 'open'", number)


def reconcile(store):
    """Twice a second: submits what was not taken, and asks about reports that did not come."""
    while True:
        time.sleep(0.5)
        late = store.rows(
            "SELECT * FROM orders WHERE phase IN ('open', 'sent') AND ask_at < ? LIMIT 20", time.time()
        )
        for order in late:
            store.rows("UPDATE orders SET ask_at = ? WHERE number = ?", time.time() + 1, order["number"])
            if order["supplier_id"] is None:
                submit(store, order["number"])
                continue
            try:
                answer = call_supplier("GET", f"/api/orders/{order['supplier_id']}/state")
                if answer["state"] == "settled" and answer["result"] in RESULTS:
                    store.finish(order["ref"], answer["result"])
            except FAILURES as error:
                print(f"order {order['ref']}: no state: {error}", file=sys.stderr, flush=True)


def is_signed(headers, body):
    """GitHub's scheme: hexadecimal HMAC-SHA256 over the bytes of the body."""
    expected = "sha256=" + hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("X-Hub-Signature-256", "").encode())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet.
    wbufsize = -1
    store = None

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        if self.path == "/up":
            return self.answer(200, {"up": True})
        if len(parts) == 3 and parts[0] == "orders" and parts[2] == "summary":
            return self.summary(urllib.parse.unquote(parts[1]))
        return self.answer(404, {"error": "no such page"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/orders/new":
            return self.new_order(body)
        if self.path == "/hooks/supplier":
            return self.report(body)
        return self.answer(404, {"error": "no such page"})

    def new_order(self, body):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        if not form.get("ref") or not form.get("sku") or not form.get("quantity", "").isdigit():
            return self.answer(400, {"error": "ref, sku and quantity are needed"})
        number = self.store.add(form["ref"], form["sku"], int(form["quantity"]))
        submit(self.store, number)
        return self.answer(201, {"order": {"number": number}})

    def summary(self, number):
        orders = self.store.rows("SELECT ref, phase FROM orders WHERE number = ?", number)
        if not orders:
            return self.answer(404, {"error": "no such order"})
        shipments = self.store.rows("SELECT quantity FROM shipments WHERE order_number = ?", number)
        order = {"number": number, "ref": orders[0]["ref"], "phase": orders[0]["phase"], "shipments": len(shipments)}
        return self.answer(200, {"order": order})

    def report(self, body):
        if not is_signed(self.headers, body):
            return self.answer(401, {"error": "bad signature"})
        try:
            report = json.loads(body)
            ref, result = report["order_ref"], report["result"]
        except (ValueError, KeyError, TypeError):
            return self.answer(422, {"error": "unreadable"})
        if result not in RESULTS:
            return self.answer(422, {"error": "unknown result"})
        if not self.store.rows("SELECT 1 FROM orders WHERE ref = ?", ref):
            return self.answer(404, {"error": "unknown order"})
        self.store.finish(ref, result)
        return self.answer(200, {"ok": True})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Requests are not logged."""


def main():
    Handler.store = Store(DATA_DIR)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=reconcile, args=(Handler.store,), daemon=True).start()
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    print(f"order service on port {PORT}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
