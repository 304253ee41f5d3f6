package dev.plexus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFeedTest {

    private enum Place implements Shape.Place {
        A,
        LIST,
        ELEMENT
    }

    private static final Shape SHAPE = Shape.way()
            .with("a", Place.A)
            .with("list", Shape.at(Place.LIST).of(Shape.at(Place.ELEMENT).with("a", Place.A)))
            .with("deep", Shape.way().with("a", Place.A));

    /// Writes down what it is told.
    private static final class Listing implements Shape.Visitor {
        final List<String> told = new ArrayList<>();
        int longest;

        @Override
        public void value(Shape.Place place, JsonParser parser) throws IOException {
            String text = parser.getText();
            longest = Math.max(longest, text.length());
            told.add(place + "=" + (text.length() > 40 ? "long" : text));
        }

        @Override
        public void begin(Shape.Place place, boolean array) {
            told.add(place + (array ? "[" : "{"));
        }

        @Override
        public void end(Shape.Place place) {
            told.add(place + ".");
        }
    }

    private static final String DOCUMENT =
            "{\"x\":{\"a\":1},\"a\":\"é\\n\",\"list\":[1,{\"a\":true,\"b\":[{\"a\":2}]},[3]],\"deep\":{\"a\":null,\"a\":{\"a\":4}},\"deep\":[{\"a\":5}],\"a\":[6]} ";

    @Test
    void pushing_tells_the_same_as_pulling_wherever_it_is_cut() {
        byte[] bytes = DOCUMENT.getBytes(UTF_8);
        Listing pulled = new Listing();
        assertThat(Json.walk(bytes, 0, bytes.length, SHAPE, pulled)).isTrue();
        assertThat(pulled.told)
                .containsExactly("A=é\n", "LIST[", "ELEMENT=1", "ELEMENT{", "A=true", "ELEMENT.", "ELEMENT[", "ELEMENT.", "LIST.", "A=null", "A{", "A.", "A[", "A.");

        for (int at = 0; at <= bytes.length; at++) {
            Listing pushed = new Listing();
            JsonFeed feed = new JsonFeed(SHAPE, pushed);
            feed.feed(bytes, 0, at);
            feed.feed(bytes, at, bytes.length);
            assertThat(feed.end()).isTrue();
            assertThat(pushed.told).isEqualTo(pulled.told);
        }
    }

    @Property(tries = 40)
    void the_inside_of_very_long_strings_is_dropped_and_nothing_else(@ForAll Random random, @ForAll @IntRange(min = 1, max = 70_000) int size) {
        String[] parts = {"x", "é", "日", "😀", "\\\\", "\\\"", "\\u00e9", "\\ud83d\\ude00", "{", "]", " ", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
        StringBuilder text = new StringBuilder("{\"x\":\"");
        for (int count = 0; count < 60_000; count++) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        String inner = text.substring(6);
        text.append("\",\"a\":\"").append(inner).append("\",\"list\":[\"").append(inner).append("\"],\"deep\":{\"a\":\"end\\\\\"}}");
        byte[] bytes = text.toString().getBytes(UTF_8);
        Listing listing = new Listing();
        JsonFeed feed = new JsonFeed(SHAPE, listing);

        for (int at = 0; at < bytes.length; at += size) {
            feed.feed(bytes, at, Math.min(bytes.length, at + size));
        }

        assertThat(feed.end()).isTrue();
        assertThat(listing.told).containsExactly("A=long", "LIST[", "ELEMENT=long", "LIST.", "A=end\\");
        assertThat(listing.longest).isBetween(10_000, JsonFeed.STRING_BYTES_SEEN + 200_000);
    }

    @Test
    void blanks_may_be_as_long_as_they_like() {
        Listing listing = new Listing();
        JsonFeed feed = new JsonFeed(SHAPE, listing);
        byte[] bytes = ("{" + " ".repeat(1_000_000) + "\"a\"" + "\n".repeat(1_000_000) + ": 1}").getBytes(UTF_8);

        feed.feed(bytes, 0, bytes.length);

        assertThat(feed.end()).isTrue();
        assertThat(listing.told).containsExactly("A=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1", "\"x\"", "null", "{", "[", "{\"a\"", "{\"a\":", "{\"a\":\"", "{} 1", "{}]", "[]{}", "{\"a\":1,}", "[1 2]", "\ufeff"})
    void what_is_not_one_object_or_array_is_refused(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        JsonFeed feed = new JsonFeed(SHAPE, new Listing());

        feed.feed(bytes, 0, bytes.length);

        assertThat(feed.end()).isFalse();
        assertThat(Json.walk(bytes, 0, bytes.length, SHAPE, new Listing())).isFalse();
    }

    @Test
    void depth_has_a_limit() {
        byte[] bytes = ("[".repeat(10_000)).getBytes(UTF_8);
        JsonFeed feed = new JsonFeed(SHAPE, new Listing());

        feed.feed(bytes, 0, bytes.length);

        assertThat(feed.end()).isFalse();
    }
}
