package dev.plexus.simulator;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The bytes of an answer, in the writes that send it.
sealed interface Reel {

    Buffer opening();

    /// Chunk `i`, or null behind the last; asked in order.
    @Nullable Buffer step(int i);

    /// What comes behind the last chunk, as far as the behaviour lets it.
    Buffer closing();

    Buffer malformed();

    Buffer failure();

    /// A reel made frame by frame while it is sent: any length, no memory.
    final class Live implements Reel {
        private static final Pattern LINE_END = Pattern.compile("\r?\n");

        private final Frames frames;
        private final Behaviour behaviour;

        Live(Frames frames, Behaviour behaviour) {
            this.frames = frames;
            this.behaviour = behaviour;
        }

        @Override
        public Buffer opening() {
            return bytes(String.join("", frames.opening()));
        }

        @Override
        public @Nullable Buffer step(int i) {
            String frame = frames.next();
            return frame == null ? null : bytes(frame);
        }

        @Override
        public Buffer closing() {
            boolean finishes = !behaviour.has(Token.NO_FINISH);
            boolean terminates = finishes && !behaviour.has(Token.NO_TERMINAL) && !behaviour.has(Token.NO_END);
            StringBuilder all = new StringBuilder();
            for (Frames.Closing closing : frames.closing()) {
                boolean sent = switch (closing.part()) {
                    case CONTENT -> true;
                    case FINISH -> finishes;
                    case TERMINAL -> terminates;
                };
                if (sent) {
                    all.append(closing.text());
                }
            }
            return bytes(all.toString());
        }

        @Override
        public Buffer malformed() {
            return bytes(frames.malformed());
        }

        @Override
        public Buffer failure() {
            return bytes(frames.failure());
        }

        private Buffer bytes(String text) {
            return Buffer.buffer((behaviour.has(Token.CRLF) ? LINE_END.matcher(text).replaceAll("\r\n") : text).getBytes(StandardCharsets.UTF_8));
        }
    }

    /// A reel kept for the next request that is answered alike; shared by streams, never changed.
    record Kept(Buffer opening, List<Buffer> steps, Buffer closing, Buffer malformed, Buffer failure) implements Reel {

        public Kept {
            steps = List.copyOf(steps);
        }

        /// Plays a live reel to its end; its failure is made where the behaviour wants it, for it may bear a number.
        static Kept of(Live live, int failureAt) {
            Buffer opening = live.opening();
            List<Buffer> steps = new ArrayList<>();
            Buffer failure = failureAt == 0 ? live.failure() : Buffer.buffer();
            for (Buffer step = live.step(0); step != null; step = live.step(steps.size())) {
                steps.add(step);
                if (steps.size() == failureAt) {
                    failure = live.failure();
                }
            }
            return new Kept(opening, steps, live.closing(), live.malformed(), failure);
        }

        @Override
        public @Nullable Buffer step(int i) {
            return i < steps.size() ? steps.get(i) : null;
        }
    }

    /// A whole answer cut into equal parts, so that it can break after any of them.
    record Parts(Buffer body, int count) implements Reel {

        @Override
        public Buffer opening() {
            return Buffer.buffer();
        }

        @Override
        public @Nullable Buffer step(int i) {
            return i < count ? body.slice(at(i), at(i + 1)) : null;
        }

        private int at(int i) {
            return (int) ((long) body.length() * i / count);
        }

        @Override
        public Buffer closing() {
            return Buffer.buffer();
        }

        @Override
        public Buffer malformed() {
            return Buffer.buffer("}{,\"");
        }

        @Override
        public Buffer failure() {
            return Buffer.buffer();
        }
    }
}
