package dev.plexus.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Every behaviour that can be asked of the simulator: one word each, in a model name (parted by `-`) or in the header `x-simulate`
/// (parted by blanks). This is the only list of them; the parser, the help text and the manual are made from it.
public enum Token {
    MOCK(Group.CONTENT, "mock", Argument.NONE, "fixed text, ids and usage: 412 input tokens (256 of them cached), 128 output, 32 reasoning with `think`"),
    CHUNKS(Group.CONTENT, "c", Argument.REQUIRED, "N chunks of text (`mock`: 20, otherwise as the text needs)"),
    SIZE(Group.CONTENT, "size", Argument.REQUIRED, "every chunk of text is N bytes long"),
    BIG(Group.CONTENT, "big", Argument.REQUIRED, "an answer of N KB"),
    UTF8(Group.CONTENT, "utf8", Argument.NONE, "text of many scripts and byte lengths"),
    STAMPS(Group.CONTENT, "ts", Argument.NONE, "every chunk of text is a time stamp, `@microseconds@` of the monotonic clock"),
    THINK(Group.CONTENT, "think", Argument.NONE, "thinking before the text"),
    TOOLS(Group.CONTENT, "tools", Argument.OPTIONAL, "N tool calls (1), of the request's first tool, instead of text"),
    SAY(Group.CONTENT, "say", Argument.NONE, "with `tools`: text before the calls"),
    LENGTH(Group.CONTENT, "length", Argument.NONE, "ends because the token limit was reached"),
    BLOCKED(Group.CONTENT, "blocked", Argument.NONE, "ends because a content filter stepped in"),
    USAGE(Group.CONTENT, "usage", Argument.NONE, "usage in a chat stream although `stream_options.include_usage` was not asked for"),
    NO_USAGE(Group.CONTENT, "nousage", Argument.NONE, "no usage at all"),

    DELAY(Group.PACE, "d", Argument.REQUIRED, "N ms before each chunk, and before a whole answer"),
    SLOW(Group.PACE, "slow", Argument.REQUIRED, "first byte after N ms"),
    HEADERS_SLOW(Group.PACE, "hslow", Argument.REQUIRED, "headers at once, first content after N ms"),
    SPLIT(Group.PACE, "split", Argument.OPTIONAL, "each event in writes of N bytes; without N in two writes 1 ms apart"),
    CRLF(Group.PACE, "crlf", Argument.NONE, "CRLF line ends"),
    COMMENT(Group.PACE, "comment", Argument.NONE, "comment lines between events"),

    STATUS(Group.REFUSAL, "", Argument.REQUIRED, "answers with status N and the dialect's error body; one of " + Token.STATUSES_TEXT),
    RETRY_AFTER(Group.REFUSAL, "ra", Argument.REQUIRED, "`retry-after: N` on the refusal (429 has 7 without it)"),
    CONTEXT(Group.REFUSAL, "ctx", Argument.NONE, "400, the context length is exceeded, as the dialect says it"),
    FILTER(Group.REFUSAL, "filter", Argument.NONE, "400, the prompt was refused by a content filter, as the dialect says it"),
    NO_PREFILL(Group.REFUSAL, "noprefill", Argument.NONE, "400 if the last message is an assistant turn"),
    ERROR_200(Group.REFUSAL, "error200", Argument.NONE, "an error body with status 200"),
    HTML(Group.REFUSAL, "html", Argument.NONE, "200 with an HTML page"),
    EMPTY(Group.REFUSAL, "empty", Argument.NONE, "200 without a body"),
    RESET(Group.REFUSAL, "reset", Argument.NONE, "connection reset instead of an answer"),
    HANG(Group.REFUSAL, "hang", Argument.NONE, "reads the request and never answers"),

    CUT(Group.BREAK, "cut", Argument.REQUIRED, "connection reset after N chunks (whole: within the body); a slow reader may lose the last of them"),
    DROP(Group.BREAK, "drop", Argument.REQUIRED, "connection closed after N chunks, all of which arrive, without the end of the body"),
    END(Group.BREAK, "end", Argument.REQUIRED, "clean end after N chunks, without the final events (whole: half the JSON)"),
    BAD(Group.BREAK, "bad", Argument.REQUIRED, "a truncated JSON event after N chunks, then the rest (whole: broken JSON)"),
    ERROR(Group.BREAK, "err", Argument.REQUIRED, "an error event after N chunks, then the end (whole: no effect)"),
    SILENT(Group.BREAK, "silent", Argument.REQUIRED, "falls silent after N chunks, connection open"),
    NO_TERMINAL(Group.BREAK, "noterm", Argument.NONE, "all content and the finish reason, but no terminal event; clean end"),
    NO_FINISH(Group.BREAK, "nofinish", Argument.NONE, "all content, but neither finish reason, usage nor terminal event; clean end"),
    NO_END(Group.BREAK, "noend", Argument.OPTIONAL, "as `noterm` (or `nofinish`), but the connection stays open: for N ms, or for ever"),

    FLAKY(Group.TIME, "flaky", Argument.REQUIRED, "only the first N requests of that model and key misbehave as told (by default 500), then it is well"),
    ONCE(Group.TIME, "once", Argument.NONE, "the same as `flaky1`"),
    DOWN(Group.TIME, "down", Argument.REQUIRED, "misbehaves as told (by default 503) for N ms from the first request of that model and key, then it is well");

    /// What a token is about; the order of the manual.
    public enum Group {
        CONTENT("What it says"),
        PACE("How it is sent"),
        REFUSAL("Instead of an answer"),
        BREAK("In the middle of an answer"),
        TIME("When it misbehaves");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /// The heading of the group.
        public String title() {
            return title;
        }
    }

    enum Argument { NONE, OPTIONAL, REQUIRED }

    private static final String STATUSES_TEXT =
            "301 302 307 400 401 402 403 404 405 408 409 413 415 422 429 500 501 502 503 504 529";
    private static final Set<String> STATUSES = Set.of(STATUSES_TEXT.split(" "));
    private static final Map<String, Token> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(token -> token.word, token -> token));

    private final Group group;
    private final String word;
    private final Argument argument;
    private final String meaning;

    Token(Group group, String word, Argument argument, String meaning) {
        this.group = group;
        this.word = word;
        this.argument = argument;
        this.meaning = meaning;
    }

    /// What the token is about.
    public Group group() {
        return group;
    }

    /// The token as the manual shows it: `cutN`, `split[N]`, `hang`.
    public String spelling() {
        return switch (argument) {
            case NONE -> word;
            case OPTIONAL -> word + "[N]";
            case REQUIRED -> word + "N";
        };
    }

    /// One sentence: what it does.
    public String meaning() {
        return meaning;
    }

    /// The manual's tables in Markdown, one per group.
    public static String manual() {
        StringBuilder text = new StringBuilder();
        for (Group group : Group.values()) {
            text.append("### ").append(group.title()).append("\n\n| token | effect |\n|---|---|\n");
            for (Token token : in(group)) {
                String shown = token == STATUS ? "a status" : "`" + token.spelling() + "`";
                text.append("| ").append(shown).append(" | ").append(token.meaning()).append(" |\n");
            }
            text.append('\n');
        }
        return text.toString();
    }

    /// The tokens of a group, in order.
    public static List<Token> in(Group group) {
        return Arrays.stream(values()).filter(token -> token.group == group).toList();
    }

    /// Whether it makes the answer worse than a healthy one; such tokens end when `flakyN` or `downN` says that the model is well again.
    boolean isFault() {
        return switch (group) {
            case REFUSAL, BREAK -> true;
            case PACE -> this == SLOW || this == HEADERS_SLOW;
            case CONTENT, TIME -> false;
        };
    }

    /// A token with its number; a token without one has -1.
    record Spoken(Token token, int number) {}

    /// Reads one word; words that mean nothing here are left to mean something in a model name.
    static Optional<Spoken> read(String text) {
        Token exact = BY_WORD.get(text);
        if (exact != null && exact.argument != Argument.REQUIRED) {
            return Optional.of(new Spoken(exact, -1));
        }
        int digits = text.length();
        while (digits > 0 && text.charAt(digits - 1) >= '0' && text.charAt(digits - 1) <= '9') {
            digits--;
        }
        Token token = BY_WORD.get(text.substring(0, digits));
        if (token == null || token.argument == Argument.NONE || digits == text.length() || text.length() - digits > 9) {
            return Optional.empty();
        }
        if (token == STATUS && !STATUSES.contains(text)) {
            return Optional.empty();
        }
        return Optional.of(new Spoken(token, Integer.parseInt(text, digits, text.length(), 10)));
    }
}
