package dev.plexus.simulator;

import java.util.Arrays;
import java.util.List;

/// Every behaviour that can be asked of the simulator.
public enum Token {
    HANG(Group.REFUSAL, "hang", "reads the request and never answers");

    /// What a token is about; the order of the manual.
    public enum Group {
        REFUSAL("Instead of an answer");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /// The heading of the group.
        public String title() {
            return title;
        }
    }

    private final Group group;
    private final String spelling;
    private final String meaning;

    Token(Group group, String spelling, String meaning) {
        this.group = group;
        this.spelling = spelling;
        this.meaning = meaning;
    }

    /// The token as the manual shows it.
    public String spelling() {
        return spelling;
    }

    /// One sentence: what it does.
    public String meaning() {
        return meaning;
    }

    /// The tokens of a group, in order.
    public static List<Token> in(Group group) {
        return Arrays.stream(values()).filter(token -> token.group == group).toList();
    }
}
