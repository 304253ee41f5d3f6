package dev.plexus.tokens;

import dev.plexus.wire.JsonIn;

/// What a Responses request holds.
final class ResponsesTokens {

    private final JsonIn in;
    private final TokenTally tally;

    ResponsesTokens(JsonIn in, TokenTally tally) {
        this.in = in;
        this.tally = tally;
    }

    void request() {
        in.object(name -> {
            switch (name) {
                case "instructions", "input" -> content();
                case "tools" -> tally.json(in);
                default -> {}
            }
        });
    }

    /// A text, or a list of items or of their parts.
    private void content() {
        if (in.isArray()) {
            in.array(this::item);
        } else {
            item();
        }
    }

    /// Items and their parts share their words: what is text in one is text in the other.
    private void item() {
        if (!in.isObject()) {
            tally.text(in);
            return;
        }
        OpenAiImage image = new OpenAiImage();
        in.object(name -> {
            switch (name) {
                case "role", "text", "refusal", "name", "arguments", "input", "code" -> tally.text(in);
                case "content", "summary", "output" -> content();
                case "action", "queries", "results" -> tally.json(in);
                case "image_url" -> image.see(in);
                case "detail" -> image.detail(in);
                case "file_data" -> OpenAiImage.file(in, tally);
                case "result" -> image.see(in); // of image_generation_call
                default -> {}
            }
        });
        image.count(tally);
    }
}
