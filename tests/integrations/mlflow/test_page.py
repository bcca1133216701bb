"""What is added to MLflow's page, tried on MLflow's own Flask app."""

import gzip

import flask
import pytest
from isoflop_mlflow.asset_files import MADE_OF, current_form
from isoflop_mlflow.assets import list_assets
from isoflop_mlflow.inject import add_script, inject_into

PAGE = b"<!doctype html><html><body><p>caf\xc3\xa9</p></body></html>\r\n"


def make_app(folder, page: bytes, with_script: bool):
    """Serves the page as MLflow does, from a file with an entity tag."""
    if not (folder / "index.html").exists():  # Its entity tag is made from the time of the last change.
        (folder / "index.html").write_bytes(page)
    app = flask.Flask("tracker", static_folder=None)
    app.add_url_rule("/", "serve", lambda: flask.send_from_directory(folder, "index.html"))
    app.add_url_rule("/other", "other", lambda: flask.send_from_directory(folder, "index.html"))
    if with_script:
        inject_into(app, lambda path: path, "boot.js?v=1")
    return app.test_client()


def test_the_script_stands_before_the_end_and_the_page_is_not_kept(tmp_path):
    plain = make_app(tmp_path, PAGE, False).get("/")
    answer = make_app(tmp_path, PAGE, True).get("/")
    script = b'<script type="module" src="boot.js?v=1"></script>'
    assert answer.data == PAGE.replace(b"</body>", script + b"</body>")
    assert plain.headers["ETag"] and "ETag" not in answer.headers and "Last-Modified" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Length"] == str(len(answer.data))


def test_a_copy_from_before_the_plug_in_is_replaced(tmp_path):
    tag = make_app(tmp_path, PAGE, False).get("/").headers["ETag"]
    assert make_app(tmp_path, PAGE, False).get("/", headers={"If-None-Match": tag}).status_code == 304
    assert b"boot.js" in make_app(tmp_path, PAGE, True).get("/", headers={"If-None-Match": tag}).data


@pytest.mark.parametrize("page", [b"", b"<html>no end", PAGE.replace(b"</body>", b"</BODY >"), b"\xff\x00binary"])
def test_mlflow_page_is_byte_identical_when_the_marker_is_missing(tmp_path, page):
    plain = make_app(tmp_path, page, False).get("/")
    answer = make_app(tmp_path, page, True).get("/")
    assert answer.data == plain.data == page
    assert answer.headers["ETag"] == plain.headers["ETag"]


def test_other_pages_stay_as_they_are(tmp_path):
    assert make_app(tmp_path, PAGE, True).get("/other").data == PAGE


def test_the_script_goes_before_the_last_marker():
    assert add_script(b"</body>x</body>", "s").count(b"<script") == 1
    assert add_script(b"</body>x</body>", "s").startswith(b"</body>x<script")


def test_only_listed_files_are_served_and_a_version_that_matches_is_kept(tmp_path):
    folder = tmp_path / "sidebar"
    (folder / "vendor").mkdir(parents=True)
    (folder / "boot.js").write_text("export {};")
    (folder / "vendor" / "plot.css").write_text("a {}")
    (folder / "notes.txt").write_text("private")
    (tmp_path / "secret.js").write_text("private")
    assets = list_assets(folder)
    with flask.Flask("tracker").test_request_context("/"):
        kept = assets.answer("boot.js", assets.version)
        assert kept.content_type == "text/javascript; charset=utf-8" and "immutable" in kept.headers["Cache-Control"]
        old = assets.answer("vendor/plot.css", "old")
        assert old.content_type == "text/css; charset=utf-8" and old.headers["Cache-Control"] == "no-cache"
        for name in ("notes.txt", "../secret.js", "/etc/passwd", "", "vendor"):
            assert assets.answer(name, assets.version).status_code == 404


def test_any_changed_file_changes_the_version(tmp_path):
    (tmp_path / "boot.js").write_text("1")
    before = list_assets(tmp_path).version
    (tmp_path / "views.js").write_text("2")
    assert list_assets(tmp_path).version != before


def test_the_packed_form_serves_only_while_it_is_made_of_what_is_written(tmp_path):
    written, packed = tmp_path / "sidebar", tmp_path / "packed"
    for folder in (written, packed):
        folder.mkdir()
        (folder / "boot.js").write_text("1")
    assert current_form(written, packed) == written
    (packed / MADE_OF).write_text(list_assets(written).version)
    assert current_form(written, packed) == packed
    (written / "boot.js").write_text("2")
    assert current_form(written, packed) == written


def test_files_are_compressed_for_those_who_take_it(tmp_path):
    (tmp_path / "boot.js").write_text("export const word = 'again';\n" * 100)
    assets = list_assets(tmp_path)
    with flask.Flask("tracker").test_request_context(headers={"Accept-Encoding": "gzip, br"}):
        packed = assets.answer("boot.js", assets.version)
    with flask.Flask("tracker").test_request_context():
        plain = assets.answer("boot.js", assets.version)
    assert packed.content_encoding == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
