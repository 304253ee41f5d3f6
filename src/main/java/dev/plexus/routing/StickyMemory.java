package dev.plexus.routing;

import dev.plexus.message.ConversationKey;
import dev.plexus.model.TargetId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Remembers which target served the last turn of a conversation, since its prompt cache knows the conversation. The longest unused are forgotten
/// first, and all after an hour, when no provider's cache knows them any more. Times are epoch milliseconds.
final class StickyMemory {

    static final int CONVERSATIONS_MAX = 10_000;
    static final long KEPT_MILLIS = Duration.ofHours(1).toMillis();

    private record Place(TargetId target, long since) {}

    private final Map<ConversationKey, Place> places = new LinkedHashMap<>();

    void remember(ConversationKey conversation, TargetId target, long now) {
        places.remove(conversation); // so that it goes to the end, among the latest
        places.put(conversation, new Place(target, now));
        if (places.size() > CONVERSATIONS_MAX) {
            Iterator<ConversationKey> oldest = places.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /// Where the conversation was last, or null.
    @Nullable TargetId placeOf(ConversationKey conversation, long now) {
        Place place = places.get(conversation);
        if (place == null) {
            return null;
        }
        if (now - place.since() > KEPT_MILLIS) {
            places.remove(conversation);
            return null;
        }
        return place.target();
    }

    int size() {
        return places.size();
    }
}
