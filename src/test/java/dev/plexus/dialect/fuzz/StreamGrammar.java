package dev.plexus.dialect.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plexus.model.DialectId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Says what is illegal in a client's stream, by the vendors' own rules and what their clients are known to stumble over.
final class StreamGrammar {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> offences = new ArrayList<>();

    private record Event(String name, String data) {}

    private StreamGrammar() {}

    /// What is wrong with the stream; empty if nothing.
    static List<String> offences(DialectId dialect, String stream) {
        StreamGrammar grammar = new StreamGrammar();
        List<Event> events = grammar.events(stream);
        switch (dialect) {
            case CHAT -> grammar.chat(events);
            case MESSAGES -> grammar.messages(events);
            case GEMINI -> grammar.gemini(events);
            default -> grammar.responses(events);
        }
        return grammar.offences;
    }

    private List<Event> events(String stream) {
        List<Event> events = new ArrayList<>();
        if (!stream.endsWith("\n\n")) {
            offences.add("the last frame has no blank line");
        }
        for (String frame : stream.split("\n\n")) {
            String name = "";
            String data = "";
            for (String line : frame.split("\n")) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data += line.substring(6);
                } else {
                    offences.add("a line that is no field: " + line);
                }
            }
            events.add(new Event(name, data));
        }
        return events;
    }

    private JsonNode json(Event event) {
        try {
            return JSON.readTree(event.data());
        } catch (IOException e) {
            offences.add("not JSON: " + event.data());
            return JSON.createObjectNode();
        }
    }

    private void want(boolean holds, String rule) {
        if (!holds) {
            offences.add(rule);
        }
    }

    private void chat(List<Event> events) {
        want(events.getLast().data().equals("[DONE]"), "[DONE] is last");
        Set<Integer> finished = new HashSet<>();
        Set<String> calls = new HashSet<>();
        boolean failed = false;
        for (int at = 0; at < events.size() - 1; at++) {
            Event event = events.get(at);
            want(event.name().isEmpty(), "chat events have no name");
            want(!event.data().equals("[DONE]"), "[DONE] comes once");
            JsonNode chunk = json(event);
            want(!failed, "nothing after an error");
            failed = chunk.has("error");
            for (JsonNode choice : chunk.path("choices")) {
                int index = choice.path("index").asInt();
                want(!finished.contains(index), "nothing after a finish reason");
                for (JsonNode call : choice.path("delta").path("tool_calls")) {
                    String key = index + "/" + call.path("index").asInt();
                    boolean first = calls.add(key);
                    want(first == call.has("id"), "a call has its id in its first chunk alone");
                    want(first == call.path("function").has("name"), "a call has its name in its first chunk alone");
                }
                if (!choice.path("finish_reason").isNull() && choice.has("finish_reason")) {
                    finished.add(index);
                }
            }
        }
        want(failed || !finished.isEmpty(), "there is a finish reason");
    }

    private void messages(List<Event> events) {
        int open = -1;
        int next = 0;
        boolean delta = false;
        String last = "";
        for (Event event : events) {
            JsonNode data = json(event);
            String type = data.path("type").asText();
            want(event.name().equals(type), "the name is the type");
            want(!last.equals("message_stop") && !last.equals("error"), "nothing after the end");
            want(last.isEmpty() == type.equals("message_start"), "message_start is first, and once");
            switch (type) {
                case "content_block_start" -> {
                    want(open < 0, "one block at a time");
                    want(data.path("index").asInt() == next, "block indexes are contiguous");
                    open = next++;
                }
                case "content_block_delta" -> want(open >= 0 && data.path("index").asInt() == open, "deltas belong to the open block");
                case "content_block_stop" -> {
                    want(open >= 0 && data.path("index").asInt() == open, "the open block stops");
                    open = -1;
                }
                case "message_delta" -> {
                    want(open < 0 && !delta, "one message_delta, after all blocks");
                    delta = true;
                }
                case "message_stop" -> want(delta, "message_delta before message_stop");
                case "message_start", "ping", "error" -> {}
                default -> offences.add("unknown type " + type);
            }
            last = type;
        }
        want(last.equals("message_stop") || last.equals("error"), "it ends");
    }

    private void gemini(List<Event> events) {
        boolean finished = false;
        for (Event event : events) {
            want(event.name().isEmpty(), "gemini events have no name");
            want(!finished, "nothing after the finish reason");
            JsonNode chunk = json(event);
            if (chunk.has("error")) {
                finished = true;
                want(chunk.path("error").path("code").asInt() >= 400, "errors have a numeric code");
                continue;
            }
            want(chunk.has("candidates"), "every chunk has candidates");
            for (JsonNode candidate : chunk.path("candidates")) {
                finished |= candidate.has("finishReason");
                want(!candidate.path("finishReason").isNull(), "finishReason is never null");
                want(candidate.has("finishReason") || !candidate.path("content").path("parts").isEmpty(), "parts are never empty");
            }
        }
        want(finished, "it ends");
    }

    private void responses(List<Event> events) {
        int sequence = 0;
        Set<Integer> open = new HashSet<>();
        int next = 0;
        String last = "";
        Set<String> terminals = Set.of("response.completed", "response.incomplete", "response.failed", "error");
        for (Event event : events) {
            JsonNode data = json(event);
            String type = data.path("type").asText();
            want(event.name().equals(type), "the name is the type");
            want(data.path("sequence_number").asInt(-1) == sequence++, "sequence numbers are contiguous");
            want(!terminals.contains(last), "nothing after the end");
            want(last.isEmpty() == (type.equals("response.created") || last.isEmpty() && type.equals("error")), "response.created is first, and once");
            int index = data.path("output_index").asInt(-1);
            if (type.equals("response.output_item.added")) {
                want(index == next++, "output indexes are contiguous");
                open.add(index);
            } else if (type.equals("response.output_item.done")) {
                want(open.remove(index), "an open item is done");
            } else if (index >= 0) {
                want(open.contains(index), type + " belongs to an open item");
            }
            if (type.equals("response.completed") || type.equals("response.incomplete")) {
                want(open.isEmpty(), "all items are done before the end");
                want(data.path("response").path("output").size() == next, "the last event has all items");
            }
            last = type;
        }
        want(terminals.contains(last), "it ends");
    }
}
