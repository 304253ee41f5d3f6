package dev.plexus.dialect.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plexus.dialect.Collector;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Repairs;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.ToolNames;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
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
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One side of the room at a time, against the hub.
final class Fixtures {

    static final ChatDialect DIALECT = new ChatDialect();

    private static final ObjectMapper JSON = new ObjectMapper();

    /// A request as it was read, and what was lost.
    record Read(ChatRequest request, Drops drops) {

        Message message(int index) {
            return request.messages().get(index);
        }

        List<Part> parts(int message) {
            return message(message).parts();
        }
    }

    /// What became of an upstream's answer.
    record Heard(List<StreamEvent> events, @Nullable UpstreamError failure, boolean over, List<Boolean> frames) {

        List<String> told() {
            return events.stream().map(Fixtures::tell).toList();
        }

        Completion completion() {
            Collector collector = new Collector();
            events.forEach(collector);
            return collector.completion();
        }
    }

    private Fixtures() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    static Read read(String body) {
        Drops drops = new Drops();
        return new Read(DIALECT.readRequest(body.getBytes(UTF_8), head(body), drops), drops);
    }

    static Read readMessages(String messages) {
        return read("{\"model\":\"a\",\"messages\":" + messages + "}");
    }

    /// A request with one user message and these further members.
    static Read readWith(String members) {
        return read("{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]," + members + "}");
    }

    private static RequestHead head(String body) {
        return switch (DIALECT.readHead(Pieces.of(body), null)) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
    }

    /// Traits of a target of that model and host, with options as name and value in turn.
    static Traits target(String model, String host, Object... options) {
        try {
            RecordComponent[] components = TranslationOptions.class.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int at = 0; at < components.length; at++) {
                values[at] = components[at].getAccessor().invoke(TranslationOptions.NONE);
                for (int option = 0; option < options.length; option += 2) {
                    if (components[at].getName().equals(options[option])) {
                        values[at] = options[option + 1];
                    }
                }
            }
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return new Traits(model, host, TranslationOptions.class.getDeclaredConstructor(types).newInstance(values));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static Traits plain(Object... options) {
        return target("m", "provider.test", options);
    }

    static Traits openAi(Object... options) {
        return target("gpt-4o", "api.openai.com", options);
    }

    static Traits openRouter(Object... options) {
        return target("some/model", "openrouter.ai", options);
    }

    static ChatRequest request(List<Message> messages) {
        return request(messages, List.of(), null, Reasoning.UNSAID, new Settings.Builder().build());
    }

    static ChatRequest request(List<Message> messages, List<Tool> tools, @Nullable ToolChoice choice, Reasoning reasoning, Settings settings) {
        return new ChatRequest(DialectId.MESSAGES, "a", false, false, messages, tools, choice, null, reasoning, settings);
    }

    static ChatRequest toolRequest(@Nullable ToolChoice choice, Tool... tools) {
        return request(List.of(user(new Part.Text("x"))), List.of(tools), choice, Reasoning.UNSAID, new Settings.Builder().build());
    }

    static ChatRequest settingsRequest(Settings.Builder settings) {
        return request(List.of(user(new Part.Text("x"))), List.of(), null, Reasoning.UNSAID, settings.build());
    }

    static ChatRequest reasoningRequest(Reasoning reasoning) {
        return request(List.of(user(new Part.Text("x"))), List.of(), null, reasoning, new Settings.Builder().build());
    }

    static Message user(Part... parts) {
        return new Message(Message.Role.USER, List.of(parts));
    }

    static Message assistant(Part... parts) {
        return new Message(Message.Role.ASSISTANT, List.of(parts));
    }

    static Tool.Function function(String name) {
        return new Tool.Function(name, null, null, null, null, null);
    }

    static Written write(ChatRequest request, Traits target, Drops drops) {
        return DIALECT.writeRequest(Repairs.apply(request, DialectId.CHAT, drops), target, drops);
    }

    static String body(ChatRequest request, Traits target) {
        return new String(write(request, target, new Drops()).body(), UTF_8);
    }

    /// The body for the target, as a tree.
    static JsonNode written(ChatRequest request, Traits target) {
        return json(body(request, target));
    }

    static JsonNode writtenMessages(Traits target, Message... messages) {
        return written(request(List.of(messages)), target).get("messages");
    }

    static Drops dropsOf(ChatRequest request, Traits target) {
        Drops drops = new Drops();
        write(request, target, drops);
        return drops;
    }

    private static Emitter emitter(List<StreamEvent> events) {
        ToolNames names = new ToolNames(request(List.of()), ToolNames.Rule.plain(64), false);
        return new Emitter(names, true, events::add);
    }

    /// What happens in a stream of these events, each its data alone or as `name | data`; the connection then ends.
    static Heard hear(Traits target, String... frames) {
        return hear(target, stream(frames).getBytes(UTF_8), Integer.MAX_VALUE);
    }

    static Heard hear(String... frames) {
        return hear(plain(), frames);
    }

    static String stream(String... frames) {
        StringBuilder stream = new StringBuilder();
        for (String frame : frames) {
            int bar = frame.startsWith("{") || frame.startsWith("[") ? -1 : frame.indexOf(" | ");
            if (bar >= 0) {
                stream.append("event: ").append(frame, 0, bar).append('\n');
            }
            stream.append("data: ").append(bar >= 0 ? frame.substring(bar + 3) : frame).append("\n\n");
        }
        return stream.toString();
    }

    static Heard hear(Traits target, byte[] bytes, int split) {
        List<StreamEvent> events = new ArrayList<>();
        List<Boolean> frames = new ArrayList<>();
        Emitter emitter = emitter(events);
        StreamDecoder decoder = DIALECT.readStream(target, emitter);
        SseFramer framer = new SseFramer();
        SseFramer.Handler handler = frame -> {
            if (frame.hasData() && !emitter.isOver()) {
                frames.add(decoder.frame(frame.data(), frame.dataFrom(), frame.dataTo(), frame.event()));
            }
        };
        for (int at = 0; at < bytes.length; at += Math.min(split, bytes.length - at)) {
            framer.feed(bytes, at, at + Math.min(split, bytes.length - at), handler);
        }
        framer.end(handler);
        if (!emitter.isOver()) {
            decoder.end();
        }
        return new Heard(events, emitter.failure(), emitter.isOver(), frames);
    }

    /// What a whole answer says.
    static Heard answer(Traits target, String body) {
        List<StreamEvent> events = new ArrayList<>();
        Emitter emitter = emitter(events);
        DIALECT.readAnswer(body.getBytes(UTF_8), target, emitter);
        return new Heard(events, emitter.failure(), emitter.isOver(), List.of());
    }

    static Heard answer(String body) {
        return answer(plain(), body);
    }

    /// The message of a whole answer's only choice, read.
    static List<Part> heard(String message) {
        return answer("{\"choices\":[{\"message\":" + message + "}]}").completion().choices().getFirst().parts();
    }

    static Reply reply(boolean usageAsked) {
        String body = "{\"model\":\"a\",\"stream\":true,\"stream_options\":{\"include_usage\":" + usageAsked
                + "},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        RequestHead head = head(body);
        ChatRequest request = DIALECT.readRequest(body.getBytes(UTF_8), head, new Drops());
        return new Reply(request, Pieces.of(body), head.members(), "target-model", 1_760_000_000, new Ids(new Random(7)));
    }

    /// The client's stream for these events.
    static String spoken(boolean usageAsked, List<StreamEvent> events) {
        FrameSink sink = new FrameSink(false);
        var writer = DIALECT.writeStream(sink, reply(usageAsked), new Drops());
        events.forEach(writer::accept);
        Pieces.Slice slice = sink.take();
        return new String(slice.array(), slice.offset(), slice.length(), UTF_8);
    }

    /// The data of each frame of a client's stream.
    static List<String> data(String stream) {
        assertThat(stream).endsWith("\n\n");
        return Arrays.stream(stream.split("\n\n")).map(frame -> {
            assertThat(frame).startsWith("data: ").doesNotContain("\n");
            return frame.substring("data: ".length());
        }).toList();
    }

    /// The deltas of the first choice in a client's stream.
    static List<JsonNode> deltas(List<StreamEvent> events) {
        return data(spoken(false, events)).stream()
                .filter(data -> data.startsWith("{"))
                .map(data -> json(data).at("/choices/0/delta"))
                .toList();
    }

    static JsonNode written(Completion completion) {
        return json(new String(DIALECT.writeAnswer(completion, reply(false), new Drops()), UTF_8));
    }

    /// An event in a short notation.
    private static String tell(StreamEvent event) {
        return switch (event) {
            case StreamEvent.Start(var id, var model, var created) -> "start " + id + " " + model + " " + created;
            case StreamEvent.PartStart(var choice, var part, var kind, var call) -> "open " + part + " " + kind + (choice == 0 ? "" : " of " + choice)
                    + (call == null ? "" : " " + call.name() + " " + call.id());
            case StreamEvent.Delta(var part, var text) -> part + " " + text;
            case StreamEvent.Sealed(var part, var secret) -> "seal " + part + " " + secret.dialect() + " " + secret.kind() + " " + secret.value()
                    + (secret.itemId() == null ? "" : " " + secret.itemId());
            case StreamEvent.Cited(var part, var citation) -> "cite " + part + " " + citation.url() + " " + citation.start() + "-" + citation.end();
            case StreamEvent.Logprobs(var choice, var tokens) -> "logprobs " + choice + " " + tokens.size();
            case StreamEvent.ImageData(var part, var mime, var data) -> "image " + part + " " + mime + " " + data;
            case StreamEvent.PartEnd(var part) -> "close " + part;
            case StreamEvent.Finish(var choice, var reason, _, _) -> "finish " + (choice == 0 ? "" : choice + " ") + reason;
            case StreamEvent.Counted(var usage) -> "usage " + usage.input() + "+" + usage.cached() + " " + usage.output() + " (" + usage.reasoning() + ")";
            case StreamEvent.End() -> "end";
            case StreamEvent.Failed(var error) -> "failed " + error.message();
        };
    }
}
