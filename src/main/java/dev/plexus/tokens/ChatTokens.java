package dev.plexus.tokens;

import dev.plexus.wire.JsonIn;

/// What a Chat Completions request holds.
final class ChatTokens {

    /// OpenAI's cookbook, "How to count tokens with tiktoken": what frames each message, what a name adds, and what begins the reply.
    private static final int PER_MESSAGE = 3;

    private static final int PER_NAME = 1;
    private static final int REPLY = 3;

    private final JsonIn in;
    private final TokenTally tally;

    ChatTokens(JsonIn in, TokenTally tally) {
        this.in = in;
        this.tally = tally;
    }

    void request() {
        in.object(name -> {
            switch (name) {
                case "messages" -> messages();
                case "tools", "functions" -> tally.json(in);
                default -> {}
            }
        });
    }

    private void messages() {
        if (in.isArray()) {
            tally.add(REPLY);
            in.array(this::message);
        }
    }

    private void message() {
        if (!in.isObject()) {
            return;
        }
        tally.add(PER_MESSAGE);
        in.object(name -> {
            switch (name) {
                case "role", "refusal", "reasoning_content", "reasoning" -> tally.text(in);
                case "name" -> {
                    tally.add(PER_NAME);
                    tally.text(in);
                }
                case "content" -> content();
                case "tool_calls" -> calls();
                case "function_call" -> call();
                default -> {}
            }
        });
    }

    private void content() {
        if (in.isArray()) {
            in.array(this::part);
        } else {
            tally.text(in);
        }
    }

    private void part() {
        if (!in.isObject()) {
            tally.text(in);
            return;
        }
        OpenAiImage image = new OpenAiImage();
        in.object(name -> {
            switch (name) {
                case "text", "refusal" -> tally.text(in);
                case "image_url" -> image.see(in);
                case "file" -> file();
                default -> {}
            }
        });
        image.count(tally);
    }

    private void file() {
        if (in.isObject()) {
            in.object(name -> {
                if (name.equals("file_data")) {
                    OpenAiImage.file(in, tally);
                }
            });
        }
    }

    private void calls() {
        if (!in.isArray()) {
            return;
        }
        in.array(() -> {
            if (in.isObject()) {
                in.object(name -> {
                    if (name.equals("function") || name.equals("custom")) {
                        call();
                    }
                });
            }
        });
    }

    private void call() {
        if (in.isObject()) {
            in.object(name -> {
                switch (name) {
                    case "name", "arguments", "input" -> tally.text(in);
                    default -> {}
                }
            });
        }
    }
}
