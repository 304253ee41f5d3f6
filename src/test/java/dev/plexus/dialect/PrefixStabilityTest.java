package dev.plexus.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Settings;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Providers cache prompts by their beginning: each turn of a long conversation with many tools must begin with the very bytes of the turn before.
class PrefixStabilityTest {

    private static final int TURNS = 200;
    private static final int TOOLS = 50;
    private static final List<DialectId> DIALECTS = List.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES);

    static Stream<Arguments> pairs() {
        return DIALECTS.stream()
                .flatMap(client -> DIALECTS.stream().filter(target -> target != client).map(target -> Arguments.of(client, target)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void every_turn_begins_with_the_bytes_of_the_turn_before(DialectId client, DialectId target) {
        ChatRequest whole = conversation();
        String before = null;
        for (int turn = 1; turn <= TURNS; turn++) {
            String now = carried(client, target, whole.withMessages(whole.messages().subList(0, 2 * turn)));
            if (before != null) {
                assertThat(now).startsWith(before.replaceAll("[\\]}]+$", ""));
            }
            before = now;
        }
        assertThat(before).contains("tool_49").contains("question 199").hasSizeGreaterThan(30_000);
    }

    private static String carried(DialectId client, DialectId target, ChatRequest request) {
        ConversationDialect speaks = Dialects.conversation(client).orElseThrow();
        String body = new String(speaks.writeRequest(request, Translating.target("m"), new Drops()).body(), UTF_8);
        return Translating.request(client, body, target, Translating.target("gemini-3-pro"), false).body();
    }

    /// A system prompt, then turns that each begin with a question or the results of calls, and end with text or calls.
    private static ChatRequest conversation() {
        List<Tool> tools = new ArrayList<>();
        for (int tool = 0; tool < TOOLS; tool++) {
            tools.add(new Tool.Function(
                    "tool_" + tool, "Does " + tool, "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}", null, null, null));
        }
        List<Message> messages = new ArrayList<>();
        messages.add(new Message(Message.Role.SYSTEM, List.of(new Part.Text("You use tools."))));
        List<Part> next = List.of(new Part.Text("question 0"));
        for (int turn = 0; turn < TURNS; turn++) {
            messages.add(new Message(Message.Role.USER, next));
            if (turn % 2 == 0) {
                String first = "call_" + turn + "a";
                String second = "call_" + turn + "b";
                messages.add(new Message(
                        Message.Role.ASSISTANT,
                        List.of(
                                new Part.Text("Let me see, " + turn + "."),
                                Part.ToolCall.function(first, "tool_" + turn % TOOLS, "{\"a\":" + turn + ".50}"),
                                Part.ToolCall.function(second, "tool_" + (turn + 1) % TOOLS, "{}"))));
                next = List.of(
                        new Part.ToolResult(first, null, List.of(new Part.Text("found " + turn)), false, ToolKind.FUNCTION, null),
                        new Part.ToolResult(second, null, List.of(new Part.Text("nothing")), false, ToolKind.FUNCTION, null),
                        new Part.Text("question " + (turn + 1)));
            } else {
                messages.add(new Message(Message.Role.ASSISTANT, List.of(new Part.Text("answer " + turn))));
                next = List.of(new Part.Text("question " + (turn + 1)));
            }
        }
        return new ChatRequest(
                DialectId.CHAT, "m", false, false, messages, tools, null, null, Reasoning.UNSAID, new Settings.Builder().maxTokens(1_000L).build());
    }
}
