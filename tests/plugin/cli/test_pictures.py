"""`isoflop fit --plot` and `isoflop compare`, as a user runs them."""

import json
import os
import pathlib
import subprocess
import xml.etree.ElementTree as ET

import pytest

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
DATA = pathlib.Path(__file__).parents[2] / "data"
SVG = "{http://www.w3.org/2000/svg}"


def isoflop(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=120)


@pytest.fixture
def gadre(tmp_path: pathlib.Path) -> pathlib.Path:
    """The three data sets of Gadre et al. in one table."""
    lines = (DATA / "gadre_rpj.csv").read_text().splitlines()
    for name in ("gadre_c4_original.csv", "gadre_rw_original.csv"):
        lines += (DATA / name).read_text().splitlines()[1:]
    path = tmp_path / "gadre.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_plot_is_well_formed_and_says_in_words_what_it_shows(tmp_path):
    picture = tmp_path / "fit.svg"
    done = isoflop("fit", DATA / "chinchilla_figure4_subset.csv", "--bootstrap", 50, "--plot", picture)
    assert done.returncode == 0, done.stderr
    root = ET.parse(picture).getroot()
    assert root.get("role") == "img"
    assert "chinchilla" in root.find(f"{SVG}title").text
    assert "234 runs" in root.find(f"{SVG}desc").text
    charts = [g for g in root.findall(f"{SVG}g") if g.get("role") == "img"]
    assert len(charts) == 3  # Loss against compute, IsoFLOP profiles, residuals.
    assert len(list(charts[0].iter(f"{SVG}circle"))) == 234 + 1  # And one in the legend.
    assert not [name for element in root.iter() for name in element.attrib if name.endswith("href")]
    assert list(tmp_path.iterdir()) == [picture]  # No temporary file is left.


def test_plot_without_a_law_shows_each_budgets_minimum_and_the_line_through_them(tmp_path):
    picture = tmp_path / "fit.svg"
    done = isoflop("fit", DATA / "porian_isoflop_points.csv", "--where", "source=summary_df", "--where", "hparams=tuned", "--approach", "isoflop",
                   "--bootstrap", 50, "--format", "json", "--plot", picture)
    assert done.returncode == 0, done.stderr
    budgets = len(json.loads(done.stdout)["profiles"])
    charts = [g for g in ET.parse(picture).getroot().findall(f"{SVG}g") if g.get("role") == "img"]
    assert [next(chart.iter(f"{SVG}text")).text for chart in charts] == [
        "Loss against compute C", "Loss against size, one curve a budget", "Best size against compute"]
    titles = [title.text for title in charts[2].iter(f"{SVG}title")]
    assert len([title for title in titles if title.startswith("At ")]) == budgets
    legend = [text.text for text in charts[2].iter(f"{SVG}text")]
    assert "line" in legend and "95\u00a0% of the line" in legend
    assert len([text for text in charts[0].iter(f"{SVG}text") if text.text == "least loss of a budget"]) == 1


def test_plot_into_a_folder_that_is_not_there_exits_2(tmp_path):
    done = isoflop("fit", DATA / "chinchilla_figure4_subset.csv", "--bootstrap", 0, "--plot", tmp_path / "no" / "fit.svg")
    assert done.returncode == 2
    assert "No such file or directory" in done.stderr
    assert done.stdout == ""


def test_law_in_one_quantity_is_drawn_over_that_quantity(tmp_path):
    picture = tmp_path / "fit.svg"
    done = isoflop("fit", DATA / "chinchilla_figure4_subset.csv", "--law", "power_law", "--against", "token_count", "--bootstrap", 20,
                   "--plot", picture)
    assert done.returncode == 0, done.stderr
    assert "tokens D" in [text.text for text in ET.parse(picture).iter(f"{SVG}text")]


def test_compare_names_the_law_that_predicts_best_with_its_margin():
    # Kaplan's L(N, D) has no irreducible loss; these runs bend away from it.
    done = isoflop("compare", DATA / "chinchilla_figure4_subset.csv", "--law", "chinchilla,kaplan_nd", "--bootstrap", 0, "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [fit["law"] for fit in document["fits"]] == ["chinchilla", "kaplan_nd"]
    assert [fit["free_parameter_count"] for fit in document["comparison"]["fits"]] == [5, 4]
    for verdict in document["comparison"]["verdicts"]:
        assert verdict["best_fit"] == 0 and verdict["decided"]
        assert verdict["margins"][0]["root_mean_square_log_error_difference"]["lower"] > 0


def test_compare_of_few_runs_names_no_winner(tmp_path):
    few = tmp_path / "few.csv"
    few.write_text("\n".join((DATA / "chinchilla_figure4_subset.csv").read_text().splitlines()[:1:-8]) + "\n")
    few.write_text("C,N,D,loss\n" + few.read_text())
    done = isoflop("compare", few, "--law", "chinchilla,kaplan_nd", "--bootstrap", 0, "--format", "json")
    assert done.returncode == 0, done.stderr
    hold_out = json.loads(done.stdout)["comparison"]["verdicts"][0]
    assert hold_out["validation"] == "hold_out" and not hold_out["decided"]  # Six runs are held out: no interval.
    assert hold_out["margins"][0]["root_mean_square_log_error_difference"]["lower"] is None


def test_compare_of_groups_says_what_the_same_loss_costs(gadre, tmp_path):
    picture = tmp_path / "groups.svg"
    done = isoflop("compare", gadre, "--map", "loss_nats_per_token=loss_c4_val", "--group-by", "dataset_name", "--bootstrap", 200,
                   "--format", "json", "--plot", picture)
    assert done.returncode == 0, done.stderr
    efficiencies = json.loads(done.stdout)["comparison"]["data_efficiency"]
    assert len(efficiencies) == 3
    for efficiency in efficiencies:
        for point in efficiency["points"]:
            ratio = point["ratio"]
            assert ratio["estimate"] == pytest.approx(point["reference_needed"] / point["needed"], rel=1e-8)
            assert ratio["lower"] < ratio["estimate"] < ratio["upper"]
    # Judged on C4, training on C4 reaches the same loss with less compute than training on RedPajama.
    assert {(e["group"], e["reference"]) for e in efficiencies} >= {("c4_original", "rpj")}
    root = ET.parse(picture).getroot()
    assert len([g for g in root.findall(f"{SVG}g") if g.get("role") == "img"]) == 6  # Two charts a group.


def test_compare_refuses_a_symbol_of_no_compared_law():
    done = isoflop("compare", DATA / "chinchilla_figure4_subset.csv", "--fix", "zeta=1")
    assert done.returncode == 2
    assert "zeta" in done.stderr
