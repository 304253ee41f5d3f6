package dev.plexus.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plexus.app.RunningGateway;
import dev.plexus.model.DialectId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every vendor's own client against a provider of every dialect, over recorded answers, whole, streamed, and streamed byte by byte: what the client
/// understands is what the provider said, and what the provider gets is what the client asked.
class TranslationMatrixTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<DialectId> DIALECTS = List.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES);

    /// How the answer arrives.
    enum Manner {
        WHOLE,
        STREAM,
        STREAM_BYTE_BY_BYTE
    }

    private static TraceProvider provider;
    private static RunningGateway gateway;
    private static final Map<DialectId, ConversationClient> CLIENTS = new EnumMap<>(DialectId.class);

    @BeforeAll
    static void start(@TempDir Path directory) {
        provider = new TraceProvider();
        String base = "http://127.0.0.1:" + provider.port();
        gateway = RunningGateway.start(directory, """
                adminKey: admin-secret
                models: {}
                retry: {sameTargetRetries: 0}
                providers:
                  chat: {api_base_url: {chat: "%1$s/v1"}, api_key: k, disable_cooldown: true}
                  messages: {api_base_url: {messages: "%1$s/v1"}, api_key: k, disable_cooldown: true}
                  gemini: {api_base_url: {gemini: "%1$s"}, api_key: k, disable_cooldown: true}
                  responses: {api_base_url: {responses: "%1$s/v1"}, api_key: k, disable_cooldown: true}
                keys:
                  app: {secret: sk-test}
                """.formatted(base));
        CLIENTS.put(DialectId.CHAT, new ChatSdk(gateway.url("")));
        CLIENTS.put(DialectId.MESSAGES, new MessagesSdk(gateway.url("")));
        CLIENTS.put(DialectId.GEMINI, new GeminiSdk(gateway.url("")));
        CLIENTS.put(DialectId.RESPONSES, new ResponsesSdk(gateway.url("")));
    }

    @AfterAll
    static void stop() {
        CLIENTS.values().forEach(ConversationClient::close);
        gateway.close();
        provider.close();
    }

    static Stream<Arguments> answers() {
        return cells(List.of("text", "unicode", "one_call", "three_calls", "thinking", "json", "refusal", "length", "cached"), List.of(Manner.values()));
    }

    static Stream<Arguments> pairs() {
        return DIALECTS.stream().flatMap(client -> DIALECTS.stream().map(target -> Arguments.of(client, target)));
    }

    private static Stream<Arguments> cells(List<String> cases, List<Manner> manners) {
        return DIALECTS.stream().flatMap(client -> DIALECTS.stream().flatMap(target -> cases.stream()
                .flatMap(name -> manners.stream().map(manner -> Arguments.of(client, target, name, manner)))));
    }

    @ParameterizedTest(name = "{0} client, {1} provider: {2}, {3}")
    @MethodSource("answers")
    void what_the_client_understands_is_what_the_provider_said(DialectId client, DialectId target, String name, Manner manner) {
        Expected expected = Expected.of(name, target);

        Told told = ask(client, target, name, manner, scene(client, expected.scene()));

        String words = client == DialectId.CHAT || client == DialectId.RESPONSES ? told.text() + told.refusal() : told.text();
        assertThat(words).isEqualTo(expected.text());
        assertThat(told.thinking()).isEqualTo(expected.thinking());
        assertThat(told.calls()).hasSameSizeAs(expected.calls());
        for (int call = 0; call < expected.calls().size(); call++) {
            assertThat(spelling(client, told.calls().get(call))).isEqualTo(spelling(client, expected.calls().get(call)));
        }
        assertThat(expected.finishes(client)).contains(told.finish());
        assertThat(told.input()).isEqualTo(expected.input());
        assertThat(told.cached()).isEqualTo(expected.cached());
        assertThat(told.output()).isEqualTo(expected.output());
    }

    /// Clients that get arguments as text get the very bytes; those that parse them themselves, the same values.
    private static String spelling(DialectId client, String call) {
        if (client == DialectId.CHAT || client == DialectId.RESPONSES) {
            return call;
        }
        int blank = call.indexOf(' ');
        return call.substring(0, blank) + " " + read(call.substring(blank + 1)).toString().replaceAll("(\\.\\d*?)0+(?=\\D)", "$1");
    }

    @ParameterizedTest(name = "{0} client, {1} provider")
    @MethodSource("pairs")
    void an_error_of_the_provider_is_the_exception_of_the_client(DialectId client, DialectId target) {
        String failure = CLIENTS.get(client).failure("direct/" + target.label() + "/" + model(target, "error", Manner.WHOLE), scene(client, "plain"));

        String exception = client == DialectId.GEMINI ? "ClientException" : "RateLimitException";
        assertThat(failure).startsWith("429 " + exception).contains("Rate limit reached for this trace");
    }

    @ParameterizedTest(name = "{0} client, {1} provider")
    @MethodSource("pairs")
    void system_prompt_text_and_sampling_reach_the_provider(DialectId client, DialectId target) {
        JsonNode sent = sent(client, target, "text", "system");

        Wanted wanted = new Wanted(target, sent);
        String unicode = "Grüße, 日本語 😀 “quoted” \\ back\nnew line";
        assertThat(wanted.system()).isEqualTo("Be brief. " + unicode);
        assertThat(wanted.userText()).isEqualTo(unicode);
        assertThat(wanted.temperature()).isEqualTo(0.5);
        assertThat(wanted.maxTokens()).isEqualTo(77);
        if (client != DialectId.RESPONSES && target != DialectId.RESPONSES) {
            assertThat(wanted.stop()).isEqualTo("END");
        }
    }

    @ParameterizedTest(name = "{0} client, {1} provider")
    @MethodSource("pairs")
    void an_image_reaches_the_provider_with_its_type_and_bytes(DialectId client, DialectId target) {
        Wanted wanted = new Wanted(target, sent(client, target, "text", "image"));

        assertThat(wanted.userText()).isEqualTo("What is it?");
        assertThat(wanted.images()).containsExactly("image/png;" + Wanted.PNG);
    }

    @ParameterizedTest(name = "{0} client, {1} provider")
    @MethodSource("pairs")
    void tools_reach_the_provider_with_their_schemas(DialectId client, DialectId target) {
        Wanted wanted = new Wanted(target, sent(client, target, "one_call", "tools"));

        assertThat(wanted.tools().keySet()).containsExactly("weather", "time");
        assertThat(wanted.tools().get("weather")).isEqualTo(read("""
                {"type":"object","properties":{"city":{"type":"string"},"type":{"type":"string","enum":["now","later"]}},"required":["city"]}"""));
    }

    @ParameterizedTest(name = "{0} client, {1} provider")
    @MethodSource("pairs")
    void calls_and_their_results_reach_the_provider_as_pairs(DialectId client, DialectId target) {
        Wanted wanted = new Wanted(target, sent(client, target, "text", "tool_results"));

        assertThat(wanted.calls()).containsExactly("weather {\"city\":\"Oslo\",\"n\":1.5}", "time {\"zone\":\"UTC\"}");
        assertThat(wanted.results()).containsExactly("weather=3 degrees", "time=no such zone");
        assertThat(wanted.userText()).endsWith("And now?");
        if (client == DialectId.MESSAGES) {
            assertThat(wanted.images()).containsExactly("image/png;" + Wanted.PNG);
        }
        boolean bothHaveTheFlag = (client == DialectId.MESSAGES || client == DialectId.GEMINI)
                && (target == DialectId.MESSAGES || target == DialectId.GEMINI);
        if (bothHaveTheFlag) {
            assertThat(wanted.errorFlags()).containsExactly("time");
        }
    }

    @ParameterizedTest(name = "{0} client, {1} provider")
    @MethodSource("pairs")
    void a_json_schema_reaches_the_provider(DialectId client, DialectId target) {
        Wanted wanted = new Wanted(target, sent(client, target, "json", "schema"));

        assertThat(wanted.outputSchema()).isEqualTo(read("""
                {"type":"object","properties":{"answer":{"type":"integer"},"ok":{"type":"boolean"}},"required":["answer","ok"],"additionalProperties":false}"""));
    }

    static Stream<Arguments> secondTurns() {
        return DIALECTS.stream().flatMap(client -> DIALECTS.stream().flatMap(target -> Stream.of(Manner.values())
                .filter(manner -> manner == Manner.WHOLE || client != DialectId.CHAT) // that client keeps no reasoning of a stream
                .map(manner -> Arguments.of(client, target, manner))));
    }

    @ParameterizedTest(name = "{0} client, {1} provider, first turn {2}")
    @MethodSource("secondTurns")
    void thinking_comes_back_to_the_provider_on_the_second_turn(DialectId client, DialectId target, Manner manner) {
        JsonNode first = scene(client, "thinking");
        Told told = ask(client, target, "thinking", manner, first);

        ask(client, target, "text", Manner.WHOLE, secondTurn(client, first, told.replay()));

        Wanted wanted = new Wanted(target, provider.request(model(target, "text", Manner.WHOLE)));
        assertThat(wanted.calls()).containsExactly("weather {\"city\":\"Oslo\"}");
        assertThat(wanted.results()).containsExactly("weather=3 degrees");
        assertThat(wanted.reasoning()).isIn("medium", "8192", "adaptive");
        assertThat(wanted.secrets()).isEqualTo(switch (target) {
            case MESSAGES -> List.of("EqQBCkYIBBgCKkBhbnRocm9waWMtc2lnbmF0dXJlLW9mLXRoaXMtdHJhY2U=");
            case GEMINI -> List.of("weather:Z2VtaW5pLXNpZ25hdHVyZS1vZi10aGlzLXRyYWNl");
            case RESPONSES -> List.of("gAAAAABencrypted-reasoning-of-this-trace");
            default -> List.of();
        });
        assertThat(provider.request(model(target, "text", Manner.WHOLE)).toString()).doesNotContain("plx1.").doesNotContain("cGx4MS");
    }

    /// The conversation with the assistant's turn as the client keeps it, and the result of its call.
    private static JsonNode secondTurn(DialectId client, JsonNode first, JsonNode replay) {
        ObjectNode second = first.deepCopy();
        switch (client) {
            case CHAT -> {
                ArrayNode messages = second.withArray("messages");
                messages.add(replay);
                messages.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", replay.path("tool_calls").path(0).path("id").asText())
                        .put("content", "3 degrees");
            }
            case MESSAGES -> {
                ArrayNode messages = second.withArray("messages");
                messages.addObject().put("role", "assistant").set("content", replay);
                String id = "";
                for (JsonNode block : replay) {
                    id = block.path("type").asText().equals("tool_use") ? block.path("id").asText() : id;
                }
                messages.addObject()
                        .put("role", "user")
                        .putArray("content")
                        .addObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", id)
                        .put("content", "3 degrees");
            }
            case GEMINI -> {
                ArrayNode contents = second.withArray("contents");
                contents.add(replay);
                ObjectNode answer = contents.addObject().put("role", "user").putArray("parts").addObject().putObject("functionResponse");
                answer.put("name", "weather").putObject("response").put("output", "3 degrees");
                for (JsonNode part : replay.path("parts")) {
                    if (part.path("functionCall").has("id")) {
                        answer.set("id", part.path("functionCall").path("id"));
                    }
                }
            }
            default -> {
                ArrayNode input = second.withArray("input");
                String id = "";
                for (JsonNode item : replay) {
                    input.add(item);
                    id = item.path("type").asText().equals("function_call") ? item.path("call_id").asText() : id;
                }
                input.addObject().put("type", "function_call_output").put("call_id", id).put("output", "3 degrees");
            }
        }
        return second;
    }

    private static JsonNode sent(DialectId client, DialectId target, String trace, String scene) {
        ask(client, target, trace, Manner.WHOLE, scene(client, scene));
        return provider.request(model(target, trace, Manner.WHOLE));
    }

    private static Told ask(DialectId client, DialectId target, String trace, Manner manner, JsonNode request) {
        String model = "direct/" + target.label() + "/" + model(target, trace, manner);
        ConversationClient asks = CLIENTS.get(client);
        return manner == Manner.WHOLE ? asks.whole(model, request) : asks.streamed(model, request);
    }

    private static String model(DialectId target, String trace, Manner manner) {
        String family = switch (target) {
            case MESSAGES -> "claude-sonnet-4-5-trace";
            case GEMINI -> "gemini-3-trace";
            default -> "trace";
        };
        return family + "." + trace + (manner == Manner.STREAM_BYTE_BY_BYTE ? ".bytes" : "");
    }

    private static JsonNode scene(DialectId client, String name) {
        try (InputStream stream = TranslationMatrixTest.class.getResourceAsStream("/scenes/" + client.label() + "/" + name + ".json")) {
            return JSON.readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a trace says, whatever the dialect in which it was recorded.
    private record Expected(
            String scene, String text, String thinking, List<String> calls, String kind, long input, long cached, long output) {

        static Expected of(String name, DialectId target) {
            List<String> none = List.of();
            return switch (name) {
                case "text" -> new Expected("plain", "Hello there, friend.", "", none, "stop", 12, 0, 5);
                case "unicode" ->
                    new Expected("plain", "Grüße, 日本語 😀 “quoted” \\ back\nnew\tline é", "", none, "stop", 9, 0, 21);
                case "one_call" -> new Expected(
                        "tools", "Let me look.", "", List.of("weather {\"city\":\"São Paulo\",\"days\":3,\"precise\":1.50}"), "calls", 30, 0, 17);
                case "three_calls" -> new Expected(
                        "tools",
                        "",
                        "",
                        List.of(
                                "weather {\"city\":\"Oslo\"}",
                                "time {\"zone\":\"Europe/Oslo\",\"exact\":true}",
                                "weather {\"city\":\"Bergen\",\"tags\":[\"a\",\"b\"]}"),
                        "calls",
                        44,
                        0,
                        39);
                case "thinking" -> new Expected(
                        "thinking", "", "First, the city. Then the weather.", List.of("weather {\"city\":\"Oslo\"}"), "calls", 50, 0, 40);
                case "json" -> new Expected("schema", "{\"answer\":42,\"ok\":true}", "", none, "stop", 20, 0, 11);
                case "refusal" -> new Expected(
                        "plain", "I cannot help with that.", "", none, target == DialectId.GEMINI ? "stop" : "refusal", 14, 0, 8);
                case "length" -> new Expected("plain", "This goes on and", "", none, "length", 10, 0, 4);
                case "cached" -> new Expected("plain", "From memory.", "", none, "stop", 1100, 1000, 6);
                default -> throw new IllegalArgumentException(name);
            };
        }

        List<String> finishes(DialectId client) {
            return switch (client) {
                case CHAT -> switch (kind) {
                    case "calls" -> List.of("tool_calls");
                    case "refusal" -> List.of("stop", "content_filter");
                    default -> List.of(kind);
                };
                case MESSAGES -> switch (kind) {
                    case "calls" -> List.of("tool_use");
                    case "length" -> List.of("max_tokens");
                    case "refusal" -> List.of("refusal");
                    default -> List.of("end_turn");
                };
                case GEMINI -> kind.equals("length") ? List.of("MAX_TOKENS") : List.of("STOP");
                default -> switch (kind) {
                    case "length" -> List.of("incomplete/max_output_tokens");
                    case "refusal" -> List.of("completed", "incomplete/content_filter");
                    default -> List.of("completed");
                };
            };
        }
    }

    static List<String> texts(Iterable<JsonNode> nodes) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.asText()));
        return texts;
    }
}
