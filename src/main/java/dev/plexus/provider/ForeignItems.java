package dev.plexus.provider;

import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Marks;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.Span;
import dev.plexus.wire.SpanEdits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Mends the items of a Responses request that clients hand back as another gateway or vendor once gave them, and that this API refuses (translation.md,
/// T-PT-3): call ids glued together of two, item ids that are those of calls, and the plain text of reasoning that is there encrypted as well.
final class ForeignItems {

    private static final int CALL_ID_MAX = 64;
    private static final String GLUE = "|fc_";
    private static final byte[] NONE = "[]".getBytes(StandardCharsets.US_ASCII);

    private static final String ENCRYPTED = "\"encrypted_content\"";
    private static final String REASONING = "\"reasoning\"";
    private static final List<String> IDS = List.of(GLUE, "\"id\":\"call_", "\"id\": \"call_");
    private static final List<String> TEXTS = List.of("\"reasoning_text\"", "\"type\":\"text\"", "\"type\": \"text\"");

    /// Every word costs a search of the whole body, so these are few: they are spelled as the usual JSON writers do.
    private static final List<String> ALL = Stream.concat(IDS.stream(), TEXTS.stream()).toList();

    private ForeignItems() {}

    /// The body with such items mended; the very same one if there are none. `strips` where reasoning must go without its text in any case.
    static Pieces mended(Pieces body, boolean strips) {
        if (!mentions(body, strips)) {
            return body;
        }
        byte[] bytes = body.contiguous();
        SpanEdits edits = new SpanEdits(bytes);
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> in.object(name -> {
                if (name.equals("input") && in.isArray()) {
                    in.array(() -> {
                        if (in.isObject()) {
                            new Item(in).mend(edits, strips);
                        }
                    });
                }
            }));
        } catch (JsonIn.Bad bad) {
            return body; // the vendor will say so in better words
        }
        return edits.apply(body);
    }

    private static boolean mentions(Pieces body, boolean strips) {
        Set<String> found = Marks.found(body, ALL);
        return IDS.stream().anyMatch(found::contains)
                || !found.isEmpty() && !Marks.found(body, List.of(ENCRYPTED)).isEmpty()
                || strips && !Marks.found(body, List.of(REASONING)).isEmpty();
    }

    /// An item of the input, as far as anything of it may have to be mended.
    private static final class Item {

        private @Nullable String type;
        private @Nullable String id;
        private @Nullable Span idAt;
        private @Nullable String callId;
        private @Nullable Span callIdAt;
        private @Nullable Span contentAt;
        private boolean isEncrypted;

        Item(JsonIn in) {
            in.object(name -> {
                switch (name) {
                    case "type" -> type = in.textIfAny();
                    case "id" -> {
                        id = in.textIfAny();
                        idAt = in.span();
                    }
                    case "call_id" -> {
                        callId = in.textIfAny();
                        callIdAt = in.span();
                    }
                    case "content" -> contentAt = in.isArray() || in.isText() ? in.span() : null;
                    case "encrypted_content" -> {
                        String secret = in.textIfAny();
                        isEncrypted = secret != null && !secret.isEmpty();
                    }
                    default -> {}
                }
            });
        }

        void mend(SpanEdits edits, boolean strips) {
            if (callId != null && callIdAt != null && callId.length() > CALL_ID_MAX && callId.startsWith("call_") && callId.contains(GLUE)) {
                edits.replace(callIdAt, Json.quoted(callId.substring(0, callId.indexOf(GLUE))));
            }
            if ("function_call".equals(type) && id != null && idAt != null && id.startsWith("call_")) {
                edits.removeMember("id", idAt);
            }
            if ("reasoning".equals(type) && contentAt != null && (isEncrypted || strips) && contentAt.to() - contentAt.from() > NONE.length) {
                edits.replace(contentAt, NONE);
            }
        }
    }
}
