package dev.plexus.dialect.messages;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Repairs;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.ToolNames;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Translating;
import dev.plexus.dialect.Written;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Settings;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.TranslationOptions;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseFramer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the tests of this room have in common: canonical values on one side, JSON on the other.
final class Messages {

    static final Traits TARGET = Translating.target("claude-x");
    static final Traits ADAPTIVE = Translating.target("claude-sonnet-5");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Messages() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /// Traits with these options, in the words of [TranslationOptions].
    static Traits with(@Nullable String structuredOutput, @Nullable String midSystem, @Nullable Boolean serviceTier, @Nullable Boolean lenient) {
        return new Traits("claude-x", "provider.test", new TranslationOptions(
                null, null, null, null, null, null, null, structuredOutput, null, midSystem, null, null, null, null, null, null, null, null, null,
                serviceTier, null, null, null, null, null, List.of(), java.util.Map.of(), lenient, null, null));
    }

    static RequestHead head(String body) {
        return switch (new MessagesDialect().readHead(Pieces.of(body), null)) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
    }

    static ChatRequest read(String body, Drops drops) {
        return RequestReader.read(body.getBytes(UTF_8), head(body), drops);
    }

    static ChatRequest read(String body) {
        return read(body, new Drops());
    }

    /// A request for one message, with these other members.
    static String body(String members) {
        return "{\"model\":\"a\",\"max_tokens\":100," + members + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    }

    /// The parts of the one message with this content.
    static List<Part> parts(String role, String content, Drops drops) {
        String body = "{\"model\":\"a\",\"max_tokens\":1,\"messages\":[{\"role\":\"" + role + "\",\"content\":" + content + "}]}";
        return read(body, drops).messages().getFirst().parts();
    }

    /// A canonical request, to be changed member by member.
    static final class Asked {

        private final List<Message> messages = new ArrayList<>();
        private final List<Tool> tools = new ArrayList<>();
        private @Nullable ToolChoice choice;
        private @Nullable Boolean parallel;
        private Reasoning reasoning = Reasoning.UNSAID;
        private boolean stream;
        final Settings.Builder settings = new Settings.Builder();
        final Drops drops = new Drops();

        Asked say(Message.Role role, Part... parts) {
            messages.add(new Message(role, List.of(parts)));
            return this;
        }

        Asked system(String text) {
            return say(Message.Role.SYSTEM, new Part.Text(text));
        }

        Asked user(String text) {
            return say(Message.Role.USER, new Part.Text(text));
        }

        Asked assistant(Part... parts) {
            return say(Message.Role.ASSISTANT, parts);
        }

        Asked tool(Tool tool) {
            tools.add(tool);
            return this;
        }

        Asked tool(String name) {
            return tool(new Tool.Function(name, null, null, null, null, null));
        }

        Asked choice(@Nullable ToolChoice said) {
            choice = said;
            return this;
        }

        Asked parallel(boolean said) {
            parallel = said;
            return this;
        }

        Asked reasoning(@Nullable Boolean enabled, @Nullable String effort, @Nullable Long budget, @Nullable Boolean include) {
            reasoning = new Reasoning(enabled, effort, budget, false, include, null);
            return this;
        }

        Asked stream() {
            stream = true;
            return this;
        }

        Asked settings(Consumer<Settings.Builder> change) {
            change.accept(settings);
            return this;
        }

        ChatRequest request() {
            return new ChatRequest(DialectId.CHAT, "a", stream, false, messages, tools, choice, parallel, reasoning, settings.build());
        }

        Written written(Traits target) {
            return RequestWriter.write(Repairs.apply(request(), DialectId.MESSAGES, drops), target, drops);
        }

        String text(Traits target) {
            return new String(written(target).body(), UTF_8);
        }

        JsonNode body(Traits target) {
            return json(text(target));
        }

        JsonNode body() {
            return body(TARGET);
        }
    }

    static Asked asked() {
        return new Asked();
    }

    static ToolNames names() {
        return new ToolNames(asked().user("x").request(), ToolNames.Rule.plain(128), false);
    }

    /// What a stream of these bytes says, arriving `split` at a time; `over` tells whether it ended.
    static List<StreamEvent> events(byte[] stream, int split, Traits target) {
        List<StreamEvent> events = new ArrayList<>();
        Emitter emitter = new Emitter(names(), true, events::add);
        play(stream, split, target, emitter);
        return events;
    }

    static void play(byte[] stream, int split, Traits target, Emitter emitter) {
        StreamReader reader = new StreamReader(target, emitter);
        SseFramer framer = new SseFramer();
        SseFramer.Handler handler = frame -> {
            if (frame.hasData() && !emitter.isOver()) {
                reader.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event());
            }
        };
        for (int at = 0; at < stream.length; at += Math.min(split, stream.length - at)) {
            framer.feed(stream, at, at + Math.min(split, stream.length - at), handler);
        }
        framer.end(handler);
        if (!emitter.isOver()) {
            reader.end();
        }
    }

    static List<StreamEvent> events(String... datas) {
        return events(frames(datas), Integer.MAX_VALUE, TARGET);
    }

    /// The bytes of a stream of these data, which need no event names.
    static byte[] frames(String... datas) {
        StringBuilder stream = new StringBuilder();
        for (String data : datas) {
            stream.append("data: ").append(data).append("\n\n");
        }
        return stream.toString().getBytes(UTF_8);
    }

    /// For the writers of answers to a client of this dialect.
    static Reply reply() {
        String body = body("");
        return new Reply(read(body), Pieces.of(body), head(body).members(), "target-model", 1_760_000_000, new Ids(new Random(7)));
    }
}
