package dev.plexus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A provider that refuses a parameter gets the request again without it, and is not counted as failing.
class ReactiveRepairEndToEndTest {

    private static final String GOOD = """
            {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"good"},\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private static final String BODY = "{\"model\":\"fast\",\"seed\":7,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    @Test
    void the_same_target_is_asked_again_without_what_it_refused(@TempDir Path directory) {
        AtomicInteger asked = new AtomicInteger();
        try (RawProvider provider = provider(asked, 1);
                RunningGateway gateway = RunningGateway.start(directory, yaml(provider, ""))) {
            var answer = gateway.post("/v1/chat/completions", BODY);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("good");
            assertThat(answer.headers().firstValue("x-plexus-attempts")).contains("1");
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void a_provider_may_be_left_as_it_is(@TempDir Path directory) {
        AtomicInteger asked = new AtomicInteger();
        try (RawProvider provider = provider(asked, 1);
                RunningGateway gateway = RunningGateway.start(directory, yaml(provider, "translation: {reactive_repair: false}"))) {
            var answer = gateway.post("/v1/chat/completions", BODY);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("Unsupported parameter");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void what_a_provider_does_not_take_can_be_left_out_from_the_start(@TempDir Path directory) {
        AtomicInteger asked = new AtomicInteger();
        try (RawProvider provider = provider(asked, 0);
                RunningGateway gateway = RunningGateway.start(directory, yaml(provider, "translation: {drop_params: [seed]}"))) {
            assertThat(gateway.post("/v1/chat/completions", BODY).statusCode()).isEqualTo(200);
            int withSeed = BODY.replace("\"fast\"", "\"m\"").length();
            assertThat(provider.heads().getLast().toLowerCase(Locale.ROOT)).contains("content-length: " + (withSeed - ",\"seed\":7".length()));
        }
    }

    @Test
    void a_complaint_that_never_ends_reaches_the_client(@TempDir Path directory) {
        AtomicInteger asked = new AtomicInteger();
        try (RawProvider provider = provider(asked, 100);
                RunningGateway gateway = RunningGateway.start(directory, yaml(provider, ""))) {
            var answer = gateway.post("/v1/chat/completions", BODY);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(asked).hasValue(2);
        }
    }

    private static RawProvider provider(AtomicInteger asked, int complaints) {
        return RawProvider.start(line -> {
            while (line.request() != null) {
                if (asked.incrementAndGet() <= complaints) {
                    line.answer(400, "{\"error\":{\"message\":\"Unsupported parameter: 'seed'\",\"type\":\"invalid_request_error\"}}");
                } else {
                    line.answer(200, GOOD);
                }
            }
        });
    }

    private static String yaml(RawProvider provider, String option) {
        return """
                adminKey: admin-secret
                providers:
                  raw:
                    api_base_url: {chat: "%s/v1"}
                    api_key: k
                    %s
                models:
                  fast: {targets: [{provider: raw, model: m}]}
                keys:
                  app: {secret: sk-test}
                """.formatted(provider.baseUrl(), option);
    }
}
