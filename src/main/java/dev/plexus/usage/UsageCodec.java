package dev.plexus.usage;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.Asked;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.message.UsageRecord.Caller;
import dev.plexus.message.UsageRecord.Outcome;
import dev.plexus.message.UsageRecord.Served;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The journal's form of a usage record: a version byte, then every field in the order of its declaration.
///
/// Integers are base-128, texts are UTF-8 with their length before them, enums are the numbers given below, which never change meaning. An instance
/// writes into one buffer of its own, again and again, and is single-threaded; reading needs no instance.
final class UsageCodec {

    /// The journal has bytes that no version of this codec wrote.
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause, false, false);
        }
    }

    private static final byte VERSION = 1;
    /// Bounds, in characters and lines, that keep any record below a megabyte whatever a client sends; longer ones are cut.
    static final int NAME_MAX = 1_024;
    static final int TEXT_MAX = 4_096;
    static final int ATTEMPTS_MAX = 64;

    private static final int PARALLEL_KNOWN = 1;
    private static final int PARALLEL = 2;
    private static final int STREAM_ASKED = 4;
    private static final int PASS_THROUGH = 8;
    private static final int STREAMED = 16;
    private static final int USAGE_KNOWN = 32;
    private static final int USAGE_ESTIMATED = 64;

    private byte[] buffer = new byte[4_096];
    private int at;

    /// Writes the record to the start of [#bytes] and returns its length.
    int encode(UsageRecord usage) {
        at = 0;
        Caller caller = usage.caller();
        Asked asked = usage.asked();
        Served served = usage.served();
        Outcome outcome = usage.outcome();
        Boolean parallel = asked.parallelToolCalls();
        Usage counts = outcome.usage();
        room(64);
        buffer[at++] = VERSION;
        buffer[at++] = (byte) ((parallel == null ? 0 : PARALLEL_KNOWN)
                | (parallel != null && parallel ? PARALLEL : 0)
                | (asked.stream() ? STREAM_ASKED : 0)
                | (served.passThrough() ? PASS_THROUGH : 0)
                | (outcome.streamed() ? STREAMED : 0)
                | (counts == null ? 0 : USAGE_KNOWN)
                | (counts != null && counts.estimated() ? USAGE_ESTIMATED : 0));
        buffer[at++] = code(outcome.status());
        buffer[at++] = code(asked.dialect());
        buffer[at++] = code(served.dialect());
        number(usage.startTime());
        text(usage.requestId().value(), NAME_MAX);
        text(caller.sourceIp(), NAME_MAX);
        text(caller.apiKey() == null ? null : caller.apiKey().value(), NAME_MAX);
        text(caller.attribution(), NAME_MAX);
        text(caller.clientRequestId(), NAME_MAX);
        text(asked.model(), NAME_MAX);
        number(asked.toolsDefined());
        number(asked.messageCount());
        text(served.canonicalModel(), NAME_MAX);
        text(served.provider(), NAME_MAX);
        text(served.model(), NAME_MAX);
        attempts(served.attempts());
        number(outcome.httpStatus());
        number(outcome.durationMs());
        real(outcome.ttftMs());
        if (counts != null) {
            counts(counts);
        }
        number(outcome.toolCalls());
        text(outcome.finishReason(), NAME_MAX);
        text(outcome.errorMessage(), TEXT_MAX);
        text(usage.configHash(), NAME_MAX);
        return at;
    }

    /// The buffer that [#encode] writes to; the next record overwrites it.
    byte[] bytes() {
        return buffer;
    }

    /// Reads the record that takes up the first `length` bytes.
    static UsageRecord decode(byte[] bytes, int length) {
        try {
            return new Reading(bytes, length).usage();
        } catch (IllegalArgumentException | IndexOutOfBoundsException broken) {
            throw new Unreadable("usage record of " + length + " bytes is not readable: " + broken.getMessage(), broken);
        }
    }

    private void attempts(List<AttemptLine> attempts) {
        int count = Math.min(attempts.size(), ATTEMPTS_MAX);
        number(count);
        for (int i = 0; i < count; i++) {
            AttemptLine line = attempts.get(i);
            room(8);
            buffer[at++] = code(line.status());
            buffer[at++] = code(line.dialect());
            buffer[at++] = (byte) (line.retryable() ? 1 : 0);
            text(line.provider(), NAME_MAX);
            text(line.model(), NAME_MAX);
            number(line.statusCode());
            text(line.reason(), NAME_MAX);
            number(line.durationMs());
        }
    }

    private void counts(Usage counts) {
        number(counts.input());
        number(counts.cached());
        number(counts.cacheWrite());
        number(counts.cacheWriteLong());
        number(counts.output());
        number(counts.reasoning());
        number(counts.total());
    }

    private void text(@Nullable String text, int charsMax) {
        if (text == null) {
            number(0);
            return;
        }
        byte[] utf8 = (text.length() <= charsMax ? text : text.substring(0, charsMax)).getBytes(StandardCharsets.UTF_8);
        number(utf8.length + 1L);
        room(utf8.length);
        System.arraycopy(utf8, 0, buffer, at, utf8.length);
        at += utf8.length;
    }

    private void number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[at++] = (byte) rest;
    }

    private void real(double value) {
        room(8);
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = 0; shift < 64; shift += 8) {
            buffer[at++] = (byte) (bits >>> shift);
        }
    }

    private void room(int bytes) {
        if (buffer.length - at < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, at + bytes));
        }
    }

    private static byte code(ExchangeStatus status) {
        return switch (status) {
            case PENDING -> 0;
            case SUCCESS -> 1;
            case ERROR -> 2;
            case CANCELLED -> 3;
            case TIMEOUT -> 4;
            case STALL -> 5;
            case EMPTY -> 6;
            case QUOTA_EXCEEDED -> 7;
            case ABORTED -> 8;
        };
    }

    private static byte code(AttemptLine.Status status) {
        return switch (status) {
            case SUCCESS -> 0;
            case FAILED -> 1;
            case SKIPPED -> 2;
        };
    }

    private static byte code(@Nullable DialectId dialect) {
        if (dialect == null) {
            return -1;
        }
        return switch (dialect) {
            case CHAT -> 0;
            case MESSAGES -> 1;
            case GEMINI -> 2;
            case RESPONSES -> 3;
            case EMBEDDINGS -> 4;
            case TRANSCRIPTIONS -> 5;
            case SPEECH -> 6;
            case IMAGES -> 7;
            case OAUTH -> 8;
        };
    }

    /// One record being read.
    private static final class Reading {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reading(byte[] bytes, int end) {
            this.bytes = bytes;
            this.end = end;
        }

        UsageRecord usage() {
            byte version = octet();
            if (version != VERSION) {
                throw new IllegalArgumentException("version " + version);
            }
            int flags = octet();
            ExchangeStatus status = status(octet());
            DialectId asked = dialect(octet());
            if (asked == null) {
                throw new IllegalArgumentException("no dialect");
            }
            DialectId served = dialect(octet());
            long startTime = number();
            RequestId id = new RequestId(given());
            String sourceIp = given();
            String apiKey = text();
            var caller = new Caller(sourceIp, apiKey == null ? null : new KeyName(apiKey), text(), text());
            Boolean parallel = (flags & PARALLEL_KNOWN) == 0 ? null : (flags & PARALLEL) != 0;
            var question = new Asked(asked, text(), (flags & STREAM_ASKED) != 0, whole(), whole(), parallel);
            var answer = new Served(text(), text(), text(), served, (flags & PASS_THROUGH) != 0, attempts());
            int httpStatus = whole();
            long durationMs = number();
            double ttftMs = real();
            Usage counts = (flags & USAGE_KNOWN) == 0 ? null : counts((flags & USAGE_ESTIMATED) != 0);
            var outcome = new Outcome(
                    status, httpStatus, durationMs, ttftMs, (flags & STREAMED) != 0, counts, whole(), text(), text());
            var usage = new UsageRecord(id, startTime, caller, question, answer, outcome, given());
            if (at != end) {
                throw new IllegalArgumentException((end - at) + " bytes too many");
            }
            return usage;
        }

        private List<AttemptLine> attempts() {
            int count = whole();
            if (count < 0 || count > ATTEMPTS_MAX) {
                throw new IllegalArgumentException(count + " attempts");
            }
            List<AttemptLine> attempts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                AttemptLine.Status status = attemptStatus(octet());
                DialectId dialect = dialect(octet());
                if (dialect == null) {
                    throw new IllegalArgumentException("attempt without a dialect");
                }
                boolean retryable = octet() != 0;
                attempts.add(new AttemptLine(given(), given(), dialect, status, whole(), given(), retryable, number()));
            }
            return attempts;
        }

        private Usage counts(boolean estimated) {
            return new Usage(number(), number(), number(), number(), number(), number(), number(), estimated);
        }

        private byte octet() {
            if (at >= end) {
                throw new IndexOutOfBoundsException("ends too early");
            }
            return bytes[at++];
        }

        private int whole() {
            return (int) number();
        }

        private long number() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte next = octet();
                value |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("number without an end");
        }

        private double real() {
            long bits = 0;
            for (int shift = 0; shift < 64; shift += 8) {
                bits |= (octet() & 0xFFL) << shift;
            }
            return Double.longBitsToDouble(bits);
        }

        private String given() {
            String text = text();
            if (text == null) {
                throw new IllegalArgumentException("text missing");
            }
            return text;
        }

        private @Nullable String text() {
            long length = number();
            if (length == 0) {
                return null;
            }
            if (length < 0 || length - 1 > end - at) {
                throw new IllegalArgumentException("text of " + (length - 1) + " bytes");
            }
            int size = (int) (length - 1);
            String text = new String(bytes, at, size, StandardCharsets.UTF_8);
            at += size;
            return text;
        }

        private static ExchangeStatus status(byte code) {
            return switch (code) {
                case 0 -> ExchangeStatus.PENDING;
                case 1 -> ExchangeStatus.SUCCESS;
                case 2 -> ExchangeStatus.ERROR;
                case 3 -> ExchangeStatus.CANCELLED;
                case 4 -> ExchangeStatus.TIMEOUT;
                case 5 -> ExchangeStatus.STALL;
                case 6 -> ExchangeStatus.EMPTY;
                case 7 -> ExchangeStatus.QUOTA_EXCEEDED;
                case 8 -> ExchangeStatus.ABORTED;
                default -> throw new IllegalArgumentException("status " + code);
            };
        }

        private static AttemptLine.Status attemptStatus(byte code) {
            return switch (code) {
                case 0 -> AttemptLine.Status.SUCCESS;
                case 1 -> AttemptLine.Status.FAILED;
                case 2 -> AttemptLine.Status.SKIPPED;
                default -> throw new IllegalArgumentException("attempt status " + code);
            };
        }

        private static @Nullable DialectId dialect(byte code) {
            return switch (code) {
                case -1 -> null;
                case 0 -> DialectId.CHAT;
                case 1 -> DialectId.MESSAGES;
                case 2 -> DialectId.GEMINI;
                case 3 -> DialectId.RESPONSES;
                case 4 -> DialectId.EMBEDDINGS;
                case 5 -> DialectId.TRANSCRIPTIONS;
                case 6 -> DialectId.SPEECH;
                case 7 -> DialectId.IMAGES;
                case 8 -> DialectId.OAUTH;
                default -> throw new IllegalArgumentException("dialect " + code);
            };
        }
    }
}
