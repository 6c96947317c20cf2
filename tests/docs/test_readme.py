"""Runs what the README tells its reader to type."""
import os
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVER = os.environ.get("BACKEND_SERVER", str(ROOT / "build/release/bin/backend-server"))


def fenced(language, text=README):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def report_pdf(path):
    """One page with a line of text and a ruled table of two rows."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 200))
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))))
    lines = "".join(f"20 {y} m 220 {y} l S " for y in (60, 90, 120)) + "".join(f"{x} 60 m {x} 120 l S " for x in (20, 120, 220))
    texts = [(20, 150, "Report"), (25, 100, "item"), (125, 100, "total"), (25, 70, "tea"), (125, 70, "12")]
    page.Contents = pdf.make_stream((lines + "".join(f"BT /F1 12 Tf {x} {y} Td ({t}) Tj ET " for x, y, t in texts)).encode())
    pdf.save(path)


@pytest.fixture
def server(tmp_path):
    environment = {"PATH": os.environ["PATH"], "BCRYPT_COST": "4"}
    with subprocess.Popen([SERVER, "serve", "--port", "0", "--data-dir", str(tmp_path / "data")], cwd=tmp_path, env=environment,
                          stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            pytest.fail("the server ended without printing its address")
        yield found.group()
        process.terminate()
        process.stdout.read()
    assert process.returncode == 0


def test_the_walk_through_works_as_typed(server, tmp_path):
    (script,) = [block for block in fenced("sh") if "API=" in block]
    assert "http://127.0.0.1:8000" in script
    report_pdf(tmp_path / "report.pdf")
    run = subprocess.run(["bash", "-euxo", "pipefail", "-c", script.replace("http://127.0.0.1:8000", server)], cwd=tmp_path,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    for expected in ('"email":"ada@example.com"', '"content":"Hello Bob"', "item,total\ntea,12", '"match":"total"', "Report"):
        assert expected in run.stdout
    assert (tmp_path / "copy.pdf").read_bytes() == (tmp_path / "report.pdf").read_bytes()


def test_config_shows_where_each_setting_came_from(tmp_path):
    (tmp_path / ".env").write_text("PROJECT_NAME=From the file\nSECRET_KEY=" + "s" * 40 + "\n")
    environment = {"PATH": os.environ["PATH"], "PORT": "8123"}
    shown = subprocess.run([SERVER, "config"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    lines = {line.split("=")[0]: line for line in shown.splitlines()}
    assert ".env" in lines["PROJECT_NAME"] and "From the file" in lines["PROJECT_NAME"]
    assert "environment" in lines["PORT"] and "8123" in lines["PORT"]
    assert "default" in lines["HOST"]
    assert "ssss" not in shown


def test_every_command_of_the_readme_is_one_that_dev_has():
    listed = subprocess.run([str(ROOT / "dev")], capture_output=True, text=True, check=True).stdout
    for command in re.findall(r"\./dev (\w+)", README):
        assert re.search(rf"^  {command}\b", listed, re.M), command


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_links_between_the_pages_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), f"{page} -> {target}"
