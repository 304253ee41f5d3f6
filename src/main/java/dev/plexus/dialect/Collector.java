package dev.plexus.dialect;

import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gathers the events of an answer into the whole of it. One per answer, single-threaded.
public final class Collector implements Consumer<StreamEvent> {

    private @Nullable String id;
    private @Nullable String model;
    private long created;
    private @Nullable Usage usage;
    private final List<Growing> parts = new ArrayList<>(2);
    private final Map<Integer, Ending> choices = new TreeMap<>();

    private static final class Growing {
        final StreamEvent.PartStart start;
        String first = "";
        @Nullable StringBuilder more;
        @Nullable Secret secret;
        List<Citation> citations = List.of();
        StreamEvent.@Nullable ImageData image;

        Growing(StreamEvent.PartStart start) {
            this.start = start;
        }

        void add(String text) {
            if (first.isEmpty()) {
                first = text;
                return;
            }
            if (more == null) {
                more = new StringBuilder(first);
            }
            more.append(text);
        }

        String text() {
            return more == null ? first : more.toString();
        }
    }

    private static final class Ending {
        FinishReason reason = FinishReason.STOP;
        @Nullable String stopSequence;
        List<TokenLogprob> logprobs = List.of();
    }

    @Override
    public void accept(StreamEvent event) {
        switch (event) {
            case StreamEvent.Start start -> {
                id = start.id();
                model = start.model();
                created = start.created();
            }
            case StreamEvent.PartStart start -> {
                ending(start.choice());
                parts.add(new Growing(start));
            }
            case StreamEvent.Delta(var part, var text) -> parts.get(part).add(text);
            case StreamEvent.Sealed(var part, var secret) -> parts.get(part).secret = secret;
            case StreamEvent.Cited(var part, var citation) -> {
                Growing at = parts.get(part);
                at.citations = new ArrayList<>(at.citations);
                at.citations.add(citation);
            }
            case StreamEvent.ImageData image -> parts.get(image.part()).image = image;
            case StreamEvent.Logprobs(var choice, var tokens) -> {
                Ending at = ending(choice);
                at.logprobs = new ArrayList<>(at.logprobs);
                at.logprobs.addAll(tokens);
            }
            case StreamEvent.Finish finish -> {
                Ending at = ending(finish.choice());
                at.reason = finish.reason();
                at.stopSequence = finish.stopSequence();
            }
            case StreamEvent.Counted(var counts) -> usage = counts;
            case StreamEvent.PartEnd _, StreamEvent.End _, StreamEvent.Failed _ -> {}
        }
    }

    private Ending ending(int choice) {
        return choices.computeIfAbsent(choice, _ -> new Ending());
    }

    /// The answer as far as it has come.
    public Completion completion() {
        List<Completion.Choice> all = new ArrayList<>(1);
        choices.forEach((index, ending) -> {
            List<Part> own = new ArrayList<>();
            for (Growing part : parts) {
                if (part.start.choice() == index) {
                    own.add(part(part));
                }
            }
            all.add(new Completion.Choice(index, own, ending.reason, ending.stopSequence, ending.logprobs));
        });
        return new Completion(id, model, created, all, usage);
    }

    private static Part part(Growing part) {
        return switch (part.start.kind()) {
            case TEXT -> new Part.Text(part.text(), part.citations, null, part.secret);
            case THINKING -> new Part.Thinking(part.text(), part.secret);
            case REFUSAL -> new Part.Refusal(part.text());
            case IMAGE -> {
                StreamEvent.ImageData image = part.image;
                yield new Part.Image(new Source.Base64(image == null ? "image/png" : image.mime(), image == null ? "" : image.base64()), null, null);
            }
            case TOOL_CALL -> {
                StreamEvent.Call call = part.start.call();
                if (call == null) {
                    throw new IllegalStateException("a tool call without a head");
                }
                yield new Part.ToolCall(call.id(), call.name(), part.text(), call.kind(), call.namespace(), call.itemId(), part.secret);
            }
        };
    }
}
