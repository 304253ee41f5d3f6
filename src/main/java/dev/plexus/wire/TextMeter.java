package dev.plexus.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Estimates the tokens of a text that comes in pieces, in one pass, without a vocabulary and without keeping it: a quarter of the characters, corrected
/// for what tokenizers split finely (punctuation, digits, foreign scripts) and what they join (blanks, repetition). Where the text is cut makes no
/// difference. Single-threaded.
public final class TextMeter {

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

    /// A name is looked at only so far.
    private static final int IDENTIFIER_CHARACTERS_MAX = 64;

    private static final String HTTP = "http";
    private static final String AFTER_HTTP = "://";
    private static final int INDENT = 2;

    private static final int BLANK = 1;
    private static final int BRACKET = 2;
    private static final int MARK = 4;
    private static final int DIGIT = 8;
    private static final int LETTER = 16;
    private static final int OPERATOR = 32;
    private static final int ORDINARY = 64;
    private static final int ASCII = 128;
    private static final byte[] KINDS = kinds();

    private long length;
    private long blanks;
    private long brackets;
    private long marks;
    private long numbers;
    private long urls;
    private long others;
    private long codeMarks;

    private long lowAscii;
    private long highAscii;
    private @Nullable BitSet further;
    private char highSurrogate;

    private boolean afterDigit;
    private boolean afterOperator;
    private boolean inUrl;
    private int urlSeen;
    private boolean named;
    private int digitsAfterName;
    private int indent = -1;

    private static byte[] kinds() {
        byte[] kinds = new byte[ASCII];
        for (char one = 0; one < ASCII; one++) {
            int kind = Character.isWhitespace(one) || Character.isSpaceChar(one) ? BLANK : 0;
            kind |= "{}[]".indexOf(one) >= 0 ? BRACKET : 0;
            kind |= ".,;:!?".indexOf(one) >= 0 ? MARK : 0;
            kind |= one >= '0' && one <= '9' ? DIGIT : 0;
            kind |= one >= 'a' && one <= 'z' || one >= 'A' && one <= 'Z' ? LETTER : 0;
            kind |= "=<>!&|".indexOf(one) >= 0 ? OPERATOR : 0;
            kind |= "_.,;:!?'\"()[]{}<>/\\-".indexOf(one) >= 0 ? ORDINARY : 0;
            kinds[one] = (byte) kind;
        }
        return kinds;
    }

    /// True if there was no text.
    public boolean isEmpty() {
        return length == 0;
    }

    /// The next piece of the text.
    public void add(String text) {
        for (int at = 0; at < text.length(); at++) {
            add(text.charAt(at));
        }
    }

    /// The string that the parser stands at is the next piece.
    public void add(JsonParser parser) throws IOException {
        int count = parser.getTextLength();
        if (count > 0) {
            char[] text = parser.getTextCharacters();
            int from = parser.getTextOffset();
            for (int at = from; at < from + count; at++) {
                add(text[at]);
            }
        }
    }

    /// An object or array begins that counts in its JSON form.
    public void open(boolean array) {
        add(array ? '[' : '{');
    }

    /// It ends.
    public void close() {
        add('}');
    }

    /// The scalar that the parser stands at belongs to it, with its name if it has one.
    public void member(JsonParser parser) throws IOException {
        String name = parser.currentName();
        if (name != null) {
            quoted(name);
            add(':');
        }
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            quoted(parser.getText());
        } else {
            add(parser.getText());
        }
        add(',');
    }

    private void quoted(String text) {
        add('"');
        add(text);
        add('"');
    }

    private void add(char one) {
        length++;
        int kind = one < ASCII ? KINDS[one] : Character.isWhitespace(one) || Character.isSpaceChar(one) ? BLANK : 0;
        note(one);
        boolean blank = (kind & BLANK) != 0;
        boolean digit = (kind & DIGIT) != 0;
        blanks += blank ? 1 : 0;
        brackets += (kind & BRACKET) != 0 ? 1 : 0;
        marks += (kind & MARK) != 0 ? 1 : 0;
        numbers += digit && !afterDigit ? 1 : 0;
        others += kind == 0 || kind == OPERATOR ? 1 : 0;
        afterDigit = digit;
        url(one, blank);
        code(one, kind);
    }

    private void note(char one) {
        if (one < 64) {
            lowAscii |= 1L << one;
        } else if (one < ASCII) {
            highAscii |= 1L << one;
        }
        if (one < ASCII && highSurrogate == 0) {
            return;
        }
        BitSet seen = further == null ? new BitSet() : further;
        further = seen;
        if (highSurrogate != 0 && Character.isLowSurrogate(one)) {
            seen.set(Character.toCodePoint(highSurrogate, one));
            highSurrogate = 0;
            return;
        }
        if (highSurrogate != 0) {
            seen.set(highSurrogate);
        }
        highSurrogate = Character.isHighSurrogate(one) ? one : 0;
        if (highSurrogate == 0 && one >= ASCII) {
            seen.set(one);
        }
    }

    /// A web address begins with `http://` or `https://` and goes on to the next blank.
    private void url(char one, boolean blank) {
        if (inUrl) {
            inUrl = !blank;
            return;
        }
        int seen = urlSeen;
        if (seen < HTTP.length()) {
            urlSeen = HTTP.charAt(seen) == one ? seen + 1 : one == 'h' ? 1 : 0;
        } else if (seen == HTTP.length() && one == 's') {
            urlSeen = HTTP.length() + 1;
        } else {
            int rest = seen <= HTTP.length() + 1 ? 0 : seen - HTTP.length() - 1;
            if (AFTER_HTTP.charAt(rest) != one) {
                urlSeen = one == 'h' ? 1 : 0;
            } else if (rest == AFTER_HTTP.length() - 1) {
                urls++;
                inUrl = true;
                urlSeen = 0;
            } else {
                urlSeen = HTTP.length() + 2 + rest;
            }
        }
    }

    /// Marks of program code: two operators in a row, a name before a parenthesis, an indented line.
    private void code(char one, int kind) {
        boolean operator = (kind & OPERATOR) != 0;
        if (operator && afterOperator) {
            codeMarks++;
            afterOperator = false;
        } else {
            afterOperator = operator;
        }
        if (one == '(' && named && digitsAfterName < IDENTIFIER_CHARACTERS_MAX) {
            codeMarks++;
        }
        if ((kind & LETTER) != 0 || one == '_') {
            named = true;
            digitsAfterName = 0;
        } else if ((kind & DIGIT) != 0) {
            digitsAfterName++;
        } else {
            named = false;
        }
        if (one == '\n') {
            indent = 0;
        } else if (one == ' ' && indent >= 0) {
            indent++;
            if (indent == INDENT) {
                codeMarks++;
                indent = -1;
            }
        } else {
            indent = -1;
        }
    }

    /// The estimate for the text until now, rounded half up.
    public long tokens() {
        return (long) Math.floor(raw() + 0.5);
    }

    /// The estimate before it is rounded. The order of the steps matters: factors hold for what was added before them.
    public double raw() {
        if (length == 0) {
            return 0;
        }
        double tokens = length / CHARACTERS_PER_TOKEN;
        double blank = (double) blanks / length;
        tokens *= blank > SPACED_RATIO_MIN ? SPACED_FACTOR : blank < DENSE_RATIO_MAX ? DENSE_FACTOR : 1;
        tokens += PER_BRACKET * brackets + PER_MARK * marks + PER_NUMBER * numbers + PER_URL * urls;
        tokens *= codeMarks > CODE_MARKS_MIN * length ? CODE_FACTOR : 1;
        tokens += PER_OTHER * others;
        return (double) distinct() / length < REPETITIVE_RATIO_MAX ? tokens * REPETITIVE_FACTOR : tokens;
    }

    private long distinct() {
        long wide = further == null ? 0 : further.cardinality();
        long unpaired = highSurrogate != 0 && (further == null || !further.get(highSurrogate)) ? 1 : 0;
        return Long.bitCount(lowAscii) + Long.bitCount(highAscii) + wide + unpaired;
    }
}
