package dev.plexus.provider;

import dev.plexus.dialect.Ids;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.Span;
import dev.plexus.wire.SpanEdits;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Gives Anthropic the ids of tool calls in letters that it takes, where another vendor's answer once brought others: a conversation that holds one such id
/// would else be refused for ever (translation.md, T-PT-3 and 6.3). A call and its result get the same id, on every turn.
final class ForeignIds {

    private static final String NAME_END = "id\"";

    /// Around the end of a slice so much is looked at together.
    private static final int SEAM = 256;

    private ForeignIds() {}

    /// The body with such ids mended; the very same one if there are none.
    static Pieces mended(Pieces body) {
        if (!mentions(body)) {
            return body;
        }
        byte[] bytes = body.contiguous();
        SpanEdits edits = new SpanEdits(bytes);
        try {
            JsonIn.read(bytes, 0, bytes.length, in -> in.object(name -> {
                if (name.equals("messages") && in.isArray()) {
                    in.array(() -> message(in, edits));
                }
            }));
        } catch (JsonIn.Bad bad) {
            return body; // the vendor will say so in better words
        }
        return edits.apply(body);
    }

    private static void message(JsonIn in, SpanEdits edits) {
        if (!in.isObject()) {
            return;
        }
        in.object(name -> {
            if (name.equals("content") && in.isArray()) {
                in.array(() -> block(in, edits));
            }
        });
    }

    private static void block(JsonIn in, SpanEdits edits) {
        if (!in.isObject()) {
            return;
        }
        var block = new Object() {
            @Nullable String type;
            @Nullable String id;
            @Nullable Span at;
        };
        in.object(name -> {
            switch (name) {
                case "type" -> block.type = in.textIfAny();
                case "id", "tool_use_id" -> {
                    if (in.isText()) {
                        block.id = in.text();
                        block.at = in.span();
                    }
                }
                default -> {}
            }
        });
        boolean named = "tool_use".equals(block.type) || "tool_result".equals(block.type);
        if (named && block.id != null && block.at != null) {
            String legal = Ids.forAnthropic(block.id);
            if (!legal.equals(block.id)) {
                edits.replace(block.at, Json.quoted(legal));
            }
        }
    }

    /// Whether any member whose name ends with `id` may hold such a value: true now and then for nothing, but never false.
    private static boolean mentions(Pieces body) {
        String before = "";
        for (Pieces.Slice slice : body.slices()) {
            String text = new String(slice.array(), slice.offset(), slice.length(), StandardCharsets.ISO_8859_1);
            if (mentions(text) || !before.isEmpty() && mentions(before + text.substring(0, Math.min(SEAM, text.length())))) {
                return true;
            }
            before = text.substring(Math.max(0, text.length() - SEAM));
        }
        return false;
    }

    private static boolean mentions(String text) {
        for (int at = text.indexOf(NAME_END); at >= 0; at = text.indexOf(NAME_END, at + 1)) {
            int value = skip(text, at + NAME_END.length(), ':');
            int from = value < 0 ? -1 : skip(text, value, '"');
            if (from >= 0 && !isLegal(text, from)) {
                return true;
            }
        }
        return false;
    }

    /// The place behind that character and the blanks before it; negative if something else is there.
    private static int skip(String text, int from, char wanted) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n' || text.charAt(at) == '\r' || text.charAt(at) == '\t')) {
            at++;
        }
        return at < text.length() && text.charAt(at) == wanted ? at + 1 : -1;
    }

    private static boolean isLegal(String text, int from) {
        int at = from;
        while (at < text.length() && isLegal(text.charAt(at))) {
            at++;
        }
        return at == text.length() ? at - from < SEAM / 2 : text.charAt(at) == '"' && at > from;
    }

    private static boolean isLegal(char one) {
        return one >= 'a' && one <= 'z' || one >= 'A' && one <= 'Z' || one >= '0' && one <= '9' || one == '_' || one == '-';
    }
}
