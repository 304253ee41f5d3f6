package dev.plexus.dialect.embeddings;

import com.fasterxml.jackson.core.JsonParser;
import dev.plexus.dialect.HeadFields;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.RequestHead;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import dev.plexus.wire.TopLevelScan.Outcome.Found;
import dev.plexus.wire.TopLevelScan.Outcome.Unreadable;
import java.io.IOException;

/// Scans a request: which model, and whether there is anything to embed. It is never streamed and has no messages.
final class RequestScan implements TopLevelScan.Visitor {

    private final HeadFields fields = new HeadFields();
    private boolean input;

    static HeadRead readHead(Pieces body) {
        RequestScan reader = new RequestScan();
        return switch (TopLevelScan.scan(body, reader)) {
            case Unreadable(var complaint) -> HeadFields.unreadable(complaint);
            case Found(var members) -> reader.head(members);
        };
    }

    private HeadRead head(TopLevel members) {
        fields.requireModel();
        if (!input) {
            fields.missing(Wire.INPUT);
        }
        GatewayError problem = fields.problem();
        if (problem != null) {
            return new HeadRead.Bad(problem);
        }
        return new HeadRead.Good(new RequestHead(fields.model(), false, false, false, 0, 0, null, members));
    }

    @Override
    public void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case Wire.MODEL -> fields.model(parser);
            case Wire.INPUT -> input = input(parser);
            default -> {}
        }
    }

    /// A text, even an empty one, or a list that is not empty.
    private boolean input(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> true;
            case VALUE_NULL -> false;
            case START_ARRAY -> fields.elements(parser, Wire.INPUT) > 0;
            default -> {
                fields.bad(Wire.INPUT, "must be a string or an array");
                yield false;
            }
        };
    }
}
