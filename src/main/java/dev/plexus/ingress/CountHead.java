package dev.plexus.ingress;

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

/// Scans a request whose tokens are to be counted. It asks for less than a request for an answer does: no bound on the output, no stream.
final class CountHead implements TopLevelScan.Visitor {

    private static final String MESSAGES = "messages";
    private static final String CONTENTS = "contents";
    private static final String INNER = "generateContentRequest";

    private final HeadFields fields = new HeadFields();
    private final @Nullable RequestPath path;
    private int turns;

    private CountHead(@Nullable RequestPath path) {
        this.path = path;
    }

    /// `path` names the model of a gemini request; it is null for messages, which name it in the body.
    static HeadRead read(Pieces body, @Nullable RequestPath path) {
        CountHead reader = new CountHead(path);
        return switch (TopLevelScan.scan(body, reader)) {
            case Unreadable(var complaint) -> HeadFields.unreadable(complaint);
            case Found(var members) -> reader.head(members);
        };
    }

    private HeadRead head(TopLevel members) {
        if (path == null) {
            fields.requireModel();
        }
        if (turns == 0) {
            fields.missing(path == null ? MESSAGES : CONTENTS);
        }
        GatewayError problem = fields.problem();
        if (problem != null) {
            return new HeadRead.Bad(problem);
        }
        String model = path == null ? fields.model() : path.model();
        return new HeadRead.Good(new RequestHead(model, false, false, false, turns, fields.tools(), null, members));
    }

    @Override
    public void member(String name, JsonParser parser) throws IOException {
        if (path == null) {
            switch (name) {
                case "model" -> fields.model(parser);
                case MESSAGES -> turns = fields.elements(parser, MESSAGES);
                case "tools" -> fields.tools(parser);
                default -> {}
            }
            return;
        }
        switch (name) {
            case CONTENTS -> turns = contents(parser, CONTENTS);
            case INNER, "generate_content_request" -> inner(parser);
            default -> {}
        }
    }

    private void inner(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            if (parser.currentToken() != JsonToken.VALUE_NULL) {
                fields.bad(INNER, "must be an object");
            }
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.equals(CONTENTS)) {
                turns = contents(parser, INNER + "." + CONTENTS);
            } else {
                parser.skipChildren();
            }
        }
    }

    /// A single content, or a text in its place, counts as one.
    private int contents(JsonParser parser, String param) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                parser.skipChildren();
                yield 1;
            }
            case VALUE_STRING -> 1;
            default -> fields.elements(parser, param);
        };
    }
}
