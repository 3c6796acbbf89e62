"""The page as a reader has it: drawn, sorted, alone, on a desk and on a phone."""

import pytest

from runner.comparison.report import write_report
from tests.comparison.browser import DESKTOP, PHONE, browser, open_file, requests, resize
from tests.comparison.sample import HOSTILE, METRIC, RATE, sample


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    return sample(tmp_path_factory.mktemp("sweeps") / "<b>sweep", target=0.8)


@pytest.fixture(scope="module")
def report(comparison, tmp_path_factory):
    return write_report(comparison, tmp_path_factory.mktemp("report"))


@pytest.fixture
def page(driver, report):
    open_file(driver, report)
    return driver


def column(driver, heading) -> list[str]:
    """The cells below a heading of the ranked table, as they stand."""
    return driver.execute_script(
        """const headings = [...document.querySelectorAll("table.sortable thead th")];
        const at = headings.findIndex((one) => one.textContent.trim() === arguments[0]);
        const rows = [...document.querySelectorAll("table.sortable tbody tr")];
        return rows.map((row) => row.children[at].textContent.trim());""",
        heading,
    )


def heading(driver, name):
    xpath = f"//table[contains(@class, 'sortable')]//button[normalize-space()='{name}']"
    return driver.find_element("xpath", xpath)


def test_every_plot_is_drawn(page):
    drawn = page.execute_script(
        """const marks = ".trace path, .trace text, .heatmaplayer image, .barlayer path";
        const plots = [...document.querySelectorAll(".plot")];
        return plots.map((plot) => [plot.id, plot.querySelectorAll(marks).length]);"""
    )
    kinds = [name.split("-")[1] for name, _ in drawn]
    assert kinds == [*2 * ["effect"], *2 * ["isolation"], "interaction", *2 * ["curve"], "parallel", "race"]
    assert all(marks for _, marks in drawn), drawn


def test_plotly_finds_no_fault_with_the_figures(page):
    faults = page.execute_script(
        """return [...document.querySelectorAll(".plot")].flatMap((plot) =>
          (Plotly.validate(plot.data, plot.layout) ?? [])
            .filter((fault) => fault.code !== "unused")
            .map((fault) => fault.msg))"""
    )
    assert faults == []


def test_the_console_is_silent_and_nothing_is_fetched(page, report):
    assert [entry for entry in page.get_log("browser") if entry["level"] != "INFO"] == []
    addresses = [address for address in requests(page) if not address.startswith("data:")]
    assert addresses == [report.as_uri()]


def test_what_files_say_is_text(page):
    assert HOSTILE in page.find_element("id", "runs").text
    assert page.find_elements("css selector", "section img, h1 b") == []
    assert "<b>sweep" in page.title


def test_numbers_sort_as_numbers_and_the_state_is_said(page):
    by_rank = column(page, "rank")
    heading(page, "learning_rate").click()
    assert column(page, "learning_rate") == sorted(column(page, "learning_rate"), key=float)
    heading(page, "learning_rate").click()
    assert column(page, "learning_rate") == sorted(column(page, "learning_rate"), key=float, reverse=True)
    states = page.execute_script(
        """return [...document.querySelectorAll("[aria-sort]")].map(
          (one) => [one.textContent.trim(), one.getAttribute("aria-sort")])"""
    )
    assert states == [["learning_rate", "descending"]]
    heading(page, "rank").click()
    assert column(page, "rank") == by_rank


def test_what_has_no_value_is_last_both_ways(page):
    for _ in range(2):
        heading(page, METRIC).click()
        assert column(page, METRIC)[-1] == "-"


def test_the_keyboard_sorts(page):
    button = heading(page, "optimizer")
    page.execute_script("arguments[0].focus()", button)
    button.send_keys("\n")
    assert column(page, "optimizer") == sorted(column(page, "optimizer"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_page_fits_the_screen(page, size):
    resize(page, size)
    assert page.execute_script("return document.documentElement.scrollWidth") <= size[0]


def test_colours_follow_the_night(page):
    night = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    from selenium.webdriver.support.ui import WebDriverWait

    ink = "return getComputedStyle(document.querySelector('.plot .xtick text')).fill"
    day = page.execute_script(ink)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", night)
    WebDriverWait(page, 10).until(lambda _: page.execute_script(ink) != day)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_learning_rate_has_a_logarithmic_axis(page):
    kind = "return document.getElementById(arguments[0])._fullLayout.xaxis.type"
    assert page.execute_script(kind, f"plot-isolation-{RATE}") == "log"
    assert page.execute_script(kind, "plot-isolation-optimizer") == "category"


def test_a_command_is_copied(page, comparison):
    page.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    button = page.find_element("css selector", ".copy")
    button.click()
    copied = page.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], () => arguments[0](getSelection().toString()))"
    )
    assert copied == comparison.winner.reproduce
