package dev.plexus.dialect;

import java.util.Map;

/// A request in the words of a target: its body, the tool names to translate back in the answer, and headers that go with it (name in lower case to
/// value; `anthropic-beta` values are added to those of the provider).
public record Written(byte[] body, ToolNames names, Map<String, String> headers) {

    public Written {
        headers = Map.copyOf(headers);
    }
}
