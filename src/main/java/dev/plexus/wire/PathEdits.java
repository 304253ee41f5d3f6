package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes single values out of a JSON body, wherever they are; every other byte stays. For the rare request that is mended, not for every one.
public final class PathEdits {

    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[(\\d{1,6})]");
    private static final int STEPS_MAX = 32;

    private PathEdits() {}

    /// The body without the value at `path` (`reasoning.effort`, `messages[3].content[0].cache_control`); null if there is no such value, or the path is
    /// none.
    public static byte @Nullable [] remove(byte[] body, String path) {
        int[] span = find(body, path);
        if (span == null) {
            return null;
        }
        int from = span[0];
        int to = skipBlanks(body, span[1]);
        if (to < body.length && body[to] == ',') {
            to = skipBlanks(body, to + 1);
        } else {
            to = span[1];
            int before = from - 1;
            while (before >= 0 && isBlank(body[before])) {
                before--;
            }
            from = before >= 0 && body[before] == ',' ? before : from;
        }
        byte[] rest = new byte[body.length - (to - from)];
        System.arraycopy(body, 0, rest, 0, from);
        System.arraycopy(body, to, rest, from, body.length - to);
        return rest;
    }

    /// The body with `value` (JSON text) in the place of the value at `path`; null if there is no such value.
    public static byte @Nullable [] replace(byte[] body, String path, byte[] value) {
        int[] span = find(body, path);
        return span == null ? null : spliced(body, span[2], span[1], value);
    }

    /// The body with the value at `path` under another path: where both lie in the same object the member keeps its place and gets the other name; else it
    /// becomes the last member of the object that `other` lies in. A member that has the other path already makes room. Null if there is no such value, or
    /// no object to take it.
    public static byte @Nullable [] rename(byte[] body, String path, String other) {
        int[] span = find(body, path);
        List<Object> from = steps(path);
        List<Object> to = steps(other);
        if (span == null || to.isEmpty() || to.equals(from) || !(to.getLast() instanceof String name) || !(from.getLast() instanceof String)) {
            return null;
        }
        byte[] value = Arrays.copyOfRange(body, span[2], span[1]);
        List<Object> parent = to.subList(0, to.size() - 1);
        if (parent.equals(from.subList(0, from.size() - 1))) {
            byte[] roomy = remove(body, other);
            byte[] base = roomy == null ? body : roomy;
            int[] at = find(base, path);
            return at == null ? null : spliced(base, at[0], at[1], member(name, value, false));
        }
        byte[] rest = remove(body, path);
        byte[] roomy = rest == null ? null : remove(rest, other);
        byte[] base = roomy == null ? rest : roomy;
        int[] object = base == null ? null : parent.isEmpty() ? whole(base) : find(base, parent);
        if (base == null || object == null || base[object[2]] != '{') {
            return null;
        }
        int close = object[1] - 1;
        boolean isEmpty = skipBlanks(base, object[2] + 1) == close;
        return spliced(base, close, close, member(name, value, !isEmpty));
    }

    private static byte[] member(String name, byte[] value, boolean follows) {
        byte[] quoted = Json.quoted(name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(quoted.length + value.length + 2);
        if (follows) {
            bytes.write(',');
        }
        bytes.writeBytes(quoted);
        bytes.write(':');
        bytes.writeBytes(value);
        return bytes.toByteArray();
    }

    private static byte[] spliced(byte[] body, int from, int to, byte[] with) {
        byte[] other = new byte[body.length - (to - from) + with.length];
        System.arraycopy(body, 0, other, 0, from);
        System.arraycopy(with, 0, other, from, with.length);
        System.arraycopy(body, to, other, from + with.length, body.length - to);
        return other;
    }

    /// The document itself, as [#find] tells of a value.
    private static int[] whole(byte[] body) {
        int from = skipBlanks(body, 0);
        int to = body.length;
        while (to > from && isBlank(body[to - 1])) {
            to--;
        }
        return new int[] {from, to, from};
    }

    /// The steps of a path; empty if it is none.
    private static List<Object> steps(String path) {
        List<Object> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(path);
        int end = 0;
        while (matcher.find() && matcher.start() == end && steps.size() < STEPS_MAX) {
            steps.add(matcher.group(1) != null ? matcher.group(1) : (Object) Integer.valueOf(matcher.group(2)));
            end = matcher.end();
        }
        return end == path.length() ? steps : List.of();
    }

    /// Where the value at the path begins (with its name, in an object) and ends, and where it begins without its name.
    private static int @Nullable [] find(byte[] body, String path) {
        return find(body, steps(path));
    }

    private static int @Nullable [] find(byte[] body, List<Object> steps) {
        if (steps.isEmpty()) {
            return null;
        }
        try (JsonParser parser = Json.parser(body, 0, body.length)) {
            JsonToken token = parser.nextToken();
            for (int at = 0; at < steps.size(); at++) {
                int from = token == null ? -1 : enter(parser, token, steps.get(at));
                if (from < 0) {
                    return null;
                }
                token = parser.currentToken();
                if (at == steps.size() - 1) {
                    int value = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    parser.finishToken();
                    return new int[] {from, (int) parser.currentLocation().getByteOffset(), value};
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /// Moves to the first token of the member or element; returns where it begins, negative if there is none.
    private static int enter(JsonParser parser, JsonToken container, Object step) throws IOException {
        if (step instanceof String name && container == JsonToken.START_OBJECT) {
            for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.nextToken();
                if (member.equals(name)) {
                    return from;
                }
                parser.skipChildren();
            }
        } else if (step instanceof Integer wanted && container == JsonToken.START_ARRAY) {
            int index = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (index++ == wanted) {
                    return (int) parser.currentTokenLocation().getByteOffset();
                }
                parser.skipChildren();
            }
        }
        return -1;
    }

    private static int skipBlanks(byte[] body, int from) {
        int at = from;
        while (at < body.length && isBlank(body[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\n' || one == '\r' || one == '\t';
    }
}
