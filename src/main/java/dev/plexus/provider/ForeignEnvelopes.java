package dev.plexus.provider;

import dev.plexus.dialect.Envelope;
import dev.plexus.model.DialectId;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Marks;
import dev.plexus.wire.PathEdits;
import dev.plexus.wire.Pieces;
import java.util.ArrayList;
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

    private static final List<String> MARKS = List.of(Envelope.MARK, Envelope.MARK_BASE64);

    private record Found(String path, Envelope.Opened opened) {}

    private ForeignEnvelopes() {}

    /// The body without envelopes; the same one where there are none, which nearly always is so and costs one search.
    static Pieces removed(Pieces body, DialectId dialect) {
        if (Marks.found(body, MARKS).isEmpty()) {
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
