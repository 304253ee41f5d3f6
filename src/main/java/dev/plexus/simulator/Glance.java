package dev.plexus.simulator;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads of a long request to the mock the little that its fixed answer depends on, without parsing the rest: a benchmark with large bodies should measure
/// the gateway. Gives up whenever a look does not settle the matter; the request is then parsed like any other.
final class Glance {

    private static final int BODY_BYTES_MIN = 32 << 10;
    private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"(mock(?:-[A-Za-z0-9-]*)?)\"");
    private static final Pattern ROLE = Pattern.compile("\"role\"\\s*:\\s*\"(?:user|tool|system|developer)\"");
    private static final Pattern STREAM = Pattern.compile("\"stream\"\\s*:\\s*(true|false)");
    private static final Pattern INCLUDE_USAGE = Pattern.compile("\"include_usage\"\\s*:\\s*(true|false)");
    private static final int VALUE_CHARS_MAX = 300;

    private Glance() {}

    static Optional<Question> at(Buffer body, Place.Conversation place) {
        if (body.length() < BODY_BYTES_MIN || (place != Place.CHAT && place != Place.MESSAGES)) {
            return Optional.empty();
        }
        String text = body.toString(StandardCharsets.ISO_8859_1);
        Matcher model = at(text, MODEL, text.indexOf("\"model\""));
        boolean settled = model.lookingAt()
                && at(text, ROLE, lastOf(text, "\"role\"")).lookingAt()
                && (place == Place.CHAT || text.contains("\"max_tokens\""));
        Matcher stream = at(text, STREAM, lastOf(text, "\"stream\""));
        Matcher usage = at(text, INCLUDE_USAGE, lastOf(text, "\"include_usage\""));
        if (!settled || (!stream.lookingAt() && text.contains("\"stream\""))) {
            return Optional.empty();
        }
        boolean streams = stream.lookingAt() && stream.group(1).equals("true");
        return Optional.of(new Question(
                model.group(1),
                streams ? Question.Delivery.EVENTS : Question.Delivery.WHOLE,
                place == Place.MESSAGES || (usage.lookingAt() && usage.group(1).equals("true")),
                "",
                null,
                false,
                false,
                List.of(),
                false,
                0,
                Voice.tokens(body.length())));
    }

    /// The last place of a key. Looked for from the front: that is done many characters at a time, and from behind it is not.
    private static int lastOf(String text, String key) {
        int last = -1;
        for (int at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + key.length())) {
            last = at;
        }
        return last;
    }

    /// A matcher at this place; at an empty one if there is none.
    private static Matcher at(String text, Pattern pattern, int place) {
        return place < 0 ? pattern.matcher("") : pattern.matcher(text).region(place, Math.min(text.length(), place + VALUE_CHARS_MAX));
    }
}
