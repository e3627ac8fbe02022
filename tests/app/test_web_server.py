"""What gunicorn is told, and what it does around loading the application."""

import gc

from app import web_server


def test_its_hooks_stand_where_it_is_told_to_look_for_them() -> None:
    arguments = web_server.command(8080)
    assert arguments[arguments.index("--config") + 1] == f"python:{web_server.__name__}"


def test_nothing_is_looked_through_while_the_application_loads_and_all_that_comes_after() -> None:
    try:
        web_server.post_fork(None, None)
        assert not gc.isenabled()
        web_server.post_worker_init(None)
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()
