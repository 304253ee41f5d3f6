package dev.plexus.wire;

import java.util.List;

/// The members of a JSON object's top level as byte spans of the body: enough to replace, remove or add members without a tree.
///
/// `open` is the offset of `{`, `close` that of the matching `}`; members are in body order, and a name may occur more than once.
public record TopLevel(long open, long close, List<Member> members) {

    /// One member: `[from, valueTo)` is the whole of it, name to value; `[valueFrom, valueTo)` is its value.
    public record Member(String name, long from, long valueFrom, long valueTo) {}

    public TopLevel {
        members = List.copyOf(members);
    }
}
