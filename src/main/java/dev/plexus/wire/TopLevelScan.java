package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the members of the one JSON object that a body is, in one pass and without a tree.
public final class TopLevelScan {

    /// What was found, or why the body is not such an object.
    public sealed interface Outcome {

        record Found(TopLevel members) implements Outcome {}

        /// `complaint` says what is wrong and where, for a person.
        record Unreadable(String complaint) implements Outcome {}
    }

    /// Sees each member as it is passed.
    public interface Visitor {

        /// The parser's current token is the first of the member's value; it may be left there or moved to the value's last token, no further.
        void member(String name, JsonParser parser) throws IOException;
    }

    private TopLevelScan() {}

    /// Scans the whole body, to its last byte.
    public static Outcome scan(Pieces body, Visitor visitor) {
        try (JsonParser parser = Json.parser(body)) {
            return scan(parser, visitor);
        } catch (JsonProcessingException e) {
            return new Outcome.Unreadable(Json.complaint(e));
        } catch (IOException e) {
            return new Outcome.Unreadable("not UTF-8");
        }
    }

    private static Outcome scan(JsonParser parser, Visitor visitor) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return new Outcome.Unreadable("the body is empty");
        }
        if (first != JsonToken.START_OBJECT) {
            return new Outcome.Unreadable("the body must be a JSON object");
        }
        long open = startOf(parser);
        if (open < 0) {
            return new Outcome.Unreadable("the body must be UTF-8");
        }
        List<TopLevel.Member> members = new ArrayList<>(16);
        for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            long from = startOf(parser);
            JsonToken value = parser.nextToken();
            long valueFrom = startOf(parser);
            visitor.member(name, parser);
            if (parser.currentToken() == value) {
                parser.skipChildren();
                parser.finishToken();
            }
            members.add(new TopLevel.Member(name, from, valueFrom, parser.currentLocation().getByteOffset()));
        }
        long close = startOf(parser);
        if (parser.nextToken() != null) {
            return new Outcome.Unreadable("unexpected content after the JSON object at byte " + startOf(parser));
        }
        return new Outcome.Found(new TopLevel(open, close, members));
    }

    private static long startOf(JsonParser parser) {
        return parser.currentTokenLocation().getByteOffset();
    }
}
