"""The entry point: MLflow's app with our hooks and routes.

Only this module is imported before MLflow is sure to come up, so it imports nothing of ours at its top.
"""

import importlib.metadata
import logging
import os
from pathlib import Path

logger = logging.getLogger("isoflop_mlflow")


def create_app():
    """Called once in each process of the web server: returns an ASGI app for uvicorn, and the Flask app for gunicorn and waitress.

    Whatever fails in our own part leaves MLflow without isoflop. Only a bad ISOFLOP_INNER_APP stops the server: it may be
    what keeps others out.
    """
    from mlflow.environment_variables import _MLFLOW_SGI_NAME
    from mlflow.server import app as flask_app

    is_asgi = _MLFLOW_SGI_NAME.get() == "uvicorn"
    finish = None
    try:
        finish = _install(flask_app)
    except Exception:
        logger.exception("isoflop: not started; MLflow goes on without it")
    app = _load_inner_app(flask_app, is_asgi)
    if finish is not None:
        try:
            finish(app, is_asgi)
        except Exception:
            logger.exception("isoflop: not fully started; MLflow goes on")
    return app


def _load_inner_app(flask_app, is_asgi: bool):
    """Another `mlflow.app`, such as basic-auth, given the app with our hooks; or MLflow's own."""
    name = os.environ.get("ISOFLOP_INNER_APP")
    if not name:
        if not is_asgi:
            return flask_app
        from mlflow.server.fastapi_app import create_fastapi_app

        return create_fastapi_app(flask_app)
    for entry_point in importlib.metadata.entry_points(group="mlflow.app"):
        if entry_point.name == name:
            return entry_point.load()(flask_app)
    raise ValueError(f"ISOFLOP_INNER_APP must be the name of an mlflow.app entry point, got {name!r}")


def _install(flask_app):
    """Adds hooks and routes to the Flask app; returns what remains to be done with the finished app."""
    from mlflow.server.constants import BACKEND_STORE_URI_ENV_VAR
    from mlflow.server.handlers import _add_static_prefix

    from isoflop_mlflow import asset_files, assets, inject, routes, settings, tap
    from isoflop_mlflow.permission import Permission
    from isoflop_mlflow.worker import Worker

    worker = Worker(settings.read_settings(os.environ.get(BACKEND_STORE_URI_ENV_VAR, "")))
    permission = Permission(flask_app, _add_static_prefix)
    package = Path(__file__).parent
    files = assets.list_assets(asset_files.current_form(package / "sidebar", package / "packed"))

    routes.add_routes(flask_app, _add_static_prefix, worker.channel, worker.sidecar, permission, files, worker.status)
    flask_app.after_request(tap.make_tap(_add_static_prefix, worker.queue, worker.reconciler.want_run))
    if files.has_entry:
        source = f"{routes.BASE.lstrip('/')}/assets/{files.version}/{asset_files.ENTRY}"
        inject.inject_into(flask_app, _add_static_prefix, source)

    def finish(app, is_asgi: bool) -> None:
        worker.start()
        if is_asgi:
            from isoflop_mlflow.events import EventRoute

            route = EventRoute(permission, worker.watch).route(_add_static_prefix(f"{routes.BASE}/events"))
            app.router.routes.insert(0, route)

    return finish
