package dev.plexus.tokens;

/// A rule of thumb for the tokens of a text, in one pass and without a vocabulary: a quarter of the characters, corrected for what tokenizers
/// split finely (punctuation, digits, foreign scripts) and what they join (blanks, repetition).
final class Heuristic {

    private static final double CHARACTERS_PER_TOKEN = 4;
    private static final double SPACED_RATIO_MIN = 0.15;
    private static final double DENSE_RATIO_MAX = 0.10;
    private static final double SPACED_FACTOR = 0.95;
    private static final double DENSE_FACTOR = 1.10;
    private static final double PER_BRACKET = 0.5;
    private static final double PER_MARK = 0.3;
    private static final double PER_NUMBER = 0.2;
    private static final double PER_URL = 2;
    private static final double PER_OTHER = 0.4;
    private static final double CODE_MARKS_MIN = 0.01;
    private static final double CODE_FACTOR = 1.08;
    private static final double REPETITIVE_RATIO_MAX = 0.05;
    private static final double REPETITIVE_FACTOR = 0.90;
    private static final int IDENTIFIER_CHARACTERS_MAX = 64;

    private static final String BRACKETS = "{}[]";
    private static final String MARKS = ".,;:!?";
    private static final String OPERATORS = "=<>!&|";
    private static final String ORDINARY = "_.,;:!?'\"()[]{}<>/\\-";

    private final String text;
    private int blanks;
    private int brackets;
    private int marks;
    private int numbers;
    private int urls;
    private int others;
    private int codeMarks;

    private Heuristic(String text) {
        this.text = text;
    }

    /// The estimate, rounded half up.
    static long tokens(String text) {
        return text.isEmpty() ? 0 : (long) Math.floor(raw(text) + 0.5);
    }

    /// The estimate before it is rounded. The order of the steps matters: factors hold for what was added before them.
    static double raw(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        Heuristic seen = new Heuristic(text);
        seen.scan();
        int length = text.length();
        double tokens = length / CHARACTERS_PER_TOKEN;
        double blank = (double) seen.blanks / length;
        tokens *= blank > SPACED_RATIO_MIN ? SPACED_FACTOR : blank < DENSE_RATIO_MAX ? DENSE_FACTOR : 1;
        tokens += PER_BRACKET * seen.brackets + PER_MARK * seen.marks + PER_NUMBER * seen.numbers + PER_URL * seen.urls;
        tokens *= seen.codeMarks > CODE_MARKS_MIN * length ? CODE_FACTOR : 1;
        tokens += PER_OTHER * seen.others;
        double distinct = (double) text.codePoints().distinct().count() / length;
        return distinct < REPETITIVE_RATIO_MAX ? tokens * REPETITIVE_FACTOR : tokens;
    }

    private void scan() {
        int urlUntil = 0;
        int pairUntil = 0;
        for (int at = 0; at < text.length(); at++) {
            char one = text.charAt(at);
            boolean blank = isBlank(one);
            blanks += blank ? 1 : 0;
            brackets += BRACKETS.indexOf(one) >= 0 ? 1 : 0;
            marks += MARKS.indexOf(one) >= 0 ? 1 : 0;
            numbers += isDigit(one) && (at == 0 || !isDigit(text.charAt(at - 1))) ? 1 : 0;
            others += blank || isLetter(one) || isDigit(one) || ORDINARY.indexOf(one) >= 0 ? 0 : 1;
            if (one == 'h' && at >= urlUntil && startsUrl(at)) {
                urls++;
                urlUntil = endOfRun(at);
            }
            if (at >= pairUntil && isOperator(at) && isOperator(at + 1)) {
                codeMarks++;
                pairUntil = at + 2;
            }
            codeMarks += one == '(' && followsIdentifier(at) || one == '\n' && text.startsWith("  ", at + 1) ? 1 : 0;
        }
    }

    private boolean startsUrl(int at) {
        return text.startsWith("http://", at) || text.startsWith("https://", at);
    }

    private int endOfRun(int from) {
        int at = from;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private boolean isOperator(int at) {
        return at < text.length() && OPERATORS.indexOf(text.charAt(at)) >= 0;
    }

    /// True if the characters before are a name; one that is longer than any name ought to be is looked at only so far.
    private boolean followsIdentifier(int parenthesis) {
        int first = Math.max(0, parenthesis - IDENTIFIER_CHARACTERS_MAX);
        for (int at = parenthesis - 1; at >= first; at--) {
            char one = text.charAt(at);
            if (isLetter(one) || one == '_') {
                return true;
            }
            if (!isDigit(one)) {
                return false;
            }
        }
        return false;
    }

    private static boolean isBlank(char one) {
        return Character.isWhitespace(one) || Character.isSpaceChar(one);
    }

    private static boolean isDigit(char one) {
        return one >= '0' && one <= '9';
    }

    private static boolean isLetter(char one) {
        return one >= 'a' && one <= 'z' || one >= 'A' && one <= 'Z';
    }
}
