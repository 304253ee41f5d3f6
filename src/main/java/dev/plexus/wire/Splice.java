package dev.plexus.wire;

import java.util.ArrayList;
import java.util.List;

/// Replaces ranges of a body without copying the rest of it.
public final class Splice {

    /// Puts `with` in the place of the bytes `[from, to)`; an empty range is an insertion.
    public record Edit(long from, long to, byte[] with) {

        public Edit {
            if (from < 0 || to < from) {
                throw new IllegalArgumentException("edit: range out of order");
            }
        }
    }

    private Splice() {}

    /// The body with all edits applied; they must be in order and must not overlap.
    public static Pieces apply(Pieces body, List<Edit> edits) {
        if (edits.isEmpty()) {
            return body;
        }
        List<Pieces.Slice> result = new ArrayList<>(body.slices().size() + 2 * edits.size());
        long at = 0;
        for (Edit edit : edits) {
            if (edit.from() < at || edit.to() > body.length()) {
                throw new IllegalArgumentException("edit: overlaps its neighbour or leaves the body");
            }
            result.addAll(body.range(at, edit.from()));
            if (edit.with().length > 0) {
                result.add(new Pieces.Slice(edit.with(), 0, edit.with().length));
            }
            at = edit.to();
        }
        result.addAll(body.range(at, body.length()));
        return new Pieces(result);
    }
}
