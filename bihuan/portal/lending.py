"""Connections to the database belong to the places in which requests run, not to the threads that wait for one: few, and warm.

A server has many threads, so that whoever finds no place is told so at once. With a connection each they would take more than PostgreSQL has,
and every request would find one that has forgotten its plans and its pages since its thread's last turn.
"""

import threading
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[[HttpRequest], HttpResponseBase]


def lend_connection(get_response: View) -> View:
    """Middleware: give a request's thread the connection used last, for as long as the request takes; one that has a connection keeps its own.

    Stands behind the gate, so there are never more than the gate has places.
    """
    free: list[BaseDatabaseWrapper] = []
    guard = threading.Lock()

    def respond(request: HttpRequest) -> HttpResponseBase:
        if connections[DEFAULT_DB_ALIAS].connection is not None:
            return get_response(request)
        own = connections[DEFAULT_DB_ALIAS]
        with guard:
            lent = free.pop() if free else _connection()
        connections[DEFAULT_DB_ALIAS] = lent
        try:
            close_old_connections()
            return get_response(request)
        finally:
            close_old_connections()
            connections[DEFAULT_DB_ALIAS] = own
            with guard:
                free.append(lent)

    return respond


def _connection() -> BaseDatabaseWrapper:
    """A connection that one thread after another may use."""
    made = connections.create_connection(DEFAULT_DB_ALIAS)
    made.inc_thread_sharing()
    return made
