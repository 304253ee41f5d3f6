package dev.plexus.dialect;

import dev.plexus.model.Citation;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The one place where events are made: whatever a reader says, in whatever order, what comes out keeps the rules of [StreamEvent]. It also puts the
/// client's tool names back, holds back thoughts that the client does not want to see, sets the finish reason right (spec: translation, T-F-1 and
/// T-F-2), and remembers what accounting needs. One per answer, single-threaded.
///
/// Two ways to speak of text: [#text], [#thinking] and [#refusal] for formats without part boundaries, where each kind goes on until another begins;
/// [#open], [#delta] and [#close] for formats that have them.
public final class Emitter {

    /// No more parts are opened beyond this.
    private static final int PARTS_MAX = 65_536;

    private static final int NONE = -1;
    private static final String ANSWER = "answer";

    /// More arguments of tool calls than this no answer has; writers have to gather them (streaming.md 8).
    private static final int ARGUMENTS_MAX = 16 * 1024 * 1024;

    /// Reasons may hold an upstream's words.
    private static final int REASON_MAX = 200;

    private final ToolNames names;
    private final boolean showsThinking;
    private final Drops drops;
    private final Consumer<StreamEvent> out;
    private final List<Part> parts = new ArrayList<>(4);
    private final Map<Integer, Choice> choices = new TreeMap<>();

    private final Generated generated = new Generated();

    private boolean started;
    private boolean over;
    private boolean visible;
    private int arguments;
    private int gathered;
    private int calls;
    private @Nullable Usage usage;
    private @Nullable String word;
    private @Nullable UpstreamError failure;

    private static final class Part {
        final int choice;
        final PartKind kind;
        boolean open = true;
        boolean sealed;

        Part(int choice, PartKind kind) {
            this.choice = choice;
            this.kind = kind;
        }
    }

    private static final class Choice {
        /// The part that [#text] and its likes go on with.
        int run = NONE;
        int calls;
        boolean finished;
    }

    /// `showsThinking` is false where the client asked not to see thoughts; their secrets are told all the same.
    public Emitter(ToolNames names, boolean showsThinking, Consumer<StreamEvent> out) {
        this(names, showsThinking, new Drops(), out);
    }

    /// What an answer says that cannot be told goes to `drops`.
    public Emitter(ToolNames names, boolean showsThinking, Drops drops, Consumer<StreamEvent> out) {
        this.names = names;
        this.showsThinking = showsThinking;
        this.drops = drops;
        this.out = out;
    }

    /// The answer holds something that other dialects have no word for.
    public void dropped(Feature feature, String reason) {
        drops.add(feature, ANSWER, reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX));
    }

    /// The answer begins; only the first call counts.
    public void start(@Nullable String id, @Nullable String model, long created) {
        if (!started && !over) {
            started = true;
            out.accept(new StreamEvent.Start(blankIsNull(id), blankIsNull(model), Math.max(0, created)));
        }
    }

    /// A piece of text.
    public void text(int choice, String delta) {
        run(choice, PartKind.TEXT, delta);
    }

    /// A piece of thinking.
    public void thinking(int choice, String delta) {
        run(choice, PartKind.THINKING, delta);
    }

    /// A piece of a refusal.
    public void refusal(int choice, String delta) {
        run(choice, PartKind.REFUSAL, delta);
    }

    private void run(int choice, PartKind kind, String delta) {
        if (!delta.isEmpty()) {
            delta(runPart(choice, kind), delta);
        }
    }

    /// The part that text of this kind goes on with now, opened if there is none: for secrets and citations that belong to it.
    public int runPart(int choice, PartKind kind) {
        Choice at = choice(choice);
        if (at.run != NONE && parts.get(at.run).open && parts.get(at.run).kind == kind) {
            return at.run;
        }
        int opened = open(choice, kind);
        at.run = opened;
        return opened;
    }

    /// Opens a part of text, thinking or refusal, and ends the run of text before it. Negative if the choice has ended.
    public int open(int choice, PartKind kind) {
        return open(choice, kind, null);
    }

    /// Opens a tool call by the upstream's name for the tool.
    public int openCall(int choice, String id, String wireName, @Nullable String itemId) {
        ToolNames.Original tool = names.original(wireName);
        return openCall(choice, id, tool.name(), tool.kind(), tool.namespace(), itemId);
    }

    /// Opens a tool call of a tool whose kind and namespace the upstream itself said.
    public int openCall(int choice, String id, String name, ToolKind kind, @Nullable String namespace, @Nullable String itemId) {
        int part = open(choice, PartKind.TOOL_CALL, new StreamEvent.Call(id, name, kind, namespace, itemId));
        if (part >= 0) {
            choice(choice).calls++;
            if (choice == firstChoice()) {
                calls++;
            }
            visible = true;
        }
        return part;
    }

    private int open(int choice, PartKind kind, StreamEvent.@Nullable Call call) {
        Choice at = choice(choice);
        if (over || at.finished || parts.size() >= PARTS_MAX) {
            return NONE;
        }
        begun();
        endRun(at);
        parts.add(new Part(choice, kind));
        out.accept(new StreamEvent.PartStart(choice, parts.size() - 1, kind, call));
        return parts.size() - 1;
    }

    /// A piece of that part; nothing for a part that has ended.
    public void delta(int part, String text) {
        Part at = at(part);
        if (at == null || text.isEmpty()) {
            return;
        }
        generated.add(text, at.kind == PartKind.THINKING);
        if (at.kind == PartKind.THINKING && !showsThinking) {
            return;
        }
        if (at.kind == PartKind.TOOL_CALL) {
            arguments += text.length();
            if (arguments > ARGUMENTS_MAX) {
                tooMuch();
                return;
            }
        }
        visible = true;
        out.accept(new StreamEvent.Delta(part, text));
    }

    /// A reader keeps so many characters more of arguments that it cannot tell yet.
    public void gathered(int characters) {
        gathered += characters;
        if (gathered > ARGUMENTS_MAX) {
            tooMuch();
        }
    }

    private void tooMuch() {
        fail(new UpstreamError(
                502, null, "upstream_invalid_stream", 0, "The arguments of the answer's tool calls are longer than " + ARGUMENTS_MAX + " characters"));
    }

    /// The secret of that part; a second one opens another thinking part for itself, so that none is lost.
    public void seal(int part, Secret secret) {
        Part at = at(part);
        if (at == null) {
            return;
        }
        if (at.sealed) {
            if (at.kind == PartKind.THINKING) {
                int other = open(at.choice, PartKind.THINKING);
                seal(other, secret);
                close(other);
            }
            return;
        }
        at.sealed = true;
        visible |= secret.kind() != Secret.Kind.SIGNATURE;
        out.accept(new StreamEvent.Sealed(part, secret));
    }

    public void cite(int part, Citation citation) {
        if (at(part) != null) {
            visible = true;
            out.accept(new StreamEvent.Cited(part, citation));
        }
    }

    /// A whole image.
    public void image(int choice, String mime, String base64) {
        int part = open(choice, PartKind.IMAGE);
        if (part >= 0) {
            visible = true;
            out.accept(new StreamEvent.ImageData(part, mime, base64));
            close(part);
        }
    }

    public void logprobs(int choice, List<TokenLogprob> tokens) {
        if (!over && !tokens.isEmpty() && !choice(choice).finished) {
            begun();
            out.accept(new StreamEvent.Logprobs(choice, tokens));
        }
    }

    /// Ends that part.
    public void close(int part) {
        Part at = at(part);
        if (at != null) {
            at.open = false;
            out.accept(new StreamEvent.PartEnd(part));
        }
    }

    /// Ends the run of text of that choice, if there is one.
    public void endRun(int choice) {
        endRun(choice(choice));
    }

    private void endRun(Choice choice) {
        if (choice.run != NONE) {
            int part = choice.run;
            choice.run = NONE;
            close(part);
        }
    }

    /// The choice ends; only the first call for each counts. `upstreamWord` is the reason as the upstream spelled it.
    public void finish(int choice, FinishReason reason, @Nullable String upstreamWord, @Nullable String stopSequence) {
        Choice at = choice(choice);
        if (over || at.finished) {
            return;
        }
        begun();
        for (int part = 0; part < parts.size(); part++) {
            if (parts.get(part).choice == choice) {
                close(part);
            }
        }
        at.run = NONE;
        at.finished = true;
        if (choice == firstChoice()) {
            word = upstreamWord;
        }
        out.accept(new StreamEvent.Finish(choice, right(reason, at), upstreamWord, stopSequence));
    }

    private static FinishReason right(FinishReason reason, Choice choice) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, OTHER -> choice.calls > 0 ? FinishReason.TOOL_CALLS : reason;
            case TOOL_CALLS -> choice.calls > 0 ? reason : FinishReason.STOP;
            case LENGTH, CONTEXT_WINDOW, CONTENT_FILTER, REFUSAL, PAUSE -> reason;
        };
    }

    /// The counts until now; later ones replace earlier ones.
    public void usage(Usage counts) {
        if (!over) {
            begun();
            usage = counts;
            out.accept(new StreamEvent.Counted(counts));
        }
    }

    /// The answer is complete; choices that have not ended do so now.
    public void end() {
        if (over) {
            return;
        }
        begun();
        choice(firstChoice());
        List.copyOf(choices.keySet()).forEach(choice -> finish(choice, FinishReason.STOP, null, null));
        over = true;
        out.accept(new StreamEvent.End());
    }

    /// The upstream says that it failed. Nothing more is told; whoever owns this decides what the client hears.
    public void fail(UpstreamError error) {
        if (!over) {
            over = true;
            failure = error;
        }
    }

    /// What the upstream said about its failure, if it did.
    public @Nullable UpstreamError failure() {
        return failure;
    }

    /// True once nothing more can come: the end was told, or a failure.
    public boolean isOver() {
        return over;
    }

    /// True once every choice that began has its finish reason, and there is one.
    public boolean isFinished() {
        return !choices.isEmpty() && choices.values().stream().allMatch(choice -> choice.finished);
    }

    /// True once that choice has its finish reason.
    public boolean isFinished(int choice) {
        Choice known = choices.get(choice);
        return known != null && known.finished;
    }

    /// What accounting needs to know.
    public Observed observed() {
        return new Observed(usage, word, calls, visible);
    }

    /// What the answer has held until now, measured.
    public Generated generated() {
        return generated;
    }

    /// The counts until now, null while there are none.
    public @Nullable Usage usage() {
        return usage;
    }

    private int firstChoice() {
        return choices.isEmpty() ? 0 : choices.keySet().iterator().next();
    }

    private Choice choice(int index) {
        return choices.computeIfAbsent(index, _ -> new Choice());
    }

    private @Nullable Part at(int part) {
        if (over || part < 0 || part >= parts.size()) {
            return null;
        }
        Part at = parts.get(part);
        return at.open ? at : null;
    }

    private void begun() {
        start(null, null, 0);
    }

    private static @Nullable String blankIsNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
