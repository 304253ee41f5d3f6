package dev.plexus.tokens;

import dev.plexus.wire.JsonIn;
import org.jspecify.annotations.Nullable;

/// What a generateContent request holds, and a countTokens request, which may hold one.
final class GeminiTokens {

    private static final String PDF = "application/pdf";

    /// The bytes of something, or where they are; its members come in any order.
    private static final class Blob {
        private String type = "";
        private @Nullable String data;
    }

    private final JsonIn in;
    private final TokenTally tally;

    GeminiTokens(JsonIn in, TokenTally tally) {
        this.in = in;
        this.tally = tally;
    }

    void request() {
        in.object(name -> {
            switch (name) {
                case "contents", "systemInstruction", "system_instruction" -> contents();
                case "tools" -> tally.json(in);
                case "generateContentRequest", "generate_content_request" -> {
                    if (in.isObject()) {
                        request();
                    }
                }
                default -> {}
            }
        });
    }

    /// A list of contents, one content, or a text in its place.
    private void contents() {
        if (in.isArray()) {
            in.array(this::content);
        } else {
            content();
        }
    }

    private void content() {
        if (!in.isObject()) {
            tally.text(in);
            return;
        }
        in.object(name -> {
            switch (name) {
                case "role" -> tally.text(in);
                case "parts" -> parts();
                default -> {}
            }
        });
    }

    private void parts() {
        if (in.isArray()) {
            in.array(this::part);
        } else {
            part();
        }
    }

    private void part() {
        if (!in.isObject()) {
            tally.text(in);
            return;
        }
        in.object(name -> {
            switch (name) {
                case "text" -> tally.text(in);
                case "inlineData", "inline_data", "fileData", "file_data" -> blob();
                case "functionCall", "function_call", "functionResponse", "function_response" -> function();
                case "executableCode", "executable_code", "codeExecutionResult", "code_execution_result" -> code();
                default -> {}
            }
        });
    }

    private void function() {
        if (!in.isObject()) {
            return;
        }
        in.object(name -> {
            switch (name) {
                case "name" -> tally.text(in);
                case "args", "response" -> tally.json(in);
                case "parts" -> parts();
                default -> {}
            }
        });
    }

    private void code() {
        if (!in.isObject()) {
            return;
        }
        in.object(name -> {
            if (name.equals("code") || name.equals("output")) {
                tally.text(in);
            }
        });
    }

    private void blob() {
        if (!in.isObject()) {
            return;
        }
        Blob blob = new Blob();
        in.object(name -> {
            switch (name) {
                case "mimeType", "mime_type" -> blob.type = String.valueOf(in.textIfAny());
                case "data" -> blob.data = in.textIfAny();
                default -> {}
            }
        });
        if (blob.type.startsWith("image/")) {
            tally.image();
        } else if (blob.type.equals(PDF)) {
            tally.pdf(blob.data == null ? 0 : blob.data.length());
        }
    }
}
