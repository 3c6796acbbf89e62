"""A page in headless Chromium, and what went wrong on it."""

import json
import shutil
from contextlib import contextmanager

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE = (1200, 900), (390, 844)


@contextmanager
def browser(profile):
    """A driver with an empty profile; skips where there is no Chromium."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip("chromium and chromedriver are not installed (apt-get install chromium chromium-driver)")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(chromedriver))
    try:
        yield driver
    finally:
        driver.quit()


def resize(driver, size) -> None:
    """As a device of that size in CSS pixels; a window cannot be as narrow as a phone."""
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def open_file(driver, path, size=DESKTOP) -> None:
    """Opens a file once everything on it is drawn."""
    resize(driver, size)
    driver.get_log("performance")
    driver.get(path.as_uri())
    # A page that scrolls smoothly is still on its way when the driver clicks.
    driver.execute_script("document.documentElement.style.scrollBehavior = 'auto'")


def requests(driver) -> list[str]:
    """The addresses asked for since the file was opened, itself included."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [message["params"] for message in messages if message["method"] == "Network.requestWillBeSent"]
    return [params["request"]["url"] for params in sent]
