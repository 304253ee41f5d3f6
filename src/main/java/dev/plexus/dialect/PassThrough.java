package dev.plexus.dialect;

import dev.plexus.wire.Json;
import dev.plexus.wire.MemberEdits;
import dev.plexus.wire.TopLevel;
import java.util.Map;
import java.util.Set;

/// The edits that passed-through bodies of every dialect need.
public final class PassThrough {

    /// Members by which clients speak to the gateway alone.
    private static final Set<String> PRIVATE = Set.of("plexus", "plexus_metadata");

    private PassThrough() {}

    /// Edits that set `modelMember` to the upstream's model, put in the extra members and take out the private ones.
    public static MemberEdits withModel(RequestHead head, Outgoing outgoing, String modelMember) {
        MemberEdits edits = new MemberEdits(head.members());
        if (!namesOnly(head, modelMember, outgoing.model())) {
            edits.set(modelMember, Json.quoted(outgoing.model()));
        }
        return withExtra(edits, head, outgoing);
    }

    /// Edits that put in the extra members and take out the private ones; the body names no model.
    public static MemberEdits withoutModel(RequestHead head, Outgoing outgoing) {
        return withExtra(new MemberEdits(head.members()), head, outgoing);
    }

    private static MemberEdits withExtra(MemberEdits edits, RequestHead head, Outgoing outgoing) {
        for (Map.Entry<String, String> extra : outgoing.extraBody().entrySet()) {
            if (!PRIVATE.contains(extra.getKey())) {
                edits.set(extra.getKey(), MemberEdits.json(extra.getValue()));
            }
        }
        for (TopLevel.Member member : head.members().members()) {
            if (PRIVATE.contains(member.name())) {
                edits.remove(member.name());
            }
        }
        return edits;
    }

    /// True if the body names that model once and so needs no edit.
    private static boolean namesOnly(RequestHead head, String modelMember, String model) {
        int count = 0;
        for (TopLevel.Member member : head.members().members()) {
            if (member.name().equals(modelMember)) {
                count++;
            }
        }
        return count == 1 && head.model().equals(model);
    }
}
