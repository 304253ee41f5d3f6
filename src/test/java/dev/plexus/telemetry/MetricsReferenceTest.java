package dev.plexus.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Keeps `docs/METRICS.md` equal to the list of metrics. After a change, write it anew with
/// `mvn test -Dtest=MetricsReferenceTest -Dplexus.docs=write`.
class MetricsReferenceTest {

    private static final Path REFERENCE = Path.of("docs", "METRICS.md");

    @Test
    void the_reference_of_metrics_is_up_to_date() throws IOException {
        String wanted = reference();
        if ("write".equals(System.getProperty("plexus.docs"))) {
            Files.createDirectories(REFERENCE.getParent());
            Files.writeString(REFERENCE, wanted);
        }

        assertThat(REFERENCE)
                .as("stale; run: mvn test -Dtest=MetricsReferenceTest -Dplexus.docs=write")
                .exists()
                .hasContent(wanted);
    }

    private static String reference() {
        StringBuilder text = new StringBuilder(
                """
                # Metrics

                Made from `dev.plexus.telemetry.Metric` by `MetricsReferenceTest`; do not edit.

                All metrics of Plexus in Prometheus form. Timers are histograms with `_bucket`, `_count`, `_sum` and a `_max` beside them. The
                JVM's own (`jvm_*`, `process_*`, `system_*`) and Netty's buffers (`netty_*`) come with the same scrape.

                | Metric | Type | Labels | Meaning |
                |---|---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            String labels = metric.labels().stream().map(label -> "`" + label.key() + "`").collect(Collectors.joining(" "));
            String kind =
                    switch (metric.kind()) {
                        case COUNTER -> "counter";
                        case GAUGE -> "gauge";
                        case TIMER -> "histogram";
                    };
            text.append("| `%s` | %s | %s | %s |\n".formatted(metric.prometheusName(), kind, labels.isEmpty() ? "–" : labels, metric.meaning()));
        }
        text.append(
                """

                ## Labels

                Label values come from the configuration or from closed sets, never straight from a client. Beyond %d combinations the alias,
                provider and model of further ones are `other`.

                | Label | Values |
                |---|---|
                """
                        .formatted(ExchangeMetrics.SERIES_MAX));
        for (Label label : Label.values()) {
            text.append("| `%s` | %s |\n".formatted(label.key(), label.meaning()));
        }
        return text.toString();
    }
}
