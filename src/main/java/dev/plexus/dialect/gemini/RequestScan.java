package dev.plexus.dialect.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.dialect.HeadFields;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.RequestPath;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import dev.plexus.wire.TopLevelScan.Outcome.Found;
import dev.plexus.wire.TopLevelScan.Outcome.Unreadable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Scans a request: how many contents and functions it has; model and stream are in its path.
final class RequestScan implements TopLevelScan.Visitor {

    private final HeadFields fields = new HeadFields();
    private int contents;
    private int tools;

    static HeadRead readHead(Pieces body, @Nullable RequestPath path) {
        if (path == null) {
            throw new IllegalArgumentException("gemini: the path names the model and must be given");
        }
        RequestScan reader = new RequestScan();
        return switch (TopLevelScan.scan(body, reader)) {
            case Unreadable(var complaint) -> HeadFields.unreadable(complaint);
            case Found(var members) -> reader.head(path, members);
        };
    }

    private HeadRead head(RequestPath path, TopLevel members) {
        if (contents == 0) {
            fields.missing(Wire.CONTENTS);
        }
        GatewayError problem = fields.problem();
        if (problem != null) {
            return new HeadRead.Bad(problem);
        }
        return new HeadRead.Good(
                new RequestHead(path.model(), path.stream(), path.sse(), false, contents, tools, null, members));
    }

    @Override
    public void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case Wire.CONTENTS -> contents = contents(parser);
            case Wire.TOOLS -> {
                tools = 0;
                fields.objects(parser, Wire.TOOLS, (_, tool) -> tools += functions(tool));
            }
            default -> {}
        }
    }

    /// A single content, or a text in its place, counts as one.
    private int contents(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT, VALUE_STRING -> 1;
            default -> fields.elements(parser, Wire.CONTENTS);
        };
    }

    /// Each function that the entry declares is a tool; an entry that declares none is one itself.
    private static int functions(JsonParser parser) throws IOException {
        int count = 0;
        for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            boolean declares = name.equals(Wire.FUNCTION_DECLARATIONS) || name.equals(Wire.FUNCTION_DECLARATIONS_SNAKE);
            if (declares && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    parser.skipChildren();
                    count++;
                }
            } else {
                parser.skipChildren();
            }
        }
        return Math.max(1, count);
    }
}
