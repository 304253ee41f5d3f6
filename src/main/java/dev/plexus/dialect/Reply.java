package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What the writer of an answer must know of the request that it answers. `targetModel` is named where the upstream names none; `createdSeconds` since
/// the epoch likewise. `body` and `members` are the client's request as it came, for formats that echo parts of it.
public record Reply(ChatRequest request, Pieces body, TopLevel members, String targetModel, long createdSeconds, Ids ids) {

    /// The JSON text of the last top-level member of that name in the client's request; null where there is none, or where it is null.
    public @Nullable String echo(String name) {
        String found = null;
        for (TopLevel.Member member : members.members()) {
            if (member.name().equals(name)) {
                found = new String(body.part(member.valueFrom(), member.valueTo()).joined(), StandardCharsets.UTF_8);
            }
        }
        return found == null || found.equals("null") ? null : found;
    }
}
