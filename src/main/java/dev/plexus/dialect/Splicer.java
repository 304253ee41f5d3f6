package dev.plexus.dialect;

import dev.plexus.model.StreamEvent;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Puts another target's answer behind a text that the client already has (spec: resilience, section 2.1): an answer from the beginning loses the part
/// that is known, one that departs from it is of no use. One per stream, single-threaded.
public final class Splicer implements Consumer<StreamEvent> {

    private static final int NONE = -1;

    private final Pen pen;
    private final StreamEncoder out;
    private final Told told;
    private final boolean continues;
    private final String expected;
    private final long toldTokens;
    private final Map<Integer, Part> parts = new HashMap<>();
    private int at;
    private int nextPart;
    private int openText;
    private boolean departed;

    /// A part of the new answer, and its number in the client's stream once it is there.
    private static final class Part {
        final StreamEvent.PartStart start;
        int number = NONE;

        Part(StreamEvent.PartStart start) {
            this.start = start;
        }
    }

    /// `text` is what the client has. If the target `continues` an assistant turn, only the blanks at the text's end are expected again, for they were not
    /// sent to it, and `toldTokens` are added to what it counts.
    public Splicer(Pen pen, Told told, String text, boolean continues, long toldTokens) {
        this.pen = pen;
        this.told = told;
        this.out = pen.encoder();
        this.continues = continues;
        this.expected = continues ? text.substring(text.stripTrailing().length()) : text;
        this.toldTokens = continues ? toldTokens : 0;
        this.nextPart = pen.nextPart();
        this.openText = pen.part();
    }

    /// True if the new answer is another one than the client has read the beginning of.
    public boolean departed() {
        return departed;
    }

    /// The part of text that is open in the client's stream, negative if none is.
    public int openText() {
        return openText;
    }

    /// A number that no part of the client's stream has had.
    public int nextPart() {
        return nextPart;
    }

    private boolean caughtUp() {
        return at >= expected.length();
    }

    @Override
    public void accept(StreamEvent event) {
        if (departed) {
            return;
        }
        switch (event) {
            case StreamEvent.Start start -> {
                if (!pen.begun()) {
                    out.accept(start);
                }
            }
            case StreamEvent.PartStart start -> begin(start);
            case StreamEvent.Delta(var part, var text) -> delta(parts.get(part), text);
            case StreamEvent.Sealed(var part, var secret) -> {
                int number = written(part);
                if (number != NONE) {
                    told.spoil();
                    out.accept(new StreamEvent.Sealed(number, secret));
                }
            }
            case StreamEvent.Cited(var part, var citation) -> {
                int number = written(part);
                if (number != NONE) {
                    out.accept(new StreamEvent.Cited(number, citation));
                }
            }
            case StreamEvent.ImageData(var part, var mime, var base64) -> {
                int number = written(part);
                if (number != NONE) {
                    out.accept(new StreamEvent.ImageData(number, mime, base64));
                }
            }
            case StreamEvent.PartEnd(var part) -> end(part);
            case StreamEvent.Logprobs(var choice, var tokens) -> {
                if (caughtUp()) {
                    out.accept(new StreamEvent.Logprobs(choice, tokens));
                }
            }
            case StreamEvent.Finish finish -> finish(finish);
            case StreamEvent.Counted(var usage) -> out.accept(new StreamEvent.Counted(whole(usage)));
            case StreamEvent.End end -> out.accept(end);
            case StreamEvent.Failed failed -> out.accept(failed);
        }
    }

    private void begin(StreamEvent.PartStart start) {
        if (start.choice() != 0) {
            return; // such answers are not gone on with
        }
        boolean known = expected.isEmpty() ? pen.begun() : true;
        switch (start.kind()) {
            case TEXT -> parts.put(start.part(), new Part(start));
            case THINKING -> {
                if (!known) {
                    open(start);
                }
            }
            case TOOL_CALL, REFUSAL, IMAGE -> {
                if (caughtUp() || continues) {
                    at = expected.length();
                    open(start);
                } else {
                    departed = true;
                }
            }
        }
    }

    private void open(StreamEvent.PartStart start) {
        if (start.kind() != PartKind.THINKING) {
            told.spoil();
        }
        Part part = new Part(start);
        parts.put(start.part(), part);
        part.number = nextPart++;
        out.accept(new StreamEvent.PartStart(start.choice(), part.number, start.kind(), start.call()));
    }

    private void delta(@Nullable Part part, String text) {
        if (part == null) {
            return;
        }
        String rest = part.start.kind() == PartKind.TEXT ? unknown(text) : text;
        if (rest.isEmpty() || departed) {
            return;
        }
        if (part.number == NONE) {
            place(part);
        }
        if (part.start.kind() == PartKind.TEXT) {
            told.text(rest);
        }
        out.accept(new StreamEvent.Delta(part.number, rest));
    }

    /// The text goes on in the client's open part; where there is none, in a new one.
    private void place(Part part) {
        if (openText == NONE) {
            openText = nextPart++;
            out.accept(new StreamEvent.PartStart(0, openText, PartKind.TEXT, null));
        }
        part.number = openText;
    }

    /// What the client does not have of the piece.
    private String unknown(String text) {
        int same = 0;
        while (same < text.length() && !caughtUp() && text.charAt(same) == expected.charAt(at)) {
            same++;
            at++;
        }
        if (!caughtUp() && same < text.length()) {
            departed = !continues;
            at = expected.length();
        }
        return departed ? "" : text.substring(same);
    }

    private int written(int part) {
        Part known = parts.get(part);
        return known == null || !caughtUp() ? NONE : known.number;
    }

    private void end(int number) {
        Part part = parts.get(number);
        if (part == null || part.number == NONE) {
            return;
        }
        out.accept(new StreamEvent.PartEnd(part.number));
        if (part.number == openText) {
            openText = NONE;
        }
    }

    private void finish(StreamEvent.Finish finish) {
        if (!caughtUp() && !continues) {
            departed = true; // it ends before the place that the client is at
            return;
        }
        if (openText != NONE) {
            out.accept(new StreamEvent.PartEnd(openText));
            openText = NONE;
        }
        out.accept(finish);
    }

    private Usage whole(Usage usage) {
        if (toldTokens == 0) {
            return usage;
        }
        return new Usage(
                usage.input(),
                usage.cached(),
                usage.cacheWrite(),
                usage.cacheWriteLong(),
                usage.output() + toldTokens,
                usage.reasoning(),
                usage.total() + toldTokens);
    }
}
