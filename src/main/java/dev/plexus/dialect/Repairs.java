package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a conversation fit for any vendor before it is written in another dialect (spec: translation, T-R-1 to T-R-5).
public final class Repairs {

    private static final String INTERRUPTED = "Tool call was interrupted; no result is available.";

    private final ChatRequest request;
    private final DialectId target;
    private final Drops drops;

    /// Tool names by the id of their call, of the whole conversation until here.
    private final Map<String, String> called = new HashMap<>();

    private Repairs(ChatRequest request, DialectId target, Drops drops) {
        this.request = request;
        this.target = target;
        this.drops = drops;
    }

    /// The request with every call answered, every result called for, no empty texts, and no part that the target cannot carry in its role. Results know
    /// the names of their tools.
    public static ChatRequest apply(ChatRequest request, DialectId target, Drops drops) {
        return request.withMessages(new Repairs(request, target, drops).messages());
    }

    private List<Message> messages() {
        List<Message> all = request.messages();
        List<Message> repaired = new ArrayList<>(all.size());
        Map<String, Part.ToolCall> open = new HashMap<>();
        for (int index = 0; index < all.size(); index++) {
            Message message = all.get(index);
            if (message.role() == Message.Role.ASSISTANT) {
                answer(open, repaired);
            }
            List<Part> parts = parts(message, "messages[" + index + "]", open);
            if (message.role() == Message.Role.ASSISTANT) {
                for (Part part : parts) {
                    if (part instanceof Part.ToolCall call) {
                        open.put(call.id(), call);
                        called.put(call.id(), call.name());
                    }
                }
            }
            if (!parts.isEmpty()) {
                repaired.add(parts.equals(message.parts()) ? message : new Message(message.role(), parts));
            }
        }
        boolean lastIsAssistant = !all.isEmpty() && all.getLast().role() == Message.Role.ASSISTANT;
        if (!lastIsAssistant) {
            answer(open, repaired);
        }
        return repaired;
    }

    /// T-R-1: puts in a result for every call that has none, before the next assistant message; beside the results that are there.
    private void answer(Map<String, Part.ToolCall> open, List<Message> repaired) {
        if (open.isEmpty()) {
            return;
        }
        int assistant = repaired.size() - 1;
        while (assistant >= 0 && repaired.get(assistant).role() != Message.Role.ASSISTANT) {
            assistant--;
        }
        List<Part> results = new ArrayList<>(open.size());
        for (Part part : assistant < 0 ? List.<Part>of() : repaired.get(assistant).parts()) {
            if (part instanceof Part.ToolCall call && open.containsKey(call.id())) {
                drops.add(Feature.UNANSWERED_CALL, "tool call " + call.id(), "a call without a result was given one");
                results.add(new Part.ToolResult(call.id(), call.name(), List.of(new Part.Text(INTERRUPTED)), true, call.kind(), null));
            }
        }
        open.clear();
        int next = assistant + 1;
        if (next < repaired.size() && repaired.get(next).role() == Message.Role.USER) {
            results.addAll(repaired.get(next).parts());
            repaired.set(next, new Message(Message.Role.USER, inOrder(results)));
        } else if (!results.isEmpty()) {
            repaired.add(next, new Message(Message.Role.USER, results));
        }
    }

    /// Results first, then the rest.
    private static List<Part> inOrder(List<Part> parts) {
        List<Part> ordered = new ArrayList<>(parts.size());
        parts.stream().filter(part -> part instanceof Part.ToolResult).forEach(ordered::add);
        parts.stream().filter(part -> !(part instanceof Part.ToolResult)).forEach(ordered::add);
        return ordered;
    }

    private List<Part> parts(Message message, String path, Map<String, Part.ToolCall> open) {
        List<Part> kept = new ArrayList<>(message.parts().size());
        Set<String> answered = new HashSet<>();
        for (int index = 0; index < message.parts().size(); index++) {
            Part part = message.parts().get(index);
            Part fit = part instanceof Part.ToolResult result ? result(result, open, answered, path) : part(message.role(), part, path);
            if (fit != null) {
                kept.add(fit);
            }
        }
        return kept;
    }

    /// T-R-2: a result that nobody called for becomes text.
    private Part result(Part.ToolResult result, Map<String, Part.ToolCall> open, Set<String> answered, String path) {
        Part.ToolCall call = open.remove(result.callId());
        String name = call != null ? call.name() : called.get(result.callId());
        List<Part> inner = new ArrayList<>(result.parts().size());
        for (Part part : result.parts()) {
            Part fit = part(Message.Role.USER, part, path);
            if (fit != null) {
                inner.add(fit);
            }
        }
        if (call == null && (name == null || !answered.contains(result.callId()))) {
            drops.add(Feature.ORPHAN_RESULT, path, "the result of an unknown tool call became text");
            StringBuilder text = new StringBuilder();
            for (Part part : inner) {
                if (part instanceof Part.Text(var words, _, _, _)) {
                    text.append('\n').append(words);
                }
            }
            return new Part.Text("Result of tool " + (result.name() != null ? result.name() : result.callId()) + ":" + text);
        }
        answered.add(result.callId());
        String known = name == null ? result.name() : name;
        return new Part.ToolResult(
                result.callId(), known, inner, result.isError(), call == null ? result.kind() : call.kind(), result.cache());
    }

    /// T-R-3 to T-R-5 for all other parts: null for what is left out.
    private @Nullable Part part(Message.Role role, Part part, String path) {
        return switch (part) {
            case Part.Text text -> isEmpty(text) ? null : text;
            case Part.Opaque(var dialect, var type) -> {
                drops.add(Feature.NATIVE_PART, path, dialect.label() + " part of type " + type);
                yield null;
            }
            case Part.Image _ -> media(role, part, Feature.IMAGE, path);
            case Part.Audio _ -> media(role, part, Feature.AUDIO, path);
            case Part.Video _ -> media(role, part, Feature.VIDEO, path);
            case Part.Document _ -> media(role, part, Feature.DOCUMENT, path);
            case Part.Refusal _, Part.SearchResult _, Part.Thinking _, Part.ToolCall _, Part.ToolResult _ -> part;
        };
    }

    private boolean isEmpty(Part.Text text) {
        boolean empty = target == DialectId.MESSAGES ? text.text().isBlank() : text.text().isEmpty();
        return empty && text.signature() == null;
    }

    private @Nullable Part media(Message.Role role, Part part, Feature feature, String path) {
        if (role == Message.Role.ASSISTANT && target != DialectId.GEMINI) {
            drops.add(feature, path, "media of the assistant cannot be sent back");
            return null;
        }
        return part;
    }
}
