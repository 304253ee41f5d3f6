package dev.plexus.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// A headless Chromium of this machine; nothing is fetched to get one.
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChromeDriver driver;

    /// `profile` is an empty folder of its own.
    Browser(Path profile) {
        LoggingPreferences everything = new LoggingPreferences();
        everything.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(onPath("chromium"));
        options.addArguments(
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + profile);
        options.setCapability(ChromeOptions.LOGGING_PREFS, everything);
        ChromeDriverService service =
                new ChromeDriverService.Builder().usingDriverExecutable(onPath("chromedriver")).usingAnyFreePort().build();
        driver = new ChromeDriver(service, options);
    }

    private static File onPath(String program) {
        return Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toFile)
                .orElseThrow(() -> new AssertionError("The tests of the status page need " + program
                        + " on the PATH; on Debian: apt-get install chromium chromium-driver"));
    }

    void open(String url) {
        driver.get(url);
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<String> texts(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
    }

    void until(String what, BooleanSupplier condition) {
        new WebDriverWait(driver, PATIENCE).withMessage(what).until(_ -> condition.getAsBoolean());
    }

    /// The size of the page in CSS pixels, as a phone or a screen would have it.
    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /// `dark` or `light`, as the person who looks prefers it.
    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /// Presses keys where the focus is.
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void tab() {
        press(Keys.TAB);
    }

    Object ask(String script) {
        return Objects.requireNonNull(((JavascriptExecutor) driver).executeScript(script), script);
    }

    /// What the console has said since this was last asked.
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(Object::toString).toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
