package dev.plexus.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Tool;
import dev.plexus.wire.Pieces;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What survives a translation, feature by feature and pair by pair. Each cell is tried: the client's request is carried over, the target's body is read
/// again, and what the feature says there is compared. What is lost must have been counted. The table in docs/TRANSLATION.md is this test's result;
/// `-Dplexus.docs=write` writes it.
class SurvivalTest {

    private static final Path DOCUMENT = Path.of("docs/TRANSLATION.md");
    private static final String BEGIN = "<!-- survival table: made by SurvivalTest -->";
    private static final String END = "<!-- end of the survival table -->";
    private static final List<DialectId> DIALECTS = List.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES);
    private static final String PNG = "iVBORw0KGgo=";
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}";

    /// One feature: how each dialect's client says it (`null` where it cannot), and what the hub then holds.
    private record Probe(String name, Map<DialectId, String> bodies, Function<ChatRequest, @Nullable Object> value) {

        @Override
        public String toString() {
            return name;
        }
    }

    private enum Fate {
        KEPT("kept"),
        MAPPED("mapped"),
        DROPPED("dropped"),
        REFUSED("refused"),
        SILENT("LOST SILENTLY");

        private final String word;

        Fate(String word) {
            this.word = word;
        }
    }

    private static final List<Probe> PROBES = List.of(
            probe("text of user and assistant", SurvivalTest::texts)
                    .chat("\"messages\":[{\"role\":\"user\",\"content\":\"é\"},{\"role\":\"assistant\",\"content\":\"ok\"},{\"role\":\"user\",\"content\":\"b\"}]")
                    .messages("\"messages\":[{\"role\":\"user\",\"content\":\"é\"},{\"role\":\"assistant\",\"content\":\"ok\"},{\"role\":\"user\",\"content\":\"b\"}]")
                    .gemini("\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"é\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"ok\"}]},{\"role\":\"user\",\"parts\":[{\"text\":\"b\"}]}]")
                    .responses("\"input\":[{\"role\":\"user\",\"content\":\"é\"},{\"role\":\"assistant\",\"content\":\"ok\"},{\"role\":\"user\",\"content\":\"b\"}]")
                    .done(),
            probe("system prompt", SurvivalTest::system)
                    .chat("\"messages\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"a\"}]")
                    .messages("\"system\":\"S\"," + user(DialectId.MESSAGES))
                    .gemini("\"systemInstruction\":{\"parts\":[{\"text\":\"S\"}]}," + user(DialectId.GEMINI))
                    .responses("\"instructions\":\"S\"," + user(DialectId.RESPONSES))
                    .done(),
            probe("system message in the middle", SurvivalTest::roles)
                    .chat("\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"b\"}]")
                    .responses("\"input\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"b\"}]")
                    .done(),
            probe("image, base64", request -> first(request, Part.Image.class, part -> part.source()))
                    .chat("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + PNG + "\"}}]}]")
                    .messages("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"" + PNG + "\"}}]}]")
                    .gemini("\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"" + PNG + "\"}}]}]")
                    .responses("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64," + PNG + "\"}]}]")
                    .done(),
            probe("image, by URL", request -> first(request, Part.Image.class, part -> part.source()))
                    .chat("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.test/a.png\"}}]}]")
                    .messages("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x.test/a.png\"}}]}]")
                    .gemini("\"contents\":[{\"role\":\"user\",\"parts\":[{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"https://x.test/a.png\"}}]}]")
                    .responses("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"https://x.test/a.png\"}]}]")
                    .done(),
            probe("audio", request -> first(request, Part.Audio.class, part -> part.source()))
                    .chat("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"UklGRg==\",\"format\":\"wav\"}}]}]")
                    .gemini("\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":\"UklGRg==\"}}]}]")
                    .responses("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"UklGRg==\",\"format\":\"wav\"}}]}]")
                    .done(),
            probe("PDF document", request -> first(request, Part.Document.class, part -> part.source()))
                    .chat("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,JVBERg==\"}}]}]")
                    .messages("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"JVBERg==\"}}]}]")
                    .gemini("\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"application/pdf\",\"data\":\"JVBERg==\"}}]}]")
                    .responses("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,JVBERg==\"}]}]")
                    .done(),
            probe("function tool", request -> tool(request, function -> List.of(function.name(), Objects.toString(function.description()), Objects.toString(function.schema()))))
                    .chat(user(DialectId.CHAT) + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",\"parameters\":" + SCHEMA + "}}]")
                    .messages(user(DialectId.MESSAGES) + ",\"tools\":[{\"name\":\"f\",\"description\":\"d\",\"input_schema\":" + SCHEMA + "}]")
                    .gemini(user(DialectId.GEMINI) + ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"description\":\"d\",\"parametersJsonSchema\":" + SCHEMA + "}]}]")
                    .responses(user(DialectId.RESPONSES) + ",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"description\":\"d\",\"parameters\":" + SCHEMA + ",\"strict\":false}]")
                    .done(),
            probe("strict tool", request -> tool(request, Tool.Function::strict))
                    .chat(user(DialectId.CHAT) + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":" + SCHEMA + ",\"strict\":true}}]")
                    .messages(user(DialectId.MESSAGES) + ",\"tools\":[{\"name\":\"f\",\"input_schema\":" + SCHEMA + ",\"strict\":true}]")
                    .responses(user(DialectId.RESPONSES) + ",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":" + SCHEMA + ",\"strict\":true}]")
                    .done(),
            withTool("tool choice: required", ChatRequest::toolChoice)
                    .chat("\"tool_choice\":\"required\"")
                    .messages("\"tool_choice\":{\"type\":\"any\"}")
                    .gemini("\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"ANY\"}}")
                    .responses("\"tool_choice\":\"required\"")
                    .done(),
            withTool("tool choice: one tool", ChatRequest::toolChoice)
                    .chat("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")
                    .messages("\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\"}")
                    .gemini("\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}}")
                    .responses("\"tool_choice\":{\"type\":\"function\",\"name\":\"f\"}")
                    .done(),
            withTool("no parallel tool calls", ChatRequest::parallelToolCalls)
                    .chat("\"parallel_tool_calls\":false")
                    .messages("\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}")
                    .responses("\"parallel_tool_calls\":false")
                    .done(),
            probe("arguments of a tool call", request -> first(request, Part.ToolCall.class, Part.ToolCall::arguments))
                    .chat(called(DialectId.CHAT))
                    .messages(called(DialectId.MESSAGES))
                    .gemini(called(DialectId.GEMINI))
                    .responses(called(DialectId.RESPONSES))
                    .done(),
            probe("error flag of a tool result", request -> first(request, Part.ToolResult.class, result -> result.isError() ? true : null))
                    .messages(called(DialectId.MESSAGES).replace("\"content\":\"r\"", "\"content\":\"r\",\"is_error\":true"))
                    .gemini(called(DialectId.GEMINI).replace("{\"output\":\"r\"}", "{\"error\":\"r\"}"))
                    .done(),
            setting("reasoning effort", request -> request.reasoning().effort())
                    .chat("\"reasoning_effort\":\"high\"")
                    .messages("\"max_tokens\":40000,\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}")
                    .gemini("\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"HIGH\"}}")
                    .responses("\"reasoning\":{\"effort\":\"high\"}")
                    .done(),
            setting("reasoning budget", request -> request.reasoning().budget() != null ? request.reasoning().budget() : request.reasoning().effort())
                    .chat("\"reasoning\":{\"max_tokens\":2048}")
                    .messages("\"max_tokens\":40000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}")
                    .gemini("\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":2048}}")
                    .done(),
            setting("JSON by a schema", request -> request.settings().format())
                    .chat("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"r\",\"schema\":" + SCHEMA + ",\"strict\":true}}")
                    .messages("\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + SCHEMA + "}}")
                    .gemini("\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":" + SCHEMA + "}")
                    .responses("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"r\",\"schema\":" + SCHEMA + ",\"strict\":true}}")
                    .done(),
            setting("any JSON object", request -> request.settings().format())
                    .chat("\"response_format\":{\"type\":\"json_object\"}")
                    .gemini("\"generationConfig\":{\"responseMimeType\":\"application/json\"}")
                    .responses("\"text\":{\"format\":{\"type\":\"json_object\"}}")
                    .done(),
            setting("temperature up to 1", request -> number(request.settings().temperature()))
                    .chat("\"temperature\":0.3")
                    .messages("\"temperature\":0.3")
                    .gemini("\"generationConfig\":{\"temperature\":0.3}")
                    .responses("\"temperature\":0.3")
                    .done(),
            setting("temperature above 1", request -> number(request.settings().temperature()))
                    .chat("\"temperature\":1.4")
                    .gemini("\"generationConfig\":{\"temperature\":1.4}")
                    .responses("\"temperature\":1.4")
                    .done(),
            setting("top_p", request -> number(request.settings().topP()))
                    .chat("\"top_p\":0.9")
                    .messages("\"top_p\":0.9")
                    .gemini("\"generationConfig\":{\"topP\":0.9}")
                    .responses("\"top_p\":0.9")
                    .done(),
            setting("top_k", request -> request.settings().topK())
                    .chat("\"top_k\":5")
                    .messages("\"top_k\":5")
                    .gemini("\"generationConfig\":{\"topK\":5}")
                    .done(),
            setting("output limit", request -> request.settings().maxTokens())
                    .chat("\"max_completion_tokens\":77")
                    .messages("\"max_tokens\":77")
                    .gemini("\"generationConfig\":{\"maxOutputTokens\":77}")
                    .responses("\"max_output_tokens\":77")
                    .done(),
            setting("stop sequences", request -> request.settings().stop().isEmpty() ? null : request.settings().stop())
                    .chat("\"stop\":[\"X\"]")
                    .messages("\"stop_sequences\":[\"X\"]")
                    .gemini("\"generationConfig\":{\"stopSequences\":[\"X\"]}")
                    .done(),
            setting("seed", request -> request.settings().seed())
                    .chat("\"seed\":7")
                    .gemini("\"generationConfig\":{\"seed\":7}")
                    .done(),
            setting("penalties", request -> number(request.settings().presencePenalty()))
                    .chat("\"presence_penalty\":0.5")
                    .gemini("\"generationConfig\":{\"presencePenalty\":0.5}")
                    .done(),
            setting("several answers (n)", request -> request.settings().n())
                    .chat("\"n\":2")
                    .gemini("\"generationConfig\":{\"candidateCount\":2}")
                    .done(),
            setting("log probabilities", request -> request.settings().topLogprobs())
                    .chat("\"logprobs\":true,\"top_logprobs\":3")
                    .gemini("\"generationConfig\":{\"responseLogprobs\":true,\"logprobs\":3}")
                    .responses("\"top_logprobs\":3")
                    .done(),
            setting("logit bias", request -> request.settings().logitBias().isEmpty() ? null : request.settings().logitBias())
                    .chat("\"logit_bias\":{\"50256\":-100}")
                    .done(),
            setting("user id", request -> request.settings().user())
                    .chat("\"user\":\"u-1\"")
                    .messages("\"metadata\":{\"user_id\":\"u-1\"}")
                    .responses("\"user\":\"u-1\"")
                    .done(),
            setting("metadata", request -> request.settings().metadata().isEmpty() ? null : request.settings().metadata())
                    .chat("\"metadata\":{\"k\":\"v\"}")
                    .responses("\"metadata\":{\"k\":\"v\"}")
                    .done(),
            setting("service tier", request -> request.settings().serviceTier())
                    .chat("\"service_tier\":\"auto\"")
                    .messages("\"service_tier\":\"auto\"")
                    .responses("\"service_tier\":\"auto\"")
                    .done(),
            setting("prompt cache key", request -> request.settings().promptCacheKey())
                    .chat("\"prompt_cache_key\":\"k\"")
                    .responses("\"prompt_cache_key\":\"k\"")
                    .done(),
            probe("cache mark on a text", request -> first(request, Part.Text.class, Part.Text::cache))
                    .chat("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}]}]")
                    .messages("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}]}]")
                    .done(),
            setting("web search", request -> request.tools().stream().anyMatch(tool -> tool instanceof Tool.WebSearch) ? true : null)
                    .chat("\"web_search_options\":{\"search_context_size\":\"low\"}")
                    .messages("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":3}]")
                    .gemini("\"tools\":[{\"googleSearch\":{}}]")
                    .responses("\"tools\":[{\"type\":\"web_search\"}]")
                    .done(),
            setting("tool with free text input", request -> request.tools().isEmpty() ? null : request.tools().getFirst())
                    .chat("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"patch\",\"description\":\"d\"}}]")
                    .responses("\"tools\":[{\"type\":\"custom\",\"name\":\"patch\",\"description\":\"d\"}]")
                    .done(),
            setting("verbosity", request -> request.settings().verbosity())
                    .chat("\"verbosity\":\"low\"")
                    .responses("\"text\":{\"verbosity\":\"low\"}")
                    .done());

    static Stream<Probe> probes() {
        return PROBES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("probes")
    void nothing_is_lost_without_being_counted(Probe probe) {
        probe.bodies().forEach((client, body) -> DIALECTS.stream().filter(target -> target != client).forEach(target ->
                assertThat(fate(probe, client, body, target)).as("%s from %s to %s", probe, client, target).isNotEqualTo(Fate.SILENT)));
    }

    @Test
    void the_documented_table_is_what_happens() throws IOException {
        String table = table();
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        if ("write".equals(System.getProperty("plexus.docs"))) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + "\n" + table + document.substring(end));
            return;
        }
        assertThat(document.substring(begin, end).strip()).isEqualTo(table.strip());
    }

    private static String table() {
        StringBuilder table = new StringBuilder("\n| |");
        List<DialectId[]> pairs = new ArrayList<>();
        for (DialectId client : DIALECTS) {
            for (DialectId target : DIALECTS) {
                if (client != target) {
                    pairs.add(new DialectId[] {client, target});
                    table.append(' ').append(client.label()).append(" → ").append(target.label()).append(" |");
                }
            }
        }
        table.append("\n|---|").append("---|".repeat(pairs.size())).append('\n');
        for (Probe probe : PROBES) {
            table.append("| ").append(probe).append(" |");
            for (DialectId[] pair : pairs) {
                String body = probe.bodies().get(pair[0]);
                table.append(' ').append(body == null ? "–" : fate(probe, pair[0], body, pair[1]).word).append(" |");
            }
            table.append('\n');
        }
        return table.append('\n').toString();
    }

    private static Fate fate(Probe probe, DialectId client, String body, DialectId target) {
        Object wanted = probe.value().apply(read(client, body));
        assertThat(wanted).as("%s as %s says it: %s", probe, client, body).isNotNull();
        Translating carried;
        try {
            carried = Translating.request(client, body, target, model(target));
        } catch (Unsupported refused) {
            return Fate.REFUSED;
        }
        Object arrived = probe.value().apply(read(target, carried.body()));
        if (wanted.equals(arrived)) {
            return Fate.KEPT;
        }
        if (arrived != null) {
            return Fate.MAPPED;
        }
        return carried.drops().isEmpty() ? Fate.SILENT : Fate.DROPPED;
    }

    private static String model(DialectId target) {
        return switch (target) {
            case MESSAGES -> "claude-sonnet-4-6";
            case GEMINI -> "gemini-3-pro";
            default -> "some-model";
        };
    }

    private static ChatRequest read(DialectId dialect, String body) {
        ConversationDialect speaks = Dialects.conversation(dialect).orElseThrow();
        return switch (speaks.readHead(Pieces.of(body), new RequestPath("m", false, true))) {
            case HeadRead.Good(var head) -> speaks.readRequest(body.getBytes(UTF_8), head, new Drops());
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message() + " in " + body);
        };
    }

    // --- what probes look at --------------------------------------------------------------------------------------------------------------

    private static @Nullable Object texts(ChatRequest request) {
        List<String> texts = new ArrayList<>();
        request.messages().forEach(message -> message.parts().forEach(part -> {
            if (part instanceof Part.Text text) {
                texts.add(message.role() + " " + text.text());
            }
        }));
        return texts;
    }

    private static @Nullable Object system(ChatRequest request) {
        return request.messages().getFirst().role().isSystem() ? request.messages().getFirst().parts() : null;
    }

    private static @Nullable Object roles(ChatRequest request) {
        List<Message.Role> roles = request.messages().stream().map(Message::role).map(role -> role.isSystem() ? Message.Role.SYSTEM : role).toList();
        return roles.contains(Message.Role.SYSTEM) ? roles : null;
    }

    private static <P extends Part> @Nullable Object first(ChatRequest request, Class<P> type, Function<P, @Nullable Object> look) {
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (type.isInstance(part)) {
                    return look.apply(type.cast(part));
                }
            }
        }
        return null;
    }

    private static @Nullable Object tool(ChatRequest request, Function<Tool.Function, @Nullable Object> look) {
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                return look.apply(function);
            }
        }
        return null;
    }

    private static @Nullable Object number(@Nullable BigDecimal number) {
        return number == null ? null : number.doubleValue();
    }

    // --- how clients say it ---------------------------------------------------------------------------------------------------------------

    private static String user(DialectId dialect) {
        return switch (dialect) {
            case CHAT, MESSAGES -> "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";
            case GEMINI -> "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]}]";
            default -> "\"input\":\"a\"";
        };
    }

    private static String called(DialectId dialect) {
        String arguments = "{\\\"n\\\":1.50,\\\"big\\\":12345678901234567890}";
        return switch (dialect) {
            case CHAT -> "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\","
                    + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"" + arguments + "\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"r\"}]";
            case MESSAGES -> "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"c1\","
                    + "\"name\":\"f\",\"input\":{\"n\":1.50,\"big\":12345678901234567890}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\","
                    + "\"tool_use_id\":\"c1\",\"content\":\"r\"}]}]";
            case GEMINI -> "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]},{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\","
                    + "\"args\":{\"n\":1.50,\"big\":12345678901234567890}}}]},{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\","
                    + "\"response\":{\"output\":\"r\"}}}]}]";
            default -> "\"input\":[{\"role\":\"user\",\"content\":\"a\"},{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\""
                    + arguments + "\"},{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"r\"}]";
        };
    }

    private static Saying probe(String name, Function<ChatRequest, @Nullable Object> value) {
        return new Saying(name, value, Map.of());
    }

    /// A probe that adds a member to a plain question.
    private static Saying setting(String name, Function<ChatRequest, @Nullable Object> value) {
        Map<DialectId, String> before = new EnumMap<>(DialectId.class);
        DIALECTS.forEach(dialect -> before.put(dialect, user(dialect) + ","));
        return new Saying(name, value, before);
    }

    /// A probe that adds a member to a question with the tool `f`.
    private static Saying withTool(String name, Function<ChatRequest, @Nullable Object> value) {
        Map<DialectId, String> before = new EnumMap<>(DialectId.class);
        before.put(DialectId.CHAT, user(DialectId.CHAT) + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":" + SCHEMA + "}}],");
        before.put(DialectId.MESSAGES, user(DialectId.MESSAGES) + ",\"tools\":[{\"name\":\"f\",\"input_schema\":" + SCHEMA + "}],");
        before.put(
                DialectId.GEMINI,
                user(DialectId.GEMINI) + ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"parametersJsonSchema\":" + SCHEMA + "}]}],");
        before.put(
                DialectId.RESPONSES,
                user(DialectId.RESPONSES) + ",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":" + SCHEMA + ",\"strict\":false}],");
        return new Saying(name, value, before);
    }

    /// Collects what the clients say.
    private static final class Saying {
        private final String name;
        private final Function<ChatRequest, @Nullable Object> value;
        private final Map<DialectId, String> before;
        private final Map<DialectId, String> bodies = new TreeMap<>();

        Saying(String name, Function<ChatRequest, @Nullable Object> value, Map<DialectId, String> before) {
            this.name = name;
            this.value = value;
            this.before = before;
        }

        Saying chat(String members) {
            return says(DialectId.CHAT, "\"model\":\"m\",", members);
        }

        Saying messages(String members) {
            return says(DialectId.MESSAGES, members.contains("\"max_tokens\"") ? "\"model\":\"m\"," : "\"model\":\"m\",\"max_tokens\":900,", members);
        }

        Saying gemini(String members) {
            return says(DialectId.GEMINI, "", members);
        }

        Saying responses(String members) {
            return says(DialectId.RESPONSES, "\"model\":\"m\",", members);
        }

        private Saying says(DialectId dialect, String head, String members) {
            bodies.put(dialect, "{" + head + before.getOrDefault(dialect, "") + members + "}");
            return this;
        }

        Probe done() {
            return new Probe(name, bodies, value);
        }
    }
}
