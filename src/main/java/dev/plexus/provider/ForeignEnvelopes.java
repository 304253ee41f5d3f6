package dev.plexus.provider;

import dev.plexus.dialect.Envelope;
import dev.plexus.model.DialectId;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.PathEdits;
import dev.plexus.wire.Pieces;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keeps our envelopes from vendors: a client whose earlier turns another dialect's provider answered carries that vendor's secrets in them, and when its
/// own dialect's provider is next, the body is passed through (translation.md, T-PT-3 and 7.4). What is in an envelope goes back to its place if it is of
/// this dialect; anything else is taken out with the block, item or entry that holds it.
final class ForeignEnvelopes {

    /// Where an envelope must be removed with what is around it, up to the group.
    private static final Pattern HOLDER = Pattern.compile("(messages\\[(\\d+)]\\.content\\[\\d+])\\.(?:signature|data)"
            + "|(messages\\[\\d+]\\.reasoning_details\\[\\d+])\\.(?:signature|data)"
            + "|(input\\[\\d+])\\.encrypted_content");

    private static final byte[] MARK = Envelope.MARK.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MARK_BASE64 = Envelope.MARK_BASE64.getBytes(StandardCharsets.US_ASCII);
    private static final int MARK_BYTES_MAX = Math.max(MARK.length, MARK_BASE64.length);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long EACH_X = 'x' * ONES;

    private record Found(String path, Envelope.Opened opened) {}

    private ForeignEnvelopes() {}

    /// The body without envelopes; the same one where there are none, which nearly always is so and costs one search.
    static Pieces removed(Pieces body, DialectId dialect) {
        if (!mentions(body)) {
            return body;
        }
        byte[] bytes = body.contiguous();
        List<Found> all = new ArrayList<>();
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> look(in, all));
        } catch (JsonIn.Bad bad) {
            return body;
        }
        Set<Integer> touched = new TreeSet<>();
        for (int at = all.size() - 1; at >= 0; at--) {
            bytes = without(bytes, all.get(at), dialect, touched);
        }
        return Pieces.of(EmptyContent.filled(bytes, emptied(bytes, touched)));
    }

    /// Whether one of the marks is somewhere in the body, also across two slices. Both have an `x` as their third character, which is looked for in eight
    /// bytes at a time: this is asked of nearly every request.
    private static boolean mentions(Pieces body) {
        String seam = "";
        for (Pieces.Slice slice : body.slices()) {
            int end = slice.offset() + slice.length();
            if (mentions(slice.array(), slice.offset(), end)) {
                return true;
            }
            int near = Math.min(slice.length(), MARK_BYTES_MAX);
            String across = seam + new String(slice.array(), slice.offset(), near, StandardCharsets.ISO_8859_1);
            if (!seam.isEmpty() && (across.contains(Envelope.MARK) || across.contains(Envelope.MARK_BASE64))) {
                return true;
            }
            seam = new String(slice.array(), end - near, near, StandardCharsets.ISO_8859_1);
        }
        return false;
    }

    private static boolean mentions(byte[] array, int from, int to) {
        int at = from;
        for (int words = to - Long.BYTES; at <= words; at += Long.BYTES) {
            long other = (long) LONGS.get(array, at) ^ EACH_X;
            if (((other - ONES) & ~other & HIGHS) != 0 && isMarkIn(array, at, at + Long.BYTES, from, to)) {
                return true;
            }
        }
        return isMarkIn(array, at, to, from, to);
    }

    private static boolean isMarkIn(byte[] array, int first, int last, int from, int to) {
        for (int at = first; at < last; at++) {
            if (array[at] == 'x' && (isAt(MARK, array, at - 2, from, to) || isAt(MARK_BASE64, array, at - 2, from, to))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(byte[] mark, byte[] array, int at, int from, int to) {
        return at >= from && at + mark.length <= to && Arrays.equals(array, at, at + mark.length, mark, 0, mark.length);
    }

    private static void look(JsonIn in, List<Found> all) {
        if (in.isObject()) {
            in.object(_ -> look(in, all));
        } else if (in.isArray()) {
            in.array(() -> look(in, all));
        } else if (in.isText()) {
            String text = in.text();
            Envelope.Opened opened = Envelope.open(text);
            opened = opened == null ? Envelope.openBase64(text) : opened;
            if (opened != null) {
                all.add(new Found(in.path(), opened));
            }
        }
    }

    private static byte[] without(byte[] body, Found found, DialectId dialect, Set<Integer> touched) {
        var secret = found.opened().secret();
        byte[] edited;
        if (secret != null && secret.dialect() == dialect) {
            edited = PathEdits.replace(body, found.path(), Json.quoted(secret.value()));
        } else {
            Matcher holder = HOLDER.matcher(found.path());
            if (holder.matches()) {
                String path = holder.group(1) != null ? holder.group(1) : holder.group(3) != null ? holder.group(3) : holder.group(4);
                if (holder.group(2) != null) {
                    touched.add(Integer.valueOf(holder.group(2)));
                }
                edited = PathEdits.remove(body, path);
            } else if (found.path().endsWith("thoughtSignature") || found.path().endsWith("thought_signature")) {
                edited = PathEdits.remove(body, found.path());
            } else {
                edited = null; // a person wrote about one
            }
        }
        return edited == null ? body : edited;
    }

    /// Which of these messages have no block left.
    private static List<Integer> emptied(byte[] body, Set<Integer> touched) {
        List<Integer> emptied = new ArrayList<>();
        for (int message : touched) {
            if (PathEdits.replace(body, "messages[" + message + "].content[0]", new byte[0]) == null) {
                emptied.add(message);
            }
        }
        return emptied;
    }
}
