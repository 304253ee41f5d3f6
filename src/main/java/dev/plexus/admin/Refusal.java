package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;

/// What a caller asked for is not to be had; it carries the answer that says why.
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient AdminAnswer.Whole answer;

    Refusal(int status, String error) {
        this(Reply.error(status, error));
    }

    Refusal(AdminAnswer.Whole answer) {
        super("refused with status " + answer.status(), null, false, false);
        this.answer = answer;
    }

    AdminAnswer.Whole answer() {
        return answer;
    }
}
