package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.ToolArguments;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonOut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a whole answer for a client; and the pieces of which chunks are made too.
final class ResponseWriter {

    private ResponseWriter() {}

    static byte[] write(Completion completion, Reply reply, Drops drops) {
        return JsonOut.document(json -> {
            json.object().array("candidates");
            completion.choices().forEach(choice -> candidate(json, choice, drops));
            json.closeArray();
            usage(json, completion.usage());
            json.text("modelVersion", completion.model() == null ? reply.targetModel() : completion.model());
            json.text("responseId", reply.ids().fresh("")).close();
        });
    }

    private static void candidate(JsonOut json, Completion.Choice choice, Drops drops) {
        json.object();
        Content content = new Content(json, drops);
        choice.parts().forEach(content::part);
        content.end(isBlocked(choice.finish()));
        json.text("finishReason", Wire.finishWord(choice.finish(), content.hasText)).number("index", choice.index());
        grounding(json, content.cited);
        logprobs(json, choice.logprobs());
        json.close();
    }

    /// An answer that was filtered away has no content at all.
    static boolean isBlocked(FinishReason reason) {
        return reason == FinishReason.CONTENT_FILTER || reason == FinishReason.REFUSAL;
    }

    /// The content of one candidate, opened with its first part.
    private static final class Content {

        private final JsonOut json;
        private final Drops drops;
        private final List<Cited> cited = new ArrayList<>(0);
        private int parts;
        private boolean hasText;
        /// Code points of the texts before the one at hand: citations count from the first.
        private int textBefore;
        /// A signature that goes to the next part that is no thought.
        private @Nullable String waiting;

        Content(JsonOut json, Drops drops) {
            this.json = json;
            this.drops = drops;
        }

        private JsonOut next() {
            if (parts++ == 0) {
                json.object("content").text("role", Wire.ROLE_MODEL).array("parts");
            }
            return json;
        }

        void end(boolean blocked) {
            if (waiting != null || parts == 0 && !blocked) {
                text("");
            }
            if (parts > 0) {
                json.closeArray().close();
            }
        }

        private @Nullable String takeWaiting() {
            String signature = waiting;
            waiting = null;
            return signature;
        }

        private void text(String words) {
            ResponseWriter.text(next(), words, false, takeWaiting());
            hasText |= !words.isEmpty();
        }

        /// Takes a secret for the next part; one that waits already gets an empty part of its own.
        private void seal(@Nullable Secret secret) {
            String signature = secret == null ? null : signature(secret, drops);
            if (signature != null) {
                if (waiting != null) {
                    text("");
                }
                waiting = signature;
            }
        }

        void part(Part part) {
            switch (part) {
                case Part.Thinking(var words, var secret) -> {
                    if (!words.isEmpty()) {
                        ResponseWriter.text(next(), words, true, null);
                    }
                    seal(secret);
                }
                case Part.Text text -> {
                    seal(text.signature());
                    if (!text.text().isEmpty() || waiting != null) {
                        text(text.text());
                        text.citations().forEach(citation -> cited.add(Cited.within(citation, text.text(), textBefore, parts - 1)));
                        textBefore += text.text().codePointCount(0, text.text().length());
                    }
                }
                case Part.Refusal(var words) -> text(words);
                case Part.ToolCall call -> {
                    seal(call.signature());
                    call(next(), call.id(), call.name(), call.arguments(), takeWaiting());
                }
                case Part.Image image when image.source() instanceof Source.Base64(var mime, var data) ->
                    image(next(), mime, data, takeWaiting());
                case Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.SearchResult _, Part.ToolResult _, Part.Opaque _ ->
                    drops.add(Feature.NATIVE_PART, "answer", "a part that answers cannot have here");
            }
        }
    }

    /// A citation with its place in bytes of the text of the part with that index; `from` is -1 where the place is not known.
    record Cited(Citation citation, int part, int from, int to, String text) {

        /// `before` is the number of code points before the text, in the count of the citation.
        static Cited within(Citation citation, String text, int before, int part) {
            int length = text.codePointCount(0, text.length());
            int start = citation.start() - before;
            int end = citation.end() - before;
            if (citation.start() < 0 || start < 0 || end < start || end > length) {
                return new Cited(citation, part, -1, -1, "");
            }
            int from = text.offsetByCodePoints(0, start);
            int to = text.offsetByCodePoints(0, end);
            int bytes = bytes(text, 0, from);
            return new Cited(citation, part, bytes, bytes + bytes(text, from, to), text.substring(from, to));
        }

        private static int bytes(String text, int from, int to) {
            int bytes = 0;
            int at = from;
            while (at < to) {
                int point = text.codePointAt(at);
                bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
                at += Character.charCount(point);
            }
            return bytes;
        }
    }

    // What whole answers and chunks have in common

    /// The secret as this format's clients carry it; null for one that they cannot. Reasoning that was hidden has nothing to be put beside.
    static @Nullable String signature(Secret secret, Drops drops) {
        if (secret.kind() == Secret.Kind.REDACTED) {
            drops.add(Feature.THINKING, "answer", "hidden reasoning has no place here");
            return null;
        }
        boolean own = secret.dialect() == DialectId.GEMINI && secret.kind() == Secret.Kind.SIGNATURE;
        return own ? secret.value() : Envelope.wrapBase64(secret);
    }

    static void text(JsonOut json, String words, boolean thought, @Nullable String signature) {
        json.object().text("text", words);
        if (thought) {
            json.flag("thought", true);
        }
        json.text("thoughtSignature", signature).close();
    }

    static void call(JsonOut json, String id, String name, String arguments, @Nullable String signature) {
        json.object().object("functionCall").text("id", id).text("name", name).raw("args", ToolArguments.object(arguments)).close();
        json.text("thoughtSignature", signature).close();
    }

    static void image(JsonOut json, String mime, String data, @Nullable String signature) {
        json.object().object("inlineData").text("mimeType", mime).text("data", data).close();
        json.text("thoughtSignature", signature).close();
    }

    static void usage(JsonOut json, @Nullable Usage usage) {
        if (usage == null) {
            return;
        }
        long prompt = usage.input() + usage.cached() + usage.cacheWrite();
        long candidates = Math.max(0, usage.output() - usage.reasoning());
        json.object("usageMetadata").number("promptTokenCount", prompt);
        if (usage.cached() > 0) {
            json.number("cachedContentTokenCount", usage.cached());
        }
        json.number("candidatesTokenCount", candidates);
        if (usage.reasoning() > 0) {
            json.number("thoughtsTokenCount", usage.reasoning());
        }
        json.number("totalTokenCount", prompt + candidates + usage.reasoning()).close();
    }

    static void logprobs(JsonOut json, List<TokenLogprob> tokens) {
        if (tokens.isEmpty()) {
            return;
        }
        json.object("logprobsResult");
        if (tokens.stream().anyMatch(token -> !token.top().isEmpty())) {
            json.array("topCandidates");
            tokens.forEach(token -> {
                json.object().array("candidates");
                token.top().forEach(one -> logprob(json, one));
                json.closeArray().close();
            });
            json.closeArray();
        }
        json.array("chosenCandidates");
        tokens.forEach(token -> logprob(json, token));
        json.closeArray().close();
    }

    private static void logprob(JsonOut json, TokenLogprob token) {
        json.object().text("token", token.token());
        if (Double.isFinite(token.logprob())) {
            json.fraction("logProbability", token.logprob());
        }
        json.close();
    }

    static void grounding(JsonOut json, List<Cited> cited) {
        if (cited.isEmpty()) {
            return;
        }
        Map<String, Citation> pages = new LinkedHashMap<>();
        cited.forEach(one -> pages.putIfAbsent(one.citation.url(), one.citation));
        json.object("groundingMetadata").array("groundingChunks");
        pages.values().forEach(page -> json.object().object("web").text("uri", page.url()).text("title", page.title()).close().close());
        json.closeArray();
        List<String> order = List.copyOf(pages.keySet());
        if (cited.stream().anyMatch(one -> one.from >= 0)) {
            json.array("groundingSupports");
            for (Cited one : cited) {
                if (one.from >= 0) {
                    json.object().object("segment");
                    if (one.part > 0) {
                        json.number("partIndex", one.part);
                    }
                    json.number("startIndex", one.from).number("endIndex", one.to).text("text", one.text).close();
                    json.array("groundingChunkIndices").number(order.indexOf(one.citation.url())).closeArray().close();
                }
            }
            json.closeArray();
        }
        json.close();
    }
}
