package dev.plexus.dialect.fuzz;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.OutputFormat;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Settings;
import dev.plexus.model.Source;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.ToolKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Conversations and texts made from a seed: the same seed makes the same.
final class Generated {

    /// Everything that JSON, SSE and UTF-8 make difficult, and some that is easy.
    private static final String[] PIECES = {
        "a", "word ", "two words", " ", "\n", "\r\n", "\t", "\"", "\\", "\\n", "{", "}", "[", "]", ":", ",", "data: ", "[DONE]", "\u2028", "\u0000",
        "é", "日本語", "😀", "\uD83D\uDC69\u200D\uD83D\uDCBB", "</think>", "<b>", "null", "0", "-1.50e3", "event: x\n\n", "plx1.", "/*", "\u0007"
    };

    private static final String[] NAMES = {"weather", "get_time", "search-web", "f", "Tool_9"};

    private final Random random;

    Generated(long seed) {
        random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /// A text of up to `max` pieces, never blank as a whole.
    String text(int max) {
        StringBuilder text = new StringBuilder("t");
        for (int count = random.nextInt(max) + 1; count > 0; count--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append('.').toString();
    }

    /// A JSON object in compact but peculiar spelling: unusual numbers, escapes, empty names.
    String object(int depth) {
        StringBuilder json = new StringBuilder("{");
        int members = random.nextInt(4);
        for (int member = 0; member < members; member++) {
            json.append(member == 0 ? "" : ",").append('"').append("k").append(member).append(chance(20) ? "\\u00e9" : "").append("\":").append(value(depth));
        }
        return json.append('}').toString();
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> "1.50";
            case 1 -> "12345678901234567890";
            case 2 -> "1e-7";
            case 3 -> "\"\\u00e9 \\\"q\\\" \\\\ 😀 {}\"";
            case 4 -> "true";
            case 5 -> "null";
            case 6 -> "\"\"";
            case 7 -> object(depth - 1);
            default -> "[" + value(depth - 1) + "," + value(depth - 1) + "]";
        };
    }

    /// A conversation that every dialect can carry, with calls that are all answered. It begins and ends with the user.
    ChatRequest conversation(int turns) {
        List<Message> messages = new ArrayList<>();
        if (chance(70)) {
            messages.add(new Message(Message.Role.SYSTEM, List.of(new Part.Text(text(6)))));
        }
        int calls = 0;
        messages.add(new Message(Message.Role.USER, userParts()));
        for (int turn = 0; turn < turns; turn++) {
            List<Part> said = new ArrayList<>();
            List<Part> answered = new ArrayList<>();
            if (chance(60)) {
                said.add(new Part.Text(text(8)));
            }
            int count = said.isEmpty() ? 1 + below(3) : below(3);
            for (int call = 0; call < count; call++) {
                String id = "call_" + calls++;
                String name = NAMES[below(NAMES.length)];
                said.add(Part.ToolCall.function(id, name, object(2)));
                answered.add(new Part.ToolResult(id, name, List.of(new Part.Text(text(4))), false, ToolKind.FUNCTION, null));
            }
            messages.add(new Message(Message.Role.ASSISTANT, said));
            if (answered.isEmpty() || chance(50)) {
                answered.addAll(userParts());
            }
            messages.add(new Message(Message.Role.USER, answered));
        }
        return new ChatRequest(
                DialectId.CHAT, "m", chance(50), true, messages, tools(), chance(50) ? new ToolChoice.Auto() : null, null, reasoning(), settings());
    }

    private List<Part> userParts() {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Text(text(8)));
        if (chance(25)) {
            byte[] bytes = new byte[1 + below(40)];
            random.nextBytes(bytes);
            parts.add(new Part.Image(new Source.Base64(chance(50) ? "image/png" : "image/webp", Base64.getEncoder().encodeToString(bytes)), null, null));
        }
        return parts;
    }

    private List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        for (String name : NAMES) {
            tools.add(new Tool.Function(
                    name,
                    chance(70) ? text(3) : null,
                    "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},\"k0\":" + (chance(50) ? "{}" : "{\"enum\":[1,null]}") + "}}",
                    null,
                    null,
                    null));
        }
        return tools;
    }

    private Reasoning reasoning() {
        return chance(70) ? Reasoning.UNSAID : new Reasoning(true, "medium", null, false, null, null);
    }

    private Settings settings() {
        Settings.Builder settings = new Settings.Builder().maxTokens(1_000L + below(30_000));
        if (chance(50)) {
            settings.temperature(new BigDecimal("0.5"));
        }
        if (chance(30)) {
            settings.stop(List.of("END", text(1)));
        }
        if (chance(20)) {
            settings.format(new OutputFormat.JsonSchema("reply", null, "{\"type\":\"object\",\"properties\":{}}", true));
        }
        if (chance(20)) {
            settings.seed((long) below(1_000));
        }
        if (chance(20)) {
            settings.metadata(Map.of("k", "\"v\""));
        }
        return settings.build();
    }

    /// Cuts a text into pieces at any place, inside surrogate pairs never: events carry whole characters.
    List<String> cut(String text) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + below(6));
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /// The body with one value replaced by another of whatever type.
    String damaged(String json) {
        List<int[]> values = Spans.values(json);
        int[] span = values.get(below(values.size()));
        @Nullable String other = switch (below(8)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> "-3.5";
            case 3 -> "\"" + (chance(50) ? "x" : "") + "\"";
            case 4 -> "[]";
            case 5 -> "{}";
            case 6 -> "[{\"type\":\"unheard_of\",\"text\":1}]";
            default -> "{\"type\":\"text\",\"text\":\"x\",\"name\":[1]}";
        };
        return json.substring(0, span[0]) + other + json.substring(span[1]);
    }
}
