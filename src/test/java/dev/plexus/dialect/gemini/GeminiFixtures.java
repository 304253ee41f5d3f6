package dev.plexus.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Repairs;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.RequestPath;
import dev.plexus.dialect.ToolNames;
import dev.plexus.dialect.Traits;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Secret;
import dev.plexus.model.Settings;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.ToolKind;
import dev.plexus.model.TranslationOptions;
import dev.plexus.model.Usage;
import dev.plexus.wire.Pieces;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the tests of this room share: requests in both forms, and the one answer of the reference fixtures.
final class GeminiFixtures {

    static final GeminiDialect DIALECT = new GeminiDialect();
    static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private GeminiFixtures() {}

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static Traits gemini3() {
        return new Traits("gemini-3-pro", "generativelanguage.googleapis.com", TranslationOptions.NONE);
    }

    static Traits gemini25() {
        return new Traits("gemini-2.5-flash", "generativelanguage.googleapis.com", TranslationOptions.NONE);
    }

    // Requests

    static ChatRequest read(String body, Drops drops) {
        Pieces pieces = Pieces.of(body);
        RequestHead head = switch (DIALECT.readHead(pieces, new RequestPath("a", false, true))) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
        return DIALECT.readRequest(pieces.contiguous(), head, drops);
    }

    static ChatRequest read(String body) {
        return read(body, new Drops());
    }

    static JsonNode write(ChatRequest request, Traits target, Drops drops) {
        return json(new String(DIALECT.writeRequest(Repairs.apply(request, DialectId.GEMINI, drops), target, drops).body(), UTF_8));
    }

    static JsonNode write(ChatRequest request) {
        return write(request, gemini3(), new Drops());
    }

    /// A request of a client of that dialect.
    static ChatRequest request(DialectId dialect, List<Message> messages, List<Tool> tools, @Nullable ToolChoice choice, Reasoning reasoning, Settings settings) {
        return new ChatRequest(dialect, "a", false, false, messages, tools, choice, null, reasoning, settings);
    }

    static ChatRequest request(Message... messages) {
        return request(DialectId.CHAT, List.of(messages), List.of(), null, Reasoning.UNSAID, new Settings.Builder().build());
    }

    static ChatRequest with(UnaryOperator<Settings.Builder> settings) {
        return request(DialectId.CHAT, List.of(user("hi")), List.of(), null, Reasoning.UNSAID, settings.apply(new Settings.Builder()).build());
    }

    static Message user(String text) {
        return user(new Part.Text(text));
    }

    static Message user(Part... parts) {
        return new Message(Message.Role.USER, List.of(parts));
    }

    static Message assistant(Part... parts) {
        return new Message(Message.Role.ASSISTANT, List.of(parts));
    }

    static Tool function(String name, @Nullable String schema) {
        return new Tool.Function(name, null, schema, null, null, null);
    }

    static Secret signature(String value) {
        return new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, value);
    }

    static boolean dropped(Drops drops, Feature feature) {
        return drops.counts().containsKey(feature);
    }

    // Answers

    static Reply reply() {
        Pieces body = Pieces.of("{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}");
        RequestHead head = switch (DIALECT.readHead(body, new RequestPath("a", true, true))) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
        return new Reply(request(user("x")), body, head.members(), "target", 1_760_000_000, new Ids(new Random(3)));
    }

    static ToolNames names() {
        return new ToolNames(request(user("x")), ToolNames.Rule.plain(64), false);
    }

    static final Usage USAGE = new Usage(10, 0, 0, 0, 5, 2, 15);

    static StreamEvent.Call call(String id, String name) {
        return new StreamEvent.Call(id, name, ToolKind.FUNCTION, null, null);
    }
}
