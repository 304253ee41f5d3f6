package dev.plexus.simulator;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Takes requests in, and decides what becomes of each: an answer, a refusal, or one of the many ways to break. Lives on the server's event loop.
final class Reception {

    private static final int BODY_BYTES_MAX = 128 << 20;
    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final Context context;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Ledger ledger;
    private final Moods moods;
    private final Controls controls;
    private final Author author;
    private final Shelf shelf = new Shelf();
    private long visits;

    Reception(Vertx vertx, Context context, LongSupplier nanos, InstantSource clock, Ledger ledger, Moods moods) {
        this.vertx = vertx;
        this.context = context;
        this.nanos = nanos;
        this.clock = clock;
        this.ledger = ledger;
        this.moods = moods;
        this.controls = new Controls(ledger, moods);
        this.author = new Author(nanos);
    }

    void receive(HttpServerRequest request) {
        String query = request.query();
        Place place = Place.of(request.path() == null ? "" : request.path(), query != null && query.contains("alt=sse"));
        if (place instanceof Place.Controls) {
            controls.answer(request);
            return;
        }
        Visit visit = new Visit(vertx, context, request, ledger);
        collect(visit, body -> visit(visit, place, body));
    }

    private void collect(Visit visit, Consumer<Buffer> then) {
        HttpServerRequest request = visit.request();
        Buffer body = Buffer.buffer(announced(request));
        request.handler(bytes -> {
            if (body.length() + (long) bytes.length() > BODY_BYTES_MAX) {
                request.handler(null);
                refuse(visit, new ChatVoice(), Refusal.invalid(413, "request body too large"), Behaviour.PLAIN);
            } else {
                body.appendBuffer(bytes);
            }
        });
        request.endHandler(_ -> {
            if (!visit.isOver()) {
                then.accept(body);
            }
        });
    }

    /// Room for the body it announces, within reason.
    private static int announced(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        return length != null && length.length() <= 7 && length.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                ? Math.min(Integer.parseInt("0" + length), 1 << 20)
                : 0;
    }

    private void visit(Visit visit, Place place, Buffer body) {
        switch (place) {
            case Place.Conversation conversation ->
                Glance.at(body, conversation).ifPresentOrElse(
                        question -> glance(visit, conversation.voice(), question, body),
                        () -> converse(visit, conversation.voice(), conversation.target(), body));
            case Place.OpenAiEmbeddings _ -> embed(visit, Place.CHAT.voice(), "", body, Embeddings::fault, Embeddings::openAi);
            case Place.GeminiEmbeddings(var model, var many) ->
                embed(visit, Place.GEMINI, model, body, _ -> null, many ? Embeddings::geminiMany : Embeddings::geminiOne);
            case Place.TokenCount count -> count(visit, count, body);
            case Place.Models _ -> {
                seen(visit, "", body);
                respond(visit, 200, models());
            }
            case Place.Nowhere _, Place.Controls _ -> {
                seen(visit, "", body);
                refuse(visit, Place.CHAT.voice(), Refusal.invalid(404, "no such path " + visit.request().path()), Behaviour.PLAIN);
            }
        }
    }

    private static JsonObject models() {
        JsonArray models = new JsonArray();
        for (String id : List.of("simulator", "mock", "mock-think", "mock-tools")) {
            models.add(new JsonObject().put("id", id).put("object", "model").put("created", 1_760_000_000L).put("owned_by", "plexus"));
        }
        return new JsonObject().put("object", "list").put("data", models);
    }

    private void seen(Visit visit, String model, Buffer body) {
        HttpServerRequest request = visit.request();
        ledger.arrived(new SeenRequest(request.method().name(), request.uri(), request.headers(), body, model, nanos.getAsLong()));
    }

    private void converse(Visit visit, Voice voice, Voice.Target target, Buffer body) {
        JsonObject json = parsed(body);
        String model = !target.model().isEmpty() ? target.model() : json == null ? null : Lenient.text(json, "model");
        seen(visit, model == null ? "" : model, body);
        Behaviour behaviour = behaviour(visit, voice, model == null ? "" : model);
        if (behaviour == null) {
            return;
        }
        if (visit.request().method() != HttpMethod.POST) {
            refuse(visit, voice, Refusal.invalid(405, "method not allowed"), Behaviour.PLAIN);
            return;
        }
        Refusal fault = json == null
                ? unreadable()
                : voice.fault(json);
        if (json == null || fault != null) {
            refuse(visit, voice, fault == null ? Refusal.ofStatus(400) : fault, Behaviour.PLAIN);
            return;
        }
        admit(visit, voice, voice.read(json, target, body.length()), behaviour);
    }

    /// A request of which a glance told enough.
    private void glance(Visit visit, Voice voice, Question question, Buffer body) {
        seen(visit, question.model(), body);
        Behaviour behaviour = behaviour(visit, voice, question.model());
        if (behaviour != null) {
            admit(visit, voice, question, behaviour);
        }
    }

    private void admit(Visit visit, Voice voice, Question read, Behaviour behaviour) {
        Question question = behaviour.has(Token.USAGE) ? read.askingForUsage() : read;
        if (!behaviour.has(Token.HANG)) {
            int wait = behaviour.number(Token.SLOW, 0) + (question.streamed() ? 0 : behaviour.number(Token.DELAY, 0));
            if (wait > 0) {
                visit.after(wait, () -> answer(visit, voice, question, behaviour));
            } else {
                answer(visit, voice, question, behaviour);
            }
        }
    }

    /// Counting takes the same moods as answering, as far as they make sense for it.
    private void count(Visit visit, Place.TokenCount place, Buffer body) {
        JsonObject json = parsed(body);
        String said = json == null ? null : Lenient.text(json, "model");
        String model = !place.model().isEmpty() ? place.model() : said == null ? "" : said;
        seen(visit, model, body);
        Behaviour behaviour = behaviour(visit, place.voice(), model);
        if (behaviour == null) {
            return;
        }
        if (json == null) {
            refuse(visit, place.voice(), unreadable(), Behaviour.PLAIN);
            return;
        }
        if (behaviour.has(Token.HANG)) {
            return;
        }
        Question question = place.voice().read(json, new Voice.Target(model, Question.Delivery.WHOLE), body.length());
        visit.after(behaviour.number(Token.SLOW, 0), () -> {
            if (!refused(visit, place.voice(), question, behaviour)) {
                respond(visit, 200, new JsonObject().put(place.member(), Voice.tokens(body.length())));
            }
        });
    }

    private static Refusal unreadable() {
        return Refusal.invalid("We could not parse the JSON body of your request.", null);
    }

    private static @Nullable JsonObject parsed(Buffer body) {
        try {
            return Json.decodeValue(body) instanceof JsonObject json ? json : null;
        } catch (DecodeException _) {
            return null;
        }
    }

    /// The behaviour asked for; null if the header asks for something that does not exist, which has then been refused.
    private @Nullable Behaviour behaviour(Visit visit, Voice voice, String model) {
        HttpServerRequest request = visit.request();
        String header = request.getHeader("x-simulate");
        if (header != null) {
            Optional<String> unknown = Behaviour.unknownIn(header);
            if (unknown.isPresent()) {
                refuse(visit, voice, Refusal.invalid("x-simulate: there is no token '" + unknown.get() + "'", "x-simulate"), Behaviour.PLAIN);
                return null;
            }
        }
        return moods.of(model, header, credential(request));
    }

    private static String credential(HttpServerRequest request) {
        for (String name : List.of("authorization", "x-api-key", "x-goog-api-key")) {
            String value = request.getHeader(name);
            if (value != null) {
                return value;
            }
        }
        String key = request.getParam("key");
        return key == null ? "" : key;
    }

    private void answer(Visit visit, Voice voice, Question question, Behaviour behaviour) {
        if (refused(visit, voice, question, behaviour)) {
            return;
        }
        String number = "sim" + Long.toString(++visits, 36);
        visit.response().putHeader("x-request-id", behaviour.has(Token.MOCK) ? "req_mock0001" : "req_" + number);
        if (question.streamed()) {
            stream(visit, voice, question, behaviour, number);
        } else {
            whole(visit, voice, question, behaviour, number);
        }
    }

    private boolean refused(Visit visit, Voice voice, Question question, Behaviour behaviour) {
        if (behaviour.has(Token.RESET)) {
            visit.cut();
        } else if (behaviour.has(Token.STATUS)) {
            refuse(visit, voice, Refusal.ofStatus(behaviour.number(Token.STATUS, 500)), behaviour);
        } else if (behaviour.has(Token.CONTEXT)) {
            refuse(visit, voice, Refusal.of(Refusal.Cause.CONTEXT), behaviour);
        } else if (behaviour.has(Token.FILTER)) {
            refuse(visit, voice, Refusal.of(Refusal.Cause.FILTER), behaviour);
        } else if (behaviour.has(Token.NO_PREFILL) && question.prefill() != null) {
            refuse(visit, voice, Refusal.of(Refusal.Cause.PREFILL), behaviour);
        } else if (behaviour.has(Token.ERROR_200)) {
            respond(visit, 200, voice.error(Refusal.ofStatus(500)));
        } else if (behaviour.has(Token.HTML)) {
            visit.response().putHeader("content-type", "text/html");
            visit.end(Buffer.buffer("<html><body><h1>502 from a proxy</h1></body></html>"));
        } else if (behaviour.has(Token.EMPTY)) {
            visit.response().putHeader("content-type", JSON);
            visit.end();
        } else {
            return false;
        }
        return true;
    }

    private static void refuse(Visit visit, Voice voice, Refusal refusal, Behaviour behaviour) {
        if (behaviour.has(Token.RETRY_AFTER) || refusal.status() == 429) {
            visit.response().putHeader("retry-after", String.valueOf(behaviour.number(Token.RETRY_AFTER, 7)));
        }
        if (refusal.status() / 100 == 3) {
            visit.response().putHeader("location", "/moved" + visit.request().uri());
        }
        respond(visit, refusal.status(), voice.error(refusal));
    }

    private static void respond(Visit visit, int status, JsonObject json) {
        if (!visit.isOver()) {
            visit.response().setStatusCode(status).putHeader("content-type", JSON);
            visit.end(bytes(json));
        }
    }

    /// By way of a string: written straight to bytes, Jackson escapes what lies beyond the basic plane, and vendors do not.
    private static Buffer bytes(JsonObject json) {
        return Buffer.buffer(json.encode());
    }

    private void stream(Visit visit, Voice voice, Question question, Behaviour behaviour, String number) {
        Reel reel = Shelf.keeps(question, behaviour)
                ? shelf.reel(voice, question, behaviour, () -> live(voice, question, behaviour, number))
                : live(voice, question, behaviour, number);
        boolean events = question.delivery() == Question.Delivery.EVENTS;
        visit.response()
                .setChunked(true)
                .putHeader("content-type", events ? "text/event-stream; charset=utf-8" : JSON)
                .putHeader("cache-control", "no-cache");
        visit.streams();
        Telling.stream(visit, reel, behaviour, events).begin();
    }

    private Reel.Live live(Voice voice, Question question, Behaviour behaviour, String number) {
        return new Reel.Live(voice.frames(author.answer(question, behaviour, number, now()), question), behaviour);
    }

    private void whole(Visit visit, Voice voice, Question question, Behaviour behaviour, String number) {
        Answer answer = null;
        Buffer body;
        if (Shelf.keeps(question, behaviour)) {
            body = shelf.whole(voice, question, behaviour, () -> bytes(voice.whole(author.answer(question, behaviour, number, now()))));
        } else {
            answer = author.answer(question, behaviour, number, now());
            body = bytes(voice.whole(answer));
        }
        visit.response().putHeader("content-type", JSON);
        if (!dribbles(behaviour)) {
            visit.end(body);
            return;
        }
        boolean unsized = behaviour.has(Token.END) || behaviour.has(Token.BAD) || behaviour.has(Token.NO_END);
        if (unsized) {
            visit.response().setChunked(true);
        } else {
            visit.response().putHeader("content-length", String.valueOf(body.length()));
        }
        int chunks = answer == null ? behaviour.number(Token.CHUNKS, 20) : answer.words().count();
        visit.response().writeHead();
        Telling.whole(visit, new Reel.Parts(body, Math.max(chunks, lastBreak(behaviour) + 1)), behaviour).begin();
    }

    /// Whether a whole answer does not leave at one go.
    private static boolean dribbles(Behaviour behaviour) {
        for (Token token : List.of(Token.CUT, Token.DROP, Token.END, Token.BAD, Token.SILENT, Token.NO_END, Token.HEADERS_SLOW, Token.SPLIT)) {
            if (behaviour.has(token)) {
                return true;
            }
        }
        return false;
    }

    private static int lastBreak(Behaviour behaviour) {
        int last = 0;
        for (Token token : List.of(Token.CUT, Token.DROP, Token.END, Token.BAD, Token.SILENT)) {
            last = Math.max(last, behaviour.number(token, 0));
        }
        return last;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private interface Check {
        @Nullable Refusal fault(JsonObject body);
    }

    private interface Embedding {
        JsonObject of(JsonObject body);
    }

    private void embed(Visit visit, Voice voice, String named, Buffer body, Check check, Embedding embedding) {
        JsonObject json = parsed(body);
        String said = json == null ? null : Lenient.text(json, "model");
        String model = !named.isEmpty() ? named : said == null ? "" : said;
        seen(visit, model, body);
        Behaviour behaviour = behaviour(visit, voice, model);
        if (behaviour == null) {
            return;
        }
        Refusal fault = json == null ? unreadable() : check.fault(json);
        if (json == null || fault != null) {
            refuse(visit, voice, fault == null ? Refusal.ofStatus(400) : fault, Behaviour.PLAIN);
            return;
        }
        if (behaviour.has(Token.HANG)) {
            return;
        }
        visit.after(behaviour.number(Token.SLOW, 0) + behaviour.number(Token.DELAY, 0), () -> {
            Question none = new Question(model, Question.Delivery.WHOLE, true, "", null, false, false, List.of(), false, 0, 0);
            if (!refused(visit, voice, none, behaviour)) {
                respond(visit, 200, embedding.of(json));
            }
        });
    }
}
