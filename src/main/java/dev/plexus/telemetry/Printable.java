package dev.plexus.telemetry;

/// Makes text of strangers safe to print: one line, no control sequences, not longer than a label.
final class Printable {

    static final int LABEL_MAX = 256;

    private Printable() {}

    /// The text, cut to [#LABEL_MAX] characters, with `?` in place of everything that could break a line, move a cursor or turn the reading
    /// direction. Text without any of this is returned as it is.
    static String label(String text) {
        int end = Math.min(text.length(), LABEL_MAX);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            if (isUnsafe(text.charAt(i))) {
                return replaced(text, end);
            }
        }
        return end == text.length() ? text : text.substring(0, end);
    }

    /// The label, in double quotes if it holds anything by which it could be taken for several words.
    static String word(String text) {
        String label = label(text);
        for (int i = 0; i < label.length(); i++) {
            char character = label.charAt(i);
            if (character <= ' ' || character == '"' || character == '=' || character > '~') {
                return '"' + label.replace('"', '\'') + '"';
            }
        }
        return label.isEmpty() ? "\"\"" : label;
    }

    private static String replaced(String text, int end) {
        StringBuilder safe = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char character = text.charAt(i);
            safe.append(isUnsafe(character) ? '?' : character);
        }
        return safe.toString();
    }

    private static boolean isUnsafe(char character) {
        if (character < 0x7f) {
            return character < ' ';
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
