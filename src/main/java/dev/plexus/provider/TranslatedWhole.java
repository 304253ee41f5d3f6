package dev.plexus.provider;

import dev.plexus.dialect.Collector;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Translation;
import dev.plexus.message.AttemptAsked;
import dev.plexus.message.AttemptEnd;
import dev.plexus.message.BodyBuffers;
import dev.plexus.message.Fault;
import dev.plexus.model.Completion;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/// Takes a whole answer and writes it anew in the client's dialect.
final class TranslatedWhole implements Intake {

    /// Unlike a relayed answer, a translated one is held whole.
    private static final int HELD_BYTES_MAX = 64 * 1024 * 1024;

    private final Attempt attempt;
    private final AttemptAsked asked;
    private final Translation translation;
    private final List<Pieces.Slice> held = new ArrayList<>(2);
    private final WholeEnd end = new WholeEnd();
    private long heldBytes;
    private boolean over;
    private Generated generated = Generated.nothing();

    TranslatedWhole(Attempt attempt, AttemptAsked asked, Translation translation) {
        this.attempt = attempt;
        this.asked = asked;
        this.translation = translation;
    }

    @Override
    public void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        held.add(BodyBuffers.slice(chunk));
        heldBytes += chunk.length();
        if (heldBytes > HELD_BYTES_MAX) {
            broken(Break.invalid("upstream_invalid_response", "The upstream's answer is too long to translate"));
        }
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        over = true;
        Collector collector = new Collector();
        Emitter emitter = translation.emitter(collector);
        generated = emitter.generated();
        try {
            translation.readAnswer(new Pieces(held).contiguous(), emitter);
        } catch (JsonIn.Bad bad) {
            attempt.broken(Break.invalid("upstream_invalid_response", "The upstream's answer is not valid: " + bad.getMessage()));
            return;
        }
        if (emitter.failure() != null) {
            attempt.refusedInAnswer(emitter.failure());
            return;
        }
        Completion completion = collector.completion();
        if (isEmpty(emitter, completion) && !asked.lastCandidate()) {
            attempt.refused(Fault.EMPTY, "the answer is empty", Break.invalid("upstream_empty_answer", "The upstream's answer was empty").error());
            return;
        }
        byte[] body = translation.writeAnswer(completion);
        AnswerHead.whole(asked, attempt.statusCode(), AnswerHead.NONE, body.length);
        attempt.finish(new AttemptEnd.Complete(
                attempt.statusCode(), Buffer.buffer(body), emitter.observed(), false, attempt.nanos(), attempt.startedAt()));
    }

    /// Nothing in it, and no reason why.
    private static boolean isEmpty(Emitter emitter, Completion completion) {
        return !emitter.observed().visible() && completion.choices().stream().allMatch(choice -> switch (choice.finish()) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, OTHER -> true;
            case LENGTH, CONTEXT_WINDOW, CONTENT_FILTER, REFUSAL, PAUSE -> false;
        });
    }

    @Override
    public void broken(Break why) {
        if (!over && heldBytes > 0 && heldBytes <= HELD_BYTES_MAX && why.mayBeLate() && isComplete()) {
            end(); // all of it had come
            return;
        }
        over = true;
        attempt.broken(why);
    }

    @Override
    public void tick(long now) {
        if (!over && end.isDue(attempt.silentNanos(now), heldBytes, asked.candidate().provider().timeouts()) && isComplete()) {
            end();
        }
    }

    /// An answer that is shorter than the upstream said is not all of it, whatever it looks like.
    private boolean isComplete() {
        return attempt.upstreamLength() < 0 && WholeEnd.isComplete(held);
    }

    @Override
    public boolean begun() {
        return heldBytes > 0;
    }

    @Override
    public boolean waitsForClient() {
        return false;
    }

    @Override
    public Generated generated() {
        return generated;
    }

    @Override
    public AttemptEnd bug() {
        return attempt.internalError();
    }
}
