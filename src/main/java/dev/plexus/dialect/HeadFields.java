package dev.plexus.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Gathers the members that requests of most dialects have in common, and the first thing that is wrong with a request. Null is absent.
public final class HeadFields {

    /// Looks at one element of an array; the parser is at its first token and may be moved to its last.
    public interface Element {
        void see(int index, JsonParser parser) throws IOException;
    }

    private String model = "";
    private boolean stream;
    private int tools;
    private @Nullable GatewayError problem;

    /// The answer to a body that is not a JSON object.
    public static HeadRead unreadable(String complaint) {
        return new HeadRead.Bad(GatewayError.of(ErrorKind.INVALID_REQUEST, "Invalid JSON body: " + complaint));
    }

    /// Takes the value of `model`.
    public void model(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> model = parser.getText();
            case VALUE_NULL -> {}
            default -> bad("model", "must be a string");
        }
    }

    /// Takes the value of `stream`.
    public void stream(JsonParser parser) {
        switch (parser.currentToken()) {
            case VALUE_TRUE -> stream = true;
            case VALUE_FALSE, VALUE_NULL -> stream = false;
            default -> bad("stream", "must be a boolean");
        }
    }

    /// Takes the value of `tools`.
    public void tools(JsonParser parser) throws IOException {
        tools = objects(parser, "tools", (_, _) -> {});
    }

    /// Counts the elements of an array of objects and lets `element` look at each; 0 if the value is null or wrong.
    public int objects(JsonParser parser, String param, Element element) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.START_ARRAY) {
            if (token != JsonToken.VALUE_NULL) {
                bad(param, "must be an array");
            }
            return 0;
        }
        int count = 0;
        for (JsonToken first = parser.nextToken(); first != JsonToken.END_ARRAY; first = parser.nextToken()) {
            if (first == JsonToken.START_OBJECT) {
                element.see(count, parser);
            } else {
                bad(param + "[" + count + "]", "must be an object");
            }
            if (parser.currentToken() == first) {
                parser.skipChildren();
            }
            count++;
        }
        return count;
    }

    /// Counts the elements of an array, whatever they are; 0 if the value is null or wrong.
    public int elements(JsonParser parser, String param) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.START_ARRAY) {
            if (token != JsonToken.VALUE_NULL) {
                bad(param, "must be an array");
            }
            return 0;
        }
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
            count++;
        }
        return count;
    }

    /// Says that the member `param` is wrong; only the first is kept.
    public void bad(String param, String complaint) {
        if (problem == null) {
            problem = GatewayError.of(ErrorKind.INVALID_REQUEST, param + ": " + complaint).withParam(param);
        }
    }

    /// Says that a member which must be there is not.
    public void missing(String param) {
        bad(param, "Field required");
    }

    /// Says that there is no model, if there is none.
    public void requireModel() {
        if (model.isBlank()) {
            missing("model");
        }
    }

    /// The first thing that is wrong, if any.
    public @Nullable GatewayError problem() {
        return problem;
    }

    public String model() {
        return model;
    }

    public boolean stream() {
        return stream;
    }

    public int tools() {
        return tools;
    }
}
