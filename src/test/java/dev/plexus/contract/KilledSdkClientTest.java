package dev.plexus.contract;

import static dev.plexus.app.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client process, not merely its request, that ends without a word.
class KilledSdkClientTest {

    private static final int TRIES = 4;
    private static final String ASKING = "asking";
    private static final String READING = "reading";

    private static SdkGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        gateway = SdkGateway.start(directory);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /// The process that is killed: asks the gateway at the first argument, for a stream if the second one says so, and tells how far it is.
    static final class Child {

        public static void main(String[] arguments) {
            OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(arguments[0]).apiKey("sk-test").maxRetries(0)
                    .timeout(Duration.ofMinutes(1)).build();
            boolean streams = arguments[1].equals("stream");
            ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                    .model(streams ? "endless" : "silent")
                    .addUserMessage("Where is the simulator?")
                    .build();
            System.out.println(ASKING);
            if (!streams) {
                client.chat().completions().create(params);
                return;
            }
            try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(params)) {
                Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
                chunks.next();
                System.out.println(READING);
                while (chunks.hasNext()) {
                    chunks.next();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "whole"})
    void killing_the_process_of_a_client_cancels_the_upstream(String kind) throws Exception {
        long fastest = Long.MAX_VALUE;
        int tries = 0;
        while (tries < TRIES && fastest >= SdkGateway.UPSTREAM_GONE_MILLIS) {
            fastest = Math.min(fastest, millisFromKillToCancel(kind));
            tries++;
        }

        assertThat(fastest).as("milliseconds, the fastest of %d", tries).isLessThan(SdkGateway.UPSTREAM_GONE_MILLIS);
        int killed = tries;
        eventually("a record of each", () -> cancelled(kind) == killed);
    }

    private static long millisFromKillToCancel(String kind) throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Child.class.getName(),
                        gateway.url("/v1"),
                        kind)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = child.inputReader()) {
            String awaited = kind.equals("stream") ? READING : ASKING;
            String line = said.readLine();
            while (line != null && !line.equals(awaited)) {
                line = said.readLine();
            }
            assertThat(line).isEqualTo(awaited);
            eventually("an open request", () -> gateway.running().simulator().tally().open() == 1);
            return gateway.millisUntilCancelled(child::destroyForcibly);
        } finally {
            child.destroyForcibly();
        }
    }

    private static int cancelled(String kind) {
        int streamed = kind.equals("stream") ? 1 : 0;
        return gateway.running()
                .rows("select * from request_usage where response_status = 'cancelled' and is_streamed = " + streamed)
                .size();
    }
}
