package dev.plexus.dialect.responses;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plexus.dialect.Collector;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.ToolNames;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.Written;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Settings;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolChoice;
import dev.plexus.model.TranslationOptions;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.SseFramer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The room by itself, between JSON and the hub. JSON is written with `'` for `"`.
final class Play {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ResponsesDialect DIALECT = new ResponsesDialect();

    static final Traits OPENAI = new Traits("gpt-4o", "api.openai.com", TranslationOptions.NONE);
    static final Traits OTHER = new Traits("m", "provider.test", TranslationOptions.NONE);
    static final Traits LENIENT = new Traits(
            "m",
            "provider.test",
            new TranslationOptions(
                    null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                    null, null, null, null, List.of(), java.util.Map.of(), true, null, null));

    private Play() {}

    static String quoted(String json) {
        return json.replace('\'', '"');
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(quoted(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(new String(json, UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(new String(json, UTF_8), e);
        }
    }

    // Requests.

    static RequestHead head(String body) {
        return switch (DIALECT.readHead(Pieces.of(quoted(body)), null)) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
    }

    static ChatRequest read(String body, Drops drops) {
        return DIALECT.readRequest(quoted(body).getBytes(UTF_8), head(body), drops);
    }

    static ChatRequest read(String body) {
        return read(body, new Drops());
    }

    /// A request with this input.
    static List<Message> input(String items) {
        return read("{'model':'a','input':" + items + "}").messages();
    }

    static JsonNode write(ChatRequest request, Traits target, Drops drops) {
        Written written = DIALECT.writeRequest(request, target, drops);
        return tree(written.body());
    }

    static JsonNode write(ChatRequest request) {
        return write(request, OTHER, new Drops());
    }

    static ChatRequest request(Message... messages) {
        return request(new Settings.Builder(), List.of(messages));
    }

    static ChatRequest request(Settings.Builder settings, List<Message> messages) {
        return request(settings, Reasoning.UNSAID, messages, List.of(), null, null);
    }

    static ChatRequest request(
            Settings.Builder settings,
            Reasoning reasoning,
            List<Message> messages,
            List<Tool> tools,
            @Nullable ToolChoice choice,
            @Nullable Boolean parallel) {
        return new ChatRequest(DialectId.CHAT, "a", false, false, messages, tools, choice, parallel, reasoning, settings.build());
    }

    static Message user(Part... parts) {
        return new Message(Message.Role.USER, List.of(parts));
    }

    static Message assistant(Part... parts) {
        return new Message(Message.Role.ASSISTANT, List.of(parts));
    }

    static Part.Text text(String text) {
        return new Part.Text(text);
    }

    // Answers.

    static Emitter emitter(Consumer<StreamEvent> out) {
        return emitter(request(user(text("x"))), out);
    }

    static Emitter emitter(ChatRequest request, Consumer<StreamEvent> out) {
        return new Emitter(new ToolNames(request, ToolNames.Rule.plain(64), false), true, out);
    }

    static Completion completion(String answer) {
        Collector collector = new Collector();
        DIALECT.readAnswer(quoted(answer).getBytes(UTF_8), OTHER, emitter(collector));
        return collector.completion();
    }

    static Reply reply(String body) {
        return new Reply(read(body), Pieces.of(quoted(body)), head(body).members(), "target", 1_760_000_000, new Ids(new Random(7)));
    }

    static Reply reply() {
        return reply("{'model':'a','input':'x'}");
    }

    static JsonNode answer(Completion completion, Reply reply, Drops drops) {
        return tree(DIALECT.writeAnswer(completion, reply, drops));
    }

    // Streams.

    /// Frames of the upstream, each a `data` line, with the event name that its type says.
    static String sse(String... frames) {
        StringBuilder stream = new StringBuilder();
        for (String frame : frames) {
            stream.append("data: ").append(quoted(frame)).append("\n\n");
        }
        return stream.toString();
    }

    static List<StreamEvent> events(String... frames) {
        List<StreamEvent> events = new ArrayList<>();
        decode(sse(frames), Integer.MAX_VALUE, OTHER, emitter(events::add));
        return events;
    }

    static Emitter decode(String stream, int split, Traits target, Emitter emitter) {
        StreamDecoder decoder = DIALECT.readStream(target, emitter);
        SseFramer framer = new SseFramer();
        SseFramer.Handler handler = frame -> {
            if (frame.hasData() && !emitter.isOver()) {
                decoder.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event());
            }
        };
        byte[] bytes = stream.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += Math.min(split, bytes.length - at)) {
            framer.feed(bytes, at, at + Math.min(split, bytes.length - at), handler);
        }
        framer.end(handler);
        if (!emitter.isOver()) {
            decoder.end();
        }
        return emitter;
    }

    /// What the client gets for these events: each frame's data, whose event names were checked.
    static List<JsonNode> frames(Reply reply, Drops drops, List<StreamEvent> events) {
        FrameSink sink = new FrameSink(false);
        StreamEncoder encoder = DIALECT.writeStream(sink, reply, drops);
        events.forEach(encoder::accept);
        return frames(text(sink));
    }

    static List<JsonNode> frames(StreamEvent... events) {
        return frames(reply(), new Drops(), List.of(events));
    }

    static String text(FrameSink sink) {
        Pieces.Slice slice = sink.take();
        return new String(slice.array(), slice.offset(), slice.length(), UTF_8);
    }

    static List<JsonNode> frames(String stream) {
        List<JsonNode> frames = new ArrayList<>();
        for (String block : stream.split("\n\n")) {
            if (block.isEmpty() || block.startsWith(":")) {
                continue;
            }
            String[] lines = block.split("\n");
            if (lines.length != 2 || !lines[0].startsWith("event: ") || !lines[1].startsWith("data: ")) {
                throw new AssertionError("not a frame: " + block);
            }
            JsonNode data = tree(lines[1].substring("data: ".length()).getBytes(UTF_8));
            if (!data.path("type").asText().equals(lines[0].substring("event: ".length()))) {
                throw new AssertionError("misnamed: " + block);
            }
            frames.add(data);
        }
        return frames;
    }
}
