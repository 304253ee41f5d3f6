package dev.plexus.simulator;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// One dialect: reads its requests, spells answers and errors. Stateless.
interface Voice {

    /// What the vendor would refuse this request for, or null.
    @Nullable Refusal fault(JsonObject body);

    /// What the request asks; called only if there is no fault.
    Question read(JsonObject body, Target target, int bodyBytes);

    JsonObject whole(Answer answer);

    Frames frames(Answer answer, Question question);

    JsonObject error(Refusal refusal);

    /// The part of the URL that says more than the dialect: gemini names the model and the delivery there.
    record Target(String model, Question.Delivery delivery) {

        static final Target IN_BODY = new Target("", Question.Delivery.WHOLE);
    }

    /// About what a tokenizer would count.
    static int tokens(int bodyBytes) {
        return Math.max(1, bodyBytes / 4);
    }
}
