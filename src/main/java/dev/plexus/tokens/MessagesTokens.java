package dev.plexus.tokens;

import dev.plexus.wire.JsonIn;
import org.jspecify.annotations.Nullable;

/// What a Messages request holds.
final class MessagesTokens {

    /// Where the bytes of an image or a document are; its members come in any order.
    private static final class Source {
        private boolean present;
        private @Nullable String type;
        private @Nullable String data;
    }

    private final JsonIn in;
    private final TokenTally tally;

    MessagesTokens(JsonIn in, TokenTally tally) {
        this.in = in;
        this.tally = tally;
    }

    void request() {
        in.object(name -> {
            switch (name) {
                case "system" -> content();
                case "messages" -> messages();
                case "tools" -> tally.json(in);
                default -> {}
            }
        });
    }

    private void messages() {
        if (!in.isArray()) {
            return;
        }
        in.array(() -> {
            if (in.isObject()) {
                in.object(name -> {
                    switch (name) {
                        case "role" -> tally.text(in);
                        case "content" -> content();
                        default -> {}
                    }
                });
            }
        });
    }

    /// A text, a block, or a list of blocks; results hold the same again.
    private void content() {
        if (in.isArray()) {
            in.array(this::block);
        } else {
            block();
        }
    }

    private void block() {
        if (!in.isObject()) {
            tally.text(in);
            return;
        }
        Source source = new Source();
        String[] type = new String[] {""};
        in.object(name -> {
            switch (name) {
                case "type" -> type[0] = String.valueOf(in.textIfAny());
                case "text", "thinking", "title", "context", "name", "stdout", "stderr" -> tally.text(in);
                case "content" -> content();
                case "input" -> tally.json(in);
                case "source" -> source(source);
                default -> {}
            }
        });
        if (source.present) {
            count(source, type[0].equals("image"));
        }
    }

    /// Of a search result it is a text.
    private void source(Source source) {
        if (!in.isObject()) {
            tally.text(in);
            return;
        }
        source.present = true;
        in.object(name -> {
            switch (name) {
                case "type" -> source.type = in.textIfAny();
                case "data" -> source.data = in.textIfAny();
                case "content" -> content();
                default -> {}
            }
        });
    }

    private void count(Source source, boolean image) {
        if (image) {
            tally.image();
        } else if ("text".equals(source.type)) {
            tally.text(source.data);
        } else if (!"content".equals(source.type)) {
            tally.pdf(source.data == null ? 0 : source.data.length());
        }
    }
}
