package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The places of a JSON document that a reader wants to see; everything else is passed over without being looked at.
///
/// A shape is written once as a constant and walked many times, by pulling ([Json#walk]) or by pushing ([JsonFeed]); the visitor is the
/// same for both. Unknown members cost one look-up of their name. Immutable.
public final class Shape {

    /// A name for something worth seeing; each format has an enum of its own.
    public interface Place {}

    /// Is told what was found at the places, in document order.
    public interface Visitor {

        /// A number, string, boolean or null: the parser's current token, to be read before returning.
        void value(Place place, JsonParser parser) throws IOException;

        /// An object or array begins.
        void begin(Place place, boolean array);

        /// The object or array of the place ends.
        void end(Place place);
    }

    /// Nothing in it is of interest.
    private static final Shape OPAQUE = new Shape(null, Map.of(), null, false);

    private final @Nullable Place place;
    /// Never written to after construction; a plain hash map because its look-up is quicker than that of an immutable one.
    private final Map<String, Shape> members;
    private final @Nullable Shape elements;
    private final boolean deep;

    private Shape(@Nullable Place place, Map<String, Shape> members, @Nullable Shape elements, boolean deep) {
        this.place = place;
        this.members = members;
        this.elements = elements;
        this.deep = deep;
    }

    /// A value that is reported, whatever it is; what is inside of it is not, until [#with] or [#of] say so.
    public static Shape at(Place place) {
        return new Shape(place, Map.of(), null, false);
    }

    /// A value that is reported, and everything in it at the same place.
    public static Shape deep(Place place) {
        return new Shape(place, Map.of(), null, true);
    }

    /// A value that is not reported itself, but is the way to others.
    public static Shape way() {
        return OPAQUE;
    }

    /// This shape, with an interest in the member of that name where the value is an object.
    public Shape with(String member, Shape shape) {
        Map<String, Shape> more = new HashMap<>(members);
        more.put(member, shape);
        return new Shape(place, more, elements, deep);
    }

    /// This shape, with an interest in the member of that name as a whole.
    public Shape with(String member, Place value) {
        return with(member, at(value));
    }

    /// This shape, with an interest in the elements where the value is an array.
    public Shape of(Shape shape) {
        return new Shape(place, members, shape, deep);
    }

    @Nullable Place place() {
        return place;
    }

    @Nullable Shape member(String name) {
        return deep ? this : members.get(name);
    }

    @Nullable Shape elements() {
        return deep ? this : elements;
    }

    /// Walks the value whose first token is the parser's current one, to its last token.
    void walk(JsonParser parser, JsonToken token, Visitor visitor) throws IOException {
        switch (token) {
            case START_OBJECT -> {
                if (place != null) {
                    visitor.begin(place, false);
                }
                if (members.isEmpty() && !deep) {
                    parser.skipChildren();
                } else {
                    walkMembers(parser, visitor);
                }
                if (place != null) {
                    visitor.end(place);
                }
            }
            case START_ARRAY -> {
                if (place != null) {
                    visitor.begin(place, true);
                }
                Shape inner = elements();
                if (inner == null) {
                    parser.skipChildren();
                } else {
                    walkElements(parser, inner, visitor);
                }
                if (place != null) {
                    visitor.end(place);
                }
            }
            default -> {
                if (place != null) {
                    visitor.value(place, parser);
                }
            }
        }
    }

    private void walkMembers(JsonParser parser, Visitor visitor) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            Shape shape = member(name);
            if (shape == null) {
                parser.skipChildren();
            } else {
                shape.walk(parser, token, visitor);
            }
        }
    }

    private static void walkElements(JsonParser parser, Shape shape, Visitor visitor) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            shape.walk(parser, token, visitor);
        }
    }
}
