package dev.plexus.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Embeddings of OpenAI and of Google: vectors of unit length made from the text, the same for the same text.
final class Embeddings {

    private static final int DIMENSIONS = 256;
    private static final int DIMENSIONS_MAX = 16_384;
    private static final int INPUTS_MAX = 2_048;

    private Embeddings() {}

    /// What OpenAI would refuse this request for, or null.
    static @Nullable Refusal fault(JsonObject body) {
        if (Lenient.text(body, "model") == null) {
            return Refusal.invalid("you must provide a model parameter", null);
        }
        return switch (body.getValue("input")) {
            case String _ -> null;
            case JsonArray input when !input.isEmpty() && input.size() <= INPUTS_MAX -> null;
            case null -> Refusal.invalid("Missing required parameter: 'input'.", "input");
            default -> Refusal.invalid("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.", "input");
        };
    }

    /// The answer of `POST /v1/embeddings`.
    static JsonObject openAi(JsonObject body) {
        List<String> inputs = inputs(body.getValue("input"));
        int dimensions = dimensions(Lenient.number(body, "dimensions"));
        boolean base64 = "base64".equals(body.getValue("encoding_format"));
        JsonArray entries = new JsonArray();
        int tokens = 0;
        for (int i = 0; i < inputs.size(); i++) {
            float[] vector = vector(inputs.get(i), dimensions);
            entries.add(new JsonObject().put("object", "embedding").put("index", i).put("embedding", base64 ? base64(vector) : numbers(vector)));
            tokens += Voice.tokens(inputs.get(i).length());
        }
        return new JsonObject()
                .put("object", "list")
                .put("data", entries)
                .put("model", body.getString("model"))
                .put("usage", new JsonObject().put("prompt_tokens", tokens).put("total_tokens", tokens));
    }

    /// A string, some strings, one list of token numbers, or some such lists.
    private static List<String> inputs(Object input) {
        if (input instanceof JsonArray array && !(array.getValue(0) instanceof Number)) {
            List<String> inputs = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                inputs.add(String.valueOf(array.getValue(i)));
            }
            return inputs;
        }
        return List.of(String.valueOf(input));
    }

    /// The answer of `:embedContent`.
    static JsonObject geminiOne(JsonObject body) {
        return new JsonObject().put("embedding", geminiValues(body));
    }

    /// The answer of `:batchEmbedContents`.
    static JsonObject geminiMany(JsonObject body) {
        JsonArray embeddings = new JsonArray();
        Lenient.objects(body, "requests").forEach(request -> embeddings.add(geminiValues(request)));
        return new JsonObject().put("embeddings", embeddings);
    }

    private static JsonObject geminiValues(JsonObject request) {
        String text = Lenient.spoken(Lenient.objectOrEmpty(request, "content"), "parts");
        return new JsonObject().put("values", numbers(vector(text, dimensions(Lenient.number(request, "outputDimensionality")))));
    }

    private static int dimensions(int asked) {
        return asked == 0 ? DIMENSIONS : Math.min(asked, DIMENSIONS_MAX);
    }

    private static float[] vector(String text, int dimensions) {
        float[] vector = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) Math.sin(i + 1 + text.hashCode() % 1_000);
            squares += vector[i] * vector[i];
        }
        float length = (float) Math.sqrt(squares);
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    private static JsonArray numbers(float[] vector) {
        JsonArray numbers = new JsonArray();
        for (float number : vector) {
            numbers.add(number);
        }
        return numbers;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            bytes.putFloat(number);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
