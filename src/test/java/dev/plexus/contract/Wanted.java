package dev.plexus.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plexus.model.DialectId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a request wants, read from the wire of a provider's dialect by hand, so that the gateway's own readers are not the judges of its writers.
record Wanted(DialectId dialect, JsonNode body) {

    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    String system() {
        return switch (dialect) {
            case CHAT -> content(body.at("/messages/0/content"));
            case MESSAGES -> content(body.path("system"));
            case GEMINI -> body.at("/systemInstruction/parts/0/text").asText();
            default -> body.path("instructions").asText();
        };
    }

    /// All text of the user's, joined.
    String userText() {
        return switch (dialect) {
            case CHAT, MESSAGES -> turns("messages", "user").map(turn -> content(turn.path("content"))).collect(Collectors.joining("\n"));
            case GEMINI -> turns("contents", "user")
                    .map(turn -> TranslationMatrixTest.texts(turn.path("parts").findValues("text")).stream().collect(Collectors.joining()))
                    .collect(Collectors.joining("\n"));
            default -> body.path("input").isTextual()
                    ? body.path("input").asText()
                    : turns("input", "user").map(turn -> content(turn.path("content"))).collect(Collectors.joining("\n"));
        };
    }

    double temperature() {
        return dialect == DialectId.GEMINI ? body.at("/generationConfig/temperature").asDouble() : body.path("temperature").asDouble();
    }

    long maxTokens() {
        return switch (dialect) {
            case CHAT -> body.path("max_tokens").asLong() + body.path("max_completion_tokens").asLong();
            case MESSAGES -> body.path("max_tokens").asLong();
            case GEMINI -> body.at("/generationConfig/maxOutputTokens").asLong();
            default -> body.path("max_output_tokens").asLong();
        };
    }

    String stop() {
        return switch (dialect) {
            case CHAT -> body.at("/stop/0").asText();
            case MESSAGES -> body.at("/stop_sequences/0").asText();
            case GEMINI -> body.at("/generationConfig/stopSequences/0").asText();
            default -> "";
        };
    }

    /// Media type and base64 data of every image, wherever it is.
    List<String> images() {
        List<String> images = new ArrayList<>();
        switch (dialect) {
            case CHAT -> body.findValues("image_url").forEach(image -> images.add(dataUrl(image.path("url").asText())));
            case MESSAGES ->
                body.findValues("source").forEach(source -> images.add(source.path("media_type").asText() + ";" + source.path("data").asText()));
            case GEMINI ->
                body.findValues("inlineData").forEach(data -> images.add(data.path("mimeType").asText() + ";" + data.path("data").asText()));
            default -> body.findValues("image_url").forEach(image -> images.add(dataUrl(image.asText())));
        }
        return images;
    }

    private static String dataUrl(String url) {
        return url.startsWith("data:") ? url.substring(5).replace(";base64,", ";") : url;
    }

    /// Schemas by tool name, in order.
    Map<String, JsonNode> tools() {
        Map<String, JsonNode> tools = new LinkedHashMap<>();
        switch (dialect) {
            case CHAT -> body.path("tools").forEach(tool -> tools.put(tool.at("/function/name").asText(), tool.at("/function/parameters")));
            case MESSAGES -> body.path("tools").forEach(tool -> tools.put(tool.path("name").asText(), tool.path("input_schema")));
            case GEMINI -> body.at("/tools/0/functionDeclarations")
                    .forEach(tool -> tools.put(tool.path("name").asText(), tool.path("parametersJsonSchema")));
            default -> body.path("tools").forEach(tool -> tools.put(tool.path("name").asText(), tool.path("parameters")));
        }
        return tools;
    }

    /// Name, blank, and arguments in Jackson's spelling.
    List<String> calls() {
        List<String> calls = new ArrayList<>();
        everyCall((id, name, arguments) -> calls.add(name + " " + arguments.replace("1.50", "1.5")));
        return calls;
    }

    private interface CallVisitor {
        void call(String id, String name, String arguments);
    }

    private void everyCall(CallVisitor visitor) {
        switch (dialect) {
            case CHAT -> body.path("messages")
                    .forEach(message -> message.path("tool_calls")
                            .forEach(call -> visitor.call(
                                    call.path("id").asText(), call.at("/function/name").asText(), call.at("/function/arguments").asText())));
            case MESSAGES -> blocks("tool_use")
                    .forEach(block -> visitor.call(
                            block.path("id").asText(), block.path("name").asText(), block.path("input").toString()));
            case GEMINI -> body.path("contents").findValues("functionCall").forEach(call -> visitor.call(
                    call.path("name").asText(), call.path("name").asText(), call.path("args").toString()));
            default -> items("function_call")
                    .forEach(item -> visitor.call(
                            item.path("call_id").asText(), item.path("name").asText(), item.path("arguments").asText()));
        }
    }

    /// The called tool's name, `=`, and the text of the result, in order.
    List<String> results() {
        Map<String, String> names = new HashMap<>();
        everyCall((id, name, _) -> names.put(id, name));
        List<String> results = new ArrayList<>();
        switch (dialect) {
            case CHAT -> turns("messages", "tool")
                    .forEach(turn -> results.add(names.get(turn.path("tool_call_id").asText()) + "=" + content(turn.path("content"))));
            case MESSAGES -> blocks("tool_result")
                    .forEach(block -> results.add(names.get(block.path("tool_use_id").asText()) + "=" + content(block.path("content"))));
            case GEMINI -> body.path("contents").findValues("functionResponse").forEach(response -> {
                JsonNode said = response.path("response");
                results.add(response.path("name").asText() + "="
                        + (said.has("error") ? said.path("error") : said.path("output")).asText());
            });
            default -> items("function_call_output")
                    .forEach(item -> results.add(names.get(item.path("call_id").asText()) + "=" + content(item.path("output"))));
        }
        return results;
    }

    /// The names of the tools whose results are marked as errors.
    List<String> errorFlags() {
        Map<String, String> names = new HashMap<>();
        everyCall((id, name, _) -> names.put(id, name));
        List<String> flagged = new ArrayList<>();
        if (dialect == DialectId.MESSAGES) {
            blocks("tool_result").filter(block -> block.path("is_error").asBoolean()).forEach(block -> flagged.add(
                    names.get(block.path("tool_use_id").asText())));
        } else {
            body.path("contents").findValues("functionResponse").forEach(response -> {
                if (response.path("response").has("error")) {
                    flagged.add(response.path("name").asText());
                }
            });
        }
        return flagged;
    }

    JsonNode outputSchema() {
        return switch (dialect) {
            case CHAT -> body.at("/response_format/json_schema/schema");
            case MESSAGES -> body.at("/output_config/format/schema");
            case GEMINI -> body.at("/generationConfig/responseJsonSchema");
            default -> body.at("/text/format/schema");
        };
    }

    /// How much thinking is asked for, in the dialect's own words.
    String reasoning() {
        return switch (dialect) {
            case CHAT -> body.path("reasoning_effort").asText();
            case MESSAGES -> body.at("/thinking/budget_tokens").asText(body.at("/thinking/type").asText());
            case GEMINI -> body.at("/generationConfig/thinkingConfig/thinkingLevel").asText().toLowerCase(Locale.ROOT);
            default -> body.at("/reasoning/effort").asText();
        };
    }

    /// The vendor's own secrets, with the place where that matters.
    List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        switch (dialect) {
            case MESSAGES -> blocks("thinking").forEach(block -> secrets.add(block.path("signature").asText()));
            case GEMINI -> body.path("contents").forEach(content -> content.path("parts").forEach(part -> {
                if (part.has("thoughtSignature")) {
                    secrets.add(part.at("/functionCall/name").asText() + ":" + part.path("thoughtSignature").asText());
                }
            }));
            case RESPONSES -> items("reasoning").forEach(item -> secrets.add(item.path("encrypted_content").asText()));
            default -> {}
        }
        return secrets;
    }

    private Stream<JsonNode> turns(String list, String role) {
        return stream(body.path(list)).filter(turn -> turn.path("role").asText().equals(role));
    }

    private Stream<JsonNode> items(String type) {
        return stream(body.path("input")).filter(item -> item.path("type").asText().equals(type));
    }

    private Stream<JsonNode> blocks(String type) {
        return stream(body.path("messages"))
                .flatMap(message -> stream(message.path("content")))
                .filter(block -> block.path("type").asText().equals(type));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        List<JsonNode> all = new ArrayList<>();
        list.forEach(all::add);
        return all.stream();
    }

    /// A string, or the texts of an array of parts.
    private static String content(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        return stream(content).filter(part -> part.has("text")).map(part -> part.path("text").asText()).collect(Collectors.joining());
    }
}
