package dev.plexus.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.app.RunningGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/// The status page in a real browser, served by a real gateway.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusPageTest {

    private static final String MODEL = "mock-c5";
    private static final String LONG_ALIAS = "one-alias-with-a-name-that-is-longer-than-any-telephone-is-wide-and-has-no-place-to-break";
    /// What WCAG asks of text, level AA.
    private static final double CONTRAST_MIN = 4.5;

    @SuppressWarnings("NullAway.Init")
    private RunningGateway gateway;

    @SuppressWarnings("NullAway.Init")
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        String yaml = RunningGateway.oneTarget(MODEL)
                .replace("keys:\n", "  " + LONG_ALIAS + ": {targets: [{provider: sim, model: " + MODEL + "}]}\nkeys:\n");
        gateway = RunningGateway.start(directory, yaml, Path.of("").toAbsolutePath());
        browser = new Browser(Files.createDirectory(directory.resolve("profile")));
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    @BeforeEach
    void open() {
        browser.resize(1280, 900);
        browser.prefer("light");
        browser.open(gateway.url("/"));
        browser.until("the models", () -> !browser.texts("#models button").isEmpty());
        browser.until("the health", () -> browser.find("#state").getText().endsWith(" is up."));
    }

    @Test
    void shows_health_version_models_and_a_command_without_a_word_on_the_console() {
        String version = gateway.get("/health").headers().firstValue("x-plexus-version").orElseThrow();

        assertThat(browser.find("#state").getText()).isEqualTo("Version " + version + " is up.");
        assertThat(browser.find("#state").getDomAttribute("data-state")).isEqualTo("good");
        assertThat(browser.texts("#models button")).containsExactly("fast", LONG_ALIAS);
        assertThat(browser.find("#curl").getText())
                .startsWith("curl -N " + gateway.url("/v1/chat/completions"))
                .contains("\"model\":\"fast\"")
                .contains("YOUR_KEY");
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void the_command_works_as_it_stands_once_it_has_a_key() throws Exception {
        String command = browser.find("#curl").getText().replace("YOUR_KEY", "sk-test");

        Process curl = new ProcessBuilder("bash", "-c", command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(curl.waitFor()).isZero();
        assertThat(answer).contains("data: {").contains("[DONE]");
    }

    @Test
    void choosing_a_model_puts_it_into_the_command_and_the_choice_outlives_a_refresh() {
        browser.find("#models li:nth-child(2) button").click();

        assertThat(browser.find("#curl").getText()).contains("\"model\":\"" + LONG_ALIAS + "\"");
        assertThat(browser.find("#models li:nth-child(2) button").getDomAttribute("aria-pressed")).isEqualTo("true");

        long asked = timesModelsWereAsked();
        browser.ask("document.dispatchEvent(new Event('visibilitychange')); return true;");
        browser.until("a refresh", () -> timesModelsWereAsked() > asked);

        assertThat(browser.find("#models li:nth-child(2) button").getDomAttribute("aria-pressed")).isEqualTo("true");
    }

    private long timesModelsWereAsked() {
        return (Long) browser.ask("return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/v1/models')).length");
    }

    @ParameterizedTest
    @CsvSource({"390, light", "390, dark", "320, light", "1280, dark"})
    void nothing_sticks_out_of_the_window(int width, String scheme) {
        browser.resize(width, 844);
        browser.prefer(scheme);

        assertThat(browser.ask("return innerWidth")).isEqualTo((long) width);
        assertThat((Long) browser.ask("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
        assertThat(browser.ask("return [...document.querySelectorAll('header, section, button, a:not(.skip), p, li')]"
                        + ".filter((it) => it.getBoundingClientRect().right > innerWidth + 0.5).map((it) => it.outerHTML)"))
                .isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everything_can_be_read(String scheme) {
        browser.prefer(scheme);

        assertThat(browser.ask("return matchMedia('(prefers-color-scheme: dark)').matches")).isEqualTo(scheme.equals("dark"));
        Object faint = browser.ask("""
                const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
                const rgb = (color) => {
                  canvas.clearRect(0, 0, 1, 1);
                  canvas.fillStyle = color;
                  canvas.fillRect(0, 0, 1, 1);
                  return canvas.getImageData(0, 0, 1, 1).data;
                };
                const light = (color) => {
                  const [r, g, b] = [...rgb(color)].map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                };
                const paper = (it) => {
                  const own = getComputedStyle(it).backgroundColor;
                  return rgb(own)[3] === 255 || !it.parentElement ? own : paper(it.parentElement);
                };
                const contrast = (it) => {
                  const [low, high] = [light(getComputedStyle(it).color), light(paper(it))].sort((a, b) => a - b);
                  return (high + 0.05) / (low + 0.05);
                };
                return [...document.querySelectorAll('h1, h2, p, button, a, pre, li, code')]
                    .filter((it) => it.textContent.trim() !== '' && contrast(it) < %s)
                    .map((it) => `${it.outerHTML}: ${contrast(it)}`);
                """.formatted(CONTRAST_MIN));
        assertThat(faint).isEqualTo(List.of());
    }

    @Test
    void everything_is_reached_by_keyboard_in_the_order_of_the_page() {
        List<String> reached = new ArrayList<>();
        for (int stop = 0; stop < 10; stop++) {
            browser.tab();
            reached.add((String) browser.ask("return document.activeElement.id || document.activeElement.textContent"));
            assertThat(browser.ask("return getComputedStyle(document.activeElement).outlineStyle")).as("focus on " + reached.getLast()).isEqualTo("solid");
        }

        assertThat(reached).containsExactly(
                "Skip to content", "fast", LONG_ALIAS, "curl", "copy", "Metrics", "Readiness", "liveness", "Models", "as Gemini’s do");
    }

    @Test
    void the_keyboard_chooses_skips_and_copies() {
        browser.tab();
        browser.press(Keys.ENTER);
        assertThat(browser.ask("return location.hash")).isEqualTo("#main");

        browser.tab();
        browser.tab();
        browser.press(Keys.SPACE);
        assertThat(browser.find("#curl").getText()).contains(LONG_ALIAS);

        browser.tab();
        browser.tab();
        browser.press(Keys.ENTER);
        browser.until("what became of the copy", () -> !browser.find("#copied").getText().isEmpty());
    }

    @Test
    void every_link_leads_somewhere() {
        @SuppressWarnings("unchecked")
        List<String> links = (List<String>) browser.ask("return [...document.querySelectorAll('a')].map((a) => a.href)");

        assertThat(links).hasSize(6).allMatch(link -> gateway.get(link.substring(gateway.url("").length())).statusCode() == 200);
    }
}
