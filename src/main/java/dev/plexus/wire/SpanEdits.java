package dev.plexus.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects changes to values of a body by where [JsonIn#span] found them, and makes them all at once; every other byte stays. However many there are, the
/// body is read once.
public final class SpanEdits {

    private static final byte[] NOTHING = new byte[0];

    private final byte[] body;
    private final List<Splice.Edit> edits = new ArrayList<>();

    public SpanEdits(byte[] body) {
        this.body = body;
    }

    /// Puts `value` (JSON text) in the place of that one.
    public void replace(Span value, byte[] with) {
        edits.add(new Splice.Edit(value.from(), value.to(), with));
    }

    /// Takes the member of that name away whose value is there, with its comma; at most one of each object. A name that is spelled with escapes stays.
    public void removeMember(String name, Span value) {
        int colon = blanksBefore(value.from());
        int end = blanksBefore(colon - 1);
        byte[] quoted = Json.quoted(name);
        int from = end - quoted.length;
        for (int at = 0; at < quoted.length; at++) {
            if (from < 0 || body[from + at] != quoted[at]) {
                return;
            }
        }
        int after = blanksAfter(value.to());
        int before = blanksBefore(from);
        if (after < body.length && body[after] == ',') {
            edits.add(new Splice.Edit(from, blanksAfter(after + 1), NOTHING));
        } else if (before > 0 && body[before - 1] == ',') {
            edits.add(new Splice.Edit(before - 1, value.to(), NOTHING));
        } else {
            edits.add(new Splice.Edit(from, value.to(), NOTHING));
        }
    }

    /// The body with the changes made; `unchanged` if there are none.
    public Pieces apply(Pieces unchanged) {
        if (edits.isEmpty()) {
            return unchanged;
        }
        List<Splice.Edit> inOrder = new ArrayList<>(edits);
        inOrder.sort(Comparator.comparingLong(Splice.Edit::from));
        return Splice.apply(Pieces.of(body), inOrder);
    }

    /// Where the blanks before that place begin.
    private int blanksBefore(int end) {
        int at = end;
        while (at > 0 && isBlank(body[at - 1])) {
            at--;
        }
        return at;
    }

    private int blanksAfter(int from) {
        int at = from;
        while (at < body.length && isBlank(body[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\n' || one == '\r' || one == '\t';
    }
}
