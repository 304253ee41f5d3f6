package dev.plexus.dialect.chat;

import dev.plexus.dialect.DataUrls;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.ErrorFields;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import dev.plexus.wire.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words of this format.
final class Wire {

    /// What is read of an answer, whole or streamed.
    enum Place implements Shape.Place {
        OBJECT,
        DOCUMENT_TYPE,
        CHOICES,
        CHOICE,
        INDEX,
        FINISH_REASON,
        DELTA,
        MESSAGE,
        TEXT,
        ITEM,
        OPAQUE_ITEM,
        CALL,
        CALL_INDEX,
        CALL_ID,
        CALL_NAME,
        CALL_ARGUMENTS,
        FUNCTION_CALL,
        USAGE,
        PROMPT,
        COMPLETION,
        TOTAL,
        CACHED_IN_DETAILS,
        CACHED,
        CACHE_HIT,
        CACHE_WRITE_IN_DETAILS,
        CACHE_CREATION_IN_DETAILS,
        CACHE_CREATION,
        REASONING_IN_DETAILS,
        REASONING
    }

    static final String MODEL = "model";
    static final String MESSAGES = "messages";
    static final String ROLE = "role";
    static final String STREAM = "stream";
    static final String TOOLS = "tools";
    static final String PARALLEL_TOOL_CALLS = "parallel_tool_calls";
    static final String STREAM_OPTIONS = "stream_options";
    static final String INCLUDE_USAGE = "include_usage";
    static final String ERROR = "error";

    /// Finish reasons that only say that nothing more was to come; with nothing before them the answer is empty.
    static final Set<String> PLAIN_STOPS = Set.of("stop", "eos", "end_turn", "null");

    /// Finish reasons by which upstreams say that they failed.
    static final Set<String> FAILURES = Set.of("error", "network_error", "insufficient_system_resource");

    /// The counts of a usage object, by the names of its members.
    static final Map<String, Place> COUNTS = Map.of(
            "prompt_tokens", Place.PROMPT,
            "completion_tokens", Place.COMPLETION,
            "total_tokens", Place.TOTAL,
            "cached_tokens", Place.CACHED,
            "prompt_cache_hit_tokens", Place.CACHE_HIT,
            "cache_creation_tokens", Place.CACHE_CREATION,
            "reasoning_tokens", Place.REASONING);

    /// The counts of its inner objects.
    static final Map<String, Map<String, Place>> DETAILED_COUNTS = Map.of(
            "prompt_tokens_details", Map.of(
                    "cached_tokens", Place.CACHED_IN_DETAILS,
                    "cache_write_tokens", Place.CACHE_WRITE_IN_DETAILS,
                    "cache_creation_input_tokens", Place.CACHE_CREATION_IN_DETAILS),
            "completion_tokens_details", Map.of("reasoning_tokens", Place.REASONING_IN_DETAILS));

    /// How the names of members begin that hold thoughts.
    static final String REASONING_PREFIX = "reasoning";

    private static final Shape USAGE = usage();

    private static final Shape CALL = Shape.at(Place.CALL)
            .with("index", Place.CALL_INDEX)
            .with("id", Place.CALL_ID)
            .with("function", Shape.way().with("name", Place.CALL_NAME).with("arguments", Place.CALL_ARGUMENTS))
            .with("custom", Shape.way().with("name", Place.CALL_NAME).with("input", Place.CALL_ARGUMENTS));

    private static final Shape ITEMS = Shape.way().of(Shape.at(Place.ITEM));

    static final Shape ANSWER = ErrorFields.topLevel(Shape.way())
            .with("object", Place.OBJECT)
            .with("type", Place.DOCUMENT_TYPE)
            .with("message", ErrorFields.At.TOP_MESSAGE)
            .with("choices", Shape.at(Place.CHOICES).of(Shape.at(Place.CHOICE)
                    .with("index", Place.INDEX)
                    .with("finish_reason", Place.FINISH_REASON)
                    .with("delta", content(Place.DELTA))
                    .with("message", content(Place.MESSAGE))
                    .with("text", Place.TEXT)
                    .with("usage", USAGE)
                    .with("error", ErrorFields.ERROR)))
            .with("finish_reason", Place.FINISH_REASON)
            .with("usage", USAGE)
            .with("x_groq", Shape.way().with("usage", USAGE).with("error", ErrorFields.ERROR));

    private Wire() {}

    private static Shape usage() {
        Shape usage = counts(Shape.at(Place.USAGE), COUNTS);
        for (Map.Entry<String, Map<String, Place>> inner : DETAILED_COUNTS.entrySet()) {
            usage = usage.with(inner.getKey(), counts(Shape.way(), inner.getValue()));
        }
        return usage;
    }

    private static Shape counts(Shape shape, Map<String, Place> places) {
        Shape all = shape;
        for (Map.Entry<String, Place> count : places.entrySet()) {
            all = all.with(count.getKey(), count.getValue());
        }
        return all;
    }

    private static Shape content(Place place) {
        return Shape.at(place)
                .with("content", Shape.at(Place.TEXT).of(Shape.at(Place.ITEM)))
                .with("reasoning_content", Place.TEXT)
                .with("reasoning", Place.TEXT)
                .with("refusal", Place.TEXT)
                .with("reasoning_details", ITEMS)
                .with("annotations", ITEMS)
                .with("images", ITEMS)
                .with("audio", Place.OPAQUE_ITEM)
                .with("tool_calls", Shape.way().of(CALL))
                .with("function_call", Place.FUNCTION_CALL);
    }

    /// What an upstream's finish reason means; [#FAILURES] aside.
    static FinishReason finishReason(String word) {
        return switch (word) {
            case "stop", "eos", "end_turn", "null" -> FinishReason.STOP;
            case "length", "max_tokens", "model_length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call", "tool_use" -> FinishReason.TOOL_CALLS;
            case "content_filter", "sensitive", "safety" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /// What a client is told.
    static String finishReason(FinishReason reason) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, PAUSE, OTHER -> "stop";
            case LENGTH, CONTEXT_WINDOW -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
        };
    }

    /// The counts as clients know them, with zeros where an upstream counted nothing.
    static void usage(JsonOut json, @Nullable Usage counted) {
        Usage usage = counted == null ? new Usage(0, 0, 0, 0, 0, 0, 0) : counted;
        long prompt = usage.input() + usage.cached() + usage.cacheWrite();
        json.object("usage")
                .number("prompt_tokens", prompt)
                .number("completion_tokens", usage.output())
                .number("total_tokens", prompt + usage.output())
                .object("prompt_tokens_details")
                .number("cached_tokens", usage.cached())
                .numberIf("cache_write_tokens", usage.cacheWrite() == 0 ? null : Long.valueOf(usage.cacheWrite()))
                .close()
                .object("completion_tokens_details").number("reasoning_tokens", usage.reasoning()).close()
                .close();
    }

    /// The log probabilities of a choice, null where there are none.
    static void logprobs(JsonOut json, List<TokenLogprob> tokens) {
        if (tokens.isEmpty()) {
            json.nothing("logprobs");
            return;
        }
        json.object("logprobs").array("content");
        for (TokenLogprob token : tokens) {
            logprob(json, token);
            json.array("top_logprobs");
            for (TokenLogprob other : token.top()) {
                logprob(json, other);
                json.close();
            }
            json.closeArray().close();
        }
        json.closeArray().nothing("refusal").close();
    }

    private static void logprob(JsonOut json, TokenLogprob token) {
        json.object().text("token", token.token()).fraction("logprob", token.logprob()).utf8("bytes", token.token());
    }

    /// One of the `annotations`; a place that is not known is left out.
    static void citation(JsonOut json, Citation citation) {
        json.object().text("type", "url_citation").object("url_citation").text("url", citation.url()).text("title", citation.title());
        if (citation.start() >= 0) {
            json.number("start_index", citation.start()).number("end_index", citation.end());
        }
        json.close().close();
    }

    /// One of the `images` (OpenRouter's convention).
    static void image(JsonOut json, Source image) {
        String url = switch (image) {
            case Source.Base64 media -> DataUrls.write(media);
            case Source.Url(var place, _) -> place;
            case Source.File _, Source.Text _, Source.Parts _ -> "";
        };
        json.object().text("type", "image_url").object("image_url").text("url", url).close().close();
    }

    /// Google's way to hand out the signature of a call in this dialect.
    static void thoughtSignature(JsonOut json, Secret signature) {
        json.object("extra_content").object("google").text("thought_signature", signature.value()).close().close();
    }

    /// One entry of `reasoning_details`: OpenRouter's way, which others took up, to show the reasoning of any vendor with the secrets that belong to it.
    /// `index` is -1 where there is none.
    record Detail(String type, @Nullable String text, @Nullable String secret, @Nullable String id, @Nullable String format, int index) {

        static final String TEXT = "reasoning.text";
        static final String SUMMARY = "reasoning.summary";
        static final String ENCRYPTED = "reasoning.encrypted";

        private static final String ANTHROPIC = "anthropic-claude-v1";
        private static final String GOOGLE = "google-gemini-v1";
        private static final String OPENAI = "openai-responses-v1";
        private static final String UNKNOWN = "unknown";

        /// Between the thoughts of an answer, where a client sees them as one text.
        static final String BETWEEN = "\n\n";

        /// The entry at the cursor; null if it is none.
        static @Nullable Detail read(JsonIn in) {
            if (!in.isObject()) {
                return null;
            }
            var seen = new Object() {
                String type = "";
                @Nullable String text;
                @Nullable String summary;
                @Nullable String signature;
                @Nullable String data;
                @Nullable String id;
                @Nullable String format;
                int index = -1;
            };
            in.object(name -> {
                switch (name) {
                    case "type" -> seen.type = Objects.requireNonNullElse(in.textIfAny(), "");
                    case "text" -> seen.text = in.textIfAny();
                    case "summary" -> seen.summary = in.textIfAny();
                    case "signature" -> seen.signature = in.textIfAny();
                    case "data" -> seen.data = in.textIfAny();
                    case "id" -> seen.id = in.textIfAny();
                    case "format" -> seen.format = in.textIfAny();
                    case "index" -> seen.index = in.intOr(-1);
                    default -> {}
                }
            });
            String secret = switch (seen.type) {
                case TEXT -> seen.signature;
                case ENCRYPTED -> seen.data;
                default -> null;
            };
            String text = switch (seen.type) {
                case TEXT -> seen.text;
                case SUMMARY -> seen.summary;
                default -> null;
            };
            return new Detail(seen.type, text, secret == null || secret.isEmpty() ? null : secret, seen.id, seen.format, seen.index);
        }

        boolean isEncrypted() {
            return type.equals(ENCRYPTED);
        }

        /// What a client hands back: the secret of the vendor whose format it is, or whatever is in an envelope.
        @Nullable Secret fromClient() {
            if (secret == null) {
                return null;
            }
            Envelope.Opened opened = Envelope.open(secret);
            if (opened != null) {
                return opened.secret();
            }
            return switch (format) {
                case ANTHROPIC -> new Secret(DialectId.MESSAGES, isEncrypted() ? Secret.Kind.REDACTED : Secret.Kind.SIGNATURE, secret);
                case GOOGLE -> new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, secret, id);
                case OPENAI -> new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, secret, id);
                case null, default -> fromUpstream();
            };
        }

        /// What an upstream of this dialect says: a secret of its own, whoever made it, that remembers its format.
        @Nullable Secret fromUpstream() {
            return secret == null ? null : new Secret(
                    DialectId.CHAT, isEncrypted() ? Secret.Kind.ENCRYPTED : Secret.Kind.SIGNATURE,
                    (format == null ? UNKNOWN : format) + ':' + secret, id);
        }

        /// Writes the entry for a secret; `text` is the visible thought that goes with it, null to leave it out.
        static void write(JsonOut json, Secret secret, @Nullable String text, int index) {
            String value = secret.value();
            String format = switch (secret.dialect()) {
                case MESSAGES -> ANTHROPIC;
                case GEMINI -> GOOGLE;
                case RESPONSES -> OPENAI;
                case CHAT -> value.substring(0, Math.max(0, value.indexOf(':')));
                case EMBEDDINGS, TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> UNKNOWN;
            };
            if (secret.dialect() == DialectId.CHAT) {
                value = value.substring(value.indexOf(':') + 1);
            }
            // Gemini has no signed thoughts: what it signs is another part.
            boolean signed = secret.kind() == Secret.Kind.SIGNATURE && secret.dialect() != DialectId.GEMINI;
            if (!signed && text != null && !text.isEmpty()) {
                json.object().text("type", SUMMARY).text("summary", text).text("format", format).number("index", index).close();
            }
            json.object().text("type", signed ? TEXT : ENCRYPTED);
            if (signed) {
                json.text("text", text).text("signature", value);
            } else {
                json.text("data", value).text("id", secret.itemId());
            }
            json.text("format", format).number("index", index).close();
        }

        /// Writes the entry of a thought without a secret, among others that have one.
        static void write(JsonOut json, String text, int index) {
            json.object().text("type", TEXT).text("text", text).text("format", UNKNOWN).number("index", index).close();
        }

        /// Puts the thoughts that a client hands back and their secrets together; `plain` is the text that it had outside of the entries. Gemini's secrets
        /// sign other parts, and go to `signatures`.
        static void thoughts(List<Detail> details, String plain, List<Part> parts, List<Secret> signatures) {
            List<Detail> entries = merged(details);
            boolean hasText = entries.stream().anyMatch(entry -> entry.text() != null && !entry.text().isEmpty());
            String text = hasText ? rest(entries, plain) : plain;
            List<Secret> secrets = new ArrayList<>(entries.size());
            int bearers = 0;
            for (Detail entry : entries) {
                Secret secret = entry.fromClient();
                if (secret != null && secret.dialect() == DialectId.GEMINI) {
                    signatures.add(secret);
                    secret = null;
                }
                secrets.add(secret);
                bearers += bears(secret) ? 1 : 0;
            }
            List<String> texts = hasText ? List.of() : shares(text, bearers);
            if (bearers == 0 && !text.isEmpty()) {
                parts.add(new Part.Thinking(text, null));
            }
            int bearer = 0;
            int first = parts.size();
            Detail before = null;
            for (int at = 0; at < entries.size(); at++) {
                Detail entry = entries.get(at);
                Secret secret = secrets.get(at);
                if (secret == null && (entry.text() == null || entry.text().isEmpty())) {
                    continue;
                }
                if (hasText && secret != null && entry.isEncrypted() && before != null && before.secret() == null
                        && before.index() == entry.index() && parts.getLast() instanceof Part.Thinking(var visible, _)) {
                    parts.set(parts.size() - 1, new Part.Thinking(visible, secret));
                } else if (hasText && !text.isEmpty() && bears(secret) && (entry.text() == null || entry.text().isEmpty())) {
                    parts.add(new Part.Thinking(text, secret));
                    text = "";
                } else if (hasText) {
                    parts.add(new Part.Thinking(Objects.requireNonNullElse(entry.text(), ""), secret));
                } else {
                    parts.add(new Part.Thinking(bears(secret) ? texts.get(bearer++) : "", secret));
                }
                before = entry;
            }
            if (hasText && !text.isEmpty()) {
                parts.add(first, new Part.Thinking(text, null));
            }
        }

        /// What the text of all thoughts says before those that the entries tell: that of the first thought, whose text is in no entry where the answer was
        /// streamed. Empty where the two do not fit together.
        private static String rest(List<Detail> entries, String plain) {
            String rest = plain;
            for (int at = entries.size() - 1; at >= 0; at--) {
                String told = entries.get(at).text();
                if (told == null || told.isEmpty()) {
                    continue;
                }
                if (rest.endsWith(BETWEEN + told)) {
                    rest = rest.substring(0, rest.length() - told.length() - BETWEEN.length());
                } else {
                    return "";
                }
            }
            return rest;
        }

        /// Secrets that visible text goes with.
        private static boolean bears(@Nullable Secret secret) {
            return secret != null && secret.kind() != Secret.Kind.REDACTED;
        }

        /// The text of a whole answer's thoughts, parted among so many: where it cannot be told how, all of it is the first one's, since the vendors go
        /// by their secrets.
        private static List<String> shares(String text, int count) {
            List<String> shares = new ArrayList<>(List.of(text.split(BETWEEN, -1)));
            if (shares.size() != count) {
                shares = new ArrayList<>(List.of(text));
            }
            while (shares.size() < count) {
                shares.add("");
            }
            return shares;
        }

        /// The entries, with those that a client has gathered from a stream piece by piece made whole.
        private static List<Detail> merged(List<Detail> details) {
            List<Detail> merged = new ArrayList<>(details.size());
            for (Detail detail : details) {
                Detail last = merged.isEmpty() ? null : merged.getLast();
                boolean goesOn = last != null && last.secret() == null && last.index() >= 0 && last.index() == detail.index()
                        && last.type().equals(detail.type()) && !detail.isEncrypted();
                if (last == null || !goesOn) {
                    merged.add(detail);
                } else {
                    String text = Objects.requireNonNullElse(last.text(), "") + Objects.requireNonNullElse(detail.text(), "");
                    String format = detail.format() == null ? last.format() : detail.format();
                    merged.set(merged.size() - 1, new Detail(detail.type(), text, detail.secret(), detail.id(), format, detail.index()));
                }
            }
            return merged;
        }
    }
}
