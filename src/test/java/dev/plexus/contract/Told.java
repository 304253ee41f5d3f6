package dev.plexus.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// What a vendor's client understood of an answer, in words that do not depend on the vendor.
///
/// `calls` are `name` + blank + arguments; where the client parses arguments itself, in Jackson's spelling. `input` is the whole prompt, cached tokens
/// included. `replay` is the assistant's turn as the client would send it back.
record Told(
        String text,
        String thinking,
        String refusal,
        List<String> calls,
        String finish,
        long input,
        long cached,
        long output,
        JsonNode replay) {}
