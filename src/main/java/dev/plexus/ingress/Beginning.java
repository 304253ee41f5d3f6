package dev.plexus.ingress;

import dev.plexus.dialect.RequestHead;
import dev.plexus.wire.Fingerprint;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import java.util.Set;

/// Tells conversations apart by what all their turns have in common: the response that they go on from, else their first two messages.
final class Beginning {

    private static final Set<String> MESSAGES = Set.of("messages", "input", "contents");
    private static final String PREVIOUS = "previous_response_id";
    private static final int FIRST = 2;
    /// Clients move their cache marks forward from turn to turn, which makes no other conversation.
    private static final String CACHE_MARK = "cache_control";

    private Beginning() {}

    /// Never 0 but for a request that cannot be told apart: one with a single message.
    static long of(RequestHead head, Pieces body) {
        long found = 0;
        for (TopLevel.Member member : head.members().members()) {
            Pieces value = body.part(member.valueFrom(), member.valueTo());
            if (member.name().equals(PREVIOUS) && member.valueTo() - member.valueFrom() > "null".length()) {
                return Fingerprint.ofText(value);
            }
            if (MESSAGES.contains(member.name())) {
                found = Fingerprint.ofFirst(value, FIRST, CACHE_MARK);
            }
        }
        return found;
    }
}
