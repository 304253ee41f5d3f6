package dev.plexus.pricing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The model list of OpenRouter as a price table: immutable, found by model id.
public final class PriceList implements RateCatalogue {

    /// Longer numbers are nonsense, and would make every later multiplication slow.
    private static final int RATE_CHARACTERS_MAX = 40;

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, TokenRates> rates;
    private final List<String> slugs;

    private PriceList(Map<String, TokenRates> rates) {
        this.rates = Map.copyOf(rates);
        this.slugs = rates.keySet().stream().sorted().toList();
    }

    /// Reads `{"data":[{"id":...,"pricing":{"prompt":"0.000003",...}}]}`. Models whose prices cannot be read, or vary with the request (shown as
    /// `-1`), are left out; a document that is no such list is an [IOException].
    public static PriceList read(byte[] json) throws IOException {
        Map<String, TokenRates> rates = new HashMap<>();
        boolean found = false;
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean data = parser.currentName().equals("data");
                if (parser.nextToken() == JsonToken.START_ARRAY && data) {
                    found = true;
                    models(parser, rates);
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (!found) {
            throw new IOException("no list of models in it");
        }
        return new PriceList(rates);
    }

    private static void models(JsonParser parser, Map<String, TokenRates> rates) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                throw new IOException("cut short");
            }
            if (token == JsonToken.START_OBJECT) {
                model(parser, rates);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void model(JsonParser parser, Map<String, TokenRates> rates) throws IOException {
        String id = null;
        Map<String, BigDecimal> prices = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                id = parser.getText();
            } else if (name.equals("pricing") && value == JsonToken.START_OBJECT) {
                prices = prices(parser);
            } else {
                parser.skipChildren();
            }
        }
        BigDecimal prompt = prices.get("prompt");
        BigDecimal completion = prices.get("completion");
        if (id != null && prompt != null && completion != null && prompt.signum() >= 0 && completion.signum() >= 0) {
            rates.put(id, new TokenRates(prompt, completion, positive(prices.get("input_cache_read")), positive(prices.get("input_cache_write"))));
        }
    }

    private static Map<String, BigDecimal> prices(JsonParser parser) throws IOException {
        Map<String, BigDecimal> prices = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
                BigDecimal price = number(parser.getText());
                if (price != null) {
                    prices.put(name, price);
                }
            } else {
                parser.skipChildren();
            }
        }
        return prices;
    }

    private static @Nullable BigDecimal number(String text) {
        try {
            return text.length() > RATE_CHARACTERS_MAX ? null : new BigDecimal(text.strip());
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static @Nullable BigDecimal positive(@Nullable BigDecimal rate) {
        return rate == null || rate.signum() < 0 ? null : rate;
    }

    @Override
    public @Nullable TokenRates rates(String slug) {
        return rates.get(slug);
    }

    /// How many models have a price.
    public int size() {
        return slugs.size();
    }

    /// The models whose ids hold this text, whatever its case: first those that begin with it, then in the order of the alphabet.
    public List<String> search(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        List<String> first = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (String slug : slugs) {
            String lower = slug.toLowerCase(Locale.ROOT);
            if (lower.startsWith(wanted)) {
                first.add(slug);
            } else if (lower.contains(wanted)) {
                rest.add(slug);
            }
        }
        first.addAll(rest);
        return List.copyOf(first);
    }
}
