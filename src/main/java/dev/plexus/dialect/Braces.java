package dev.plexus.dialect;

/// Follows a JSON object that comes in pieces, to know when it is at its end. That a piece is JSON by itself says nothing. One per object, single-threaded.
public final class Braces {

    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean complete;

    public void add(String piece) {
        for (int at = 0; at < piece.length(); at++) {
            char one = piece.charAt(at);
            if (inString) {
                inString = escaped || one != '"';
                escaped = !escaped && one == '\\';
            } else {
                switch (one) {
                    case '"' -> inString = true;
                    case '{', '[' -> depth++;
                    case '}', ']' -> complete |= --depth == 0 && one == '}';
                    default -> {}
                }
            }
        }
    }

    /// True once the outermost brace has closed.
    public boolean complete() {
        return complete;
    }
}
