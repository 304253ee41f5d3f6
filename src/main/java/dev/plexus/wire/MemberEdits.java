package dev.plexus.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects changes to the top-level members of a body, and makes them all at once; every other byte stays.
public final class MemberEdits {

    private final TopLevel level;
    private final Map<String, byte[]> values = new LinkedHashMap<>();
    private final Set<String> removed = new HashSet<>();

    public MemberEdits(TopLevel level) {
        this.level = level;
    }

    /// Gives every member of that name the JSON `value`, or adds one at the end if there is none.
    public MemberEdits set(String name, byte[] value) {
        removed.remove(name);
        values.put(name, value);
        return this;
    }

    /// Takes away every member of that name.
    public MemberEdits remove(String name) {
        values.remove(name);
        removed.add(name);
        return this;
    }

    /// The body with the changes made.
    public Pieces apply(Pieces body) {
        if (values.isEmpty() && removed.isEmpty()) {
            return body;
        }
        List<Splice.Edit> edits = new ArrayList<>();
        List<TopLevel.Member> members = level.members();
        Set<String> missing = new HashSet<>(values.keySet());
        int kept = 0;
        for (int index = 0; index < members.size(); index++) {
            TopLevel.Member member = members.get(index);
            if (removed.contains(member.name())) {
                index = removeRun(index, edits);
                continue;
            }
            kept++;
            byte[] value = values.get(member.name());
            if (value != null) {
                missing.remove(member.name());
                edits.add(new Splice.Edit(member.valueFrom(), member.valueTo(), value));
            }
        }
        if (!missing.isEmpty()) {
            edits.add(new Splice.Edit(level.close(), level.close(), added(missing, kept > 0)));
        }
        return Splice.apply(body, edits);
    }

    /// Removes the members from `first` on that are to go, with the commas that go with them. Returns the index of the last.
    private int removeRun(int first, List<Splice.Edit> edits) {
        List<TopLevel.Member> members = level.members();
        int last = first;
        while (last + 1 < members.size() && removed.contains(members.get(last + 1).name())) {
            last++;
        }
        long to = members.get(last).valueTo();
        if (first > 0) {
            edits.add(new Splice.Edit(members.get(first - 1).valueTo(), to, new byte[0]));
        } else if (last + 1 < members.size()) {
            edits.add(new Splice.Edit(members.getFirst().from(), members.get(last + 1).from(), new byte[0]));
        } else {
            edits.add(new Splice.Edit(members.getFirst().from(), to, new byte[0]));
        }
        return last;
    }

    private byte[] added(Set<String> names, boolean comma) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean separate = comma;
        for (Map.Entry<String, byte[]> entry : values.entrySet()) {
            if (names.contains(entry.getKey())) {
                if (separate) {
                    bytes.write(',');
                }
                separate = true;
                bytes.writeBytes(Json.quoted(entry.getKey()));
                bytes.write(':');
                bytes.writeBytes(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /// The UTF-8 bytes of JSON text.
    public static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
