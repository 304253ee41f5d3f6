package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// Tells JSON documents apart by a number that does not depend on how they are spaced or escaped.
public final class Fingerprint {

    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Fingerprint() {}

    /// The fingerprint of the first `count` elements of an array, without members of the name `ignored`; 0 if this is no array, or a shorter one.
    /// What comes after these elements is not read.
    public static long ofFirst(Pieces array, int count, String ignored) {
        try (JsonParser parser = Json.parser(array)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return 0;
            }
            long hash = BASIS;
            for (int element = 0; element < count; element++) {
                JsonToken first = parser.nextToken();
                if (first == null || first == JsonToken.END_ARRAY) {
                    return 0;
                }
                hash = element(parser, first, hash, ignored);
            }
            return hash == 0 ? 1 : hash;
        } catch (IOException e) {
            return 0;
        }
    }

    /// The fingerprint of a JSON text as it is spelled, never 0.
    public static long ofText(Pieces value) {
        long hash = BASIS;
        for (Pieces.Slice slice : value.slices()) {
            for (int at = slice.offset(); at < slice.offset() + slice.length(); at++) {
                hash = (hash ^ slice.array()[at]) * PRIME;
            }
        }
        return hash == 0 ? 1 : hash;
    }

    private static long element(JsonParser parser, JsonToken first, long before, String ignored) throws IOException {
        long hash = before;
        int depth = 0;
        JsonToken token = first;
        while (token != null) {
            if (token == JsonToken.FIELD_NAME && parser.currentName().equals(ignored)) {
                parser.nextToken();
                parser.skipChildren();
            } else {
                hash = (hash ^ (token.id() + 1)) * PRIME;
                hash = token.isScalarValue() || token == JsonToken.FIELD_NAME ? text(parser, hash) : hash;
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    return hash;
                }
            }
            token = parser.nextToken();
        }
        return hash;
    }

    private static long text(JsonParser parser, long before) throws IOException {
        char[] characters = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int to = from + parser.getTextLength();
        long hash = before;
        for (int at = from; at < to; at++) {
            hash = (hash ^ characters[at]) * PRIME;
        }
        return hash;
    }
}
